import { File as NodeFile } from "node:buffer";
import { createHash } from "node:crypto";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { all, effects, one, press, type, until } from "../support/panel";
import { Refusal } from "../support/records";
import { open, team, textOf } from "../support/team";

// Those of jsdom cannot be read.
Object.assign(globalThis, { File: NodeFile });

const SLICE = 524_288;

/** A file of so many bytes, each part of it different. */
function file(name: string, size: number, more: FilePropertyBag = {}): File {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i += 1) bytes[i] = (i * 31 + (i >> 8)) % 251;
  return new File([bytes], name, more);
}

const sha = async (of: Blob) =>
  createHash("sha256")
    .update(new Uint8Array(await of.arrayBuffer()))
    .digest("hex");

/** jsdom shows no pictures; what is made has to be given back. */
function pictures(): Set<string> {
  const urls = new Set<string>();
  let n = 0;
  const make = vi.fn(() => {
    const url = `blob:${++n}`;
    urls.add(url);
    return url;
  });
  Object.assign(URL, { createObjectURL: make, revokeObjectURL: (url: string) => urls.delete(url) });
  return urls;
}

async function attaching(hub = team(), room = "general", memory?: Parameters<typeof open>[2]) {
  const urls = pictures();
  const opened = await open(hub, room, memory);
  const { view, box, panel } = opened;
  const input = () => until(() => view.querySelector<HTMLInputElement>("input[type=file]"));
  const choose = async (...files: File[]) => {
    const field = await input();
    Object.defineProperty(field, "files", { value: files, configurable: true });
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const tray = () => all(view, "list", "Attached files")[0];
  const lying = () => [...(tray()?.querySelectorAll<HTMLElement>("li") ?? [])];
  const names = () => lying().map((item) => item.querySelector(".cc-tray-name")?.textContent);
  const done = (n: number) =>
    until(() => lying().filter((item) => item.dataset.state === "done").length === n);
  const send = () => one(view, "button", "Send");
  const drop = (type: string, target: Element, files: File[], more: object = {}) => {
    const event = new Event(type, { bubbles: true, cancelable: true, composed: true });
    const items = files.map((file) => ({ kind: "file", getAsFile: () => file }));
    Object.assign(event, { dataTransfer: { types: ["Files"], items, files, ...more }, relatedTarget: null });
    target.dispatchEvent(event);
    return event;
  };
  const paste = (data: Record<string, string>, files: File[]) => {
    const event = new Event("paste", { bubbles: true, cancelable: true });
    const clipboardData = {
      ...{ files, types: [...Object.keys(data), "Files"], getData: (type: string) => data[type] ?? "" },
    };
    box().dispatchEvent(Object.assign(event, { clipboardData }));
    return event;
  };
  const messages = () => [...opened.hub.messages.values()].filter(({ kind }) => kind === "text");
  await input();
  await effects();
  return { ...opened, panel, urls, choose, tray, lying, names, done, send, drop, paste, messages };
}

test("files that are chosen go at once, and with the message", async () => {
  const { view, hub, box, choose, lying, names, done, send, messages, urls, articles } = await attaching();
  one(view, "button", "Attach files");
  const big = file("numbers.csv", 3 * SLICE + 17);
  await choose(big, file("empty.txt", 0), file("plan.png", 40, { type: "image/png" }));
  await until(() => lying().length === 3);
  expect(names()).toEqual(["numbers.csv", "empty.txt", "plan.png"]);
  await done(3);
  expect(urls.size).toBe(1);
  expect(lying()[2]?.querySelector("img")?.getAttribute("src")).toBe([...urls][0]);
  expect(lying()[0]?.getAttribute("aria-label")).toBe("numbers.csv, 1.6 MB");
  type(box(), "here they are");
  send().click();
  await until(() => messages().some(({ text }) => text === "here they are"));
  const { files } = messages().at(-1) ?? { files: [] };
  expect(files.map(({ name, size }) => [name, size])).toEqual([
    ["numbers.csv", 3 * SLICE + 17],
    ["empty.txt", 0],
    ["plan.png", 40],
  ]);
  expect(files[0]?.sha256).toBe(await sha(big));
  await until(() =>
    articles().some((article) => textOf(article) === "here they are" && !article.dataset.state),
  );
  expect(lying()).toEqual([]);
  expect(urls.size).toBe(0);
  expect(hub.files.uploads.size).toBe(0);
});

test("a message needs no words where it has files; its line in the list is a file's name", async () => {
  const { view, choose, done, send, messages } = await attaching();
  expect((send() as HTMLButtonElement).disabled).toBe(true);
  await choose(file("report.pdf", 10));
  await done(1);
  expect((send() as HTMLButtonElement).disabled).toBe(false);
  send().click();
  await until(() => messages().at(-1)?.files[0]?.name === "report.pdf");
  expect(messages().at(-1)?.text).toBe("");
  await until(() => one(view, "list", "Conversations").textContent?.includes("📎 report.pdf"));
});

describe("limits are said before a byte travels", () => {
  const sentences = async (view: HTMLElement) => (await until(() => all(view, "alert")[0]))?.textContent;

  test("too many files: those that fit stay", async () => {
    const { view, hub, choose, names, done } = await attaching();
    hub.as("ana", { type: "set_settings", attachments: 3 });
    await choose(file("a", 1));
    await done(1);
    await choose(file("b", 1), file("c", 1), file("d", 1), file("e", 1));
    expect(await sentences(view)).toContain("A message has at most 3 files: 2 are too many, from “d” on.");
    await done(3);
    expect(names()).toEqual(["a", "b", "c"]);
    await choose(file("f", 1));
    await until(() => one(view, "alert").textContent?.includes("at most 3 files: “f” is one too many."));
  });

  test("too many bytes: what is over, and by which file; a smaller one after it fits", async () => {
    const { view, client, choose, names, done } = await attaching();
    const heavy = (name: string, size: number) =>
      Object.defineProperty(file(name, 0), "size", { value: size });
    await choose(heavy("huge.bin", 95_000_001), file("small", 5));
    expect(await sentences(view)).toContain(
      "The files of a message have at most 95 MB together: “huge.bin” is 1 byte over that.",
    );
    await done(1);
    expect(names()).toEqual(["small"]);
    expect(client.received.filter(({ type }) => type === "start_upload")).toHaveLength(1);
    await choose(heavy("large.bin", 94_999_996), heavy("larger.bin", 97_000_000));
    await until(() =>
      one(view, "alert").textContent?.includes("“large.bin” is 1 byte over that. 1 more file does not fit."),
    );
  });

  test("a limit of the hub's is shown as it says it, and can be tried again", async () => {
    const { view, hub, choose, lying, done } = await attaching();
    hub.refuse = ({ type }) =>
      type === "start_upload"
        ? new Refusal("too_large", "The workspace has no room for 12 more bytes.")
        : null;
    await choose(file("a.txt", 12));
    await until(() => lying()[0]?.dataset.state === "failed");
    expect(lying()[0]?.textContent).toContain("The workspace has no room for 12 more bytes.");
    await until(() =>
      all(view, "status").some((one) => one.textContent?.includes("“a.txt” is not uploaded")),
    );
    hub.refuse = () => null;
    one(view, "button", "Retry").click();
    await done(1);
  });
});

describe("the tray", () => {
  test("gives files another place and lets them go, by keys", async () => {
    const { view, hub, choose, lying, names, done, urls, box } = await attaching();
    await choose(file("a.png", 3, { type: "image/png" }), file("b", 3), file("c", 3));
    await done(3);
    const item = (name: string) => one(view, "listitem", `${name}, 3 bytes`);
    const [first] = lying();
    first?.focus();
    expect(lying().map((item) => item.tabIndex)).toEqual([0, -1, -1]);
    press(first as HTMLElement, "ArrowRight", { shiftKey: true });
    await until(() => names().join() === "b,a.png,c");
    expect(document.activeElement).toBe(first);
    press(first as HTMLElement, "ArrowRight");
    await until(() => (document.activeElement as HTMLElement).dataset.upload === lying()[2]?.dataset.upload);
    press(document.activeElement as HTMLElement, "ArrowLeft", { shiftKey: true });
    await until(() => names().join() === "b,c,a.png");
    press(lying()[2] as HTMLElement, "Delete");
    await until(() => names().join() === "b,c");
    expect(urls.size).toBe(0);
    one(view, "button", "Remove b").click();
    await until(() => names().join() === "c");
    one(view, "button", "Remove c").click();
    await until(() => lying().length === 0);
    expect(document.activeElement).toBe(box());
    await until(() => hub.files.uploads.size === 0);
    expect(() => item("c")).toThrow();
  });

  test("says how far each is and all are, and cancels", async () => {
    const { view, hub, client, choose, lying, done } = await attaching();
    let taken = 0;
    client.lose = ({ type }) => type === "slice" && ++taken > 4;
    await choose(file("one.bin", 4 * SLICE), file("two.bin", 4 * SLICE));
    const bar = (name: string) => Number(one(view, "progressbar", name).getAttribute("aria-valuenow"));
    await until(() => bar("Upload of 2 files") === 50);
    expect(view.textContent).toContain("of 2 files ·");
    for (const name of ["one.bin", "two.bin"]) {
      // One of them may be there by now.
      const [left] = all(view, "button", new RegExp(`^(Cancel the upload of|Remove) ${name}$`));
      left?.click();
    }
    await until(() => lying().length === 0);
    client.lose = () => false;
    client.down();
    client.up();
    await until(() => hub.files.uploads.size === 0);
    await choose(file("three.bin", 5));
    await done(1);
  });

  test("belongs to its draft: it waits in its room, and a thread has its own", async () => {
    const { view, hub, choose, lying, names, done } = await attaching();
    await choose(file("a", 1));
    await done(1);
    const go = (name: string) =>
      one(one(view, "list", "Conversations"), "listitem", name)
        .querySelector("button")
        ?.click();
    go("pipeline");
    await until(() => one(view, "heading", "pipeline"));
    expect(lying()).toEqual([]);
    await choose(file("other", 1));
    await until(() => names().join() === "other");
    go("general");
    await until(() => names().join() === "a");
    expect(hub.files.uploads.size).toBe(2);
  });
});

describe("a message is sent while its files travel", () => {
  test("it is shown with its progress and goes when they are in; later ones do not wait", async () => {
    const { view, client, box, choose, lying, send, messages, articles } = await attaching();
    client.lose = ({ type }) => type === "slice";
    await choose(file("slow.bin", 2 * SLICE));
    await until(() => lying()[0]?.dataset.state === "sending");
    type(box(), "with it");
    send().click();
    const mine = await until(() => articles().find((article) => textOf(article) === "with it"));
    expect(mine.dataset.state).toBe("waiting");
    await until(() => one(mine, "progressbar", "Upload of slow.bin"));
    expect(view.querySelector(".cc-tray")).toBeNull();
    type(box(), "quick");
    press(box(), "Enter");
    await until(() => messages().some(({ text }) => text === "quick"));
    expect(messages().some(({ text }) => text === "with it")).toBe(false);
    client.lose = () => false;
    client.down();
    client.up();
    await until(() => messages().at(-1)?.text === "with it");
    expect(messages().at(-1)?.files).toMatchObject([{ name: "slow.bin", size: 2 * SLICE }]);
  });

  test("it can be taken back into the text box", async () => {
    const { view, client, box, choose, names, send, articles, messages } = await attaching();
    client.lose = ({ type }) => type === "slice";
    await choose(file("slow.bin", 9));
    type(box(), "too early");
    send().click();
    await until(() => articles().some((article) => textOf(article) === "too early"));
    type(box(), "and more");
    (await until(() => all(view, "button", "Back to the text box")[0])).click();
    await until(() => (box() as HTMLTextAreaElement).value === "too early\n\nand more");
    await until(() => names().join() === "slow.bin");
    expect(articles().some((article) => textOf(article) === "too early")).toBe(false);
    client.lose = () => false;
    client.down();
    client.up();
    await until(() => one(view, "listitem", "slow.bin, 9 bytes"));
    send().click();
    await until(() => messages().at(-1)?.text === "too early\n\nand more");
    expect(messages().at(-1)?.files).toHaveLength(1);
  });

  test("where a file fails it says why, and goes on when it is tried again", async () => {
    const { view, hub, box, choose, send, messages } = await attaching();
    hub.refuse = ({ type }) =>
      type === "slice" ? new Refusal("disk_full", "The disk of the hub is full.") : null;
    await choose(file("data.csv", 12));
    type(box(), "look");
    send().click();
    await until(() =>
      all(view, "alert").some((one) => one.textContent?.includes("Not sent. The disk of the hub is full.")),
    );
    hub.refuse = () => null;
    one(one(view, "alert"), "button", "Retry").click();
    await until(() => messages().at(-1)?.files[0]?.name === "data.csv");
  });

  test("a page that is loaded anew has lost the bytes: it says so, and the words come back", async () => {
    const hub = team();
    const first = await attaching(hub);
    first.client.lose = ({ type }) => type === "slice";
    await first.choose(file("slow.bin", 9));
    type(first.box(), "never lost");
    first.send().click();
    await until(() => first.articles().some((article) => textOf(article) === "never lost"));
    // Another page has none of the first one's files.
    const key = Symbol.for("collabchat.uploads");
    const page = globalThis as { [key]?: unknown };
    const before = page[key];
    page[key] = undefined;
    onTestFinished(() => {
      page[key] = before;
    });
    const { view, box } = await attaching(hub, "general", first.memory);
    await until(() => all(view, "alert").some((one) => one.textContent?.includes("attach them again")));
    one(view, "button", "Back to the text box").click();
    await until(() => (box() as HTMLTextAreaElement).value === "never lost");
  });

  test("what was uploaded is sent by the next page", async () => {
    const hub = team();
    const first = await attaching(hub);
    await first.choose(file("done.csv", 9));
    await first.done(1);
    first.client.lose = ({ type }) => type === "post";
    type(first.box(), "all there");
    first.send().click();
    await until(() => first.client.received.some(({ type }) => type === "post"));
    await attaching(hub, "general", first.memory);
    await until(() => first.messages().at(-1)?.text === "all there");
    expect(first.messages().at(-1)?.files).toHaveLength(1);
  });
});

describe("what breaks is gone on with", () => {
  test("a connection that is lost in the middle, again and again", async () => {
    const { hub, client, choose, lying, done, send, messages } = await attaching();
    const big = file("big.bin", 12 * SLICE + 5);
    let taken = 0;
    client.lose = ({ type }) => type === "slice" && ++taken % 5 === 0;
    await choose(big);
    await until(() => lying().length === 1);
    for (let i = 0; lying()[0]?.dataset.state !== "done" && i < 40; i++) {
      const before = taken;
      client.down();
      client.up();
      await until(() => taken > before || lying()[0]?.dataset.state === "done");
    }
    await done(1);
    // Nothing that was there has been sent again.
    const offsets = client.slices.map(({ offset }) => offset);
    expect(offsets[0]).toBe(0);
    send().click();
    await until(() => messages().at(-1)?.files.length === 1);
    expect(messages().at(-1)?.files[0]?.sha256).toBe(await sha(big));
    expect(hub.files.blobs.get(await sha(big))).toHaveLength(12 * SLICE + 5);
  });

  test("never more than eight slices are on their way", async () => {
    const { client, choose, done } = await attaching();
    let most = 0;
    const { slices } = client;
    client.hold();
    await choose(...[1, 2, 3].map((n) => file(`${n}.bin`, 12 * SLICE)));
    client.release();
    for (let rounds = 0; rounds < 200; rounds++) {
      const before = slices.length;
      client.hold();
      await new Promise((go) => setTimeout(go, 2));
      most = Math.max(most, slices.length - before);
      client.release();
      if (slices.length >= 36) break;
    }
    expect(most).toBeGreaterThan(3);
    expect(most).toBeLessThanOrEqual(8);
    await done(3);
  });

  test("a widget that a kernel left behind hands its files to the next one", async () => {
    const hub = team();
    const first = await attaching(hub);
    const big = file("big.bin", 3 * SLICE);
    let taken = 0;
    first.client.lose = ({ type }) => type === "slice" && ++taken > 1;
    await first.choose(big, file("b.txt", 4));
    await until(() => [...hub.files.uploads.values()].some(({ bytes }) => bytes.length === SLICE));
    type(first.box(), "half a sentence");
    first.client.down();
    const second = await attaching(hub, "general", first.memory);
    await second.done(2);
    expect(second.client.slices.filter(({ offset }) => offset === 0)).toHaveLength(1);
    second.send().click();
    await until(() => second.messages().at(-1)?.files.length === 2);
    expect(second.messages().at(-1)?.files[0]?.sha256).toBe(await sha(big));
    await until(() => first.lying().length === 0);
  });

  test("the browser asks before the page is left, only while something is under way", async () => {
    const { client, choose, lying, done } = await attaching();
    const asks = () => {
      const event = new Event("beforeunload", { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(asks()).toBe(false);
    client.lose = ({ type }) => type === "slice";
    await choose(file("a", 5));
    await until(() => lying().length === 1);
    expect(asks()).toBe(true);
    client.lose = () => false;
    client.down();
    client.up();
    await done(1);
    await until(() => !asks());
  });
});

describe("files come in", () => {
  test("by a drop onto the conversation, which shows where; the page around hears nothing of it", async () => {
    const { view, drop, names, lying } = await attaching();
    const heard: string[] = [];
    const hear = (event: Event) => heard.push(event.type);
    const types = ["dragenter", "dragover", "dragleave", "drop"];
    for (const type of types) document.addEventListener(type, hear, true);
    onTestFinished(() => {
      for (const type of types) document.removeEventListener(type, hear, true);
    });
    const log = one(view, "log", "Messages");
    const target = () => view.querySelector<HTMLElement>(".cc-drop");
    drop("dragenter", log, []);
    expect(drop("dragover", log, []).defaultPrevented).toBe(true);
    expect(target()?.textContent).toContain("#general");
    expect(target()?.hasAttribute("data-over")).toBe(true);
    drop("dragover", one(view, "list", "Conversations"), []);
    expect(target()?.hasAttribute("data-over")).toBe(false);
    drop("dragleave", log, []);
    expect(target()).toBeNull();
    drop("dragover", log, []);
    expect(drop("drop", log, [file("a.csv", 4), file("b.csv", 4)]).defaultPrevented).toBe(true);
    expect(target()).toBeNull();
    await until(() => names().join() === "a.csv,b.csv");
    expect(heard).toEqual([]);
    // A folder is none of them, and text is none of ours.
    drop("drop", log, [], {
      items: [
        { kind: "file", getAsFile: () => null, webkitGetAsEntry: () => ({ isDirectory: true, name: "src" }) },
      ],
    });
    await until(() => one(view, "alert").textContent?.includes("“src” is a folder"));
    drop("dragover", log, [], { types: ["text/plain"] });
    expect(target()).toBeNull();
    expect(heard).toEqual(["dragover"]);
    expect(lying()).toHaveLength(2);
    // Elsewhere in the page it is not ours.
    drop("drop", document.body, [file("c", 1)]);
    expect(heard).toEqual(["dragover", "drop"]);
  });

  test("by pasting; a picture gets a name, and text beside a picture stays text", async () => {
    const { paste, names } = await attaching();
    const picture = () => file("image.png", 9, { type: "image/png" });
    expect(paste({ "text/html": "<img src=x>" }, [picture()]).defaultPrevented).toBe(true);
    await until(() => /^Pasted picture \d{4}-\d\d-\d\d \d\d\.\d\d\.png$/.test(names()[0] ?? ""));
    paste({ "text/plain": "1\t2", "text/html": "<table></table>" }, [picture()]);
    expect(paste({ "text/plain": "notes.txt" }, [file("notes.txt", 3)]).defaultPrevented).toBe(true);
    await until(() => names()[1] === "notes.txt");
    expect(names()).toHaveLength(2);
  });
});

test("what is sent later takes its files with it, and waits for them", async () => {
  const { view, hub, client, box, choose, lying, panel, messages } = await attaching();
  client.lose = ({ type }) => type === "slice";
  await choose(file("later.csv", 7));
  await until(() => lying().length === 1);
  type(box(), "in an hour");
  one(view, "button", "Send later").click();
  (await until(() => all(view, "menuitem", "In 1 hour")[0])).click();
  await until(() =>
    all(view, "status").some((one) => one.textContent?.includes("as soon as its files are uploaded")),
  );
  expect(panel.state.scheduled.size).toBe(0);
  client.lose = () => false;
  client.down();
  client.up();
  await until(() => panel.state.scheduled.size === 1);
  expect([...panel.state.scheduled.values()][0]).toMatchObject({
    text: "in an hour",
    files: [{ name: "later.csv" }],
  });
  await until(() => lying().length === 0 && (box() as HTMLTextAreaElement).value === "");
  expect(hub.files.uploads.size).toBe(0);
  // Deleted and taken back, then sent at once: the file is with it, and no byte of it travels again.
  const slices = client.slices.length;
  one(view, "button", "Show").click();
  await until(() => one(view, "listitem", "#general").textContent?.includes("later.csv"));
  one(view, "button", "Delete").click();
  await until(() => panel.state.scheduled.size === 0);
  (await until(() => all(view, "button", "Undo")[0])).click();
  await until(() => panel.state.scheduled.size === 1);
  (await until(() => all(view, "button", "Send now")[0])).click();
  await until(() => messages().at(-1)?.text === "in an hour");
  expect(messages().at(-1)?.files).toMatchObject([{ name: "later.csv", size: 7 }]);
  expect(client.slices).toHaveLength(slices);
  expect(hub.files.uploads.size).toBe(0);
});

test("a message with files may lose its words when it is edited", async () => {
  const { hub, view, choose, done, box, send, messages, panel } = await attaching();
  await choose(file("a.txt", 3));
  await done(1);
  type(box(), "words");
  send().click();
  const { id } = await until(() => messages().find(({ text }) => text === "words"));
  await until(() =>
    panel.timeline(hub.roomOf("general").id, null)?.held.some(({ message }) => message.id === id),
  );
  press(box(), "ArrowUp");
  const field = await until(() => all(view, "textbox", "Edit message")[0]);
  type(field, "");
  one(view, "button", "Save").click();
  await until(() => hub.messageOf(id).text === "");
  expect(hub.messageOf(id).files).toHaveLength(1);
});
