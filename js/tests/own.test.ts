import { beforeEach, describe, expect, test } from "vitest";
import { orderOf, unreadBeside } from "../src/components/side/lines";
import type { AnyReply } from "../src/protocol";
import { looked } from "../src/state/own";
import { onLoading, onNews, onPage, onSnapshot } from "../src/state/reduce";
import { isMuted, recent, rows, starred, statusOf, typingIn, unreadTotals } from "../src/state/selectors";
import { EMPTY, type State } from "../src/state/state";
import { keyOf } from "../src/state/timeline";
import { COUNTS, typingOver, typingUntil } from "../src/state/typing";
import { MemoryHub } from "./support/hub";
import { Refusal } from "./support/records";

let hub: MemoryHub;
let state: State;
let general: string;
let side: string;

/** Ana looks at general, and takes in everything that she is told. */
beforeEach(() => {
  hub = new MemoryHub();
  for (const handle of ["ana", "bo", "cy"]) hub.member(handle, handle.toUpperCase());
  general = hub.room("ana", "general", ["bo", "cy"]);
  side = hub.room("ana", "side", ["bo"]);
  state = onSnapshot(EMPTY, hub.snapshot(id("ana")), null);
  open(general, null);
  const client = hub.connect("ana");
  client.connected = true;
  client.tell = (reply: AnyReply) => {
    state = onNews(state, reply);
  };
});

const id = (handle: string) => hub.memberOf(handle).id;

function open(room: string, thread: string | null): void {
  const which = thread ? { thread } : { main: true };
  const page = hub.history(id("ana"), { type: "history", req: "", room, limit: 200, ...which });
  state = onPage(onLoading(state, room, thread, "newest"), keyOf(room, thread), page, "newest");
}

const texts = (key = general) => state.timelines.get(key)?.held.map(({ message }) => message.text);
const message = (which: string, key = general) =>
  state.timelines.get(key)?.held.find((held) => held.message.id === which)?.message;

describe("people", () => {
  test("say how they are, until that is over", () => {
    const until = hub.now + 60_000_000;
    hub.as("bo", { type: "set_status" as const, emoji: "🌴", text: "away", until });
    expect(statusOf(state, id("bo"), until - 1)).toEqual({ emoji: "🌴", text: "away", until });
    expect(statusOf(state, id("bo"), until)).toBeNull();
    hub.as("bo", { type: "set_status" as const });
    expect(state.members.get(id("bo"))?.status).toBeNull();
    expect(statusOf(state, "999")).toBeNull();
  });

  test("have a picture, or none", () => {
    hub.as("bo", { type: "set_picture" as const, data: btoa("a picture") });
    expect(state.members.get(id("bo"))?.picture).toMatch(/^[0-9a-f]{64}$/);
    hub.as("bo", { type: "set_picture" as const, data: "" });
    expect(state.members.get(id("bo"))?.picture).toBeNull();
  });
});

