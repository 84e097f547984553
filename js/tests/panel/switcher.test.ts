import { expect, test } from "vitest";
import { all, one, press, type, until } from "../support/panel";
import { open, team } from "../support/team";

async function switcher(hub = team(), room = "general") {
  const opened = await open(hub, room);
  const { view, box } = opened;
  box().focus();
  press(box(), "k", { ctrlKey: true });
  const field = one(view, "searchbox", "Search messages") as HTMLInputElement;
  await until(() => document.activeElement === field && one(view, "listbox", "Results"));
  const options = () =>
    all(view, "option").map((option) => option.querySelector(".cc-item-title")?.textContent);
  const chosen = () => document.getElementById(field.getAttribute("aria-activedescendant") ?? "none");
  const isOpen = () => all(view, "listbox", "Results").length > 0;
  return { ...opened, field, options, chosen, isOpen };
}

test("at first it offers the other conversations, those with something unread before the rest", async () => {
  const hub = team();
  hub.room("bo", "later", ["ana"]);
  hub.post("bo", "pipeline", "unread");
  hub.room("bo", "latest", ["ana"]);
  const { options, field, chosen } = await switcher(hub);
  expect(document.activeElement).toBe(field);
  expect(options()).toEqual(["pipeline", "latest", "later"]);
  expect(chosen()?.textContent).toContain("pipeline");
});

test("a room by a few letters, with a slip; Enter goes there and the text box has the focus", async () => {
  const { view, field, options, box, isOpen } = await switcher();
  type(field, "pipelnie");
  await until(() => options().join() === "pipeline");
  press(field, "Enter");
  await until(() => one(view, "heading", "pipeline"));
  expect(isOpen()).toBe(false);
  expect(field.value).toBe("");
  await until(() => document.activeElement === box());
});

test("a person whom one has not written to yet", async () => {
  const { hub, view, field, options } = await switcher();
  type(field, "@lind");
  await until(() => options().join() === "Bo Lindqvist");
  press(field, "Enter");
  await until(() => one(view, "heading", "Bo Lindqvist"));
  expect([...hub.rooms.values()].some(({ name }) => name === "@ana,@bo")).toBe(true);
});

test("a public room that one is not in is looked into", async () => {
  const { view, field, options } = await switcher();
  type(field, "#rand");
  await until(() => options().join() === "random");
  press(field, "Enter");
  await until(() => one(view, "button", "Join #random"));
});

test("commands: a theme, a dialog", async () => {
  const { hub, view, field, options, box } = await switcher();
  // No room and no message is called so.
  type(field, "dark");
  await until(() => options()[0] === "Dark theme");
  press(field, "Enter");
  await until(() => one(view, "region", "collabchat").dataset.theme === "dark");
  await until(() => hub.preferences.get(hub.memberOf("ana").id)?.theme === "dark");
  press(box(), "k", { ctrlKey: true });
  await until(() => document.activeElement === field);
  type(field, ">new room");
  await until(() => options()[0] === "New room");
  press(field, "Enter");
  await until(() => one(view, "dialog", "New room"));
});

test("arrows go round, Escape gives the focus back, and nothing found is said", async () => {
  const { view, field, chosen, box, options, isOpen } = await switcher();
  type(field, ">");
  await until(() => options().length > 3);
  const [first] = options();
  press(field, "ArrowUp");
  await until(() => chosen()?.textContent !== first && chosen()?.getAttribute("aria-selected") === "true");
  press(field, "ArrowDown");
  await until(() => chosen()?.textContent === first);
  type(field, "qqqqqq");
  await until(() => view.textContent?.includes("No message fits “qqqqqq”."));
  press(field, "Escape");
  await until(() => !isOpen());
  expect(document.activeElement).toBe(box());
});

test("with something selected in the text box, its own key is meant", async () => {
  const { view, box } = await open(team());
  type(box(), "words");
  (box() as HTMLTextAreaElement).setSelectionRange(0, 5);
  press(box(), "k", { ctrlKey: true });
  expect(all(view, "listbox", "Results")).toEqual([]);
});
