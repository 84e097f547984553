import type { MemoryHub } from "./hub";
import { Refusal } from "./records";

/** Numbers that look random and are the same each time. */
export function dice(seed: number): (sides: number) => number {
  let now = seed;
  return (sides) => {
    now = (now * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((now / 2_147_483_648) * sides);
  };
}

/** One thing that somebody might do of all that came with polls, drafts, stars and what is sent later. */
export function actOwn(
  hub: MemoryHub,
  handles: string[],
  roll: (sides: number) => number,
  step: number,
): void {
  const handle = handles[roll(handles.length)] ?? "";
  const me = hub.memberOf(handle).id;
  const rooms = [...hub.rooms.values()].filter(({ members }) => members.includes(me));
  const room = rooms[roll(rooms.length)];
  if (!room) return;
  const messages = [...hub.messages.values()].filter(
    (one) => one.room === room.id && !one.deleted && one.kind !== "system",
  );
  const message = messages[roll(messages.length)];
  const id = message?.id ?? "";
  const own = hub.personalOf(me);
  const some = <T>(all: Iterable<T>): T | undefined => [...all][roll([...all].length)];
  const at = hub.now + 1_000_000 * (1 + roll(50));
  try {
    switch (roll(20)) {
      case 0:
        if (message)
          hub.as(handle, {
            ...{ type: "post" as const, room: room.id, text: `both ${step} @ana` },
            ...{ reply_to: id, broadcast: true },
          });
        break;
      case 1:
        if (message)
          hub.as(handle, {
            type: "forward" as const,
            id,
            room: some(rooms)?.id ?? room.id,
            text: roll(2) ? "" : `see ${step}`,
          });
        break;
      case 2:
        hub.as(handle, {
          ...{ type: "create_poll" as const, room: room.id, question: `Which ${step}?` },
          ...{ options: ["one", "two", "three"], multiple: roll(2) === 1 },
        });
        break;
      case 3:
      case 4:
      case 5: {
        const poll = some(messages.filter((one) => one.poll));
        const choices = [0, 1, 2].filter(() => roll(2) === 1);
        if (poll) hub.as(handle, { type: "vote" as const, id: poll.id, choices });
        break;
      }
      case 6: {
        const poll = some(messages.filter((one) => one.poll));
        if (poll && roll(3) === 0) hub.as(handle, { type: "close_poll" as const, id: poll.id });
        break;
      }
      case 7:
        hub.as(handle, { type: "set_status" as const, emoji: roll(2) ? "🌴" : "", text: `away ${step}` });
        break;
      case 8:
        hub.as(handle, { type: "set_picture" as const, data: roll(3) ? btoa(`picture ${step}`) : "" });
        break;
      case 9:
        hub.as(handle, {
          type: "set_stars" as const,
          rooms: rooms.filter(() => roll(2) === 1).map((one) => one.id),
        });
        break;
      case 10:
        hub.as(handle, { type: roll(2) ? ("mute" as const) : ("unmute" as const), room: room.id });
        break;
      case 11:
      case 12:
        hub.as(handle, {
          ...{ type: "set_draft" as const, room: room.id, text: roll(3) ? `half a sentence ${step}` : "" },
          ...{ thread: roll(2) && message ? id : null },
        });
        break;
      case 13:
        if (message)
          hub.as(handle, {
            ...{ type: "save" as const, id, note: `look ${step}` },
            ...{ remind_at: roll(2) ? at : null },
          });
        break;
      case 14:
        hub.as(handle, { type: "save" as const, note: `note ${step}`, remind_at: roll(2) ? at : null });
        break;
      case 15: {
        const saved = some(own.saved.keys());
        if (saved) hub.as(handle, { type: "unsave" as const, id: saved });
        break;
      }
      case 16:
        hub.as(handle, { type: "schedule" as const, room: room.id, text: `later ${step}`, at });
        break;
      case 17: {
        const scheduled = some(own.scheduled.keys());
        if (scheduled) hub.as(handle, { type: "unschedule" as const, id: scheduled });
        break;
      }
      case 18:
        hub.fireDue(hub.now + 1_000_000 * roll(30));
        break;
      case 19:
        if (message) hub.as(handle, { type: roll(2) ? ("follow" as const) : ("unfollow" as const), id });
        break;
    }
  } catch (error) {
    // Nobody keeps these people from what is not allowed.
    if (!(error instanceof Refusal)) throw error;
  }
}
