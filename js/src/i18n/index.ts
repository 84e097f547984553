/**
 * The panel's words. The English ones stand in the code; a language is one file beside this one that gives each of
 * them its own. What a language does not have stays English.
 */
export interface Dictionary {
  readonly [english: string]: string | { readonly [category: string]: string };
}

type Values = Readonly<Record<string, string | number>>;

let language = "en";
let words: Dictionary = {};
let plurals = new Intl.PluralRules("en");

/** Speak this language from the next drawing on. */
export function speak(code: string, dictionary: Dictionary): void {
  language = code;
  words = dictionary;
  plurals = new Intl.PluralRules(code);
}

/** The language that is spoken, as a BCP 47 tag. */
export const spoken = (): string => language;

const filled = (text: string, values: Values | undefined): string =>
  values ? text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : text;

/** A text of the panel; `{name}` in it stands for a value. */
export function t(english: string, values?: Values): string {
  const found = words[english];
  return filled(typeof found === "string" && found ? found : english, values);
}

/** A text that counts: `{n}` is the number. A language gives its forms under the English plural. */
export function tn(n: number, one: string, other: string, values?: Values): string {
  const all = { n, ...values };
  const forms = words[other];
  const form = typeof forms === "object" && (forms[plurals.select(n)] || forms.other);
  if (form) return filled(form, all);
  return filled(n === 1 ? one : other, all);
}
