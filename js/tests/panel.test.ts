import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UNDO_WITHIN } from "../src/deletions";
import { Panel } from "../src/panel";
import { MOST, Pictures } from "../src/pictures";
import type { Message } from "../src/protocol";
import { rows, statusOf, typingIn, unreadTotals } from "../src/state/selectors";
import { COUNTS } from "../src/state/typing";
import { memories, panelOn } from "./support/bare";
import { MemoryHub } from "./support/hub";
import { Refusal } from "./support/records";

let hub: MemoryHub;
let room: string;

beforeEach(() => {
  vi.useFakeTimers();
  hub = new MemoryHub(Date.now() * 1000);
  for (const handle of ["ana", "bo", "cy"]) hub.member(handle);
  room = hub.room("ana", "general", ["bo", "cy"]);
});
afterEach(() => {
  vi.useRealTimers();
});

const turn = () => vi.advanceTimersByTimeAsync(0);

async function open(handle = "ana", memory = memories()) {
  const client = hub.connect(handle);
  const panel = panelOn(client.transport, memory);
  client.up();
  await turn();
  panel.show("view", room);
  await turn();
  const asked = (type: string) => client.received.filter((one) => one.type === type);
  /** What a view would show. */
  const shown = () => {
    const timeline = panel.timeline(room, null);
    const { outgoing, hidden } = panel.state;
    if (!timeline) return [];
    const known = timeline.loaded ? timeline : { ...timeline, held: [], moreAfter: false };
    return rows(known, outgoing, panel.state.me, null, hidden).flatMap((row) =>
      row.type === "message" ? [row.message.text] : row.type === "outgoing" ? [row.item.text] : [],
    );
  };
  const held = (id: string) =>
    panel.timeline(room, null)?.held.find(({ message }) => message.id === id)?.message as Message;
  return { client, panel, asked, shown, held };
}

describe("a message of one's own", () => {
  test("that the hub has before the room's first page is there stays in sight", async () => {
    const { client, panel, shown } = await open();
    client.down();
    await turn();
    panel.store.update((state) => ({ ...state, timelines: new Map() }));
    client.lose = (request) => request.type === "history";
    client.up();
    await turn();
    panel.outbox.add({ room, text: "quicker than the page" });
    expect(shown()).toEqual(["quicker than the page"]);
    await turn();
    expect(hub.messages.get(String(hub.seq))?.text).toBe("quicker than the page");
    expect(shown()).toEqual(["quicker than the page"]);
    hub.post("bo", "general", "something else");
    expect(shown()).toEqual(["quicker than the page"]);
    client.lose = () => false;
    void panel.load(room, null, "newest");
    await turn();
    expect(shown()).toEqual(["quicker than the page", "something else"]);
    expect(panel.state.outgoing).toEqual([]);
  });

  test("for all, in a thread, is in both places at once and once in each", async () => {
    const root = hub.post("bo", "general", "root");
    const { client, panel, shown } = await open();
    panel.show("side", room, root);
    await turn();
    client.hold();
    panel.outbox.add({ room, text: "for all", reply_to: root, thread: root, broadcast: true });
    expect(shown()).toEqual(["root", "for all"]);
    client.release();
    await turn();
    expect(shown()).toEqual(["root", "for all"]);
    expect(panel.timeline(room, root)?.held.map(({ message }) => message.text)).toEqual(["root", "for all"]);
    expect(panel.state.outgoing).toEqual([]);
  });
});

describe("a deletion", () => {
  test("is out of sight at once, and happens a moment later", async () => {
    const posted = hub.post("ana", "general", "oops");
    const { panel, shown, asked, held } = await open();
    panel.deleteLater(held(posted));
    expect(shown()).toEqual([]);
    await vi.advanceTimersByTimeAsync(UNDO_WITHIN - 1);
    expect(asked("delete")).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(hub.messages.get(posted)?.deleted).toBe(true);
    expect(panel.state.hidden.size).toBe(0);
  });

  test("can be taken back", async () => {
    const posted = hub.post("ana", "general", "no, good");
    const { panel, shown, asked, held } = await open();
    panel.deleteLater(held(posted));
    panel.undelete(posted);
    expect(shown()).toEqual(["no, good"]);
    await vi.advanceTimersByTimeAsync(2 * UNDO_WITHIN);
    expect(asked("delete")).toEqual([]);
  });

  test("happens at once when the page goes away", async () => {
    const posted = ["one", "two"].map((text) => hub.post("ana", "general", text));
    const { panel, held } = await open();
    panel.deleteLater(held(posted[0] ?? ""));
    window.dispatchEvent(new Event("pagehide"));
    await turn();
    expect(hub.messages.get(posted[0] ?? "")?.deleted).toBe(true);
    panel.deleteLater(held(posted[1] ?? ""));
    panel.close();
    expect(hub.messages.get(posted[1] ?? "")?.deleted).toBe(true);
  });

  test("that is refused shows the message again, and says why", async () => {
    const posted = hub.post("ana", "general", "stays");
    const { panel, shown, held } = await open();
    hub.refuse = ({ type }) => (type === "delete" ? new Refusal("disk_full", "The disk is full.") : null);
    const problems: unknown[] = [];
    panel.deleteLater(held(posted), (problem) => problems.push(problem));
    await vi.advanceTimersByTimeAsync(UNDO_WITHIN);
    expect(shown()).toEqual(["stays"]);
    expect(problems).toMatchObject([{ message: "The disk is full." }]);
  });
});

