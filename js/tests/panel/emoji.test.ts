import { describe, expect, test } from "vitest";
import { all, one, press, type, until } from "../support/panel";
import { open, team } from "../support/team";

const { dataFiles } = (await import("../../build/data.mjs")) as {
  dataFiles(source: string): Promise<Record<string, string | Uint8Array>>;
};
const files = await dataFiles(`${process.cwd()}/src`);

async function opened() {
  const found = await open(team());
  found.client.transport.asset = async (name) => {
    const content = files[name];
    if (content === undefined) throw new Error(`There is no ${name}.`);
    return typeof content === "string" ? new TextEncoder().encode(content) : content;
  };
  const value = () => (found.box() as HTMLTextAreaElement).value;
  return { ...found, value };
}

test("emoji are completed by their names, those that one uses first", async () => {
  const { box, view, value, memory } = await opened();
  type(box(), "done :tad");
  const list = await until(() => one(view, "listbox", "Emoji"));
  expect(all(list, "option")[0]?.textContent).toBe("🎉 :tada:");
  press(box(), "Enter");
  expect(value()).toBe("done 🎉 ");
  expect(memory.lasting.get("emoji-used")).toEqual([["🎉", 1]]);
  for (const text of ["at 10:30", "http://na", "a:na", ":n"]) {
    type(box(), text);
    await until(() => all(view, "listbox").length === 0);
  }
});

describe("the palette", () => {
  test("has groups, names, and draws only what is in sight; one finds by name", async () => {
    const { view, value } = await opened();
    one(view, "button", "Emoji").click();
    const sheet = await until(() => one(view, "dialog", "Emoji"));
    const grid = await until(() => one(sheet, "grid", "Emoji"));
    await until(() => all(grid, "button").length > 20);
    expect(grid.querySelector(".cc-palette-head")?.textContent).toBe("Smileys and feelings");
    expect(Number(grid.getAttribute("aria-rowcount"))).toBeGreaterThan(150);
    expect(all(grid, "button").length).toBeLessThan(200);
    const field = one(sheet, "textbox", "Find an emoji");
    expect(document.activeElement).toBe(field);
    type(field, "rocket");
    await until(() => all(grid, "button")[0]?.textContent === "🚀");
    press(field, "Enter");
    expect(value()).toBe("🚀");
    await until(() => all(view, "dialog", "Emoji").length === 0);
    one(view, "button", "Emoji").click();
    await until(() => view.querySelector(".cc-palette-head")?.textContent === "Used often");
  });

  test("is walked through with the arrows, one stop for Tab", async () => {
    const { view } = await opened();
    one(view, "button", "Emoji").click();
    const grid = await until(() => one(view, "grid", "Emoji"));
    await until(() => all(grid, "button").length > 20);
    const stops = () => all(grid, "button").filter(({ tabIndex }) => tabIndex === 0);
    const first = stops()[0];
    press(one(view, "textbox", "Find an emoji"), "ArrowDown");
    await until(() => document.activeElement === first);
    press(first as HTMLElement, "ArrowRight");
    await until(() => document.activeElement === all(grid, "button")[1]);
    press(document.activeElement as HTMLElement, "ArrowDown");
    await until(() => document.activeElement === all(grid, "button")[9]);
    expect(stops()).toHaveLength(1);
    for (const step of ["ArrowUp", "ArrowUp"]) {
      press(document.activeElement as HTMLElement, step);
      await until(() => true);
      await new Promise((go) => setTimeout(go, 20));
    }
    expect(document.activeElement).toBe(one(view, "textbox", "Find an emoji"));
  });

  test("has tones of skin, which the hub keeps", async () => {
    const { view, hub } = await opened();
    one(view, "button", "Emoji").click();
    const tone = await until(() => one(view, "radio", "Medium skin"));
    tone.click();
    await until(() => hub.preferences.get(hub.memberOf("ana").id)?.skin === 3);
    type(one(view, "textbox", "Find an emoji"), "thumbs up");
    await until(() => all(one(view, "grid"), "button")[0]?.textContent === "👍🏽");
  });
});
