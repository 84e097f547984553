import { createElement, render } from "preact";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { App } from "../../src/components/App";
import { all, effects, one, panelOn, press, type, until } from "../support/panel";
import { open, team } from "../support/team";

const list = (view: HTMLElement) => one(view, "list", "Conversations");
const names = (view: HTMLElement) =>
  all(list(view), "listitem", /./).flatMap((item) => item.getAttribute("aria-label") ?? []);
const item = (view: HTMLElement, name: string) => one(list(view), "button", name);

/** What the menu of a conversation offers. */
async function menuOf(view: HTMLElement, name: string) {
  press(item(view, name), "F10", { shiftKey: true });
  return await until(() => one(view, "menu", "Conversation"));
}

describe("stars", () => {
  test("stand first, in an order that keys change, and are kept by the hub", async () => {
    const hub = team();
    const { view, panel } = await open(hub);
    for (const name of ["pipeline", "general"]) {
      const menu = await menuOf(view, name);
      one(menu, "menuitem", "Star").click();
      await until(() => all(view, "menu").length === 0);
    }
    await until(() => names(view).join() === "pipeline,general");
    const ids = () => ["pipeline", "general"].map((name) => hub.roomOf(name).id);
    await until(() => hub.snapshot(hub.memberOf("ana").id).stars.join() === ids().join());
    one(list(view), "heading", "Starred");
    item(view, "pipeline").focus();
    press(item(view, "pipeline"), "ArrowDown", { altKey: true });
    await until(() => names(view).join() === "general,pipeline");
    await until(() => hub.snapshot(hub.memberOf("ana").id).stars.join() === ids().reverse().join());
    // The open room is another one only where one goes there.
    one(view, "heading", "general");
    expect(document.activeElement).toBe(item(view, "pipeline"));
    const menu = await menuOf(view, "general");
    one(menu, "menuitem", "Remove the star").click();
    await until(() => panel.state.stars.length === 1);
  });

  test("are dragged by the mouse, and a drag opens nothing", async () => {
    const hub = team();
    hub.as("ana", {
      type: "set_stars" as const,
      rooms: ["general", "pipeline"].map((name) => hub.roomOf(name).id),
    });
    const { view } = await open(hub);
    await until(() => names(view).join() === "general,pipeline");
    const [first, second] = ["general", "pipeline"].map((name) => one(list(view), "listitem", name)) as [
      HTMLElement,
      HTMLElement,
    ];
    const box = (top: number) => () =>
      ({ top, height: 50, bottom: top + 50, left: 0, right: 200 }) as DOMRect;
    first.getBoundingClientRect = box(0);
    second.getBoundingClientRect = box(50);
    const pointer = (kind: string, target: EventTarget, clientY: number) =>
      target.dispatchEvent(
        Object.assign(
          new MouseEvent(kind, { bubbles: true, cancelable: true, clientX: 9, clientY, button: 0 }),
          {
            pointerId: 1,
            pointerType: "mouse",
          },
        ),
      );
    // What orders them comes a moment after the list.
    await until(() => {
      pointer("pointerdown", item(view, "pipeline"), 75);
      pointer("pointermove", document, 60);
      pointer("pointermove", document, 10);
      return second.style.transform;
    });
    expect(second.style.transform).toBe("translateY(-65px)");
    pointer("pointerup", document, 10);
    item(view, "pipeline").click();
    await until(() => names(view).join() === "pipeline,general");
    one(view, "heading", "general");
    expect(second.style.transform).toBe("");
  });
});

