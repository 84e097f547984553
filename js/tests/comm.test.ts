import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CommTransport, PING_EVERY, SILENT_AFTER } from "../src/transport/comm";
import type { LinkStatus } from "../src/transport/transport";
import { FakeModel } from "./support/model";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const model = new FakeModel();
  const transport = new CommTransport(model);
  const seen: unknown[] = [];
  transport.open({
    frames: (frames) => seen.push(...frames),
    bytes: (header, bytes) => seen.push([header, ...bytes]),
    status: (status: LinkStatus) => seen.push(status.state),
    gap: () => seen.push("GAP"),
    silence: (silent) => seen.push(silent ? "SILENT" : "SPEAKS"),
  });
  return { model, transport, seen };
}

test("a view asks for the state and keeps a heartbeat", () => {
  const { model, transport } = open();
  transport.attach("view-1");
  expect(model.sent).toEqual([
    { type: "attach", view: "view-1" },
    { type: "ping", t: expect.any(Number), n: 0 },
  ]);
  model.say({ type: "frames", n: 1, frames: ["a"] });
  vi.advanceTimersByTime(PING_EVERY);
  expect(model.sent.at(-1)).toEqual({ type: "ping", t: expect.any(Number), n: 1 });
});

test("no message has a key named id", () => {
  const { model, transport } = open();
  transport.attach("view-1");
  transport.send(["{}"]);
  transport.enter("Ana");
  for (const message of model.sent) expect(message).not.toHaveProperty("id");
  expect(model.sent.slice(-2)).toEqual([
    { type: "frames", frames: ["{}"] },
    { type: "visitor", name: "Ana" },
  ]);
});

test("a number that is left out is a hole, told before what follows it", () => {
  const { model, seen } = open();
  model.say({ type: "state", state: "open", message: "", epoch: 1, n: 0 });
  model.say({ type: "frames", n: 1, frames: ["a"] });
  model.say({ type: "frames", n: 3, frames: ["c"] });
  expect(seen).toEqual(["open", "a", "GAP", "c"]);
});

test("a state that counts more pushes than came shows a hole", () => {
  const { model, seen } = open();
  model.say({ type: "state", state: "open", message: "", epoch: 1, n: 4 });
  model.say({ type: "state", state: "open", message: "", epoch: 1, n: 5 });
  expect(seen).toEqual(["open", "GAP", "open"]);
});

test("a pong may overtake the push that it counts", () => {
  const { model, seen } = open();
  model.say({ type: "state", state: "open", message: "", epoch: 1, n: 0 });
  model.say({ type: "pong", t: 0, n: 1, epoch: 1, state: "open" });
  model.say({ type: "frames", n: 1, frames: ["a"] });
  vi.advanceTimersByTime(5_000);
  expect(seen).toEqual(["open", "a"]);
  model.say({ type: "pong", t: 0, n: 2, epoch: 1, state: "open" });
  vi.advanceTimersByTime(5_000);
  expect(seen).toEqual(["open", "a", "GAP"]);
});

test("a kernel that does not answer is called silent, until it answers", () => {
  const { model, transport, seen } = open();
  transport.attach("view-1");
  vi.advanceTimersByTime(SILENT_AFTER - 1);
  expect(seen).toEqual([]);
  vi.advanceTimersByTime(2);
  expect(seen).toEqual(["SILENT"]);
  model.say({ type: "pong", t: 0, n: 0, epoch: 0, state: "connecting" });
  expect(seen).toEqual(["SILENT", "SPEAKS"]);
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(PING_EVERY);
    model.say({ type: "pong", t: 0, n: 0, epoch: 0, state: "connecting" });
  }
  expect(seen).toEqual(["SILENT", "SPEAKS"]);
});

test("a pong with another epoch is a new connection", () => {
  const { model, transport } = open();
  model.say({ type: "state", state: "open", message: "", epoch: 1, n: 0 });
  model.say({ type: "pong", t: 0, n: 0, epoch: 2, state: "open" });
  expect(transport.status).toMatchObject({ state: "open", epoch: 2 });
});

test("without a view there is no heartbeat, and after close nothing at all", () => {
  const { model, transport } = open();
  transport.attach("a");
  transport.attach("b");
  transport.detach("a");
  const before = model.sent.length;
  vi.advanceTimersByTime(PING_EVERY);
  expect(model.sent.length).toBe(before + 1);
  transport.detach("b");
  vi.advanceTimersByTime(10 * PING_EVERY);
  expect(model.sent.length).toBe(before + 1);
  transport.close();
  expect(model.listeners()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test("a comm that is gone throws nothing at anybody", () => {
  const { model, transport, seen } = open();
  model.broken = true;
  transport.attach("a");
  transport.send(["{}"]);
  vi.advanceTimersByTime(SILENT_AFTER + 1);
  expect(seen).toEqual(["SILENT"]);
});

test("bytes go beside their header, and come so", () => {
  const { model, transport, seen } = open();
  transport.sendBytes('{"type":"slice"}', new Uint8Array([9, 1, 2, 9]).subarray(1, 3));
  expect(model.sent.at(-1)).toEqual({ type: "bytes", header: '{"type":"slice"}' });
  expect(model.buffers.at(-1)?.map((buffer) => [...new Uint8Array(buffer)])).toEqual([[1, 2]]);
  model.say({ type: "bytes", header: "h" }, [new DataView(new Uint8Array([9, 7, 8]).buffer, 1)]);
  expect(seen).toEqual([["h", 7, 8]]);
  // Without the bytes it is nothing.
  model.say({ type: "bytes", header: "h" });
  expect(seen).toHaveLength(1);
});
