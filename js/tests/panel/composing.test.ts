import { describe, expect, test } from "vitest";
import { all, one, press, type, until } from "../support/panel";
import { Refusal } from "../support/records";
import { open, team, textOf } from "../support/team";

describe("a message of one's own", () => {
  test("is there at once, on its way, and then confirmed", async () => {
    const { hub, client, box, articles } = await open(team());
    await until(() => articles().length === 1);
    client.hold();
    type(box(), "hello **there**");
    press(box(), "Enter");
    const mine = await until(() => articles().find((article) => textOf(article) === "hello there"));
    expect(mine.dataset.state).toBe("waiting");
    expect((box() as HTMLTextAreaElement).value).toBe("");
    client.release();
    await until(() =>
      articles().find((article) => textOf(article) === "hello there" && !article.dataset.state),
    );
    expect(articles().filter((article) => textOf(article) === "hello there")).toHaveLength(1);
    expect([...hub.messages.values()].filter(({ text }) => text === "hello **there**")).toHaveLength(1);
  });

  test("is there at once, also where the room has not been loaded yet", async () => {
    const hub = team();
    hub.room("ana", "quiet", []);
    const { client, box, articles, view } = await open(hub);
    client.lose = () => true;
    one(one(view, "list", "Conversations"), "button", "quiet").click();
    await until(() => one(view, "heading", "quiet"));
    type(box(), "first");
    press(box(), "Enter");
    await until(() => articles().some((article) => textOf(article) === "first"));
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
