import { vi } from "vitest";
import { fileId } from "../../src/files/ids";
import type * as p from "../../src/protocol";
import type { MemoryHub } from "./hub";

export interface Given {
  name: string;
  bytes?: Uint8Array;
  more?: Partial<p.Attachment>;
  preview?: p.AnyPreview;
  thumbnail?: Uint8Array;
}

/** Post files as a member, as if they had been sent before; gives the message's id. */
export function postFiles(hub: MemoryHub, handle: string, room: string, given: Given[], text = ""): p.Id {
  const owner = hub.memberOf(handle).id;
  const uploads = given.map(({ name, bytes = new Uint8Array([1, 2, 3]), more }) => {
    const upload = crypto.randomUUID();
    const file = hub.files.keep(name, bytes, more);
    const sent = { owner, room: hub.roomOf(room).id, name, size: bytes.byteLength };
    hub.files.uploads.set(upload, { ...sent, bytes: Buffer.from(bytes), file });
    return upload;
  });
  const id = hub.post(handle, room, text, { files: uploads });
  for (const [at, { preview, thumbnail }] of given.entries()) {
    const file = fileId(id, at + 1);
    if (preview) hub.files.previews.set(file, preview);
    if (thumbnail) hub.files.thumbnails.set(file, { media_type: "image/png", bytes: thumbnail });
  }
  return id;
}

/** What the page is given to save, and which addresses of bytes it made: a document in a test has neither. */
export function watchSaving() {
  let made = 0;
  const blobs = new Map<string, Blob>();
  const revoked: string[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    made += 1;
    const url = `blob:test/${made}`;
    blobs.set(url, blob as Blob);
    return url;
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => void revoked.push(url));
  const saved: { name: string; blob: Blob }[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    const blob = blobs.get(this.href);
    if (this.download && blob) saved.push({ name: this.download, blob });
  });
  const open = () => [...blobs.keys()].filter((url) => !revoked.includes(url));
  return { saved, blobs, revoked, open };
}

/** The bytes of a Blob. */
export async function bytesOf(blob: Blob): Promise<Uint8Array> {
  if (typeof blob.arrayBuffer === "function") return new Uint8Array(await blob.arrayBuffer());
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(new Uint8Array(reader.result as ArrayBuffer));
    reader.onerror = () => fail(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}

/** Bytes that are the same each time and nowhere alike. */
export function someBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let now = 1;
  for (let at = 0; at < size; at++) {
    now = (now * 1_103_515_245 + 12_345) % 2_147_483_648;
    bytes[at] = now >> 16;
  }
  return bytes;
}
