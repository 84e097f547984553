import { expect, test } from "vitest";
import { all, effects, one, press, until } from "../support/panel";
import { open, team, textOf } from "../support/team";

const focused = () => document.activeElement as HTMLElement;

async function threeOfAna() {
  const hub = team();
  for (const text of ["one", "two", "three"]) hub.post("ana", "general", text);
  const all = await open(hub);
  await until(() => all.articles().length === 4);
  return all;
}

test("arrows, Home and End walk through the messages", async () => {
  const { log, articles } = await threeOfAna();
  log().focus();
  press(log(), "ArrowUp");
  expect(textOf(focused())).toBe("three");
  press(focused(), "ArrowUp");
  expect(textOf(focused())).toBe("two");
  press(focused(), "Home");
  expect(textOf(focused())).toBe("Morning all");
  press(focused(), "End");
  expect(textOf(focused())).toBe("three");
  await until(() => articles().filter((article) => article.tabIndex === 0).length === 1);
});

test("letters on a message do what its bar and menu do", async () => {
  const { hub, view, log, articles, asked, panel } = await threeOfAna();
  const on = async (text: string) => {
    const found = await until(() => articles().find((article) => textOf(article) === text));
    found.focus();
    await effects();
    return found;
  };
  press(await on("two"), "+");
  const picker = await until(() => one(view, "dialog", "Reactions"));
  press(picker, "Escape");
  await until(() => all(view, "dialog").length === 0);
  press(await on("two"), "s");
  await until(() => panel.state.saved.size === 1);
  press(await on("two"), "p");
  await until(() => hub.roomOf("general").pins.length === 1);
  press(await on("two"), "u");
  await until(() => asked("mark_unread").length === 1);
  press(await on("two"), "f");
  press(await until(() => one(view, "dialog", "Forward")), "Escape");
  await until(() => all(view, "dialog").length === 0);
  // Not with a modifier, and not on what is somebody else's.
  press(await on("two"), "e", { ctrlKey: true });
  press(await on("Morning all"), "e");
  await effects();
  expect(all(view, "textbox", "Edit message")).toHaveLength(0);
  press(await on("two"), "q");
  await until(() => view.querySelector(".cc-quoting")?.textContent?.includes("two"));
  press(await on("two"), "e");
  const field = await until(() => one(view, "textbox", "Edit message"));
  press(field, "Escape");
  await until(() => all(view, "textbox", "Edit message").length === 0);
  expect(textOf(focused())).toBe("two");
  press(focused(), "Delete");
  await until(() => articles().length === 3);
  expect(textOf(focused())).toBe("three");
  press(focused(), "r");
  await until(() => one(view, "log", "Thread"));
  expect(log().textContent).not.toContain("two");
});

test("a new message takes no focus, and only what is new is read out", async () => {
  const { hub, log, view, articles } = await threeOfAna();
  const heard = () => view.querySelector(".cc-heard")?.textContent;
  const [first] = articles();
  first?.focus();
  await effects();
  expect(heard()).toBe("");
  hub.post("bo", "general", "are you there?");
  await until(() => articles().length === 5);
  expect(focused()).toBe(first);
  await until(() => heard() === "Bo Lindqvist: are you there?");
  for (let n = 0; n < 5; n++) hub.post("bo", "general", `again ${n}`);
  await until(() => heard() === "5 new messages");
  expect(log().getAttribute("aria-live")).toBe("off");
});
