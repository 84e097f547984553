import type { Names } from "../markdown";
import type { Panel } from "../panel";
import type { Member, Room } from "../protocol";
import { titleOf } from "../state/selectors";
import type { State } from "../state/state";

interface Known {
  members: State["members"];
  rooms: State["rooms"];
  /** All that the names hang on, as one text. */
  signature: string;
  names: Names;
}

const known = new WeakMap<Panel, Known>();

/** What the names in a text stand for; the same object as long as nobody and nothing is called otherwise. */
export function namesFor(panel: Panel): Names {
  const { state } = panel;
  const last = known.get(panel);
  if (last && last.members === state.members && last.rooms === state.rooms) return last.names;
  const signature = JSON.stringify([
    state.me,
    [...state.members.values()].map(({ id, handle, name }) => [id, handle, name]),
    [...state.rooms.values()].map(({ id, name, kind, members }) => [id, name, kind === "direct" && members]),
  ]);
  const names = last?.signature === signature ? last.names : made(state);
  known.set(panel, { members: state.members, rooms: state.rooms, signature, names });
  return names;
}

function made(state: State): Names {
  const members = new Map<string, Member>();
  for (const member of state.members.values()) members.set(member.handle.toLowerCase(), member);
  const rooms = new Map<string, Room>();
  for (const room of state.rooms.values())
    if (room.kind !== "direct") rooms.set(room.name.toLowerCase(), room);
  return {
    member(handle) {
      const found = members.get(handle.toLowerCase());
      return found ? { id: found.id, name: found.name || found.handle, me: found.id === state.me } : null;
    },
    room(name) {
      const found = rooms.get(name.toLowerCase());
      return found ? { id: found.id, name: found.name } : null;
    },
    roomOf(id) {
      const found = state.rooms.get(id);
      if (!found) return null;
      return found.kind === "direct" ? titleOf(state, found) : `#${found.name}`;
    },
  };
}
