import { describe, expect, test } from "vitest";
import { type Copied, pasted } from "../src/paste";

const copied = (data: Record<string, string>): Copied => ({
  types: Object.keys(data),
  getData: (type) => data[type] ?? "",
});
const text = (text: string) => pasted(copied({ "text/plain": text }));

describe("a table", () => {
  test("of a spreadsheet becomes one of Markdown, numbers to the right", () => {
    const html = `<meta charset="utf-8"><style>td {color: red}</style><table><colgroup><col></colgroup>
      <tr><td>Port</td><td>Calls</td></tr><tr><td>Haifa</td><td>1,204</td></tr>
      <tr><td>Rot|terdam</td><td>88 %</td></tr></table>`;
    expect(pasted(copied({ "text/plain": "Port\tCalls\n…", "text/html": html }))).toEqual({
      kind: "table",
      text: "Port\tCalls\n…",
      markdown: "| Port | Calls |\n| --- | --: |\n| Haifa | 1,204 |\n| Rot\\|terdam | 88 % |",
    });
  });

  test("as a data frame draws it, with merged cells", () => {
    const html =
      '<div><table><thead><tr><th></th><th colspan="2">n</th></tr></thead><tbody><tr><th>0</th><td>1</td><td>2</td></tr></tbody></table></div>';
    expect(pasted(copied({ "text/html": html, "text/plain": "" }))).toMatchObject({
      markdown: "|  | n |  |\n| --: | --: | --: |\n| 0 | 1 | 2 |",
    });
  });

  test("of lines with tabs, and cells in quotes that hold a line end", () => {
    expect(text('a\tb\r\n1\t"two\r\nlines ""here"""\r\n')).toMatchObject({
      kind: "table",
      markdown: '| a | b |\n| --: | --- |\n| 1 | two lines "here" |',
    });
    expect(text("a\tb\n\tempty first")).toMatchObject({ kind: "table" });
  });

  test.each([
    ["one line", "a\tb"],
    ["one column", "a\nb\nc"],
    ["different widths", "a\tb\n1"],
    ["lines that are moved in", "\tif x:\n\t\ty"],
    ["plain words", "Hello,\nhow are you?"],
    ["nothing", ""],
  ])("is not made of %s", (_, said) => {
    expect(text(said)?.kind).not.toBe("table");
  });

  test("is not made of a page that has a table somewhere", () => {
    const html = "<p>Before</p><table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>";
    expect(pasted(copied({ "text/html": html, "text/plain": "Before a b 1 2" }))).toBeNull();
  });
});

describe("code", () => {
  test.each([
    ["python", "import pandas as pd\n\ndf = pd.read_csv('a.csv')\nprint(df.head())", "python"],
    ["python", "def f(x):\n    return x + 1", "python"],
    ["sql", "SELECT port, count(*)\nFROM calls\nWHERE year = 2026\nGROUP BY port", "sql"],
    ["javascript", "const a = 1;\nif (a) {\n  go(a);\n}", ""],
    ["a traceback", 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    f(1)', ""],
  ])("in %s is known by its looks", (_, said, language) => {
    expect(text(said)).toEqual({ kind: "code", text: said, language });
  });

  test.each([
    "Dear all,\nplease look at this: it is slow.\nThank you,\nBo",
    "- milk\n- bread\n- x = 1",
    "1. First\n2. Second (see below)\n3. Third",
    "What I need:\n\nmore time,\nless talk;\nand coffee.",
    "x = 1",
    "```\ncode = 1\nmore = 2\n```",
    "https://example.org/a\nhttps://example.org/b",
  ])("is not seen in %j", (said) => {
    expect(text(said)).toBeNull();
  });

  test("from an editor needs no looks, and has its language", () => {
    const from = (mode: string, plain: string) =>
      pasted(copied({ "text/plain": plain, "vscode-editor-data": JSON.stringify({ mode }) }));
    expect(from("rust", "one\ntwo")).toEqual({ kind: "code", text: "one\ntwo", language: "rust" });
    expect(from("markdown", "one\ntwo")).toBeNull();
    expect(from("rust", "one")).toBeNull();
    expect(from("python\n` evil", "one\ntwo")).toMatchObject({ language: "" });
    expect(pasted(copied({ "text/plain": "a\nb", "vscode-editor-data": "{" }))).toMatchObject({
      kind: "code",
    });
  });
});
