import { describe, expect, test } from "vitest";
import type { AnyReply, Event } from "../src/protocol";
import { onLoading, onNews, onPage, onSnapshot } from "../src/state/reduce";
import { EMPTY, type State } from "../src/state/state";
import { FOLLOWED, keyOf, WINDOW } from "../src/state/timeline";
import { actOwn, dice } from "./support/acts";
import { MemoryHub } from "./support/hub";

function team(): MemoryHub {
  const hub = new MemoryHub();
  for (const handle of ["ana", "bo", "cy"]) hub.member(handle, handle.toUpperCase());
  hub.room("ana", "general", ["bo", "cy"]);
  hub.room("bo", "pipeline", ["ana"], { kind: "private" });
  return hub;
}

/** The state of a member who has just come, with these rooms open. */
function fresh(hub: MemoryHub, handle: string, rooms: string[]): State {
  const me = hub.memberOf(handle).id;
  let state = onSnapshot(EMPTY, hub.snapshot(me), null);
  for (const name of rooms) {
    const { id } = hub.roomOf(name);
    if (!state.rooms.has(id)) continue;
    const page = hub.history(me, { type: "history", req: "", room: id, main: true, limit: 200 });
    state = onPage(onLoading(state, id, null, "newest"), keyOf(id), page, "newest");
  }
  return state;
}

/** What can be compared: all but how one came to know it. */
function shown(state: State) {
  return {
    me: state.me,
    members: [...state.members.values()],
    rooms: [...state.rooms.values()].sort((a, b) => Number(a.id) - Number(b.id)),
    preferences: state.preferences,
    stars: state.stars.filter((id) => state.rooms.has(id)),
    muted: [...state.muted].filter((id) => state.rooms.has(id)).sort(),
    drafts: [...state.drafts.values()].filter(({ room }) => state.rooms.has(room)),
    saved: [...state.saved.values()].filter(({ room }) => room === null || state.rooms.has(room)),
    scheduled: [...state.scheduled.values()],
    timelines: [...state.timelines].map(([key, timeline]) => [
      key,
      timeline.held.map(({ message }) => message),
    ]),
  };
}

/** One thing that somebody might do. */
function act(hub: MemoryHub, roll: (sides: number) => number, step: number): void {
  const handle = ["ana", "bo", "cy"][roll(3)] ?? "ana";
  const me = hub.memberOf(handle).id;
  const rooms = [...hub.rooms.values()].filter((room) => room.members.includes(me));
  const room = rooms[roll(rooms.length)];
  if (!room) return;
  const messages = [...hub.messages.values()].filter((message) => message.room === room.id);
  const message = messages[roll(messages.length)];
  const id = message?.id ?? "";
  const mine = message?.author === me && !message.deleted && message.kind === "text";
  const other = hub.memberOf(["ana", "bo", "cy"][roll(3)] ?? "bo").id;
  const there = room.members.includes(other);
  const emoji = ["👍", "🎉"][roll(2)] ?? "👍";
  if (roll(2)) {
    actOwn(hub, ["ana", "bo", "cy"], roll, step);
    return;
  }
  const alive = message && !message.deleted && message.kind === "text";
  switch (roll(18)) {
    case 0:
    case 1:
    case 2:
      hub.as(handle, { type: "post" as const, room: room.id, text: `word ${step} @ana` });
      break;
    case 3:
      if (alive)
        hub.as(handle, { type: "post" as const, room: room.id, text: `answer ${step}`, reply_to: id });
      break;
    case 4:
      if (alive)
        hub.as(handle, { type: "post" as const, room: room.id, text: "so", reply_to: id, quote: true });
      break;
    case 5:
      if (mine) hub.as(handle, { type: "edit" as const, id, text: `other ${step}${roll(2) ? " @bo" : ""}` });
      break;
    case 6:
      if (mine) hub.as(handle, { type: "delete" as const, id });
      break;
    case 7:
      if (alive) hub.as(handle, { type: "react" as const, id, emoji });
      break;
    case 8:
      if (alive) hub.as(handle, { type: "unreact" as const, id, emoji });
      break;
    case 9:
      if (alive) hub.as(handle, { type: message.pinned ? ("unpin" as const) : ("pin" as const), id });
      break;
    case 10:
      hub.as(handle, { type: "mark_read" as const, room: room.id });
      break;
    case 11:
      if (alive) hub.as(handle, { type: "mark_unread" as const, room: room.id, id });
      break;
    case 12:
      hub.as(handle, { type: "set_topic" as const, room: room.id, topic: `about ${step}` });
      break;
    case 13:
      if (room.kind === "public" && !there)
        hub.as(handle, { type: "add" as const, room: room.id, member: other });
      break;
    case 14:
      if (room.members.length > 1 && other !== me && there)
        hub.as(handle, { type: "remove" as const, room: room.id, member: other });
      break;
    case 15:
      hub.as(handle, { type: "rename" as const, room: room.id, name: `${room.id}-${step}` });
      break;
    case 16:
      hub.as(handle, { type: "set_preferences" as const, view: roll(2) ? "recent" : "category" });
      hub.as(handle, { type: "set_name" as const, name: `${handle} ${step}` });
      break;
    case 17: {
      const outside = [...hub.rooms.values()].find(
        (one) => one.kind === "public" && !one.members.includes(me),
      );
      if (outside) hub.as(handle, { type: "join" as const, room: outside.id });
      else if (room.members.length > 1) hub.as(handle, { type: "leave" as const, room: room.id });
      break;
    }
  }
}

