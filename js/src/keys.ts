import { t } from "./i18n";

/** Where a key does its work. */
export type Where = "panel" | "list" | "messages" | "box" | "files" | "large";

export interface Combination {
  /** Each one does it: "Mod" is Ctrl, on a Mac ⌘. */
  keys: readonly string[];
  where: Where;
}

/** Keys by name. What they do, and what else the keyboard does, stands in moreKeys.ts. */
export const KEYS = {
  search: { keys: ["Mod+K", "/"], where: "panel" },
  find: { keys: ["Mod+Shift+F"], where: "panel" },
  next: { keys: ["Alt+ArrowDown"], where: "panel" },
  previous: { keys: ["Alt+ArrowUp"], where: "panel" },
  nextUnread: { keys: ["Alt+Shift+ArrowDown"], where: "panel" },
  previousUnread: { keys: ["Alt+Shift+ArrowUp"], where: "panel" },
  write: { keys: ["Mod+Shift+K"], where: "panel" },
  settings: { keys: ["Mod+,"], where: "panel" },
  part: { keys: ["F6"], where: "panel" },
  partBack: { keys: ["Shift+F6"], where: "panel" },
  close: { keys: ["Escape"], where: "panel" },
  help: { keys: ["?"], where: "panel" },
  down: { keys: ["ArrowDown"], where: "list" },
  up: { keys: ["ArrowUp"], where: "list" },
  menu: { keys: ["Shift+F10", "ContextMenu"], where: "list" },
  starDown: { keys: ["Alt+ArrowDown"], where: "list" },
  starUp: { keys: ["Alt+ArrowUp"], where: "list" },
} as const satisfies Record<string, Combination>;

export type KeyName = keyof typeof KEYS;

const MODIFIERS = ["Mod", "Ctrl", "Alt", "Shift", "Meta"];

export const onMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform ?? "");

function held(event: KeyboardEvent, modifiers: readonly string[], mac: boolean, sign: boolean): boolean {
  const mod = modifiers.includes("Mod");
  return (
    event.altKey === modifiers.includes("Alt") &&
    // Which signs need Shift is a matter of the keyboard.
    (sign || event.shiftKey === modifiers.includes("Shift")) &&
    event.ctrlKey === (modifiers.includes("Ctrl") || (mod && !mac)) &&
    event.metaKey === (modifiers.includes("Meta") || (mod && mac))
  );
}

/** Whether an event is this key; never while an input method composes. */
export function pressed(event: KeyboardEvent, name: KeyName, mac = onMac()): boolean {
  // Some a browser makes up (when it fills in a name, say) have no key.
  if (event.isComposing || !event.key) return false;
  return KEYS[name].keys.some((combination) => {
    const parts = combination.split("+");
    const key = parts.filter((part) => !MODIFIERS.includes(part)).join("+");
    // A keyboard of other letters (Greek, Cyrillic …) has this one in its usual place.
    const placed = /^[^\0-\u{24f}]$/u.test(event.key) && event.code === `Key${key}`;
    const sign = /^[^\p{L}\p{N}]$/u.test(key);
    return (event.key.toLowerCase() === key.toLowerCase() || placed) && held(event, parts, mac, sign);
  });
}

/** The keys of a combination as they are written on the keyboard. */
export function spelled(combination: string, mac = onMac()): string[] {
  const signs: Record<string, string> = {
    ...{ ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" },
    ...(mac
      ? { Mod: "⌘", Alt: "⌥", Shift: "⇧", Ctrl: "⌃" }
      : { Mod: t("Ctrl"), Ctrl: t("Ctrl"), Shift: t("Shift"), ContextMenu: "☰", Delete: t("Del") }),
  };
  // The plus itself is a key, too.
  const parts = combination === "+" ? ["+"] : combination.split("+");
  return parts.map((part) => signs[part] ?? part);
}
