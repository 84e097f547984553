import type { FileId, Month, SharedFile, SharedLink, SharedPage } from "../../protocol";
import { Refused } from "../../sync";
import type { Question } from "./query";

export type Entry = SharedFile | SharedLink;
export type Ask = (question: Question & { offset: number; limit: number }) => Promise<SharedPage>;

/** Entries of a page, and the pages that are kept at most. */
export const PAGE = 100;
export const PAGES = 12;
/** Pages that are asked for at a time. */
const AT_ONCE = 2;
/** After something has happened, the list is asked for again so soon (ms), and at most so often. */
const SOON = 80;
const EVERY = 1_000;

/** One may not see the room any more: nor what was here. */
const GONE: ReadonlySet<string> = new Set(["not_found", "forbidden"]);

export const keyOf = (entry: Entry): string =>
  entry.type === "shared_file" ? entry.id : `link:${entry.url}`;

/** An entry in sight, and where it stands. */
export interface Seen {
  key: string;
  index: number;
}

/** Who looks at a list. */
export interface Sight {
  /** What is in sight, from the top. */
  seen(): readonly Seen[];
  changed(): void;
}

/** How long the list is, and which months it has. */
export interface Found {
  total: number;
  months: readonly Month[];
}

/** Why the list is another one than before: another question, or what was in sight stands elsewhere now. */
export type Turn =
  | { why: "question" }
  /** The entry that stood at `from`, in sight, stands `by` places further down now. */
  | { why: "news"; from: number; by: number };

/** The files and links that fit a question, of which those near to what one looks at are there. */
export class Listing {
  found: Found | null = null;
  problem: string | null = null;
  /** What is here answers an earlier question. */
  stale = false;
  /** Counts the lists that took the place of another one. */
  version = 0;
  turn: Turn = { why: "question" };
  private question: Question | null = null;
  /** The one that was used last stands last. */
  private readonly pages = new Map<number, readonly Entry[]>();
  private readonly asking = new Set<number>();
  private wanted: readonly number[] = [];
  /** Counts what was asked anew: only answers to the last count. */
  private round = 0;
  private refreshing = false;
  private again = false;
  private last = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sight: Sight | null = null;

  constructor(private readonly ask: Ask) {}

  /** Somebody looks at it, or nobody any more: what is here stays for when they come back. */
  watch(sight: Sight | null): void {
    this.sight = sight;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wanted = [];
    this.round += 1;
    this.asking.clear();
  }

  at(index: number): Entry | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Ask something else; what is there stays until the answer comes. `near` is what will be in sight. */
  open(question: Question, near = 0): void {
    const same = JSON.stringify(question) === JSON.stringify(this.question);
    this.question = question;
    if (same && this.found !== null && !this.stale && this.problem === null) return void this.refresh();
    this.stale = this.found !== null;
    this.problem = null;
    this.wanted = [];
    void this.start(near);
    this.sight?.changed();
  }

  /** Have these entries there; what was wanted before and is not any more is not asked for. */
  need(from: number, to: number): void {
    const first = Math.floor(from / PAGE);
    const last = Math.floor(Math.max(from, to - 1) / PAGE);
    this.wanted = Array.from({ length: last - first + 1 }, (_, n) => first + n);
    for (const page of this.wanted) {
      const entries = this.pages.get(page);
      if (!entries) continue;
      this.pages.delete(page);
      this.pages.set(page, entries);
    }
    this.pump();
  }

