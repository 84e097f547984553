import type { Member, Message, RoomKind } from "../protocol";
import { clock, clockName, day, daysAgo, full } from "../time";
import { Actions } from "./Actions";
import { Avatar } from "./Avatar";
import { EditBox } from "./EditBox";
import { Icon } from "./icons";
import { memo } from "./memo";
import { Quoted } from "./Quoted";
import { Reactions } from "./Reactions";
import { Text } from "./Text";
import { useView } from "./view";

interface Props {
  message: Message;
  /** The first of its author's: with face and name. */
  first: boolean;
  author: Member | undefined;
  kind: RoomKind;
  /** One may answer here. */
  joined: boolean;
  inThread: boolean;
  /** The one that Tab reaches. */
  active: boolean;
  editing: boolean;
  lit: boolean;
}

/** One message. */
export const MessageArticle = memo((props: Props) => {
  const { message, first, author, joined, inThread, active, editing, lit } = props;
  const { go } = useView();
  const name = author ? author.name || author.handle : "Somebody";
  const quoting = message.reply_to !== null && message.thread === null;
  return (
    <article
      class="cc-message"
      aria-label={`${name}, ${clockName(message.time)}`}
      data-key={message.id}
      data-first={first || undefined}
      data-lit={lit || undefined}
      tabIndex={active ? 0 : -1}
    >
      <div class="cc-gutter">
        {first ? (
          <Avatar member={author} />
        ) : (
          <time class="cc-gutter-time" title={full(message.time)}>
            {clock(message.time)}
          </time>
        )}
      </div>
      <div class="cc-body">
        {first && (
          <div class="cc-byline">
            <span class="cc-author">{name}</span>
            {author?.bot && <span class="cc-tag">bot</span>}
            <time title={full(message.time)}>{clock(message.time)}</time>
            {message.pinned && (
              <span class="cc-pinned" title="Pinned">
                <Icon name="pin" size={13} />
              </span>
            )}
          </div>
        )}
        {quoting && <Quoted id={message.reply_to ?? ""} room={message.room} />}
        {message.deleted || message.text === null ? (
          <p class="cc-deleted">This message was deleted.</p>
        ) : editing ? (
          <EditBox message={message} />
        ) : (
          <Text key={message.text} text={message.text} />
        )}
        {message.edited_at !== null && !message.deleted && !editing && (
          <span class="cc-edited" title={`Edited ${full(message.edited_at)}`}>
            edited
          </span>
        )}
        {message.reactions.length > 0 && <Reactions message={message} joined={joined} />}
        {!inThread && message.n_replies > 0 && (
          <button
            type="button"
            class="cc-replies"
            onClick={() => go({ side: { type: "thread", root: message.id } })}
          >
            <Icon name="reply" size={15} />
            <strong>{message.n_replies === 1 ? "1 reply" : `${message.n_replies} replies`}</strong>
            {message.last_reply_at !== null && <span>{lastReply(message.last_reply_at)}</span>}
          </button>
        )}
      </div>
      {!message.deleted && !editing && (
        <Actions message={message} author={name} joined={joined} inThread={inThread} />
      )}
    </article>
  );
});

const lastReply = (time: number): string =>
  daysAgo(time) === 0
    ? `last at ${clock(time)}`
    : `last on ${day(time)}`.replace("on Yesterday", "yesterday");
