import { t } from "../i18n";
import type { Panel } from "../panel";
import type { Attachment, FileId } from "../protocol";
import { Store } from "../state/store";
import { Gate } from "./gate";
import { safeType } from "./types";

/** Bytes that are asked for at a time, and how many such slices are on their way, of all files together. */
export const SLICE = 524_288;
export const WINDOW = 8;
/** Slices that are put together at once: the browser keeps what is in a Blob where it likes. */
const TOGETHER = 16;
/** The browser has begun to save by then. */
const SAVED_AFTER = 60_000;

/** How far a file is that is being saved. */
export interface Download {
  state: "running" | "failed";
  loaded: number;
  size: number;
  /** Why it failed. */
  problem: string;
}

export interface Reading {
  signal?: AbortSignal | undefined;
  /** Bytes that are there. */
  progress?: ((loaded: number) => void) | undefined;
}

const panels = new WeakMap<Panel, Downloads>();

/** What brings the files of a panel. */
export function downloadsOf(panel: Panel): Downloads {
  let found = panels.get(panel);
  if (!found) {
    const made = new Downloads(panel);
    panels.set(panel, made);
    panel.ends.add(() => made.close());
    found = made;
  }
  return found;
}

/** Brings files in slices. A way that breaks is waited for: what was there stays, what was not is asked for again. */
export class Downloads {
  /** What is being saved, and what failed and was not yet taken away. */
  readonly store = new Store<ReadonlyMap<FileId, Download>>(new Map());
  /** Whatever brings bytes goes through it. */
  readonly gate = new Gate(WINDOW);
  private readonly running = new Map<FileId, AbortController>();
  private readonly urls = new Set<string>();
  private readonly closing = new AbortController();

  constructor(private readonly panel: Panel) {}

  /** Save a file under its name; true where it was, false where it was cancelled or failed. */
  async save(id: FileId, file: Attachment): Promise<boolean> {
    if (this.running.has(id)) return false;
    const control = new AbortController();
    this.running.set(id, control);
    const { size } = file;
    this.set(id, { state: "running", loaded: 0, size, problem: "" });
    try {
      const progress = (loaded: number) =>
        this.set(id, { state: "running", loaded, size, problem: "" }, control);
      const blob = await this.bytes(id, file, { signal: control.signal, progress });
      this.hand(blob, file.name);
      this.set(id, null, control);
      return true;
    } catch (error) {
      const loaded = this.store.get().get(id)?.loaded ?? 0;
      if (!control.signal.aborted)
        this.set(id, { state: "failed", loaded, size, problem: (error as Error).message }, control);
      return false;
    } finally {
      if (this.running.get(id) === control) this.running.delete(id);
    }
  }

  /** Stop saving it, or forget that it failed. */
  cancel(id: FileId): void {
    this.running.get(id)?.abort();
    this.running.delete(id);
    this.set(id, null);
  }

  /** The whole file, of a type that no browser runs. */
  async bytes(id: FileId, file: Attachment, reading: Reading = {}): Promise<Blob> {
    const whole: Blob[] = [];
    let last: Uint8Array<ArrayBuffer>[] = [];
    for await (const slice of this.slices(id, file, reading)) {
      last.push(slice);
      if (last.length < TOGETHER) continue;
      whole.push(new Blob(last));
      last = [];
    }
    return new Blob([...whole, ...last], { type: safeType(file.type) });
  }

  /** The file's bytes in order, as they come. */
  async *slices(
    id: FileId,
    { size }: Attachment,
    { signal, progress }: Reading = {},
  ): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const mine = new AbortController();
    const end = () => mine.abort();
    for (const outer of [signal, this.closing.signal]) {
      outer?.addEventListener("abort", end);
      if (outer?.aborted) end();
    }
    const coming: Promise<Uint8Array<ArrayBuffer>>[] = [];
    let loaded = 0;
    let asked = 0;
    const ask = (offset: number) => {
      const slice = this.slice(id, offset, Math.min(SLICE, size - offset), size, mine.signal);
      slice.then(
        (bytes) => {
          loaded += bytes.byteLength;
          if (!mine.signal.aborted) progress?.(loaded);
        },
        () => {
          // It is looked at in its turn.
        },
      );
      coming.push(slice);
    };
    try {
      // Of an empty file too: one who may not see it is told so.
      do {
        while (coming.length < WINDOW && (asked < size || asked === 0)) {
          ask(asked);
          asked += SLICE;
        }
        const next = coming.shift();
        if (next) yield await cut(next, mine.signal);
      } while (coming.length > 0);
    } finally {
      end();
      for (const outer of [signal, this.closing.signal]) outer?.removeEventListener("abort", end);
    }
  }

  /** Hand bytes over to the browser, to be saved under a name. */
  hand(blob: Blob, name: string): void {
    const url = URL.createObjectURL(new Blob([blob], { type: safeType(blob.type) }));
    this.urls.add(url);
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.rel = "noopener";
    link.hidden = true;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => this.forget(url), SAVED_AFTER);
  }

  close(): void {
    this.closing.abort();
    for (const url of [...this.urls]) this.forget(url);
  }

  private forget(url: string): void {
    if (this.urls.delete(url)) URL.revokeObjectURL(url);
  }

  private async slice(
    file: FileId,
    offset: number,
    length: number,
    size: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.gate.through(async () => {
      signal.throwIfAborted();
      const { header, bytes } = await cut(
        this.panel.askBytes({ type: "get_slice", file, offset, length }),
        signal,
      );
      if (header.offset !== offset || header.size !== size || bytes.byteLength !== length)
        throw new Error(t("The file is not as long as it should be: ask for it again."));
      return bytes;
    });
  }

  private set(id: FileId, download: Download | null, of?: AbortController): void {
    if (of && this.running.get(id) !== of) return;
    this.store.update((all) => {
      const next = new Map(all);
      if (download) next.set(id, download);
      else next.delete(id);
      return next;
    });
  }
}

/** What a promise gives, or the end that a signal makes. */
function cut<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });
}
