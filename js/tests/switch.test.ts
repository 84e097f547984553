import { describe, expect, test } from "vitest";
import { fold } from "../src/components/switch/folded";
import { nearlySame, score } from "../src/components/switch/score";

const best = (query: string, names: string[]) =>
  names
    .map((name) => ({ name, points: score(fold(query), fold(name)) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ name }) => name);

describe("finding by a few letters", () => {
  test("the whole name, its beginning, the beginning of a word, a part of it: in this order", () => {
    const names = ["online", "data-line", "line", "linear"];
    expect(best("line", names)).toEqual(["line", "linear", "data-line", "online"]);
  });

  test("accents and capitals do not matter", () => {
    expect(best("jose", ["José Álvarez"])).toEqual(["José Álvarez"]);
    expect(best("ÁLVA", ["José Alvarez"])).toEqual(["José Alvarez"]);
    expect(best("strasse", ["Straße"])).toEqual(["Straße"]);
  });

  test("letters that stand apart", () => {
    expect(best("plne", ["pipeline", "general"])).toEqual(["pipeline"]);
    expect(best("bl", ["Bo Lindqvist", "general"])).toEqual(["Bo Lindqvist"]);
  });

  test("one slip: another letter, one too many, one too few, two the wrong way round", () => {
    for (const typed of ["pipelime", "pippeline", "piepline", "pipline", "pipelien"])
      expect(best(typed, ["pipeline", "general", "random"]), typed).toEqual(["pipeline"]);
    expect(best("lindkv", ["Bo Lindqvist"])).toEqual(["Bo Lindqvist"]);
    expect(best("night-hsift", ["night-shift", "night"])).toEqual(["night-shift"]);
    expect(best("xyz", ["pipeline"])).toEqual([]);
  });

  test("every word has to be answered", () => {
    expect(best("bo lind", ["Bo Lindqvist", "Bo Chen"])).toEqual(["Bo Lindqvist"]);
    expect(best("lind bo", ["Bo Lindqvist", "Bo Chen"])).toEqual(["Bo Lindqvist"]);
  });

  test("one sign apart, and no more", () => {
    for (const [a, b] of [
      ["", "a"],
      ["ab", "ba"],
      ["abc", "abd"],
      ["abc", "ac"],
      ["same", "same"],
    ] as const)
      expect(nearlySame(a, b), `${a} ${b}`).toBe(true);
    for (const [a, b] of [
      ["ab", "cd"],
      ["abcd", "badc"],
      ["a", "abc"],
      ["abc", "cab"],
    ] as const)
      expect(nearlySame(a, b), `${a} ${b}`).toBe(false);
  });
});
