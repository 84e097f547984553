import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Frequent } from "../emoji/frequent";
import { type Tone, withSkin } from "../emoji/skin";
import { type Emoji, GROUPS, type Table } from "../emoji/table";
import { t } from "../i18n";
import { loadEmoji } from "./composer/emoji";
import { useStore, useView } from "./view";

const COLUMNS = 8;
/** Pixels: the style sheet has them too. */
const ROW = 36;
const HEAD = 30;
const SIGHT = 288;

/** A table has no place for what is not drawn. */
const grid = (rows: number) =>
  ({ role: "grid", "aria-label": t("Emoji"), "aria-rowcount": rows, "aria-colcount": COLUMNS }) as const;
const row = (at: number) => ({ role: "row", "aria-rowindex": at + 1 }) as const;
const CELL = { role: "gridcell" } as const;

type Line = { top: number } & ({ head: string } | { cells: Cell[]; row: number });
interface Cell {
  emoji: string;
  label: string;
  hint: string;
}

/** Emoji to pick from: found by name, in groups; only what is in sight is drawn. */
export function Palette({ onPick }: { onPick: (emoji: string) => void }) {
  const { panel } = useView();
  const skin = useStore((state) => state.preferences.skin) as Tone;
  const [table, setTable] = useState<Table | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [words, setWords] = useState("");
  const [top, setTop] = useState(0);
  /** The cell that Tab reaches: row and column. */
  const [at, setAt] = useState<[number, number]>([0, 0]);
  const field = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef(false);
  /** Enter was pressed: keys may be quicker than the table, and than drawing. */
  const due = useRef(false);
  const frequent = useMemo(() => new Frequent(panel.memory.lasting), [panel]);

  useEffect(() => {
    let here = true;
    const bring = () =>
      loadEmoji().then(
        (found) => here && setTable(found),
        (error: Error) => here && setProblem(error.message),
      );
    void bring();
    return () => {
      here = false;
    };
  }, []);
  // It may have come after the sheet that it is in.
  useEffect(() => field.current?.focus(), []);

  const lines = useMemo(() => linesOf(table, words, skin, frequent), [table, words, skin, frequent]);
  const rows = useMemo(() => lines.flatMap((line) => ("cells" in line ? [line] : [])), [lines]);
  const height = lines.length === 0 ? 0 : heightOf(lines.at(-1)) + (lines.at(-1)?.top ?? 0);

  useLayoutEffect(() => {
    setAt([0, 0]);
    setTop(0);
    if (box.current) box.current.scrollTop = 0;
  }, [words, table]);

  useLayoutEffect(() => {
    if (!wanted.current) return;
    wanted.current = false;
    box.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus({ preventScroll: true });
  });

  const pick = (emoji: string) => {
    frequent.use(emoji);
    onPick(emoji);
  };
  const pickFirst = () => {
    if (!due.current || !table || field.current?.value !== words) return;
    due.current = false;
    const first = rows[0]?.cells[0];
    if (first) pick(first.emoji);
  };
  useLayoutEffect(pickFirst);
  const move = (row: number, column: number) => {
    const line = rows[row];
    if (!line) return;
    const element = box.current;
    if (element) {
      const room = element.clientHeight || SIGHT;
      if (line.top < element.scrollTop + HEAD) element.scrollTop = Math.max(0, line.top - HEAD);
      else if (line.top + ROW > element.scrollTop + room) element.scrollTop = line.top + ROW - room;
      setTop(element.scrollTop);
    }
    setAt([row, Math.max(0, Math.min(column, line.cells.length - 1))]);
    wanted.current = true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [row, column] = at;
    const length = rows[row]?.cells.length ?? 0;
    const steps: Record<string, [number, number] | undefined> = {
      ArrowRight: column + 1 < length ? [row, column + 1] : [row + 1, 0],
      ArrowLeft: column > 0 ? [row, column - 1] : [row - 1, COLUMNS],
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      Home: [row, 0],
      End: [row, length - 1],
      PageDown: [Math.min(rows.length - 1, row + 6), column],
      PageUp: [Math.max(0, row - 6), column],
    };
    const next = steps[event.key];
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    if (next[0] < 0) field.current?.focus();
    else move(...next);
  };

  const seen = lines.filter(
    (line) => line.top + heightOf(line) > top - 2 * ROW && line.top < top + SIGHT + 2 * ROW,
  );
  return (
    <div class="cc-palette">
      <input
        ref={field}
        class="cc-input"
        type="text"
        data-first
        aria-label={t("Find an emoji")}
        placeholder={t("Find an emoji")}
        autocomplete="off"
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          due.current = event.key === "Enter" && event.currentTarget.value.trim() !== "";
          if (event.key === "Enter") {
            event.preventDefault();
            pickFirst();
          }
          if (event.key === "ArrowDown") {
            event.preventDefault();
            event.stopPropagation();
            move(at[0], at[1]);
          }
        }}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it is a grid */}
      <div
        ref={box}
        class="cc-palette-grid"
        {...grid(rows.length)}
        aria-busy={table === null && problem === null}
        tabIndex={-1}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: `${height}px` }} role="presentation">
          {seen.map((line) =>
            "head" in line ? (
              <div
                key={line.head}
                class="cc-palette-head"
                style={{ top: `${line.top}px` }}
                role="presentation"
              >
                <span>{line.head}</span>
              </div>
            ) : (
              <div
                key={`row-${line.row}`}
                class="cc-palette-row"
                {...row(line.row)}
                style={{ top: `${line.top}px` }}
              >
                {line.cells.map(({ emoji, label, hint }, column) => (
                  <div key={emoji} {...CELL}>
                    <button
                      type="button"
                      aria-label={label}
                      title={hint}
                      tabIndex={line.row === at[0] && column === at[1] ? 0 : -1}
                      onFocus={() => setAt([line.row, column])}
                      onClick={() => pick(emoji)}
                    >
                      {emoji}
                    </button>
                  </div>
                ))}
              </div>
            ),
          )}
        </div>
        {table !== null && rows.length === 0 && <p class="cc-hint">{t("None is called so.")}</p>}
        {problem !== null && (
          <p class="cc-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <Tones skin={skin} onChoose={(skin) => panel.setPreferences({ skin })} />
    </div>
  );
}

