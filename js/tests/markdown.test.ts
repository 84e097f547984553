import { describe, expect, test } from "vitest";
import { plain, render } from "../src/markdown";

function html(text: string, mentioned?: Parameters<typeof render>[1]): string {
  const element = document.createElement("div");
  element.append(render(text, mentioned));
  return element.innerHTML.trim();
}

const ALLOWED = new Set(
  "a p br hr em strong del code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 table thead tbody tr th td span".split(
    " ",
  ),
);

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

  test("tables keep their alignment", () => {
    const made = html("| a | b |\n|---|--:|\n| 1 | 2 |");
    expect(made).toContain('<th align="right">b</th>');
    expect(made).toContain('<td align="right">2</td>');
  });

  test("links open beside, and tell nobody where one comes from", () => {
    expect(html("[a](https://example.org/x)")).toBe(
      '<p><a href="https://example.org/x" target="_blank" rel="noopener noreferrer">a</a></p>',
    );
    expect(html("me@example.org")).toContain('href="mailto:me@example.org"');
  });

  test("pictures are links: nothing is loaded from outside", () => {
    const made = html("![a plot](https://example.org/plot.png)");
    expect(made).not.toContain("<img");
    expect(made).toContain('href="https://example.org/plot.png"');
    expect(made).toContain(">a plot</a>");
  });
});

describe("hostile text", () => {
  test.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61script:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](blob:https://example.org/1)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](javascript:alert(1))",
    '![x]("onerror=alert(1))',
    '!["onerror=alert(1) x="](https://example.org/a)',
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org/"onmouseover="alert(1))',
    '```"><script>alert(1)</script>\nx\n```',
    '``` x" onclick="alert(1)\ncode\n```',
    "<details open ontoggle=alert(1)>",
    "<form><button formaction=javascript:alert(1)>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<style>@import 'https://example.org/x.css'</style>",
    '<p style="background:url(https://example.org)">x</p>',
    '<div class="cc-dialog" id="x">x</div>',
    '<base href="https://example.org/">',
    "<meta http-equiv=refresh content=0>",
    "<object data=x></object><embed src=x>",
    "<video><source onerror=alert(1)></video>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "[a]: javascript:alert(1)\n[a]",
    "| <img src=x onerror=alert(1)> |\n|---|\n| [x](javascript:alert(1)) |",
    "\u0000<scr\u0000ipt>alert(1)</scr\u0000ipt>",
    "<<script>script>alert(1)<</script>/script>",
    '<a name="constructor">x</a><form id="cookie">',
    "[x]( javascript:alert(1))",
    "[x](\u0001javascript:alert(1))",
    "[x](//example.org)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
  ])("%s", (text) => {
    const element = document.createElement("div");
    element.append(render(text, () => ({ name: '"><img src=x onerror=alert(1)>', me: false })));
    for (const found of element.querySelectorAll("*")) {
      expect(ALLOWED).toContain(found.localName);
      for (const { name, value } of found.attributes) {
        expect(["href", "title", "start", "align", "target", "rel", "class"]).toContain(name);
        if (name === "href") expect(value).toMatch(/^(https?:|mailto:)/);
        if (name === "class") expect(value).toMatch(/^cc-(mention( cc-mention-me)?|task)$/);
      }
    }
  });

  test.each([
    ["a name in quotes", "> ".repeat(20_000)],
    ["brackets", "[".repeat(40_000)],
    ["numbers", "1. ".repeat(13_000)],
  ])("of a kind that breaks parsers is shown as it is: %s", (_, text) => {
    expect(html(text).length).toBeGreaterThan(0);
  });
});

describe("mentions", () => {
  const mentioned = (handle: string) =>
    ({ ana: { name: "Ana", me: true }, bo: { name: "Bo", me: false }, "c.d": { name: "Cd", me: false } })[
      handle
    ] ?? null;

  test("are marked where somebody is called so", () => {
    expect(html("@ana and @bo.", mentioned)).toBe(
      '<p><span class="cc-mention cc-mention-me" title="Ana">@ana</span> and <span class="cc-mention" title="Bo">@bo</span>.</p>',
    );
    expect(html("hi @c.d, @nobody", mentioned)).toContain('title="Cd">@c.d</span>, @nobody');
  });

  test("are none in code, in links and in addresses", () => {
    expect(html("`@ana` [@ana](https://example.org) x@ana", mentioned)).not.toContain("cc-mention");
  });
});

test("one line is a line", () => {
  expect(plain("# Title\n\n- **a** `b`\n- [x] [c](https://example.org)")).toBe("Title a b c");
  expect(plain("takes *all* of 2 * 3 _now_ snake_case_name")).toBe("takes all of 2 * 3 now snake_case_name");
  expect(plain("```sql\nselect 1\n```")).toBe("select 1");
  expect(plain("x".repeat(500), 100)).toHaveLength(100);
});
