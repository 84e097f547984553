import { describe, expect, test } from "vitest";
import { shaping } from "../../src/components/composer/shaping";
import { all, one, press, type, until } from "../support/panel";
import { Refusal } from "../support/records";
import { open as opened, team, textOf } from "../support/team";

/** With what shapes a text. */
async function open(...given: Parameters<typeof opened>) {
  await shaping.load();
  const found = await opened(...given);
  await until(() => one(found.view, "toolbar", "Formatting"));
  return found;
}

type Opened = Awaited<ReturnType<typeof open>>;
const value = ({ box }: Opened) => (box() as HTMLTextAreaElement).value;
const area = ({ box }: Opened) => box() as HTMLTextAreaElement;

function select(opened: Opened, text: string, start: number, end = start) {
  type(area(opened), text);
  area(opened).setSelectionRange(start, end);
}
const selected = (opened: Opened) => {
  const { value, selectionStart, selectionEnd } = area(opened);
  return value.slice(selectionStart, selectionEnd);
};

function paste(opened: Opened, data: Record<string, string>): Event {
  const event = new Event("paste", { bubbles: true, cancelable: true });
  const clipboardData = { types: Object.keys(data), getData: (type: string) => data[type] ?? "" };
  Object.assign(event, { clipboardData });
  area(opened).dispatchEvent(event);
  // What a browser does where nobody stops it.
  if (!event.defaultPrevented) {
    const { selectionStart, selectionEnd } = area(opened);
    area(opened).setRangeText(data["text/plain"] ?? "", selectionStart, selectionEnd, "end");
    area(opened).dispatchEvent(new Event("input", { bubbles: true }));
  }
  return event;
}

