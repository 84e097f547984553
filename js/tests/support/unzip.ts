/** The files of an archive that packs nothing, by name, as its directory at the end has them. */
export async function unzipped(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  if (view.getUint32(end, true) !== 0x06054b50) throw new Error("no archive");
  const files = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (let n = view.getUint16(end + 10, true); n > 0; n--) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error("a broken directory");
    const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [
      ...[number, number, number],
    ];
    const local = view.getUint32(at + 42, true);
    if (view.getUint16(at + 10, true) !== 0 || packed !== size) throw new Error("it is packed");
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const content = bytes.slice(start, start + size);
    if (crc32(content) !== view.getUint32(at + 16, true)) throw new Error("a wrong checksum");
    files.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), content);
    at += 46 + name + extra + comment;
  }
  return files;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ -1) >>> 0;
}
