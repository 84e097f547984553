import { createElement, render } from "preact";
import { onTestFinished } from "vitest";
import { App } from "../../src/components/App";
import type { Panel } from "../../src/panel";

export { FakeMemory, type Memories, memories, panelOn, until } from "./bare";

/** Everything that is drawn by now has had its effects: they run after the next frame. */
export const effects = () => new Promise<void>((go) => requestAnimationFrame(() => setTimeout(go)));

/** Draws a view of a panel; gone when the test ends. */
export function viewOf(panel: Panel, room = ""): HTMLElement {
  const element = document.createElement("div");
  document.body.append(element);
  render(createElement(App, { panel, room, height: "560px", label: "" }), element);
  onTestFinished(async () => {
    render(null, element);
    element.remove();
    // Not when the document of the test is gone.
    await effects();
  });
  return element;
}

/** What a screen reader would call an element. */
export function nameOf(element: Element): string {
  const label = element.getAttribute("aria-label");
  if (label) return label;
  const by = element.getAttribute("aria-labelledby");
  if (by) return element.ownerDocument.getElementById(by)?.textContent ?? "";
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)
    return element.labels?.[0]?.textContent?.trim() ?? element.placeholder;
  const heard = element.cloneNode(true) as Element;
  for (const hidden of heard.querySelectorAll("[aria-hidden=true]")) hidden.remove();
  return heard.textContent?.trim() ?? "";
}

const ROLES: Record<string, string> = {
  button: "button:not([role])",
  region: "section[aria-label]",
  textbox: "input[type=text], textarea",
  searchbox: "input[type=search]",
  radio: "input[type=radio]",
  list: "ul",
  listitem: "li:not([role])",
  article: "article",
  heading: "h2, h3",
  combobox: "select",
};

/** All elements of a role, by name where one is given. */
export function all(root: ParentNode, role: string, name?: string | RegExp): HTMLElement[] {
  const selector = [`[role="${role}"]`, ROLES[role]].filter(Boolean).join(", ");
  return [...root.querySelectorAll<HTMLElement>(selector)].filter((element) => {
    const called = nameOf(element);
    return name === undefined || (typeof name === "string" ? called === name : name.test(called));
  });
}

/** The one element of a role and name. */
export function one(root: ParentNode, role: string, name?: string | RegExp): HTMLElement {
  const found = all(root, role, name);
  if (found.length !== 1) throw new Error(`${found.length} of ${role} ${name ?? ""}`);
  return found[0] as HTMLElement;
}

export function type(field: HTMLElement, text: string): void {
  const input = field as HTMLTextAreaElement;
  input.focus();
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

export function press(element: HTMLElement, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", {
    key,
    bubbles: true,
    cancelable: true,
    composed: true,
    ...more,
  });
  element.dispatchEvent(event);
  return event;
}
