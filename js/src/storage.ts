/** What the browser remembers. Where it may not (a sandboxed page), things live as long as the page does. */
export interface Memory {
  get<T>(key: string): T | null;
  set(key: string, value: unknown): void;
  remove(key: string): void;
}

const PREFIX = "collabchat:";

class BrowserMemory implements Memory {
  private readonly fallback = new Map<string, string>();

  constructor(private readonly open: () => Storage) {}

  get<T>(key: string): T | null {
    let text: string | null = this.fallback.get(key) ?? null;
    try {
      text = this.open().getItem(PREFIX + key) ?? text;
      return text === null ? null : (JSON.parse(text) as T);
    } catch {
      return text === null ? null : (JSON.parse(text) as T);
    }
  }

  set(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    try {
      this.open().setItem(PREFIX + key, text);
      this.fallback.delete(key);
    } catch {
      this.fallback.set(key, text);
    }
  }

  remove(key: string): void {
    this.fallback.delete(key);
    try {
      this.open().removeItem(PREFIX + key);
    } catch {
      // Then there is nothing to remove.
    }
  }
}

/** Survives the browser. */
export const lasting: Memory = new BrowserMemory(() => window.localStorage);
/** Survives a reload of the tab. */
export const ofThisTab: Memory = new BrowserMemory(() => window.sessionStorage);
