import { chunks } from "../chunks";
import { loadAsset } from "../lazy";
import type { Table } from "./table";

const tables = new Map<string, Promise<Table>>();

/** The table with the words of a language; English where it has none of it. */
export function loadEmoji(language: string): Promise<Table> {
  const known = [language, language.split("-")[0]].find((code) => `emoji-${code}.txt` in chunks.files);
  const key = known ?? "en";
  let found = tables.get(key);
  if (!found) {
    const other = key === "en" ? "" : textOf(`emoji-${key}.txt`);
    found = Promise.all([import("./table"), textOf("emoji.txt"), other]).then(([{ readTable }, all, words]) =>
      readTable(all, words),
    );
    tables.set(key, found);
    found.catch(() => tables.delete(key));
  }
  return found;
}

const textOf = async (name: string): Promise<string> => new TextDecoder().decode(await loadAsset(name));