describe("a vote", () => {
  const poll = () =>
    hub.as("bo", {
      ...{ type: "create_poll" as const, room, question: "Which?", options: ["one", "two"] },
    }).id ?? "";

  test("shows before the hub has it", async () => {
    const id = poll();
    const { client, panel, held } = await open();
    client.hold();
    const voted = panel.vote(held(id), [1]);
    expect(held(id).poll?.votes).toEqual([[], [client.me]]);
    client.release();
    await voted;
    expect(held(id).poll?.votes).toEqual([[], [client.me]]);
    expect(hub.messages.get(id)?.poll?.votes).toEqual([[], [client.me]]);
  });

  test("that is refused is taken back", async () => {
    const id = poll();
    const { client, panel, held } = await open();
    await panel.vote(held(id), [0]);
    hub.as("bo", { type: "close_poll" as const, id });
    await expect(panel.vote(held(id), [1])).rejects.toThrow("closed");
    expect(held(id).poll?.votes).toEqual([[client.me], []]);
  });
});

describe("one's own", () => {
  test("stars and mutes show at once, and are taken back where they are refused", async () => {
    const { client, panel } = await open();
    const other = hub.room("ana", "other");
    client.hold();
    const done = [panel.star(room, true), panel.star(other, true), panel.mute(room, true)];
    expect(panel.state.stars).toEqual([room, other]);
    expect(panel.state.muted.has(room)).toBe(true);
    client.release();
    await Promise.all(done);
    await panel.setStars([other, room]);
    expect(hub.personalOf(client.me).stars).toEqual([other, room]);
    await panel.star(other, false);
    expect(panel.state.stars).toEqual([room]);
    hub.refuse = () => new Refusal("disk_full", "The disk is full.");
    await expect(panel.setStars([])).rejects.toThrow("full");
    await expect(panel.mute(room, false)).rejects.toThrow("full");
    expect(panel.state.stars).toEqual([room]);
    expect(panel.state.muted.has(room)).toBe(true);
  });

  test("saved messages, notes and reminders", async () => {
    const posted = hub.post("bo", "general", "look");
    const { panel, held } = await open();
    expect(await panel.save(held(posted), { note: "why" })).toBe(posted);
    const remind_at = hub.now + 1_000_000;
    const note = (await panel.save(null, { note: "call bo", remind_at })) ?? "";
    expect([...panel.state.saved.keys()]).toEqual([posted, note]);
    hub.fireDue(remind_at);
    expect(panel.state.reminders).toEqual([note]);
    panel.seenReminder(note);
    expect(panel.state.reminders).toEqual([]);
    await panel.unsave(posted);
    expect([...panel.state.saved.keys()]).toEqual([note]);
    await expect(panel.save(null, { note: " " })).rejects.toThrow("some text");
  });
});

describe("a reminder", () => {
  test("of a time without a panel is told by the next one, until it is looked at", async () => {
    const memory = memories();
    const first = await open("ana", memory);
    const remind_at = hub.now + 1_000_000;
    const note = (await first.panel.save(null, { note: "call bo", remind_at })) ?? "";
    first.panel.close();
    first.client.down();
    hub.fireDue(remind_at);
    const second = await open("ana", memory);
    expect(second.panel.state.reminders).toEqual([note]);
    second.panel.close();
    const third = await open("ana", memory);
    expect(third.panel.state.reminders).toEqual([note]);
    third.panel.seenReminder(note);
    third.panel.close();
    const last = await open("ana", memory);
    expect(last.panel.state.reminders).toEqual([]);
    expect(last.panel.state.saved.get(note)?.reminded_at).not.toBeNull();
  });

  test("that is old is not told by a browser that never told one", async () => {
    hub.as("ana", { type: "save" as const, note: "long ago", remind_at: hub.now + 1_000_000 });
    hub.fireDue(hub.now + 1_000_000);
    await vi.advanceTimersByTimeAsync(2 * 86_400_000);
    const { panel } = await open();
    expect(panel.state.saved.size).toBe(1);
    expect(panel.state.reminders).toEqual([]);
  });
});

