import { describe, expect, onTestFinished, test, vi } from "vitest";
import { all, one, press, type, until } from "../support/panel";
import { open, team, textOf } from "../support/team";

describe("what one does with a message", () => {
  test("react, and take it back", async () => {
    const { hub, view, log } = await open(team());
    (await until(() => one(log(), "button", "React"))).click();
    const sheet = await until(() => one(view, "dialog", "Reactions"));
    press(sheet, "Escape");
    await until(() => all(view, "dialog").length === 0);
    one(log(), "button", "React with 👍").click();
    const chip = await until(() => one(log(), "button", /^👍 1/));
    expect(chip.getAttribute("aria-pressed")).toBe("true");
    expect(chip.getAttribute("aria-label")).toBe("👍 1, you");
    chip.click();
    await until(() => all(log(), "button", /^👍/).length === 0);
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
    const { view, log, asked } = await open(hub);
    (await until(() => one(log(), "button", "Edit"))).click();
    const field = await until(() => one(view, "textbox", "Edit message"));
    type(field, "with an error");
    press(field, "Enter");
    await until(() => log().textContent?.includes("with an error") && log().textContent?.includes("edited"));
    one(log(), "button", "Delete").click();
    await until(() => !log().textContent?.includes("with an error"));
    // For a moment it may be taken back, and nobody else knows of it yet.
    expect(asked("delete")).toHaveLength(0);
    const notice = await until(() => one(view, "status", /^The message is deleted/));
    one(notice, "button", "Undo").click();
    await until(() => log().textContent?.includes("with an error"));
    expect(asked("delete")).toHaveLength(0);
  });

  test("delete, and let the moment pass", async () => {
    const hub = team();
    const id = hub.post("ana", "general", "gone soon");
    const { view, panel, log, articles } = await open(hub);
    (await until(() => one(log(), "button", "Delete"))).focus();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    one(log(), "button", "Delete").click();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(articles()).toHaveLength(1);
    // The focus is on what stands in its place.
    expect(document.activeElement).toBe(articles()[0]);
    expect(hub.messages.get(id)?.deleted).toBe(false);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(hub.messages.get(id)?.deleted).toBe(true);
    expect(panel.state.hidden.size).toBe(0);
    expect(all(view, "dialog")).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(log().textContent).toContain("This message was deleted.");
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

test("hostile text stays text", async () => {
  const hub = team();
  hub.post("bo", "general", '<img src=x onerror="window.pwned=1"> [x](javascript:window.pwned=1)');
  const { log, articles } = await open(hub);
  await until(() => articles().length === 2);
  expect(log().querySelector("img, script, a[href]")).toBeNull();
  expect(textOf(articles()[1])).toContain("<img src=x");
});
