import { t } from "./i18n";
import { clock, day, daysAgo } from "./time";

/** The hour of a day that comes without one. */
export const MORNING = 9;

/** The next of a weekday at nine: 1 is Monday. */
export function nextMorning(weekday: number | "tomorrow", now = new Date()): Date {
  const ahead = weekday === "tomorrow" ? 1 : ((weekday - now.getDay() + 6) % 7) + 1;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead, MORNING);
}

/** As the field of a date and a field of a time have it. */
export interface DateAndTime {
  date: string;
  time: string;
}

export const fieldsOf = (at: Date): DateAndTime => {
  const two = (n: number) => String(n).padStart(2, "0");
  return {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
};

/** A time to come, as the end of a sentence: "today at 14:05", "on Monday 23 November at 09:00". */
export function whenSaid(micros: number, now = new Date()): string {
  const time = clock(micros);
  const ahead = -daysAgo(micros, now);
  if (ahead === 0) return t("today at {time}", { time });
  if (ahead === 1) return t("tomorrow at {time}", { time });
  return t("on {day} at {time}", { day: day(micros, now), time });
}
