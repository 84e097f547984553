import { expect, test } from "vitest";
import { loadingCode } from "../src/files/code";
import { downloadsOf, SLICE, WINDOW } from "../src/files/download";
import { guessKind } from "../src/files/kinds";
import { MOST, thumbnailsOf } from "../src/files/thumbnails";
import { safeType } from "../src/files/types";
import { visible } from "../src/files/words";
import type * as p from "../src/protocol";
import { panelOn, until } from "./support/bare";
import { Refusal } from "./support/records";
import { bytesOf, postFiles, someBytes, watchSaving } from "./support/shown";
import { team } from "./support/team";

function panel(hub = team()) {
  const client = hub.connect("ana");
  const panel = panelOn(client.transport);
  client.up();
  const slices = () => client.received.filter((request) => request.type === "get_slice");
  return { hub, client, panel, downloads: downloadsOf(panel), slices };
}

const fileOf = (hub: ReturnType<typeof team>, message: p.Id, at = 0): p.Attachment =>
  hub.messages.get(message)?.files[at] as p.Attachment;

test("a file comes in slices with a window, and is saved whole under its name", async () => {
  const { hub, client, downloads, slices } = panel();
  const { saved } = watchSaving();
  const bytes = someBytes(SLICE * 20 + 17);
  const message = postFiles(hub, "bo", "general", [{ name: "load.bin", bytes }]);
  client.hold();
  const done = downloads.save(`${message}-1`, fileOf(hub, message));
  await until(() => slices().length === WINDOW);
  expect(downloads.store.get().get(`${message}-1`)).toEqual({
    ...{ state: "running", loaded: 0, size: bytes.length, problem: "" },
  });
  const seen: number[] = [];
  downloads.store.subscribe(() => seen.push(downloads.store.get().get(`${message}-1`)?.loaded ?? -1));
  client.release();
  expect(await done).toBe(true);
  expect(slices()).toHaveLength(21);
  expect(seen.at(-1)).toBe(-1);
  expect(seen.slice(0, -1)).toEqual([...seen.slice(0, -1)].sort((a, b) => a - b));
  expect(seen).toContain(bytes.length);
  expect(saved).toHaveLength(1);
  expect(saved[0]?.name).toBe("load.bin");
  expect(Buffer.compare(await bytesOf(saved[0]?.blob as Blob), bytes)).toBe(0);
  expect(saved[0]?.blob.type).toBe("application/octet-stream");
});

test("several downloads share one window", async () => {
  const { hub, client, downloads, slices } = panel();
  watchSaving();
  const bytes = someBytes(SLICE * 9);
  const message = postFiles(hub, "bo", "general", [
    { name: "a.bin", bytes },
    { name: "b.bin", bytes: someBytes(SLICE * 9 + 1) },
  ]);
  client.hold();
  const all = [0, 1].map((at) => downloads.save(`${message}-${at + 1}`, fileOf(hub, message, at)));
  await until(() => slices().length === WINDOW);
  await new Promise((go) => setTimeout(go));
  expect(slices()).toHaveLength(WINDOW);
  client.release();
  expect(await Promise.all(all)).toEqual([true, true]);
});

test("a connection that breaks in a download costs nothing that was there", async () => {
  const { hub, client, downloads, slices } = panel();
  const { saved } = watchSaving();
  const bytes = someBytes(SLICE * 12);
  const message = postFiles(hub, "bo", "general", [{ name: "load.bin", bytes }]);
  let left = 5;
  client.lose = (request) => request.type === "get_slice" && left-- <= 0;
  const done = downloads.save(`${message}-1`, fileOf(hub, message));
  await until(() => downloads.store.get().get(`${message}-1`)?.loaded === SLICE * 5);
  client.down();
  client.lose = () => false;
  const before = slices().length;
  client.up();
  expect(await done).toBe(true);
  // What was on its way was asked for again, and what was there was not.
  const offsets = slices()
    .slice(before)
    .map((request) => (request as p.GetSlice).offset);
  expect(Math.min(...offsets.map(Number))).toBe(SLICE * 5);
  expect(Buffer.compare(await bytesOf(saved[0]?.blob as Blob), bytes)).toBe(0);
});

test("a download that is cancelled ends at once and saves nothing", async () => {
  const { hub, client, downloads, slices } = panel();
  const { saved } = watchSaving();
  const message = postFiles(hub, "bo", "general", [{ name: "load.bin", bytes: someBytes(SLICE * 30) }]);
  client.hold();
  const done = downloads.save(`${message}-1`, fileOf(hub, message));
  await until(() => slices().length === WINDOW);
  downloads.cancel(`${message}-1`);
  expect(await done).toBe(false);
  expect(downloads.store.get().size).toBe(0);
  client.release();
  await new Promise((go) => setTimeout(go, 20));
  expect(slices()).toHaveLength(WINDOW);
  expect(saved).toEqual([]);
  expect(await downloads.save(`${message}-1`, fileOf(hub, message))).toBe(true);
});

