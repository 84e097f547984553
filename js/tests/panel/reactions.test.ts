import { expect, test } from "vitest";
import { all, one, press, until } from "../support/panel";
import { open, team } from "../support/team";

const EMOJI = [..."😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰😗😙😚🙂🤗🤩🤔🤨😐😑😶🙄😏😣😥"];

test("who reacted shows where one rests, by mouse and by key", async () => {
  const hub = team();
  const id = hub.roomOf("general").last?.id ?? "";
  for (const who of ["bo", "cy", "ana"]) hub.as(who, { type: "react" as const, id, emoji: "🚀" });
  const { view, log } = await open(hub);
  const chip = await until(() => one(log(), "button", /^🚀 3/));
  expect(chip.getAttribute("aria-label")).toBe("🚀 3, Bo Lindqvist, Cyrus Mehta, and you");
  chip.focus();
  const sheet = await until(() => one(view, "tooltip"));
  expect(chip.getAttribute("aria-describedby")).toBe(sheet.id);
  expect(sheet.textContent).toContain("Bo Lindqvist, Cyrus Mehta, and you");
  press(chip, "Escape");
  await until(() => all(view, "tooltip").length === 0);
});

test("many different ones fold, and many people are counted", async () => {
  const hub = team();
  const people = Array.from({ length: 60 }, (_, n) => hub.member(`m${n}`, `Member ${n}`));
  for (const { id: member } of people)
    hub.as("ana", { type: "add" as const, room: hub.roomOf("general").id, member });
  const id = hub.post("bo", "general", "party!");
  for (const { handle } of people) hub.as(handle, { type: "react" as const, id, emoji: "🎉" });
  for (const emoji of EMOJI) hub.as("bo", { type: "react" as const, id, emoji });
  const { log } = await open(hub);
  await until(() => one(log(), "button", "🎉 60, 60 people"));
  const chips = () => log().querySelectorAll(".cc-reaction[data-emoji]").length;
  expect(chips()).toBe(19);
  one(log(), "button", "12 more reactions").click();
  await until(() => chips() === 31);
  one(log(), "button", "Fewer reactions").click();
  await until(() => chips() === 19);
});

test("what one reacts with often stands in the bar", async () => {
  const hub = team();
  const { log, view } = await open(hub);
  const quick = () => all(log(), "button", /^React with/).map((button) => button.textContent);
  await until(() => quick().length === 3);
  expect(quick()).toEqual(["👍", "✅", "👀"]);
  (await until(() => one(log(), "button", "React with 👀"))).click();
  await until(() => one(log(), "button", "👀 1, you"));
  await until(() => quick()[0] === "👀");
  one(log(), "button", "Add a reaction").click();
  await until(() => one(view, "dialog", "Reactions"));
});
