import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * The focus stays where it was while rows come and go: when what had it is drawn away (a message that is deleted, a
 * text box that closes), its row has it, or the one that stands in its place now.
 */
export function useKeptFocus(list: RefObject<HTMLElement | null>, keys: readonly string[]): void {
  const root = list.current?.getRootNode() as Document | ShadowRoot | undefined;
  const active = root?.activeElement;
  const focused = active instanceof HTMLElement && list.current?.contains(active) ? active : null;
  const key = focused?.closest<HTMLElement>("[data-key]")?.dataset.key;
  const before = useRef(keys);
  useLayoutEffect(() => {
    const was = before.current;
    before.current = keys;
    if (!focused || key === undefined || focused.isConnected) return;
    const now = keys.includes(key) ? key : keys[Math.min(was.indexOf(key), keys.length - 1)];
    const row = now === undefined ? null : list.current?.querySelector<HTMLElement>(`[data-key="${now}"]`);
    row?.focus({ preventScroll: true });
  });
}
