import type { Event, Id } from "../protocol";
import { draftKey, type State } from "./state";

/** What an event does to what one keeps for oneself: stars, drafts, saved messages, what is to be sent later. */
export function withOwnEvent(state: State, event: Event): State {
  const data = event.data;
  if (event.actor !== state.me) return state;
  switch (data.type) {
    case "preferences_set":
      return { ...state, preferences: { ...data.preferences, ...state.choosing } };
    case "stars_set":
      return { ...state, stars: data.rooms };
    case "muted":
      return { ...state, muted: new Set(state.muted).add(data.target) };
    case "unmuted":
      return { ...state, muted: without(state.muted, data.target) };
    case "draft_set": {
      const { target: room, thread, text, reply_to } = data;
      const key = draftKey(room, thread);
      if (!text) return { ...state, drafts: dropped(state.drafts, key) };
      const draft = { room, thread, text, reply_to, time: event.time };
      return { ...state, drafts: new Map(state.drafts).set(key, draft) };
    }
    case "saved": {
      const { id, target: room, note, remind_at } = data;
      const saved = { id, room, note, time: event.time, remind_at, reminded_at: null };
      return looked({ ...state, saved: new Map(state.saved).set(id, saved) }, id);
    }
    case "unsaved":
      return looked({ ...state, saved: dropped(state.saved, data.id) }, data.id);
    case "reminded": {
      const saved = state.saved.get(data.id);
      if (!saved) return state;
      const reminded = { ...saved, remind_at: null, reminded_at: event.time };
      return { ...state, saved: new Map(state.saved).set(data.id, reminded) };
    }
    case "scheduled": {
      const { target: room, text, at, reply_to, quote, broadcast, files } = data;
      const id = String(event.seq);
      const one = { id, room, text, at, reply_to, quote, broadcast, files, problem: null };
      return { ...state, scheduled: new Map(state.scheduled).set(id, one) };
    }
    case "unscheduled":
      return { ...state, scheduled: dropped(state.scheduled, data.id) };
    case "unsent": {
      const scheduled = state.scheduled.get(data.id);
      if (!scheduled) return state;
      const failed = { ...scheduled, problem: data.problem };
      return { ...state, scheduled: new Map(state.scheduled).set(data.id, failed) };
    }
    case "posted":
      return data.scheduled ? { ...state, scheduled: dropped(state.scheduled, data.scheduled) } : state;
    default:
      return state;
  }
}

/** A reminder came, perhaps while the connection was lost: then the snapshot has the rest already. */
export function withReminder(state: State, event: Event): State {
  if (event.data.type !== "reminded" || event.actor !== state.me) return state;
  const { id } = event.data;
  const due = (state.saved.get(id)?.reminded_at ?? null) !== null;
  return due && !state.reminders.includes(id) ? { ...state, reminders: [...state.reminders, id] } : state;
}

/** A reminder was looked at. */
export const looked = (state: State, id: Id): State =>
  state.reminders.includes(id)
    ? { ...state, reminders: state.reminders.filter((other) => other !== id) }
    : state;

/** What one kept of a room goes with it. */
export function forgetOwn(state: State, room: Id): State {
  const saved = kept(state.saved, (one) => one.room !== room);
  return {
    ...state,
    stars: state.stars.includes(room) ? state.stars.filter((id) => id !== room) : state.stars,
    muted: without(state.muted, room),
    drafts: kept(state.drafts, (one) => one.room !== room),
    saved,
    scheduled: kept(state.scheduled, (one) => one.room !== room),
    reminders: state.reminders.every((id) => saved.has(id))
      ? state.reminders
      : state.reminders.filter((id) => saved.has(id)),
  };
}

export function without<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  if (!set.has(value)) return set;
  const next = new Set(set);
  next.delete(value);
  return next;
}

export function dropped<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const next = new Map(map);
  next.delete(key);
  return next;
}

function kept<K, V>(map: ReadonlyMap<K, V>, keep: (value: V) => boolean): ReadonlyMap<K, V> {
  const left = [...map].filter(([, value]) => keep(value));
  return left.length === map.size ? map : new Map(left);
}
