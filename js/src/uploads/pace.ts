/** Slices that are on their way at most, of all uploads together. */
export const MOST = 8;
/** A slice that is answered later than this has waited behind others: fewer of them, and messages get through. */
const SLOW = 1_500;
const QUICK = 600;
/** Speed is what came through in the last so many milliseconds. */
const SPAN = 4_000;

/** How many slices may be on their way, and how fast they go. */
export class Pace {
  private flying = 0;
  private width = 4;
  private readonly queue: (() => void)[] = [];
  private came: { at: number; bytes: number }[] = [];

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Wait for one's turn; gives what to call when the slice is answered, with its bytes where it got there. */
  async turn(): Promise<(bytes?: number) => void> {
    if (this.flying < this.width) this.flying += 1;
    else await new Promise<void>((go) => this.queue.push(go));
    const from = this.now();
    return (bytes) => {
      const took = this.now() - from;
      if (bytes !== undefined) {
        this.count(bytes);
        if (took > SLOW) this.width = Math.max(1, this.width - 1);
        else if (took < QUICK) this.width = Math.min(MOST, this.width + 1);
      }
      this.flying -= 1;
      while (this.flying < this.width) {
        const next = this.queue.shift();
        if (!next) break;
        this.flying += 1;
        next();
      }
    };
  }

  /** Bytes a second; null while nothing can be said. */
  get speed(): number | null {
    const now = this.now();
    const recent = this.came.filter(({ at }) => now - at < SPAN);
    const [first] = recent;
    if (!first || recent.length < 3) return null;
    const seconds = Math.max(0.05, (now - first.at) / 1_000);
    return recent.slice(1).reduce((sum, { bytes }) => sum + bytes, 0) / seconds;
  }

  private count(bytes: number): void {
    const now = this.now();
    this.came = [...this.came.filter(({ at }) => now - at < SPAN), { at: now, bytes }];
  }
}
