import type { Event, Id, MemberTyping } from "../protocol";
import { dropped } from "./own";
import { draftKey, type State } from "./state";

/** Milliseconds for which it counts that somebody writes. */
export const COUNTS = 5_000;

export function withTyping(state: State, said: MemberTyping, now: number): State {
  if (said.member === state.me || !state.rooms.get(said.room)?.joined) return state;
  const key = draftKey(said.room, said.thread);
  const there = new Map(state.typing.get(key)).set(said.member, now + COUNTS);
  return { ...state, typing: new Map(state.typing).set(key, there) };
}

/** Who has posted there writes no more; who has left the room does not either. */
export function typingAfter(state: State, event: Event): State {
  if (state.typing.size === 0 || event.room === null) return state;
  const { data, actor, room } = event;
  switch (data.type) {
    case "posted":
      return ended(state, draftKey(room, data.thread), actor);
    case "left":
      return endedEverywhere(state, actor, room);
    case "removed":
      return endedEverywhere(state, data.member, room);
    default:
      return state;
  }
}

/** Without those whose time is over. */
export function typingOver(state: State, now: number): State {
  let next = state;
  for (const [key, members] of state.typing)
    for (const [member, until] of members) if (until <= now) next = ended(next, key, member);
  return next;
}

/** When the next of those who write is over; nothing where nobody does. */
export function typingUntil(state: State): number | null {
  const times = [...state.typing.values()].flatMap((members) => [...members.values()]);
  return times.length > 0 ? Math.min(...times) : null;
}

export function endedEverywhere(state: State, member: Id, room?: Id): State {
  let next = state;
  for (const key of state.typing.keys())
    if (room === undefined || key === room || key.startsWith(`${room}/`)) next = ended(next, key, member);
  return next;
}

function ended(state: State, key: string, member: Id): State {
  const members = state.typing.get(key);
  if (!members?.has(member)) return state;
  const left = dropped(members, member);
  const typing = left.size > 0 ? new Map(state.typing).set(key, left) : dropped(state.typing, key);
  return { ...state, typing };
}
