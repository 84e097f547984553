/** What was copied, as the browser gives it. */
export interface Copied {
  readonly types: readonly string[];
  getData(type: string): string;
}

/** What a pasted text may become. */
export type Pasted =
  | { kind: "table"; markdown: string; text: string }
  | { kind: "code"; text: string; language: string };

/** More cells than this are no table that somebody reads. */
const CELLS = 5_000;

export function pasted(copied: Copied): Pasted | null {
  const text = copied.getData("text/plain").replace(/\r\n?/g, "\n");
  const from = editor(copied);
  if (from === null) {
    const html = copied.types.includes("text/html") ? tableOf(copied.getData("text/html")) : null;
    const cells = html ?? separated(text);
    if (cells) return { kind: "table", markdown: markdownOf(cells), text };
  }
  if (!text.trim().includes("\n") || text.includes("```")) return null;
  if (from !== null ? from !== "plaintext" && from !== "markdown" : looksLikeCode(text))
    return { kind: "code", text, language: from || guess(text) };
  return null;
}

/** The language that an editor says, "" where it says none, null where the text is from none. */
function editor(copied: Copied): string | null {
  if (!copied.types.some((type) => /vscode|vnd\.code|jupyter|codemirror/i.test(type))) return null;
  try {
    const { mode } = JSON.parse(copied.getData("vscode-editor-data"));
    return typeof mode === "string" && /^[\w+#-]+$/.test(mode) ? mode : "";
  } catch {
    return "";
  }
}

// ---------------------------------------------------------------- tables

/** The cells of a piece of HTML that is one table and nothing else. */
function tableOf(html: string): string[][] | null {
  if (!/<table[\s>]/i.test(html)) return null;
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const tables = body.querySelectorAll("table");
  const [table] = tables;
  if (!table || tables.length > 1) return null;
  const rows = [...table.rows].map((row) =>
    [...row.cells].flatMap((cell) => [
      (cell.textContent ?? "").replace(/\s+/g, " ").trim(),
      ...Array<string>(Math.min(CELLS, Math.max(1, cell.colSpan)) - 1).fill(""),
    ]),
  );
  table.remove();
  for (const other of body.querySelectorAll("style, script, meta, title")) other.remove();
  return body.textContent?.trim() ? null : grid(rows);
}

/** The cells of lines with tabs between, as a spreadsheet copies them: one with line ends stands in quotes. */
function separated(text: string): string[][] | null {
  if (!text.includes("\t")) return null;
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/gy;
  const whole = text.replace(/\n+$/, "");
  while (cell.lastIndex <= whole.length) {
    const found = cell.exec(whole);
    if (!found) return null;
    row.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? "").replace(/\s+/g, " ").trim());
    if (found[3] === "\t") continue;
    rows.push(row);
    row = [];
    if (found[3] === "") break;
  }
  const width = rows[0]?.length ?? 0;
  // Lines that begin with tabs are code; lines of different widths are a text with tabs.
  if (rows.some((cells) => cells.length !== width) || !rows[0]?.[0]) return null;
  return grid(rows);
}

function grid(rows: string[][]): string[][] | null {
  const filled = rows.filter((row) => row.some((cell) => cell));
  const width = Math.max(0, ...filled.map((row) => row.length));
  if (filled.length < 2 || width < 2 || filled.length * width > CELLS) return null;
  return filled.map((row) => [...row, ...Array<string>(width - row.length).fill("")]);
}

const NUMBER = /^[-+−]?[\d.,\u00a0 ]*\d[\d.,]*\s?(?:%|€|\$|£)?$/;

function markdownOf(cells: string[][]): string {
  const [head = [], ...rows] = cells;
  const escaped = (cell: string) => cell.replaceAll("\\", "\\\\").replaceAll("|", "\\|");
  const line = (row: string[]) => `| ${row.map(escaped).join(" | ")} |`;
  const rule = head.map((_, at) => {
    const values = rows.map((row) => row[at] ?? "").filter((cell) => cell);
    return values.length > 0 && values.every((cell) => NUMBER.test(cell)) ? "--:" : "---";
  });
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

// ---------------------------------------------------------------- code

const CODE: readonly RegExp[] = [
  /^\s*(?:async\s+)?(?:def|class)\s+\w+.*:\s*(?:#.*)?$/,
  /^\s*(?:if|elif|else|for|while|with|try|except|finally|match|case)\b.*:\s*(?:#.*)?$/,
  /^\s*(?:import|from)\s+[\w.]+(?:\s+(?:import|as)\s+.+)?;?$/,
  /^\s*(?:import|export)\s.*from\s+["'].*$/,
  /^\s*(?:return|yield|raise|throw|await|assert)\b(?:\s+[\w([{"'`-].*)?;?$/,
  /^\s*(?:export\s+)?(?:async\s+)?function\b|=>\s*[{(]?|^\s*(?:const|let|var)\s+[\w{[]/,
  /^\s*(?:public|private|static|void|int|double|struct|impl|fn|func|package|using)\s.*[{;(]\s*$/,
  /^\s*(?:SELECT|FROM|WHERE|INSERT INTO|UPDATE|CREATE TABLE|GROUP BY|ORDER BY|LEFT JOIN|JOIN)\b/,
  /^\s*#\s*include\s*[<"]|^#!\//,
  /^\s*[\w.[\]"']+\s*(?:[-+*/|&]?=|<-|:=)\s*\S/,
  /^\s*[\w.]+\(.*\)\s*[;:{]?\s*(?:#.*|\/\/.*)?$/,
  /[;{}]\s*$/,
  /^\s*[)\]}]+[,;]?\s*$/,
  /^\s*@[\w.]+(?:\(.*\))?$/,
  /^\s*<\/?\w+[^>]*>\s*$/,
  /^(?:>>> |\.\.\. |\$ |In \[\d*\]:)/,
  /^Traceback \(most recent call last\):$|^\s+File ".*", line \d+/,
];

function looksLikeCode(text: string): boolean {
  const lines = text.split("\n", 200).filter((line) => line.trim());
  const like = lines.filter((line) => line.length < 400 && CODE.some((sign) => sign.test(line))).length;
  const inner = lines.filter((line) => /^(?: {2,}|\t)\S/.test(line)).length;
  const prose = lines.filter((line) => /^\s*(?:[-*+]|\d+[.)])\s/.test(line)).length;
  return like >= 2 && like + Math.min(inner, like) / 2 - prose >= lines.length / 2;
}

function guess(text: string): string {
  if (/^\s*(?:def \w+\(.*:|class \w+.*:|from [\w.]+ import |import \w+(?: as \w+)?$)/m.test(text))
    return "python";
  if (/^\s*SELECT\b[\s\S]*\bFROM\b/im.test(text)) return "sql";
  return "";
}
