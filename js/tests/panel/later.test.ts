import { describe, expect, test } from "vitest";
import { all, one, press, type, until } from "../support/panel";
import { open, team, textOf } from "../support/team";

const value = (box: HTMLElement) => (box as HTMLTextAreaElement).value;

describe("a draft", () => {
  test("follows its writer to another browser, where nothing was written over it", async () => {
    const hub = team();
    const [here, there] = [await open(hub), await open(hub)];
    type(here.box(), "half a sen");
    here.panel.drafts.flush();
    await until(() => value(there.box()) === "half a sen");
    type(there.box(), "half a sentence");
    there.panel.drafts.flush();
    await until(() => value(here.box()) === "half a sentence");
    press(here.box(), "Enter");
    await until(() => value(there.box()) === "");
  });

  test("is listed, opened, deleted and brought back", async () => {
    const opened = await open(team());
    const { view, panel, box } = opened;
    type(box(), "half a sentence");
    panel.drafts.flush();
    await until(() => panel.state.drafts.size === 1);
    one(view, "button", "Send later").click();
    (await until(() => one(view, "menuitem", "Drafts and scheduled"))).click();
    const drafts = await until(() => one(view, "region", "Drafts"));
    const item = one(drafts, "listitem", "#general");
    expect(item.textContent).toContain("half a sentence");
    one(item, "button", "Delete").click();
    await until(() => panel.state.drafts.size === 0);
    await until(() => view.textContent?.includes("Nothing waits here"));
    (await until(() => one(view, "button", "Undo"))).click();
    await until(
      () => all(view, "listitem", "#general").length > 0 && all(view, "region", "Drafts").length === 1,
    );
    one(one(view, "region", "Drafts"), "button", "Open").click();
    await until(() => value(box()) === "half a sentence");
  });
});

describe("send later", () => {
  test("gives the message to the hub with its time, and the list changes it", async () => {
    const opened = await open(team());
    const { hub, view, panel, box, asked, articles } = opened;
    // The hub's clock is not this machine's in these tests.
    hub.now = Date.now() * 1_000;
    type(box(), "for tomorrow");
    one(view, "button", "Send later").click();
    (await until(() => one(view, "menuitem", "Tomorrow at 9:00"))).click();
    await until(() => panel.state.scheduled.size === 1);
    const sent = asked("schedule")[0] as { at: number; text: string };
    expect(new Date(sent.at / 1_000).getHours()).toBe(9);
    expect(value(box())).toBe("");
    expect(asked("post")).toEqual([]);
    (await until(() => one(view, "button", "Show"))).click();
    const item = await until(() => one(one(view, "region", "Scheduled"), "listitem", "#general"));
    expect(item.textContent).toContain("for tomorrow");
    one(item, "button", "Change time").click();
    const dialog = await until(() => one(view, "dialog", "Change time"));
    const [date] = dialog.querySelectorAll<HTMLInputElement>("input");
    if (!date) throw new Error("no date");
    date.value = "2020-01-01";
    date.dispatchEvent(new Event("input", { bubbles: true }));
    await until(() => dialog.textContent?.includes("That time has passed."));
    expect((one(dialog, "button", "Schedule") as HTMLButtonElement).disabled).toBe(true);
    const year = new Date().getFullYear() + 1;
    date.value = `${year}-03-01`;
    date.dispatchEvent(new Event("input", { bubbles: true }));
    await until(() => !(one(dialog, "button", "Schedule") as HTMLButtonElement).disabled);
    one(dialog, "button", "Schedule").click();
    await until(() =>
      [...panel.state.scheduled.values()].some(({ at }) => new Date(at / 1_000).getFullYear() === year),
    );
    await until(() => panel.state.scheduled.size === 1);
    one(one(view, "region", "Scheduled"), "button", "Send now").click();
    await until(() => panel.state.scheduled.size === 0);
    await until(() => [...hub.messages.values()].some(({ text }) => text === "for tomorrow"));
    one(view, "button", "Close");
    expect(articles).toBeDefined();
  });

  test("a time that the hub refuses keeps the text, and says why", async () => {
    const { hub, view, box } = await open(team());
    hub.now = (Date.now() + 86_400_000 * 30) * 1_000;
    type(box(), "too late");
    one(view, "button", "Send later").click();
    (await until(() => one(view, "menuitem", "In 1 hour"))).click();
    await until(() => one(view, "alert").textContent?.includes("That time has passed."));
    expect(value(box())).toBe("too late");
  });
});

describe("a reply in a thread", () => {
  test("stands in the room too where one wants that", async () => {
    const hub = team();
    const root = hub.post("bo", "general", "Shall we meet?");
    const opened = await open(hub);
    const { view, articles, asked } = opened;
    await until(() => articles().length === 2);
    const message = articles().find((article) => textOf(article) === "Shall we meet?") as HTMLElement;
    one(message, "button", "Reply in thread").click();
    const reply = await until(() => one(view, "textbox", "Reply"));
    const check = view.querySelector<HTMLInputElement>(".cc-broadcast input");
    expect(check?.closest("label")?.textContent).toBe("Also send to #general");
    expect(check?.checked).toBe(false);
    check?.click();
    await until(() => check?.checked);
    type(reply, "Yes, on Friday");
    press(reply, "Enter");
    await until(() => asked("post").length === 1);
    expect(asked("post")[0]).toMatchObject({ reply_to: root, broadcast: true, text: "Yes, on Friday" });
  });
});
