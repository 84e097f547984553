import { useId, useState } from "preact/hooks";
import { t, tn } from "../i18n";
import type { Message, Poll } from "../protocol";
import { nameOf } from "../state/selectors";
import { Icon } from "./icons";
import { useStore, useView } from "./view";

/** So many names are said; the others are counted. */
const NAMED = 12;

/** A question with choices, and who chose what. */
export default function PollCard({ message, poll }: { message: Message; poll: Poll }) {
  const { panel, complain } = useView();
  const id = useId();
  const me = useStore((state) => state.me);
  const joined = useStore((state) => {
    const room = state.rooms.get(message.room);
    return room?.joined === true && !room.archived;
  });
  const over = useStore((state) => ["owner", "admin"].includes(state.members.get(state.me)?.role ?? ""));
  // Who is shown, once somebody wants to know.
  const members = useStore((state) => state.members);
  const [shown, setShown] = useState(false);
  const voters = new Set(poll.votes.flat());
  const mine = poll.votes.flatMap((who, at) => (who.includes(me) ? [at] : []));
  const most = Math.max(0, ...poll.votes.map((who) => who.length));
  const open = joined && !poll.closed;
  const vote = (choices: number[]) => {
    Promise.resolve(panel.vote(message, choices)).catch(complain);
  };
  const choose = (at: number) => {
    const has = mine.includes(at);
    if (poll.multiple) vote(has ? mine.filter((other) => other !== at) : [...mine, at].sort((a, b) => a - b));
    else vote(has ? [] : [at]);
  };
  const namesOf = (who: readonly string[]): string => {
    const names = who.slice(0, NAMED).map((other) => (other === me ? t("you") : named(other)));
    if (who.length > NAMED) names.push(tn(who.length - NAMED, "1 more", "{n} more"));
    return names.join(", ");
  };
  const named = (other: string): string => (members.has(other) ? nameOf(panel.state, other) : t("Somebody"));
  return (
    <fieldset class="cc-poll" data-closed={poll.closed || undefined} aria-describedby={`${id}-state`}>
      <legend dir="auto">{poll.question}</legend>
      {poll.options.map((option, at) => {
        const who = poll.votes[at] ?? [];
        const share = voters.size === 0 ? 0 : who.length / voters.size;
        const names = namesOf(who);
        const count = tn(who.length, "1 vote", "{n} votes");
        const checked = mine.includes(at);
        return (
          <div
            key={at}
            class="cc-poll-option"
            data-mine={checked || undefined}
            data-best={(poll.closed && who.length === most && most > 0) || undefined}
          >
            {open ? (
              <label>
                <input
                  type={poll.multiple ? "checkbox" : "radio"}
                  name={`${id}-choice`}
                  checked={checked}
                  aria-describedby={`${id}-${at}`}
                  // A radio that is chosen is taken back by one more click on it.
                  onClick={() => {
                    if (!poll.multiple && checked) choose(at);
                  }}
                  onChange={() => choose(at)}
                />
                <span class="cc-poll-text" dir="auto">
                  {option}
                </span>
              </label>
            ) : (
              <div class="cc-poll-line">
                <span class="cc-poll-mark">
                  {checked && (
                    <>
                      <Icon name="check" size={14} />
                      <span class="cc-unseen">{t("Your choice:")} </span>
                    </>
                  )}
                </span>
                <span class="cc-poll-text" dir="auto">
                  {option}
                </span>
              </div>
            )}
            <span id={`${id}-${at}`} class="cc-poll-count" title={names || undefined}>
              <span aria-hidden="true">{who.length}</span>
              <span class="cc-unseen">{names ? `${count}: ${names}` : count}</span>
            </span>
            <span class="cc-poll-bar" aria-hidden="true">
              <span style={{ width: `${Math.round(share * 100)}%` }} />
            </span>
            {shown && names && <span class="cc-poll-who">{names}</span>}
          </div>
        );
      })}
      <div class="cc-poll-foot">
        <span id={`${id}-state`}>
          {poll.closed
            ? tn(voters.size, "Closed · 1 person voted", "Closed · {n} people voted")
            : poll.multiple
              ? tn(voters.size, "Choose any · 1 person voted", "Choose any · {n} people voted")
              : tn(voters.size, "Choose one · 1 person voted", "Choose one · {n} people voted")}
        </span>
        {voters.size > 0 && (
          <button type="button" class="cc-link-button" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {shown ? t("Hide who") : t("Show who")}
          </button>
        )}
        {open && mine.length > 0 && (
          <button type="button" class="cc-link-button" onClick={() => vote([])}>
            {t("Take back")}
          </button>
        )}
        {open && (message.author === me || over) && (
          <button
            type="button"
            class="cc-link-button"
            onClick={() => {
              panel.ask({ type: "close_poll", id: message.id }).catch(complain);
            }}
          >
            {t("Close the poll")}
          </button>
        )}
      </div>
    </fieldset>
  );
}
