export interface Words {
  keys: Map<string, { one: string | null; places: string[] }>;
  problems: string[];
}
type Dictionary = Record<string, string | Record<string, string>>;

export function wordsIn(
  file: string,
  source: string,
): { keys: { key: string; one: string | null; at: string }[]; problems: string[] };
export function wordsOf(folder: string): Promise<Words>;
export function languagesIn(folder: string): Promise<string[]>;
export function readLanguage(folder: string, code: string): Promise<Dictionary>;
export function compare(
  code: string,
  dictionary: Dictionary,
  keys: Words["keys"],
): { missing: string[]; superfluous: string[]; wrong: string[] };
export function completed(code: string, dictionary: Dictionary, keys: Words["keys"]): Dictionary;