describe("reading", () => {
  test("all is marked as read in one frame", async () => {
    hub.room("bo", "second", ["ana"]);
    hub.room("bo", "third", ["ana"]);
    for (const name of ["general", "second"]) hub.post("bo", name, "unread");
    const { client, panel, asked } = await open();
    const frames: string[] = [];
    const send = client.transport.send.bind(client.transport);
    client.transport.send = (some) => {
      frames.push(...some);
      send(some);
    };
    await panel.markAllRead();
    expect(frames).toHaveLength(1);
    expect(asked("mark_read")).toHaveLength(2);
    expect(unreadTotals(panel.state)).toMatchObject({ unread: 0, mentions: 0 });
    await panel.markAllRead();
    expect(frames).toHaveLength(1);
  });

  test("a date is jumped to", async () => {
    let middle = 0;
    for (let i = 0; i < 400; i++) {
      hub.post("bo", "general", `n ${i}`);
      if (i === 199) middle = hub.now;
    }
    const { panel } = await open();
    expect((await panel.jumpTo(room, middle + 1))?.text).toBe("n 200");
    const timeline = panel.timeline(room, null);
    expect(timeline).toMatchObject({ moreBefore: true, moreAfter: true });
    expect((await panel.jumpTo(room, hub.now + 1))?.text).toBe("n 399");
    expect((await panel.jumpTo(room, 1))?.kind).toBe("text");
  });
});

describe("the clock", () => {
  test("who writes is told every few seconds, and forgotten a moment after", async () => {
    const ana = await open("ana");
    const bo = await open("bo");
    const seen = () => typingIn(ana.panel.state, room, null).map(({ handle }) => handle);
    for (let i = 0; i < 10; i++) bo.panel.typing(room, null);
    await turn();
    expect(bo.asked("typing")).toHaveLength(1);
    expect(seen()).toEqual(["bo"]);
    await vi.advanceTimersByTimeAsync(3_000);
    bo.panel.typing(room, null);
    await vi.advanceTimersByTimeAsync(COUNTS - 1);
    expect(seen()).toEqual(["bo"]);
    await vi.advanceTimersByTimeAsync(2);
    expect(seen()).toEqual([]);
    bo.client.down();
    bo.panel.typing(room, null);
    await turn();
    expect(bo.asked("typing")).toHaveLength(2);
  });

  test("a status that is over is told", async () => {
    const { panel } = await open();
    const id = hub.memberOf("bo").id;
    hub.as("bo", { type: "set_status" as const, text: "away", until: (Date.now() + 10_000) * 1000 });
    let told = 0;
    panel.store.subscribe(() => {
      told += 1;
    });
    await vi.advanceTimersByTimeAsync(9_999);
    expect(statusOf(panel.state, id)?.text).toBe("away");
    expect(told).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(statusOf(panel.state, id)).toBeNull();
    expect(told).toBe(1);
  });
});

describe("pictures", () => {
  beforeEach(() => {
    let made = 0;
    Object.assign(URL, { createObjectURL: vi.fn(() => `blob:${++made}`), revokeObjectURL: vi.fn() });
  });

  test("are fetched once, and the store is told", async () => {
    hub.as("bo", { type: "set_picture" as const, data: btoa("a picture") });
    const sha = hub.memberOf("bo").picture ?? "";
    const { panel, asked } = await open();
    let told = 0;
    panel.store.subscribe(() => {
      told += 1;
    });
    expect(panel.picture(sha)).toBeNull();
    expect(panel.picture(sha)).toBeNull();
    await turn();
    expect(panel.picture(sha)).toBe("blob:1");
    expect(told).toBe(1);
    expect(panel.picture("0".repeat(64))).toBeNull();
    await turn();
    expect(panel.picture("0".repeat(64))).toBeNull();
    await turn();
    expect(asked("get_picture")).toHaveLength(2);
    panel.close();
    expect(URL.revokeObjectURL).toHaveBeenCalledWith("blob:1");
  });

  test("are let go when there are too many", async () => {
    const pictures = new Pictures(
      async () => ({ type: "picture", req: "", media_type: "image/png", data: btoa("x") }),
      () => {},
    );
    for (let i = 0; i < MOST + 50; i++) {
      pictures.get(String(i));
      pictures.get("0");
      await turn();
    }
    expect(URL.revokeObjectURL).toHaveBeenCalledTimes(50);
    expect(pictures.get("0")).toBe("blob:1");
    pictures.close();
    expect(URL.revokeObjectURL).toHaveBeenCalledTimes(MOST + 50);
  });
});

test("a panel that is closed leaves nothing behind", async () => {
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = window;
  vi.spyOn(window, "addEventListener").mockImplementation((type: string, listener: unknown) => {
    listeners.add(listener);
    addEventListener.call(window, type, listener as EventListener);
  });
  vi.spyOn(window, "removeEventListener").mockImplementation((type: string, listener: unknown) => {
    listeners.delete(listener);
    removeEventListener.call(window, type, listener as EventListener);
  });
  const posted = hub.post("ana", "general", "x");
  const client = hub.connect("ana");
  const panel = new Panel(client.transport, memories());
  client.up();
  await turn();
  expect(listeners.size).toBe(1);
  client.hold();
  panel.show("view", room);
  panel.drafts.set(`room:${room}`, "half");
  panel.deleteLater({ id: posted });
  panel.typing(room, null);
  hub.as("bo", { type: "set_status" as const, text: "away", until: (Date.now() + 10_000) * 1000 });
  expect(vi.getTimerCount()).toBeGreaterThan(3);
  panel.close();
  expect(vi.getTimerCount()).toBe(0);
  expect(listeners.size).toBe(0);
});
