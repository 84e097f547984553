import { Frequent } from "../../emoji/frequent";
import { loadEmoji as load } from "../../emoji/load";
import { type Tone, withSkin } from "../../emoji/skin";
import type { Table } from "../../emoji/table";
import { spoken } from "../../i18n";
import type { Panel } from "../../panel";
import type { EmojiFinder } from "../../state/complete";

let table: { language: string; all: Table } | null = null;

/** The table of emoji, in the language of the panel. */
export async function loadEmoji(): Promise<Table> {
  const language = spoken();
  const all = await load(language);
  table = { language, all };
  return all;
}

/** Finds emoji by their names, once the table is there: those that one uses first. */
export function emojiFinder(panel: Panel): EmojiFinder | undefined {
  if (!table || table.language !== spoken()) return undefined;
  const { all } = table;
  return (word, most) => {
    const used = new Frequent(panel.memory.lasting).list(40);
    const rank = (emoji: string) => {
      const at = used.indexOf(emoji);
      return at < 0 ? used.length : at;
    };
    return all
      .search(word, 40)
      .map((one) => ({
        emoji: withSkin(one, panel.state.preferences.skin as Tone),
        name: `:${one.names[0]}:`,
      }))
      .map((one, at) => ({ one, at, rank: rank(one.emoji) }))
      .sort((a, b) => a.rank - b.rank || a.at - b.at)
      .slice(0, most)
      .map(({ one }) => one);
  };
}
