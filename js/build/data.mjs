// The data files that the panel asks for, by name: what each language says, and the table of emoji.
import { readdir, readFile } from "node:fs/promises";
import { emojiFiles } from "./emoji.mjs";

/** Names and contents. */
export async function dataFiles(src) {
  const made = await emojiFiles();
  for (const name of await readdir(`${src}/i18n`))
    if (name.endsWith(".json"))
      made[name] = JSON.stringify(JSON.parse(await readFile(`${src}/i18n/${name}`, "utf8")));
  return made;
}
