import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { part, usePart } from "../lazy";
import { isFewEmoji } from "../markdown";
import { memo } from "./memo";
import { useView } from "./view";

const drawing = part(() => import("./drawn"));

/** Ask for what draws texts: every room needs it. */
export const preloadText = (): void => {
  drawing.load().catch(() => {
    // A text that is to be drawn says so.
  });
};

/** A text of this many lines or characters is folded at first. */
const LONG = { lines: 40, characters: 3_500 };

interface Props {
  text: string;
  /** Who says it, for what one does (`/me waves`). */
  author?: string;
}

/** The text of a message: as it was written until Markdown can be read. */
export const Text = memo(({ text, author = "" }: Props) => {
  const view = useView();
  const { panel } = view;
  const element = useRef<HTMLDivElement>(null);
  const drawn = usePart(drawing);
  const long = text.length > LONG.characters || text.split("\n", LONG.lines + 1).length > LONG.lines;
  const [folded, setFolded] = useState(long);
  const [few, setFew] = useState(() => isFewEmoji(text));
  // Of a long text only what is seen is parsed: it may be long to keep browsers busy.
  const shown = folded ? text.slice(0, LONG.characters) : text;
  useLayoutEffect(() => {
    const { current } = element;
    if (!drawn || !current) return;
    return drawn.draw(current, panel, shown, author, () => {
      if (shown.length <= 200) setFew(isFewEmoji(current.textContent ?? ""));
    });
  }, [panel, shown, author, drawn]);
  const { problem } = drawing;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what is in it has roles of its own */}
      <div
        ref={element}
        class={`cc-text${folded ? " cc-folded" : ""}${few ? " cc-few" : ""}${drawn ? "" : " cc-plain"}`}
        dir="auto"
        onClick={(event) => drawn?.onTextClick(view, event)}
        onKeyDown={(event) => drawn?.onTextKey(event)}
      >
        {drawn ? undefined : shown}
      </div>
      {long && (
        <button type="button" class="cc-link-button" onClick={() => setFolded(!folded)}>
          {folded ? t("Show all") : t("Show less")}
        </button>
      )}
      {problem && !drawn && (
        <button type="button" class="cc-link-button" title={problem.message} onClick={preloadText}>
          {t("Draw this text again")}
        </button>
      )}
    </>
  );
});