describe("what an item says", () => {
  test("a muted one is told as muted and counts nowhere", async () => {
    const hub = team();
    const { view } = await open(hub, "general");
    const menu = await menuOf(view, "pipeline");
    one(menu, "menuitem", "Mute").click();
    hub.post("bo", "pipeline", "noise");
    await until(() => item(view, "pipeline").getAttribute("aria-description") === "1 unread message, muted");
    expect(item(view, "pipeline").dataset.unread).toBeUndefined();
    one(view, "button", "List of conversations").click();
    const all = await until(() => one(view, "menu", "List of conversations"));
    expect((one(all, "menuitem", "Mark all as read") as HTMLButtonElement).disabled).toBe(true);
  });

  test("a draft that waits, and who is writing", async () => {
    const hub = team();
    const { view, panel } = await open(hub);
    const { id } = hub.roomOf("pipeline");
    hub.as("ana", { type: "set_draft" as const, room: id, thread: null, text: "Half a thought" });
    await until(() => item(view, "pipeline").textContent?.includes("Draft: Half a thought"));
    const bo = hub.memberOf("bo").id;
    panel.store.update((state) => ({
      ...state,
      typing: new Map([[id, new Map([[bo, Date.now() + 5_000]])]]),
    }));
    await until(() => item(view, "pipeline").textContent?.includes("Bo is typing…"));
  });

  test("what somebody says of themselves", async () => {
    const hub = team();
    const status = { type: "set_status" as const, emoji: "🏡", text: "Working from home", until: null };
    hub.as("bo", status);
    const { view } = await open(hub);
    one(view, "tab", "Category").click();
    await until(() => item(view, "Bo Lindqvist").textContent?.includes("🏡Working from home"));
    hub.as("bo", { ...status, emoji: "", text: "" });
    await until(() => !item(view, "Bo Lindqvist").textContent?.includes("Working"));
  });
});

describe("the list", () => {
  test("is filtered as one types; Enter opens the first, Escape shows all", async () => {
    const { view } = await open(team());
    const field = one(view, "textbox", "Filter conversations");
    type(field, "PIPE");
    await until(() => names(view).join() === "pipeline");
    press(field, "Escape");
    await until(() => names(view).join() === "general,pipeline");
    type(field, "nobody");
    await until(() => view.textContent?.includes("No conversation is called so."));
    type(field, "line");
    await until(() => names(view).join() === "pipeline");
    press(field, "Enter");
    await until(() => one(view, "heading", "pipeline"));
    expect((field as HTMLInputElement).value).toBe("");
  });

  test("archived rooms are folded, and the fold is remembered", async () => {
    const hub = team();
    hub.as("bo", { type: "archive" as const, room: hub.roomOf("pipeline").id });
    const { view, memory } = await open(hub);
    hub.as("ana", { type: "mark_read" as const, room: hub.roomOf("pipeline").id });
    await until(() => names(view).join() === "general");
    one(list(view), "button", "Archived (1)").click();
    await until(() => names(view).join() === "general,pipeline");
    expect(memory.lasting.get("side:folded")).toEqual([]);
  });

  test("mark all as read; unread first; the next unread by key", async () => {
    const hub = team();
    const { view } = await open(hub, "pipeline");
    hub.room("bo", "later", ["ana"]);
    hub.post("bo", "general", "unread");
    hub.post("bo", "later", "unread, and newer");
    hub.post("ana", "pipeline", "the newest");
    await until(() => names(view).join() === "pipeline,later,general");
    const chosen = async (name: string, role = "menuitem") => {
      one(view, "button", "List of conversations").click();
      const menu = await until(() => one(view, "menu", "List of conversations"));
      one(menu, role, name).click();
    };
    await chosen("Unread first", "menuitemcheckbox");
    await until(() => names(view).join() === "later,general,pipeline");
    press(one(view, "textbox", "Message"), "ArrowDown", { altKey: true, shiftKey: true });
    await until(() => one(view, "heading", "later"));
    // It stays where it was while one reads it.
    await effects();
    expect(names(view)[0]).toBe("later");
    await chosen("Mark all as read");
    await until(() => hub.snapshot(hub.memberOf("ana").id).rooms.every(({ unread }) => unread === 0));
    press(one(view, "textbox", "Message"), "ArrowDown", { altKey: true, shiftKey: true });
    await until(() => view.textContent?.includes("Everything is read."));
  });

  test("arrows go through it, Alt and an arrow opens the next one", async () => {
    const { view } = await open(team());
    const stops = () => [...view.querySelectorAll<HTMLElement>(".cc-list [data-key]")];
    expect(stops().filter(({ tabIndex }) => tabIndex === 0)).toEqual([item(view, "general")]);
    item(view, "general").focus();
    press(item(view, "general"), "ArrowDown");
    expect(document.activeElement).toBe(item(view, "pipeline"));
    await until(() => item(view, "pipeline").tabIndex === 0);
    press(item(view, "pipeline"), "Home");
    expect(document.activeElement).toBe(item(view, "general"));
    press(one(view, "textbox", "Message"), "ArrowDown", { altKey: true });
    await until(() => one(view, "heading", "pipeline"));
    press(one(view, "textbox", "Message"), "ArrowUp", { altKey: true });
    await until(() => one(view, "heading", "general"));
  });

  test("one leaves a public room and can come back; a private one asks once more", async () => {
    const hub = team();
    hub.room("bo", "secret", ["ana"], { kind: "private" });
    const { view } = await open(hub);
    one(await menuOf(view, "pipeline"), "menuitem", "Leave").click();
    await until(() => !names(view).includes("pipeline"));
    one(view, "button", "Join again").click();
    await until(() => names(view).includes("pipeline"));
    const menu = await menuOf(view, "secret");
    one(menu, "menuitem", "Leave").click();
    const sure = await until(() => one(menu, "menuitem", /^Leave\? /));
    expect(hub.roomOf("secret").members).toContain(hub.memberOf("ana").id);
    sure.click();
    await until(() => !names(view).includes("secret"));
  });

  test("a long list is cut until one asks for all of it", async () => {
    const hub = team();
    for (let n = 0; n < 150; n++) hub.room("ana", `room-${n}`);
    const { view } = await open(hub);
    await until(() => names(view).length === 100);
    one(list(view), "button", "Show all 152").click();
    await until(() => names(view).length === 152);
  });
});

