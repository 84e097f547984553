import { expect, test } from "vitest";
import { all, one, press, type, until } from "../support/panel";
import { open, team } from "../support/team";

const value = (box: HTMLElement) => (box as HTMLTextAreaElement).value;
const texts = (elements: HTMLElement[]) => elements.map(({ textContent }) => textContent);

async function started(text: string) {
  const opened = await open(team(), "pipeline");
  const options = () => all(opened.view, "option");
  const selected = () => options().find((option) => option.getAttribute("aria-selected") === "true");
  type(opened.box(), text);
  return { ...opened, options, selected };
}

test("a list of members opens above the text, and Enter takes the one that is chosen", async () => {
  const { view, box, options, selected, asked } = await started("thanks @");
  const list = await until(() => one(view, "listbox", "People"));
  // Cyrus is not in this room.
  expect(texts(options())).toEqual(["BLBo Lindqvist @bo", "CMCyrus Mehta @cy · not in this room"]);
  expect(box().getAttribute("aria-controls")).toBe(list.id);
  expect(box().getAttribute("aria-activedescendant")).toBe(selected()?.id);
  press(box(), "ArrowDown");
  await until(() => selected()?.textContent?.includes("Cyrus"));
  expect(box().getAttribute("aria-activedescendant")).toBe(selected()?.id);
  press(box(), "ArrowDown");
  await until(() => selected()?.textContent?.includes("Bo"));
  press(box(), "ArrowUp");
  expect(press(box(), "Enter").defaultPrevented).toBe(true);
  expect(value(box())).toBe("thanks @cy ");
  await until(() => all(view, "listbox").length === 0);
  expect(box().getAttribute("aria-controls")).toBeNull();
  expect(asked("post")).toEqual([]);
  press(box(), "Enter");
  await until(() => asked("post").length === 1);
});

test("keys that are quicker than drawing pick too, and do not send", async () => {
  const { box, asked } = await started("@b");
  press(box(), "Enter");
  expect(value(box())).toBe("@bo ");
  expect(asked("post")).toEqual([]);
});

test("Tab takes, in the middle of a text too, and leaves one blank", async () => {
  const { box, view } = await started("ask  about it");
  const area = box() as HTMLTextAreaElement;
  area.setRangeText("@cyr", 4, 4, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  await until(() => one(view, "listbox", "People"));
  expect(press(area, "Tab").defaultPrevented).toBe(true);
  expect(area.value).toBe("ask @cy about it");
});

test("rooms after a #, taken with the mouse", async () => {
  const { box, view, options } = await started("see #");
  await until(() => one(view, "listbox", "Rooms"));
  expect(options().map((option) => option.querySelector(".cc-option-title")?.textContent)).toEqual([
    "general",
    "pipeline",
    "random",
  ]);
  const down = new MouseEvent("mousedown", { bubbles: true, cancelable: true });
  options()[2]?.dispatchEvent(down);
  expect(down.defaultPrevented).toBe(true);
  options()[2]?.click();
  expect(value(box())).toBe("see #random ");
  expect(document.activeElement).toBe(box());
});

test("Escape closes it for this word, and Enter sends then", async () => {
  const { box, view, asked } = await started("@b");
  await until(() => one(view, "listbox", "People"));
  expect(press(box(), "Escape").defaultPrevented).toBe(true);
  await until(() => all(view, "listbox").length === 0);
  type(box(), "@lin");
  press(box(), "Enter");
  await until(() => asked("post").length === 1);
  expect(asked("post")[0]).toMatchObject({ text: "@lin" });
  type(box(), "@b");
  await until(() => one(view, "listbox", "People"));
});

test("while an input method composes, the keys are its own", async () => {
  const { box, view, asked } = await started("@b");
  await until(() => one(view, "listbox", "People"));
  for (const key of ["Enter", "ArrowDown", "Tab"])
    expect(press(box(), key, { isComposing: true }).defaultPrevented).toBe(false);
  expect(value(box())).toBe("@b");
  expect(asked("post")).toEqual([]);
});

test("a name that is complete is sent at once", async () => {
  const { box, asked, view } = await started("look @bo");
  press(box(), "Enter");
  await until(() => asked("post").length === 1);
  expect(all(view, "listbox")).toEqual([]);
});

test("it closes when one goes elsewhere", async () => {
  const { box, view } = await started("@");
  await until(() => one(view, "listbox", "People"));
  box().blur();
  await until(() => all(view, "listbox").length === 0);
});
