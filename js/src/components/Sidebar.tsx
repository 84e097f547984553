import { useMemo } from "preact/hooks";
import { plain } from "../markdown";
import type { Member, Room } from "../protocol";
import { categories, directWith, nameOf, partner, recent, titleOf, toJoin } from "../state/selectors";
import { brief, full } from "../time";
import { Avatar } from "./Avatar";
import { Connection } from "./Connection";
import { Icon, IconButton } from "./icons";
import { memo } from "./memo";
import { Start } from "./Start";
import { usePlace, useStore, useView } from "./view";
import { Waiting } from "./waiting";

/** The left: the conversations, in two views. */
export function Sidebar() {
  const { panel, go } = useView();
  const rooms = useStore((state) => state.rooms);
  const joinable = useMemo(() => toJoin(panel.state).length, [rooms]);
  const newcomer = useMemo(() => recent(panel.state).length === 0, [rooms]);
  const me = useStore((state) => state.members.get(state.me));
  const view = useStore((state) => state.preferences.view);
  const synced = useStore((state) => state.synced);
  const choose = (view: "recent" | "category") => panel.setPreferences({ view });

  return (
    <nav class="cc-side" aria-label="Rooms and people">
      <header class="cc-side-head">
        <IconButton icon="gear" label="Settings" onClick={() => go({ dialogue: "settings" })} />
        <span class="cc-me" title={me ? `@${me.handle}` : ""}>
          {me?.name || me?.handle || ""}
        </span>
        <IconButton
          icon="chat"
          label="New conversation"
          onClick={() => go({ dialogue: "new-conversation" })}
        />
        <IconButton icon="plus" label="New room" onClick={() => go({ dialogue: "new-room" })} />
      </header>
      <div class="cc-tabs" role="tablist" aria-label="Views">
        {(["recent", "category"] as const).map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            class="cc-tab"
            aria-selected={view === name}
            tabIndex={view === name ? 0 : -1}
            onClick={() => choose(name)}
            onKeyDown={(event) => {
              if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
              choose(view === "recent" ? "category" : "recent");
              const other =
                event.currentTarget.nextElementSibling ?? event.currentTarget.previousElementSibling;
              (other as HTMLElement | null)?.focus();
            }}
          >
            {name === "recent" ? "Recent" : "Category"}
          </button>
        ))}
      </div>
      <div class="cc-side-scroll">
        {synced ? view === "recent" ? <Recent key="recent" /> : <Category key="category" /> : <Waiting />}
        {synced && newcomer && <Start />}
      </div>
      <footer class="cc-side-foot">
        <Connection />
        <button type="button" class="cc-link-button" onClick={() => go({ dialogue: "browse" })}>
          {joinable > 0 ? `Browse rooms (${joinable})` : "Browse rooms"}
        </button>
      </footer>
    </nav>
  );
}

function Recent() {
  const { panel } = useView();
  const { place } = usePlace();
  const rooms = useStore((state) => state.rooms);
  const members = useStore((state) => state.members);
  const list = useMemo(() => recent(panel.state), [rooms, members]);
  return (
    <ul class="cc-list" aria-label="Conversations">
      {list.map((room) => (
        <Item key={room.id} room={room} current={place.room === room.id} detailed />
      ))}
    </ul>
  );
}

function Category() {
  const { panel } = useView();
  const { place } = usePlace();
  const rooms = useStore((state) => state.rooms);
  const members = useStore((state) => state.members);
  const { people, rooms: named, archived } = useMemo(() => categories(panel.state), [rooms, members]);
  return (
    <ul class="cc-list" aria-label="Conversations">
      {people.length > 0 && <Heading text="People" />}
      {people.map(({ member, room }) =>
        room ? (
          <Item key={room.id} room={room} current={place.room === room.id} />
        ) : (
          <Person key={`member:${member.id}`} member={member} />
        ),
      )}
      {named.length > 0 && <Heading text="Rooms" />}
      {named.map((room) => (
        <Item key={room.id} room={room} current={place.room === room.id} />
      ))}
      {archived.length > 0 && <Heading text="Archived" />}
      {archived.map((room) => (
        <Item key={room.id} room={room} current={place.room === room.id} />
      ))}
    </ul>
  );
}

const Heading = ({ text }: { text: string }) => (
  <li class="cc-list-heading" role="presentation">
    <h3>{text}</h3>
  </li>
);

/** What is unread, for those who hear it. */
function describe(room: Room): string | undefined {
  if (room.unread === 0) return undefined;
  const unread = room.unread === 1 ? "1 unread message" : `${room.unread} unread messages`;
  return room.mentions > 0 ? `${unread}, you are mentioned` : unread;
}

const Item = memo(
  ({ room, current, detailed = false }: { room: Room; current: boolean; detailed?: boolean }) => {
    const { openRoom } = useView();
    const title = useStore((state) => titleOf(state, room));
    const other = useStore((state) => (room.kind === "direct" ? partner(state, room) : undefined));
    const online = useStore((state) => other !== undefined && state.online.has(other.id));
    const author = useStore((state) =>
      room.last && room.kind !== "direct"
        ? room.last.author === state.me
          ? "You"
          : nameOf(state, room.last.author).split(" ")[0]
        : null,
    );
    const line = room.last ? plain(room.last.text, 90) || "Message deleted" : room.topic || "No messages yet";
    const badge = room.unread > 0 && (
      <span class="cc-badge" data-mention={room.mentions > 0 || undefined} aria-hidden="true">
        {room.unread > 99 ? "99+" : room.unread}
      </span>
    );
    return (
      <li aria-label={title}>
        <button
          type="button"
          class="cc-item"
          aria-label={title}
          aria-description={describe(room)}
          aria-current={current || undefined}
          data-unread={room.unread > 0 || undefined}
          data-detailed={detailed || undefined}
          onClick={() => openRoom(room.id)}
        >
          {other ? (
            <Avatar member={other} size={detailed ? 34 : 24} online={online} />
          ) : (
            <span class="cc-sign" style={{ "--cc-size": detailed ? "34px" : "24px" }} aria-hidden="true">
              <Icon name={room.kind === "private" ? "lock" : "hash"} size={detailed ? 17 : 15} />
            </span>
          )}
          <span class="cc-item-text">
            <span class="cc-item-row">
              <span class="cc-item-title">{title}</span>
              {detailed && room.last && <time title={full(room.last.time)}>{brief(room.last.time)}</time>}
              {!detailed && badge}
            </span>
            {detailed && (
              <span class="cc-item-row">
                <span class="cc-item-line">
                  {author && `${author}: `}
                  {line}
                </span>
                {badge}
              </span>
            )}
          </span>
        </button>
      </li>
    );
  },
);

/** Somebody whom one has not written to yet. */
const Person = memo(({ member }: { member: Member }) => {
  const { panel, openRoom, complain } = useView();
  const online = useStore((state) => state.online.has(member.id));
  const title = member.name || member.handle;
  const open = async () => {
    try {
      const known = directWith(panel.state, member.id);
      const id = known?.id ?? (await panel.ask({ type: "open_direct", member: member.id })).id;
      if (id) openRoom(id);
    } catch (problem) {
      complain(problem);
    }
  };
  return (
    <li aria-label={title}>
      <button type="button" class="cc-item" aria-label={title} onClick={open}>
        <Avatar member={member} size={24} online={online} />
        <span class="cc-item-text">
          <span class="cc-item-title">{title}</span>
        </span>
      </button>
    </li>
  );
});
