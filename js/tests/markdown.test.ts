import { describe, expect, test } from "vitest";
import { isFewEmoji, type Names, NOBODY, plain } from "../src/markdown";
import { finish, render, type Tools } from "../src/markdown/markdown";

const NOTHING: Tools = { colour: undefined, math: undefined, emoji: undefined };

function element(text: string, names?: Names, tools?: Tools): HTMLElement {
  const made = document.createElement("div");
  made.append(render(text, names));
  if (tools) finish(made, tools);
  return made;
}
const html = (text: string, names?: Names, tools?: Tools) => element(text, names, tools).innerHTML.trim();

describe("what people write", () => {
  test.each([
    [
      "**bold** and *slanted* and ~~gone~~",
      "<p><strong>bold</strong> and <em>slanted</em> and <del>gone</del></p>",
    ],
    ["one\ntwo", "<p>one<br>two</p>"],
    ["`a < b`", "<p><code>a &lt; b</code></p>"],
    ["- [x] done", '<ul>\n<li class="cc-task">☑ done</li>\n</ul>'],
    ["5 < 6 & 7 > 3", "<p>5 &lt; 6 &amp; 7 &gt; 3</p>"],
    ["<b>not HTML</b>", "<p>&lt;b&gt;not HTML&lt;/b&gt;</p>"],
  ])("%s", (text, expected) => {
    expect(html(text)).toBe(expected);
  });

  test("tables keep their alignment, and scroll in a box that keys reach", () => {
    const made = element("| a | b |\n|---|--:|\n| 1 | 2 |");
    expect(made.innerHTML).toContain('<th align="right">b</th>');
    expect(made.innerHTML).toContain('<td align="right">2</td>');
    const box = made.querySelector("table")?.parentElement as HTMLElement;
    expect([box.tabIndex, box.getAttribute("role"), box.getAttribute("aria-label")]).toEqual([
      0,
      "group",
      "Table",
    ]);
  });

  test("links open beside, and tell nobody where one comes from", () => {
    expect(html("[a](https://example.org/x)")).toBe(
      '<p><a href="https://example.org/x" target="_blank" rel="noopener noreferrer">a</a></p>',
    );
    expect(html("me@example.org")).toContain('href="mailto:me@example.org"');
    expect(html("https://example.org/a_b_c and www.example.org")).toContain(
      'href="https://example.org/a_b_c"',
    );
  });

  test("pictures are links: nothing is loaded from outside", () => {
    const made = html("![a plot](https://example.org/plot.png)");
    expect(made).not.toContain("<img");
    expect(made).toContain('href="https://example.org/plot.png"');
    expect(made).toContain(">a plot</a>");
  });

  test("code has a button to copy it, and a name with its language", () => {
    const made = element("```Python title\na = 1\n```");
    const pre = made.querySelector("pre");
    expect(pre?.textContent).toBe("a = 1\n");
    expect(pre?.getAttribute("aria-label")).toBe("Code in python");
    expect(made.querySelector("button")?.textContent).toBe("Copy code");
  });

  test("what one does", () => {
    const made = document.createElement("div");
    made.append(render("/me waves at *all*", NOBODY, "Ana"));
    expect(made.innerHTML.trim()).toBe('<p class="cc-action">Ana waves at <em>all</em></p>');
    expect(html("/meow")).toBe("<p>/meow</p>");
    expect(html("/me")).toBe("<p>/me</p>");
  });
});

describe("footnotes", () => {
  test("are numbered by their first use and stand at the end", () => {
    const made = element("A[^b] and B[^a] and A[^b].\n\n[^a]: of **B**\n[^b]: of A\n  and on\n\nlast");
    expect([...made.querySelectorAll("a.cc-note")].map((one) => one.textContent)).toEqual(["1", "2", "1"]);
    expect([...made.querySelectorAll(".cc-notes > li")].map((one) => one.textContent)).toEqual([
      "of Aand on",
      "of B",
    ]);
    expect(made.lastElementChild?.className).toBe("cc-notes");
    expect(made.innerHTML).not.toContain(" id=");
  });

  test("a mark without a note stays as it was, and so does the next text", () => {
    expect(html("A[^b]")).toBe("<p>A[^b]</p>");
    html("x[^1]\n\n[^1]: y");
    expect(html("x[^1]")).toBe("<p>x[^1]</p>");
    // A note that no mark leads to is not lost.
    expect(html("`[^1]`\n\n[^1]: y")).toContain("y");
  });
});

