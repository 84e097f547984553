import type { Micros } from "../../protocol";

/** How long a status counts. */
export type Span = "as-is" | "half-hour" | "hour" | "today" | "never";

const MINUTE = 60_000;

/** When a status that begins now is over; null: when it is changed. */
export function endOf(span: Exclude<Span, "as-is">, now = new Date()): Micros | null {
  switch (span) {
    case "half-hour":
      return (now.getTime() + 30 * MINUTE) * 1000;
    case "hour":
      return (now.getTime() + 60 * MINUTE) * 1000;
    case "today":
      return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() * 1000;
    case "never":
      return null;
  }
}
