// The licences of what is inside.
import { readdirSync, readFileSync } from "node:fs";

/** Packages whose data is in an asset; no module of theirs is. */
const DATA = ["emojibase-data"];

export function notices(packages, root) {
  const texts = [...new Set([...packages, ...DATA])].sort().map((name) => {
    const folder = `${root}/node_modules/${name}`;
    const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = readdirSync(folder).find((one) => /^licen[cs]e(\.|$)/i.test(one));
    if (!file) throw new Error(`${name} has no file with its licence.`);
    return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
  });
  return `The panel of collabchat holds these packages, as a whole or in part.\n\n${texts.join(`\n${"-".repeat(79)}\n\n`)}`;
}
