import type { AnyReply, Event, Page, Snapshot } from "../protocol";
import { withDirectoryEvent, withPresence, withRoomNews, withSnapshot } from "./directory";
import type { State } from "./state";
import { keyOf, type Loading, newTimeline, type Timeline, withEvent, withPage } from "./timeline";

/** Events kept for pages that were read before them: more than can happen while one page travels. */
const RECENT = 1_000;

/** An event happened. One that was taken in already changes nothing. */
export function onEvent(state: State, event: Event): State {
  if (event.seq <= state.seq) return state;
  const recent =
    state.recent.length >= 2 * RECENT ? [...state.recent.slice(-RECENT), event] : [...state.recent, event];
  const next = withDirectoryEvent({ ...state, seq: event.seq, recent }, event);
  return confirm(eachTimeline(next, event), event);
}

/** Something that the hub said unasked. */
export function onNews(state: State, news: AnyReply): State {
  switch (news.type) {
    case "event":
      return onEvent(state, news);
    case "presence":
      return withPresence(state, news);
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
  const shown = new Set(page.messages.map((message) => message.id));
  const outgoing = state.outgoing.filter((item) => !item.id || !shown.has(item.id));
  return withTimeline({ ...state, outgoing }, key, next);
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

/** One's own message came back: the one that was shown until now goes. */
function confirm(state: State, event: Event): State {
  if (event.data.type !== "posted" || event.actor !== state.me || state.outgoing.length === 0) return state;
  const { id } = event.data;
  const outgoing = state.outgoing.filter((item) => item.req !== event.req && item.id !== id);
  return outgoing.length === state.outgoing.length ? state : { ...state, outgoing };
}
