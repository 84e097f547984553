import { useEffect, useReducer, useState } from "preact/hooks";
import { chunks } from "../chunks";
import { type Dictionary, speak, spoken } from "../i18n";
import { loadJson } from "../lazy";

/** English is in the code; the others are files of their own, named by their code. */
export const languages = (): string[] => [
  "en",
  ...Object.keys(chunks.files).flatMap(
    (name) => /^([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\.json$/.exec(name)?.[1] ?? [],
  ),
];

/** What a language calls itself. */
export function ownName(code: string): string {
  const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}

/** The language to speak: the chosen one, else the first of the browser's that there is. */
export function languageFor(chosen: string, known: readonly string[], browser: readonly string[]): string {
  const wanted = chosen === "auto" ? browser : [chosen];
  for (const code of wanted) {
    const found = [code, code.split("-")[0] ?? code].find((one) => known.includes(one));
    if (found) return found;
  }
  return "en";
}

const kept = new Map<string, Dictionary>([["en", {}]]);

/** Speaks the chosen language as soon as its words are there; gives the one that is spoken now. */
export function useLanguage(chosen: string): string {
  const browser = navigator.languages ?? [navigator.language];
  const wanted = languageFor(chosen, languages(), browser);
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const [failed, setFailed] = useState("");
  const words = kept.get(wanted);
  if (words && spoken() !== wanted) speak(wanted, words);
  useEffect(() => {
    if (words || failed === wanted) return;
    let gone = false;
    loadJson<Dictionary>(`${wanted}.json`).then(
      (found) => {
        kept.set(wanted, found);
        if (!gone) draw(undefined);
      },
      () => {
        // English stays. With the next choice, or the next page, it is asked for again.
        if (!gone) setFailed(wanted);
      },
    );
    return () => {
      gone = true;
    };
  }, [wanted, words, failed]);
  return spoken();
}