describe("events after a snapshot", () => {
  test.each(Array.from({ length: 25 }, (_, seed) => seed + 1))(
    "lead to the state of who comes fresh (seed %i)",
    (seed) => {
      const hub = team();
      const roll = dice(seed);
      for (let step = 0; step < 24; step++) act(hub, roll, step);
      const rooms = [...hub.rooms.values()].map(({ name }) => name);
      const ids = [...hub.rooms.keys()];
      for (const handle of ["ana", "bo", "cy"]) {
        const news: AnyReply[] = [];
        const client = hub.connect(handle);
        client.connected = true;
        client.tell = (reply) => news.push(reply);
        let state = fresh(hub, handle, rooms);
        const local = dice(seed * 31 + handle.length);
        for (let step = 100; step < 180; step++) act(hub, local, step);
        for (const reply of news) state = onNews(state, reply);
        hub.clients.delete(client);
        const now = [...hub.rooms.values()].filter(({ id }) => ids.includes(id)).map(({ name }) => name);
        const expected = shown(fresh(hub, handle, now));
        const got = shown(state);
        expect({ ...got, timelines: [] }).toEqual({ ...expected, timelines: [] });
        // What is said in a room is told to who is in it; of one that was come into anew, a page is asked for.
        const joined = new Set(expected.rooms.filter((room) => room.joined).map((room) => room.id));
        const wasIn = new Set(news.flatMap((reply) => (reply.type === "room" ? [reply.room.id] : [])));
        const kept = ({ timelines }: typeof got) =>
          timelines.filter(([key]) => joined.has(String(key)) && !wasIn.has(String(key)));
        expect(kept(got)).toEqual(kept(expected));
        // The names are given back, so that the next one finds the rooms it knows.
        rooms.splice(0, rooms.length, ...[...hub.rooms.values()].map(({ name }) => name));
      }
    },
  );

  test("twice change nothing the second time", () => {
    const hub = team();
    const before = fresh(hub, "ana", ["general"]);
    const id = hub.post("bo", "general", "hello");
    hub.as("cy", { type: "react" as const, id, emoji: "👍" });
    const events = hub.log.slice(-2);
    const once = events.reduce(onNews, before);
    expect(events.reduce(onNews, once)).toBe(once);
  });
});

