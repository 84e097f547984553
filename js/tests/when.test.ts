import { expect, test } from "vitest";
import { fieldsOf, nextMorning } from "../src/when";
import { whenIn } from "../src/whenIn";

/** A Friday. */
const NOW = new Date(2026, 10, 20, 14, 30, 10);
const said = (text: string) => {
  const found = whenIn(text, NOW);
  return found && [`${fieldsOf(found.at).date} ${fieldsOf(found.at).time}`, found.rest];
};

test.each([
  ["in 20 minutes look", "2026-11-20 14:50", "look"],
  ["in an hour look", "2026-11-20 15:30", "look"],
  ["2h look", "2026-11-20 16:30", "look"],
  ["in 3 days look", "2026-11-23 14:30", "look"],
  ["in 1 week look", "2026-11-27 14:30", "look"],
  ["tomorrow look", "2026-11-21 09:00", "look"],
  ["tomorrow 9:30 look", "2026-11-21 09:30", "look"],
  ["tomorrow at 8 look", "2026-11-21 08:00", "look"],
  ["today 18:00 look", "2026-11-20 18:00", "look"],
  ["at 3pm look", "2026-11-20 15:00", "look"],
  ["12am look", "2026-11-21 00:00", "look"],
  ["9:00 look", "2026-11-21 09:00", "look"],
  ["monday look", "2026-11-23 09:00", "look"],
  ["Friday 9:00 look", "2026-11-27 09:00", "look"],
  ["fri 16.15 look", "2026-11-20 16:15", "look"],
  ["on 2026-12-24 at 17:00 look", "2026-12-24 17:00", "look"],
])("%j", (text, at, rest) => {
  expect(said(text)).toEqual([at, rest]);
});

test.each(["look", "", "25:00 look", "13pm look", "2026-02-31 look", "in look", "minutes", "tomorrows"])(
  "no time in %j",
  (text) => {
    expect(said(text)).toBeNull();
  },
);

test("the next morning of a weekday", () => {
  expect(fieldsOf(nextMorning("tomorrow", NOW))).toEqual({ date: "2026-11-21", time: "09:00" });
  expect(fieldsOf(nextMorning(1, NOW))).toEqual({ date: "2026-11-23", time: "09:00" });
  expect(fieldsOf(nextMorning(5, NOW)).date).toBe("2026-11-27");
});
