import { afterEach, expect, test, vi } from "vitest";
import { Panel } from "../src/panel";
import type { Event, Message } from "../src/protocol";
import { onNews, onSnapshot, RECENT } from "../src/state/reduce";
import { EMPTY } from "../src/state/state";
import { FOLLOWED, WINDOW } from "../src/state/timeline";
import { memories, panelOn, until } from "./support/bare";
import { MemoryHub } from "./support/hub";

afterEach(() => {
  vi.useRealTimers();
});

/** A room in which much was said, put there without the detour over commands. */
function talked(hub: MemoryHub, room: string, handle: string, count: number): void {
  const author = hub.memberOf(handle).id;
  for (let i = 0; i < count; i++) {
    const nothing = { broadcast: false, forwarded: null, poll: null, scheduled: null, files: [] };
    hub.happen(author, room, {
      ...{ type: "posted", id: String(hub.seq + 1), text: `n ${i}`, kind: "text" },
      ...{ thread: null, reply_to: null, mentions: [], ...nothing },
    });
  }
}

test("a history of 100,000 messages is read up and down without holes, and without keeping it", async () => {
  const hub = new MemoryHub();
  hub.member("ana");
  hub.member("bo");
  const room = hub.room("ana", "general", ["bo"]);
  talked(hub, room, "bo", 100_000);
  // The hub's own search through everything is not what is looked at here.
  const places = new Map<string, number>();
  const all: Message[] = [];
  const known = () => {
    for (let seq = Number(all.at(-1)?.id ?? 0) + 1; seq <= hub.seq; seq++) {
      const message = hub.messages.get(String(seq));
      if (message) places.set(message.id, all.push(message) - 1);
    }
  };
  hub.history = (_, request) => {
    known();
    const at = request.before ?? request.after;
    const place = (at ? places.get(at) : undefined) ?? all.length;
    const limit = request.limit ?? 50;
    const start = request.after ? place + 1 : Math.max(0, place - limit);
    const end = request.after ? Math.min(all.length, start + limit) : place;
    const messages = all.slice(start, end);
    const more = { more_before: start > 0, more_after: end < all.length };
    return { type: "page", req: request.req, room, messages, ...more, seq: hub.seq };
  };
  const client = hub.connect("ana");
  const panel = panelOn(client.transport, memories());
  client.up();
  panel.show("view", room);
  const timeline = () => {
    const found = panel.timeline(room, null);
    if (!found) throw new Error("not there");
    return found;
  };
  await until(() => panel.timeline(room, null)?.loaded);
  const seen = new Set<string>();
  let most = 0;
  const look = () => {
    const { held } = timeline();
    most = Math.max(most, held.length);
    for (const [i, { message }] of held.entries()) {
      seen.add(message.id);
      const before = held[i - 1]?.message.id;
      if (before !== undefined && Number(message.id) !== Number(before) + 1)
        throw new Error(`a hole at ${before}`);
    }
  };
  panel.follow(room, null, false);
  while (timeline().moreBefore) {
    await panel.load(room, null, "before");
    look();
    // Somebody talks on while one reads.
    if (seen.size % 5_000 < 60) talked(hub, room, "bo", 3);
  }
  expect(timeline().held[0]?.message.text).toBe("n 0");
  while (timeline().moreAfter) {
    await panel.load(room, null, "after");
    look();
  }
  expect(timeline().held.at(-1)?.message.id).toBe(String(hub.seq));
  expect(seen.size).toBe(all.length);
  expect(all.length).toBeGreaterThan(100_000);
  expect(most).toBeLessThanOrEqual(2 * WINDOW);
  expect(panel.state.recent.length).toBeLessThanOrEqual(2 * RECENT);
  expect(panel.state.timelines.size).toBe(1);
}, 60_000);

test("a busy day leaves a window, and not more, whether one watches or reads further up", () => {
  const hub = new MemoryHub();
  const me = hub.member("ana").id;
  hub.member("bo");
  const room = hub.room("ana", "general", ["bo"]);
  const page = hub.history(me, { type: "history", req: "", room, main: true });
  const client = hub.connect("ana");
  const panel = panelOn(client.transport, memories());
  client.up();
  panel.show("view", room);
  return until(() => panel.timeline(room, null)?.loaded).then(() => {
    expect(page.messages).toEqual([]);
    for (const following of [true, false]) {
      panel.follow(room, null, following);
      let most = 0;
      for (let i = 0; i < 20; i++) {
        talked(hub, room, "bo", 250);
        most = Math.max(most, panel.timeline(room, null)?.held.length ?? 0);
        expect(panel.state.recent.length).toBeLessThanOrEqual(2 * RECENT);
      }
      expect(most).toBeGreaterThanOrEqual(following ? FOLLOWED : WINDOW);
      expect(most).toBeLessThanOrEqual(following ? FOLLOWED : 2 * WINDOW);
    }
  });
}, 30_000);