export default Palette;

const heightOf = (line: Line | undefined): number => (line && "head" in line ? HEAD : ROW);

function linesOf(table: Table | null, words: string, skin: Tone, frequent: Frequent): Line[] {
  if (!table) return [];
  const lines: Line[] = [];
  let top = 0;
  let count = 0;
  const add = (head: string | null, cells: Cell[]) => {
    if (cells.length === 0) return;
    if (head !== null) {
      lines.push({ head, top });
      top += HEAD;
    }
    for (let from = 0; from < cells.length; from += COLUMNS) {
      lines.push({ cells: cells.slice(from, from + COLUMNS), top, row: count });
      top += ROW;
      count += 1;
    }
  };
  const cell = (one: Emoji): Cell => ({
    emoji: withSkin(one, skin),
    label: one.label,
    hint: `${one.label} :${one.names[0] ?? ""}:`,
  });
  if (words.trim()) {
    add(null, table.search(words, 200).map(cell));
    return lines;
  }
  const used = frequent.list(2 * COLUMNS).map((emoji): Cell => {
    const known = table.of(emoji);
    return known ? { ...cell(known), emoji } : { emoji, label: emoji, hint: emoji };
  });
  add(t("Used often"), used);
  for (const [group, name] of GROUPS.entries())
    add(name(), table.all.filter((one) => one.group === group).map(cell));
  return lines;
}

const tones = (): [Tone, string][] => [
  [0, t("No skin tone")],
  [1, t("Light skin")],
  [2, t("Medium-light skin")],
  [3, t("Medium skin")],
  [4, t("Medium-dark skin")],
  [5, t("Dark skin")],
];
const HAND = { emoji: "✋", skin: true };

/** The tone of skin, for all emoji that have one. */
function Tones({ skin, onChoose }: { skin: Tone; onChoose: (skin: Tone) => void }) {
  return (
    <fieldset class="cc-tones">
      <legend>{t("Skin tone")}</legend>
      {tones().map(([tone, label]) => (
        <label key={tone} title={label}>
          <input
            type="radio"
            name="cc-tone"
            aria-label={label}
            checked={skin === tone}
            onChange={() => onChoose(tone)}
          />
          <span aria-hidden="true">{withSkin(HAND, tone)}</span>
        </label>
      ))}
    </fieldset>
  );
}
