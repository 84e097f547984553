import type { Event, Id, Member, Posted, Presence, Room, Snapshot } from "../protocol";
import { withEntry } from "./overlay";
import { forgetOwn, withOwnEvent, without } from "./own";
import { draftKey, type State } from "./state";
import { endedEverywhere } from "./typing";

const LAST_LENGTH = 120;

/** Everything but messages, as the hub says it stands. */
export function withSnapshot(state: State, snapshot: Snapshot, since: number | null): State {
  const anew = since === null || snapshot.gap;
  return {
    ...state,
    synced: true,
    seq: anew ? snapshot.seq : state.seq,
    asOf: snapshot.seq,
    me: snapshot.me,
    limits: snapshot.limits,
    members: new Map(snapshot.members.map((member) => [member.id, member])),
    rooms: new Map(snapshot.rooms.map((room) => [room.id, room])),
    online: new Set(snapshot.online),
    settings: snapshot.settings,
    preferences: snapshot.preferences,
    stars: snapshot.stars,
    muted: new Set(snapshot.muted),
    drafts: new Map(snapshot.drafts.map((draft) => [draftKey(draft.room, draft.thread), draft])),
    saved: new Map(snapshot.saved.map((saved) => [saved.id, saved])),
    scheduled: new Map(snapshot.scheduled.map((scheduled) => [scheduled.id, scheduled])),
    timelines: anew ? new Map() : keepKnown(state, snapshot),
    reminders: state.reminders.filter((id) => snapshot.saved.some((saved) => saved.id === id)),
    outgoing: anew
      ? state.outgoing.filter((item) => item.id === null || Number(item.id) > snapshot.seq)
      : state.outgoing,
    recent: anew ? [] : state.recent,
  };
}

export function withPresence(state: State, presence: Presence): State {
  const online = presence.online
    ? new Set(state.online).add(presence.member)
    : without(state.online, presence.member);
  const member = state.members.get(presence.member);
  const members =
    member && presence.last_seen !== null
      ? withEntry(state.members, member.id, { ...member, last_seen: presence.last_seen })
      : state.members;
  const next = { ...state, online, members };
  return presence.online ? next : endedEverywhere(next, presence.member);
}

export function withRoom(state: State, room: Room): State {
  return { ...state, rooms: withEntry(state.rooms, room.id, room) };
}

/** A room as the hub says it is now. What was said in it while one was not in it was not told: load it anew. */
export function withRoomNews(state: State, room: Room): State {
  const before = state.rooms.get(room.id);
  const missed = before !== undefined && before.joined !== room.joined;
  const timelines = missed ? timelinesWithout(state, (id) => id !== room.id) : state.timelines;
  return { ...withRoom(state, room), timelines };
}

/** What an event does to members, rooms and preferences. */
export function withDirectoryEvent(state: State, event: Event): State {
  if (event.seq <= state.asOf) return state;
  const data = event.data;
  switch (data.type) {
    case "member_added":
      return withMember(state, {
        id: data.member,
        handle: data.handle,
        name: data.name,
        role: data.role,
        bot: data.bot,
        joined_at: event.time,
        last_seen: null,
        status: null,
        picture: null,
      });
    case "name_set": {
      const member = state.members.get(data.member);
      return member ? withMember(state, { ...member, name: data.name }) : state;
    }
    case "role_set": {
      const member = state.members.get(data.member);
      return member ? withMember(state, { ...member, role: data.role }) : state;
    }
    case "status_set":
    case "picture_set": {
      const member = state.members.get(event.actor);
      const patch = data.type === "status_set" ? { status: data.status } : { picture: data.picture };
      return member ? withMember(state, { ...member, ...patch }) : state;
    }
    case "settings_set":
      return { ...state, settings: data.settings };
    case "room_created":
      // A room that one may see has come in a `room` just before.
      return state;
    case "room_deleted":
      return event.room ? forgetOwn(withoutRoom(state, event.room), event.room) : state;
  }
  const own = withOwnEvent(state, event);
  const room = event.room ? own.rooms.get(event.room) : undefined;
  return room ? withRoomEvent(own, room, event) : own;
}

/** Of messages, only those who are in the room are told. */
const OF_MESSAGES: ReadonlySet<string> = new Set(["posted", "edited", "deleted", "pinned", "unpinned"]);

