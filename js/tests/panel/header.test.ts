import { beforeAll, expect, test } from "vitest";
import { all, nameOf, one, press, type, until } from "../support/panel";
import { open, team } from "../support/team";

// Parts that come later are there: what is shown here is not how long they take to be compiled.
beforeAll(() => Promise.all([import("../../src/components/Members"), import("../../src/components/Card")]));

const head = (view: HTMLElement) => view.querySelector<HTMLElement>(".cc-room .cc-head") as HTMLElement;

test("the topic is changed where it stands, and Escape leaves it as it was", async () => {
  const hub = team();
  const { view } = await open(hub, "pipeline");
  one(head(view), "button", "Nightly load").click();
  const field = await until(() => one(head(view), "textbox", "Topic"));
  type(field, "Nightly load, and");
  press(field, "Escape");
  await until(() => one(head(view), "button", "Nightly load"));
  expect(hub.roomOf("pipeline").topic).toBe("Nightly load");
  one(head(view), "button", "Nightly load").click();
  const again = await until(() => one(head(view), "textbox", "Topic"));
  type(again, "Daily load");
  press(again, "Enter");
  await until(() => one(head(view), "button", "Daily load"));
  expect(hub.roomOf("pipeline").topic).toBe("Daily load");
  await until(() => document.activeElement === one(head(view), "button", "Daily load"));
});

test("what could not be saved stays in the field", async () => {
  const hub = team();
  const { view } = await open(hub, "general");
  const { Refusal } = await import("../support/records");
  hub.refuse = (request) =>
    request.type === "set_topic" ? new Refusal("forbidden", "Ask an owner to change it.") : null;
  one(head(view), "button", "Add a topic").click();
  const field = await until(() => one(head(view), "textbox", "Topic"));
  type(field, "All that is");
  press(field, "Enter");
  await until(() => one(view, "alert", /Ask an owner/));
  expect((one(head(view), "textbox", "Topic") as HTMLInputElement).value).toBe("All that is");
});

test("a guest reads the topic", async () => {
  const hub = team();
  const role = "guest" as const;
  hub.as("bo", { type: "set_role" as const, member: hub.memberOf("ana").id, role });
  const { view } = await open(hub, "pipeline");
  expect(head(view).textContent).toContain("Nightly load");
  expect(all(head(view), "button", "Nightly load")).toHaveLength(0);
});

test("two thousand members are quick to look through", async () => {
  const hub = team();
  const room = hub.roomOf("general");
  for (let n = 0; n < 2_000; n++) {
    const { id } = hub.member(`m${n}`, `Member ${String(n).padStart(4, "0")}`);
    room.members = [...room.members, id];
  }
  hub.connect("m1999").up();
  const { view } = await open(hub);
  one(head(view), "button", "Members").click();
  const list = await until(() => one(view, "list", "Members"));
  expect(all(list, "listitem").length).toBeLessThanOrEqual(60);
  // Who is here comes first.
  const names = () => all(list, "button", /^Card of/).map(nameOf);
  expect(names().slice(0, 2)).toEqual(["Card of Ana Ruiz", "Card of Member 1999"]);
  type(one(view, "textbox", "Find a member"), "member 0777");
  await until(() => names().length === 1);
  expect(names()).toEqual(["Card of Member 0777"]);
});

test("a member's card opens from the list, and leads to a conversation", async () => {
  const hub = team();
  const { view, panel } = await open(hub);
  one(head(view), "button", "Members").click();
  (await until(() => one(view, "button", "Card of Cyrus Mehta"))).click();
  const card = await until(() => one(view, "dialog", "Card"));
  await until(() => card.textContent?.includes("@cy"));
  (await until(() => one(card, "button", "Mention"))).click();
  await until(() => (one(view, "textbox", "Message") as HTMLTextAreaElement).value === "@cy ");
  one(view, "button", "Card of Cyrus Mehta").click();
  (await until(() => one(one(view, "dialog", "Card"), "button", "Message"))).click();
  await until(() => one(view, "heading", "Cyrus Mehta"));
  expect([...panel.state.rooms.values()].some(({ kind }) => kind === "direct")).toBe(true);
});
