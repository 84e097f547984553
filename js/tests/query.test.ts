import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { proposedDates } from "../src/components/search/dates";
import { Finder, type Wanted } from "../src/components/search/finder";
import { filterAt, namesIn, pieces, withFilter, without, withValue } from "../src/components/search/query";
import type { Found, Hit } from "../src/protocol";
import { keepTo } from "../src/time";

const filters = (text: string) =>
  pieces(text).flatMap(({ name, value, not }) =>
    name === null ? [] : [`${not ? "-" : ""}${name}=${value}`],
  );

describe("the parts of a query", () => {
  test("filters among words, phrases and parentheses", () => {
    expect(
      filters('late from:bo -in:"night shift" (has:file or IS:unread) "from:nobody" http://x.y'),
    ).toEqual([...["from=bo", "-in=night shift", "has=file", "is=unread"]]);
    expect(filters("from: x during:")).toEqual(["from=", "during="]);
    expect(filters("a::b std::from:x e-mail:me std:in")).toEqual([]);
  });

  test("the filter that the cursor is in", () => {
    const text = "late from:bo in:gen";
    expect(filterAt(text, 3)).toBe(null);
    expect(filterAt(text, 9)).toBe(null);
    expect(filterAt(text, 10)?.name).toBe("from");
    expect(filterAt(text, 12)?.value).toBe("bo");
    expect(filterAt(text, 13)).toBe(null);
    expect(filterAt(text, text.length)?.value).toBe("gen");
  });

  test("what is taken into it and out of it leaves the rest as it was", () => {
    const text = 'late from:b "a b" has:file';
    const [from, has] = pieces(text).filter(({ name }) => name !== null);
    if (!from || !has) throw new Error("no filters");
    expect(withValue(text, from, "bo lind")).toEqual({
      text: 'late from:"bo lind" "a b" has:file',
      cursor: 'late from:"bo lind" '.length,
    });
    expect(without(text, from)).toBe('late "a b" has:file');
    expect(without(text, has)).toBe('late from:b "a b"');
    expect(withFilter("late ", "in")).toEqual({ text: "late in:", cursor: 8 });
    expect(withFilter("in: late", "in")).toEqual({ text: "in: late", cursor: 3 });
    expect(withFilter("", "in").text).toBe("in:");
  });

  test("only plain words may be a name", () => {
    expect(namesIn("night shift")).toBe("night shift");
    expect(namesIn("#pipe")).toBe("#pipe");
    for (const text of ['"a b"', "from:bo x", "(a or b)", "-not"]) expect(namesIn(text), text).toBe(null);
  });

  test("any text has parts, and they are where they say", () => {
    const signs = ['"', "-", "(", ")", ":", " ", "from:", "in:", "a", "é", "*", "💥", "\u202e"];
    let seed = 7;
    for (let n = 0; n < 3_000; n++) {
      let text = "";
      for (let i = 0; i < 12; i++) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        text += signs[seed % signs.length];
      }
      let end = 0;
      for (const piece of pieces(text)) {
        expect(piece.from).toBeGreaterThanOrEqual(end);
        expect(piece.to).toBeGreaterThan(piece.from);
        end = piece.to;
        without(text, piece);
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }
  });
});

describe("dates that are proposed", () => {
  const now = new Date(2026, 10, 25, 12);
  afterEach(() => keepTo({ clock: "auto", week: "auto" }));
  const of = (name: string, chosen = true) =>
    Object.fromEntries(proposedDates(name, chosen, now).map((one) => [one.title, one]));

  test("a week begins as its reader has chosen", () => {
    keepTo({ clock: "auto", week: "monday" });
    expect(of("during")["This week"]).toMatchObject({
      value: "this week",
      about: expect.stringMatching(/23.* to .*29/),
    });
    keepTo({ clock: "auto", week: "sunday" });
    expect(of("during")["Last week"]).toMatchObject({
      value: "last week",
      about: expect.stringMatching(/15.* to .*21/),
    });
  });

  test("a week that the hub does not know is said in days", () => {
    keepTo({ clock: "auto", week: "sunday" });
    expect(of("during", false)["This week"]?.said).toBe("after:2026-11-21 before:2026-11-29");
    expect(of("before", false)["This week"]?.said).toBe("before:2026-11-22");
    expect(of("after", false)["Last week"]?.said).toBe("after:2026-11-21");
  });

  test("a day is a day", () => {
    expect(Object.keys(of("on"))).toEqual(["Today", "Yesterday"]);
    expect(of("on").Today?.about).toMatch(/25/);
  });
});

describe("asking while one types", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const wanted = (text: string): Wanted => ({ text, room: null, sort: "relevance" });
  const found = (text: string, more: Partial<Found> = {}): Found => ({
    ...{
      type: "found",
      req: "",
      hits: [{ message: { id: text }, file: null } as Hit],
      total: 1,
      at_least: false,
    },
    ...{ cursor: null, query: text, problems: [], correction: null, indexed: true, seq: 0 },
    ...more,
  });

  function asking(more: Partial<Found> = {}) {
    const asked: { text: string; answer: () => void; fail: () => void }[] = [];
    const finder = new Finder(
      ({ text }) =>
        new Promise((yes, no) => {
          asked.push({ text, answer: () => yes(found(text, more)), fail: () => no(new Error("broken")) });
        }),
    );
    return { finder, asked, texts: () => asked.map(({ text }) => text) };
  }

  test("the first key at once, then at most so often, two at a time, and always the last one", async () => {
    const { finder, asked, texts } = asking();
    for (const text of ["a", "ab", "abc"]) {
      finder.look(wanted(text));
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(texts()).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(100);
    expect(texts()).toEqual(["a", "abc"]);
    finder.look(wanted("abcd"));
    await vi.advanceTimersByTimeAsync(100);
    expect(texts()).toEqual(["a", "abc"]);
    asked[1]?.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(finder.answer?.wanted.text).toBe("abc");
    expect(texts()).toEqual(["a", "abc", "abcd"]);
    asked[0]?.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(finder.answer?.wanted.text).toBe("abc");
    expect(finder.waiting).toBe(true);
    asked[2]?.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(finder.current).toBe(true);
  });

  test("what nobody looks for any more is not shown when it comes", async () => {
    const { finder, asked } = asking();
    finder.look(wanted("a"));
    await vi.advanceTimersByTimeAsync(50);
    finder.look(null);
    asked[0]?.answer();
    await vi.advanceTimersByTimeAsync(50);
    expect(finder.answer).toBe(null);
  });

  test("a failure is said of what is looked for now, and tried again", async () => {
    const { finder, asked } = asking();
    finder.look(wanted("a"));
    await vi.advanceTimersByTimeAsync(50);
    asked[0]?.fail();
    await vi.advanceTimersByTimeAsync(0);
    expect(finder.problem).toBe("broken");
    finder.again();
    asked[1]?.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(finder.problem).toBe(null);
    expect(finder.current).toBe(true);
  });

  test("what was found without the index is looked for again until it is there", async () => {
    const { finder, asked } = asking({ indexed: false });
    finder.look(wanted("a"));
    await vi.advanceTimersByTimeAsync(50);
    asked[0]?.answer();
    await vi.advanceTimersByTimeAsync(3_100);
    expect(asked).toHaveLength(2);
    finder.close();
    asked[1]?.answer();
    finder.look(null);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(2);
  });
});
