// The table of emoji, compact: one text in English for all, and one for each further language.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const read = async (path) => JSON.parse(await readFile(require.resolve(`emojibase-data/${path}`), "utf8"));

/** Groups that a palette shows, in the order of the data. Letters and tones alone are none. */
const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9];

const TONES = ["\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];

/** As `withSkin` of src/emoji/table.ts does. */
function toned(emoji, tone) {
  let made = "";
  let last = "";
  for (const sign of emoji) {
    if (sign === "\u{FE0F}" && made.endsWith(tone)) continue;
    made += sign;
    const held = sign === "\u{1F91D}" && last === "\u{200D}";
    if (/\p{Emoji_Modifier_Base}/u.test(sign) && !held) made += tone;
    last = sign;
  }
  return made;
}

/** Each emoji a line: itself, `1` where it has tones, group, names, label, keywords; between them a tab. */
export async function emojiFiles(languages = []) {
  const [data, github, others, ...tables] = await Promise.all([
    read("en/compact.json"),
    read("en/shortcodes/github.json"),
    read("en/shortcodes/emojibase.json"),
    // A language that the data does not have goes without: its emoji are found by their English names.
    ...languages.map((code) => read(`${code.toLowerCase()}/compact.json`).catch(() => [])),
  ]);
  const list = (value) => (value === undefined ? [] : [value].flat());
  const lines = [];
  const inOthers = tables.map((table) => new Map(table.map((one) => [one.hexcode, one])));
  const linesOfOthers = tables.map(() => []);
  const shown = data
    .filter((one) => GROUPS.includes(one.group))
    .sort((a, b) => a.group - b.group || a.order - b.order);
  for (const one of shown) {
    // GitHub's names first; for what is newer than those, the data's own.
    const own = list(github[one.hexcode]);
    const names = own.length > 0 ? own : list(others[one.hexcode]).slice(0, 1);
    const even = list(one.skins).filter(({ unicode }) => {
      const tones = [...unicode].filter((sign) => TONES.includes(sign));
      return tones.length > 0 && tones.every((tone) => tone === tones[0]);
    });
    const skinned = TONES.every((tone) =>
      even.some(({ unicode }) => bare(unicode) === bare(toned(one.unicode, tone))),
    );
    if (one.skins && !skinned)
      throw new Error(`The tones of ${one.unicode} (${one.hexcode}) are not understood.`);
    const known = new Set(`${names.join(" ")} ${one.label}`.toLowerCase().split(/[\s_]+/));
    const words = (tags) =>
      [...new Set(list(tags))]
        .filter((tag) => !known.has(tag.toLowerCase()))
        .slice(0, 8)
        .join(",");
    // The sign that asks for colour is said only where an emoji is not coloured by itself, as keyboards do it.
    const emoji = one.unicode.replace(/(\p{Emoji_Presentation})\u{FE0F}/gu, "$1");
    lines.push(
      [emoji, skinned ? 1 : "", GROUPS.indexOf(one.group), names.join(","), one.label, words(one.tags)].join(
        "\t",
      ),
    );
    for (const [at, table] of inOthers.entries()) {
      const { label = "", tags } = table.get(one.hexcode) ?? {};
      linesOfOthers[at].push([label, list(tags).slice(0, 10).join(",")].join("\t"));
    }
  }
  const files = { "emoji.txt": lines.join("\n") };
  for (const [at, code] of languages.entries())
    if (inOthers[at].size > 0) files[`emoji-${code}.txt`] = linesOfOthers[at].join("\n");
  return files;
}

const bare = (emoji) => emoji.replaceAll("\u{FE0F}", "");
