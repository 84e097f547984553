import type { Id } from "../protocol";
import type { State } from "./state";

/** The beginning of a member's or a room's name, in front of the cursor. */
export interface Started {
  sign: "@" | "#";
  /** Where the sign stands. */
  at: number;
  /** What stands after it. */
  word: string;
}

/** What may take its place. */
export interface Choice {
  id: Id;
  /** A handle, or a room's name. */
  name: string;
  title: string;
  about: string;
}

const MOST = 6;
const STARTED = /(?<![\p{L}\p{N}_@#/.&-])([@#])([\p{L}\p{N}_.-]{0,80})$/u;

export function started(text: string, cursor: number): Started | null {
  const found = STARTED.exec(text.slice(Math.max(0, cursor - 100), cursor));
  if (!found) return null;
  const word = found[2] ?? "";
  return { sign: found[1] === "@" ? "@" : "#", at: cursor - word.length - 1, word };
}

const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether a name, or a word in it, begins so. */
const begins = (name: string, word: string): boolean =>
  name.startsWith(word) || name.split(/[\s._-]+/).some((part) => part.startsWith(word));

/** Those in the room first (only they are told of a mention), then those whose handle begins so. */
function members(state: State, room: Id, word: string): Choice[] {
  const inside = new Set(state.rooms.get(room)?.members);
  return [...state.members.values()]
    .filter(
      ({ id, handle, name }) =>
        id !== state.me && (begins(folded(handle), word) || begins(folded(name), word)),
    )
    .map((member) => {
      const { id, handle, name } = member;
      const rank = (inside.has(id) ? 0 : 2) + (folded(handle).startsWith(word) ? 0 : 1);
      const about = inside.has(id) ? `@${handle}` : `@${handle} · not in this room`;
      return { id, name: handle, title: name || handle, about, rank };
    })
    .sort((a, b) => a.rank - b.rank || a.title.localeCompare(b.title));
}

function rooms(state: State, word: string): Choice[] {
  return [...state.rooms.values()]
    .filter(({ kind, archived, name }) => kind !== "direct" && !archived && begins(folded(name), word))
    .sort((a, b) => Number(b.joined) - Number(a.joined) || a.name.localeCompare(b.name))
    .map(({ id, name, topic }) => ({ id, name, title: name, about: topic }));
}

/** What what was started may become; nothing where it is complete. */
export function choices(state: State, room: Id, { sign, word }: Started): Choice[] {
  const wanted = folded(word);
  const found = (sign === "@" ? members(state, room, wanted) : rooms(state, wanted)).slice(0, MOST);
  return found.length === 1 && folded(found[0]?.name ?? "") === wanted ? [] : found;
}
