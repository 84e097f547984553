import { type ComponentChildren, createPortal } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useView } from "./view";

interface Props {
  anchor: HTMLElement;
  label: string;
  role?: "dialog" | "menu";
  onClose: () => void;
  children: ComponentChildren;
}

const GAP = 6;

/** A small sheet beside what opened it. Escape and a click elsewhere close it. */
export function Popover({ anchor, label, role = "dialog", onClose, children }: Props) {
  const { root } = useView();
  const sheet = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const element = sheet.current;
    if (!element || !root) return;
    place(element, anchor, root);
    // What is in it may come later.
    const observer =
      typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => place(element, anchor, root));
    observer?.observe(element);
    observer?.observe(root);
    (element.querySelector<HTMLElement>("[data-first], input:checked") ?? firstIn(element))?.focus();
    return () => {
      observer?.disconnect();
      // The focus goes back, but for where it went elsewhere meanwhile.
      const page = root.getRootNode() as Document | ShadowRoot;
      const now = page.activeElement;
      if (now && now !== document.body && !element.contains(now)) return;
      anchor.focus({ preventScroll: true });
      // The bar of a message is gone when nobody points there: then the message itself.
      if (page.activeElement !== anchor)
        anchor.closest<HTMLElement>("article[tabindex]")?.focus({ preventScroll: true });
    };
  }, [anchor, root]);

  useEffect(() => {
    const elsewhere = (event: Event) => {
      const path = event.composedPath();
      if (sheet.current && !path.includes(sheet.current) && !path.includes(anchor)) close.current();
    };
    document.addEventListener("pointerdown", elsewhere, true);
    return () => document.removeEventListener("pointerdown", elsewhere, true);
  }, [anchor]);

  if (!root) return null;
  return createPortal(
    // biome-ignore lint/a11y/noStaticElementInteractions: its role is a dialog's or a menu's
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both have a name
    <div
      ref={sheet}
      class="cc-popover"
      role={role}
      aria-label={label}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          onClose();
        }
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          if (role === "menu") step(event, event.key === "ArrowDown" ? 1 : -1);
        }
      }}
    >
      {children}
    </div>,
    root,
  );
}

/** Below or above the anchor, and inside of the panel. */
function place(element: HTMLElement, anchor: HTMLElement, root: HTMLElement): void {
  const frame = root.getBoundingClientRect();
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const above = at.top - frame.top;
  const below = frame.bottom - at.bottom;
  const top = below >= height + GAP || below > above ? at.bottom - frame.top + GAP : above - height - GAP;
  const left = Math.min(Math.max(8, at.right - frame.left - width), Math.max(8, frame.width - width - 8));
  element.style.top = `${Math.max(8, Math.min(top, frame.height - height - 8))}px`;
  element.style.left = `${left}px`;
}

const inside = (element: HTMLElement): HTMLElement[] => [
  ...element.querySelectorAll<HTMLElement>(
    'button:not(:disabled), input, select, textarea, a[href], [tabindex="0"]',
  ),
];
export const firstIn = (element: HTMLElement): HTMLElement | undefined => inside(element)[0];

function step(event: KeyboardEvent & { currentTarget: HTMLElement }, by: number): void {
  const all = inside(event.currentTarget);
  const at = all.indexOf(event.target as HTMLElement);
  all[(at + by + all.length) % all.length]?.focus();
  event.preventDefault();
}

/** Keep Tab inside an element. */
export function keepFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.key !== "Tab") return;
  const all = inside(event.currentTarget).filter((element) => element.tabIndex >= 0);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (event.target !== edge) return;
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
  event.preventDefault();
}
