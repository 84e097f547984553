import { useId, useState } from "preact/hooks";
import { t, tn } from "../i18n";
import { lazy } from "../lazy";
import type { Message, Reaction } from "../protocol";
import { Icon } from "./icons";
import { usedToReact } from "./message/frequent";
import { listed, namesOf } from "./message/names";
import { usePointed } from "./message/pointed";
import { useStore, useView } from "./view";

const Picker = lazy(() => import("./message/Picker"));
const Peek = lazy(() => import("./message/Peek"));

interface Props {
  message: Message;
  joined: boolean;
  /** The message that Tab reaches: its reactions are reached then. */
  active: boolean;
}

/** So many different emoji are shown; the rest folds. */
const SHOWN = 20;
/** So many names a reaction's own name has. */
const NAMED = 12;
/** So many names its sheet has. */
const LISTED = 200;

/** The emoji on a message; a click puts one's own there, or takes it away. */
export function Reactions({ message, joined, active }: Props) {
  const { panel, complain } = useView();
  const me = useStore((state) => state.me);
  const id = useId();
  const [all, setAll] = useState(false);
  const [picking, setPicking] = useState<HTMLElement | null>(null);
  const pointed = usePointed();
  const { reactions } = message;
  const shown = all || reactions.length <= SHOWN ? reactions : reactions.slice(0, SHOWN - 1);
  const peeked = pointed.at && reactions.find(({ emoji }) => emoji === pointed.at?.dataset.emoji);
  const tabIndex = active ? 0 : -1;
  const toggle = (emoji: string, mine: boolean) => {
    if (!mine) usedToReact(panel, emoji);
    panel.ask({ type: mine ? "unreact" : "react", id: message.id, emoji }).catch(complain);
  };
  return (
    <div class="cc-reactions">
      {shown.map(({ emoji, members }) => {
        const mine = members.includes(me);
        const who = listed(namesOf(panel.state, members.slice(0, NAMED + 1)), NAMED);
        const called = members.length > NAMED ? tn(members.length, "1 person", "{n} people") : who;
        return (
          <button
            key={emoji}
            type="button"
            class="cc-reaction"
            data-emoji={emoji}
            aria-pressed={mine}
            aria-label={`${emoji} ${members.length}, ${called}`}
            aria-describedby={pointed.at?.dataset.emoji === emoji ? id : undefined}
            aria-disabled={!joined || undefined}
            tabIndex={tabIndex}
            onClick={() => joined && toggle(emoji, mine)}
            onPointerEnter={(event) => event.pointerType !== "touch" && pointed.point(event.currentTarget)}
            onPointerLeave={pointed.leave}
            onFocus={(event) => pointed.point(event.currentTarget)}
            onBlur={pointed.leave}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || !pointed.at) return;
              event.stopPropagation();
              pointed.close();
            }}
          >
            <span aria-hidden="true">{emoji}</span>
            <span aria-hidden="true">{members.length}</span>
          </button>
        );
      })}
      {reactions.length > SHOWN && (
        <button
          type="button"
          class="cc-reaction cc-reaction-more"
          aria-expanded={all}
          aria-label={
            all
              ? t("Fewer reactions")
              : tn(reactions.length - shown.length, "1 more reaction", "{n} more reactions")
          }
          tabIndex={tabIndex}
          onClick={() => setAll(!all)}
        >
          {all ? "−" : `+${reactions.length - shown.length}`}
        </button>
      )}
      {joined && (
        <button
          type="button"
          class="cc-reaction cc-reaction-add"
          aria-label={t("Add a reaction")}
          aria-expanded={picking !== null}
          title={t("Add a reaction")}
          tabIndex={tabIndex}
          onClick={(event) => setPicking(picking ? null : event.currentTarget)}
        >
          <Icon name="smile-plus" size={16} />
        </button>
      )}
      {picking && <Picker message={message} anchor={picking} onClose={() => setPicking(null)} />}
      {peeked && pointed.at && (
        <Peek
          key={peeked.emoji}
          anchor={pointed.at}
          id={id}
          class="cc-who"
          onEnter={pointed.hold}
          onLeave={pointed.leave}
        >
          <Who reaction={peeked} />
        </Peek>
      )}
    </div>
  );
}

/** Who put an emoji there. */
function Who({ reaction: { emoji, members } }: { reaction: Reaction }) {
  const { panel } = useView();
  return (
    <>
      <span class="cc-who-emoji" aria-hidden="true">
        {emoji}
      </span>
      <span class="cc-who-names" dir="auto">
        {listed(namesOf(panel.state, members), LISTED)}
      </span>
    </>
  );
}
