import type { Id, Member, MemberStatus, Message, Micros, Room } from "../protocol";
import { remembered } from "./remember";
import { draftKey, type Outgoing, type State } from "./state";
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

export const isMuted = (state: State, room: Room | Id): boolean =>
  state.muted.has(typeof room === "string" ? room : room.id);

/** Whether something unread wants one: in a muted room only where one is mentioned. */
export const wants = (state: State, room: Room): boolean =>
  room.joined && (isMuted(state, room) ? room.mentions > 0 : room.unread > 0);

/** The conversations with a star, in their order. */
export const starred = remembered(
  ({ rooms, stars }) => [rooms, stars],
  ({ rooms, stars }): Room[] =>
    stars.flatMap((id) => {
      const room = rooms.get(id);
      return room?.joined ? [room] : [];
    }),
);

/** The conversations that one is in: the one with the newest message first, or first those with something unread. */
export const recent = remembered(
  ({ rooms, muted, preferences }) => [rooms, muted, preferences.unread_first],
  (state): Room[] => {
    const first = (room: Room) => Number(state.preferences.unread_first && wants(state, room));
    return [...state.rooms.values()]
      .filter((room) => room.joined && !(room.archived && room.unread === 0))
      .sort((a, b) => first(b) - first(a) || (b.last?.time ?? b.created_at) - (a.last?.time ?? a.created_at));
  },
);

export interface UnreadTotals {
  unread: number;
  mentions: number;
  /** Of the muted conversations; not among the others. */
  muted: { unread: number; mentions: number };
}

/** What is unread in all conversations. */
export const unreadTotals = remembered(
  ({ rooms, muted }) => [rooms, muted],
  (state): UnreadTotals => {
    const totals: UnreadTotals = { unread: 0, mentions: 0, muted: { unread: 0, mentions: 0 } };
    for (const room of state.rooms.values()) {
      if (!room.joined) continue;
      const sum = isMuted(state, room) ? totals.muted : totals;
      sum.unread += room.unread;
      sum.mentions += room.mentions;
    }
    return totals;
  },
);

/** What somebody says of themselves; nothing once its time is over. */
export function statusOf(
  state: State,
  member: Member | Id,
  now: Micros = Date.now() * 1000,
): MemberStatus | null {
  const status = state.members.get(typeof member === "string" ? member : member.id)?.status ?? null;
  return status?.until != null && status.until <= now ? null : status;
}

const NOBODY: Member[] = [];
const writing = new WeakMap<ReadonlyMap<Id, number>, { members: State["members"]; found: Member[] }>();

/** Who is writing in a room, or in a thread of it. */
export function typingIn(state: State, room: Id, thread: Id | null): Member[] {
  const there = state.typing.get(draftKey(room, thread));
  if (!there) return NOBODY;
  const last = writing.get(there);
  if (last?.members === state.members) return last.found;
  const found = [...there.keys()].flatMap((id) => state.members.get(id) ?? []);
  writing.set(there, { members: state.members, found });
  return found;
}

/** Public rooms that one may join. */
export const toJoin = remembered(
  ({ rooms, members }) => [rooms, members],
  (state): Room[] =>
    [...state.rooms.values()]
      .filter((room) => room.kind === "public" && !room.joined && !room.archived)
      .sort(byTitle(state)),
);

/** One line of the log. */
export type Row =
  | { type: "day"; key: string; time: number }
  | { type: "unread"; key: string }
  | { type: "system"; key: string; message: Message }
  | { type: "message"; key: string; message: Message; first: boolean }
  | { type: "outgoing"; key: string; item: Outgoing; first: boolean };

const NOTHING: ReadonlySet<Id> = new Set();

/** Messages of one author this close together stand under one name. */
const TOGETHER = 5 * 60 * 1_000_000;

/** The lines of a timeline: days, groups of one author, the mark of what is new, and what is on its way. */
export function rows(
  timeline: Timeline,
  outgoing: readonly Outgoing[],
  me: Id,
  unreadAfter: number | null,
  hidden: ReadonlySet<Id> = NOTHING,
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
    if (hidden.has(message.id)) continue;
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
    // What answers something else than the line above it says who speaks.
    const apart =
      message.reply_to !== null &&
      (message.thread === null || (message.broadcast && timeline.thread === null));
    const first = place(message.time, message.author) || apart;
    rows.push({ type: "message", key: message.id, message, first });
  }
  if (!timeline.moreAfter)
    for (const item of outgoing) {
      const here = item.thread === timeline.thread || (item.broadcast && timeline.thread === null);
      if (item.room !== timeline.room || !here) continue;
      // A page was quicker than the news of it.
      if (item.id !== null && timeline.held.some(({ message }) => message.id === item.id)) continue;
      rows.push({ type: "outgoing", key: item.req, item, first: place(item.time, me) });
    }
  return rows;
}
