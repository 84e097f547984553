import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import type { Message, Room } from "../protocol";
import { nameOf } from "../state/selectors";
import { brief } from "../time";
import { IconButton } from "./icons";
import { lineOf } from "./message/line";
import { openMessage } from "./message/open";
import { SideHead } from "./SideHead";
import { usePlace, useStore, useView } from "./view";

/** The pinned messages of a room. */
export default function Pins({ room }: { room: Room }) {
  const view = useView();
  const { panel, go, complain } = view;
  const { size } = usePlace();
  const [messages, setMessages] = useState<Message[] | null>(null);
  const [problem, setProblem] = useState("");
  const members = useStore((state) => state.members);
  useEffect(() => {
    let here = true;
    panel.ask({ type: "pins", room: room.id }).then(
      (page) => here && setMessages(page.messages),
      (error: Error) => here && setProblem(error.message),
    );
    return () => {
      here = false;
    };
  }, [panel, room.id, room.pins]);
  const lead = ({ id, thread }: Message) => {
    if (thread !== null && thread !== id) void openMessage(view, room.id, id, thread);
    else go({ target: { id, thread: null }, ...(size === "narrow" && { side: null }) });
  };
  return (
    <aside class="cc-aside" aria-label={t("Pinned messages")}>
      <SideHead title={t("Pinned")} />
      {problem && (
        <p class="cc-aside-scroll cc-problem" role="alert">
          {problem}
        </p>
      )}
      <ul class="cc-aside-scroll cc-cards">
        {messages?.map((message) => (
          <li key={message.id} class="cc-pinned-one">
            <button type="button" class="cc-pin" onClick={() => lead(message)}>
              <span class="cc-byline">
                <span class="cc-author" dir="auto">
                  {members.size > 0 && nameOf(panel.state, message.author)}
                </span>
                <time>{brief(message.time)}</time>
              </span>
              <span dir="auto">{lineOf(message, 240)}</span>
            </button>
            {room.joined && (
              <IconButton
                icon="close"
                label={t("Unpin")}
                size={15}
                class="cc-on-hover"
                onClick={() => panel.ask({ type: "unpin", id: message.id }).catch(complain)}
              />
            )}
          </li>
        ))}
        {messages?.length === 0 && (
          <li class="cc-hint">{t("Nothing is pinned. “More” on a message pins it.")}</li>
        )}
      </ul>
    </aside>
  );
}