describe("conversations", () => {
  test("with a star come first, in their order", () => {
    const third = hub.room("ana", "a third");
    hub.as("ana", { type: "set_stars" as const, rooms: [side, general] });
    expect(starred(state).map((room) => room.id)).toEqual([side, general]);
    const inCategories: State = { ...state, preferences: { ...state.preferences, view: "category" } };
    expect(orderOf(inCategories).map((room) => room.id)).toEqual([side, general, third]);
    hub.as("bo", { type: "set_stars" as const, rooms: [general] });
    expect(state.stars).toEqual([side, general]);
  });

  test("that are muted count apart", () => {
    hub.post("bo", "side", "one");
    hub.post("bo", "side", "two @ana");
    hub.post("bo", "general", "three");
    hub.as("ana", { type: "mute" as const, room: side });
    expect(isMuted(state, side)).toBe(true);
    expect(unreadTotals(state)).toEqual({ unread: 1, mentions: 0, muted: { unread: 2, mentions: 1 } });
    hub.as("ana", { type: "unmute" as const, room: side });
    expect(unreadTotals(state)).toEqual({ unread: 3, mentions: 1, muted: { unread: 0, mentions: 0 } });
  });

  test("with something unread come first where one wants that", () => {
    hub.post("bo", "side", "unread");
    hub.post("ana", "general", "newer, and read");
    expect(recent(state)[0]?.id).toBe(general);
    hub.as("ana", { type: "set_preferences" as const, unread_first: true });
    expect(recent(state)[0]?.id).toBe(side);
    hub.as("ana", { type: "mute" as const, room: side });
    expect(recent(state)[0]?.id).toBe(general);
  });

  test("the next unread one is below, and then from the top", () => {
    const third = hub.room("bo", "third", ["ana"]);
    for (const room of ["general", "side", "third"]) hub.post("bo", room, "unread");
    // The newest first: third, side, general.
    expect(unreadBeside(state, null, 1)?.id).toBe(third);
    expect(unreadBeside(state, third, 1)?.id).toBe(side);
    expect(unreadBeside(state, general, 1)?.id).toBe(third);
    hub.as("ana", { type: "mute" as const, room: side });
    expect(unreadBeside(state, third, 1)?.id).toBe(general);
    for (const room of [general, third]) hub.as("ana", { type: "mark_read" as const, room });
    expect(unreadBeside(state, general, 1)).toBeUndefined();
    hub.post("bo", "side", "hello @ana");
    expect(unreadBeside(state, general, 1)?.id).toBe(side);
    expect(unreadBeside(state, side, 1)).toBeUndefined();
  });

  test("what was chosen of them is the same list until it changes", () => {
    const before = [recent, starred, unreadTotals].map((select) => select(state));
    hub.as("bo", { type: "react" as const, id: hub.post("bo", "general", "x"), emoji: "👍" });
    const posted = [recent, starred, unreadTotals].map((select) => select(state));
    expect(posted[2]).not.toBe(before[2]);
    hub.as("ana", { type: "set_draft" as const, room: general, text: "half" });
    expect([recent, starred, unreadTotals].map((select) => select(state))).toEqual(posted);
    for (const [i, select] of [recent, starred, unreadTotals].entries())
      expect(select(state)).toBe(posted[i]);
  });
});

