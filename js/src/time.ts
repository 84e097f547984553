import { spoken, t } from "./i18n";
import type { Preferences } from "./protocol";

/** What a person chose about times. */
export type Habits = Pick<Preferences, "clock" | "week">;

let habits: Habits = { clock: "auto", week: "auto" };

/** Write times so from the next drawing on. */
export function keepTo({ clock, week }: Habits): void {
  if (clock !== habits.clock) formats.clear();
  habits = { clock, week };
}

/** The reader's own kind of the language that the panel speaks. */
export function locale(): string {
  const language = spoken();
  const own = navigator.language ?? "";
  if (own.split("-")[0] === language.split("-")[0]) return own;
  return language === "en" ? "en-GB" : language;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${name}`;
  let found = formats.get(key);
  if (!found) {
    const timed = options.hour || options.timeStyle;
    const cycle = habits.clock === "12" ? "h12" : habits.clock === "24" ? "h23" : null;
    found = new Intl.DateTimeFormat(locale(), { ...options, ...(timed && cycle && { hourCycle: cycle }) });
    formats.set(key, found);
  }
  return found;
}

const date = (micros: number): Date => new Date(micros / 1000);

export const clock = (micros: number): string =>
  format("clock", { hour: "numeric", minute: "2-digit" }).format(date(micros));

/** For names: always as long. */
export const clockName = (micros: number): string =>
  format("clock-name", { hour: "2-digit", minute: "2-digit" }).format(date(micros));

export const full = (micros: number): string =>
  format("full", { dateStyle: "full", timeStyle: "short" }).format(date(micros));

const startOfDay = (when: Date): number =>
  new Date(when.getFullYear(), when.getMonth(), when.getDate()).getTime();

/** How many days ago, by the reader's calendar. */
export const daysAgo = (micros: number, now = new Date()): number =>
  Math.round((startOfDay(now) - startOfDay(date(micros))) / 86_400_000);

/** "Today", "Yesterday", "Friday 16 October", with the year where it is another one. */
export function day(micros: number, now = new Date()): string {
  const ago = daysAgo(micros, now);
  if (ago === 0) return t("Today");
  if (ago === 1) return t("Yesterday");
  return date(micros).getFullYear() === now.getFullYear()
    ? format("day", { weekday: "long", day: "numeric", month: "long" }).format(date(micros))
    : format("day-year", { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(
        date(micros),
      );
}

/** As short as a list allows: a clock today, a weekday this week, else a date. */
export function brief(micros: number, now = new Date()): string {
  const ago = daysAgo(micros, now);
  if (ago <= 0) return clock(micros);
  if (ago === 1) return t("Yesterday");
  if (ago < 7) return format("weekday", { weekday: "short" }).format(date(micros));
  return date(micros).getFullYear() === now.getFullYear()
    ? format("short", { day: "numeric", month: "short" }).format(date(micros))
    : format("short-year", { day: "numeric", month: "short", year: "numeric" }).format(date(micros));
}

const DAYS = { sunday: 0, monday: 1, saturday: 6 } as const;

interface WeekLocale {
  getWeekInfo?: () => { firstDay: number };
  weekInfo?: { firstDay: number };
}

/** The day that a week begins with, as `Date.getDay` counts: 0 is Sunday. */
export function firstDay(): number {
  if (habits.week !== "auto") return DAYS[habits.week];
  const here = new Intl.Locale(locale()) as WeekLocale;
  const found = here.getWeekInfo?.() ?? here.weekInfo;
  return found ? found.firstDay % 7 : 1;
}

/** The midnight (milliseconds) that the week of a time began with. */
export function startOfWeek(now = new Date()): number {
  const back = (now.getDay() - firstDay() + 7) % 7;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - back).getTime();
}

/** A number as the reader's language writes it. */
export const number = (n: number): string => n.toLocaleString(locale());
