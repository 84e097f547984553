import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AnyRequest } from "../src/protocol";
import { MemoryHub, Refusal } from "./support/hub";
import { all, memories, one, panelOn, press, type, until, viewOf } from "./support/panel";

function team() {
  const hub = new MemoryHub();
  hub.member("ana", "Ana Ruiz");
  hub.member("bo", "Bo Lindqvist");
  hub.member("cy", "Cyrus Mehta");
  hub.room("ana", "general", ["bo", "cy"]);
  hub.room("bo", "pipeline", ["ana"], { topic: "Nightly load" });
  hub.room("bo", "random", []);
  hub.post("bo", "general", "Morning all");
  return hub;
}

/** Ana's panel, in this room. */
async function open(hub: MemoryHub, room = "general", memory = memories()) {
  const client = hub.connect("ana");
  const panel = panelOn(client.transport, memory);
  const view = viewOf(panel, room);
  client.up();
  if (room) await until(() => one(view, "heading", room));
  const log = () => one(view, "log", "Messages");
  const box = () => one(view, "textbox", "Message");
  const articles = () => all(log(), "article");
  const asked = (type: AnyRequest["type"]) => client.received.filter((request) => request.type === type);
  return { hub, client, panel, view, log, box, articles, asked, memory };
}

const textOf = (element: Element | undefined): string =>
  element?.querySelector(".cc-text")?.textContent?.trim() ?? "";

describe("what a screen reader finds", () => {
  test("the names that are fixed", async () => {
    const { view, log, articles } = await open(team());
    one(view, "region", "collabchat");
    one(view, "button", "Settings");
    one(view, "tablist", "Views");
    expect(all(view, "tab").map(({ textContent }) => textContent)).toEqual(["Recent", "Category"]);
    expect(
      all(one(view, "list", "Conversations"), "listitem").map(
        (item) => item.ariaLabel ?? item.getAttribute("aria-label"),
      ),
    ).toEqual(["general", "pipeline"]);
    for (const name of ["Members", "Emoji", "Text box settings", "Send"]) one(view, "button", name);
    expect(one(view, "status", "Connection").textContent).toBe("Connected");
    await until(() => articles().length === 1);
    expect(articles()[0]?.getAttribute("aria-label")).toMatch(/^Bo Lindqvist, \d\d:\d\d/);
    for (const name of ["React", "Reply in thread", "More"]) one(log(), "button", name);
    expect(all(log(), "button", "Edit")).toEqual([]);
  });

  test("no button that does nothing yet", async () => {
    const { view } = await open(team());
    for (const name of ["Start a call", "Files and links", "Attach files"])
      expect(all(view, "button", name)).toEqual([]);
    expect(all(view, "searchbox")).toEqual([]);
  });

  test("unread messages are described, and the name stays the room's", async () => {
    const hub = team();
    const { view } = await open(hub);
    hub.post("bo", "pipeline", "one");
    hub.post("bo", "pipeline", "two @ana");
    const item = one(one(view, "list", "Conversations"), "button", "pipeline");
    await until(() => item.getAttribute("aria-description") === "2 unread messages, you are mentioned");
    expect(item.querySelector(".cc-badge")?.getAttribute("aria-hidden")).toBe("true");
  });
});

