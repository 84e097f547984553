import { createElement, render } from "preact";
import { describe, expect, onTestFinished, test } from "vitest";
import { App } from "../src/components/App";
import { SHAPES } from "../src/components/composer/keys";
import { actsOf } from "../src/components/message/acts";
import { pressed, spelled } from "../src/keys";
import { ALL_KEYS as ALL, MORE_KEYS } from "../src/moreKeys";
import type { Message, Room } from "../src/protocol";
import { all, effects, one, press, until } from "./support/panel";
import { open, team } from "./support/team";

const key = (name: string, more: KeyboardEventInit = {}) =>
  new KeyboardEvent("keydown", { key: name, ...more });
const CTRL = { ctrlKey: true };

/** What browsers do with a key, on every page. */
const OF_THE_BROWSER = [
  ..."ACDFGHJLNOPRSTUVWXZ".split("").map((letter) => `Mod+${letter}`),
  ..."BCDIJNPRTVWZ".split("").map((letter) => `Mod+Shift+${letter}`),
  ...["Mod+Tab", "Mod++", "Mod+-", "Mod+0", "Mod+1", "Mod+9", "F1", "F3", "F5", "F7", "F11", "F12"],
  ...["Alt+ArrowLeft", "Alt+ArrowRight", "Alt+D", "Alt+F4"],
];

describe("the table of keys", () => {
  test("leaves the browser its own, but for what every text box does", () => {
    for (const { keys } of ALL)
      for (const combination of keys) expect(OF_THE_BROWSER).not.toContain(combination);
  });

  test("gives no key two meanings in one place", () => {
    // Enter and Tab depend on what is proposed; a star moves by what elsewhere goes to the next conversation.
    const free = new Set(["box Enter", "box Tab"]);
    const seen = new Set<string>();
    for (const { keys, where } of ALL)
      for (const combination of keys) {
        const place = `${where} ${combination}`;
        if (!free.has(place)) expect(seen.has(place), place).toBe(false);
        seen.add(place);
      }
  });

  test("says of the text box what the text box does", () => {
    const said = new Set(MORE_KEYS.filter(({ where }) => where === "box").flatMap(({ keys }) => keys));
    for (const { key } of SHAPES)
      if (key) {
        const letter = key.code.replace("Digit", "").toUpperCase();
        expect(said).toContain(`Mod+${key.shift ? "Shift+" : ""}${letter}`);
      }
  });

  test("says of a message all that one can do with it by key, and nothing else", async () => {
    const { panel, articles } = await open(team());
    await until(() => articles().length > 0);
    const [timeline] = panel.state.timelines.values();
    const mine = { ...(timeline?.held.at(-1)?.message as Message), author: panel.state.me };
    const view = { panel, go() {}, complain() {}, tell() {} } as never;
    const acts = actsOf(view, { ...mine, edited_at: 1 }, { joined: true, inThread: false });
    const does = new Map(
      acts.flatMap(({ key, label }) => (key ? [[key.toLowerCase(), label] as const] : [])),
    );
    const letters = MORE_KEYS.filter(
      ({ where, keys }) => where === "messages" && /^([A-Z]|Delete)$/.test(keys[0] ?? ""),
    );
    expect(new Map(letters.map(({ keys, what }) => [keys[0]?.toLowerCase(), what()]))).toEqual(does);
  });
});

describe("a key", () => {
  test("is Ctrl here and ⌘ on a Mac", () => {
    expect(pressed(key("k", CTRL), "search", false)).toBe(true);
    expect(pressed(key("k", CTRL), "search", true)).toBe(false);
    expect(pressed(key("k", { metaKey: true }), "search", true)).toBe(true);
    expect(pressed(key("K", { ...CTRL, shiftKey: true }), "search", false)).toBe(false);
    expect(pressed(key("K", { ...CTRL, shiftKey: true }), "write", false)).toBe(true);
  });

  test("is where it stands on keyboards of other letters", () => {
    expect(pressed(key("л", { ...CTRL, code: "KeyK" }), "search", false)).toBe(true);
    expect(pressed(key("κ", { ...CTRL, code: "KeyK" }), "search", false)).toBe(true);
    // Dvorak: the key of K is there where others have V.
    expect(pressed(key("t", { ...CTRL, code: "KeyK" }), "search", false)).toBe(false);
    expect(pressed(key("é", { ...CTRL, code: "KeyK" }), "search", false)).toBe(false);
  });

  test("that is a sign counts with Shift or without", () => {
    expect(pressed(key("?", { shiftKey: true }), "help", false)).toBe(true);
    expect(pressed(key("?"), "help", false)).toBe(true);
    expect(pressed(key("?", CTRL), "help", false)).toBe(false);
  });

  test("that an input method composes is none", () => {
    expect(pressed(key("k", { ...CTRL, isComposing: true }), "search", false)).toBe(false);
  });

  test("is spelled as it is written on the keyboard", () => {
    expect(spelled("Mod+Shift+K", false)).toEqual(["Ctrl", "Shift", "K"]);
    expect(spelled("Mod+Shift+K", true)).toEqual(["⌘", "⇧", "K"]);
    expect(spelled("+", false)).toEqual(["+"]);
    expect(spelled("Alt+ArrowUp", false)).toEqual(["Alt", "↑"]);
  });
});

