import { expect, test } from "vitest";
import { all, one, press, type, until } from "../support/panel";
import { open, team } from "../support/team";

test("a thread has followers, and one joins and leaves them", async () => {
  const hub = team();
  const root = hub.roomOf("general").last?.id ?? "";
  hub.post("cy", "general", "a reply", { reply_to: root });
  const { view, log, asked } = await open(hub);
  (await until(() => one(log(), "button", /^1 reply/))).click();
  const side = await until(() => view.querySelector<HTMLElement>('aside[aria-label="Thread"]'));
  await until(() => side.textContent?.includes("#general · 2 followers"));
  (await until(() => one(side, "button", "Follow"))).click();
  await until(() => asked("follow").length === 1 && side.textContent?.includes("3 followers"));
  (await until(() => one(side, "button", "Unfollow"))).click();
  await until(() => asked("unfollow").length === 1);
  await until(() => one(side, "button", "Follow"));
});

test("a reply that stands in the room too says so, and leads to its thread", async () => {
  const hub = team();
  const root = hub.roomOf("general").last?.id ?? "";
  const room = hub.roomOf("general").id;
  hub.as("bo", { type: "post" as const, room, text: "for all", reply_to: root, broadcast: true });
  hub.post("cy", "general", "only there", { reply_to: root });
  const { view, log, articles } = await open(hub);
  await until(() => articles().length === 2);
  expect(log().textContent).not.toContain("only there");
  (await until(() => one(log(), "button", /^replied in a thread Morning all$/))).click();
  const thread = await until(() => one(view, "log", "Thread"));
  await until(() => all(thread, "article").length === 3);
  expect(all(thread, "button", /replied in a thread/)).toHaveLength(0);
  await until(() => thread.querySelector("[data-lit]")?.textContent?.includes("for all"));
});

test("the threads that one follows are on a page, unread ones marked, and open beside it", async () => {
  const hub = team();
  const root = hub.roomOf("general").last?.id ?? "";
  hub.post("ana", "general", "mine", { reply_to: root });
  const other = hub.post("ana", "pipeline", "who looks?");
  const { view, panel } = await open(hub);
  hub.post("bo", "pipeline", "I do", { reply_to: other });
  one(view, "button", "Threads").click();
  const list = await until(() => one(view, "list", "Threads"));
  await until(() => all(list, "listitem").length === 2);
  const texts = () => all(list, "listitem").map((item) => item.textContent ?? "");
  await until(() => texts()[0]?.includes("Bo Lindqvist I do"));
  expect(texts()[0]).toContain("who looks?");
  expect(texts()[0]).toContain("new");
  expect(texts()[1]).not.toContain("new");
  all(list, "button")[0]?.click();
  const thread = await until(() => one(view, "log", "Thread"));
  await until(() => all(thread, "article").length === 2);
  type(await until(() => one(view, "textbox", "Reply")), "thanks");
  press(one(view, "textbox", "Reply"), "Enter");
  await until(() => texts()[0]?.includes("thanks"));
  expect(panel.state.rooms.size).toBe(3);
});
