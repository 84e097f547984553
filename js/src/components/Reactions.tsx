import type { Message } from "../protocol";
import { nameOf } from "../state/selectors";
import { useStore, useView } from "./view";

/** The emoji on a message; a click puts one's own there, or takes it away. */
export function Reactions({ message, joined }: { message: Message; joined: boolean }) {
  const { panel, complain } = useView();
  const me = useStore((state) => state.me);
  const toggle = (emoji: string, mine: boolean) => {
    panel.ask({ type: mine ? "unreact" : "react", id: message.id, emoji }).catch(complain);
  };
  return (
    <div class="cc-reactions">
      {message.reactions.map(({ emoji, members }) => {
        const mine = members.includes(me);
        const who = members.map((id) => (id === me ? "you" : nameOf(panel.state, id))).join(", ");
        return (
          <button
            key={emoji}
            type="button"
            class="cc-reaction"
            aria-pressed={mine}
            aria-label={`${emoji} ${members.length}, ${who}`}
            title={who}
            disabled={!joined}
            onClick={() => toggle(emoji, mine)}
          >
            <span aria-hidden="true">{emoji}</span>
            <span aria-hidden="true">{members.length}</span>
          </button>
        );
      })}
    </div>
  );
}
