/** Times as the reader's clock and habits show them; the words are English, as the panel is. */
const locale = (): string => (navigator.language?.startsWith("en") ? navigator.language : "en-GB");

const formats = new Map<string, Intl.DateTimeFormat>();
function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  let found = formats.get(name);
  if (!found) {
    found = new Intl.DateTimeFormat(locale(), options);
    formats.set(name, found);
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
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
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
  if (ago === 1) return "Yesterday";
  if (ago < 7) return format("weekday", { weekday: "short" }).format(date(micros));
  return date(micros).getFullYear() === now.getFullYear()
    ? format("short", { day: "numeric", month: "short" }).format(date(micros))
    : format("short-year", { day: "numeric", month: "short", year: "numeric" }).format(date(micros));
}
