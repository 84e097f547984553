import { expect, test } from "vitest";
import { all, one, press, type, until } from "../support/panel";
import { open, team, textOf } from "../support/team";

test("forward to a person with words, and the origin leads back", async () => {
  const hub = team();
  const { view, log } = await open(hub);
  (await until(() => one(log(), "button", "More"))).click();
  (await until(() => one(view, "menuitem", "Forward"))).click();
  const dialog = await until(() => one(view, "dialog", "Forward"));
  const field = one(dialog, "textbox", "Room or person");
  type(field, "cyr");
  await until(() => all(dialog, "listitem").length === 1);
  press(field, "Enter");
  await until(() => (field as HTMLInputElement).value === "Cyrus Mehta");
  type(one(dialog, "textbox", /^Words of your own/), "look at this");
  await until(() => !(one(dialog, "button", "Forward") as HTMLButtonElement).disabled);
  dialog.querySelector("form")?.requestSubmit();
  const notice = await until(() => one(view, "status", /^Forwarded to Cyrus Mehta/));
  one(notice, "button", "Open").click();
  await until(() => one(view, "heading", "Cyrus Mehta"));
  const frame = await until(() => one(view, "log", "Messages").querySelector<HTMLElement>(".cc-forwarded"));
  expect(frame.textContent).toContain("Bo Lindqvist");
  expect(frame.textContent).toContain("#general");
  await until(() => frame.textContent?.includes("Morning all"));
  await until(() => textOf(all(one(view, "log", "Messages"), "article")[0]) === "look at this");
  one(frame, "button", "Go to the forwarded message").click();
  await until(() => one(view, "heading", "general"));
  await until(() => log().querySelector("[data-lit]")?.textContent?.includes("Morning all"));
});

test("one may not see the room that a message comes from: its name is not told", async () => {
  const hub = team();
  const secret = hub.room("bo", "secret", [], { kind: "private" });
  const id = hub.as("bo", { type: "post" as const, room: secret, text: "among us" }).id ?? "";
  hub.as("bo", { type: "forward" as const, id, room: hub.roomOf("general").id, text: "" });
  const { log } = await open(hub);
  const frame = await until(() => log().querySelector<HTMLElement>(".cc-forwarded"));
  expect(frame.textContent).toContain("a room that you are not in");
  expect(frame.textContent).not.toContain("secret");
  expect(all(frame, "button")).toHaveLength(0);
});

test("the mark of an edit opens what was said before, with what changed", async () => {
  const hub = team();
  const id = hub.post("bo", "general", "the load ran at four");
  hub.as("bo", { type: "edit" as const, id, text: "the load ran at five" });
  const { view, log } = await open(hub);
  (await until(() => one(log(), "button", "edited"))).click();
  const dialog = await until(() => one(view, "dialog", "Earlier versions"));
  await until(() => dialog.querySelector("del")?.textContent === "four");
  expect(dialog.querySelector("ins")?.textContent).toBe("five");
  expect([...dialog.querySelectorAll(".cc-version")].map((one) => one.textContent)).toEqual([
    "the load ran at fourfive",
    "the load ran at four",
  ]);
});

test("who has seen a message, by name", async () => {
  const hub = team();
  const id = hub.post("ana", "general", "read this");
  hub.as("bo", { type: "mark_read" as const, room: hub.roomOf("general").id, upto: id });
  const { view, log } = await open(hub);
  (await until(() => one(log(), "button", "More"))).click();
  (await until(() => one(view, "menuitem", "Seen by"))).click();
  const sheet = await until(() => one(view, "dialog", "Seen by"));
  await until(() => sheet.textContent?.includes("Seen by 1 person"));
  expect(all(sheet, "listitem").map((item) => item.textContent)).toEqual(["BLBo Lindqvist"]);
  expect(sheet.textContent).toContain("1 person has not seen it yet");
});

test("jump to a date, and to the first message", async () => {
  const hub = team();
  for (let day = 0; day < 30; day++) {
    for (let n = 0; n < 10; n++) hub.post("bo", "general", `day ${day} message ${n}`);
    hub.now += 86_400_000_000;
  }
  hub.as("ana", { type: "mark_read" as const, room: hub.roomOf("general").id });
  const { view, log, articles } = await open(hub);
  await until(() => articles().length > 0);
  expect(log().textContent).not.toContain("day 3 message 0");
  one(view, "button", "Jump to date").click();
  const dialog = await until(() => one(view, "dialog", "Jump to date"));
  const date = new Date(Date.UTC(2026, 10, 23, 12));
  type(dialog.querySelector("input") as HTMLElement, date.toISOString().slice(0, 10));
  dialog.querySelector("form")?.requestSubmit();
  await until(() => textOf(log().querySelector("[data-lit]") ?? undefined) === "day 3 message 0");
  expect(all(view, "dialog")).toHaveLength(0);
  one(view, "button", "Jump to date").click();
  (await until(() => one(view, "button", "First message"))).click();
  await until(() => log().textContent?.includes("Morning all"));
});
