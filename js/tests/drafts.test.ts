import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SILENCE } from "../src/drafts";
import type { SetDraft } from "../src/protocol";
import { type Memories, memories, panelOn } from "./support/bare";
import { MemoryHub } from "./support/hub";

let hub: MemoryHub;
let room: string;
let place: string;

beforeEach(() => {
  vi.useFakeTimers();
  hub = new MemoryHub(Date.now() * 1000);
  hub.member("ana");
  hub.member("bo");
  room = hub.room("ana", "general", ["bo"]);
  place = `room:${room}`;
});
afterEach(() => {
  vi.useRealTimers();
});

const turn = () => vi.advanceTimersByTimeAsync(0);
const silence = () => vi.advanceTimersByTimeAsync(SILENCE);

/** Ana's panel in one of her browsers. */
async function browser(memory: Memories = memories()) {
  const client = hub.connect("ana");
  const panel = panelOn(client.transport, memory);
  client.up();
  await turn();
  const said = () => client.received.filter((one): one is SetDraft => one.type === "set_draft");
  return { client, panel, drafts: panel.drafts, memory, said };
}

test("a draft is here at once, and at the hub after a silence", async () => {
  const { drafts, said } = await browser();
  drafts.set(place, "h");
  expect(drafts.get(place)).toBe("h");
  await vi.advanceTimersByTimeAsync(SILENCE - 1);
  drafts.set(place, "half", "77");
  await vi.advanceTimersByTimeAsync(SILENCE - 1);
  expect(said()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  // The hub knows no message 77, and takes it all the same: what it refuses is another test's.
  expect(said()).toMatchObject([{ room, thread: null, text: "half", reply_to: "77" }]);
  expect(drafts.quoted(place)).toBe("77");
  await silence();
  expect(said()).toHaveLength(1);
});

test("it follows its writer to another browser, and back", async () => {
  const one = await browser();
  const two = await browser();
  const told: string[][] = [];
  two.drafts.onOther(place, (...said) => told.push(said));
  const thread = hub.post("bo", "general", "root");
  one.drafts.set(place, "from the first");
  one.drafts.set(`thread:${room}/${thread}`, "in a thread");
  await silence();
  expect(two.drafts.get(place)).toBe("from the first");
  expect(two.drafts.get(`thread:${room}/${thread}`)).toBe("in a thread");
  two.drafts.set(place, "from the first and the second");
  await silence();
  expect(one.drafts.get(place)).toBe("from the first and the second");
  expect(told).toEqual([["from the first", ""]]);
  // A third one that comes later has it from the beginning.
  const three = await browser();
  expect(three.drafts.get(place)).toBe("from the first and the second");
});

test("one that is sent is gone everywhere, and at once", async () => {
  const one = await browser();
  const two = await browser();
  one.drafts.set(place, "hello");
  await silence();
  one.panel.outbox.add({ room, text: "hello" });
  one.drafts.set(place, "");
  await turn();
  expect(hub.personalOf(one.client.me).drafts.size).toBe(0);
  expect(two.drafts.get(place)).toBe("");
  expect(one.memory.lasting.kept.size).toBe(0);
});

test("one that the hub never heard of is dropped without a word", async () => {
  const { drafts, said } = await browser();
  drafts.set(place, "hello");
  drafts.set(place, "");
  await silence();
  expect(said()).toEqual([]);
});

test("what is being typed stays, whatever another browser says", async () => {
  const one = await browser();
  const two = await browser();
  one.drafts.set(place, "from the first");
  await vi.advanceTimersByTimeAsync(SILENCE - 100);
  two.drafts.set(place, "newer words");
  await vi.advanceTimersByTimeAsync(100);
  expect(two.drafts.get(place)).toBe("newer words");
  await silence();
  expect(one.drafts.get(place)).toBe("newer words");
  expect(two.drafts.get(place)).toBe("newer words");
});

test("what was typed without a connection and elsewhere since is kept, both", async () => {
  const one = await browser();
  const two = await browser();
  one.client.down();
  one.drafts.set(place, "on the train");
  await silence();
  await vi.advanceTimersByTimeAsync(60_000);
  hub.now = Date.now() * 1000;
  two.drafts.set(place, "at home");
  await silence();
  one.client.up();
  await silence();
  for (const { drafts } of [one, two]) expect(drafts.get(place)).toBe("at home\n\non the train");
});

test("what is typed while the hub is slow to answer is told after it", async () => {
  const { client, drafts, said } = await browser();
  client.hold();
  drafts.set(place, "slow");
  await silence();
  drafts.set(place, "slow, and more");
  await silence();
  expect(said()).toHaveLength(1);
  client.release();
  await silence();
  expect(said().map(({ text }) => text)).toEqual(["slow", "slow, and more"]);
  expect(hub.personalOf(client.me).drafts.get(room)?.text).toBe("slow, and more");
  expect(drafts.get(place)).toBe("slow, and more");
});

test("the hub is told at leaving a room, when the page goes, and when the panel closes", async () => {
  const { panel, drafts, said, client } = await browser();
  panel.show("view", room);
  drafts.set(place, "one");
  panel.hide("view", room);
  await turn();
  expect(said()).toHaveLength(1);
  drafts.set(place, "two");
  window.dispatchEvent(new Event("pagehide"));
  await turn();
  expect(said()).toHaveLength(2);
  drafts.set(place, "three");
  panel.close();
  expect(said().at(-1)).toMatchObject({ text: "three" });
  expect(hub.personalOf(client.me).drafts.get(room)?.text).toBe("three");
  expect(vi.getTimerCount()).toBe(0);
});

test("what the hub did not hear is told by the next page", async () => {
  const memory = memories();
  const first = await browser(memory);
  first.client.down();
  first.drafts.set(place, "half a sentence");
  first.panel.close();
  const next = await browser(memory);
  expect(next.drafts.get(place)).toBe("half a sentence");
  await turn();
  expect(next.said()).toMatchObject([{ text: "half a sentence" }]);
});

test("one that was sent elsewhere meanwhile does not come back", async () => {
  const memory = memories();
  const first = await browser(memory);
  first.drafts.set(place, "hello");
  await silence();
  first.panel.close();
  hub.as("ana", { type: "set_draft" as const, room, text: "" });
  const next = await browser(memory);
  expect(next.drafts.get(place)).toBe("");
  expect(memory.lasting.kept.size).toBe(0);
});

test("what was kept by an earlier version is there", async () => {
  const memory = memories();
  const { joined_at, id } = hub.memberOf("ana");
  memory.lasting.set(`drafts:ana:${id}:${joined_at}`, { [place]: "old", "edit:9": "changed" });
  const { drafts, said } = await browser(memory);
  expect([drafts.get(place), drafts.get("edit:9")]).toEqual(["old", "changed"]);
  await turn();
  expect(said()).toMatchObject([{ text: "old" }]);
});

test("a message that is edited stays in this browser", async () => {
  const { drafts, said, memory } = await browser();
  drafts.set("edit:9", "other words");
  await silence();
  expect(said()).toEqual([]);
  const again = await browser(memory);
  expect(again.drafts.get("edit:9")).toBe("other words");
  again.drafts.set("edit:9", "");
  expect(memory.lasting.kept.size).toBe(0);
});

test("what the hub refuses stays here", async () => {
  const { drafts, client, said } = await browser();
  hub.as("ana", { type: "delete_room" as const, room });
  drafts.set(place, "too late");
  await silence();
  await silence();
  expect(said()).toHaveLength(1);
  expect(drafts.get(place)).toBe("too late");
  expect(hub.personalOf(client.me).drafts.size).toBe(0);
});

test("two tabs of a browser do not forget each other's places", async () => {
  const memory = memories();
  const one = await browser(memory);
  const two = await browser(memory);
  one.drafts.set("edit:1", "of the first");
  two.drafts.set("edit:2", "of the second");
  one.drafts.set("edit:3", "of the first again");
  const three = await browser(memory);
  expect([1, 2, 3].map((n) => three.drafts.get(`edit:${n}`))).toEqual([
    "of the first",
    "of the second",
    "of the first again",
  ]);
});
