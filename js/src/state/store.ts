/** A value and those who want to know when it changes. */
export class Store<T> {
  private readonly listeners = new Set<() => void>();
  private depth = 0;
  private dirty = false;

  constructor(private value: T) {}

  get(): T {
    return this.value;
  }

  update(change: (value: T) => T): void {
    const next = change(this.value);
    if (Object.is(next, this.value)) return;
    this.value = next;
    this.dirty = true;
    this.tell();
  }

  /** Many changes, told once. */
  batch(work: () => void): void {
    this.depth++;
    try {
      work();
    } finally {
      this.depth--;
      this.tell();
    }
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    if (this.depth > 0 || !this.dirty) return;
    this.dirty = false;
    for (const listener of [...this.listeners]) listener();
  }
}
