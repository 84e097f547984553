import type { Message } from "../../protocol";
import type { View } from "../view";

/** Lead to a message that was found: in its room, or in its thread beside the room. */
export function openFound(view: View, { id, room, thread, broadcast }: Message): void {
  const { panel } = view;
  const root = thread !== null && thread !== id && !broadcast ? thread : null;
  const held = panel.timeline(room, root)?.held.some(({ message }) => message.id === id);
  // Loaded there from the first on: else it would begin with the newest. Of a room that one is not in nothing is kept.
  if (!held || !panel.state.rooms.get(room)?.joined) void panel.load(room, root, "around", id);
  view.openRoom(room);
  view.go({ target: { id, thread: root }, ...(root !== null && { side: { type: "thread", root } }) });
}
