import { onMac, spelled } from "../../keys";
import { carryOut, isComposing, selectedIn } from "../enter";
import { blocked, continued, type Edit, fenced, indented, linked, marked, type Selected } from "./format";

/** A way to shape what is written. */
export interface Shape {
  name: "bold" | "italic" | "strike" | "code" | "link" | "bullets" | "numbers" | "quote" | "block";
  /** With Ctrl or Cmd. */
  key: { code: string; shift: boolean; said: string } | null;
  edit: (selected: Selected) => Edit;
}

const key = (code: string, said: string, shift = false) => ({ code, shift, said });

export const SHAPES: readonly Shape[] = [
  { name: "bold", key: key("b", "B"), edit: (selected) => marked(selected, "bold") },
  { name: "italic", key: key("i", "I"), edit: (selected) => marked(selected, "italic") },
  { name: "strike", key: key("x", "Shift+X", true), edit: (selected) => marked(selected, "strike") },
  { name: "code", key: key("e", "E"), edit: (selected) => marked(selected, "code") },
  { name: "link", key: key("k", "K"), edit: linked },
  { name: "numbers", key: key("Digit7", "Shift+7", true), edit: (selected) => blocked(selected, "numbers") },
  { name: "bullets", key: key("Digit8", "Shift+8", true), edit: (selected) => blocked(selected, "bullets") },
  { name: "quote", key: key("Digit9", "Shift+9", true), edit: (selected) => blocked(selected, "quote") },
  { name: "block", key: null, edit: fenced },
];

/** How a key with Ctrl (⌘) is written on this machine. */
export const withCtrl = (key: string): string => spelled(`Mod+${key}`).join(onMac() ? "" : "+");

/** Shape what is selected, by key; whether the key was ours. */
function shapes(event: KeyboardEvent, area: HTMLTextAreaElement): boolean {
  if (event.altKey || event.ctrlKey === event.metaKey) return false;
  const shape = SHAPES.find(
    ({ key }) =>
      key?.shift === event.shiftKey && (key.code === event.code || key.code === event.key.toLowerCase()),
  );
  // Without a selection this key is the search's.
  if (!shape || (shape.name === "link" && area.selectionStart === area.selectionEnd)) return false;
  carryOut(area, shape.edit(selectedIn(area)));
  return true;
}

/** Keys that shape a text: marks, and lists that go on, end and move in and out. Whether the key was ours. */
export function shapeKey(event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }): boolean {
  const { currentTarget: area } = event;
  if (isComposing(event)) return false;
  let ours = shapes(event, area);
  if (event.key === "Tab" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const edit = indented(selectedIn(area), event.shiftKey);
    if (edit) carryOut(area, edit);
    ours = edit !== null;
  }
  if (ours) event.preventDefault();
  return ours;
}

/** A new line, where a list or a quotation goes on by itself; whether it was one. */
export function continueLine(area: HTMLTextAreaElement): boolean {
  const edit = continued(selectedIn(area));
  if (edit) carryOut(area, edit);
  return edit !== null;
}
