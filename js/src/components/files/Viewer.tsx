import { createPortal } from "preact";
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { formatWord } from "../../files/kinds";
import { sizeText } from "../../files/sizes";
import { isPicture } from "../../files/types";
import { visible } from "../../files/words";
import { t } from "../../i18n";
import { Icon, IconButton, Sign, SignButton } from "../icons";
import { keepFocus } from "../Popover";
import { useView } from "../view";
import { save, showInConversation } from "./acts";
import { BigPicture, type Hand } from "./BigPicture";
import type { Entry } from "./entries";
import FilePreview from "./FilePreview";
import { DownloadSign, Progress } from "./Progress";
import { useDownload } from "./use";
import { STEP } from "./zoom";

interface Props {
  entries: readonly Entry[];
  /** Which of them is seen first. */
  at: number;
  onClose: () => void;
}

/** An arrow key moves a picture by so much. */
const MOVE = 60;
/** What has use for the arrow keys itself. */
const ARROWS = "input, textarea, audio, video, pre, .cc-data-scroll, .cc-scroll, [role=group]";

/** Files in large, one at a time, over the panel. */
export default function Viewer({ entries, at: first, onClose }: Props) {
  const view = useView();
  const { root } = view;
  const id = useId();
  const sheet = useRef<HTMLDivElement>(null);
  const hand = useRef<Hand | null>(null);
  const setHand = useCallback((next: Hand | null) => {
    hand.current = next;
  }, []);
  const [at, setAt] = useState(Math.max(0, Math.min(first, entries.length - 1)));
  const entry = entries[at];

  useLayoutEffect(() => {
    const page = root?.getRootNode() as Document | ShadowRoot | undefined;
    const before = page?.activeElement;
    sheet.current?.focus();
    return () => {
      if (before instanceof HTMLElement && root?.contains(before)) before.focus({ preventScroll: true });
    };
  }, [root]);
  // Its message was deleted: there is nothing left to look at.
  useEffect(() => {
    if (!entry) onClose();
  }, [entry]);

  if (!root || !entry) return null;
  const { file } = entry;
  const picture = isPicture(file);
  const name = visible(file.name);
  const go = (by: number) => setAt((now) => (now + by + entries.length) % entries.length);
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLDivElement }) => {
    keepFocus(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, shiftKey } = event;
    const arrows = !(event.target as Element).closest(ARROWS);
    const [x, y] = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key] ?? [
      0, 0,
    ];
    if (key === "Escape") onClose();
    else if (picture && (key === "+" || key === "=")) hand.current?.zoom(STEP);
    else if (picture && (key === "-" || key === "_")) hand.current?.zoom(1 / STEP);
    else if (picture && key === "0") hand.current?.fit();
    else if (picture && shiftKey && (x || y)) hand.current?.move((x ?? 0) * MOVE, (y ?? 0) * MOVE);
    else if (key === "PageUp" || (key === "ArrowLeft" && arrows && !shiftKey)) go(-1);
    else if (key === "PageDown" || (key === "ArrowRight" && arrows && !shiftKey)) go(1);
    else return void (key !== "Tab" && event.stopPropagation());
    event.preventDefault();
    event.stopPropagation();
  };
  return createPortal(
    <div
      ref={sheet}
      class="cc-viewer"
      data-file={entry.id}
      role="dialog"
      aria-modal="true"
      aria-labelledby={id}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <header class="cc-viewer-head">
        <div class="cc-viewer-about">
          <h2 id={id}>
            <bdi>{name}</bdi>
          </h2>
          <p>
            {formatWord(file)} · {sizeText(file.size)}
            {entries.length > 1 && (
              <span aria-live="polite">
                {" · "}
                {t("{n} of {all}", { n: at + 1, all: entries.length })}
              </span>
            )}
          </p>
        </div>
        {picture && (
          <span class="cc-viewer-zoom">
            <SignButton label={t("Smaller")} onClick={() => hand.current?.zoom(1 / STEP)}>
              <Sign path="M4 10h12" />
            </SignButton>
            <SignButton label={t("Fit")} onClick={() => hand.current?.fit()}>
              <Sign path="M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4" />
            </SignButton>
            <SignButton label={t("Larger")} onClick={() => hand.current?.zoom(STEP)}>
              <Icon name="plus" />
            </SignButton>
          </span>
        )}
        <SignButton
          label={t("Show in conversation")}
          onClick={() => {
            onClose();
            queueMicrotask(() => showInConversation(view, entry));
          }}
        >
          <Icon name="chat" />
        </SignButton>
        <SignButton
          class="cc-file-save"
          label={t("Download {name}", { name })}
          onClick={() => void save(view, entry)}
        >
          <DownloadSign />
        </SignButton>
        <IconButton icon="close" label={t("Close")} onClick={onClose} />
      </header>
      <Saving entry={entry} />
      <div class="cc-viewer-body" data-picture={picture || undefined}>
        {picture ? (
          <BigPicture key={entry.id} entry={entry} hand={setHand} />
        ) : (
          <div class="cc-viewer-page">
            <FilePreview key={entry.id} entry={entry} tab={0} large />
          </div>
        )}
      </div>
      {entries.length > 1 && (
        <>
          <SignButton
            class="cc-viewer-turn cc-viewer-before"
            label={t("Previous file")}
            onClick={() => go(-1)}
          >
            <Icon name="back" size={22} />
          </SignButton>
          <SignButton class="cc-viewer-turn cc-viewer-after" label={t("Next file")} onClick={() => go(1)}>
            <Sign path="M7.5 4.5 13 10l-5.5 5.5" size={22} />
          </SignButton>
        </>
      )}
    </div>,
    root,
  );
}

function Saving({ entry }: { entry: Entry }) {
  const download = useDownload(entry.id);
  return download ? (
    <div class="cc-viewer-saving">
      <Progress entry={entry} download={download} tab={0} />
    </div>
  ) : null;
}
