import { t } from "../../i18n";
import { systemLine } from "../../i18n/system";
import type { Id, Message } from "../../protocol";
import { nameOf, type Row } from "../../state/selectors";
import type { State } from "../../state/state";
import { listed } from "./names";

/** Lines that events left, one after the other, in one row. */
export interface Fold {
  type: "fold";
  key: string;
  messages: Message[];
}

/** Rows with the lines of events that follow each other folded into one. */
export function folded(rows: readonly Row[]): (Row | Fold)[] {
  const out: (Row | Fold)[] = [];
  for (const row of rows) {
    const last = out.at(-1);
    if (row.type !== "system") out.push(row);
    else if (last?.type === "fold") last.messages.push(row.message);
    else if (last?.type === "system")
      out.splice(-1, 1, { type: "fold", key: last.key, messages: [last.message, row.message] });
    else out.push(row);
  }
  return out;
}

const ADDED = /^added @\S+$/;

/** What several events did, in as few sentences as say it: "Ana, Bo and 3 others joined the room". */
export function sentences(state: State, messages: readonly Message[]): string[] {
  const runs: Message[][] = [];
  for (const message of messages) {
    const run = runs.at(-1);
    if (run?.[0] && together(run[0], message)) run.push(message);
    else runs.push([message]);
  }
  return runs.map((run) => sentence(state, run));
}

const text = (message: Message): string => message.text ?? "";

function together(one: Message, other: Message): boolean {
  if (ADDED.test(text(one)) && ADDED.test(text(other))) return one.author === other.author;
  return text(one) === text(other) && /^(?:joined|left) the room$/.test(text(one));
}

function sentence(state: State, run: readonly Message[]): string {
  const [first] = run;
  if (!first) return "";
  if (run.length === 1) return `${nameOf(state, first.author)} ${systemLine(first)}`;
  if (ADDED.test(text(first))) {
    const people = listed(run.map((message) => byHandle(state, text(message).slice("added @".length))));
    return t("{name} added {people}", { name: nameOf(state, first.author), people });
  }
  const authors = [...new Set<Id>(run.map(({ author }) => author))];
  const people = listed(authors.map((id) => nameOf(state, id)));
  return text(first).startsWith("joined")
    ? t("{people} joined the room", { people })
    : t("{people} left the room", { people });
}

function byHandle(state: State, handle: string): string {
  for (const member of state.members.values()) if (member.handle === handle) return member.name || handle;
  return handle;
}
