import { useState } from "preact/hooks";
import { t, tn } from "../i18n";
import { lazy } from "../lazy";
import { plain } from "../markdown";
import type { Member, Message } from "../protocol";
import { clock, clockName, day, daysAgo, full } from "../time";
import { Avatar } from "./Avatar";
import { Icon } from "./icons";
import { memo } from "./memo";
import { Forwarded } from "./message/Forwarded";
import { PollView } from "./Poll";
import { Quoted } from "./Quoted";
import { Reactions } from "./Reactions";
import { Text } from "./Text";
import { useStore, useView } from "./view";

/** What one can do with a message; not needed to read it. */
const EditBox = lazy(() => import("./EditBox"));
const Files = lazy(() => import("./files/Files"));
export const Actions = lazy(() => import("./Actions"));

interface Props {
  message: Message;
  /** The first of its author's: with face and name. */
  first: boolean;
  author: Member | undefined;
  /** One may answer here. */
  joined: boolean;
  inThread: boolean;
  /** The one that Tab reaches. */
  active: boolean;
  editing: boolean;
  lit: boolean;
  /** Saved for later. */
  kept: boolean;
}

/** One message. */
export const MessageArticle = memo((props: Props) => {
  const { message, first, author, joined, inThread, active, editing, lit, kept } = props;
  const { go } = useView();
  // What one can do with it is drawn when one comes to it, and stays then.
  const [near, setNear] = useState(false);
  const name = author ? author.name || author.handle : t("Somebody");
  const gone = message.deleted || message.text === null;
  const quoting = message.reply_to !== null && message.thread === null;
  const edited = message.edited_at !== null && !gone && !editing;
  return (
    <article
      class="cc-message"
      aria-label={`${name}, ${clockName(message.time)}`}
      data-key={message.id}
      data-first={first || undefined}
      data-lit={lit || undefined}
      tabIndex={active ? 0 : -1}
      onPointerEnter={near ? undefined : () => setNear(true)}
    >
      <div class="cc-gutter">
        {first ? (
          <span class="cc-face" data-member={author?.id}>
            <Avatar member={author} />
          </span>
        ) : (
          <time class="cc-gutter-time" title={full(message.time)}>
            {clock(message.time)}
          </time>
        )}
      </div>
      <div class="cc-body">
        {first && (
          <div class="cc-byline">
            <span class="cc-author" dir="auto" data-member={author?.id}>
              {name}
            </span>
            {author?.bot && <span class="cc-tag">{t("bot")}</span>}
            <time title={full(message.time)}>{clock(message.time)}</time>
          </div>
        )}
        {!gone && (message.pinned || kept) && (
          <div class="cc-marks">
            {message.pinned && (
              <span class="cc-pinned">
                <Icon name="pin" size={12} /> {t("Pinned")}
              </span>
            )}
            {kept && (
              <span class="cc-pinned">
                <Icon name="bookmark" size={12} /> {t("Saved")}
              </span>
            )}
          </div>
        )}
        {!inThread && message.broadcast && message.thread !== null && (
          <Broadcast message={message} root={message.thread} />
        )}
        {quoting && <Quoted id={message.reply_to ?? ""} room={message.room} />}
        {gone ? (
          <p class="cc-deleted">{t("This message was deleted.")}</p>
        ) : editing ? (
          <EditBox message={message} />
        ) : message.poll ? (
          <PollView message={message} />
        ) : (
          (message.text || !(message.forwarded || message.files[0])) && (
            <Text key={message.text} text={message.text ?? ""} author={name} />
          )
        )}
        {edited && message.edited_at !== null && (
          <button
            type="button"
            class="cc-edited"
            title={t("Edited {time}", { time: full(message.edited_at) })}
            tabIndex={active ? 0 : -1}
            onClick={() => go({ dialogue: "versions", subject: message })}
          >
            {t("edited")}
          </button>
        )}
        {!gone && message.forwarded && <Forwarded origin={message.forwarded} />}
        {!gone && message.files.length > 0 && <Files message={message} active={active} />}
        {message.reactions.length > 0 && <Reactions message={message} joined={joined} active={active} />}
        {!inThread && message.n_replies > 0 && (
          <button
            type="button"
            class="cc-replies"
            tabIndex={active ? 0 : -1}
            onClick={() => go({ side: { type: "thread", root: message.id } })}
          >
            <Icon name="thread" size={15} />
            <strong>{tn(message.n_replies, "1 reply", "{n} replies")}</strong>
            {message.last_reply_at !== null && <span>{lastReply(message.last_reply_at)}</span>}
          </button>
        )}
      </div>
      {(near || active) && !gone && !editing && (
        <Actions message={message} joined={joined} inThread={inThread} />
      )}
    </article>
  );
});

/** Over a reply that stands in the room too: which thread it belongs to. */
function Broadcast({ message, root }: { message: Message; root: string }) {
  const { panel, go } = useView();
  const found = useStore((state) => panel.find(state, message.room, root));
  return (
    <button
      type="button"
      class="cc-quoted cc-in-thread"
      dir="auto"
      onClick={() => go({ side: { type: "thread", root }, target: { id: message.id, thread: root } })}
    >
      <Icon name="thread" size={13} /> {t("replied in a thread")}
      {found?.text && <span class="cc-faint"> {plain(found.text, 80)}</span>}
    </button>
  );
}

function lastReply(time: number): string {
  const ago = daysAgo(time);
  if (ago === 0) return t("last at {time}", { time: clock(time) });
  if (ago === 1) return t("last yesterday");
  return t("last on {day}", { day: day(time) });
}