test("a file that is shorter than it says, and one that the hub refuses, fail with a sentence", async () => {
  const { hub, downloads } = panel();
  const { saved } = watchSaving();
  const message = postFiles(hub, "bo", "general", [{ name: "load.bin", bytes: someBytes(1_000) }]);
  const file = fileOf(hub, message);
  hub.files.blobs.set(file.sha256, Buffer.alloc(10));
  expect(await downloads.save(`${message}-1`, file)).toBe(false);
  expect(downloads.store.get().get(`${message}-1`)).toMatchObject({
    state: "failed",
    problem: "The file is not as long as it should be: ask for it again.",
  });
  hub.refuse = (request) => (request.type === "get_slice" ? new Refusal("not_found", "No such file.") : null);
  expect(await downloads.save(`${message}-1`, file)).toBe(false);
  expect(downloads.store.get().get(`${message}-1`)?.problem).toBe("No such file.");
  downloads.cancel(`${message}-1`);
  expect(downloads.store.get().size).toBe(0);
  expect(saved).toEqual([]);
});

test("an empty file is asked for too: who may not see it learns so", async () => {
  const { hub, downloads } = panel();
  const { saved } = watchSaving();
  const message = postFiles(hub, "bo", "general", [{ name: "empty.txt", bytes: new Uint8Array() }]);
  expect(await downloads.save(`${message}-1`, fileOf(hub, message))).toBe(true);
  expect(saved[0]?.blob.size).toBe(0);
  hub.refuse = () => new Refusal("not_found", "No such file.");
  expect(await downloads.save(`${message}-1`, fileOf(hub, message))).toBe(false);
});

test("what a browser would run is only bytes", () => {
  for (const type of ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/javascript"])
    expect(safeType(type)).toBe("application/octet-stream");
  for (const type of ["IMAGE/SVG+XML; charset=utf-8", "audio/x\nscript", "", "video/../html", "image/png\0"])
    expect(safeType(type)).toBe("application/octet-stream");
  expect(safeType("image/PNG")).toBe("image/png");
  expect(safeType("text/csv; charset=utf-8")).toBe("text/csv");
  expect(safeType("audio/ogg")).toBe("audio/ogg");
});

test("thumbnails are kept within bounds, and those that go are let go", async () => {
  const { hub, panel: ours } = panel();
  const { open } = watchSaving();
  const thumbnails = thumbnailsOf(ours);
  const ids: string[] = [];
  for (let at = 0; at < MOST + 40; at++) {
    const thumbnail = someBytes(50);
    const message = postFiles(hub, "bo", "general", [
      { name: `${at}.png`, more: { width: 10, height: 10 }, thumbnail },
    ]);
    const id = `${message}-1`;
    ids.push(id);
    thumbnails.get(id, fileOf(hub, message), 160);
    await until(() => thumbnails.get(id, fileOf(hub, message), 160));
  }
  expect(open().length).toBe(MOST);
  ours.close();
  expect(open()).toEqual([]);
});

test("a picture that the hub makes no thumbnail of is shown itself, where it is small", async () => {
  const { hub, panel: ours, slices } = panel();
  const { blobs } = watchSaving();
  const thumbnails = thumbnailsOf(ours);
  const bytes = someBytes(2_000);
  const size = { width: 40, height: 30 };
  const message = postFiles(hub, "bo", "general", [
    { name: "a.png", bytes, more: size },
    { name: "huge.png", bytes, more: { width: 90_000, height: 90_000 } },
    { name: "b.svg", bytes, more: { type: "image/svg+xml", kind: "picture", ...size } },
  ]);
  const get = (at: number) => thumbnails.get(`${message}-${at + 1}`, fileOf(hub, message, at), 480);
  const url = await until(() => get(0));
  expect(Buffer.compare(await bytesOf(blobs.get(url) as Blob), bytes)).toBe(0);
  await until(() => get(1) === "");
  await until(() => get(2) === "");
  expect(slices()).toHaveLength(1);
});

test("code that loads a file has nothing of its name that is not a comment", () => {
  const file = {
    name: "a.csv\nimport os\u2028\u202e # x",
    original: "",
    size: 1,
    type: "text/csv",
    kind: "data",
  };
  const code = loadingCode("12-1", file as p.Attachment);
  expect(code).toBe('# a.csvimport os # x\ndf = chat.file("12-1").df()');
  expect(loadingCode("12-1", { ...file, kind: "picture", name: "a.png" } as p.Attachment)).toContain(
    'Image(chat.file("12-1").read())',
  );
  expect(loadingCode("12-1", file as p.Attachment, "team")).toContain('\ndf = team.file("12-1").df()');
  expect(loadingCode("12-1", file as p.Attachment, "cc.connect('team', user='ana')")).toContain(
    "\nimport collabchat as cc\n\ndf = cc.connect('team', user='ana').file(\"12-1\").df()",
  );
});

test("what cannot be seen in a name is said, and joined emoji stay", () => {
  expect(visible("invoice\u202egpj.exe")).toBe("invoice⟨202E⟩gpj.exe");
  expect(visible("a\u0000\n\u2028b")).toBe("a⟨0000⟩⟨000A⟩⟨2028⟩b");
  expect(visible("👩‍💻 नमस्‍ते.csv")).toBe("👩‍💻 नमस्‍ते.csv");
  expect(visible("été 日本語 قصة.csv")).toBe("été 日本語 قصة.csv");
});

test("the kind of a file is guessed by its name, then by its type", () => {
  expect(guessKind("a.CSV")).toBe("data");
  expect(guessKind("photo", "image/heic")).toBe("picture");
  expect(guessKind("x.svg", "image/svg+xml")).toBe("code");
  expect(guessKind("x", "image/svg+xml")).toBe("other");
  expect(guessKind("LICENSE")).toBe("other");
});
