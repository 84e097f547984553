/** The parts of a view, in the order of the eye; in each, what has the focus first. */
const PARTS: readonly (readonly string[])[] = [
  [".cc-side", '.cc-list [tabindex="0"]', "[type=search]", "button"],
  [".cc-room .cc-log", 'article[tabindex="0"]', ""],
  [".cc-room .cc-composer", "textarea", "button"],
  [".cc-room .cc-join", "button"],
  [".cc-sheet", '[tabindex="0"]', "button, a[href]"],
  [".cc-aside", "textarea", '[tabindex="0"]', "button, a[href]"],
];

const shown = (element: HTMLElement): boolean =>
  !element.closest("[inert]") && (typeof element.checkVisibility !== "function" || element.checkVisibility());

/** Move the focus to the next part (or the one before) that is there; false where there is none. */
export function nextPart(root: HTMLElement, from: HTMLElement, by: 1 | -1): boolean {
  const there = PARTS.flatMap(([part = "", ...first]) => {
    const element = [...root.querySelectorAll<HTMLElement>(part)].find(shown);
    if (!element) return [];
    const focus = first
      .map((selector) =>
        selector ? [...element.querySelectorAll<HTMLElement>(selector)].find(shown) : element,
      )
      .find((one) => one !== undefined);
    return focus ? [{ element, focus }] : [];
  });
  const at = there.findIndex(({ element }) => element.contains(from));
  // From the head of a room forward goes to its messages, back to the list.
  const inRoom = there.findIndex(({ element }) => element.closest(".cc-main") !== null);
  const next = at >= 0 ? at + by : by > 0 ? inRoom : inRoom - 1;
  const { focus } = there[(next + there.length) % there.length] ?? {};
  focus?.focus();
  return focus !== undefined;
}
