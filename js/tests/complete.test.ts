import { describe, expect, test } from "vitest";
import { commands } from "../src/commandWords";
import { choices, type Started, started } from "../src/state/complete";
import { onSnapshot } from "../src/state/reduce";
import { EMPTY } from "../src/state/state";
import { MemoryHub } from "./support/hub";

describe("what was started in front of the cursor", () => {
  test.each([
    ["@", "@", 0, ""],
    ["hello @bo", "@", 6, "bo"],
    ["(@ana.r", "@", 1, "ana.r"],
    ["see #pipe", "#", 4, "pipe"],
    ["line\n@é", "@", 5, "é"],
    ["done :ta", ":", 5, "ta"],
    ["/", "/", 0, ""],
    ["/to", "/", 0, "to"],
  ])("%j", (text, sign, at, word) => {
    expect(started(text, text.length)).toEqual({ sign, at, word });
  });

  test.each([
    "",
    "hello",
    "ana@example",
    "C#",
    "https://host/#part",
    "@bo ",
    "# Heading",
    "##",
    "&#39",
    "10:30",
    "a:na",
    ":n",
    ":)",
    "see /to",
    "/topic x",
    "/usr/b",
  ])("nothing in %j", (text) => {
    expect(started(text, text.length)).toBeNull();
  });

  test("only what is before the cursor counts", () => {
    expect(started("@bo and more", 3)).toEqual({ sign: "@", at: 0, word: "bo" });
    expect(started("@bo and more", 6)).toBeNull();
    expect(started(`${"x ".repeat(20_000)}@b`, 40_002)).toEqual({ sign: "@", at: 40_000, word: "b" });
  });
});

describe("what it may become", () => {
  const hub = new MemoryHub();
  for (const [handle, name] of [
    ["ana", "Ana Ruiz"],
    ["bo", "Bo Lindqvist"],
    ["cy", "Cyrus Björk"],
    ["robot.build", "Builder"],
    ["bella", "Bella Ruiz"],
  ] as const)
    hub.member(handle, name);
  const plans = hub.room("ana", "plans", ["cy"], { kind: "private" });
  hub.room("bo", "storm-plans");
  hub.room("ana", "general");
  hub.as("ana", { type: "open_direct" as const, member: hub.memberOf("bo").id });
  const state = onSnapshot(EMPTY, hub.snapshot(hub.memberOf("ana").id), null);
  const names = (sign: Started["sign"], word: string) =>
    choices(state, plans, { sign, at: 0, word }, { commands: commands() }).map(({ name }) => name);

  test("members by the beginning of any word, those in the room first, and not oneself", () => {
    expect(names("@", "")).toEqual(["cy", "bella", "bo", "robot.build"]);
    expect(names("@", "b")).toEqual(["cy", "bella", "bo", "robot.build"]);
    expect(names("@", "BJO")).toEqual(["cy"]);
    expect(names("@", "ruiz")).toEqual(["bella"]);
    expect(names("@", "build")).toEqual(["robot.build"]);
    expect(names("@", "nobody")).toEqual([]);
    expect(choices(state, plans, { sign: "@", at: 0, word: "bo" })).toEqual([]);
    expect(choices(state, plans, { sign: "@", at: 0, word: "bel" })[0]?.about).toBe(
      "@bella · not in this room",
    );
  });

  test("commands that begin so, emoji as they are found", () => {
    expect(names("/", "un")).toEqual(["unstar", "unmute"]);
    expect(names("/", "")).toContain("remind");
    const find = (word: string, most: number) => [{ emoji: "🎉", name: `:${word}:` }].slice(0, most);
    expect(choices(state, plans, { sign: ":", at: 0, word: "TA" }, { find })).toEqual([
      { id: "🎉", name: "🎉", title: "🎉", about: ":ta:" },
    ]);
    expect(names(":", "ta")).toEqual([]);
  });

  test("rooms that have a name, one's own first", () => {
    expect(names("#", "")).toEqual(["general", "plans", "storm-plans"]);
    expect(names("#", "pl")).toEqual(["plans", "storm-plans"]);
    expect(names("#", "general")).toEqual([]);
  });
});
