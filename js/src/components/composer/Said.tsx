import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../i18n";
import { IconButton } from "../icons";

/** A sentence beside the box: what is wrong, what is asked, what was done with a paste. */
export interface Saying {
  text: string;
  tone: "problem" | "question" | "note";
  action?: { label: string; act: () => void };
}

interface Props {
  saying: Saying;
  onClose: () => void;
}

export function Said({ saying, onClose }: Props) {
  const { text, tone, action } = saying;
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    // A question was asked for by Enter: the next Enter answers it.
    if (tone === "question") button.current?.focus();
  }, [saying]);
  return (
    <div class="cc-said" data-tone={tone} role={tone === "note" ? "status" : "alert"}>
      <span>{text}</span>
      {action && (
        <button
          ref={button}
          type="button"
          class="cc-button cc-quiet"
          onKeyDown={(event) => {
            // The key that asked may still be held.
            if (event.repeat) event.preventDefault();
            if (event.key !== "Escape") return;
            event.stopPropagation();
            onClose();
          }}
          onClick={action.act}
        >
          {action.label}
        </button>
      )}
      <IconButton icon="close" label={t("Dismiss")} size={14} onClick={onClose} />
    </div>
  );
}
