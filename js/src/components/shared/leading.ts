import type { Id } from "../../protocol";
import type { View } from "../view";

/** Whether there is no room for a conversation beside what stands next to it. */
const covered = ({ root }: View): boolean =>
  root?.dataset.covers !== undefined || root?.dataset.size === "narrow";

/** Show a message in the conversation, and leave the list beside it where there is room for both. */
export async function showMessage(view: View, room: Id, id: Id): Promise<void> {
  const { panel, go, complain } = view;
  let thread: Id | null = null;
  if (!panel.timeline(room, null)?.held.some(({ message }) => message.id === id)) {
    try {
      const page = await panel.ask({ type: "history", room, around: id, limit: 1 });
      const found = page.messages.find((message) => message.id === id);
      if (found && !found.broadcast && found.thread !== id) thread = found.thread;
    } catch (problem) {
      return complain(problem);
    }
  }
  if (thread !== null) go({ side: { type: "thread", root: thread }, target: { id, thread } });
  else go({ target: { id, thread: null }, ...(covered(view) && { side: null }) });
}
