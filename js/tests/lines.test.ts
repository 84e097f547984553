import { describe, expect, test } from "vitest";
import { placeAt } from "../src/components/side/drag";
import { type Line, linesOf, MOST, orderOf, type Section, type Wanted } from "../src/components/side/lines";
import { moved, reordered } from "../src/components/side/order";
import type { Member, Room } from "../src/protocol";
import { EMPTY, type State } from "../src/state/state";

const member = (id: string, name: string): Member => ({
  ...{ id, handle: name.toLowerCase().replaceAll(" ", "."), name, role: "member", bot: false },
  ...{ joined_at: 0, last_seen: null, status: null, picture: null },
});
const room = (id: string, name: string, more: Partial<Room> = {}): Room => ({
  ...{ id, name, kind: "public", topic: "", created_at: Number(id), created_by: null, archived: false },
  ...{ joined: true, n_members: 2, members: ["1"], n_messages: 0, unread: 0, mentions: 0, read: 0 },
  ...{ last: null, pins: [] },
  ...more,
});

const direct = (id: string, other: string, more: Partial<Room> = {}): Room =>
  room(id, `@me,@${other}`, { kind: "direct", members: ["1", other], ...more });

const stateOf = (rooms: Room[], more: Partial<State> = {}): State => ({
  ...EMPTY,
  me: "1",
  members: new Map(
    [member("1", "Me"), member("2", "Bo Lindqvist"), member("3", "Zoë Åberg")].map((one) => [one.id, one]),
  ),
  rooms: new Map(rooms.map((one) => [one.id, one])),
  ...more,
});

const wanted = (more: Partial<Wanted> = {}): Wanted => ({
  view: "recent",
  words: "",
  folded: new Set<Section>(["archived"]),
  whole: new Set<Section>(),
  held: null,
  ...more,
});

const said = (lines: Line[]) =>
  lines.map((line) =>
    line.type === "heading"
      ? `[${line.text}]`
      : line.type === "room"
        ? line.room.id
        : line.type === "person"
          ? line.member.name
          : `all ${line.count}`,
  );

describe("the list of conversations", () => {
  const rooms = [
    room("10", "old"),
    room("20", "new"),
    room("30", "put-away", { archived: true }),
    room("40", "elsewhere", { joined: false }),
    direct("15", "2"),
  ];

  test("recent: the newest first, archived ones folded", () => {
    expect(said(linesOf(stateOf(rooms), wanted()))).toEqual(["20", "15", "10", "[Archived (1)]"]);
    const open = wanted({ folded: new Set() });
    expect(said(linesOf(stateOf(rooms), open)).slice(-2)).toEqual(["[Archived (1)]", "30"]);
  });

  test("category: people, also those one has not written to, and rooms", () => {
    expect(said(linesOf(stateOf(rooms), wanted({ view: "category" })))).toEqual([
      ...["[People]", "15", "Zoë Åberg", "[Rooms]", "20", "10", "[Archived (1)]"],
    ]);
  });

  test("stars stand first, in their order, and once", () => {
    const state = stateOf(rooms, { stars: ["10", "15"] });
    expect(said(linesOf(state, wanted()))).toEqual([
      ...["[Starred]", "10", "15", "[Recent]", "20", "[Archived (1)]"],
    ]);
    expect(said(linesOf(state, wanted({ view: "category" })))).toEqual([
      ...["[Starred]", "10", "15", "[People]", "Zoë Åberg", "[Rooms]", "20", "[Archived (1)]"],
    ]);
  });

  test("unread first, where one wishes; muted ones only where one is mentioned", () => {
    const some = [
      room("10", "old", { unread: 2 }),
      room("20", "muted", { unread: 5 }),
      room("25", "called", { unread: 5, mentions: 1 }),
      room("30", "read"),
      room("40", "newest"),
    ];
    const preferences = { ...EMPTY.preferences, unread_first: true };
    const state = stateOf(some, { preferences, muted: new Set(["20", "25"]) });
    expect(said(linesOf(state, wanted()))).toEqual(["25", "10", "40", "30", "20"]);
    // What one is reading stays where it was.
    expect(said(linesOf(state, wanted({ held: "30" })))).toEqual(["30", "25", "10", "40", "20"]);
  });

  test("filters by name, without accents, through what is folded", () => {
    const state = stateOf([...rooms, direct("50", "3")]);
    expect(said(linesOf(state, wanted({ words: "zoe ab" })))).toEqual(["50"]);
    expect(said(linesOf(state, wanted({ words: "#put" })))).toEqual(["[Archived (1)]", "30"]);
    expect(said(linesOf(state, wanted({ words: "nothing so" })))).toEqual([]);
  });

  test("a folded part shows what is new in it", () => {
    const state = stateOf([room("10", "a", { unread: 1 }), room("20", "b")]);
    const folded = new Set<Section>(["rooms"]);
    expect(said(linesOf(state, wanted({ view: "category", folded }))).slice(-2)).toEqual(["[Rooms]", "10"]);
  });

  test("a long one is cut, until one asks for all of it", () => {
    const many = Array.from({ length: 1_000 }, (_, n) => room(String(n + 10), `room-${n}`));
    const state = stateOf(many);
    const cut = linesOf(state, wanted());
    expect(cut).toHaveLength(MOST + 1);
    expect(said(cut).at(-1)).toBe("all 1000");
    expect(linesOf(state, wanted({ whole: new Set<Section>(["recent"]) }))).toHaveLength(1_000);
    expect(orderOf(state)).toHaveLength(1_000);
  });

  test("2,000 members and 1,000 rooms are put in order at once", () => {
    const members = new Map(
      Array.from({ length: 2_000 }, (_, n) => [String(n + 1), member(String(n + 1), `Person ${n}`)]),
    );
    const many = Array.from({ length: 1_000 }, (_, n) => room(String(n + 10_000), `room-${n}`));
    const state = stateOf(many, { members });
    const before = performance.now();
    for (let n = 0; n < 10; n++) linesOf(state, wanted({ view: "category", words: n % 2 ? "1" : "" }));
    expect((performance.now() - before) / 10).toBeLessThan(100);
  });
});

describe("the order of stars", () => {
  test("by the middles of the others", () => {
    expect(placeAt(5, [10, 30])).toBe(0);
    expect(placeAt(20, [10, 30])).toBe(1);
    expect(placeAt(90, [10, 30])).toBe(2);
  });

  test("one of them moves, and those that are not shown stay", () => {
    expect(moved(["a", "b", "c"], "a", 2)).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b", "c"], "c", 0)).toEqual(["c", "a", "b"]);
    expect(reordered(["a", "x", "b", "c"], ["c", "a", "b"])).toEqual(["c", "x", "a", "b"]);
  });
});
