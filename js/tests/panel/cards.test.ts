import { expect, test } from "vitest";
import { all, one, press, until } from "../support/panel";
import { open, team } from "../support/team";

const rest = (element: Element) => element.dispatchEvent(new MouseEvent("pointerover", { bubbles: true }));

test("a card shows where one rests on an author, a mention or a room, and goes when one leaves", async () => {
  const hub = team();
  hub.post("bo", "general", "ask @cy in #random");
  const { view, log } = await open(hub);
  const mention = await until(() => log().querySelector(".cc-mention"));
  rest(mention);
  const card = await until(() => one(view, "dialog", "Card"));
  await until(() => card.textContent?.includes("Cyrus Mehta"));
  // It takes no focus.
  expect(card.contains(document.activeElement)).toBe(false);
  rest(one(view, "textbox", "Message"));
  await until(() => all(view, "dialog").length === 0);
  const room = await until(() => log().querySelector(".cc-room-link"));
  rest(room);
  await until(() => one(view, "dialog", "Card").textContent?.includes("1 member"));
  one(one(view, "dialog", "Card"), "button", "Join").click();
  await until(() => one(view, "heading", "random"));
  expect(hub.roomOf("random").members).toContain(hub.memberOf("ana").id);
});

test("Enter on a mention opens its card to be used by key", async () => {
  const hub = team();
  hub.post("bo", "general", "ask @cy");
  const { view, log } = await open(hub);
  const mention = await until(() => log().querySelector<HTMLElement>(".cc-mention"));
  mention.focus();
  press(mention, "Enter");
  const card = await until(() => one(view, "dialog", "Card"));
  const write = await until(() => one(card, "button", "Message"));
  await until(() => card.contains(document.activeElement));
  press(write, "Escape");
  await until(() => all(view, "dialog").length === 0);
  await until(() => document.activeElement === mention);
});

test("a card shows what the message says that a link leads to", async () => {
  const hub = team();
  const room = hub.roomOf("random").id;
  const there = hub.post("bo", "random", "the **tide** tables are in");
  hub.post("bo", "general", `see collabchat:${room}/${there}`);
  const { view, log } = await open(hub);
  rest(await until(() => log().querySelector("[data-message]")));
  const card = await until(() => one(view, "dialog", "Card"));
  await until(() => card.textContent?.includes("the tide tables are in"));
  expect(card.textContent).toContain(hub.memberOf("bo").name);
});