describe("in a panel", () => {
  const opened = async () => {
    const hub = team();
    hub.post("bo", "pipeline", "red");
    const set = await open(hub);
    const title = () => set.view.querySelector(".cc-head .cc-title")?.getAttribute("aria-label");
    return { ...set, title };
  };

  test("Alt and arrows go through the conversations", async () => {
    const { view, box, title } = await opened();
    const names = () =>
      [...view.querySelectorAll("[data-room]")].map((item) => item.getAttribute("aria-label"));
    await until(() => names().length >= 2);
    const order = names();
    const at = order.indexOf("general");
    const by = at === 0 ? "ArrowDown" : "ArrowUp";
    const event = press(box(), by, { altKey: true });
    expect(event.defaultPrevented).toBe(true);
    await until(() => title() === order[at === 0 ? 1 : at - 1]);
    press(box(), by === "ArrowDown" ? "ArrowUp" : "ArrowDown", { altKey: true });
    await until(() => title() === "general");
  });

  test("with Shift to what is unread, in both directions", async () => {
    const { view, box, title, hub, panel } = await opened();
    const unread = () => [...panel.state.rooms.values()].filter(({ joined, unread }) => joined && unread > 0);
    await until(() => title() === "general" && unread().length === 1);
    press(box(), "ArrowUp", { altKey: true, shiftKey: true });
    await until(() => title() === "pipeline" && unread().length === 0);
    press(box(), "ArrowDown", { altKey: true, shiftKey: true });
    await until(() => view.textContent?.includes("Everything is read."));
    expect(title()).toBe("pipeline");
    hub.post("bo", "general", "and here");
    await until(() => unread().length === 1);
    press(box(), "ArrowDown", { altKey: true, shiftKey: true });
    await until(() => title() === "general");
  });

  test("Ctrl+Shift+K begins a conversation, Ctrl+comma opens the settings", async () => {
    const { view, box } = await opened();
    press(box(), "K", { ...CTRL, shiftKey: true });
    await until(() => one(view, "dialog", "New conversation"));
    press(one(view, "dialog", "New conversation"), "Escape");
    await until(() => all(view, "dialog").length === 0);
    press(box(), ",", CTRL);
    await until(() => one(view, "dialog", "Settings"));
  });

  test("the sheet of keys is asked for by ?, but not where one writes", async () => {
    const { view, box, log } = await opened();
    box().focus();
    expect(press(box(), "?", { shiftKey: true }).defaultPrevented).toBe(false);
    log().focus();
    expect(press(log(), "?", { shiftKey: true }).defaultPrevented).toBe(true);
    const sheet = await until(() => one(view, "dialog", "Keyboard"));
    for (const { what } of ALL) expect(sheet.textContent).toContain(what());
    press(sheet, "Escape");
    await until(() => all(view, "dialog").length === 0);
    expect(document.activeElement).toBe(log());
  });

  test("F6 goes from part to part and back, and leaves other keys alone", async () => {
    const { view, box, log } = await opened();
    box().focus();
    press(box(), "F6");
    await until(() => document.activeElement?.closest(".cc-side"));
    press(document.activeElement as HTMLElement, "F6");
    expect(log().contains(document.activeElement)).toBe(true);
    press(document.activeElement as HTMLElement, "F6");
    expect(document.activeElement).toBe(box());
    press(box(), "F6", { shiftKey: true });
    expect(log().contains(document.activeElement)).toBe(true);
    one(view, "button", "Members").click();
    await until(() => view.querySelector(".cc-aside"));
    press(box(), "F6");
    expect(document.activeElement?.closest(".cc-aside")).not.toBeNull();
    for (const name of ["F5", "F12", "f", "Tab", "PageDown"])
      expect(press(log(), name, name === "f" ? CTRL : {}).defaultPrevented).toBe(false);
  });

  test("Escape closes what stands beside, and the focus goes back to what opened it", async () => {
    const { view, box } = await opened();
    const members = one(view, "button", "Members");
    members.click();
    await until(() => view.querySelector(".cc-aside"));
    const inside = view.querySelector<HTMLElement>(".cc-aside button");
    inside?.focus();
    press(inside ?? members, "Escape");
    await until(() => view.querySelector(".cc-aside") === null);
    expect(document.activeElement).toBe(members);
    box().focus();
    expect(press(box(), "Escape").defaultPrevented).toBe(false);
  });

  test("Escape with nothing open marks the room as read", async () => {
    const { hub, asked, panel, log } = await opened();
    const room = [...panel.state.rooms.values()].find(({ name }) => name === "general") as Room;
    hub.post("bo", "general", "new");
    await until(() => asked("mark_read").length > 0);
    const before = asked("mark_read").length;
    // As a room stands that one has marked unread by hand.
    panel.forgetRead(room.id);
    panel.store.update((state) => ({
      ...state,
      rooms: new Map(state.rooms).set(room.id, { ...(state.rooms.get(room.id) as Room), unread: 3, read: 1 }),
    }));
    press(log(), "Escape");
    await until(() => asked("mark_read").length > before);
  });

  test("one conversation alone has the keys that make sense there", async () => {
    const { panel } = await opened();
    const element = document.createElement("div");
    document.body.append(element);
    const props = { panel, room: "general", height: "400px", label: "", layout: "compact" } as const;
    render(createElement(App, props), element);
    onTestFinished(async () => {
      render(null, element);
      element.remove();
      await effects();
    });
    const box = await until(() => one(element, "textbox", "Message"));
    for (const [name, more] of [
      ["k", CTRL],
      ["ArrowDown", { altKey: true }],
      [",", CTRL],
    ] as const)
      expect(press(box, name, more).defaultPrevented).toBe(false);
    press(one(element, "log", "Messages"), "?");
    await until(() => one(element, "dialog", "Keyboard"));
  });
});
