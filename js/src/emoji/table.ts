import { t } from "../i18n";
export interface Emoji {
  readonly emoji: string;
  /** What stands between colons, GitHub's names first; the first is the one to write. */
  readonly names: readonly string[];
  /** What it is called, in the language of the table. */
  readonly label: string;
  /** Whether it has tones of skin. */
  readonly skin: boolean;
  /** Index into `GROUPS`. */
  readonly group: number;
  /** Further words to find it by. */
  readonly keywords: readonly string[];
}

/** What the groups are called. */
export const GROUPS = [
  () => t("Smileys and feelings"),
  () => t("People and bodies"),
  () => t("Animals and nature"),
  () => t("Food and drink"),
  () => t("Travel and places"),
  () => t("Activities"),
  () => t("Objects"),
  () => t("Symbols"),
  () => t("Flags"),
] as const;

/** All emoji, in the order in which a palette shows them. */
export class Table {
  private readonly names = new Map<string, Emoji>();
  private readonly signs = new Map<string, Emoji>();

  constructor(readonly all: readonly Emoji[]) {
    for (const one of all) {
      for (const name of one.names) if (!this.names.has(name)) this.names.set(name, one);
      this.signs.set(bare(one.emoji), one);
    }
  }

  /** The emoji of `:name:`. */
  byName(name: string): string | undefined {
    return this.names.get(name)?.emoji;
  }

  /** What is known of an emoji, whatever its tone. */
  of(emoji: string): Emoji | undefined {
    return this.signs.get(bare(emoji));
  }

  /** The best first; all of the words must be found. */
  search(words: string, limit = 50): Emoji[] {
    const wanted = folded(words)
      .replaceAll(":", " ")
      .split(/[\s_]+/)
      .filter(Boolean);
    if (wanted.length === 0) return this.all.slice(0, limit);
    const whole = wanted.join(" ");
    const found: { one: Emoji; rank: number }[] = [];
    for (const one of this.all) {
      const rank = ranked(one, wanted, whole);
      if (rank < Number.POSITIVE_INFINITY) found.push({ one, rank });
    }
    return found
      .sort((a, b) => a.rank - b.rank)
      .slice(0, limit)
      .map(({ one }) => one);
  }
}

const bare = (emoji: string): string => emoji.replace(/[\u{FE0F}\u{1F3FB}-\u{1F3FF}]/gu, "");

/** Without case and accents, so that "cafe" finds "Café". */
const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const searched = new WeakMap<Emoji, { names: string[]; label: string; keywords: string[] }>();

function ranked(one: Emoji, wanted: string[], whole: string): number {
  let known = searched.get(one);
  if (!known) {
    known = {
      names: one.names.map((name) => folded(name).replaceAll("_", " ")),
      label: folded(one.label),
      keywords: one.keywords.map(folded),
    };
    searched.set(one, known);
  }
  const { names, label, keywords } = known;
  if (one.emoji === whole || names.includes(whole) || label === whole) return 0;
  if (names.some((name) => name.startsWith(whole)) || label.startsWith(whole)) return 1;
  let rank = 0;
  for (const word of wanted) {
    const begins = (text: string) => text.startsWith(word) || text.includes(` ${word}`);
    if (names.some(begins) || begins(label)) rank = Math.max(rank, 2);
    else if (keywords.includes(word)) rank = Math.max(rank, 3);
    else if (keywords.some(begins)) rank = Math.max(rank, 4);
    else if (names.some((name) => name.includes(word)) || label.includes(word)) rank = Math.max(rank, 5);
    else return Number.POSITIVE_INFINITY;
  }
  return rank;
}

/** Reads the table as js/build/emoji.mjs writes it; `other` are labels and keywords of another language. */
export function readTable(text: string, other = ""): Table {
  const lines = other ? other.split("\n") : [];
  const list = (words: string | undefined) => (words ? words.split(",") : []);
  return new Table(
    text.split("\n").map((line, i) => {
      const [emoji = "", skin = "", group = "0", names = "", label = "", keywords = ""] = line.split("\t");
      const [ownLabel = "", ownKeywords = ""] = lines[i]?.split("\t") ?? [];
      return {
        emoji,
        names: list(names),
        label: ownLabel || label,
        skin: skin === "1",
        group: Number(group),
        // The English words find it too.
        keywords: ownLabel ? [...list(ownKeywords), label, ...list(keywords)] : list(keywords),
      };
    }),
  );
}