describe("a message of one's own", () => {
  test("is there at once, on its way, and then confirmed", async () => {
    const { hub, client, box, articles } = await open(team());
    client.delay = 30;
    type(box(), "hello **there**");
    press(box(), "Enter");
    const mine = await until(() => articles().find((article) => textOf(article) === "hello there"));
    expect(mine.dataset.state).toBe("waiting");
    expect((box() as HTMLTextAreaElement).value).toBe("");
    await until(() =>
      articles().find((article) => textOf(article) === "hello there" && !article.dataset.state),
    );
    expect(articles().filter((article) => textOf(article) === "hello there")).toHaveLength(1);
    expect([...hub.messages.values()].filter(({ text }) => text === "hello **there**")).toHaveLength(1);
  });

  test("says that it is being sent only when that takes a while", async () => {
    const { client, box, view } = await open(team());
    client.lose = (request) => request.type === "post";
    type(box(), "slow");
    press(box(), "Enter");
    await until(() => view.querySelector("[data-state=waiting]"));
    expect(view.textContent).not.toContain("Sending…");
    await until(() => view.textContent?.includes("Sending…"));
    client.transport.hush(true);
    await until(() => view.textContent?.includes("Waiting for the kernel…"));
    await until(() =>
      one(view, "alert").textContent?.includes("The kernel does not answer. What you type is kept."),
    );
  });

  test("that failed says why, and can be sent again", async () => {
    const { hub, box, view, articles } = await open(team());
    hub.refuse = ({ type }) =>
      type === "post" ? new Refusal("disk_full", "The disk of the hub is full.") : null;
    type(box(), "kept");
    press(box(), "Enter");
    await until(() => view.querySelector("[data-state=failed]"));
    expect(one(view, "alert").textContent).toContain("Not sent. The disk of the hub is full.");
    one(view, "button", "Copy");
    hub.refuse = () => null;
    one(view, "button", "Retry").click();
    await until(() => articles().find((article) => textOf(article) === "kept" && !article.dataset.state));
    expect(all(view, "button", "Retry")).toEqual([]);
  });

  test("survives a page that is loaded again before it got there", async () => {
    const hub = team();
    const first = await open(hub);
    first.client.lose = (request) => request.type === "post";
    type(first.box(), "written just before");
    press(first.box(), "Enter");
    await until(() => first.asked("post").length === 1);
    first.panel.close();
    const second = await open(hub, "general", first.memory);
    await until(() =>
      second
        .articles()
        .find((article) => textOf(article) === "written just before" && !article.dataset.state),
    );
    expect([...hub.messages.values()].filter(({ text }) => text === "written just before")).toHaveLength(1);
    expect(second.asked("post")[0]).toMatchObject({ again: true });
  });

  test("is kept while it is written", async () => {
    const hub = team();
    const first = await open(hub);
    type(first.box(), "half a sent");
    first.panel.close();
    const second = await open(hub, "general", first.memory);
    await until(() => (second.box() as HTMLTextAreaElement).value === "half a sent");
  });
});

describe("Enter", () => {
  test("sends, and with Shift or an input method does not", async () => {
    const { box, asked } = await open(team());
    type(box(), "a");
    expect(press(box(), "Enter", { shiftKey: true }).defaultPrevented).toBe(false);
    expect(press(box(), "Enter", { isComposing: true }).defaultPrevented).toBe(false);
    expect(asked("post")).toEqual([]);
    press(box(), "Enter", { ctrlKey: true });
    expect((box() as HTMLTextAreaElement).value).toBe("a\n");
    press(box(), "Enter");
    await until(() => asked("post").length === 1);
  });

  test("adds a line where one has chosen so, and the hub keeps the choice", async () => {
    const { hub, view, box, asked } = await open(team());
    one(view, "button", "Text box settings").click();
    const choice = await until(() => one(view, "radio", "Enter adds a line"));
    choice.click();
    await until(() => hub.preferences.get(hub.memberOf("ana").id)?.enter === "line");
    press(choice, "Escape");
    await until(() => all(view, "radio").length === 0);
    type(box(), "one");
    expect(press(box(), "Enter").defaultPrevented).toBe(false);
    expect(asked("post")).toEqual([]);
    press(box(), "Enter", { ctrlKey: true });
    await until(() => asked("post").length === 1);
  });
});

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

