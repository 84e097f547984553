import type { Memory } from "../storage";

const USED = "emoji-used";
const KEPT = 40;

/** What one uses: kept by the browser. */
export class Frequent {
  constructor(private readonly memory: Memory) {}

  /** Those used most and last, the best first. */
  list(limit = 18): string[] {
    return this.counts()
      .slice(0, limit)
      .map(([emoji]) => emoji);
  }

  use(emoji: string): void {
    // What was used long ago counts ever less.
    const counts = this.counts().map(([one, n]): [string, number] => [one, n * 0.95]);
    const before = counts.find(([one]) => one === emoji)?.[1] ?? 0;
    const others = counts.filter(([one]) => one !== emoji);
    const all: [string, number][] = [[emoji, before + 1], ...others];
    this.memory.set(USED, all.sort((a, b) => b[1] - a[1]).slice(0, KEPT));
  }

  private counts(): [string, number][] {
    const kept = this.memory.get<unknown>(USED);
    if (!Array.isArray(kept)) return [];
    return kept.filter(
      (one): one is [string, number] =>
        Array.isArray(one) && typeof one[0] === "string" && Number.isFinite(one[1]),
    );
  }
}
