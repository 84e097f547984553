import { useEffect, useState } from "preact/hooks";
import { t, tn } from "../i18n";
import type { Id, Message } from "../protocol";
import { nameOf } from "../state/selectors";
import { Avatar } from "./Avatar";
import { useStore, useView } from "./view";

/** So many are named; of the rest the number is said. */
const NAMED = 60;

/** Who has read up to a message. */
export function SeenBy({ message }: { message: Message }) {
  const { panel } = useView();
  const members = useStore((state) => state.members);
  const room = useStore((state) => state.rooms.get(message.room));
  const [seen, setSeen] = useState<readonly Id[] | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let here = true;
    panel.ask({ type: "seen_by", id: message.id }).then(
      (people) => here && setSeen(people.members),
      (error: Error) => here && setProblem(error.message),
    );
    return () => {
      here = false;
    };
  }, [panel, message.id]);
  // Its author, who has seen it, is not counted.
  const others = room ? room.members.filter((id) => id !== message.author).length : 0;
  const rest = seen ? Math.max(0, others - seen.length) : 0;
  return (
    <div class="cc-seen" tabIndex={-1} data-first aria-live="polite">
      <p class="cc-seen-title">
        {seen
          ? seen.length === 0
            ? t("Nobody has seen it yet")
            : rest === 0
              ? t("Everybody has seen it")
              : tn(seen.length, "Seen by 1 person", "Seen by {n} people")
          : t("Seen by")}
      </p>
      {problem && (
        <p class="cc-problem" role="alert">
          {problem}
        </p>
      )}
      {!seen && !problem && <p class="cc-hint">{t("Asking…")}</p>}
      {seen && seen.length > 0 && (
        <ul class="cc-seen-list" aria-label={t("Seen by")}>
          {seen.slice(0, NAMED).map((id) => (
            <li key={id}>
              <Avatar member={members.get(id)} size={22} />
              <span dir="auto">{id === panel.state.me ? t("You") : nameOf(panel.state, id)}</span>
            </li>
          ))}
        </ul>
      )}
      {seen && seen.length > NAMED && (
        <p class="cc-hint">{tn(seen.length - NAMED, "and 1 other", "and {n} others")}</p>
      )}
      {rest > 0 && seen && seen.length > 0 && (
        <p class="cc-hint">{tn(rest, "1 person has not seen it yet", "{n} people have not seen it yet")}</p>
      )}
    </div>
  );
}
