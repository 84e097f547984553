import { t } from "../../i18n";
import type { Hit, Id } from "../../protocol";
import type { State } from "../../state/state";
import { answers, type Entry } from "../switch/entries";
import { fold } from "../switch/folded";
import { score } from "../switch/score";
import { filterWord, type Value, valuesFor } from "./filters";
import { namesIn, type Piece } from "./query";
import type { Session } from "./session";

/** One line that can be chosen. */
export type Option =
  | { type: "value"; key: string; value: Value }
  | { type: "entry"; key: string; entry: Entry }
  | { type: "recent"; key: string; text: string }
  | { type: "hit"; key: string; hit: Hit };

export interface Group {
  label: string;
  options: Option[];
}

export interface Shown {
  groups: Group[];
  /** The key of the one that Enter takes as long as none was chosen by hand. */
  first: string | null;
}

/** Rooms and people above messages. */
const PLACES = 4;
/** Messages above the files, where there are some of both. */
const ABOVE = 10;
const FILES = 5;
/** From so many points on a name is meant. */
const SURE = 50;

const entriesIn = (found: readonly Entry[]): Option[] =>
  found.map((entry) => ({ type: "entry", key: entry.key, entry }));

/** Whether a name begins so, or has it in it. */
function isSure(words: string, entry: Entry): boolean {
  const wanted = fold(words.replace(/^\s*[#@>]\s*/, "").trim());
  return [entry.title, entry.about.replace(/^@/, "")].some(
    (name, at) => (at === 0 || entry.type !== "command") && score(wanted, fold(name)) >= SURE,
  );
}

/** The rooms, people and commands that the words may mean. */
function placesFor(session: Session, open: Id | null, words: string, nothing: boolean): Entry[] {
  const { known, wanting } = session.places;
  const found = answers(known, words, open, wanting);
  if (/^\s*[#@>]/.test(words) || !words.trim()) return found;
  const places = found.filter(({ type }) => type !== "command");
  const sure = places.filter((entry) => isSure(words, entry));
  // Names that are only alike, and commands without their sign, are meant where nothing else is found.
  const alike = !nothing ? [] : places.length > 0 ? places : found;
  return (sure.length > 0 ? sure : alike).slice(0, PLACES);
}

/** All that is proposed and found, as it stands in the list. */
export function shownIn(
  session: Session,
  state: State,
  open: Id | null,
  typing: Piece | null,
  recents: () => readonly string[],
): Shown {
  const values = typing ? valuesFor(state, typing) : [];
  if (typing && values.length > 0) {
    const options = values.map((value): Option => ({ type: "value", key: `value:${value.key}`, value }));
    return { groups: [{ label: filterWord(typing.name ?? ""), options }], first: options[0]?.key ?? null };
  }
  const { finder, text } = session;
  const names = session.here === null ? namesIn(text) : null;
  const nothing = finder.current && finder.answer?.hits.length === 0;
  const entries = names === null ? [] : placesFor(session, open, names, nothing);
  const command = entries.length > 0 && entries.every(({ type }) => type === "command");
  const groups: Group[] = [
    { label: command ? t("Commands") : t("Rooms and people"), options: entriesIn(entries) },
  ];
  if (!text.trim()) {
    const options = recents().map((text): Option => ({ type: "recent", key: `recent:${text}`, text }));
    groups.push({ label: t("Recent searches"), options });
  } else groups.push(...hitsIn(session));
  const all = groups.filter(({ options }) => options.length > 0);
  return { groups: all, first: firstOf(session, names ?? "", entries, all) };
}

const keyOf = ({ message, file }: Hit): string => `hit:${message.id}:${file ?? ""}`;
/** The same one for a hit each time: what stands there is not drawn again. */
const lines = new WeakMap<Hit, Option>();
const optionsOf = (hits: readonly Hit[]): Option[] =>
  hits.map((hit) => {
    const found: Option = lines.get(hit) ?? { type: "hit", key: keyOf(hit), hit };
    lines.set(hit, found);
    return found;
  });

function hitsIn({ finder, sort }: Session): Group[] {
  const { answer } = finder;
  if (!answer) return [];
  const { hits, first } = answer;
  const page = hits.slice(0, first);
  const inFiles = page.filter(({ file }) => file !== null);
  const said = page.filter(({ file }) => file === null);
  // By date they stand in the order of their dates.
  if (answer.wanted.sort !== "relevance" || sort !== "relevance" || inFiles.length === 0)
    return [{ label: t("Messages"), options: optionsOf(hits) }];
  const above = said.slice(0, ABOVE);
  const files = inFiles.slice(0, FILES);
  const listed = new Set([...above, ...files]);
  const rest = hits.filter((hit) => !listed.has(hit));
  return [
    { label: t("Messages"), options: optionsOf(above) },
    { label: t("Files"), options: optionsOf(files) },
    { label: t("More"), options: optionsOf(rest) },
  ];
}

function firstOf(
  session: Session,
  words: string,
  entries: readonly Entry[],
  groups: readonly Group[],
): string | null {
  const [best] = entries;
  if (best && (!words.trim() || /^\s*[#@>]/.test(words) || isSure(words, best))) return best.key;
  const options = groups.flatMap(({ options }) => options);
  const hit = options.find(({ type }) => type === "hit");
  if (session.text.trim() && session.finder.waiting) return null;
  return (hit ?? options[0])?.key ?? null;
}
