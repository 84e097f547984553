import { useEffect, useReducer } from "preact/hooks";
import { fileId } from "../../files/ids";
import { kindIcon } from "../../files/kinds";
import { sizeText } from "../../files/sizes";
import { thumbnailsOf } from "../../files/thumbnails";
import { t, tn } from "../../i18n";
import type { Attachment, FileId, Hit } from "../../protocol";
import { isMuted, nameOf, titleOf } from "../../state/selectors";
import { brief, full } from "../../time";
import { Avatar } from "../Avatar";
import { Icon } from "../icons";
import { memo } from "../memo";
import type { Entry } from "../switch/entries";
import { useStore, useView } from "../view";
import type { Value } from "./filters";
import type { Option } from "./groups";

/** What stands on one line of the list. */
export const Line = memo(({ option, onRemove }: { option: Option; onRemove: (text: string) => void }) => {
  switch (option.type) {
    case "value":
      return <ValueLine value={option.value} />;
    case "entry":
      return <EntryLine entry={option.entry} />;
    case "hit":
      return <HitLine hit={option.hit} />;
    case "recent":
      return (
        <>
          <span class="cc-sign" style={{ "--cc-size": "24px" }} aria-hidden="true">
            <Icon name="history" size={14} />
          </span>
          <span class="cc-item-title" dir="auto">
            {option.text}
          </span>
          {/* By keyboard it is the Delete key that does this. */}
          <span
            class="cc-search-forget"
            aria-hidden="true"
            title={t("Remove")}
            onClick={(event) => {
              event.stopPropagation();
              onRemove(option.text);
            }}
          >
            <Icon name="close" size={13} />
          </span>
        </>
      );
  }
});

function ValueLine({ value: { member, room, title, about } }: { value: Value }) {
  return (
    <>
      {member ? (
        <Avatar member={member} size={24} />
      ) : (
        room && (
          <span class="cc-sign" style={{ "--cc-size": "24px" }} aria-hidden="true">
            <Icon name={room.kind === "private" ? "lock" : "hash"} size={14} />
          </span>
        )
      )}
      <span class="cc-item-title" dir="auto">
        {title}
      </span>
      <span class="cc-search-about" dir="auto">
        {about}
      </span>
    </>
  );
}

function EntryLine({ entry }: { entry: Entry }) {
  return (
    <>
      <Picture entry={entry} />
      <span class="cc-item-title" dir="auto">
        {entry.title}
      </span>
      <span class="cc-search-about" dir="auto">
        {entry.about}
      </span>
      <Note entry={entry} />
    </>
  );
}

function Picture({ entry }: { entry: Entry }) {
  const member = entry.type === "person" ? entry.member : entry.type === "room" ? entry.other : undefined;
  const online = useStore((state) => member !== undefined && state.online.has(member.id));
  if (member) return <Avatar member={member} size={24} online={online} />;
  const icon =
    entry.type === "command"
      ? entry.command.icon
      : entry.type === "room" && entry.room.kind === "private"
        ? "lock"
        : "hash";
  return (
    <span class="cc-sign" style={{ "--cc-size": "24px" }} aria-hidden="true">
      <Icon name={icon} size={14} />
    </span>
  );
}

/** What makes it another one than it seems. */
function Note({ entry }: { entry: Entry }) {
  const { panel } = useView();
  if (entry.type !== "room") return null;
  const { room } = entry;
  if (room.unread > 0 && (room.mentions > 0 || !isMuted(panel.state, room)))
    return (
      <span class="cc-badge" data-mention={room.mentions > 0 || undefined}>
        {room.unread > 99 ? "99+" : room.unread}
      </span>
    );
  if (room.archived) return <span class="cc-faint">{t("archived")}</span>;
  return room.joined ? null : <span class="cc-faint">{t("not joined")}</span>;
}

/** Text and marked text by turns: text of people, never markup. */
const Marked = ({ turns }: { turns: readonly string[] }) => (
  <>{turns.map((text, at) => (at % 2 === 1 ? <mark key={at}>{text}</mark> : text))}</>
);

/** The file that was found, and the place among the message's files. */
function fileOf({ message, file }: Hit): { id: FileId; file: Attachment } | null {
  const at = message.files.findIndex((_, number) => fileId(message.id, number + 1) === file);
  const found = message.files[at];
  return found ? { id: fileId(message.id, at + 1), file: found } : null;
}

function HitLine({ hit }: { hit: Hit }) {
  const { message } = hit;
  const { panel } = useView();
  const { state } = panel;
  const room = state.rooms.get(message.room);
  const title = room ? titleOf(state, room) : "";
  const found = fileOf(hit);
  const inThread = message.thread !== null && message.thread !== message.id;
  const shown = found
    ? [found]
    : message.files.slice(0, 2).map((file, at) => ({ id: fileId(message.id, at + 1), file }));
  const more = found ? 0 : message.files.length - shown.length;
  return (
    <>
      <span class="cc-hit-head">
        <Avatar member={state.members.get(message.author)} size={20} />
        <span class="cc-item-title" dir="auto">
          {nameOf(state, message.author)}
        </span>{" "}
        <span class="cc-hit-room" dir="auto">
          {room?.kind === "direct" ? title : `#${title}`}
        </span>{" "}
        {inThread && (
          <span class="cc-hit-thread" title={t("In a thread")}>
            <Icon name="thread" size={13} />
            <span class="cc-unseen">{t("In a thread")}</span>
          </span>
        )}{" "}
        <time title={full(message.time)}>{brief(message.time)}</time>{" "}
      </span>
      {hit.snippet.some((text) => text.trim()) && (
        <span class="cc-hit-text" dir="auto">
          <Marked turns={hit.snippet} />
        </span>
      )}{" "}
      {shown.map(({ id, file }) => (
        <FileLine key={id} id={id} file={file} />
      ))}
      {more > 0 && <span class="cc-faint">{tn(more, "and 1 more", "and {n} more")}</span>}
    </>
  );
}

function FileLine({ id, file }: { id: FileId; file: Attachment }) {
  const { panel } = useView();
  const small = file.kind === "picture";
  const thumbnails = small ? thumbnailsOf(panel) : null;
  const [, draw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => thumbnails?.store.subscribe(() => draw(undefined)), [thumbnails]);
  const url = thumbnails?.get(id, file, 160);
  return (
    <span class="cc-hit-file">
      {url ? <img src={url} alt="" draggable={false} /> : kindIcon(file.kind, 16)}
      <span class="cc-hit-name" dir="auto">
        {file.original || file.name}
      </span>{" "}
      <span class="cc-faint">{sizeText(file.size)}</span>{" "}
    </span>
  );
}
