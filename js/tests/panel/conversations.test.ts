import { describe, expect, test } from "vitest";
import { all, nameOf, one, press, type, until } from "../support/panel";
import { open, team } from "../support/team";

describe("conversations", () => {
  test("by what is newest, and by people and rooms", async () => {
    const hub = team();
    const { view } = await open(hub);
    hub.post("bo", "pipeline", "newer");
    const names = () =>
      all(one(view, "list", "Conversations"), "listitem").flatMap(
        (item) => item.getAttribute("aria-label") ?? [],
      );
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

  test("the name of a room that is there leads to it", async () => {
    const { view, hub } = await open(team());
    one(view, "button", "New room").click();
    const dialog = await until(() => one(view, "dialog", "New room"));
    type(one(dialog, "textbox", "Name"), "Pipeline");
    await until(() => one(dialog, "alert").textContent?.includes("There is a room #pipeline already."));
    expect((one(dialog, "button", "Create room") as HTMLButtonElement).disabled).toBe(true);
    one(dialog, "button", "Open #pipeline").click();
    await until(() => one(view, "heading", "pipeline"));
    expect(all(view, "dialog")).toEqual([]);
    expect(
      hub.commands.some(
        ({ type, ...more }) => type === "create_room" && "name" in more && more.name === "Pipeline",
      ),
    ).toBe(false);
  });

  test("what the hub refuses is said where one types", async () => {
    const hub = team();
    hub.room("bo", "hidden", [], { kind: "private" });
    const { view } = await open(hub);
    one(view, "button", "New room").click();
    const dialog = await until(() => one(view, "dialog", "New room"));
    type(one(dialog, "textbox", "Name"), "hidden");
    await until(() => !(one(dialog, "button", "Create room") as HTMLButtonElement).disabled);
    one(dialog, "button", "Create room").click();
    await until(() => one(dialog, "alert").textContent?.includes("There is a room hidden already."));
  });

  test("a conversation with one person, picked by a few letters", async () => {
    const { hub, view } = await open(team());
    one(view, "button", "New conversation").click();
    const dialog = await until(() => one(view, "dialog", "New conversation"));
    const field = one(dialog, "textbox", "Find a person");
    type(field, "lindqivst");
    await until(() => all(one(dialog, "list", "People"), "button").length === 1);
    press(field, "Enter");
    await until(() => one(dialog, "button", "Leave out Bo Lindqvist"));
    await until(() => !(one(dialog, "button", "Open conversation") as HTMLButtonElement).disabled);
    one(dialog, "button", "Open conversation").click();
    await until(() => one(view, "heading", "Bo Lindqvist"));
    expect([...hub.rooms.values()].some(({ name }) => name === "@ana,@bo")).toBe(true);
  });

  test("a conversation with several is a private room with a name of their handles", async () => {
    const { hub, view } = await open(team());
    one(view, "button", "New conversation").click();
    const dialog = await until(() => one(view, "dialog", "New conversation"));
    const field = one(dialog, "textbox", "Find a person");
    for (const who of ["bo", "cy"]) {
      type(field, who);
      await until(() => all(one(dialog, "list", "People"), "button").length === 1);
      press(field, "Enter");
      await until(() => (field as HTMLInputElement).value === "");
    }
    const name = await until(() => one(dialog, "textbox", "Name of the private room"));
    expect((name as HTMLInputElement).value).toBe("ana-bo-cy");
    // Backspace in the empty field takes the last one back.
    press(field, "Backspace");
    await until(() => one(dialog, "button", "Open conversation"));
    one(dialog, "button", "Cyrus Mehta").click();
    type(await until(() => one(dialog, "textbox", "Name of the private room")), "night shift");
    await until(() => !(one(dialog, "button", "Create private room") as HTMLButtonElement).disabled);
    one(dialog, "button", "Create private room").click();
    await until(() => one(view, "heading", "night-shift"));
    expect(hub.roomOf("night-shift")).toMatchObject({ kind: "private" });
    expect(hub.roomOf("night-shift").members).toHaveLength(3);
  });

  test("public rooms are found, put in order, and previewed before one joins", async () => {
    const hub = team();
    hub.post("bo", "random", "the newest of random");
    const { view } = await open(hub);
    one(view, "button", /^Browse rooms/).click();
    const dialog = await until(() => one(view, "dialog", "Browse rooms"));
    const list = one(dialog, "list", "Public rooms");
    const names = () => all(list, "button", /^Look into/).map((button) => nameOf(button).slice(10));
    expect(names()).toEqual(["random", "general", "pipeline"]);
    const order = dialog.querySelector("select") as HTMLSelectElement;
    order.value = "name";
    order.dispatchEvent(new Event("change", { bubbles: true }));
    await until(() => names().join() === "random,general,pipeline");
    type(one(dialog, "textbox", "Find a room"), "nightly");
    await until(() => names().join() === "pipeline");
    type(one(dialog, "textbox", "Find a room"), "randon");
    await until(() => names().join() === "random");
    one(dialog, "button", "Preview random").click();
    const preview = await until(() => one(dialog, "list", "Newest messages of random"));
    expect(preview.textContent).toContain("the newest of random");
    expect(hub.roomOf("random").members).not.toContain(hub.memberOf("ana").id);
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
