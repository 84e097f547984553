import { createHash } from "node:crypto";
import type * as p from "../../src/protocol";
import type { MemoryHub } from "./hub";
import { LIMITS, Refusal } from "./records";

/** A file that somebody sends, or has sent and not posted yet. */
interface Sent {
  owner: p.Id;
  room: p.Id;
  name: string;
  size: number;
  bytes: Buffer;
  file: p.Attachment | null;
}

const KINDS: [RegExp, string, p.FileKind][] = [
  [/\.png$/i, "image/png", "picture"],
  [/\.jpe?g$/i, "image/jpeg", "picture"],
  [/\.gif$/i, "image/gif", "picture"],
  [/\.csv$/i, "text/csv", "data"],
  [/\.parquet$/i, "application/vnd.apache.parquet", "data"],
  [/\.ipynb$/i, "application/x-ipynb+json", "notebook"],
  [/\.pdf$/i, "application/pdf", "document"],
  [/\.(txt|md)$/i, "text/plain", "document"],
  [/\.py$/i, "text/x-python", "code"],
  [/\.(html|svg|js)$/i, "application/octet-stream", "code"],
  [/\.wav$/i, "audio/wav", "sound"],
  [/\.mp4$/i, "video/mp4", "video"],
  [/\.zip$/i, "application/zip", "archive"],
];

/** The files of a hub in memory. */
export class Files {
  readonly uploads = new Map<p.Req, Sent>();
  readonly blobs = new Map<p.Sha, Buffer>();
  /** What a test wants a file or a message's file to look like; by its id or its SHA-256. */
  readonly thumbnails = new Map<p.FileId, { media_type: p.Thumbnail["media_type"]; bytes: Uint8Array }>();
  readonly previews = new Map<p.FileId, p.AnyPreview>();

  constructor(private readonly hub: MemoryHub) {}

  /** Keep bytes; gives the file that they are. */
  keep(name: string, bytes: Uint8Array, more: Partial<p.Attachment> = {}): p.Attachment {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    this.blobs.set(sha256, Buffer.from(bytes));
    const [, type, kind] = KINDS.find(([ending]) => ending.test(name)) ?? [
      null,
      "application/octet-stream",
      "other" as const,
    ];
    const safe = name.replaceAll("\\", "/").split("/").at(-1) || "file";
    return {
      ...{ name: safe, original: safe === name ? "" : name, size: bytes.byteLength, type, kind, sha256 },
      ...{ width: null, height: null, ...more },
    };
  }

  start(me: p.Id, { req, upload, room, name, size, sha256 }: p.StartUpload): p.Upload {
    this.hub.mayPost(me, room);
    const known = this.uploads.get(upload);
    if (known && known.owner !== me) throw new Refusal("not_found", "No such upload.");
    const most = this.hub.settings.attachment_bytes;
    if (size > most)
      throw new Refusal("too_large", `The files of a message have at most ${most} bytes together.`);
    const sent = known ?? { owner: me, room, name, size, bytes: Buffer.alloc(0), file: null };
    this.uploads.set(upload, sent);
    const there = sha256 ? this.blobs.get(sha256) : undefined;
    if (there && there.length === size && this.maySee(me, sha256 ?? "")) sent.bytes = there;
    return this.answer(req, upload, sent);
  }

  take(me: p.Id, { req, upload, offset }: p.Slice, bytes: Uint8Array): p.Upload {
    const sent = this.of(me, upload);
    if (bytes.byteLength > LIMITS.slice)
      throw new Refusal("too_large", `A slice has at most ${LIMITS.slice} bytes.`);
    if (offset !== sent.bytes.length)
      throw new Refusal("conflict", `The next slice of this file begins at byte ${sent.bytes.length}.`);
    if (offset + bytes.byteLength > sent.size)
      throw new Refusal("too_large", "That is more than the file was said to have.");
    sent.bytes = Buffer.concat([sent.bytes, bytes]);
    return this.answer(req, upload, sent);
  }

  cancel(me: p.Id, { upload }: p.CancelUpload): void {
    if (this.uploads.get(upload)?.owner === me) this.uploads.delete(upload);
  }

  /** What a post takes of what was sent; it is the message's from now on. */
  claim(me: p.Id, room: p.Id, uploads: readonly p.Req[] = []): p.Attachment[] {
    const { attachments, attachment_bytes } = this.hub.settings;
    if (uploads.length > attachments)
      throw new Refusal(
        "too_large",
        `A message has at most ${attachments} files; these are ${uploads.length}.`,
      );
    const files = uploads.map((upload) => {
      const { file, room: where } = this.of(me, upload);
      if (where !== room) throw new Refusal("invalid", "That file was sent for another room.");
      if (!file) throw new Refusal("invalid", "A file of this message is not complete yet.");
      return file;
    });
    if (files.reduce((sum, { size }) => sum + size, 0) > attachment_bytes)
      throw new Refusal(
        "too_large",
        `The files of a message have at most ${attachment_bytes} bytes together.`,
      );
    for (const upload of uploads) this.uploads.delete(upload);
    return files;
  }

  slice(me: p.Id, request: p.GetSlice): { header: p.FileSlice; bytes: Uint8Array } {
    const { req, file, offset = 0, length = LIMITS.slice } = request;
    const { sha256, size } = this.file(me, file);
    const bytes = (this.blobs.get(sha256) ?? Buffer.alloc(0)).subarray(offset, offset + length);
    return { header: { type: "file_slice", req, file, offset, size }, bytes };
  }

  thumbnail(me: p.Id, { req, file }: p.GetThumbnail): { header: p.Thumbnail; bytes: Uint8Array } {
    this.file(me, file);
    const made = this.thumbnails.get(file);
    if (!made) throw new Refusal("not_found", "There is no picture of this file.");
    const { media_type, bytes } = made;
    return { header: { type: "thumbnail", req, file, media_type, width: 1, height: 1 }, bytes };
  }

  preview(me: p.Id, { req, file }: p.GetPreview): p.Preview {
    this.file(me, file);
    const nothing: p.NoPreview = { type: "no_preview", problem: "" };
    return { type: "preview", req, preview: this.previews.get(file) ?? nothing };
  }

  /** A file of a message that a member may see. */
  file(me: p.Id, id: p.FileId): p.Attachment {
    const [message = "", number = ""] = id.split("-");
    const found = this.hub.seen(me, message);
    if (!this.hub.rooms.get(found.room)?.members.includes(me))
      throw new Refusal("not_found", "No such file.");
    const file = found.files[Number(number) - 1];
    if (!file) throw new Refusal("not_found", "No such file.");
    return file;
  }

  private of(me: p.Id, upload: p.Req): Sent {
    const sent = this.uploads.get(upload);
    if (sent?.owner !== me) throw new Refusal("not_found", "No such upload.");
    return sent;
  }

  private maySee(me: p.Id, sha256: p.Sha): boolean {
    const own = [...this.hub.personalOf(me).scheduled.values()].flatMap(({ files }) => files);
    if (own.some((file) => file.sha256 === sha256)) return true;
    return [...this.hub.messages.values()].some(
      ({ room, files }) =>
        this.hub.rooms.get(room)?.members.includes(me) && files.some((file) => file.sha256 === sha256),
    );
  }

  private answer(req: p.Req, upload: p.Req, sent: Sent): p.Upload {
    if (sent.bytes.length === sent.size) sent.file ??= this.keep(sent.name, sent.bytes);
    return { type: "upload", req, upload, offset: sent.bytes.length, file: sent.file };
  }
}