describe("drafts, saved messages, what is sent later", () => {
  test("a draft is there until its text is empty", () => {
    hub.as("ana", { type: "set_draft" as const, room: general, text: "half" });
    hub.as("ana", { type: "set_draft" as const, room: general, thread: null, text: "half a word" });
    hub.as("bo", { type: "set_draft" as const, room: general, text: "of bo" });
    expect([...state.drafts]).toMatchObject([[general, { text: "half a word" }]]);
    expect(hub.log.flatMap(({ data }) => (data.type === "draft_set" ? [data.text] : []))).toEqual([
      "",
      "half a word",
      "of bo",
    ]);
    hub.as("ana", { type: "set_draft" as const, room: general, text: "  " });
    expect(state.drafts.size).toBe(0);
  });

  test("a saved message reminds, once", () => {
    const posted = hub.post("bo", "general", "remember");
    const remind_at = hub.now + 1_000_000;
    hub.as("ana", { type: "save" as const, id: posted, note: "why", remind_at });
    expect(state.saved.get(posted)).toMatchObject({ room: general, note: "why", remind_at });
    hub.fireDue(remind_at);
    expect(state.reminders).toEqual([posted]);
    expect(state.saved.get(posted)).toMatchObject({ remind_at: null, reminded_at: hub.now });
    hub.fireDue(hub.now + 1_000_000);
    expect(state.reminders).toEqual([posted]);
    expect(looked(state, posted).reminders).toEqual([]);
    hub.as("ana", { type: "unsave" as const, id: posted });
    expect(state.saved.size).toBe(0);
    expect(state.reminders).toEqual([]);
  });

  test("a reminder of a time without a connection is told all the same", () => {
    const remind_at = hub.now + 1_000_000;
    hub.as("ana", { type: "save" as const, note: "call bo", remind_at });
    const before = state;
    hub.fireDue(remind_at);
    state = onSnapshot(before, hub.snapshot(id("ana")), before.seq);
    for (const event of hub.log.filter(({ seq }) => seq > before.seq)) state = onNews(state, event);
    expect(state.reminders).toHaveLength(1);
  });

  test("what is scheduled goes when it is posted, or says why it could not be", () => {
    const at = hub.now + 1_000_000;
    hub.as("ana", { type: "schedule" as const, room: general, text: "in the morning", at });
    hub.as("ana", { type: "schedule" as const, room: side, text: "nowhere", at });
    const dropped = hub.as("ana", { type: "schedule" as const, room: side, text: "no", at }).id ?? "";
    hub.as("ana", { type: "unschedule" as const, id: dropped });
    expect([...state.scheduled.values()].map(({ text }) => text)).toEqual(["in the morning", "nowhere"]);
    hub.as("ana", { type: "archive" as const, room: side });
    hub.fireDue(at);
    expect(texts()).toContain("in the morning");
    expect([...state.scheduled.values()]).toMatchObject([
      { text: "nowhere", problem: "The room is archived: unarchive it first." },
    ]);
  });

  test("a deleted room takes what was kept of it, and nothing else", () => {
    const posted = hub.post("bo", "side", "x");
    const at = hub.now + 1_000_000;
    for (const room of [general, side]) {
      hub.as("ana", { type: "set_draft" as const, room, text: "half" });
      hub.as("ana", { type: "mute" as const, room });
      hub.as("ana", { type: "schedule" as const, room, text: "later", at });
    }
    hub.as("ana", { type: "set_stars" as const, rooms: [side, general] });
    hub.as("ana", { type: "save" as const, id: posted, note: "", remind_at: at });
    hub.as("ana", { type: "save" as const, note: "mine" });
    hub.as("ana", { type: "delete_room" as const, room: side });
    expect(state.stars).toEqual([general]);
    expect([...state.muted]).toEqual([general]);
    expect([...state.drafts.keys()]).toEqual([general]);
    expect([...state.scheduled.values()].map(({ room }) => room)).toEqual([general]);
    expect([...state.saved.values()].map(({ note }) => note)).toEqual(["mine"]);
  });
});

