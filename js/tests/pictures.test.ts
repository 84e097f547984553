import { describe, expect, test } from "vitest";
import type { Entry } from "../src/components/files/entries";
import { rowsOf, widthOf } from "../src/components/files/shape";
import { FIT, fitted, held, zoomed } from "../src/components/files/zoom";

const picture = (width: number, height: number, at = 1): Entry =>
  ({ id: `7-${at}`, message: "7", room: "1", file: { name: `${at}.png`, width, height } }) as Entry;

describe("pictures side by side", () => {
  test("stand in even rows of at most three, all of them, in order", () => {
    for (let n = 1; n <= 9; n++) {
      const all = Array.from({ length: n }, (_, at) => picture(800, 600, at + 1));
      const rows = rowsOf(all);
      expect(rows.flat().map(({ entry }) => entry)).toEqual(all);
      const sizes = rows.map((row) => row.length);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(3);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  test("have a place that is neither too wide nor too high, nor too small for a finger", () => {
    for (const width of [1, 16, 300, 4_000, 60_000])
      for (const height of [1, 16, 300, 4_000, 60_000]) {
        const [row = []] = rowsOf([picture(width, height)]);
        const wide = widthOf(row);
        const high = wide / (row[0]?.ratio ?? 1);
        expect(wide).toBeLessThanOrEqual(480);
        expect(high).toBeLessThanOrEqual(301);
        expect(Math.max(wide, high)).toBeGreaterThanOrEqual(71);
      }
  });

  test("keep their own shape, unless it is extreme", () => {
    const shapes = [picture(1_600, 1_000), picture(600, 900), picture(9_000, 100), picture(100, 9_000)];
    expect(
      rowsOf(shapes)
        .flat()
        .map(({ ratio }) => ratio),
    ).toEqual([1.6, 0.667, 3.2, 0.45]);
  });
});

describe("a picture in large", () => {
  const stage = { width: 700, height: 500 };

  test("fits, and is never drawn larger than it is by itself", () => {
    expect(fitted({ width: 1_400, height: 500 }, stage)).toEqual({ width: 700, height: 250 });
    expect(fitted({ width: 40, height: 30 }, stage)).toEqual({ width: 40, height: 30 });
  });

  test("holds still under the pointer while it grows and shrinks", () => {
    const point = { x: 120, y: -80 };
    let lie = { scale: 2, x: 30, y: 10 };
    const under = (at: typeof lie) => ({ x: (point.x - at.x) / at.scale, y: (point.y - at.y) / at.scale });
    const before = under(lie);
    for (const factor of [1.5, 1.2, 0.9, 2]) {
      lie = zoomed(lie, factor, point);
      expect(under(lie).x).toBeCloseTo(before.x);
      expect(under(lie).y).toBeCloseTo(before.y);
    }
  });

  test("grows within bounds, and does not leave its stage", () => {
    let lie = FIT;
    for (let n = 0; n < 20; n++) lie = zoomed(lie, 2);
    expect(lie.scale).toBe(16);
    for (let n = 0; n < 20; n++) lie = zoomed(lie, 0.5);
    expect(lie.scale).toBe(1);
    const fit = { width: 700, height: 250 };
    expect(held({ scale: 1, x: 50, y: -90 }, fit, stage)).toEqual({ scale: 1, x: 0, y: 0 });
    expect(held({ scale: 2, x: 9_999, y: -9_999 }, fit, stage)).toEqual({ scale: 2, x: 350, y: 0 });
    expect(held({ scale: 4, x: -9_999, y: 9_999 }, fit, stage)).toEqual({ scale: 4, x: -1_050, y: 250 });
  });
});
