import type { Panel } from "../panel";
import type { Attachment, FileId, GetThumbnail } from "../protocol";
import { Store } from "../state/store";
import { type Downloads, downloadsOf } from "./download";
import { isDrawable, SMALL } from "./types";

export type Side = NonNullable<GetThumbnail["side"]>;

/** Kept at most; those that were looked at longest ago go. */
export const MOST = 200;
export const MOST_BYTES = 48_000_000;

interface Kept {
  /** Null while it is on its way, and where there is none. */
  url: string | null;
  bytes: number;
  missing: boolean;
}

const panels = new WeakMap<Panel, Thumbnails>();

/** The small pictures of a panel's files. */
export function thumbnailsOf(panel: Panel): Thumbnails {
  let found = panels.get(panel);
  if (!found) {
    const made = new Thumbnails(panel, downloadsOf(panel));
    panels.set(panel, made);
    panel.ends.add(() => made.close());
    found = made;
  }
  return found;
}

/** Small pictures of files, made by the hub; where it makes none, by the browser out of the file. */
export class Thumbnails {
  /** Counts what came: who draws them listens. */
  readonly store = new Store(0);
  /** The one that was looked at last stands last. */
  private readonly kept = new Map<string, Kept>();
  private bytes = 0;
  private closed = false;

  constructor(
    private readonly panel: Panel,
    private readonly downloads: Downloads,
  ) {}

  /** Where the page finds it: null until it is there, "" where there is none. */
  get(id: FileId, file: Attachment, side: Side): string | null {
    const key = `${id} ${side}`;
    const found = this.kept.get(key);
    if (found) {
      this.kept.delete(key);
      this.kept.set(key, found);
      return found.missing ? "" : found.url;
    }
    const coming: Kept = { url: null, bytes: 0, missing: false };
    this.kept.set(key, coming);
    this.fetch(id, file, side).then(
      (blob) => {
        if (this.closed || this.kept.get(key) !== coming) return;
        coming.url = URL.createObjectURL(blob);
        coming.bytes = blob.size;
        this.bytes += blob.size;
        this.trim();
        this.tell();
      },
      () => {
        coming.missing = true;
        this.tell();
      },
    );
    return null;
  }

  /** What could not be had is asked for again. */
  again(id: FileId): void {
    for (const [key, { missing }] of this.kept)
      if (missing && key.startsWith(`${id} `)) this.kept.delete(key);
    this.tell();
  }

  close(): void {
    this.closed = true;
    for (const { url } of this.kept.values()) if (url) URL.revokeObjectURL(url);
    this.kept.clear();
  }

  private tell(): void {
    if (!this.closed) this.store.update((n) => n + 1);
  }

  private async fetch(file: FileId, about: Attachment, side: Side): Promise<Blob> {
    try {
      const { header, bytes } = await this.downloads.gate.through(
        () => this.panel.askBytes({ type: "get_thumbnail", file, side }),
        { hurry: true },
      );
      if (!/^image\/(?:png|jpeg|webp)$/.test(header.media_type)) throw new Error("no picture");
      return new Blob([bytes], { type: header.media_type });
    } catch (error) {
      if (!isDrawable(about) || about.size > SMALL) throw error;
      return scaled(await this.downloads.bytes(file, about), about, side);
    }
  }

  private trim(): void {
    for (const [key, { url, bytes }] of this.kept) {
      if (this.kept.size <= MOST && this.bytes <= MOST_BYTES) return;
      if (url === null) continue;
      URL.revokeObjectURL(url);
      this.bytes -= bytes;
      this.kept.delete(key);
    }
  }
}

/** A picture made smaller by the browser; as it is, where it is small or the browser makes none. */
async function scaled(blob: Blob, { width, height }: Attachment, side: Side): Promise<Blob> {
  const longest = Math.max(width ?? 0, height ?? 0);
  if (longest <= side || typeof createImageBitmap !== "function") return blob;
  const bitmap = await createImageBitmap(blob);
  const scale = side / Math.max(bitmap.width, bitmap.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  if (!context) return blob;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((done) => canvas.toBlob((small) => done(small ?? blob), "image/webp", 0.85));
}
