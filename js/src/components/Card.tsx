import { useEffect } from "preact/hooks";
import { t, tn } from "../i18n";
import type { Id, Member, Room } from "../protocol";
import { statusOf, titleOf } from "../state/selectors";
import { full, locale } from "../time";
import { Avatar } from "./Avatar";
import { insertAt } from "./enter";
import { Icon } from "./icons";
import { lineOf } from "./message/line";
import { listed, namesOf } from "./message/names";
import { presenceOf } from "./message/seen";
import { StatusSign } from "./StatusSign";
import { useStore, useView } from "./view";

export type Subject = { type: "member" | "room"; id: Id } | { type: "message"; id: Id; room: Id };

interface Props {
  subject: Subject;
  /** Something of it was chosen. */
  onDone: () => void;
}

/** What is known of a person, a room or a message that is named, and what one may do. */
export default function Card({ subject, onDone }: Props) {
  const { type, id } = subject;
  const member = useStore((state) => (type === "member" ? state.members.get(id) : undefined));
  const room = useStore((state) => (type === "room" ? state.rooms.get(id) : undefined));
  if (member) return <Person member={member} onDone={onDone} />;
  if (room) return <Place room={room} onDone={onDone} />;
  if (subject.type === "message") return <Said id={id} room={subject.room} />;
  return <p class="cc-hint">{t("This is not known any more.")}</p>;
}

const ROLES = { owner: () => t("owner"), admin: () => t("admin"), member: () => "", guest: () => t("guest") };

const dated = (micros: number): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(new Date(micros / 1_000));

/** The message that a link leads to. */
function Said({ id, room }: { id: Id; room: Id }) {
  const { panel } = useView();
  const found = useStore((state) => panel.find(state, room, id));
  const author = useStore((state) => (found ? state.members.get(found.author) : undefined));
  useEffect(() => {
    if (!found) panel.fetchQuoted(room, id);
  }, [panel, room, id, found]);
  if (!found) return <p class="cc-hint">{t("An earlier message")}</p>;
  return (
    <div class="cc-card-of">
      <div class="cc-card-head">
        <Avatar member={author} size={28} />
        <div class="cc-card-names">
          <p class="cc-card-name" dir="auto">
            {author?.name || author?.handle}
          </p>
          <p class="cc-faint">{full(found.time)}</p>
        </div>
      </div>
      <p class="cc-card-line" dir="auto">
        {found.text === null ? t("This message was deleted.") : lineOf(found, 280)}
      </p>
    </div>
  );
}

function Person({ member, onDone }: { member: Member; onDone: () => void }) {
  const { panel, root, openRoom, complain } = useView();
  const me = useStore((state) => state.me === member.id);
  const online = useStore((state) => state.online.has(member.id));
  const status = useStore((state) => statusOf(state, member));
  const shared = useStore(
    (state) =>
      [...state.rooms.values()].filter(({ kind, joined, members }) => {
        return kind !== "direct" && joined && members.includes(member.id);
      }).length,
  );
  const name = member.name || member.handle;
  const role = ROLES[member.role]();
  const write = () => {
    onDone();
    panel.ask({ type: "open_direct", member: member.id }).then((ack) => ack.id && openRoom(ack.id), complain);
  };
  const mention = () => {
    onDone();
    const box = root?.querySelector<HTMLTextAreaElement>(
      ".cc-thread .cc-composer textarea, .cc-room .cc-composer textarea",
    );
    if (!box) return;
    const before = box.value.slice(0, box.selectionStart);
    insertAt(box, `${/\S$/.test(before) ? " " : ""}@${member.handle} `);
  };
  return (
    <div class="cc-card-of">
      <div class="cc-card-head">
        <Avatar member={member} size={52} online={member.bot ? undefined : online} />
        <div class="cc-card-names">
          <p class="cc-card-name" dir="auto">
            {name} {me && <span class="cc-faint">{t("(you)")}</span>}
          </p>
          <p class="cc-faint">
            @{member.handle}
            {member.bot ? <span class="cc-tag">{t("bot")}</span> : role && <span class="cc-tag">{role}</span>}
          </p>
        </div>
      </div>
      {status && (
        <p class="cc-card-line" dir="auto">
          <StatusSign status={status} text />
        </p>
      )}
      <p class="cc-card-line cc-faint">{presenceOf(member, online)}</p>
      <p class="cc-card-line cc-faint">
        {t("here since {date}", { date: dated(member.joined_at) })}
        {!me && shared > 0 && <> · {tn(shared, "1 room in common", "{n} rooms in common")}</>}
      </p>
      {!me && (
        <div class="cc-row">
          <button type="button" class="cc-button cc-primary" onClick={write}>
            {t("Message")}
          </button>
          <button type="button" class="cc-button" onClick={mention}>
            {t("Mention")}
          </button>
        </div>
      )}
    </div>
  );
}

function Place({ room, onDone }: { room: Room; onDone: () => void }) {
  const { panel, openRoom, complain } = useView();
  const title = useStore((state) => titleOf(state, room));
  const join = () => {
    onDone();
    panel.ask({ type: "join", room: room.id }).then(() => openRoom(room.id), complain);
  };
  const look = () => {
    onDone();
    openRoom(room.id);
  };
  return (
    <div class="cc-card-of">
      <p class="cc-card-name" dir="auto">
        <Icon name={room.kind === "private" ? "lock" : "hash"} size={16} /> {title}
        {room.archived && <span class="cc-tag">{t("archived")}</span>}
      </p>
      {room.topic && (
        <p class="cc-card-line" dir="auto">
          {room.topic}
        </p>
      )}
      <p class="cc-card-line cc-faint" title={listed(namesOf(panel.state, room.members), 20)}>
        {tn(room.n_members, "1 member", "{n} members")}
        {room.joined && <> · {t("you are in it")}</>}
      </p>
      <div class="cc-row">
        {!room.joined && !room.archived && (
          <button type="button" class="cc-button cc-primary" onClick={join}>
            {t("Join")}
          </button>
        )}
        <button type="button" class={room.joined ? "cc-button cc-primary" : "cc-button"} onClick={look}>
          {room.joined ? t("Open") : t("Look into it")}
        </button>
      </div>
    </div>
  );
}
