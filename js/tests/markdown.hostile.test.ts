import { describe, expect, test } from "vitest";
import { finish, render } from "../src/markdown/markdown";
import { parsed } from "../src/markdown/parse";
import { ATTACKS, generated, NAMES, problems, TOOLS, wrong } from "./support/hostile";

describe("hostile text", () => {
  test.each(ATTACKS)("%s", (text) => {
    expect(wrong(text)).toEqual([]);
  });

  test("what would be wrong is seen", () => {
    for (const html of [
      "<script>alert(1)</script>",
      "<img src=x>",
      '<a href="javascript:x">x</a>',
      '<a href="https://example.org">x</a>',
      '<p onclick="x">x</p>',
      '<p style="color:red">x</p>',
      '<p id="cookie">x</p>',
      '<p class="cc-dialog">x</p>',
      '<math href="javascript:x"></math>',
      "<math><mglyph></mglyph></math>",
      "<svg></svg>",
    ]) {
      const element = document.createElement("div");
      element.innerHTML = html;
      expect(problems(element), html).not.toEqual([]);
    }
  });
});

test("5,000 generated texts", () => {
  // Four to a message: this document is slow to make. A browser draws each of them alone.
  const bad: { text: string; wrong: string[] }[] = [];
  const texts = [...generated(5_000)];
  for (let i = 0; i < texts.length; i += 4) {
    const text = texts.slice(i, i + 4).join("\n\n");
    const found = wrong(text);
    if (found.length > 0) bad.push({ text, wrong: found });
  }
  expect(bad).toEqual([]);
}, 300_000);

describe("texts that are long and strange", () => {
  const LONG = 40_000;
  const filled = (piece: string) => piece.repeat(Math.ceil(LONG / piece.length)).slice(0, LONG);
  /** Far more than it takes, far less than anything takes that grows with the square of a text. */
  const LIMIT = 3_000;

  test.each([
    ..."[ ]( ![ * ** _ a_b_ *a_ **a_ ` `a ``a` ~~ ~a~~b # > | :a: :a @a #a $ a$ $a $a$ \\$ $$ [^a] [^a]: < <a <a@b.c> <!-- & &amp; &#x41; \\ http://a. www. a@b. collabchat:1/ - 1. {\\frac".split(
      " ",
    ),
    ...[
      "*a **a ",
      "[a](b ",
      "![a][b] ",
      "[a]: b\n",
      "[^a]: b\n",
      "<a b='",
      "| a ",
      "|-|\n",
      "\n",
      "\n\n",
      "> ",
    ],
    ...["- a\n", "\t", " ", "a  \n", "```\n", "$$\n", "$a b", "a\n[^", "a\n$$", "a\n[^b]: c\n"],
  ])("%j over and over is parsed in time", (piece) => {
    const text = filled(piece);
    const start = performance.now();
    parsed(text);
    expect(performance.now() - start).toBeLessThan(LIMIT);
  });

  test.each([
    ...[
      "e\u0301\u0302\u0303\u0304",
      "\u0301",
      "\ud800",
      "\udfff\ud800",
      "👩‍",
      "\u200d",
      "👨‍👩‍👧‍👦",
      "漢字",
      "ﷺ",
      "\u202e",
      "\u2066ע",
    ],
    ...["עברית", "🏴󠁧󠁢", "\ufeff", "\u2028"],
  ])("%j over and over is drawn as it is", (piece) => {
    const text = `x${filled(piece)}x`;
    const element = document.createElement("div");
    element.append(render(text, NAMES));
    finish(element, TOOLS);
    expect(element.textContent?.trim()).toBe(text);
  });

  test("a text that is made to keep the parser busy keeps its words", () => {
    const text = filled("*a_ ");
    const element = document.createElement("div");
    element.append(render(text));
    expect(element.textContent?.replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
  });
});
