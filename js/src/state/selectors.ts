import type { Id, Member, Message, Room } from "../protocol";
import type { Outgoing, State } from "./state";
import type { Timeline } from "./timeline";

/** What a member is called. */
export const nameOf = (state: State, id: Id): string => {
  const member = state.members.get(id);
  return member ? member.name || member.handle : "Somebody";
};

/** The other one of a direct room (oneself where one is alone in it). */
export function partner(state: State, room: Room): Member | undefined {
  const other = room.members.find((id) => id !== state.me) ?? room.members[0];
  return other === undefined ? undefined : state.members.get(other);
}

/** What a room is called by its reader. */
export function titleOf(state: State, room: Room): string {
  if (room.kind !== "direct") return room.name;
  const other = partner(state, room);
  return other ? other.name || other.handle : room.name;
}

/** The direct room with a member, where there is one. */
export const directWith = (state: State, member: Id): Room | undefined =>
  [...state.rooms.values()].find((room) => room.kind === "direct" && partner(state, room)?.id === member);

const byTitle = (state: State) => (a: Room, b: Room) =>
  titleOf(state, a).localeCompare(titleOf(state, b), undefined, { sensitivity: "base", numeric: true });

/** The conversations that one is in, the one with the newest message first. */
export const recent = (state: State): Room[] =>
  [...state.rooms.values()]
    .filter((room) => room.joined && !(room.archived && room.unread === 0))
    .sort((a, b) => (b.last?.time ?? b.created_at) - (a.last?.time ?? a.created_at));

export interface Categories {
  /** People, with the direct room where there is one. */
  people: { member: Member; room: Room | undefined }[];
  rooms: Room[];
  archived: Room[];
}

/** More members than this are not listed beside those one talks to: "New conversation" finds them. */
const SMALL_TEAM = 60;

export function categories(state: State): Categories {
  const rooms = [...state.rooms.values()].filter((room) => room.joined && room.kind !== "direct");
  const direct = new Map<Id, Room>();
  for (const room of state.rooms.values()) {
    const other = room.kind === "direct" ? partner(state, room) : undefined;
    if (other) direct.set(other.id, room);
  }
  const people = [...state.members.values()]
    .filter((member) => direct.has(member.id) || (member.id !== state.me && state.members.size <= SMALL_TEAM))
    .sort((a, b) => (a.name || a.handle).localeCompare(b.name || b.handle))
    .map((member) => ({ member, room: direct.get(member.id) }));
  return {
    people,
    rooms: rooms.filter((room) => !room.archived).sort(byTitle(state)),
    archived: rooms.filter((room) => room.archived).sort(byTitle(state)),
  };
}

/** Public rooms that one may join. */
export const toJoin = (state: State): Room[] =>
  [...state.rooms.values()]
    .filter((room) => room.kind === "public" && !room.joined && !room.archived)
    .sort(byTitle(state));

/** One line of the log. */
export type Row =
  | { type: "day"; key: string; time: number }
  | { type: "unread"; key: string }
  | { type: "system"; key: string; message: Message }
  | { type: "message"; key: string; message: Message; first: boolean }
  | { type: "outgoing"; key: string; item: Outgoing; first: boolean };

/** Messages of one author this close together stand under one name. */
const TOGETHER = 5 * 60 * 1_000_000;

/** The lines of a timeline: days, groups of one author, the mark of what is new, and what is on its way. */
export function rows(
  timeline: Timeline,
  outgoing: readonly Outgoing[],
  me: Id,
  unreadAfter: number | null,
): Row[] {
  const rows: Row[] = [];
  let day = "";
  let author = "";
  let time = 0;
  let marked = unreadAfter === null;
  const place = (when: number, who: string): boolean => {
    const today = new Date(when / 1000).toDateString();
    if (today !== day) {
      day = today;
      author = "";
      rows.push({ type: "day", key: `day:${today}`, time: when });
    }
    const first = who !== author || when - time > TOGETHER;
    author = who;
    time = when;
    return first;
  };
  for (const { message } of timeline.held) {
    if (
      !marked &&
      Number(message.id) > (unreadAfter ?? 0) &&
      message.kind !== "system" &&
      !message.deleted &&
      message.author !== me
    ) {
      marked = true;
      author = "";
      // A new day's line comes before the mark.
      place(message.time, message.author);
      rows.push({ type: "unread", key: "unread" });
      rows.push({ type: "message", key: message.id, message, first: true });
      continue;
    }
    if (message.kind === "system") {
      place(message.time, "");
      rows.push({ type: "system", key: message.id, message });
      author = "";
      continue;
    }
    const quoting = message.reply_to !== null && message.thread === null;
    const first = place(message.time, message.author) || quoting;
    rows.push({ type: "message", key: message.id, message, first });
  }
  if (!timeline.moreAfter)
    for (const item of outgoing) {
      if (item.room !== timeline.room || item.thread !== timeline.thread) continue;
      rows.push({ type: "outgoing", key: item.req, item, first: place(item.time, me) });
    }
  return rows;
}
