import { useRef } from "preact/hooks";
import { t } from "../../i18n";
import { brief } from "../../time";
import { Icon } from "../icons";
import { type Dates, periodOf, type Span, spanName } from "./query";

interface Props {
  dates: Dates | null;
  onChange: (dates: Dates | null) => void;
  onDone: () => void;
}

const SPANS: readonly Exclude<Span, "own">[] = ["week", "month", "last-month"];

/** Some usual spans, and days of one's own. */
export function DatesSheet({ dates, onChange, onDone }: Props) {
  const own = dates?.span === "own" ? dates : { from: "", to: "" };
  const days = useRef({ from: own.from, to: own.to });
  const change = (some: Partial<typeof days.current>) => {
    const next = { ...days.current, ...some };
    days.current = next;
    onChange(next.from || next.to ? { span: "own", ...next } : null);
  };
  const choose = (span: Span | null) => {
    onChange(span && { span, from: "", to: "" });
    onDone();
  };
  return (
    <div class="cc-shared-sheet">
      {[null, ...SPANS].map((span) => {
        const on = (dates?.span ?? null) === span;
        return (
          <button
            key={span ?? "any"}
            type="button"
            class="cc-menu-item"
            aria-pressed={on}
            data-first={on || undefined}
            onClick={() => choose(span)}
          >
            <span class="cc-tick">{on && <Icon name="check" size={15} />}</span>
            {span === null ? t("Any time") : spanName(span)}
          </button>
        );
      })}
      <div class="cc-shared-days">
        <label class="cc-field">
          <span>{t("From")}</span>
          <input
            class="cc-input"
            type="date"
            value={days.current.from}
            onInput={(event) => change({ from: event.currentTarget.value })}
          />
        </label>
        <label class="cc-field">
          <span>{t("Until")}</span>
          <input
            class="cc-input"
            type="date"
            value={days.current.to}
            onInput={(event) => change({ to: event.currentTarget.value })}
          />
        </label>
      </div>
    </div>
  );
}

/** A span as its chip says it. */
export function datesText(dates: Dates): string {
  if (dates.span !== "own") return spanName(dates.span);
  const { since, until } = periodOf(dates);
  const day = (at: number) => brief(at * 1_000);
  // The last day is the one before the midnight that ends it.
  const last = until === null ? null : until - 43_200_000;
  if (since === null) return last === null ? t("Any time") : t("Until {day}", { day: day(last) });
  if (last === null) return t("Since {day}", { day: day(since) });
  return t("{from} to {until}", { from: day(since), until: day(last) });
}
