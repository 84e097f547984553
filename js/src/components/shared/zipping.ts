import { downloadsOf } from "../../files/download";
import { t, tn } from "../../i18n";
import type { Panel } from "../../panel";
import type { SharedFile } from "../../protocol";
import { Store } from "../../state/store";
import { type Lost, zipOf } from "./zip";

/** Bytes that go into one piece of a Blob. */
const PIECE = 8_388_608;

/** How far an archive is that is being saved. */
export interface Progress {
  state: "running" | "done" | "failed";
  files: number;
  /** Files that were begun. */
  begun: number;
  loaded: number;
  size: number;
  lost: readonly Lost[];
  /** Why all of it failed. */
  problem: string;
}

interface Picker {
  showSaveFilePicker?(options: object): Promise<FileSystemFileHandle>;
}

const panels = new WeakMap<Panel, Zipping>();

/** What saves archives of a panel's files: it goes on when its list is closed. */
export function zippingOf(panel: Panel): Zipping {
  let found = panels.get(panel);
  if (!found) {
    const made = new Zipping(panel);
    panels.set(panel, made);
    panel.ends.add(() => made.cancel());
    found = made;
  }
  return found;
}

/** Saves several files as one archive. Where the browser lets it, straight into a file, never whole in memory. */
export class Zipping {
  readonly store = new Store<Progress | null>(null);
  private control: AbortController | null = null;

  constructor(private readonly panel: Panel) {}

  /** Save these files; true where an archive was saved. */
  async save(files: readonly SharedFile[], name: string): Promise<boolean> {
    if (this.control || files.length === 0) return false;
    const control = new AbortController();
    this.control = control;
    const size = files.reduce((sum, { file }) => sum + file.size, 0);
    try {
      const sink = await place(name);
      if (sink === "no") return false;
      this.store.update(() => ({
        ...{ state: "running", files: files.length, begun: 0, loaded: 0, size, lost: [], problem: "" },
      }));
      const archive = zipOf(
        files,
        (file, signal) => downloadsOf(this.panel).slices(file.id, file.file, { signal }),
        {
          begun: () => this.change(({ begun }) => ({ begun: begun + 1 })),
          read: (bytes) => this.change(({ loaded }) => ({ loaded: loaded + bytes })),
          lost: (one) => this.change(({ lost }) => ({ lost: [...lost, one] })),
        },
        aboutLost,
        control.signal,
      );
      if (sink) await archive.pipeTo(sink, { signal: control.signal });
      else {
        const whole = await blobOf(archive, control.signal);
        downloadsOf(this.panel).hand(whole, name);
      }
      this.change(() => ({ state: "done" }));
      return true;
    } catch (error) {
      if (control.signal.aborted) this.store.update(() => null);
      else this.change(() => ({ state: "failed", problem: (error as Error).message }));
      return false;
    } finally {
      this.control = null;
    }
  }

  /** Stop; nothing of it is kept. */
  cancel(): void {
    this.control?.abort();
    this.store.update(() => null);
  }

  /** Forget what became of the last one. */
  clear(): void {
    if (!this.control) this.store.update(() => null);
  }

  private change(by: (now: Progress) => Partial<Progress>): void {
    this.store.update((now) => now && { ...now, ...by(now) });
  }
}

/** Where the browser asks for a place: a stream into it, "no" where one thought better of it; else null. */
async function place(name: string): Promise<FileSystemWritableFileStream | "no" | null> {
  const picker = window as Picker;
  if (!picker.showSaveFilePicker) return null;
  try {
    const file = await picker.showSaveFilePicker({
      suggestedName: name,
      types: [{ accept: { "application/zip": [".zip"] } }],
    });
    return await file.createWritable();
  } catch (error) {
    // A page inside of another one may not ask.
    return (error as Error).name === "AbortError" ? "no" : null;
  }
}

async function blobOf(archive: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<Blob> {
  const reader = archive.getReader();
  const end = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", end, { once: true });
  const pieces: Blob[] = [];
  let chunks: BlobPart[] = [];
  let gathered = 0;
  for (;;) {
    const { done, value } = await reader.read();
    signal.throwIfAborted();
    if (done) break;
    chunks.push(value as Uint8Array<ArrayBuffer>);
    gathered += value.length;
    if (gathered < PIECE) continue;
    // The browser keeps what is in a Blob where it likes.
    pieces.push(new Blob(chunks));
    chunks = [];
    gathered = 0;
  }
  return new Blob([...pieces, ...chunks], { type: "application/zip" });
}

/** What the archive itself says of those that are missing in it. */
function aboutLost(lost: readonly Lost[]): { name: string; text: string } {
  const head = tn(lost.length, "1 file could not be downloaded.", "{n} files could not be downloaded.");
  return { name: t("Not downloaded.txt"), text: `${[head, "", ...lost.map(lostLine)].join("\r\n")}\r\n` };
}

export const lostLine = ({ name, problem, cut }: Lost): string =>
  cut ? t("{name} is not whole: {problem}", { name, problem }) : t("{name}: {problem}", { name, problem });

/** A name for the archive of some files of a conversation, on a day. */
export function archiveName(title: string, now = new Date()): string {
  const safe =
    title
      .replace(/[^\p{L}\p{N}._ -]+/gu, "")
      .trim()
      .replace(/^\.+/, "") || "files";
  const pad = (n: number) => String(n).padStart(2, "0");
  return `${safe.slice(0, 80)} ${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}.zip`;
}
