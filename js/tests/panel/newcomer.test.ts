import { expect, test } from "vitest";
import { all, one, panelOn, until, viewOf } from "../support/panel";
import { team } from "../support/team";

/** Somebody who has just come into the workspace. */
async function arrive(hub = team()) {
  hub.member("dee", "Dee Park");
  const client = hub.connect("dee");
  const view = viewOf(panelOn(client.transport));
  client.up();
  await until(() => one(view, "list", "Conversations"));
  // What is shown where nothing is comes a moment later.
  await until(() => view.querySelector(".cc-start") !== null && view.querySelector(".cc-empty h2") !== null);
  const rooms = () => one(view, "list", "Rooms you can join");
  return { hub, view, rooms };
}

test("sees the rooms to join, looks into one and joins it there", async () => {
  const { hub, view, rooms } = await arrive();
  hub.room("ana", "secret", ["bo"], { kind: "private" });
  expect(all(rooms(), "listitem").map((item) => item.getAttribute("aria-label"))).toEqual([
    "general",
    "pipeline",
    "random",
  ]);
  const pipeline = one(rooms(), "button", "Look into pipeline");
  expect(pipeline.querySelector(".cc-item-text")?.textContent).toBe("pipeline2 membersNightly load");
  pipeline.click();
  await until(() => one(view, "heading", "pipeline"));
  await until(() => pipeline.getAttribute("aria-current") === "true");
  one(view, "button", "Join #pipeline").click();
  await until(() => one(one(view, "list", "Conversations"), "listitem", "pipeline"));
  expect(all(view, "list", "Rooms you can join")).toEqual([]);
  one(view, "textbox", "Message");
});

test("sees what else one can do", async () => {
  const { view } = await arrive();
  const main = view.querySelector(".cc-main");
  if (!main) throw new Error("no middle");
  for (const [name, title] of [
    ["Browse rooms", "Browse rooms"],
    ["New room", "New room"],
    ["New conversation", "New conversation"],
  ] as const) {
    one(main, "button", name).click();
    const dialog = await until(() => one(view, "dialog", title));
    one(dialog, "button", "Close").click();
    await until(() => all(view, "dialog").length === 0);
  }
});

test("where there is no room yet, is told so", async () => {
  const hub = team();
  for (const name of ["general", "pipeline", "random"])
    hub.as("ana", { type: "delete_room" as const, room: hub.roomOf(name).id });
  const { view } = await arrive(hub);
  expect(view.textContent).toContain("No conversation yet. Make the first room, or write to somebody.");
  expect(all(view, "list", "Rooms you can join")).toEqual([]);
});
