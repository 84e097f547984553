import { t } from "../../i18n";
import type { Id, Member, Room } from "../../protocol";
import { partner, titleOf } from "../../state/selectors";
import type { State } from "../../state/state";
import { fold } from "../switch/folded";
import { score } from "../switch/score";
import { type Proposed, proposedDates } from "./dates";
import type { Piece } from "./query";

/** What a filter may be given. */
export interface Value extends Proposed {
  key: string;
  member?: Member | undefined;
  room?: Room | undefined;
}

const HAS = () => ({
  file: t("A file"),
  link: t("A link"),
  image: t("A picture"),
  code: t("Code"),
  reaction: t("A reaction"),
  pin: t("A pin"),
  question: t("A question"),
});
const IS = () => ({
  thread: t("In a thread"),
  unread: t("Unread"),
  starred: t("In a conversation with a star"),
  pinned: t("Pinned"),
  edited: t("Edited"),
});
const TYPES = () => ({
  picture: t("Pictures"),
  data: t("Data"),
  document: t("Documents"),
  code: t("Code"),
  notebook: t("Notebooks"),
  sound: t("Sound"),
  video: t("Video"),
  archive: t("Archives"),
  poll: t("Polls"),
  public: t("In public rooms"),
  private: t("In private rooms"),
  direct: t("In conversations of two"),
});

/** What a filter is called. */
export function filterWord(name: string): string {
  switch (name) {
    case "from":
      return t("From");
    case "in":
      return t("In");
    case "to":
      return t("To");
    case "mentions":
      return t("Mentions");
    case "has":
      return t("With");
    case "before":
      return t("Before");
    case "after":
      return t("After");
    case "on":
      return t("On");
    case "during":
      return t("During");
    case "is":
      return t("Is");
    default:
      return t("Kind");
  }
}

/** Those that a button stands for. */
export const OFFERED: readonly string[] = ["from", "in", "has", "during", "is", "type"];

const MOST = 12;

const fixed = (words: Readonly<Record<string, string>>): Value[] =>
  Object.entries(words).map(([value, title]) => ({ key: value, value, title, about: value }));

function people(state: State): Value[] {
  const order = [...state.members.values()].sort(
    (a, b) =>
      Number(b.id === state.me) - Number(a.id === state.me) ||
      (a.name || a.handle).localeCompare(b.name || b.handle),
  );
  return order.map((member) => ({
    key: member.id,
    value: member.handle,
    title: member.name || member.handle,
    about: member.id === state.me ? t("@{handle} · you", { handle: member.handle }) : `@${member.handle}`,
    member,
  }));
}

function rooms(state: State): Value[] {
  const order = [...state.rooms.values()].sort(
    (a, b) =>
      Number(b.joined) - Number(a.joined) || (b.last?.time ?? b.created_at) - (a.last?.time ?? a.created_at),
  );
  return order.map((room) => {
    const other = room.kind === "direct" ? partner(state, room) : undefined;
    return {
      key: room.id,
      value: other ? `@${other.handle}` : room.name,
      title: titleOf(state, room),
      about: other ? `@${other.handle}` : room.topic,
      member: other,
      room,
    };
  });
}

function all(state: State, name: string): Value[] {
  switch (name) {
    case "from":
    case "to":
    case "mentions":
      return people(state);
    case "in":
      return rooms(state);
    case "has":
      return fixed(HAS());
    case "is":
      return fixed(IS());
    case "type":
      return fixed(TYPES());
    default:
      return proposedDates(name, state.preferences.week !== "auto").map((date) => ({
        key: date.value,
        ...date,
      }));
  }
}

/** What the value of a filter may become; nothing where it is complete. */
export function valuesFor(state: State, { name, value }: Piece): Value[] {
  if (name === null) return [];
  const known = all(state, name);
  const wanted = fold(value.replace(/^[@#]/, "").trim());
  if (!wanted) return known.slice(0, MOST);
  if (known.some((one) => fold(one.value) === fold(value))) return [];
  return known
    .map((one) => ({ one, points: Math.max(score(wanted, fold(one.title)), score(wanted, fold(one.value))) }))
    .filter(({ points }) => points > 18)
    .sort((a, b) => b.points - a.points)
    .slice(0, MOST)
    .map(({ one }) => one);
}

/** What a filter that is set says to a reader. */
export function filterText(state: State, { name, value, not }: Piece): string {
  const wanted = fold(value.replace(/^#/, ""));
  const found = all(state, name ?? "").find(
    (one) => fold(one.value) === wanted || (wanted === "me" && one.key === state.me),
  );
  const about = found?.title ?? value;
  const values = { filter: filterWord(name ?? ""), value: about };
  return not ? t("Not {filter}: {value}", values) : t("{filter}: {value}", values);
}

/** The open room, where the search is kept to it. */
export const roomText = (state: State, room: Id): string => {
  const found = state.rooms.get(room);
  return found ? titleOf(state, found) : "";
};
