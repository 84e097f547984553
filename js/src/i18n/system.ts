import type { Message } from "../protocol";
import { t } from "./index";

/** The sentences of the hub, and how each is said in the reader's language. */
const LINES: readonly [RegExp, (found: string) => string][] = [
  [/^joined the room$/, () => t("joined the room")],
  [/^left the room$/, () => t("left the room")],
  [/^added (@\S+)$/, (member) => t("added {member}", { member })],
  [/^removed (@\S+)$/, (member) => t("removed {member}", { member })],
  [/^renamed the room to (.+)$/s, (name) => t("renamed the room to {name}", { name })],
  [/^set the topic: (.+)$/s, (topic) => t("set the topic: {topic}", { topic })],
  [/^removed the topic$/, () => t("removed the topic")],
  [/^archived the room$/, () => t("archived the room")],
  [/^unarchived the room$/, () => t("unarchived the room")],
];

/** What a line that an event has left says, without who did it. Sentences that nobody knows stay as they are. */
export function systemLine(message: Pick<Message, "text">): string {
  const text = message.text ?? "";
  for (const [pattern, say] of LINES) {
    const found = pattern.exec(text);
    if (found) return say(found[1] ?? "");
  }
  return text;
}
