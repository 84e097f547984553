import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const focused = (root: HTMLElement): Element | null =>
  (root.getRootNode() as Document | ShadowRoot).activeElement;

/** Where the focus goes when what had it is gone: to the text box, where fingers would not call up a keyboard. */
function haven(root: HTMLElement): HTMLElement | null {
  const modal = root.querySelector<HTMLElement>('[role="dialog"][aria-modal="true"]');
  if (modal) return modal.querySelector<HTMLElement>("input, button");
  const touch = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;
  return (
    (touch ? null : root.querySelector<HTMLElement>(".cc-room .cc-composer textarea")) ??
    root.querySelector<HTMLElement>(".cc-head button, .cc-side [data-key][tabindex='0']")
  );
}

/** A part that comes lazily may take so many milliseconds. */
const LAZY = 5_000;

/** The focus is never lost: what is drawn anew while it was in the panel keeps it in the panel. */
export function useKeptFocus(
  section: RefObject<HTMLElement | null>,
  changes: readonly unknown[],
  drawn: string,
): void {
  const inside = useRef(false);
  const keep = useRef<string | null>(null);
  const before = useRef(drawn);

  // Everything is about to be drawn anew: note which control has the focus.
  if (before.current !== drawn && section.current) {
    const now = focused(section.current);
    keep.current = now instanceof HTMLElement ? (now.dataset.keep ?? null) : null;
    before.current = drawn;
  }

  useLayoutEffect(() => {
    const root = section.current;
    if (!root) return;
    const page = root.ownerDocument;
    const note = (event: Event) => {
      inside.current = event.composedPath().includes(root);
    };
    page.addEventListener("focusin", note, true);
    page.addEventListener("pointerdown", note, true);
    return () => {
      page.removeEventListener("focusin", note, true);
      page.removeEventListener("pointerdown", note, true);
    };
  }, [section]);

  useLayoutEffect(() => {
    const name = keep.current;
    keep.current = null;
    if (name === null) return;
    const all = section.current?.querySelectorAll<HTMLElement>("[data-keep]") ?? [];
    [...all].find((element) => element.dataset.keep === name)?.focus();
  }, [drawn]);

  useLayoutEffect(() => {
    const root = section.current;
    if (!root || !inside.current) return;
    const until = performance.now() + LAZY;
    const settle = () => {
      const now = focused(root);
      if (now && now !== root.ownerDocument.body) return;
      const there = haven(root);
      if (there) there.focus({ preventScroll: true });
      else if (performance.now() < until) frame = requestAnimationFrame(settle);
    };
    // After what the new parts do by themselves.
    let frame = requestAnimationFrame(settle);
    return () => cancelAnimationFrame(frame);
  }, changes);
}
