import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../i18n";
import { keepFocus } from "../Popover";
import { useView } from "../view";

/** So far a finger goes to close it. */
const FAR = 56;

/** In a narrow view: the left over the conversation. */
export default function Drawer({ onClose, children }: { onClose: () => void; children: ComponentChildren }) {
  const { root } = useView();
  const sheet = useRef<HTMLDivElement>(null);
  const start = useRef<{ x: number; y: number } | null>(null);

  useLayoutEffect(() => {
    const before = (root?.getRootNode() as Document | ShadowRoot | undefined)?.activeElement;
    const first = '.cc-list [tabindex="0"]';
    const element = sheet.current;
    (element?.querySelector<HTMLElement>(first) ?? element?.querySelector<HTMLElement>("button"))?.focus({
      preventScroll: true,
    });
    return () => {
      if (before instanceof HTMLElement && before.isConnected && root?.contains(before))
        before.focus({ preventScroll: true });
    };
  }, [root]);

  const onTouchMove = (event: TouchEvent) => {
    const [touch] = event.touches;
    const from = start.current;
    if (!touch || !from) return;
    const x = touch.clientX - from.x;
    if (Math.abs(touch.clientY - from.y) > Math.abs(x)) return;
    if (x < -FAR) {
      start.current = null;
      onClose();
    }
  };
  return (
    <div
      class="cc-drawer"
      role="presentation"
      onTouchStart={(event) => {
        const [touch] = event.touches;
        start.current = touch ? { x: touch.clientX, y: touch.clientY } : null;
      }}
      onTouchMove={onTouchMove}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div
        ref={sheet}
        class="cc-drawer-sheet"
        role="dialog"
        aria-modal="true"
        aria-label={t("Where to go")}
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            onClose();
          }
          keepFocus(event);
        }}
      >
        {children}
      </div>
    </div>
  );
}
