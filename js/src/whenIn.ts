import { MORNING } from "./when";

/** A time that somebody writes, in words or figures. */
export interface When {
  at: Date;
  /** What stands after it. */
  rest: string;
}

const UNITS: Record<string, number> = { m: 1, h: 60, d: 1_440, w: 10_080 };
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const SPAN =
  /^(?:in\s+)?(an?|\d{1,5})\s*(m|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![\p{L}\p{N}])\s*/iu;
const DAY =
  /^(?:on\s+|next\s+)?(today|tomorrow|sun(?:day)?|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|\d{4}-\d{1,2}-\d{1,2})(?![\p{L}\p{N}])\s*/iu;
const TIME = /^(?:at\s+)?(?:(\d{1,2})[:.](\d{2})\s*(am|pm)?|(\d{1,2})\s*(am|pm))(?![\p{L}\p{N}:])\s*/iu;
const HOUR = /^at\s+(\d{1,2})(?![\p{L}\p{N}:.])\s*/iu;

/** The time that a text begins with ("in 20 minutes", "tomorrow 9:00", "friday at 3pm"); null where none does. */
export function whenIn(text: string, now = new Date()): When | null {
  const span = SPAN.exec(text);
  if (span) {
    const [whole, number = "1", unit = "m"] = span;
    const minutes =
      (/^an?$/i.test(number) ? 1 : Number(number)) * (UNITS[unit[0]?.toLowerCase() ?? "m"] ?? 1);
    return { at: new Date(now.getTime() + minutes * 60_000), rest: text.slice(whole.length) };
  }
  const day = DAY.exec(text);
  const after = day ? text.slice(day[0].length) : text;
  const time = TIME.exec(after) ?? HOUR.exec(after);
  if (!day && !time) return null;
  const clock = time ? clockOf(time) : { hours: MORNING, minutes: 0 };
  const date = day ? dateOf(day[1]?.toLowerCase() ?? "", now) : now;
  if (!clock || !date) return null;
  const at = new Date(date.getFullYear(), date.getMonth(), date.getDate(), clock.hours, clock.minutes);
  // "9:00" after nine is tomorrow's; "monday" on a Monday is the next one.
  if (at <= now && !day) at.setDate(at.getDate() + 1);
  else if (at <= now && WEEKDAYS.some((name) => name.startsWith((day?.[1] ?? "").toLowerCase().slice(0, 3))))
    at.setDate(at.getDate() + 7);
  return { at, rest: time ? after.slice(time[0].length) : after };
}

function clockOf(found: RegExpExecArray): { hours: number; minutes: number } | null {
  const half = (found[3] ?? found[5])?.toLowerCase();
  let hours = Number(found[1] ?? found[4]);
  const minutes = /^\d+$/.test(found[2] ?? "") ? Number(found[2]) : 0;
  if (half && (hours < 1 || hours > 12)) return null;
  if (half) hours = (hours % 12) + (half === "pm" ? 12 : 0);
  return hours < 24 && minutes < 60 ? { hours, minutes } : null;
}

function dateOf(word: string, now: Date): Date | null {
  const day = (ahead: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead);
  if (word === "today") return day(0);
  if (word === "tomorrow") return day(1);
  const weekday = WEEKDAYS.findIndex((name) => name.startsWith(word.slice(0, 3)));
  if (weekday >= 0) return day((weekday - now.getDay() + 7) % 7);
  const [year = 0, month = 0, date = 0] = word.split("-").map(Number);
  const found = new Date(year, month - 1, date);
  return found.getMonth() === month - 1 && found.getDate() === date ? found : null;
}