describe("in a narrow view", () => {
  afterEach(() => vi.unstubAllGlobals());

  const narrow = () => {
    vi.stubGlobal(
      "ResizeObserver",
      class {
        observe() {}
        disconnect() {}
      },
    );
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
  };

  test("the list comes over the conversation, and goes by Escape or a choice", async () => {
    narrow();
    const { view } = await open(team());
    expect(all(view, "list", "Conversations")).toEqual([]);
    const opener = one(view, "button", "Back to the conversations");
    opener.focus();
    opener.click();
    const drawer = await until(() => one(view, "dialog", "Where to go"));
    one(view, "heading", "general");
    expect(view.querySelector(".cc-beside")?.hasAttribute("inert")).toBe(true);
    await until(() => drawer.contains(document.activeElement));
    press(document.activeElement as HTMLElement, "Escape");
    await until(() => all(view, "dialog").length === 0);
    expect(document.activeElement).toBe(one(view, "button", "Back to the conversations"));
    one(view, "button", "Back to the conversations").click();
    (await until(() => item(view, "pipeline"))).click();
    await until(() => one(view, "heading", "pipeline"));
    expect(all(view, "list", "Conversations")).toEqual([]);
  });

  test("fingers close and open it", async () => {
    narrow();
    const { view } = await open(team());
    const touch = (target: Element | null, kind: string, clientX: number) =>
      target?.dispatchEvent(
        Object.assign(new Event(kind, { bubbles: true }), { touches: [{ clientX, clientY: 100 }] }),
      );
    const house = view.querySelector(".cc-house");
    touch(house, "touchstart", 8);
    touch(house, "touchmove", 90);
    const drawer = await until(() => one(view, "dialog", "Where to go"));
    touch(drawer, "touchstart", 200);
    touch(drawer, "touchmove", 120);
    await until(() => all(view, "dialog").length === 0);
  });

  test("a first visit shows the list alone", async () => {
    narrow();
    const { view } = await open(team(), "");
    await until(() => names(view).length === 2);
    expect(all(view, "dialog")).toEqual([]);
    expect(all(view, "textbox", "Message")).toEqual([]);
  });
});

test("compact: one conversation without the left side", async () => {
  const client = team().connect("ana");
  const panel = panelOn(client.transport);
  const view = document.createElement("div");
  document.body.append(view);
  onTestFinished(async () => {
    render(null, view);
    view.remove();
    await effects();
  });
  render(
    createElement(App, { panel, room: "pipeline", height: "300px", label: "", layout: "compact" }),
    view,
  );
  client.up();
  await until(() => one(view, "heading", "pipeline"));
  expect(all(view, "tablist", "Views")).toEqual([]);
  expect(one(view, "region", "collabchat").dataset.layout).toBe("compact");
  press(one(view, "textbox", "Message"), "k", { ctrlKey: true });
  await effects();
  expect(all(view, "dialog")).toEqual([]);
});
