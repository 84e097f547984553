import type { AnyReply, Event, Id, Page, Snapshot } from "../protocol";
import { withDirectoryEvent, withPresence, withRoomNews, withSnapshot } from "./directory";
import { without, withReminder } from "./own";
import { chosen } from "./polls";
import type { Outgoing, State } from "./state";
import {
  keyOf,
  type Loading,
  newTimeline,
  type Timeline,
  withEvent,
  withMessage,
  withPage,
} from "./timeline";
import { typingAfter, withTyping } from "./typing";

/** Events kept for pages that were read before them: more than can happen while one page travels. */
export const RECENT = 1_000;

/** An event happened. One that was taken in already changes nothing. */
export function onEvent(state: State, event: Event): State {
  if (event.seq <= state.seq) return state;
  const recent =
    state.recent.length >= 2 * RECENT ? [...state.recent.slice(-RECENT), event] : [...state.recent, event];
  let next = withDirectoryEvent({ ...state, seq: event.seq, recent }, event);
  next = typingAfter(withReminder(eachTimeline(next, event), event), event);
  if (event.data.type === "deleted" && next.hidden.size > 0)
    next = { ...next, hidden: without(next.hidden, event.data.id) };
  return settled(identified(next, event));
}

/** Something that the hub said unasked. */
export function onNews(state: State, news: AnyReply, now: number = Date.now()): State {
  switch (news.type) {
    case "event":
      return onEvent(state, news);
    case "presence":
      return withPresence(state, news);
    case "member_typing":
      return withTyping(state, news, now);
    case "room":
      return withRoomNews(state, news.room);
    default:
      return state;
  }
}

export const onSnapshot = (state: State, snapshot: Snapshot, since: number | null): State =>
  withSnapshot(state, snapshot, since);

/** A page of a timeline came, and with it what happened since it was read. */
export function onPage(state: State, key: string, page: Page, how: Loading): State {
  const timeline = state.timelines.get(key);
  if (!timeline) return state;
  let next = withPage(timeline, page, how);
  for (const event of state.recent)
    if (event.seq > page.seq && event.room === timeline.room) next = withEvent(next, event);
  return settled(withTimeline(state, key, next));
}

/** A part of a timeline is asked for. */
export function onLoading(
  state: State,
  room: string,
  thread: string | null,
  loading: Loading | null,
  problem: string | null = null,
): State {
  const key = keyOf(room, thread);
  const timeline = state.timelines.get(key) ?? newTimeline(room, thread);
  return withTimeline(state, key, { ...timeline, loading, problem });
}

/** Whether somebody watches the newest message of a timeline. */
export function onFollowing(state: State, key: string, following: boolean): State {
  const timeline = state.timelines.get(key);
  if (!timeline || timeline.following === following) return state;
  return withTimeline(state, key, { ...timeline, following });
}

/** A vote, shown before the hub has it. */
export function onVote(state: State, id: Id, member: Id, choices: readonly number[]): State {
  let timelines: Map<string, Timeline> | null = null;
  for (const [key, timeline] of state.timelines) {
    const next = withMessage(timeline, id, (message) => chosen(message, member, choices));
    if (next === timeline) continue;
    timelines ??= new Map(state.timelines);
    timelines.set(key, next);
  }
  return timelines ? { ...state, timelines } : state;
}

export function withTimeline(state: State, key: string, timeline: Timeline): State {
  return { ...state, timelines: new Map(state.timelines).set(key, timeline) };
}

function eachTimeline(state: State, event: Event): State {
  if (event.room === null) return state;
  let timelines: Map<string, Timeline> | null = null;
  for (const [key, timeline] of state.timelines) {
    if (timeline.room !== event.room) continue;
    const next = withEvent(timeline, event);
    if (next === timeline) continue;
    timelines ??= new Map(state.timelines);
    timelines.set(key, next);
  }
  return timelines ? { ...state, timelines } : state;
}

/** One's own message came back: the one that was shown until now has its id. */
function identified(state: State, event: Event): State {
  if (event.data.type !== "posted" || event.actor !== state.me || state.outgoing.length === 0) return state;
  const { id } = event.data;
  const outgoing = state.outgoing.map(
    (item): Outgoing =>
      item.req === event.req ? { ...item, id, time: event.time, state: "confirmed", problem: null } : item,
  );
  return { ...state, outgoing };
}

/**
 * Without the messages that the hub has and that stand where they are shown. Where the first page of a place is still
 * on its way, they stay in sight until it is there.
 */
export function settled(state: State): State {
  if (state.outgoing.length === 0) return state;
  const waits = (key: string): boolean => state.timelines.get(key)?.loaded === false;
  const outgoing = state.outgoing.filter(
    ({ id, room, thread, broadcast }) =>
      id === null ||
      Number(id) > state.seq ||
      waits(keyOf(room, thread)) ||
      (broadcast && waits(keyOf(room))),
  );
  return outgoing.length < state.outgoing.length ? { ...state, outgoing } : state;
}
