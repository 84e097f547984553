// The data files that the panel asks for, by name: what each language says, and the table of emoji.
import { readdir, readFile } from "node:fs/promises";
import { emojiFiles } from "./emoji.mjs";

/** Names and contents. */
export async function dataFiles(src) {
  const names = (await readdir(`${src}/i18n`)).filter((name) => name.endsWith(".json")).sort();
  const made = await emojiFiles(names.map((name) => name.slice(0, -".json".length)));
  for (const name of names)
    made[name] = JSON.stringify(JSON.parse(await readFile(`${src}/i18n/${name}`, "utf8")));
  return made;
}
