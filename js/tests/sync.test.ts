import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AnyRequest } from "../src/protocol";
import { EMPTY, type State } from "../src/state/state";
import { Store } from "../src/state/store";
import { ANSWER_WITHIN, Refused, Sync } from "../src/sync";
import { MemoryHub } from "./support/hub";
import { Refusal } from "./support/records";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const turn = () => vi.advanceTimersByTimeAsync(0);

async function start() {
  const hub = new MemoryHub();
  hub.member("ana");
  hub.member("bo");
  hub.room("ana", "general", ["bo"]);
  const client = hub.connect("ana");
  const store = new Store<State>(EMPTY);
  let synced = 0;
  const sync = new Sync(client.transport, store, () => {
    synced += 1;
  });
  sync.start();
  client.up();
  await turn();
  const sent = (type: AnyRequest["type"]) => client.received.filter((request) => request.type === type);
  return { hub, client, store, sync, synced: () => synced, sent, room: hub.roomOf("general").id };
}

test("begins with a snapshot", async () => {
  const { store, sent, hub, synced } = await start();
  expect(store.get().synced).toBe(true);
  expect(store.get().seq).toBe(hub.seq);
  expect([...store.get().rooms.values()].map(({ name }) => name)).toEqual(["general"]);
  expect(sent("sync")[0]).not.toHaveProperty("since");
  expect(synced()).toBe(1);
});

test("takes in what happens", async () => {
  const { hub, store, room } = await start();
  hub.post("bo", "general", "hello");
  expect(store.get().rooms.get(room)?.last?.text).toBe("hello");
  expect(store.get().rooms.get(room)?.unread).toBe(1);
});

test("fills a hole from where it was, and lets nothing newer in before", async () => {
  const { hub, client, store, sent, room } = await start();
  const before = store.get().seq;
  client.loseNews = true;
  hub.post("bo", "general", "lost");
  client.loseNews = false;
  client.hold();
  client.transport.lose();
  await turn();
  hub.post("bo", "general", "after the hole");
  expect(store.get().seq).toBe(before);
  client.release();
  await turn();
  expect(sent("sync").at(-1)).toMatchObject({ since: before });
  expect(store.get().seq).toBe(hub.seq);
  expect(store.get().rooms.get(room)?.unread).toBe(2);
});

test("a new epoch syncs again, and sends again what had no answer", async () => {
  const { hub, client, sync, store, sent, room } = await start();
  client.lose = (request) => request.type === "post";
  const posted = sync.request({ type: "post", room, text: "once" });
  const asked = sync.request({ type: "history", room });
  await turn();
  client.down();
  hub.post("bo", "general", "meanwhile");
  client.lose = () => false;
  client.up();
  await turn();
  expect((await posted).id).toBe(String(hub.seq));
  expect((await asked).type).toBe("page");
  const [first, second] = sent("post");
  expect(first).not.toHaveProperty("again");
  expect(second).toMatchObject({ again: true, req: first?.req });
  expect(sent("sync").at(-1)).toHaveProperty("since");
  expect(store.get().rooms.get(room)?.last?.text).toBe("once");
  expect(sent("sync")).toHaveLength(2);
});

test("what is asked while there is no way goes out when there is one", async () => {
  const { client, sync, sent, room } = await start();
  client.down();
  const posted = sync.request({ type: "post", room, text: "kept" });
  await turn();
  expect(sent("post")).toHaveLength(0);
  client.up();
  await turn();
  await posted;
  expect(sent("post")).toHaveLength(1);
  expect(sent("post")[0]).not.toHaveProperty("again");
});

test("an answer that does not come is asked for again, and the message is there once", async () => {
  const { hub, client, sync, room } = await start();
  const push = client.transport.push.bind(client.transport);
  client.transport.push = (frames) => {
    if (!frames[0]?.includes('"ack"')) push(frames);
  };
  const posted = sync.request({ type: "post", room, text: "once" });
  await turn();
  client.transport.push = push;
  await vi.advanceTimersByTimeAsync(ANSWER_WITHIN + 10);
  await posted;
  expect([...hub.messages.values()].filter(({ text }) => text === "once")).toHaveLength(1);
});

test("a refusal says why", async () => {
  const { hub, sync, room } = await start();
  hub.refuse = ({ type }) => (type === "post" ? new Refusal("disk_full", "The disk is full.") : null);
  await expect(sync.request({ type: "post", room, text: "no" })).rejects.toEqual(
    new Refused("disk_full", "The disk is full."),
  );
});

test("restart asks from where it was", async () => {
  const { client, store, sent } = await start();
  client.transport.push([JSON.stringify({ type: "restart", seq: 99 })]);
  await turn();
  expect(sent("sync").at(-1)).toMatchObject({ since: store.get().seq });
});

test("another role shows other rooms, and nothing that was said meanwhile is lost", async () => {
  const { hub, client, sync, store, sent, room } = await start();
  hub.room("bo", "random");
  const { id: me } = hub.memberOf("ana");
  const names = () => [...store.get().rooms.values()].map(({ name }) => name);
  for (const [role, expected] of [
    ["guest", ["general"]],
    ["member", ["general", "random"]],
  ] as const) {
    client.hold();
    const posted = sync.request({ type: "post", room, text: `as ${role}` });
    await turn();
    hub.as("bo", { type: "set_role" as const, member: me, role });
    hub.post("bo", "general", `while ${role}`);
    client.release();
    await turn();
    expect((await posted).id).not.toBeNull();
    expect(names()).toEqual(expected);
    expect(store.get().members.get(me)?.role).toBe(role);
    expect(store.get().seq).toBe(hub.seq);
    expect([...store.get().rooms.values()]).toEqual(hub.snapshot(me).rooms);
  }
  expect(sent("sync")).toHaveLength(3);
  expect(store.get().rooms.get(room)).toMatchObject({ unread: 2, n_messages: 4 });
});

test("a snapshot that another browser asked for is not ours", async () => {
  const { hub, client, store } = await start();
  const other = { ...hub.snapshot(client.me, crypto.randomUUID()), rooms: [] };
  client.transport.push([JSON.stringify(other)]);
  expect(store.get().rooms.size).toBe(1);
});

test("a frame that is no JSON stops nothing", async () => {
  const { client, store, hub } = await start();
  client.transport.push([
    "{",
    JSON.stringify({ type: "presence", member: hub.memberOf("bo").id, online: true, last_seen: null }),
  ]);
  expect(store.get().online.has(hub.memberOf("bo").id)).toBe(true);
});

describe("many requests of one turn", () => {
  test("travel in one message", async () => {
    const { client, sync, room } = await start();
    const sends: number[] = [];
    const send = client.transport.send.bind(client.transport);
    client.transport.send = (frames) => {
      sends.push(frames.length);
      send(frames);
    };
    const both = [1, 2, 3].map((n) => sync.request({ type: "post", room, text: `n ${n}` }));
    await turn();
    await Promise.all(both);
    expect(sends).toEqual([3]);
  });
});