describe("formatting", () => {
  test("by keys, around what is selected, and back", async () => {
    const opened = await open(team());
    select(opened, "a word here", 2, 6);
    for (const [key, more, text] of [
      ["b", {}, "a **word** here"],
      ["b", {}, "a word here"],
      ["i", {}, "a _word_ here"],
      ["i", {}, "a word here"],
      ["e", {}, "a `word` here"],
      ["e", {}, "a word here"],
      ["X", { shiftKey: true }, "a ~~word~~ here"],
      ["X", { shiftKey: true }, "a word here"],
      ["k", {}, "a [word](https://) here"],
    ] as const) {
      expect(press(area(opened), key, { ctrlKey: true, ...more }).defaultPrevented).toBe(true);
      expect(value(opened)).toBe(text);
    }
    expect(selected(opened)).toBe("https://");
    select(opened, "one\ntwo", 0, 7);
    press(area(opened), "&", { ctrlKey: true, shiftKey: true, code: "Digit7" });
    expect(value(opened)).toBe("1. one\n2. two");
    press(area(opened), "*", { metaKey: true, shiftKey: true, code: "Digit8" });
    expect(value(opened)).toBe("- one\n- two");
  });

  test("Ctrl+K without a selection is not the box's", async () => {
    const opened = await open(team());
    select(opened, "word", 4);
    press(area(opened), "k", { ctrlKey: true });
    expect(value(opened)).toBe("word");
  });

  test("by the bar, which keeps the selection, is one stop for Tab, and can be hidden", async () => {
    const opened = await open(team());
    const { view, hub } = opened;
    const bar = one(view, "toolbar", "Formatting");
    const buttons = () => all(bar, "button");
    expect(buttons().filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    const bold = one(bar, "button", "Bold");
    bold.focus();
    press(bold, "ArrowRight");
    expect(document.activeElement).toBe(one(bar, "button", "Italic"));
    press(one(bar, "button", "Italic"), "End");
    expect(document.activeElement).toBe(one(bar, "button", "Preview"));
    select(opened, "a word", 2, 6);
    const down = new MouseEvent("mousedown", { bubbles: true, cancelable: true });
    bold.dispatchEvent(down);
    expect(down.defaultPrevented).toBe(true);
    bold.click();
    expect(value(opened)).toBe("a **word**");
    expect(selected(opened)).toBe("word");

    one(view, "button", "Text box settings").click();
    const check = await until(() => view.querySelector<HTMLInputElement>(".cc-check input[type=checkbox]"));
    expect(check.closest("label")?.textContent).toBe("Formatting bar");
    check.click();
    await until(() => all(view, "button", "Bold").length === 0);
    await until(() => hub.preferences.get(hub.memberOf("ana").id)?.bar === false);
    one(view, "button", "Preview");
  });

  test("is seen in the preview, and the text stays what it is", async () => {
    const opened = await open(team());
    type(area(opened), "so **bold**");
    one(opened.view, "button", "Preview").click();
    const shown = await until(() => one(opened.view, "region", "Preview"));
    await until(() => shown.querySelector("strong")?.textContent === "bold");
    expect(area(opened).closest<HTMLElement>(".cc-grow")?.hidden).toBe(true);
    one(opened.view, "button", "Preview").click();
    await until(() => all(opened.view, "region", "Preview").length === 0);
    expect(value(opened)).toBe("so **bold**");
  });

  test("lists go on, and end at an empty item; Tab moves in only where there is a list", async () => {
    const opened = await open(team());
    select(opened, "- one", 5);
    press(area(opened), "Enter", { shiftKey: true });
    expect(value(opened)).toBe("- one\n- ");
    expect(press(area(opened), "Tab").defaultPrevented).toBe(true);
    expect(value(opened)).toBe("- one\n  - ");
    expect(press(area(opened), "Tab", { shiftKey: true }).defaultPrevented).toBe(true);
    press(area(opened), "Enter", { shiftKey: true });
    expect(value(opened)).toBe("- one\n");
    expect(press(area(opened), "Tab").defaultPrevented).toBe(false);
  });
});

describe("commands", () => {
  test("are offered after a slash, with what they want, and carried out by the hub", async () => {
    const opened = await open(team(), "pipeline");
    const { view, hub, asked } = opened;
    type(area(opened), "/to");
    const list = await until(() => one(view, "listbox", "Commands"));
    expect(all(list, "option").map(({ textContent }) => textContent)).toEqual([
      "/topic TOPIC Say what the room is for",
    ]);
    press(area(opened), "Tab");
    expect(value(opened)).toBe("/topic ");
    await until(() => view.querySelector(".cc-usage")?.textContent?.includes("/topic TOPIC"));
    type(area(opened), "/topic Nightly load, since May");
    press(area(opened), "Enter");
    await until(() => hub.roomOf("pipeline").topic === "Nightly load, since May");
    await until(() => value(opened) === "");
    expect(asked("post")).toEqual([]);
  });

  test("that are wrong say so, and keep what was written", async () => {
    const opened = await open(team(), "pipeline");
    const { view, hub } = opened;
    type(area(opened), "/invite @nobody");
    press(area(opened), "Enter");
    await until(() => one(view, "alert").textContent?.includes("Nobody is called @nobody."));
    expect(value(opened)).toBe("/invite @nobody");
    hub.refuse = ({ type }) => (type === "set_topic" ? new Refusal("forbidden", "Not today.") : null);
    type(area(opened), "/topic x");
    await until(() => all(view, "alert").length === 0);
    press(area(opened), "Enter");
    await until(() => one(view, "alert").textContent?.includes("Not today."));
    expect(value(opened)).toBe("/topic x");
  });

  test("that do not exist are said before they are sent", async () => {
    const opened = await open(team());
    const { view, asked } = opened;
    type(area(opened), "/deploy now");
    press(area(opened), "Enter");
    const question = await until(() => one(view, "alert"));
    expect(question.textContent).toContain("There is no command /deploy. Send it as text?");
    expect(asked("post")).toEqual([]);
    const button = one(question, "button", "Send as text");
    expect(document.activeElement).toBe(button);
    // The key that asked is still held.
    expect(press(button, "Enter", { repeat: true }).defaultPrevented).toBe(true);
    button.click();
    await until(() => asked("post").length === 1);
    expect(asked("post")[0]).toMatchObject({ text: "/deploy now" });
    type(area(opened), "//topic is a command");
    press(area(opened), "Enter");
    await until(() => asked("post").length === 2);
    expect(asked("post")[1]).toMatchObject({ text: "/topic is a command" });
  });

  test("of plain words are sent", async () => {
    const opened = await open(team());
    type(area(opened), "/shrug Who knows");
    press(area(opened), "Enter");
    await until(() => opened.articles().some((article) => textOf(article) === "Who knows ¯\\_(ツ)_/¯"));
  });
});

describe("pasting", () => {
  test("a table becomes one of Markdown, or text again", async () => {
    const opened = await open(team());
    type(area(opened), "See:");
    const text = "Port\tCalls\nHaifa\t12";
    expect(paste(opened, { "text/plain": text }).defaultPrevented).toBe(true);
    expect(value(opened)).toBe("See:\n\n| Port | Calls |\n| --- | --: |\n| Haifa | 12 |\n");
    const notice = await until(() => view(opened, "Pasted as a table."));
    one(notice, "button", "Paste as text").click();
    expect(value(opened)).toBe(`See:${text}`);
  });

  test("code becomes a block when one wants it", async () => {
    const opened = await open(team());
    const code = "import os\nprint(os.getcwd())";
    expect(paste(opened, { "text/plain": code }).defaultPrevented).toBe(false);
    expect(value(opened)).toBe(code);
    const notice = await until(() => view(opened, "This looks like code."));
    one(notice, "button", "Make it a code block").click();
    expect(value(opened)).toBe(`\`\`\`python\n${code}\n\`\`\``);
  });

  test("inside of a code block everything stays as it is", async () => {
    const opened = await open(team());
    type(area(opened), "```\n");
    expect(paste(opened, { "text/plain": "a\tb\n1\t2" }).defaultPrevented).toBe(false);
    expect(value(opened)).toBe("```\na\tb\n1\t2");
  });

  test("too much is kept, and said to be too much", async () => {
    const opened = await open(team());
    paste(opened, { "text/plain": "x".repeat(50_000) });
    await until(() => opened.view.textContent?.includes("50,000 of 40,000 characters."));
    expect(value(opened)).toHaveLength(50_000);
    expect((one(opened.view, "button", "Send") as HTMLButtonElement).disabled).toBe(true);
    press(area(opened), "Enter");
    expect(opened.asked("post")).toEqual([]);
  });
});

const view = ({ view }: Opened, text: string) =>
  [...view.querySelectorAll<HTMLElement>(".cc-said")].find((element) => element.textContent?.includes(text));

describe("an input method", () => {
  test("never sends half a word, also where its Enter comes after it is done", async () => {
    const opened = await open(team());
    type(area(opened), "にほん");
    press(area(opened), "Enter", { isComposing: true });
    press(area(opened), "Enter", { keyCode: 229 } as KeyboardEventInit);
    area(opened).dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "日本" }));
    // As Safari does it.
    press(area(opened), "Enter", { keyCode: 229 } as KeyboardEventInit);
    expect(opened.asked("post")).toEqual([]);
    press(area(opened), "Enter", { keyCode: 13 } as KeyboardEventInit);
    await until(() => opened.asked("post").length === 1);
  });
});

describe("one's own last message", () => {
  test("is edited by the arrow up, and Escape leaves it", async () => {
    const opened = await open(team());
    type(area(opened), "tpyo");
    press(area(opened), "Enter");
    await until(() =>
      opened.articles().some((article) => textOf(article) === "tpyo" && !article.dataset.state),
    );
    press(area(opened), "ArrowUp");
    const edit = await until(() => one(opened.view, "textbox", "Edit message"));
    expect((edit as HTMLTextAreaElement).value).toBe("tpyo");
    press(edit, "Escape");
    await until(() => all(opened.view, "textbox", "Edit message").length === 0);
  });
});