describe("math", () => {
  const maths = (text: string) =>
    [...element(text).querySelectorAll("code.cc-math, code.cc-math-block")].map((one) => [
      one.className,
      one.textContent,
    ]);

  test.each([
    ["$x$", [["cc-math", "x"]]],
    [
      "a $x_1 + y_2$, $z$.",
      [
        ["cc-math", "x_1 + y_2"],
        ["cc-math", "z"],
      ],
    ],
    ["$`a_b`$", [["cc-math", "a_b"]]],
    ["$$\nx\n$$", [["cc-math-block", "x"]]],
    ["$$x$$", [["cc-math-block", "x"]]],
    ["so $$x$$ it is", [["cc-math-block", "x"]]],
    ["```math\nx^2\n```", [["cc-math-block", "x^2"]]],
    ["*a $b*c$ d*", [["cc-math", "b*c"]]],
    ["$a \\$ b$", [["cc-math", "a \\$ b"]]],
  ])("%s", (text, expected) => {
    expect(maths(text)).toEqual(expected);
  });

  test.each([
    ..."$5 and $10|costs $5|$5-$10|US$5 and A$7|$HOME and $PATH|\\$x\\$|`$x$`|$ x $|a$b$c|$5/month ($60/year)|$".split(
      "|",
    ),
    "```\n$x$\n```",
    "$x\n\ny$",
  ])("is none: %s", (text) => {
    expect(maths(text)).toEqual([]);
  });

  test("prices stay as they were written", () => {
    expect(html("$5 and $10")).toBe("<p>$5 and $10</p>");
  });
});

describe("what makes a text complete", () => {
  test("says what it wants, once", () => {
    const made = element("`:a:` :tada: $x$\n\n```sql\nselect 1\n```");
    expect([...finish(made, NOTHING)].sort()).toEqual(["colour", "emoji", "math"]);
    const tools: Tools = {
      colour: (code) => {
        const fragment = document.createDocumentFragment();
        fragment.append(code.toUpperCase());
        return fragment;
      },
      math: () => null,
      emoji: { byName: (name) => (name === "tada" ? "🎉" : undefined) },
    };
    expect([...finish(made, tools)]).toEqual([]);
    expect(made.querySelector("p")?.innerHTML).toBe("<code>:a:</code> 🎉 <code>x</code>");
    expect(made.querySelector("pre")?.textContent).toBe("SELECT 1\n");
    expect([...finish(made, NOTHING)]).toEqual([]);
  });

  test("emoji in links, in code and in times stay as they are", () => {
    const tools: Tools = { ...NOTHING, emoji: { byName: () => "🎉" } };
    expect(html("`:tada:` [:tada:](https://example.org)", NOBODY, tools)).not.toContain("🎉");
    const known: Tools = { ...NOTHING, emoji: { byName: () => undefined } };
    expect(html("at 10:30:15 a::b :no_such:", NOBODY, known)).toBe("<p>at 10:30:15 a::b :no_such:</p>");
  });

  test("code gets its colours without a sign of it lost", async () => {
    const { colour } = await import("../src/markdown/highlight");
    const code = 'def f(x: int = 1) -> str:\n    """Doc <b>"""\n    return f"{x!r}" # </code><script>\n';
    const fragment = colour(code, "python");
    expect(fragment?.textContent).toBe(code);
    expect(fragment?.querySelector(".cc-hl-keyword")?.textContent).toBe("def");
    expect(fragment?.querySelector("script, b")).toBeNull();
    for (const language of "r sql julia bash json yaml toml js ts tsx c c++ cpp java go rust css html xml md diff docker ini make matlab latex tex py ipython duckdb cs kt".split(
      " ",
    ))
      expect(colour("x = 1", language), language).not.toBeNull();
    expect(colour("x", "no-such-language")).toBeNull();
    expect(colour("x".repeat(30_000), "python")).toBeNull();
  });

  test("TeX becomes MathML; what is none stays", async () => {
    const { typeset } = await import("../src/markdown/math");
    const made = typeset("\\frac{a}{b}", true);
    expect(made?.querySelector("math mfrac")).not.toBeNull();
    expect(made?.className).toBe("cc-math-set cc-math-alone");
    expect(made?.textContent).toBe("ab");
    for (const wrong of ["\\frac{", "\\nosuchcommand", "{".repeat(3_000), "\\def\\a{\\a\\a}\\a"])
      expect(typeset(wrong, false), wrong.slice(0, 20)).toBeNull();
  });
});

