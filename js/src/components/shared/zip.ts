import { makeZip } from "client-zip";
import type { FileId, SharedFile } from "../../protocol";

/** The bytes of a file, slice by slice. */
export type Slices = (file: SharedFile, signal: AbortSignal) => AsyncIterable<Uint8Array<ArrayBuffer>>;

/** What became of a file that is not in the archive, or not as a whole. */
export interface Lost {
  id: FileId;
  name: string;
  problem: string;
  /** It is there, and ends too early. */
  cut: boolean;
}

export interface Report {
  /** A file is begun. */
  begun(file: SharedFile): void;
  /** So many bytes more were read. */
  read(bytes: number): void;
  lost(lost: Lost): void;
}

/** Names that differ in capitals alone are one file for some systems. */
const folded = (name: string): string => name.normalize("NFC").toLowerCase();

/** Gives each file of an archive a name of its own: "a.csv", "a (2).csv". */
export class Names {
  private readonly taken = new Set<string>();

  free(wanted: string): string {
    const name = wanted.replace(/[/\\]/g, "_") || "file";
    const dot = name.lastIndexOf(".");
    const [stem, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
    let free = name;
    for (let n = 2; this.taken.has(folded(free)); n++) free = `${stem} (${n})${end}`;
    this.taken.add(folded(free));
    return free;
  }
}

interface Part {
  name: string;
  lastModified: Date;
  input: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/**
 * The files as one archive, read one after another while it is written. A file that cannot be read is left out, or ends
 * where it broke off; `about` says at the end of the archive which these are.
 */
export function zipOf(
  files: readonly SharedFile[],
  slices: Slices,
  report: Report,
  about: (lost: readonly Lost[]) => { name: string; text: string },
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const names = new Names();
  const lost: Lost[] = [];
  const lose = (one: Lost) => {
    signal.throwIfAborted();
    lost.push(one);
    report.lost(one);
  };

  async function* rest(
    file: SharedFile,
    name: string,
    first: Uint8Array<ArrayBuffer> | undefined,
    more: AsyncIterator<Uint8Array<ArrayBuffer>>,
  ) {
    let slice = first;
    try {
      while (slice) {
        signal.throwIfAborted();
        report.read(slice.length);
        yield slice;
        const next = await more.next();
        slice = next.done ? undefined : next.value;
      }
    } catch (error) {
      lose({ id: file.id, name, problem: messageOf(error), cut: true });
    }
  }

  async function* parts(): AsyncGenerator<Part> {
    for (const file of files) {
      signal.throwIfAborted();
      report.begun(file);
      const more = slices(file, signal)[Symbol.asyncIterator]();
      let first: IteratorResult<Uint8Array<ArrayBuffer>>;
      try {
        // Before it has a place in the archive: most that cannot be read say so here.
        first = await more.next();
      } catch (error) {
        lose({ id: file.id, name: file.file.name, problem: messageOf(error), cut: false });
        continue;
      }
      const name = names.free(file.file.name);
      const input = rest(file, name, first.done ? undefined : first.value, more);
      yield { name, lastModified: new Date(file.time / 1_000), input };
    }
    if (lost.length === 0) return;
    const { name, text } = about(lost);
    yield { name: names.free(name), lastModified: new Date(), input: encoded(text) };
  }

  return makeZip(parts());
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function* encoded(text: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield new TextEncoder().encode(text);
}
