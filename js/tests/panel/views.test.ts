import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { one, press, type, until, viewOf } from "../support/panel";
import { open, team } from "../support/team";

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
