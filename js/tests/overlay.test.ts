import { expect, test } from "vitest";
import { withEntry } from "../src/state/overlay";
import { dice } from "./support/acts";

test.each([1, 2, 3, 4, 5])("a map with changes over it is as a copy would be (seed %i)", (seed) => {
  const roll = dice(seed);
  let copy = new Map(Array.from({ length: 60 + roll(80) }, (_, i) => [`k${i}`, { n: i }]));
  let map: ReadonlyMap<string, { n: number }> = copy;
  for (let step = 0; step < 400; step++) {
    const key = `k${roll(200)}`;
    const value = { n: step };
    const before = map;
    const held = before.get(key);
    copy = new Map(copy).set(key, value);
    map = withEntry(map, key, value);
    expect(before.get(key)).toBe(held);
    expect(map.get(key)).toBe(value);
    expect(map.size).toBe(copy.size);
    if (step % 37 > 0) continue;
    expect([...map]).toEqual([...copy]);
    expect([...map.keys()]).toEqual([...copy.keys()]);
    expect([...map.values()]).toEqual([...copy.values()]);
    const seen: unknown[] = [];
    map.forEach((value, key) => {
      seen.push([key, value]);
    });
    expect(seen).toEqual([...copy]);
    expect(map.has("nobody")).toBe(false);
    expect(map.get("nobody")).toBeUndefined();
  }
});
