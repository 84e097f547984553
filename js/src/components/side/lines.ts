import { spoken, t } from "../../i18n";
import type { Id, Member, Room } from "../../protocol";
import { partner, starred, titleOf, wants } from "../../state/selectors";
import type { State } from "../../state/state";
import { fold } from "../switch/folded";

/** A part of the list that can be folded. */
export type Section = "starred" | "people" | "rooms" | "recent" | "archived";

/** One line of the list of conversations. */
export type Line =
  | { type: "heading"; key: string; section: Section; text: string; folded: boolean }
  | { type: "room"; key: string; room: Room; star: boolean }
  | { type: "person"; key: string; member: Member }
  | { type: "all"; key: string; section: Section; count: number };

export interface Wanted {
  view: "recent" | "category";
  /** What the names have to hold. */
  words: string;
  /** By section: folded, or shown to its end. */
  folded: ReadonlySet<Section>;
  whole: ReadonlySet<Section>;
  /** Stands where unread ones stand, though it is read by now: it is being read. */
  held: Id | null;
}

/** What a section shows before one asks for all of it. */
export const MOST = 100;
/** More members than this are not listed beside those one talks to: the field finds them. */
const SMALL_TEAM = 60;

let collator = { language: "", compare: new Intl.Collator().compare };
function compare(): (a: string, b: string) => number {
  if (collator.language !== spoken())
    collator = {
      language: spoken(),
      compare: new Intl.Collator(spoken(), { sensitivity: "base", numeric: true }).compare,
    };
  return collator.compare;
}

function sorted<T>(items: readonly T[], title: (item: T) => string): T[] {
  const by = compare();
  return items
    .map((item) => ({ item, title: title(item) }))
    .sort((a, b) => by(a.title, b.title))
    .map(({ item }) => item);
}

const nameIn = (member: Member): string => member.name || member.handle;
const time = (room: Room): number => room.last?.time ?? room.created_at;

/** Those with something new before the others, each part in its order. */
function unreadFirst(state: State, rooms: readonly Room[], held: Id | null): readonly Room[] {
  if (!state.preferences.unread_first) return rooms;
  const isNew = (room: Room) => room.id === held || wants(state, room);
  return [...rooms.filter(isNew), ...rooms.filter((room) => !isNew(room))];
}

