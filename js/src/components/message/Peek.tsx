import { type ComponentChildren, createPortal } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useView } from "../view";

const GAP = 6;

/** Put a sheet beside what it belongs to, inside the panel: below it where there is room, else above. */
export function beside(sheet: HTMLElement, anchor: HTMLElement, root: HTMLElement): void {
  const frame = root.getBoundingClientRect();
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = sheet;
  const above = at.top - frame.top;
  const below = frame.bottom - at.bottom;
  const top = above >= height + GAP || above > below ? above - height - GAP : at.bottom - frame.top + GAP;
  const left = Math.min(Math.max(8, at.left - frame.left), Math.max(8, frame.width - width - 8));
  sheet.style.top = `${Math.max(8, Math.min(top, frame.height - height - 8))}px`;
  sheet.style.left = `${left}px`;
}

interface Props {
  anchor: HTMLElement;
  id: string;
  role?: "tooltip" | "dialog";
  label?: string;
  class?: string;
  onEnter?: () => void;
  onLeave?: () => void;
  children: ComponentChildren;
}

/** A small sheet that shows while one points at something; it takes no focus. */
export default function Peek({
  anchor,
  id,
  role = "tooltip",
  label,
  class: more = "",
  onEnter,
  onLeave,
  children,
}: Props) {
  const { root } = useView();
  const sheet = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!sheet.current || !root) return;
    beside(sheet.current, anchor, root);
    if (typeof ResizeObserver === "undefined") return;
    const { current } = sheet;
    const observer = new ResizeObserver(() => beside(current, anchor, root));
    observer.observe(current);
    return () => observer.disconnect();
  }, [anchor, root]);
  if (!root) return null;
  return createPortal(
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: as a dialog it has a name, as a tooltip none
    <div
      ref={sheet}
      id={id}
      class={`cc-popover cc-peek ${more}`}
      role={role}
      aria-label={label}
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
    >
      {children}
    </div>,
    root,
  );
}
