import { describe, expect, test } from "vitest";
import { all, one, press, type, until } from "../support/panel";
import { open, team, textOf } from "../support/team";

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

test("hostile text stays text", async () => {
  const hub = team();
  hub.post("bo", "general", '<img src=x onerror="window.pwned=1"> [x](javascript:window.pwned=1)');
  const { log, articles } = await open(hub);
  await until(() => articles().length === 2);
  expect(log().querySelector("img, script, a[href]")).toBeNull();
  expect(textOf(articles()[1])).toContain("<img src=x");
});
