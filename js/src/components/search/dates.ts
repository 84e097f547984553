import { t } from "../../i18n";
import { brief, day, firstDay, startOfWeek } from "../../time";
import { fieldsOf } from "../../when";

/** A date that is proposed. */
export interface Proposed {
  /** As a query has it. */
  value: string;
  title: string;
  /** The day or the days that it is. */
  about: string;
  /** What stands in the filter's place, where it is not the filter with this value. */
  said?: string;
}

const MONDAY = 1;

const shifted = (from: Date, days: number): Date =>
  new Date(from.getFullYear(), from.getMonth(), from.getDate() + days);
const iso = (at: Date): string => fieldsOf(at).date;

/** The day by its name, even of today. */
const written = (at: Date): string => day(at.getTime() * 1_000, shifted(at, 2));
const shortly = (at: Date): string => brief(at.getTime() * 1_000, shifted(at, 10));
const span = (first: Date, last: Date): string =>
  t("{first} to {last}", { first: shortly(first), last: shortly(last) });

/** The filters that say the same as a week, in days. */
function inDays(name: string, first: Date, last: Date): string {
  if (name === "before") return `before:${iso(first)}`;
  if (name === "after") return `after:${iso(last)}`;
  return `after:${iso(shifted(first, -1))} before:${iso(shifted(last, 1))}`;
}

/**
 * The days, weeks and months that one means most often, with their dates. The hub knows which day a week begins with
 * where that was chosen; else it takes Monday, and a reader's other week is said in days.
 */
export function proposedDates(name: string, chosen: boolean, now = new Date()): Proposed[] {
  const days: Proposed[] = [
    { value: "today", title: t("Today"), about: written(now) },
    { value: "yesterday", title: t("Yesterday"), about: written(shifted(now, -1)) },
  ];
  if (name === "on") return days;
  const week = new Date(startOfWeek(now));
  const weeks = [
    { value: "this week", title: t("This week"), first: week },
    { value: "last week", title: t("Last week"), first: shifted(week, -7) },
  ].map(({ value, title, first }): Proposed => {
    const last = shifted(first, 6);
    const said = chosen || firstDay() === MONDAY ? null : inDays(name, first, last);
    return { value, title, about: span(first, last), ...(said !== null && { said }) };
  });
  const month = (back: number) => new Date(now.getFullYear(), now.getMonth() - back, 1);
  const months: Proposed[] = [
    { value: "this month", title: t("This month"), about: span(month(0), shifted(month(-1), -1)) },
    { value: "last month", title: t("Last month"), about: span(month(1), shifted(month(0), -1)) },
  ];
  return [...days, ...weeks, ...months];
}