describe("what one does with a message", () => {
  test("react, and take it back", async () => {
    const { hub, view, log } = await open(team());
    (await until(() => one(log(), "button", "React"))).click();
    const sheet = await until(() => one(view, "dialog", "Reactions"));
    all(sheet, "button", "rocket")[0]?.click();
    const chip = await until(() => one(log(), "button", /^🚀 1/));
    expect(chip.getAttribute("aria-pressed")).toBe("true");
    expect(chip.getAttribute("aria-label")).toBe("🚀 1, you");
    chip.click();
    await until(() => all(log(), "button", /^🚀/).length === 0);
    expect([...hub.messages.values()].at(-1)?.reactions).toEqual([]);
  });

  test("answer in a thread", async () => {
    const { view, log, articles } = await open(team());
    (await until(() => one(log(), "button", "Reply in thread"))).click();
    const reply = await until(() => one(view, "textbox", "Reply"));
    type(reply, "in the thread");
    press(reply, "Enter");
    const thread = one(view, "log", "Thread");
    await until(() => all(thread, "article").filter((article) => !article.dataset.state).length === 2);
    await until(() => one(log(), "button", /^1 reply/));
    expect(articles()).toHaveLength(1);
  });

  test("change, and delete", async () => {
    const hub = team();
    hub.post("ana", "general", "with an eror");
    const { view, log } = await open(hub);
    (await until(() => one(log(), "button", "Edit"))).click();
    const field = await until(() => one(view, "textbox", "Edit message"));
    type(field, "with an error");
    press(field, "Enter");
    await until(() => log().textContent?.includes("with an error") && log().textContent?.includes("edited"));
    all(log(), "button", "Delete").at(-1)?.click();
    const dialog = await until(() => one(view, "dialog", "Delete this message?"));
    one(dialog, "button", "Delete").click();
    await until(() => log().textContent?.includes("This message was deleted."));
    expect(log().textContent).not.toContain("error");
  });

  test("pin, quote, mark unread", async () => {
    const hub = team();
    const { view, log, articles } = await open(hub);
    const more = async (item: string) => {
      (await until(() => all(log(), "button", "More")[0])).click();
      (await until(() => one(view, "menuitem", item))).click();
    };
    await more("Pin");
    await until(() => one(view, "button", "Pinned messages"));
    await more("Quote");
    await until(() => view.querySelector(".cc-quoting"));
    type(one(view, "textbox", "Message"), "so it is");
    press(one(view, "textbox", "Message"), "Enter");
    await until(
      () => articles().at(-1)?.querySelector(".cc-quoted")?.textContent === "Bo Lindqvist Morning all",
    );
    await more("Mark unread from here");
    await until(() => one(view, "button", "general").getAttribute("aria-description") === "1 unread message");
    await until(() => log().textContent?.includes("New messages"));
  });
});

