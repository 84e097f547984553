import type { Id, Member, Room } from "../../protocol";
import { partner, recent, titleOf } from "../../state/selectors";
import type { State } from "../../state/state";
import type { Command } from "./commands";
import { fold } from "./folded";
import { score } from "./score";

/** Something one can go to. */
export type Entry =
  | { type: "room"; key: string; title: string; about: string; room: Room; other: Member | undefined }
  | { type: "person"; key: string; title: string; about: string; member: Member }
  | { type: "command"; key: string; title: string; about: string; command: Command };

/** Something one can go to, ready to be compared. */
export interface Known {
  entry: Entry;
  /** What it answers to, folded. */
  names: string[];
  /** Among equals the larger one comes first. */
  weight: number;
}

/** Everything there is, ready to be searched. */
export function knownIn(state: State, commands: readonly Command[]): Known[] {
  const known: Known[] = [];
  const direct = new Set<Id>();
  const mine = recent(state);
  mine.forEach((room, at) => {
    const other = room.kind === "direct" ? partner(state, room) : undefined;
    if (other) direct.add(other.id);
    const title = titleOf(state, room);
    const about = other ? `@${other.handle}` : room.topic;
    const names = other ? [fold(title), fold(other.handle)] : [fold(title)];
    known.push({
      entry: { type: "room", key: `room:${room.id}`, title, about, room, other },
      names,
      weight: 12 - 8 * (at / mine.length),
    });
  });
  const listed = new Set(mine.map((room) => room.id));
  for (const room of state.rooms.values())
    if (!listed.has(room.id) && room.kind !== "direct")
      known.push({
        entry: {
          type: "room",
          key: `room:${room.id}`,
          title: room.name,
          about: room.topic,
          room,
          other: undefined,
        },
        names: [fold(room.name)],
        weight: room.archived ? -6 : 0,
      });
  for (const member of state.members.values()) {
    if (member.id === state.me || direct.has(member.id)) continue;
    const title = member.name || member.handle;
    known.push({
      entry: { type: "person", key: `member:${member.id}`, title, about: `@${member.handle}`, member },
      names: [fold(title), fold(member.handle)],
      weight: 2,
    });
  }
  for (const command of commands)
    known.push({
      entry: { type: "command", key: `command:${command.id}`, title: command.title, about: "", command },
      names: [fold(command.title), ...command.words.map(fold)],
      weight: -2,
    });
  return known;
}

const SHOWN = 12;
const AT_FIRST = 8;

/**
 * What answers the words best: "#" looks for rooms alone, "@" for people, ">" for commands. Without words, the newest
 * conversations, those that want one first.
 */
export function answers(
  known: readonly Known[],
  words: string,
  open: Id | null,
  wanting: ReadonlySet<Id> = new Set(),
): Entry[] {
  const sign = /^\s*[#@>]/.exec(words)?.[0].trim();
  const query = fold(words.replace(/^\s*[#@>]\s*/, "").trim());
  const fits = ({ entry }: Known): boolean => {
    if (sign === ">") return entry.type === "command";
    if (sign === "@") return entry.type === "person" || (entry.type === "room" && entry.other !== undefined);
    if (sign === "#") return entry.type === "room" && entry.other === undefined;
    return true;
  };
  if (!query) {
    const elsewhere = known.filter(
      (one) => fits(one) && !(one.entry.type === "room" && one.entry.room.id === open),
    );
    if (sign) return elsewhere.slice(0, SHOWN).map(({ entry }) => entry);
    const mine = elsewhere.filter(
      ({ entry }) => entry.type === "room" && entry.room.joined && !entry.room.archived,
    );
    return mine
      .map((one, at) => ({ ...one, at, unread: one.entry.type === "room" && wanting.has(one.entry.room.id) }))
      .sort((a, b) => Number(b.unread) - Number(a.unread) || a.at - b.at)
      .slice(0, AT_FIRST)
      .map(({ entry }) => entry);
  }
  return known
    .filter(fits)
    .map((one) => ({ one, points: Math.max(...one.names.map((name) => score(query, name))) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points + b.one.weight - a.points - a.one.weight)
    .slice(0, SHOWN)
    .map(({ one }) => one.entry);
}
