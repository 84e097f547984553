import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import type { Message, Room } from "../../protocol";
import { nameOf } from "../../state/selectors";
import { brief, full } from "../../time";
import { lineOf } from "../message/line";
import { useView } from "../view";

const NEWEST = 5;

/** What was said last in a room, before one joins it. */
export function Preview({ room }: { room: Room }) {
  const { panel } = useView();
  const [messages, setMessages] = useState<readonly Message[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    panel.ask({ type: "history", room: room.id, limit: NEWEST, main: true, system: false }).then(
      (page) => !gone && setMessages(page.messages),
      (error: Error) => !gone && setProblem(error.message),
    );
    return () => {
      gone = true;
    };
  }, [panel, room.id]);
  if (problem)
    return (
      <p class="cc-problem cc-preview" role="alert">
        {problem}
      </p>
    );
  if (!messages) return <p class="cc-hint cc-preview">{t("Loading…")}</p>;
  if (messages.length === 0) return <p class="cc-hint cc-preview">{t("Nothing has been said here yet.")}</p>;
  return (
    <ul class="cc-preview" aria-label={t("Newest messages of {name}", { name: room.name })}>
      {messages.map((message) => (
        <li key={message.id}>
          <strong dir="auto">{nameOf(panel.state, message.author)}</strong>{" "}
          <time title={full(message.time)}>{brief(message.time)}</time>
          <span dir="auto">{lineOf(message, 200) || t("Message deleted")}</span>
        </li>
      ))}
    </ul>
  );
}
