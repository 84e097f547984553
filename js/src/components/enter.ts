import type { Preferences } from "../protocol";
import type { Edit, Selected } from "./composer/format";

/**
 * Whether a key belongs to an input method. Safari says that it is done before the Enter that ended it comes: there,
 * as in old browsers, only the number tells.
 */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

/** What a key does in a text box: send, add a line by our hand, or nothing of ours. */
export function enterDoes(event: KeyboardEvent, enter: Preferences["enter"]): "send" | "line" | null {
  if (event.key !== "Enter" || isComposing(event)) return null;
  if (event.shiftKey || event.altKey) return null;
  const other = event.ctrlKey || event.metaKey;
  if (enter === "send") return other ? "line" : "send";
  return other ? "send" : null;
}

/** Put text where the cursor is, in a way that can be undone. */
export function insertAt(area: HTMLTextAreaElement, text: string): void {
  area.focus();
  const command = text ? "insertText" : "delete";
  if (typeof document.execCommand === "function" && document.execCommand(command, false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export const selectedIn = (area: HTMLTextAreaElement): Selected => ({
  text: area.value,
  start: area.selectionStart,
  end: area.selectionEnd,
});

/** Carry out an edit, in a way that can be undone. */
export function carryOut(area: HTMLTextAreaElement, { from, to, text, select }: Edit): void {
  area.focus();
  area.setSelectionRange(from, to);
  if (text || from < to) insertAt(area, text);
  area.setSelectionRange(...select);
}

/** Replace all of it, in a way that can be undone. */
export function replaceAll(area: HTMLTextAreaElement, text: string): void {
  carryOut(area, { from: 0, to: area.value.length, text, select: [text.length, text.length] });
}
