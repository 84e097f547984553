import { expect, test } from "vitest";
import { Outbox, type Poster } from "../src/outbox";
import type { Ack } from "../src/protocol";
import { EMPTY, type State } from "../src/state/state";
import { Store } from "../src/state/store";
import { newReq } from "../src/uuid";
import { FakeMemory } from "./support/bare";

interface Call {
  post: Parameters<Poster>[0];
  answer: (ack: Partial<Ack>) => Promise<void>;
  refuse: (message: string) => Promise<void>;
}

/** No message here waits for files. */
const nothing = () => Promise.reject(new Error("no files"));

function outbox(memory = new FakeMemory()) {
  const store = new Store<State>({ ...EMPTY, me: "1" });
  const calls: Call[] = [];
  const settle = () => new Promise<void>((go) => setTimeout(go, 0));
  const box = new Outbox(
    store,
    memory,
    (post) =>
      new Promise((resolve, reject) => {
        calls.push({
          post,
          answer: (ack) => {
            resolve({ type: "ack", req: post.req, seq: 5, time: 7, id: "5", changed: true, ...ack });
            return settle();
          },
          refuse: (message) => {
            reject(new Error(message));
            return settle();
          },
        });
      }),
    nothing,
  );
  box.open("ana");
  const call = (n: number): Call => {
    const found = calls[n];
    if (!found) throw new Error(`no call ${n}`);
    return found;
  };
  return { store, calls, call, box, memory, kept: () => memory.get<Record<string, unknown>>("outbox:ana") };
}

test("a message is there at once, and kept until the hub has it", async () => {
  const { store, call, box, kept } = outbox();
  const { req } = box.add({ room: "2", text: "hello" });
  expect(store.get().outgoing).toMatchObject([{ req, text: "hello", state: "waiting" }]);
  expect(Object.keys(kept() ?? {})).toEqual([req]);
  expect(call(0).post).toMatchObject({ req, room: "2", text: "hello", again: false });
  await call(0).answer({});
  expect(kept()).toBeNull();
  expect(store.get().outgoing).toMatchObject([{ req, state: "confirmed", id: "5", time: 7 }]);
});

test("one whose event came before the answer is gone with the answer", async () => {
  const { store, call, box } = outbox();
  box.add({ room: "2", text: "hello" });
  store.update((state) => ({ ...state, seq: 5 }));
  await call(0).answer({ id: "5" });
  expect(store.get().outgoing).toEqual([]);
});

test("one that is refused stays, with the reason, and can be sent again or given up", async () => {
  const { store, calls, call, box, kept } = outbox();
  const { req } = box.add({ room: "2", text: "hello" });
  await call(0).refuse("The disk is full.");
  expect(store.get().outgoing).toMatchObject([{ state: "failed", problem: "The disk is full." }]);
  expect(kept()).toHaveProperty(req);
  box.retry(req);
  expect(store.get().outgoing).toMatchObject([{ state: "waiting", problem: null }]);
  expect(call(1).post).toMatchObject({ req, again: true });
  await call(1).refuse("Still full.");
  box.drop(req);
  expect(store.get().outgoing).toEqual([]);
  expect(kept()).toBeNull();
  expect(calls).toHaveLength(2);
});

test("a page that is loaded again sends what was on its way, with the same req", async () => {
  const memory = new FakeMemory();
  const first = outbox(memory);
  const waiting = first.box.add({ room: "2", text: "on its way" });
  const failed = first.box.add({ room: "2", text: "refused" });
  await first.call(1).refuse("no");
  const second = outbox(memory);
  expect(second.store.get().outgoing.map(({ text, state }) => [text, state])).toEqual([
    ["on its way", "waiting"],
    ["refused", "failed"],
  ]);
  expect(second.calls.map(({ post }) => [post.req, post.again])).toEqual([[waiting.req, true]]);
  second.box.retry(failed.req);
  expect(second.call(1).post.req).toBe(failed.req);
});

test("what another person wrote in the same browser is theirs", () => {
  const memory = new FakeMemory();
  outbox(memory).box.add({ room: "2", text: "of ana" });
  const store = new Store<State>(EMPTY);
  new Outbox(store, memory, () => new Promise(() => {}), nothing).open("bo");
  expect(store.get().outgoing).toEqual([]);
});

test("a req is a UUIDv7 that sorts by time", () => {
  const reqs = [1, 2, 3_000_000_000_000].map((now) => newReq(now));
  for (const req of reqs)
    expect(req).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([...reqs].sort()).toEqual(reqs);
  expect(newReq()).not.toBe(newReq());
});