describe("messages", () => {
  test("a reply for all stands in its thread and in the room", () => {
    const root = hub.post("bo", "general", "root");
    open(general, root);
    hub.post("cy", "general", "only here", { reply_to: root });
    const both = hub.post("cy", "general", "for all", { reply_to: root, broadcast: true });
    expect(texts(keyOf(general, root))).toEqual(["root", "only here", "for all"]);
    expect(texts()?.slice(-2)).toEqual(["root", "for all"]);
    expect(message(root)).toMatchObject({ n_replies: 2 });
    const live = state.timelines.get(general)?.held.map((held) => held.message);
    open(general, null);
    expect(state.timelines.get(general)?.held.map((held) => held.message)).toEqual(live);
    const timeline = state.timelines.get(general);
    const row = timeline && rows(timeline, [], id("ana"), null).find(({ key }) => key === both);
    expect(row).toMatchObject({ type: "message", first: true });
    hub.as("cy", { type: "delete" as const, id: both });
    expect(message(both)).toMatchObject({ deleted: true, text: null });
    expect(message(root)).toMatchObject({ n_replies: 1 });
  });

  test("a forwarded one has its origin, and a line for the list", () => {
    const source = hub.post("bo", "side", "the source");
    const sent = hub.as("ana", { type: "forward" as const, id: source, room: general }).id ?? "";
    expect(message(sent)).toMatchObject({
      text: "",
      forwarded: { id: source, room: side, author: id("bo"), text: "the source" },
    });
    expect(state.rooms.get(general)?.last?.text).toBe("the source");
    hub.as("ana", { type: "delete" as const, id: sent });
    expect(message(sent)?.forwarded).toBeNull();
  });

  test("a poll counts, lets one change one's mind, and ends", () => {
    const poll = hub.as("bo", {
      ...{ type: "create_poll" as const, room: general, question: "Which day?" },
      options: ["Mon", "Tue"],
    }).id as string;
    expect(message(poll)).toMatchObject({ kind: "poll", text: "Which day?\n- Mon\n- Tue" });
    const votes = () => message(poll)?.poll?.votes;
    expect(votes()).toEqual([[], []]);
    hub.as("cy", { type: "vote" as const, id: poll, choices: [0] });
    hub.as("ana", { type: "vote" as const, id: poll, choices: [0] });
    hub.as("cy", { type: "vote" as const, id: poll, choices: [1] });
    expect(votes()).toEqual([[id("ana")], [id("cy")]]);
    hub.as("cy", { type: "vote" as const, id: poll, choices: [] });
    expect(votes()).toEqual([[id("ana")], []]);
    const vote = (handle: string, choices: number[]) => () =>
      hub.as(handle, { type: "vote" as const, id: poll, choices });
    expect(vote("cy", [0, 1])).toThrow(Refusal);
    expect(vote("cy", [2])).toThrow(Refusal);
    expect(() => hub.as("cy", { type: "close_poll" as const, id: poll })).toThrow("not yours");
    hub.as("bo", { type: "close_poll" as const, id: poll });
    expect(message(poll)?.poll).toMatchObject({ closed: true });
    expect(vote("cy", [0])).toThrow("closed");
  });

  test("that are about to be deleted are out of sight", () => {
    const gone = hub.post("bo", "general", "gone");
    const timeline = state.timelines.get(general);
    const keys = (hidden?: Set<string>) =>
      timeline && rows(timeline, [], id("ana"), null, hidden).map(({ key }) => key);
    expect(keys()).toContain(gone);
    expect(keys(new Set([gone]))).not.toContain(gone);
  });
});

describe("who writes", () => {
  const writes = (handle: string, thread: string | null = null) =>
    onNews(state, { type: "member_typing", member: id(handle), room: general, thread }, 1_000);

  test("is said for a moment, and not of oneself", () => {
    expect(writes("ana")).toBe(state);
    state = writes("bo");
    state = writes("cy", "77");
    expect(typingIn(state, general, null).map(({ handle }) => handle)).toEqual(["bo"]);
    expect(typingIn(state, general, "77").map(({ handle }) => handle)).toEqual(["cy"]);
    expect(typingIn(state, general, null)).toBe(typingIn(state, general, null));
    expect(typingUntil(state)).toBe(1_000 + COUNTS);
    expect(typingOver(state, 999 + COUNTS)).toBe(state);
    state = typingOver(state, 1_000 + COUNTS);
    expect(state.typing.size).toBe(0);
    expect(typingUntil(state)).toBeNull();
  });

  test("ends with what they post, when they go, and when they leave", () => {
    const root = hub.post("bo", "general", "root");
    state = writes("bo", root);
    hub.post("bo", "general", "in the room");
    expect(typingIn(state, general, root)).toHaveLength(1);
    hub.post("bo", "general", "in the thread", { reply_to: root });
    expect(typingIn(state, general, root)).toHaveLength(0);
    state = writes("bo");
    state = writes("cy");
    hub.as("bo", { type: "leave" as const, room: general });
    expect(typingIn(state, general, null).map(({ handle }) => handle)).toEqual(["cy"]);
    state = onNews(state, { type: "presence", member: id("cy"), online: false, last_seen: 5 });
    expect(state.typing.size).toBe(0);
  });
});