function matcher(state: State, words: string): (room: Room) => boolean {
  const wanted = fold(words.trim().replace(/^[#@]/, ""));
  if (!wanted) return () => true;
  return (room) => {
    const other = room.kind === "direct" ? partner(state, room) : undefined;
    return fold(`${titleOf(state, room)} ${other?.handle ?? ""}`).includes(wanted);
  };
}

/** The whole list, as it is to be drawn. */
export function linesOf(state: State, wanted: Wanted): Line[] {
  const fits = matcher(state, wanted.words);
  const mine = [...state.rooms.values()].filter((room) => room.joined && fits(room));
  const away = (room: Room) => room.archived && (wanted.view === "category" || room.unread === 0);
  const archived = sorted(mine.filter(away), (room) => titleOf(state, room));
  const stars = starred(state).filter((room) => room.joined && !room.archived && fits(room));
  const first = new Set(stars.map((room) => room.id));
  const others = mine.filter((room) => !away(room) && !first.has(room.id));
  const lines = new Lines(state, wanted);
  if (stars.length > 0)
    lines.section(
      "starred",
      t("Starred"),
      stars.map((room) => roomLine(room, true)),
    );
  if (wanted.view === "recent") {
    const list = unreadFirst(
      state,
      others.sort((a, b) => time(b) - time(a)),
      wanted.held,
    );
    lines.section(
      "recent",
      stars.length > 0 ? t("Recent") : null,
      list.map((room) => roomLine(room)),
    );
  } else {
    lines.section("people", t("People"), peopleOf(state, others, wanted, first));
    const named = sorted(
      others.filter((room) => room.kind !== "direct"),
      (room) => room.name,
    );
    lines.section(
      "rooms",
      t("Rooms"),
      unreadFirst(state, named, wanted.held).map((room) => roomLine(room)),
    );
  }
  lines.section(
    "archived",
    t("Archived ({n})", { n: archived.length }),
    archived.map((room) => roomLine(room)),
  );
  return lines.all;
}

const roomLine = (room: Room, star = false): Line => ({ type: "room", key: room.id, room, star });

/** People, with the direct room where there is one; in a small team also those one has not written to. */
function peopleOf(state: State, others: Room[], wanted: Wanted, first: ReadonlySet<Id>): Line[] {
  const rooms = new Map<Id, Room>();
  const starredOnes = new Set<Id>();
  for (const room of state.rooms.values()) {
    const other = room.kind === "direct" && first.has(room.id) ? partner(state, room) : undefined;
    if (other) starredOnes.add(other.id);
  }
  for (const room of others) {
    const other = room.kind === "direct" ? partner(state, room) : undefined;
    if (other) rooms.set(other.id, room);
  }
  const words = fold(wanted.words.trim().replace(/^[#@]/, ""));
  const small = state.members.size <= SMALL_TEAM;
  const isThere = (member: Member): boolean =>
    rooms.has(member.id) ||
    (member.id !== state.me &&
      !starredOnes.has(member.id) &&
      (words ? fold(`${nameIn(member)} ${member.handle}`).includes(words) : small));
  const people = sorted([...state.members.values()].filter(isThere), nameIn);
  const known = people
    .map((member) => rooms.get(member.id))
    .filter((room): room is Room => room !== undefined);
  if (!state.preferences.unread_first)
    return people.map((member) => personLine(member, rooms.get(member.id)));
  const order = unreadFirst(state, known, wanted.held).filter(
    (room) => room.id === wanted.held || wants(state, room),
  );
  const up = new Set(order.map((room) => room.id));
  const rest = people.filter((member) => !up.has(rooms.get(member.id)?.id ?? ""));
  return [
    ...order.map((room) => roomLine(room)),
    ...rest.map((member) => personLine(member, rooms.get(member.id))),
  ];
}

const personLine = (member: Member, room: Room | undefined): Line =>
  room ? roomLine(room) : { type: "person", key: `member:${member.id}`, member };

class Lines {
  readonly all: Line[] = [];

  constructor(
    private readonly state: State,
    private readonly wanted: Wanted,
  ) {}

  section(section: Section, title: string | null, lines: Line[]): void {
    if (lines.length === 0) return;
    const filtering = this.wanted.words.trim() !== "";
    const folded = !filtering && title !== null && this.wanted.folded.has(section);
    if (title !== null)
      this.all.push({ type: "heading", key: `heading:${section}`, section, text: title, folded });
    // What is new in a folded part stays in sight.
    const shown = folded
      ? lines.filter((line) => line.type === "room" && section !== "archived" && wants(this.state, line.room))
      : lines;
    const whole = this.wanted.whole.has(section) || shown.length <= MOST + 1;
    this.all.push(...(whole ? shown : shown.slice(0, MOST)));
    if (!whole) this.all.push({ type: "all", key: `all:${section}`, section, count: shown.length });
  }
}

/** The conversations from the top down, whatever is folded: what "next" and "previous" go by. */
export function orderOf(state: State): Room[] {
  const none = new Set<Section>();
  const lines = linesOf(state, {
    view: state.preferences.view,
    words: "",
    folded: none,
    whole: new Set<Section>(["starred", "people", "rooms", "recent", "archived"]),
    held: null,
  });
  return lines.flatMap((line) => (line.type === "room" && !line.room.archived ? [line.room] : []));
}

/** The next one, or the one before, that wants to be read; past an end it goes on from the other. */
export function unreadBeside(state: State, open: Id | null, by: 1 | -1): Room | undefined {
  const order = orderOf(state);
  const at = order.findIndex((room) => room.id === open);
  const others = [...order.slice(at + 1), ...order.slice(0, Math.max(0, at))].filter((room) =>
    wants(state, room),
  );
  return others.at(by > 0 ? 0 : -1);
}