describe("what is named", () => {
  const names: Names = {
    member: (handle) =>
      ({
        ana: { id: "1", name: "Ana", me: true },
        bo: { id: "2", name: "Bo", me: false },
        "c.d": { id: "3", name: "Cd", me: false },
      })[handle] ?? null,
    room: (name) =>
      ({ pipeline: { id: "7", name: "pipeline" }, "öl-preis": { id: "8", name: "Öl-Preis" } })[name] ?? null,
    roomOf: (id) => (id === "7" ? "#pipeline" : null),
  };
  const leads = (text: string) =>
    [...element(text, names).querySelectorAll<HTMLElement>("[role=link]")].map(
      ({ textContent, className, dataset, tabIndex }) => [textContent, className, { ...dataset }, tabIndex],
    );

  test("people are marked where somebody is called so", () => {
    expect(leads("@ana and @bo.")).toEqual([
      ["@ana", "cc-mention cc-mention-me", { member: "1" }, 0],
      ["@bo", "cc-mention", { member: "2" }, 0],
    ]);
    expect(html("hi @c.d, @nobody", names)).toContain('title="Cd">@c.d</span>, @nobody');
  });

  test("rooms that are there", () => {
    expect(leads("see #pipeline, #öl-preis, #no, a#pipeline and #pipelines")).toEqual([
      ["#pipeline", "cc-room-link", { room: "7" }, 0],
      ["#öl-preis", "cc-room-link", { room: "8" }, 0],
    ]);
    expect(html("#pipeline", names)).not.toContain("<h1>");
  });

  test("messages of this workspace, bare and as links", () => {
    expect(leads("collabchat:7/12, [this](collabchat:7/13) <collabchat:7/14> collabchat:7.")).toEqual([
      ["message in #pipeline", "cc-message-link", { room: "7", message: "12" }, 0],
      ["this", "cc-message-link", { room: "7", message: "13" }, 0],
      ["message in #pipeline", "cc-message-link", { room: "7", message: "14" }, 0],
      ["#pipeline", "cc-room-link", { room: "7" }, 0],
    ]);
    expect(html("[that](collabchat:9/1) collabchat:9/1", names)).toBe("<p>that collabchat:9/1</p>");
    expect(html("[x](collabchat:7/12?y) [x](collabchat:evil)", names)).toBe("<p>x x</p>");
  });

  test("nothing in code, in links and in addresses", () => {
    expect(leads("`@ana #pipeline` [@ana](https://example.org) x@ana https://example.org/#pipeline")).toEqual(
      [],
    );
  });
});

test("few emoji alone are large", () => {
  for (const text of ["👍", "🎉 🎉", "👩🏽‍🔬", "🏳️‍🌈🇩🇪", "❤️", "1️⃣", "👍👍👍👍👍👍", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
    expect(isFewEmoji(text), text).toBe(true);
  for (const text of ["", " ", "1", "#", "👍 ok", "👍👍👍👍👍👍👍", "🎉".repeat(10_000), "a"])
    expect(isFewEmoji(text), text.slice(0, 20)).toBe(false);
});

test("one line is a line", () => {
  expect(plain("# Title\n\n- **a** `b`\n- [x] [c](https://example.org)")).toBe("Title a b c");
  expect(plain("takes *all* of 2 * 3 _now_ snake_case_name")).toBe("takes all of 2 * 3 now snake_case_name");
  expect(plain("```sql\nselect 1\n```")).toBe("select 1");
  expect(plain("x".repeat(500), 100)).toHaveLength(100);
});
