import { describe, expect, test } from "vitest";
import {
  blocked,
  continued,
  type Edit,
  fenced,
  inCode,
  indented,
  linked,
  marked,
  type Selected,
} from "../src/components/composer/format";

/** A text with its selection between two bars, or the cursor at one. */
function of(marked: string): Selected {
  const start = marked.indexOf("|");
  const end = marked.lastIndexOf("|");
  return { text: marked.replaceAll("|", ""), start, end: end > start ? end - 1 : start };
}
function after(marked: string, edit: Edit | null): string | null {
  if (!edit) return null;
  const { text } = of(marked);
  const done = text.slice(0, edit.from) + edit.text + text.slice(edit.to);
  const [start, end] = edit.select;
  return start === end
    ? `${done.slice(0, start)}|${done.slice(start)}`
    : `${done.slice(0, start)}|${done.slice(start, end)}|${done.slice(end)}`;
}

test.each([
  ["bold", "a |word| b", "a **|word|** b"],
  ["bold", "a **|word|** b", "a |word| b"],
  ["bold", "|**word**|", "|word|"],
  ["bold", "a| b", "a**|** b"],
  ["bold", "a **|** b", "a | b"],
  ["bold", "a| word |b", "a **|word|** b"],
  ["italic", "|word|", "_|word|_"],
  ["italic", "in|side|r", "in*|side|*r"],
  ["strike", "|word|", "~~|word|~~"],
  ["code", "|x|", "`|x|`"],
  ["code", "|a`b|", "``|a`b|``"],
  ["code", "say |a\nb|", "say \n```\n|a\nb|\n```"],
] as const)("%s: %j becomes %j", (mark, before, wanted) => {
  expect(after(before, marked(of(before), mark))).toBe(wanted);
});

test.each([
  ["bullets", "a\n|b\nc|", "a\n|- b\n- c|"],
  ["bullets", "|- b\n- c|", "|b\nc|"],
  ["bullets", "|1. b\n2. c|", "|- b\n- c|"],
  ["numbers", "|a\n\nb|", "|1. a\n\n2. b|"],
  ["numbers", "|", "1. |"],
  ["quote", "wo|rd", "> wo|rd"],
  ["quote", "|> a\n> b|", "|a\nb|"],
] as const)("%s: %j becomes %j", (block, before, wanted) => {
  expect(after(before, blocked(of(before), block))).toBe(wanted);
});

test.each([
  ["- a|", "- a\n- |"],
  ["  * a|b", "  * a\n  * |b"],
  ["9. a|", "9. a\n10. |"],
  ["3) a|", "3) a\n4) |"],
  ["- [x] done|", "- [x] done\n- [ ] |"],
  ["> a|", "> a\n> |"],
  ["- a\n- |", "- a\n|"],
  ["> a\n> |", "> a\n|"],
  ["- [ ] |\nafter", "|\nafter"],
  ["a|", null],
  ["|- a", null],
  ["-a|", null],
  ["```\n- a|", null],
])("a new line in %j gives %j", (before, wanted) => {
  expect(after(before, continued(of(before)))).toBe(wanted);
});

describe("Tab", () => {
  test.each([
    ["- a\n- b|", false, "- a\n  - b|"],
    ["1. a\n2. b|", false, "1. a\n   2. b|"],
    ["- a\n  - b|", true, "- a\n- b|"],
    ["- a\n|- b\n- c|", false, "- a\n  |- b\n  - c|"],
    // No deeper than below the item above, and nowhere else: Tab goes on.
    ["- a\n  - b|", false, null],
    ["- a|", false, null],
    ["- a|", true, null],
    ["word|", false, null],
    ["```\n- a\n- b|", false, null],
  ])("in %j (back: %s) gives %j", (before, out, wanted) => {
    expect(after(before, indented(of(before), out))).toBe(wanted);
  });
});

test("a link wants what it has not", () => {
  expect(after("|words|", linked(of("|words|")))).toBe("[words](|https://|)");
  expect(after("|https://a.org/b|", linked(of("|https://a.org/b|")))).toBe("[|](https://a.org/b)");
});

test("a fence is longer than those inside", () => {
  expect(after("|a\n```\nb|", fenced(of("|a\n```\nb|"), "py"))).toBe("````py\n|a\n```\nb|\n````");
});

test("what is inside of a fence", () => {
  const text = "a\n```\nb\n~~~\n```\nc";
  expect(["a", "b", "~", "c"].map((sign) => inCode(text, text.indexOf(sign)))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
