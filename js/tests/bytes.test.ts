import { afterEach, describe, expect, test, vi } from "vitest";
import { fileId } from "../src/files/ids";
import { sizeText } from "../src/files/sizes";
import { BYTES_WITHIN } from "../src/sync";
import { panelOn, until } from "./support/bare";
import { MemoryHub } from "./support/hub";
import { Refusal } from "./support/records";

afterEach(() => {
  vi.useRealTimers();
});

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (of: Uint8Array) => new TextDecoder().decode(of);

async function open() {
  const hub = new MemoryHub();
  hub.member("ana");
  hub.member("bo");
  const room = hub.room("ana", "general", ["bo"]);
  const client = hub.connect("ana");
  const panel = panelOn(client.transport);
  client.up();
  await until(() => panel.state.synced);
  const start = (name: string, size: number, upload = crypto.randomUUID() as string) =>
    panel.ask({ type: "start_upload", upload, room, name, size });
  return { hub, room, client, panel, start };
}

describe("files go in slices", () => {
  test("a file is sent, posted and read back", async () => {
    const { hub, room, panel, start } = await open();
    const { upload, offset } = await start("notes/read me.txt", 11);
    expect(offset).toBe(0);
    const first = panel.sendSlice({ upload, offset: 0 }, bytes("hello "));
    const second = panel.sendSlice({ upload, offset: 6 }, bytes("there"));
    expect(await first).toMatchObject({ offset: 6, file: null });
    expect((await second).file).toMatchObject({
      ...{ name: "read me.txt", original: "notes/read me.txt", size: 11, kind: "document" },
    });
    const { id } = await panel.ask({ type: "post", room, files: [upload] });
    const message = hub.messageOf(id ?? "");
    expect(message).toMatchObject({ text: "", files: [{ name: "read me.txt" }] });
    expect(panel.state.rooms.get(room)?.last).toMatchObject({ text: "", file: "read me.txt" });
    const file = fileId(message.id, 1);
    const part = await panel.askBytes({ type: "get_slice", file, offset: 3, length: 4 });
    expect(part.header).toMatchObject({ type: "file_slice", file, offset: 3, size: 11 });
    expect(text(part.bytes)).toBe("lo t");
    // Once it is posted it is no upload any more.
    await expect(panel.ask({ type: "post", room, files: [upload] })).rejects.toThrow("No such upload.");
  });

  test("what is refused says why; who is not in the room is told nothing", async () => {
    const { hub, panel, start } = await open();
    await expect(start("a", 95_000_001)).rejects.toMatchObject({ code: "too_large" });
    const { upload } = await start("a", 4);
    await expect(panel.sendSlice({ upload, offset: 1 }, bytes("x"))).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(panel.askBytes({ type: "get_slice", file: "9-1" })).rejects.toMatchObject({
      code: "not_found",
    });
    hub.room("bo", "secret", [], { kind: "private" });
    const file = hub.files.keep("plan.png", bytes("plan"));
    const id = hub.post("bo", "secret", "see", {});
    const said = hub.messageOf(id);
    hub.messages.set(id, { ...said, files: [file] });
    await expect(panel.askBytes({ type: "get_slice", file: `${id}-1` })).rejects.toMatchObject({
      code: "not_found",
    });
    hub.files.thumbnails.set(`${id}-1`, { media_type: "image/png", bytes: bytes("small") });
    expect(
      text(
        hub.files.thumbnail(hub.memberOf("bo").id, {
          ...{ type: "get_thumbnail", req: "r", file: `${id}-1` },
        }).bytes,
      ),
    ).toBe("small");
  });

  test("a question for bytes is asked again after a new connection, and where its answer is lost", async () => {
    const { hub, client, panel } = await open();
    const id = hub.post("bo", "general", "see");
    const file = hub.files.keep("plan.png", bytes("plan"));
    hub.messages.set(id, { ...hub.messageOf(id), files: [file] });
    const asked = () => client.received.filter(({ type }) => type === "get_slice").length;
    client.lose = ({ type }) => type === "get_slice";
    const answer = panel.askBytes({ type: "get_slice", file: fileId(id, 1) });
    await until(() => asked() === 1);
    client.down();
    client.up();
    await until(() => asked() === 2);
    client.lose = () => false;
    client.down();
    client.up();
    expect(text((await answer).bytes)).toBe("plan");
    vi.useFakeTimers();
    client.lose = ({ type }) => type === "get_slice";
    const other = panel.askBytes({ type: "get_slice", file: fileId(id, 1) });
    await vi.advanceTimersByTimeAsync(0);
    const before = asked();
    client.lose = () => false;
    await vi.advanceTimersByTimeAsync(BYTES_WITHIN);
    expect(asked()).toBe(before + 1);
    expect(text((await other).bytes)).toBe("plan");
  });

  test("a slice is never sent twice: it is lost with its connection, or after a while without an answer", async () => {
    const { hub, client, panel, start } = await open();
    const { upload } = await start("a", 8);
    client.lose = ({ type }) => type === "slice";
    const first = panel.sendSlice({ upload, offset: 0 }, bytes("1234"));
    client.down();
    await expect(first).rejects.toMatchObject({ code: "lost" });
    await expect(panel.sendSlice({ upload, offset: 0 }, bytes("1234"))).rejects.toMatchObject({
      code: "lost",
    });
    client.up();
    await until(() => panel.state.link.state === "open");
    vi.useFakeTimers();
    const second = panel.sendSlice({ upload, offset: 0 }, bytes("1234"));
    const lost = expect(second).rejects.toMatchObject({ code: "lost" });
    await vi.advanceTimersByTimeAsync(BYTES_WITHIN);
    await lost;
    expect(client.slices).toHaveLength(2);
    expect(hub.files.uploads.get(upload)?.bytes).toHaveLength(0);
    client.lose = () => false;
    hub.refuse = ({ type }) => (type === "slice" ? new Refusal("disk_full", "The disk is full.") : null);
    await expect(panel.sendSlice({ upload, offset: 0 }, bytes("1234"))).rejects.toThrow("The disk is full.");
  });

  test("the workspace's limits are known, and follow from who changes them", async () => {
    const { hub, panel } = await open();
    expect(panel.state.settings).toMatchObject({ attachments: 10, attachment_bytes: 95_000_000 });
    hub.as("ana", { type: "set_settings", attachments: 3 });
    expect(panel.state.settings).toMatchObject({ attachments: 3, attachment_bytes: 95_000_000 });
    expect(() => hub.as("bo", { type: "set_settings", attachments: 9 })).toThrow("owner");
  });

  test("what is to be sent later takes its files with it", async () => {
    const { hub, room, panel, start } = await open();
    const { upload } = await start("empty.csv", 0);
    const at = hub.now + 60_000_000;
    await panel.ask({ type: "schedule", room, files: [upload], at });
    const [waits] = [...panel.state.scheduled.values()];
    expect(waits).toMatchObject({ text: "", files: [{ name: "empty.csv", size: 0, kind: "data" }] });
    hub.fireDue(at);
    expect(panel.state.scheduled.size).toBe(0);
    expect(panel.state.rooms.get(room)?.last?.file).toBe("empty.csv");
  });
});

test("sizes read as people say them", () => {
  const all = [0, 1, 999, 1_000, 1_449, 9_999, 812_345, 999_600, 94_999_999, 95_000_000, 3_200_000_000];
  expect(all.map(sizeText)).toEqual(
    "0 bytes,1 byte,999 bytes,1 kB,1.4 kB,10 kB,812 kB,1 MB,95 MB,95 MB,3.2 GB".split(","),
  );
});
