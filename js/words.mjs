// What a language of the panel lacks, and what it has left over: `npm run words de`. `--write` puts the missing ones
// into its file with nothing behind them, takes out what is left over, and makes the file where there is none.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compare, completed, languagesIn, readLanguage, wordsOf } from "./build/words.mjs";

const src = fileURLToPath(new URL("src", import.meta.url));
const write = process.argv.includes("--write");
const named = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const known = await languagesIn(src);

for (const code of named) {
  const [own] = /^[a-z]{2,3}(-[A-Za-z]{2,4})?$/.test(code) ? Intl.getCanonicalLocales(code) : [];
  if (own !== code) stop(`“${code}” is no language: give its code as BCP 47 writes it, as in fr or pt-BR.`);
  if (!known.includes(code) && !write) stop(`There is no src/i18n/${code}.json; --write begins it.`);
}

const { keys, problems } = await wordsOf(src);
let bad = problems.length;
for (const problem of problems) console.log(problem);
for (const code of named.length > 0 ? named : known) {
  let dictionary = known.includes(code) ? await readLanguage(src, code) : {};
  if (write) {
    dictionary = completed(code, dictionary, keys);
    writeFileSync(`${src}/i18n/${code}.json`, `${JSON.stringify(dictionary, null, 2)}\n`);
  }
  const { missing, superfluous, wrong } = compare(code, dictionary, keys);
  bad += missing.length + superfluous.length + wrong.length;
  console.log(`${code}: ${keys.size} texts, ${missing.length} of them or of their forms missing`);
  for (const key of missing) console.log(`  missing: ${key}`);
  for (const key of superfluous) console.log(`  left over: ${key}`);
  for (const text of wrong) console.log(`  wrong: ${text}`);
}
process.exitCode = bad > 0 ? 1 : 0;

function stop(problem) {
  console.error(problem);
  process.exit(2);
}
