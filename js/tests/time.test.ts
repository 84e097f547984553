import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { endOf } from "../src/components/status/span";
import { speak } from "../src/i18n";
import { brief, clock, day, firstDay, full, keepTo, startOfWeek } from "../src/time";

const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime() * 1000;
const AFTERNOON = at(2026, 9, 16, 15, 5);

beforeEach(() => {
  vi.spyOn(navigator, "language", "get").mockReturnValue("en-GB");
});
afterEach(() => {
  speak("en", {});
  keepTo({ clock: "auto", week: "auto" });
});

test("the clock is the language's, or the chosen one", () => {
  expect(clock(AFTERNOON)).toBe("15:05");
  keepTo({ clock: "12", week: "auto" });
  expect(clock(AFTERNOON).replace(/\s/g, " ")).toBe("3:05 pm");
  expect(full(AFTERNOON)).toMatch(/3:05/);
  keepTo({ clock: "24", week: "auto" });
  vi.mocked(vi.spyOn(navigator, "language", "get")).mockReturnValue("en-US");
  expect(clock(AFTERNOON)).toBe("15:05");
});

test("days are written in the language that is spoken", () => {
  const now = new Date(2026, 9, 18, 12);
  expect(day(AFTERNOON, now)).toBe("Friday 16 October");
  speak("de", { Yesterday: "Gestern" });
  expect(day(AFTERNOON, now)).toBe("Freitag, 16. Oktober");
  expect(brief(at(2026, 9, 17, 9, 0), now)).toBe("Gestern");
  expect(brief(at(2026, 8, 1, 9, 0), now)).toBe("1. Sept.");
});

test("a week begins where one chose", () => {
  keepTo({ clock: "auto", week: "monday" });
  expect(firstDay()).toBe(1);
  // A Sunday.
  const sunday = new Date(2026, 9, 18, 12);
  expect(new Date(startOfWeek(sunday)).getDate()).toBe(12);
  keepTo({ clock: "auto", week: "sunday" });
  expect(new Date(startOfWeek(sunday)).getDate()).toBe(18);
  keepTo({ clock: "auto", week: "saturday" });
  expect(new Date(startOfWeek(sunday)).getDate()).toBe(17);
});

test("a status is over when it says", () => {
  const now = new Date(2026, 9, 16, 15, 5);
  expect(endOf("half-hour", now)).toBe(at(2026, 9, 16, 15, 35));
  expect(endOf("hour", now)).toBe(at(2026, 9, 16, 16, 5));
  expect(endOf("today", now)).toBe(at(2026, 9, 17, 0, 0));
  expect(endOf("never", now)).toBeNull();
});
