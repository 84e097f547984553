import { onTestFinished } from "vitest";
import { Panel } from "../../src/panel";
import type { Memory } from "../../src/storage";
import type { Transport } from "../../src/transport/transport";

/** What a browser remembers, in a test's hands. */
export class FakeMemory implements Memory {
  readonly kept = new Map<string, string>();
  get<T>(key: string): T | null {
    const text = this.kept.get(key);
    return text === undefined ? null : (JSON.parse(text) as T);
  }
  set(key: string, value: unknown): void {
    this.kept.set(key, JSON.stringify(value));
  }
  remove(key: string): void {
    this.kept.delete(key);
  }
}

export interface Memories {
  lasting: FakeMemory;
  tab: FakeMemory;
}

export const memories = (): Memories => ({ lasting: new FakeMemory(), tab: new FakeMemory() });

/** A panel over a transport, closed when the test ends. */
export function panelOn(transport: Transport, memory: Memories = memories()): Panel {
  const panel = new Panel(transport, memory);
  onTestFinished(() => panel.close());
  return panel;
}

const DEADLINE = 15_000;

/** Waits until something is so; fails with what was wrong last. */
export async function until<T>(look: () => T): Promise<NonNullable<T>> {
  // The clock that a test sets is another one.
  const end = performance.now() + DEADLINE;
  let last: unknown = "it was not so";
  for (;;) {
    try {
      const found = look();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw last instanceof Error ? last : new Error(`waited in vain for ${look}`);
    await new Promise((go) => setTimeout(go, 5));
  }
}
