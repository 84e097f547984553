import { useEffect, useState } from "preact/hooks";
import { plain } from "../markdown";
import type { Message, Room } from "../protocol";
import { nameOf } from "../state/selectors";
import { brief } from "../time";
import { SideHead } from "./SideHead";
import { usePlace, useStore, useView } from "./view";

/** The pinned messages of a room. */
export function Pins({ room }: { room: Room }) {
  const { panel, go, complain } = useView();
  const { size } = usePlace();
  const [messages, setMessages] = useState<Message[] | null>(null);
  const members = useStore((state) => state.members);
  useEffect(() => {
    let here = true;
    panel.ask({ type: "pins", room: room.id }).then((page) => here && setMessages(page.messages), complain);
    return () => {
      here = false;
    };
  }, [panel, room.id, room.pins]);
  return (
    <aside class="cc-aside" aria-label="Pinned messages">
      <SideHead title="Pinned" />
      <ul class="cc-aside-scroll cc-cards">
        {messages?.map((message) => (
          <li key={message.id}>
            <button
              type="button"
              class="cc-pin"
              onClick={() =>
                message.thread !== null && message.thread !== message.id
                  ? go({ side: { type: "thread", root: message.thread } })
                  : go({
                      target: { id: message.id, thread: null },
                      ...(size === "narrow" && { side: null }),
                    })
              }
            >
              <span class="cc-byline">
                <span class="cc-author">{members.size > 0 && nameOf(panel.state, message.author)}</span>
                <time>{brief(message.time)}</time>
              </span>
              <span>{plain(message.text ?? "", 240)}</span>
            </button>
          </li>
        ))}
        {messages?.length === 0 && <li class="cc-hint">Nothing is pinned. “More” on a message pins it.</li>}
      </ul>
    </aside>
  );
}