  /** Something happened that may be about these files and links. */
  happened(): void {
    if (this.refreshing || this.stale) {
      this.again = true;
      return;
    }
    if (this.timer !== undefined || this.sight === null) return;
    const wait = Math.max(SOON, this.last + EVERY - Date.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.refresh();
    }, wait);
  }

  retry(): void {
    this.problem = null;
    if (this.found === null || this.stale) void this.start(0);
    else {
      this.pump();
      this.happened();
    }
    this.sight?.changed();
  }

  /** Entries from an index on, wherever they are; at most as many as a page of the hub may have. */
  async some(offset: number, limit: number): Promise<Entry[]> {
    if (!this.question) return [];
    const here: Entry[] = [];
    for (let index = offset; index < offset + limit; index++) {
      const entry = this.at(index);
      if (!entry) break;
      here.push(entry);
    }
    const rest = limit - here.length;
    if (rest <= 0 || (this.found && offset + here.length >= this.found.total)) return here;
    const page = await this.ask({
      ...this.question,
      offset: offset + here.length,
      limit: Math.min(500, rest),
    });
    return [...here, ...page.entries];
  }

  /** Where a file stands, where it is there. */
  indexOf(id: FileId): number | null {
    for (const [number, entries] of this.pages) {
      const at = entries.findIndex((entry) => entry.type === "shared_file" && entry.id === id);
      if (at >= 0) return number * PAGE + at;
    }
    return null;
  }

  // ---------------------------------------------------------------- pages

  private page(number: number): Promise<SharedPage> {
    if (!this.question) throw new Error("nothing was asked");
    return this.ask({ ...this.question, offset: number * PAGE, limit: PAGE });
  }

  private async start(near: number): Promise<void> {
    const round = ++this.round;
    this.asking.clear();
    let number = Math.floor(near / PAGE);
    try {
      let page = await this.page(number);
      if (number > 0 && page.entries.length === 0 && round === this.round) {
        number = Math.max(0, Math.ceil(page.total / PAGE) - 1);
        page = await this.page(number);
      }
      if (round !== this.round || this.sight === null) return;
      this.replace([[number, page]], { why: "question" });
    } catch (error) {
      this.fail(round, error);
    }
  }

  private pump(): void {
    if (this.found === null || this.stale || this.problem !== null || this.sight === null) return;
    for (const number of this.wanted) {
      if (this.asking.size >= AT_ONCE) return;
      if (number * PAGE >= this.found.total || this.pages.has(number) || this.asking.has(number)) continue;
      void this.bring(number);
    }
  }

  private async bring(number: number): Promise<void> {
    const { round } = this;
    this.asking.add(number);
    try {
      const page = await this.page(number);
      if (round !== this.round || this.sight === null) return;
      this.asking.delete(number);
      this.pages.set(number, page.entries);
      this.trim();
      // It was read from another list than the one that is here.
      if (page.total !== this.found?.total) this.happened();
      this.pump();
      this.sight?.changed();
    } catch (error) {
      this.asking.delete(number);
      this.fail(round, error);
    }
  }

  private fail(round: number, error: unknown): void {
    if (round !== this.round || this.sight === null) return;
    this.problem = error instanceof Error ? error.message : String(error);
    if (error instanceof Refused && GONE.has(error.code)) this.found = null;
    this.sight?.changed();
  }

  private trim(): void {
    for (const number of this.pages.keys()) {
      if (this.pages.size <= PAGES) return;
      if (!this.wanted.includes(number)) this.pages.delete(number);
    }
  }

  private replace(pages: readonly [number, SharedPage][], turn: Turn): void {
    const newest = pages.reduce((a, b) => (b[1].seq > a[1].seq ? b : a))[1];
    this.pages.clear();
    for (const [number, { entries }] of pages) this.pages.set(number, entries);
    this.found = { total: newest.total, months: newest.months };
    this.stale = false;
    this.problem = null;
    this.version += 1;
    this.turn = turn;
    this.last = Date.now();
    if (pages.some(([, { total }]) => total !== newest.total)) this.again = true;
    this.sight?.changed();
    if (this.again && !this.refreshing) {
      this.again = false;
      this.happened();
    }
  }

  // ---------------------------------------------------------------- news

  /** The list anew, so that what is in sight can stay where it is. */
  private async refresh(): Promise<void> {
    if (this.found === null || this.problem !== null || this.sight === null) return;
    const round = ++this.round;
    this.asking.clear();
    this.refreshing = true;
    this.again = false;
    try {
      const seen = this.sight.seen();
      const before = this.found.total;
      let pages = await this.around(seen, 0);
      let moved = movedOf(seen, pages);
      const after = pages[0]?.[1].total ?? before;
      if (moved === null && after !== before) {
        pages = await this.around(seen, after - before);
        moved = movedOf(seen, pages);
      }
      if (round === this.round && this.sight !== null)
        this.replace(pages, { why: "news", ...(moved ?? { from: 0, by: 0 }) });
    } catch (error) {
      this.fail(round, error);
    } finally {
      this.refreshing = false;
      // Where another question was asked meanwhile, its answer comes first.
      if (this.again && !this.stale) {
        this.again = false;
        this.happened();
      }
    }
  }

  private around(seen: readonly Seen[], by: number): Promise<[number, SharedPage][]> {
    const first = Math.max(0, (seen[0]?.index ?? 0) + by);
    const last = Math.max(first, (seen.at(-1)?.index ?? 0) + by);
    const numbers: number[] = [];
    for (let number = Math.floor(first / PAGE); number <= Math.floor(last / PAGE); number++)
      numbers.push(number);
    return Promise.all(
      numbers.map(async (number): Promise<[number, SharedPage]> => [number, await this.page(number)]),
    );
  }
}

/** Where the first one in sight that is still there stands now; null where none of them is. */
function movedOf(
  seen: readonly Seen[],
  pages: readonly [number, SharedPage][],
): { from: number; by: number } | null {
  const places = new Map<string, number>();
  for (const [number, { entries }] of pages)
    for (const [n, entry] of entries.entries()) places.set(keyOf(entry), number * PAGE + n);
  for (const { key, index } of seen) {
    const now = places.get(key);
    if (now !== undefined) return { from: index, by: now - index };
  }
  return null;
}
