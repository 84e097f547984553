import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import type { Id, Room } from "../../protocol";
import { usePlace, useView } from "../view";
import type { Saying } from "./Said";

export const placeOf = (room: Id, thread: Id | null): string =>
  thread ? `thread:${room}/${thread}` : `room:${room}`;

/** What stands in the box; it follows its writer to other browsers, and comes from them. */
export function useDraft(
  area: RefObject<HTMLTextAreaElement | null>,
  room: Room,
  thread: Id | null,
  quoting: Id | null,
  say: (saying: Saying) => void,
) {
  const { panel, go } = useView();
  const { place } = usePlace();
  const key = placeOf(room.id, thread);
  const [text, setText] = useState(() => panel.drafts.get(key));

  const write = (next: string) => {
    setText(next);
    panel.drafts.set(key, next, quoting);
  };
  const show = (next: string) => {
    if (area.current) area.current.value = next;
    setText(next);
  };

  // The message that it quotes is known as soon as its page is.
  const quoted = useRef(false);
  useEffect(() => {
    if (thread !== null || quoted.current) return;
    const wanted = panel.drafts.quoted(key);
    if (!wanted || place.quoting) return;
    const found = panel.find(panel.state, room.id, wanted);
    if (found) go({ quoting: found });
    quoted.current = found !== undefined;
  });

  // Whom it answers belongs to the draft.
  const before = useRef(quoting);
  useEffect(() => {
    if (before.current === quoting) return;
    before.current = quoting;
    const now = area.current?.value ?? "";
    if (now.trim()) panel.drafts.set(key, now, quoting);
  }, [quoting]);

  useLayoutEffect(() => {
    const end = panel.drafts.onOther(key, (next, before) => {
      const now = area.current?.value ?? "";
      if (now === next) return;
      if (now === before || now === "") show(next);
      else
        say({
          tone: "note",
          text: t("You wrote something else here in another window."),
          action: { label: t("Show it"), act: () => show(next) },
        });
    });
    return () => {
      end();
      panel.drafts.flush(key);
    };
  }, [panel, key]);

  return { key, text, write };
}
