import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Panel } from "../src/panel";
import { actOwn, dice } from "./support/acts";
import { memories, panelOn } from "./support/bare";
import { MemoryHub } from "./support/hub";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const turn = () => vi.advanceTimersByTimeAsync(0);

/** What can be compared: all but how one came to know it. */
function known({ state }: Panel) {
  return {
    members: [...state.members.values()],
    rooms: [...state.rooms.values()].sort((a, b) => Number(a.id) - Number(b.id)),
    preferences: state.preferences,
    stars: state.stars,
    muted: [...state.muted].sort(),
    drafts: [...state.drafts].sort(),
    saved: [...state.saved].sort(),
    scheduled: [...state.scheduled.values()],
    timelines: [...state.timelines]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, { held, moreAfter }]) => [key, held.map(({ message }) => message), moreAfter]),
  };
}

describe("after whatever happened, with a connection that comes and goes", () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
    "two browsers of a person know the same, and so does one that comes late (seed %i)",
    async (seed) => {
      const hub = new MemoryHub(Date.now() * 1000);
      const handles = ["ana", "bo", "cy"];
      for (const handle of handles) hub.member(handle);
      const rooms = [hub.room("ana", "general", ["bo", "cy"]), hub.room("bo", "plans", ["ana"])];
      const roots = rooms.map((room, i) => hub.post("bo", i ? "plans" : "general", `root of ${room}`));
      const roll = dice(seed);
      const browser = async () => {
        const client = hub.connect("ana");
        const panel = panelOn(client.transport, memories());
        client.up();
        await turn();
        for (const [i, room] of rooms.entries()) {
          panel.show("view", room);
          panel.show("side", room, roots[i]);
        }
        await turn();
        return { client, panel };
      };
      const one = await browser();
      const two = await browser();
      for (let step = 0; step < 150; step++) {
        actOwn(hub, handles, roll, step);
        if (roll(3) === 0) {
          const room = hub.rooms.get(rooms[roll(2)] ?? "");
          if (room)
            hub.post(
              "bo",
              room.name,
              `word ${step} @ana`,
              roll(2) ? { reply_to: roots[rooms.indexOf(room.id)] ?? null } : {},
            );
        }
        switch (roll(12)) {
          case 0:
            if (two.client.connected) two.client.down();
            else two.client.up();
            break;
          case 1:
            two.client.loseNews = true;
            break;
          case 2:
            if (two.client.loseNews && two.client.connected) two.client.transport.lose();
            two.client.loseNews = false;
            break;
          case 3:
            await turn();
        }
      }
      two.client.loseNews = false;
      two.client.down();
      two.client.up();
      await turn();
      const late = await browser();
      expect(known(two.panel)).toEqual(known(one.panel));
      expect(known(late.panel)).toEqual(known(one.panel));
      expect(one.panel.state.timelines.get(rooms[0] ?? "")?.held.length).toBeGreaterThan(5);
    },
  );
});
