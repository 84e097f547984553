import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import type { Req } from "../../protocol";
import type { Attached } from "../../state/state";
import { useStore, useView } from "../view";
import { orderByDrag } from "./order";
import { sentOf, Total } from "./progress";
import { TrayItem } from "./TrayItem";

interface Props {
  place: string;
  area: RefObject<HTMLTextAreaElement | null>;
  onHeard: (text: string) => void;
}

const KEYS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** The files that are to go with a message, and how far they are. */
export function Tray({ place, area, onHeard }: Props) {
  const { panel, id } = useView();
  const tray = useStore((state) => state.trays.get(place));
  const uploads = useStore((state) => state.uploads);
  const list = useRef<HTMLUListElement>(null);
  const [active, setActive] = useState<Req | null>(null);
  const focus = useRef<Req | null>(null);
  const all = (tray ?? []).flatMap((upload) => uploads.get(upload) ?? []);
  const reached = all.some(({ upload }) => upload === active) ? active : all[0]?.upload;
  const engine = panel.uploads.now;
  const hint = `${id}-${place.replace(/[:/]/g, "-")}-tray`;

  const order = useRef<readonly Req[]>([]);
  order.current = tray ?? [];
  const move = (upload: Req, to: number) => {
    if (to >= 0 && to < order.current.length) engine?.move(place, upload, to);
  };
  useEffect(
    () => (list.current ? orderByDrag(list.current, (upload, to) => move(upload as Req, to)) : undefined),
    [],
  );

  // Said once, when the last of them is there, or one is not.
  const done = all.every(({ state }) => state === "done");
  const was = useRef(done);
  useEffect(() => {
    if (done && !was.current) onHeard(tn(all.length, "The file is uploaded.", "All {n} files are uploaded."));
    was.current = done;
  }, [done]);
  const failed = all.filter(({ state }) => state === "failed");
  const [bad] = failed;
  useEffect(() => {
    if (bad)
      onHeard(t("“{name}” is not uploaded: {problem}", { name: bad.name, problem: bad.problem ?? "" }));
  }, [bad?.upload, bad?.problem]);

  useLayoutEffect(() => {
    if (focus.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-upload="${focus.current}"]`)?.focus();
    focus.current = null;
  });

  const remove = (upload: Req) => {
    const at = all.findIndex((one) => one.upload === upload);
    const next = all[at + 1] ?? all[at - 1];
    if (next) {
      focus.current = next.upload;
      setActive(next.upload);
    }
    engine?.remove(upload);
    if (!next) area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, { upload }: Attached) => {
    const by = KEYS[event.key];
    const at = all.findIndex((one) => one.upload === upload);
    const bare = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (by !== undefined && bare && event.shiftKey) {
      move(upload, at + by);
      focus.current = upload;
    } else if (by !== undefined && bare) {
      const next = all[at + by];
      if (!next) return;
      focus.current = next.upload;
      setActive(next.upload);
    } else if (event.key === "Delete" || event.key === "Backspace") remove(upload);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="cc-tray">
      <ul ref={list} class="cc-tray-files" aria-label={t("Attached files")}>
        {all.map((attached) => (
          <TrayItem
            key={attached.upload}
            attached={attached}
            active={attached.upload === reached}
            hint={hint}
            onFocus={() => setActive(attached.upload)}
            onKeyDown={(event) => onKeyDown(event, attached)}
            onRemove={() => remove(attached.upload)}
            onRetry={() => engine?.retry(attached.upload)}
          />
        ))}
      </ul>
      <span id={hint} hidden>
        {t("Shift with an arrow key moves it, Delete removes it.")}
      </span>
      <Total sent={sentOf(all)} files={all} />
    </div>
  );
}