test("1,000 changes of the room leave no listeners, no timers, and few timelines", async () => {
  vi.useFakeTimers();
  const hub = new MemoryHub(Date.now() * 1000);
  hub.member("ana");
  hub.member("bo");
  const rooms = Array.from({ length: 40 }, (_, i) => hub.room("ana", `room ${i}`, ["bo"]));
  for (let i = 0; i < rooms.length; i++) hub.post("bo", `room ${i}`, "unread");
  let listeners = 0;
  const { addEventListener, removeEventListener } = window;
  vi.spyOn(window, "addEventListener").mockImplementation((...args: unknown[]) => {
    listeners += 1;
    addEventListener.apply(window, args as never);
  });
  vi.spyOn(window, "removeEventListener").mockImplementation((...args: unknown[]) => {
    listeners -= 1;
    removeEventListener.apply(window, args as never);
  });
  const client = hub.connect("ana");
  const panel = new Panel(client.transport, memories());
  client.up();
  await vi.advanceTimersByTimeAsync(0);
  const inner = panel as unknown as {
    shown: Map<string, unknown>;
    visited: string[];
    turns: Map<string, number>;
    store: { listeners: Set<unknown> };
  };
  const before = { listeners, told: inner.store.listeners.size };
  for (let i = 0; i < 1_000; i++) {
    const room = rooms[i % rooms.length] ?? "";
    const place = `room:${room}`;
    panel.show("view", room);
    const stop = panel.drafts.onOther(place, () => {});
    panel.drafts.set(place, `half ${i}`);
    panel.typing(room, null);
    panel.markRead(room, String(hub.seq));
    if (i % 10 === 0) await vi.advanceTimersByTimeAsync(0);
    panel.drafts.set(place, "");
    stop();
    panel.hide("view", room);
  }
  await vi.advanceTimersByTimeAsync(20_000);
  expect(vi.getTimerCount()).toBe(0);
  expect(listeners).toBe(before.listeners);
  expect(inner.store.listeners.size).toBe(before.told);
  expect(inner.shown.size).toBe(0);
  expect(panel.state.timelines.size).toBeLessThanOrEqual(13);
  expect(inner.turns.size).toBeLessThanOrEqual(13);
  expect(panel.state.typing.size).toBe(0);
  panel.close();
  expect(listeners).toBe(before.listeners - 1);
});

test("an event of a busy room costs little, however much there is beside it", () => {
  const hub = new MemoryHub();
  const me = hub.member("ana").id;
  hub.member("bo");
  const room = hub.room("ana", "general", ["bo"]);
  const snapshot = hub.snapshot(me);
  const [member] = snapshot.members;
  const [known] = snapshot.rooms;
  if (!member || !known) throw new Error("nothing there");
  let state = onSnapshot(
    EMPTY,
    {
      ...snapshot,
      members: Array.from({ length: 20_000 }, (_, i) => ({ ...member, id: String(i + 1) })),
      rooms: [known, ...Array.from({ length: 2_000 }, (_, i) => ({ ...known, id: String(1_000_000 + i) }))],
    },
    null,
  );
  talked(hub, room, "bo", 1_000);
  const events = hub.log.slice(-1_000) as Event[];
  const { members, online, muted, drafts, saved, scheduled, typing } = state;
  const start = performance.now();
  for (const event of events) state = onNews(state, event);
  // Twenty seconds of such a room, in a small part of one.
  expect(performance.now() - start).toBeLessThan(1_000);
  expect(state).toMatchObject({ seq: hub.seq });
  for (const [now, before] of [
    [state.members, members],
    [state.online, online],
    [state.muted, muted],
    [state.drafts, drafts],
    [state.saved, saved],
    [state.scheduled, scheduled],
    [state.typing, typing],
  ])
    expect(now).toBe(before);
});
