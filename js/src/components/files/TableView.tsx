import { t, tn } from "../../i18n";
import type { Column, TablePreview } from "../../protocol";
import { number } from "../../time";

const FEW = { rows: 6, columns: 12 };
const NUMBERS =
  /^(?:U?(?:TINY|SMALL|HUGE|BIG)?INT(?:EGER)?|FLOAT|DOUBLE|REAL|DECIMAL.*|NUMERIC.*|u?int\d+|float\d*|double)/i;

interface Props {
  preview: TablePreview;
  tab: number;
  large: boolean;
  onOpen?: (() => void) | undefined;
}

/** A data file: its columns with their types and how their values are spread, and its first rows. */
export function TableView({ preview, tab, large, onOpen }: Props) {
  const columns = large ? preview.columns : preview.columns.slice(0, FEW.columns);
  const rows = large ? preview.rows : preview.rows.slice(0, FEW.rows);
  const right = columns.map(({ type }) => NUMBERS.test(type));
  const more = !large && (rows.length < preview.rows.length || columns.length < preview.columns.length);
  return (
    <div class="cc-data">
      <p class="cc-file-caption">
        {captionOf(preview)}
        {more && onOpen && (
          <button type="button" class="cc-link-button" tabIndex={tab} onClick={onOpen}>
            {t("Show more")}
          </button>
        )}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: no form is in it */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <div class="cc-data-scroll" role="group" aria-label={t("Data")} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((column, at) => (
                <th key={at} scope="col" data-right={right[at] || undefined}>
                  <Head column={column} lookedAt={preview.looked_at} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={at}>
                {columns.map((_, column) => (
                  <Value key={column} value={row[column]} right={right[column] === true} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {preview.looked_at > 0 && preview.n_rows !== null && preview.looked_at < preview.n_rows && large && (
        <p class="cc-file-caption">
          {t("The figures of the columns are about the first {n} rows.", { n: number(preview.looked_at) })}
        </p>
      )}
    </div>
  );
}

function captionOf({ n_rows, n_columns, columns, sheets }: TablePreview): string {
  const across = Math.max(n_columns, columns.length);
  const parts = [
    n_rows === null ? t("many rows") : tn(n_rows, "1 row", "{n} rows", { n: number(n_rows) }),
    tn(across, "1 column", "{n} columns", { n: number(across) }),
  ];
  if (sheets.length > 1)
    parts.push(t("sheet {name}, the first of {n}", { name: sheets[0] ?? "", n: number(sheets.length) }));
  return parts.join(" · ");
}

/** A cell of the table; a value that is not there looks like none. */
function Value({ value, right }: { value: string | null | undefined; right: boolean }) {
  if (value === null || value === undefined)
    return (
      <td data-none data-right={right || undefined}>
        —
      </td>
    );
  return (
    <td data-right={right || undefined} title={value.length > 40 ? value : undefined}>
      <bdi>{value}</bdi>
    </td>
  );
}

function Head({ column, lookedAt }: { column: Column; lookedAt: number }) {
  return (
    <span class="cc-data-head" title={factsOf(column, lookedAt)}>
      <bdi>{column.name}</bdi>
      <span class="cc-data-type">{column.type.toLowerCase()}</span>
      <Spread column={column} lookedAt={lookedAt} />
    </span>
  );
}

/** What is known of a column, in words. */
function factsOf({ nulls, distinct, least, greatest, common }: Column, lookedAt: number): string {
  const facts: string[] = [];
  if (least !== null && greatest !== null) facts.push(t("from {least} to {greatest}", { least, greatest }));
  if (distinct !== null) facts.push(tn(distinct, "1 value", "{n} values", { n: number(distinct) }));
  if (nulls > 0)
    facts.push(
      t("{n} of {all} rows without a value", { n: number(nulls), all: number(Math.max(lookedAt, nulls)) }),
    );
  for (const [value, n] of common.slice(0, 5)) facts.push(`${value}: ${number(n)}`);
  return facts.join("\n");
}

/** How the values of a column are spread, very small: bars of its range, or the share of its commonest values. */
function Spread({ column: { bars, common, nulls }, lookedAt }: { column: Column; lookedAt: number }) {
  const most = Math.max(0, ...bars);
  if (most > 0)
    return (
      <span class="cc-data-bars" aria-hidden="true">
        {bars.map((n, at) => (
          <i key={at} style={{ height: `${n === 0 ? 0 : Math.max(8, (n / most) * 100)}%` }} />
        ))}
      </span>
    );
  const all = Math.max(
    lookedAt - nulls,
    common.reduce((sum, [, n]) => sum + n, 0),
  );
  // Where each value is there once, nothing is common.
  if (common.length === 0 || all === 0 || (common[0]?.[1] ?? 0) < 2)
    return <span class="cc-data-bars" aria-hidden="true" />;
  return (
    <span class="cc-data-shares" aria-hidden="true">
      {common.slice(0, 4).map(([value, n]) => (
        <i key={value} style={{ width: `${(n / all) * 100}%` }} />
      ))}
    </span>
  );
}
