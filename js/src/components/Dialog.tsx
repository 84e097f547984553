import type { ComponentChildren } from "preact";
import { createPortal } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { IconButton } from "./icons";
import { firstIn, keepFocus } from "./Popover";
import { useView } from "./view";

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** Asked for by Enter in a field of it. */
  onSubmit?: () => void;
  small?: boolean;
  wide?: boolean;
}

/** A dialog over the panel (not over the page that the panel is in). */
export function Dialog({ title, onClose, onSubmit, small, wide, children }: Props) {
  const { root } = useView();
  const id = useId();
  const sheet = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const before = (root?.getRootNode() as Document | ShadowRoot | undefined)?.activeElement;
    const element = sheet.current;
    if (element)
      (element.querySelector<HTMLElement>("[data-first], form input:checked") ?? firstIn(element))?.focus();
    return () => {
      if (before instanceof HTMLElement && root?.contains(before)) before.focus({ preventScroll: true });
    };
  }, [root]);

  if (!root) return null;
  const kind = small ? "cc-small" : wide ? "cc-large" : "";
  return createPortal(
    <div
      class="cc-veil"
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div
        ref={sheet}
        class={`cc-dialog ${kind}`}
        role="dialog"
        aria-modal="true"
        aria-labelledby={id}
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            onClose();
          }
          keepFocus(event);
        }}
      >
        <header class="cc-dialog-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t("Close")} onClick={onClose} />
        </header>
        <form
          class="cc-dialog-form"
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit?.();
          }}
        >
          {children}
        </form>
      </div>
    </div>,
    root,
  );
}
