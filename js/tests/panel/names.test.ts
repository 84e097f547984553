import { describe, expect, test } from "vitest";
import { all, one, until } from "../support/panel";
import { open, team } from "../support/team";

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
    one(view, "searchbox", "Search messages");
    one(view, "textbox", "Message");
    for (const name of ["Files and links", "Members", "Attach files", "Text box settings", "Emoji", "Send"])
      one(view, "button", name);
    expect(one(view, "status", "Connection").textContent).toBe("Connected");
    await until(() => articles().length === 1);
    expect(articles()[0]?.getAttribute("aria-label")).toMatch(/^Bo Lindqvist, \d\d:\d\d/);
    // What one can do with a message comes to the one that one is at.
    articles()[0]?.focus();
    for (const name of ["React", "Reply in thread", "More"]) await until(() => one(log(), "button", name));
    expect(all(log(), "button", "Edit")).toEqual([]);
  });

  test("no button that does nothing yet", async () => {
    const { view } = await open(team());
    expect(all(view, "button", "Start a call")).toEqual([]);
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
