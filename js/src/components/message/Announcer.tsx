import { useEffect, useRef, useState } from "preact/hooks";
import { tn } from "../../i18n";
import type { Message } from "../../protocol";
import { nameOf } from "../../state/selectors";
import type { Timeline } from "../../state/timeline";
import { useView } from "../view";
import { lineOf } from "./line";

/** What comes within this time is said at once, so that a busy room is not read out word by word. */
const GATHER = 700;

/** Says what others write while one is in the room; nothing of what was there before, and nothing that is loaded. */
export function Announcer({ timeline }: { timeline: Timeline | undefined }) {
  const { panel } = useView();
  const [said, setSaid] = useState("");
  const newest = useRef<number | null>(null);
  const came = useRef<Message[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    if (!timeline?.loaded || timeline.moreAfter) return;
    const last = Number(timeline.held.at(-1)?.message.id ?? 0);
    const before = newest.current;
    newest.current = Math.max(last, before ?? 0);
    if (before === null || last <= before) return;
    for (const { message } of timeline.held.slice(-50))
      if (Number(message.id) > before && message.author !== panel.state.me && message.kind !== "system")
        came.current.push(message);
    if (came.current.length === 0 || timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      const [first] = came.current;
      const n = came.current.length;
      came.current = [];
      if (!first) return;
      const one = `${nameOf(panel.state, first.author)}: ${lineOf(first, 300)}`;
      setSaid(n === 1 ? one : tn(n, "1 new message", "{n} new messages"));
    }, GATHER);
  }, [timeline]);
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
    },
    [],
  );
  return (
    <div class="cc-unseen cc-heard" aria-live="polite">
      {said}
    </div>
  );
}