function withRoomEvent(state: State, room: Room, event: Event): State {
  const data = event.data;
  const { me } = state;
  // Of before one left.
  if (!room.joined && OF_MESSAGES.has(data.type)) return state;
  const change = (patch: Partial<Room>) => withRoom(state, { ...room, ...patch });
  switch (data.type) {
    case "renamed":
      return change({ name: data.name });
    case "topic_set":
      return change({ topic: data.topic });
    case "archived":
    case "unarchived":
      return change({ archived: data.type === "archived" });
    case "joined":
      return entered(state, room, event.actor);
    case "added":
      return entered(state, room, data.member);
    case "left":
      return left(state, room, event.actor);
    case "removed":
      return left(state, room, data.member);
    case "posted": {
      const counts = Number(event.actor !== me);
      return change({
        n_messages: room.n_messages + 1,
        last: {
          ...{ id: data.id, author: event.actor, time: event.time },
          ...{ text: shortened(wordsOf(data)), file: data.files[0]?.name ?? "" },
        },
        unread: room.unread + counts,
        mentions: room.mentions + counts * holds(data.mentions, me),
      });
    }
    case "edited":
      return change({
        mentions:
          room.mentions +
          isUnread(room, data, me) * (holds(data.mentions, me) - holds(data.mentions_before, me)),
        last: room.last?.id === data.id ? { ...room.last, text: shortened(data.text) } : room.last,
      });
    case "deleted": {
      const counts = isUnread(room, data, me);
      return change({
        n_messages: room.n_messages - 1,
        pins: room.pins.filter((id) => id !== data.id),
        unread: room.unread - counts,
        mentions: room.mentions - counts * holds(data.mentions_before, me),
        last: room.last?.id === data.id ? { ...room.last, text: "", file: "" } : room.last,
      });
    }
    case "pinned":
      return change({ pins: [...room.pins, data.id] });
    case "unpinned":
      return change({ pins: room.pins.filter((id) => id !== data.id) });
    case "read":
      return event.actor === me
        ? change({ read: data.upto, unread: data.unread, mentions: data.mentions })
        : state;
    default:
      return state;
  }
}

/** What a message says in one line: of one that is forwarded without a word, what was said there. */
const wordsOf = ({ text, forwarded }: Posted): string => text || (forwarded?.text ?? "");

const shortened = (text: string): string =>
  [...text.slice(0, 2 * LAST_LENGTH)].slice(0, LAST_LENGTH).join("");

const holds = (ids: readonly Id[], me: Id): number => Number(ids.includes(me));

/** 1 where a message is one of those that `unread` counts. */
const isUnread = (room: Room, message: { id: Id; author: Id }, me: Id): number =>
  Number(message.author !== me && Number(message.id) > room.read);

function entered(state: State, room: Room, member: Id): State {
  // Of oneself the `room` that came just before has told all.
  if (member === state.me) return state;
  if (!room.joined) return withRoom(state, { ...room, n_members: room.n_members + 1 });
  const members = [...room.members.filter((id) => id !== member), member];
  return withRoom(state, { ...room, members, n_members: members.length });
}

function left(state: State, room: Room, member: Id): State {
  const n_members = room.n_members - 1;
  if (member !== state.me)
    return withRoom(state, { ...room, members: room.members.filter((id) => id !== member), n_members });
  if (room.kind !== "public" || state.members.get(state.me)?.role === "guest")
    return withoutRoom(state, room.id);
  return withRoom(state, {
    ...room,
    ...{ joined: false, members: [], n_members, n_messages: 0 },
    ...{ read: 0, unread: 0, mentions: 0, last: null, pins: [] },
  });
}

function withMember(state: State, member: Member): State {
  return { ...state, members: withEntry(state.members, member.id, member) };
}

function withoutRoom(state: State, id: Id): State {
  const rooms = new Map(state.rooms);
  rooms.delete(id);
  return { ...state, rooms, timelines: timelinesWithout(state, (room) => room !== id) };
}

function keepKnown(state: State, snapshot: Snapshot): State["timelines"] {
  const known = new Map(snapshot.rooms.map((room) => [room.id, room.joined]));
  return timelinesWithout(state, (room) => known.get(room) === (state.rooms.get(room)?.joined ?? false));
}

function timelinesWithout(state: State, keep: (room: Id) => boolean): State["timelines"] {
  return new Map([...state.timelines].filter(([, timeline]) => keep(timeline.room)));
}
