import type { Command } from "../commandWords";
import { t } from "../i18n";
import type { Id } from "../protocol";
import type { State } from "./state";

/** The beginning of a name, in front of the cursor: of a member, a room, an emoji, a command. */
export interface Started {
  sign: "@" | "#" | ":" | "/";
  /** Where the sign stands. */
  at: number;
  /** What stands after it. */
  word: string;
}

/** What may take its place. */
export interface Choice {
  id: Id;
  /** A handle, a room's name, an emoji, a command. */
  name: string;
  title: string;
  about: string;
}

/** Finds emoji by the beginning of their names, best first. */
export type EmojiFinder = (word: string, most: number) => { emoji: string; name: string }[];

const MOST = 6;
const NAMED = /(?<![\p{L}\p{N}_@#/.&-])([@#])([\p{L}\p{N}_.-]{0,80})$/u;
const EMOJI = /(?<![\p{L}\p{N}_:/])(:)(\p{L}[\p{L}\p{N}_+-]{1,40})$/u;
const COMMAND = /^(\/)(\p{L}[\p{L}\p{N}-]{0,30})?$/u;

/** Commands begin where the text does. */
export function started(text: string, cursor: number, slash = true): Started | null {
  const before = text.slice(Math.max(0, cursor - 100), cursor);
  const found =
    NAMED.exec(before) ?? EMOJI.exec(before) ?? (slash && cursor <= 32 ? COMMAND.exec(before) : null);
  if (!found) return null;
  const word = found[2] ?? "";
  return { sign: found[1] as Started["sign"], at: cursor - word.length - 1, word };
}

const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Names that are compared with each key: folded once. */
const kept = new WeakMap<object, { of: string; names: string[] }>();
function foldedOf(owner: object, ...names: string[]): string[] {
  const of = names.join("\n");
  let found = kept.get(owner);
  if (found?.of !== of) {
    found = { of, names: names.map(folded) };
    kept.set(owner, found);
  }
  return found.names;
}

/** Whether a name, or a word in it, begins so. */
const begins = (name: string, word: string): boolean =>
  name.startsWith(word) || name.split(/[\s._-]+/).some((part) => part.startsWith(word));

/** Those in the room first (only they are told of a mention), then those whose handle begins so. */
function members(state: State, room: Id, word: string): Choice[] {
  const inside = new Set(state.rooms.get(room)?.members);
  const found: { choice: Choice; rank: number }[] = [];
  for (const member of state.members.values()) {
    const { id, handle, name } = member;
    if (id === state.me) continue;
    const [short = "", long = ""] = foldedOf(member, handle, name);
    if (!begins(short, word) && !begins(long, word)) continue;
    const rank = (inside.has(id) ? 0 : 2) + (short.startsWith(word) ? 0 : 1);
    const about = inside.has(id) ? `@${handle}` : t("@{handle} · not in this room", { handle });
    found.push({ choice: { id, name: handle, title: name || handle, about }, rank });
  }
  return found
    .sort((a, b) => a.rank - b.rank || compare(a.choice.title, b.choice.title))
    .map(({ choice }) => choice);
}

function rooms(state: State, word: string): Choice[] {
  return [...state.rooms.values()]
    .filter(
      (room) =>
        room.kind !== "direct" && !room.archived && begins(foldedOf(room, room.name)[0] as string, word),
    )
    .sort((a, b) => Number(b.joined) - Number(a.joined) || compare(a.name, b.name))
    .map(({ id, name, topic }) => ({ id, name, title: name, about: topic }));
}

const { compare } = new Intl.Collator();

const emoji = (find: EmojiFinder, word: string): Choice[] =>
  find(word, MOST).map(({ emoji, name }) => ({ id: emoji, name: emoji, title: emoji, about: name }));

const named = (commands: readonly Command[], word: string): Choice[] =>
  commands
    .filter(({ name }) => name.startsWith(word))
    .map(({ name, args, about }) => ({
      id: name,
      name,
      title: `/${name}${args && ` ${args}`}`,
      about,
    }));

/** What comes when it is first wanted. */
interface Tables {
  find?: EmojiFinder | undefined;
  commands?: readonly Command[] | undefined;
}

/** What what was started may become; nothing where it is complete. */
export function choices(
  state: State,
  room: Id,
  { sign, word }: Started,
  { find, commands = [] }: Tables = {},
): Choice[] {
  const wanted = folded(word);
  if (sign === "/") return named(commands, wanted);
  if (sign === ":") return find ? emoji(find, word.toLowerCase()) : [];
  const found = (sign === "@" ? members(state, room, wanted) : rooms(state, wanted)).slice(0, MOST);
  return found.length === 1 && folded(found[0]?.name ?? "") === wanted ? [] : found;
}