test("the read mark is sent when the newest is in sight, at most once in two seconds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  try {
    const hub = team();
    const client = hub.connect("ana");
    const panel = panelOn(client.transport);
    viewOf(panel, "general");
    client.up();
    const pass = async (ms: number) => {
      for (let i = 0; i < 20; i++) await vi.advanceTimersByTimeAsync(ms / 20);
    };
    const marks = () => client.received.filter(({ type }) => type === "mark_read");
    await pass(400);
    expect(marks()).toHaveLength(1);
    for (let i = 0; i < 5; i++) {
      hub.post("bo", "general", `n ${i}`);
      await pass(100);
    }
    expect(marks()).toHaveLength(1);
    await pass(2_000);
    expect(marks()).toHaveLength(2);
    expect(panel.state.rooms.get(hub.roomOf("general").id)?.unread).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

describe("a connection that breaks", () => {
  test("is said, and made good", async () => {
    const { hub, client, view, log } = await open(team());
    client.down();
    await until(() => one(view, "status", "Connection").textContent === "Reconnecting…");
    await until(() =>
      one(view, "alert").textContent?.includes("The hub is being started again. What you type is kept"),
    );
    hub.post("bo", "general", "meanwhile");
    client.up();
    await until(() => log().textContent?.includes("meanwhile"));
    await until(() => one(view, "status", "Connection").textContent === "Connected");
    expect(all(view, "alert")).toEqual([]);
  });

  test("for good says what the matter is", async () => {
    const { client, view } = await open(team());
    client.transport.say({
      state: "closed",
      message: "The workspace was written by a newer collabchat.",
      epoch: 1,
    });
    await until(() => one(view, "alert").textContent?.includes("a newer collabchat"));
    const before = client.attached;
    one(view, "button", "Try again").click();
    expect(client.attached).toBe(before + 1);
  });
});

describe("a visitor", () => {
  test("gives a name, and is remembered", async () => {
    const hub = team();
    const memory = memories();
    const client = hub.connect("ana");
    const view = viewOf(panelOn(client.transport, memory));
    client.transport.say({ state: "visitor", message: "", epoch: 0 });
    const name = await until(() => one(view, "textbox", "Your name"));
    type(name, " Ana  Ruiz ");
    await until(() => !(one(view, "button", "Enter the chat") as HTMLButtonElement).disabled);
    one(view, "button", "Enter the chat").click();
    expect(client.entered).toEqual(["Ana Ruiz"]);
    client.up();
    await until(() => one(view, "list", "Conversations"));

    // The same tab, loaded again: in at once. Another tab: the name is there already.
    const again = hub.connect("ana");
    viewOf(panelOn(again.transport, memory));
    again.transport.say({ state: "visitor", message: "", epoch: 0 });
    await until(() => again.entered.join() === "Ana Ruiz");
    const other = hub.connect("ana");
    const third = viewOf(panelOn(other.transport, { lasting: memory.lasting, tab: memories().tab }));
    other.transport.say({ state: "visitor", message: "", epoch: 0 });
    const prefilled = await until(() => one(third, "textbox", "Your name"));
    expect((prefilled as HTMLInputElement).value).toBe("Ana Ruiz");
    expect(other.entered).toEqual([]);
  });

  test("who is refused reads why, and may try another name", async () => {
    const hub = team();
    const memory = memories();
    const client = hub.connect("ana");
    const view = viewOf(panelOn(client.transport, memory));
    client.transport.say({ state: "visitor", message: "", epoch: 0 });
    type(await until(() => one(view, "textbox", "Your name")), "...");
    await until(() => !(one(view, "button", "Enter the chat") as HTMLButtonElement).disabled);
    one(view, "button", "Enter the chat").click();
    client.transport.say({ state: "visitor", message: "A name needs a letter or a digit.", epoch: 0 });
    await until(() => one(view, "alert").textContent === "A name needs a letter or a digit.");
    await until(() => !(one(view, "button", "Enter the chat") as HTMLButtonElement).disabled);
    expect(memory.tab.get("visitor")).toBeNull();
  });
});

describe("two views of one panel", () => {
  test("share what is known, and each has its own place", async () => {
    const hub = team();
    const { panel, view, client } = await open(hub);
    const second = viewOf(panel);
    await until(() => one(second, "list", "Conversations"));
    one(one(second, "list", "Conversations"), "button", "pipeline").click();
    await until(() => one(second, "heading", "pipeline"));
    one(view, "heading", "general");
    hub.post("bo", "pipeline", "in the other room");
    await until(() => second.querySelector(".cc-log")?.textContent?.includes("in the other room"));
    expect(view.querySelector(".cc-log")?.textContent).not.toContain("in the other room");
    expect(client.received.filter(({ type }) => type === "sync")).toHaveLength(1);
  });

  test("a message that is on its way is seen in both", async () => {
    const { client, panel, box } = await open(team());
    const second = viewOf(panel, "general");
    await until(() => one(second, "log", "Messages"));
    client.lose = ({ type }) => type === "post";
    type(box(), "from the first");
    press(box(), "Enter");
    await until(() => second.querySelector("[data-state=waiting]")?.textContent?.includes("from the first"));
  });
});

describe("keys, drops and focus", () => {
  const seen: string[] = [];
  const note = (event: Event) => seen.push(event.type);
  const TYPES = ["keydown", "keyup", "contextmenu", "drop", "dragover"];
  beforeEach(() => {
    seen.length = 0;
    for (const type of TYPES) document.body.addEventListener(type, note);
  });
  afterEach(() => {
    for (const type of TYPES) document.body.removeEventListener(type, note);
  });

  test("stay in the panel", async () => {
    const { view, box } = await open(team());
    expect(one(view, "region", "collabchat").dataset.lmSuppressShortcuts).toBe("true");
    for (const key of "aabbx") press(box(), key);
    for (const type of TYPES) box().dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
    expect(seen).toEqual([]);
    const drop = new Event("drop", { bubbles: true, cancelable: true });
    view.querySelector(".cc-log")?.dispatchEvent(drop);
    expect(drop.defaultPrevented).toBe(true);
  });

  test("new messages do not take the focus", async () => {
    const { hub, box, articles } = await open(team());
    box().focus();
    hub.post("bo", "general", "look here");
    await until(() => articles().length === 2);
    expect(document.activeElement).toBe(box());
  });
});

test("hostile text stays text", async () => {
  const hub = team();
  hub.post("bo", "general", '<img src=x onerror="window.pwned=1"> [x](javascript:window.pwned=1)');
  const { log, articles } = await open(hub);
  await until(() => articles().length === 2);
  expect(log().querySelector("img, script, a[href]")).toBeNull();
  expect(textOf(articles()[1])).toContain("<img src=x");
});