describe("a page", () => {
  test("that was read before an event and comes after it is brought up to date", () => {
    const hub = team();
    const me = hub.memberOf("ana").id;
    const { id: room } = hub.roomOf("general");
    const first = hub.post("bo", "general", "one");
    let state = onLoading(fresh(hub, "ana", []), room, null, "newest");
    const page = hub.history(me, { type: "history", req: "", room, main: true });
    hub.as("bo", { type: "edit" as const, id: first, text: "one, better" });
    hub.post("bo", "general", "two");
    for (const event of hub.log.slice(-2)) state = onNews(state, event);
    state = onPage(state, room, page, "newest");
    expect(state.timelines.get(room)?.held.map(({ message }) => message.text)).toEqual([
      "one, better",
      "two",
    ]);
  });

  test("in the middle of history takes no new messages until its end is reached", () => {
    const hub = team();
    const me = hub.memberOf("ana").id;
    const { id: room } = hub.roomOf("general");
    const ids = Array.from({ length: 30 }, (_, i) => hub.post("bo", "general", `n ${i}`));
    const ask = { type: "history" as const, req: "", room, main: true, limit: 10 };
    let state = onLoading(fresh(hub, "ana", []), room, null, "around");
    state = onPage(state, room, hub.history(me, { ...ask, around: ids[10] ?? "" }), "around");
    hub.post("bo", "general", "newest");
    state = onNews(state, hub.log.at(-1) as Event);
    expect(state.timelines.get(room)?.held).toHaveLength(10);
    expect(state.timelines.get(room)?.moreAfter).toBe(true);
    for (let i = 0; i < 3; i++) {
      const last = state.timelines.get(room)?.held.at(-1)?.message.id ?? "";
      state = onPage(state, room, hub.history(me, { ...ask, after: last }), "after");
    }
    expect(state.timelines.get(room)?.held.at(-1)?.message.text).toBe("newest");
    expect(state.timelines.get(room)?.moreAfter).toBe(false);
  });

  test("beyond the window lets the far end go", () => {
    const hub = team();
    const me = hub.memberOf("ana").id;
    const { id: room } = hub.roomOf("general");
    for (let i = 0; i < WINDOW + 150; i++) hub.post("bo", "general", `n ${i}`);
    const ask = { type: "history" as const, req: "", room, main: true, limit: 100 };
    let state = onLoading(fresh(hub, "ana", []), room, null, "newest");
    state = onPage(state, room, hub.history(me, ask), "newest");
    for (let i = 0; i < 5; i++) {
      const first = state.timelines.get(room)?.held[0]?.message.id ?? "";
      state = onPage(state, room, hub.history(me, { ...ask, before: first }), "before");
    }
    const timeline = state.timelines.get(room);
    expect(timeline?.held).toHaveLength(WINDOW);
    expect(timeline?.held[0]?.message.text).toBe("n 0");
    expect(timeline?.moreAfter).toBe(true);
    expect(timeline?.moreBefore).toBe(false);
  });
});

test("a busy room that is watched keeps the newest, one that is read further up keeps what is read", () => {
  const hub = team();
  const { id: room } = hub.roomOf("general");
  hub.post("bo", "general", "first");
  let watched = fresh(hub, "ana", ["general"]);
  for (let i = 0; i < WINDOW + 10; i++) hub.post("bo", "general", `n ${i}`);
  const posted = hub.log.slice(-WINDOW - 10);
  const key = keyOf(room);
  const timeline = watched.timelines.get(key);
  if (!timeline) throw new Error("not loaded");
  let above: State = { ...watched, timelines: new Map([[key, { ...timeline, following: false }]]) };
  for (const event of posted) {
    watched = onNews(watched, event);
    above = onNews(above, event);
  }
  expect(watched.timelines.get(key)?.held).toHaveLength(FOLLOWED);
  expect(watched.timelines.get(key)?.held.at(-1)?.message.text).toBe(`n ${WINDOW + 9}`);
  expect(watched.timelines.get(key)?.moreBefore).toBe(true);
  expect(above.timelines.get(key)?.held[0]?.message.text).toBe("first");
});

test("what is said in a public room that one has left changes nothing of it", () => {
  const hub = team();
  const { id: room } = hub.roomOf("general");
  const message = hub.post("bo", "general", "before");
  hub.as("cy", { type: "leave" as const, room });
  const state = fresh(hub, "cy", []);
  hub.post("bo", "general", "hello @cy");
  hub.as("bo", { type: "edit" as const, id: message, text: "before @cy" });
  hub.as("bo", { type: "pin" as const, id: message });
  hub.as("bo", { type: "unpin" as const, id: message });
  hub.as("bo", { type: "delete" as const, id: message });
  for (const event of hub.log.slice(-5))
    expect(onNews(state, event).rooms.get(room), event.data.type).toEqual(state.rooms.get(room));
});

test("who is removed from a private room forgets it", () => {
  const hub = team();
  let state = fresh(hub, "ana", ["pipeline"]);
  const { id } = hub.roomOf("pipeline");
  hub.as("bo", { type: "remove" as const, room: id, member: hub.memberOf("ana").id });
  state = onNews(state, hub.log.at(-1) as Event);
  expect(state.rooms.has(id)).toBe(false);
  expect(state.timelines.has(id)).toBe(false);
});
