import { afterEach, expect, test, vi } from "vitest";
import { Panel } from "../../src/panel";
import { all, effects, one, panelOn, press, type, until } from "../support/panel";
import { open, team, textOf } from "../support/team";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("the read mark is sent when the newest is in sight", async () => {
  const hub = team();
  const { panel, asked } = await open(hub);
  await until(() => asked("mark_read").length === 1);
  const { id: room } = hub.roomOf("general");
  const noticed = vi.spyOn(panel, "markRead");
  const newest = hub.post("bo", "general", "look");
  await until(() => noticed.mock.lastCall?.join() === `${room},${newest}`);
});

test("the read mark is sent at most once in two seconds", async () => {
  vi.useFakeTimers();
  const hub = team();
  const client = hub.connect("ana");
  const panel = panelOn(client.transport);
  client.up();
  await vi.advanceTimersByTimeAsync(0);
  const { id: room } = hub.roomOf("general");
  const marks = () =>
    client.received.flatMap((request) => (request.type === "mark_read" ? request.upto : []));
  const look = async () => {
    const id = hub.post("bo", "general", "look");
    panel.markRead(room, id);
    await vi.advanceTimersByTimeAsync(100);
    return id;
  };
  const first = await look();
  expect(marks()).toEqual([first]);
  for (let i = 0; i < 5; i++) await look();
  expect(marks()).toEqual([first]);
  const last = await look();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(marks()).toEqual([first, last]);
  expect(panel.state.rooms.get(room)?.unread).toBe(0);
});

test("what was marked unread stays so while it is looked at", async () => {
  const hub = team();
  const { panel, asked, view, log } = await open(hub);
  const { id: room } = hub.roomOf("general");
  await until(() => asked("mark_read").length === 1 && panel.state.rooms.get(room)?.unread === 0);
  await effects();
  const noticed = vi.spyOn(panel, "markRead");
  const id = hub.roomOf("general").last?.id ?? "";
  hub.as("ana", { type: "mark_unread" as const, room, id });
  const item = one(view, "button", "general");
  await until(() => item.getAttribute("aria-description") === "1 unread message");
  await effects();
  expect(log().textContent).toContain("New messages");
  expect(noticed).not.toHaveBeenCalled();
});

test("one's own message leaves the read mark, and what is unread, where they are", async () => {
  // Nobody looks at the newest.
  vi.spyOn(Panel.prototype, "markRead").mockImplementation(() => {});
  const hub = team();
  hub.post("bo", "general", "two");
  const { view, panel, box, log, articles } = await open(hub);
  const item = one(one(view, "list", "Conversations"), "button", "general");
  await until(() => articles().length === 2);
  type(box(), "an answer");
  press(box(), "Enter");
  await until(() => articles().filter((article) => !article.dataset.state).length === 3);
  hub.post("bo", "general", "and on");
  await until(() => articles().length === 4);
  expect(item.getAttribute("aria-description")).toBe("3 unread messages");
  expect(all(log(), "article").map(textOf)).toEqual(["Morning all", "two", "an answer", "and on"]);
  // The line stands before what somebody else said first.
  expect(log().querySelectorAll(".cc-unread")).toHaveLength(1);
  expect(textOf(log().querySelector(".cc-unread")?.nextElementSibling ?? undefined)).toBe("Morning all");
  expect(panel.state.rooms.get(hub.roomOf("general").id)?.unread).toBe(3);
});
