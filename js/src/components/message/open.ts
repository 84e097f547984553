import type { Id } from "../../protocol";
import type { View } from "../view";

/**
 * Lead to a message, in whichever room and thread it stands, and light it up. A reply that stands in its thread alone
 * opens the thread beside its room.
 */
export async function openMessage(view: View, room: Id, id: Id, thread: Id | null = null): Promise<void> {
  const { panel } = view;
  const here = (reply: Id | null) => {
    if (panel.state.rooms.has(room)) view.openRoom(room);
    if (reply !== null) view.go({ side: { type: "thread", root: reply }, target: { id, thread: reply } });
    else view.go({ target: { id, thread: null }, sheet: null, screen: "room" });
  };
  if (thread !== null && thread !== id) return here(thread);
  if (panel.timeline(room, null)?.held.some(({ message }) => message.id === id)) return here(null);
  try {
    const page = await panel.ask({ type: "history", room, around: id, limit: 1 });
    const found = page.messages.find((message) => message.id === id);
    const root = found && !found.broadcast && found.thread !== id ? found.thread : null;
    here(root);
  } catch (problem) {
    view.complain(problem);
  }
}

/** The address of a message inside the workspace. */
export const linkTo = (room: Id, id: Id): string => `collabchat:${room}/${id}`;

/** What `linkTo` gave: a room, or a message in it. */
export function linked(href: string): { room: Id; id: Id | null } | null {
  const found = /^collabchat:(\d+)(?:\/(\d+))?$/.exec(href);
  return found?.[1] ? { room: found[1], id: found[2] ?? null } : null;
}
