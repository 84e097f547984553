import type { Preferences } from "../protocol";

/** What a key does in a text box: send, add a line by our hand, or nothing of ours. */
export function enterDoes(event: KeyboardEvent, enter: Preferences["enter"]): "send" | "line" | null {
  // While an input method composes, Enter is its own; 229 is what some browsers say then.
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return null;
  if (event.shiftKey || event.altKey) return null;
  const other = event.ctrlKey || event.metaKey;
  if (enter === "send") return other ? "line" : "send";
  return other ? "send" : null;
}

/** Put text where the cursor is, in a way that can be undone. */
export function insertAt(area: HTMLTextAreaElement, text: string): void {
  area.focus();
  if (typeof document.execCommand === "function" && document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** As high as the text, up to what the style sheet allows. */
export function grow(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
