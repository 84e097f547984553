import { describe, expect, test } from "vitest";
import { all, one, type, until } from "../support/panel";
import { open, team } from "../support/team";

describe("conversations", () => {
  test("by what is newest, and by people and rooms", async () => {
    const hub = team();
    const { view } = await open(hub);
    hub.post("bo", "pipeline", "newer");
    const names = () =>
      all(one(view, "list", "Conversations"), "listitem").map((item) => item.getAttribute("aria-label"));
    await until(() => names()[0] === "pipeline");
    one(view, "tab", "Category").click();
    await until(() => names().join() === "Bo Lindqvist,Cyrus Mehta,general,pipeline");
    expect(hub.preferences.get(hub.memberOf("ana").id)?.view).toBe("category");
    one(one(view, "list", "Conversations"), "button", "Bo Lindqvist").click();
    await until(() => one(view, "heading", "Bo Lindqvist"));
    expect([...hub.rooms.values()].some(({ name }) => name === "@ana,@bo")).toBe(true);
  });

  test("a new room", async () => {
    const { hub, view } = await open(team());
    one(view, "button", "New room").click();
    const dialog = await until(() => one(view, "dialog", "New room"));
    type(one(dialog, "textbox", "Name"), "storm review");
    type(one(dialog, "textbox", "Topic"), "What the wind did");
    one(dialog, "radio", /^Private/).click();
    one(dialog, "button", "Bo Lindqvist").click();
    await until(() => one(dialog, "button", /^Leave out Bo/));
    one(dialog, "button", "Create room").click();
    await until(() => one(view, "heading", "storm-review"));
    expect(hub.roomOf("storm-review")).toMatchObject({ kind: "private", topic: "What the wind did" });
    expect(hub.roomOf("storm-review").members).toContain(hub.memberOf("bo").id);
  });

  test("a room that is there already is refused where one types", async () => {
    const { view } = await open(team());
    one(view, "button", "New room").click();
    const dialog = await until(() => one(view, "dialog", "New room"));
    type(one(dialog, "textbox", "Name"), "general");
    await until(() => !(one(dialog, "button", "Create room") as HTMLButtonElement).disabled);
    one(dialog, "button", "Create room").click();
    await until(() => one(dialog, "alert").textContent?.includes("There is a room general already."));
  });

  test("a public room is looked into, and joined", async () => {
    const { hub, view } = await open(team());
    hub.post("bo", "random", "come in");
    one(view, "button", /^Browse rooms/).click();
    const dialog = await until(() => one(view, "dialog", "Browse rooms"));
    one(dialog, "button", "Look into random").click();
    await until(() => one(view, "heading", "random"));
    expect(all(view, "textbox", "Message")).toEqual([]);
    await until(() => one(view, "log", "Messages").textContent?.includes("come in"));
    hub.post("bo", "random", "while one only looked");
    one(view, "button", "Join #random").click();
    await until(() => one(view, "textbox", "Message"));
    expect(hub.roomOf("random").members).toContain(hub.memberOf("ana").id);
    await until(() => one(view, "log", "Messages").textContent?.includes("while one only looked"));
  });

  test("members: who is in, add, remove, leave", async () => {
    const { hub, view } = await open(team(), "pipeline");
    one(view, "button", "Members").click();
    await until(() => one(view, "button", "Remove Bo Lindqvist"));
    one(view, "button", /Add somebody/).click();
    (await until(() => one(view, "button", "Cyrus Mehta"))).click();
    await until(() => one(view, "button", "Remove Cyrus Mehta"));
    one(view, "button", "Remove Cyrus Mehta").click();
    await until(() => !hub.roomOf("pipeline").members.includes(hub.memberOf("cy").id));
    one(view, "button", "Leave this room").click();
    await until(() => one(view, "button", "Join #pipeline"));
  });
});
