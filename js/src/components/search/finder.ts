import type { Found, Hit, Id, Search } from "../../protocol";

export type Sort = NonNullable<Search["sort"]>;

/** What is looked for. */
export interface Wanted {
  text: string;
  /** In this room alone. */
  room: Id | null;
  sort: Sort;
}

/** What was found, as far as it is here. */
export interface Answer {
  wanted: Wanted;
  hits: Hit[];
  /** How many of them came with the first page. */
  first: number;
  found: Found;
}

export type Asker = (wanted: Wanted, cursor: string | null) => Promise<Found>;

/** Milliseconds between two questions: the first key is asked at once. */
const BETWEEN = 40;
/** So many questions are on their way at a time: what is typed meanwhile is asked when one is answered. */
const AT_ONCE = 2;
/** More is found by other words. */
export const MOST_HITS = 500;
/** Milliseconds after which what was found without the index is looked for again. */
const AGAIN = 3_000;

const same = (a: Wanted | null, b: Wanted): boolean =>
  a !== null && a.text === b.text && a.room === b.room && a.sort === b.sort;

/** Asks the hub while one types: an older answer never takes the place of a newer one. */
export class Finder {
  wanted: Wanted | null = null;
  answer: Answer | null = null;
  problem: string | null = null;
  loadingMore = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;
  private shown = 0;
  private asked = 0;
  private under = 0;
  /** When the hub was asked last. */
  private last = 0;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly ask: Asker) {}

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What is shown is the answer to what is wanted. */
  get current(): boolean {
    return this.wanted !== null && same(this.answer?.wanted ?? null, this.wanted);
  }

  get waiting(): boolean {
    return this.wanted !== null && !this.current && this.problem === null;
  }

  /** This is looked for now; null: nothing. */
  look(wanted: Wanted | null, now = false): void {
    if (!wanted && !this.wanted) return;
    if (wanted && same(this.wanted, wanted)) {
      if (this.asked < this.turn && (now || this.timer === undefined)) this.send();
      return;
    }
    clearTimeout(this.timer);
    this.turn += 1;
    this.wanted = wanted;
    this.problem = null;
    this.loadingMore = false;
    if (!wanted) {
      this.answer = null;
      this.shown = this.turn;
    } else if (now) this.send();
    else this.timer = setTimeout(() => this.due(), Math.max(0, this.last + BETWEEN - Date.now()));
    this.tell();
  }

  /** The same once more, after it failed. */
  again(): void {
    this.problem = null;
    if (this.current) void this.more();
    else this.send();
    this.tell();
  }

  /** What follows the hits that are here. */
  async more(): Promise<void> {
    const { answer } = this;
    const cursor = answer?.found.cursor;
    if (!answer || !cursor || this.loadingMore || !this.current || answer.hits.length >= MOST_HITS) return;
    this.loadingMore = true;
    this.tell();
    try {
      const found = await this.ask(answer.wanted, cursor);
      if (this.answer !== answer) return;
      const known = new Set(answer.hits.map(({ message, file }) => `${message.id} ${file}`));
      const hits = found.hits.filter(({ message, file }) => !known.has(`${message.id} ${file}`));
      this.answer = {
        ...answer,
        hits: [...answer.hits, ...hits],
        found: { ...answer.found, cursor: found.cursor },
      };
    } catch (error) {
      if (this.answer === answer) this.problem = (error as Error).message;
    } finally {
      if (this.answer?.wanted === answer.wanted) this.loadingMore = false;
      this.tell();
    }
  }

  /** The index may be there by now. */
  private refresh(): void {
    if (!this.current || this.answer?.hits.length !== this.answer?.first) return;
    this.turn += 1;
    this.send();
  }

  /** Nobody looks any more. */
  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private due(): void {
    if (this.under < AT_ONCE) this.send();
  }

  private send(): void {
    clearTimeout(this.timer);
    const { wanted, turn } = this;
    if (!wanted) return;
    this.asked = turn;
    this.last = Date.now();
    this.under += 1;
    this.ask(wanted, null)
      .then(
        (found) => {
          if (turn <= this.shown) return;
          this.shown = turn;
          this.answer = { wanted, hits: found.hits, first: found.hits.length, found };
          this.problem = null;
          if (!found.indexed && turn === this.turn) this.timer = setTimeout(() => this.refresh(), AGAIN);
        },
        (error: Error) => {
          if (turn === this.turn) this.problem = error.message;
        },
      )
      .finally(() => {
        this.under -= 1;
        if (this.asked < this.turn && this.wanted) this.send();
        this.tell();
      });
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
