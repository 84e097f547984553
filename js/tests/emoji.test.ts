import { describe, expect, onTestFinished, test } from "vitest";
import { emojiFiles } from "../build/emoji.mjs";
import { addSource, removeSource } from "../src/assets";
import { chunks } from "../src/chunks";
import { Frequent } from "../src/emoji/frequent";
import { loadEmoji } from "../src/emoji/load";
import { withSkin } from "../src/emoji/skin";
import { GROUPS, readTable } from "../src/emoji/table";
import { FakeMemory } from "./support/panel";

const files = (await emojiFiles(["de"])) as Record<string, string>;
const table = readTable(files["emoji.txt"] ?? "");
const german = readTable(files["emoji.txt"] ?? "", files["emoji-de.txt"]);

test("the table is compact and whole", () => {
  for (const text of Object.values(files))
    expect(new TextEncoder().encode(text).length).toBeLessThan(120_000);
  expect(table.all.length).toBeGreaterThan(1_800);
  expect(german.all.length).toBe(table.all.length);
  for (const { emoji, names, label, group } of table.all) {
    expect(names.length, emoji).toBeGreaterThan(0);
    expect(label).not.toBe("");
    expect(GROUPS[group]).toBeDefined();
    for (const name of names) expect(name).toMatch(/^[a-z0-9_+-]{1,50}$/);
  }
  expect(new Set(table.all.map(({ group }) => group)).size).toBe(GROUPS.length);
  for (const { emoji, label } of german.all) expect(label, emoji).not.toBe("");
});

test("GitHub's names", () => {
  for (const [name, emoji] of Object.entries({
    tada: "🎉",
    "+1": "👍",
    thumbsup: "👍",
    rocket: "🚀",
    heart: "❤️",
    white_check_mark: "✅",
    de: "🇩🇪",
  }))
    expect(table.byName(name), name).toBe(emoji);
  expect(table.byName("constructor")).toBeUndefined();
});

describe("searching", () => {
  const first = (words: string, of = table) => of.search(words, 5).map(({ emoji }) => emoji);

  test("finds by name, label and word, the nearest first", () => {
    expect(first("rocket")[0]).toBe("🚀");
    expect(first(":tada:")[0]).toBe("🎉");
    expect(first("thumbs up")[0]).toBe("👍");
    expect(first("party")).toContain("🎉");
    expect(first("heart red")).toContain("❤️");
    expect(table.search("xyzzy")).toEqual([]);
    expect(table.search("", 3).map(({ emoji }) => emoji)).toEqual(["😀", "😃", "😄"]);
    expect(table.search("a", 7)).toHaveLength(7);
  });

  test("in German too, whatever the accents, and by the English names still", () => {
    expect(first("rakete", german)[0]).toBe("🚀");
    expect(first("grün herz", german)).toContain("💚");
    expect(first("grun herz", german)).toContain("💚");
    expect(first("rocket", german)[0]).toBe("🚀");
    expect(german.of("👍🏽")?.names).toContain("+1");
  });
});

test("tones of skin", () => {
  const of = (name: string) => table.of(table.byName(name) ?? "") ?? { emoji: "", skin: false };
  expect(withSkin(of("+1"), 3)).toBe("👍🏽");
  expect(withSkin(of("woman_scientist"), 1)).toBe("👩🏻‍🔬");
  expect(withSkin(of("people_holding_hands"), 5)).toBe("🧑🏿‍🤝‍🧑🏿");
  expect(withSkin(of("rocket"), 5)).toBe("🚀");
  expect(withSkin({ emoji: "👍🏽", skin: true }, 0)).toBe("👍");
  expect(withSkin({ emoji: "👍🏽", skin: true }, 1)).toBe("👍🏻");
  expect(of("point_up").skin && withSkin(of("point_up"), 2)).toBe("☝🏼");
});

test("what one uses most and last stands first, and outlives the page", () => {
  const memory = new FakeMemory();
  const frequent = new Frequent(memory);
  expect(frequent.list()).toEqual([]);
  for (const emoji of ["👍", "🎉", "👍", "🚀"]) frequent.use(emoji);
  expect(new Frequent(memory).list()).toEqual(["👍", "🚀", "🎉"]);
  for (let i = 0; i < 60; i++) frequent.use("🔥");
  expect(frequent.list()[0]).toBe("🔥");
  for (const { emoji } of table.all.slice(0, 100)) frequent.use(emoji);
  expect(frequent.list(100).length).toBeLessThanOrEqual(40);
  memory.set("emoji-used", { what: "is this" });
  expect(frequent.list()).toEqual([]);
});

test("is brought when it is asked for, once, in the language that is spoken", async () => {
  const asked: string[] = [];
  const source = {
    silent: false,
    async asset(name: string) {
      asked.push(name);
      return new TextEncoder().encode(files[name.replace("-hash", "")] ?? "");
    },
  };
  addSource(source);
  // As the build names what it has made.
  const built = chunks.files as Record<string, readonly [string]>;
  built["emoji-de.txt"] = ["hash"];
  onTestFinished(() => {
    removeSource(source);
    delete built["emoji-de.txt"];
  });
  const [one, other] = await Promise.all([loadEmoji("de-AT"), loadEmoji("de")]);
  expect(one).toBe(other);
  expect(one.of("🚀")?.label).toBe("Rakete");
  expect(asked.sort()).toEqual(["emoji-de-hash.txt", "emoji.txt"]);
  expect((await loadEmoji("fr")).of("🚀")?.label).toBe("rocket");
});
