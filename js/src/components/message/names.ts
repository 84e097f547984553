import { spoken, t, tn } from "../../i18n";
import type { Id } from "../../protocol";
import { nameOf } from "../../state/selectors";
import type { State } from "../../state/state";

const lists = new Map<string, Intl.ListFormat>();

/** Names as a sentence has them: "Ana, Bo and 3 others". */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.length > most ? names.slice(0, most - 1) : names;
  const rest = names.length - shown.length;
  const all = rest > 0 ? [...shown, tn(rest, "1 other", "{n} others")] : shown;
  let format = lists.get(spoken());
  if (!format) {
    format = new Intl.ListFormat(spoken(), { type: "conjunction" });
    lists.set(spoken(), format);
  }
  return format.format(all);
}

/** The names of members, oneself as "you" and last. */
export function namesOf(state: State, ids: readonly Id[]): string[] {
  const others = ids.filter((id) => id !== state.me).map((id) => nameOf(state, id));
  return ids.includes(state.me) ? [...others, t("you")] : others;
}
