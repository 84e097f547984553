import { useEffect, useRef } from "preact/hooks";
import { sizeText } from "../../files/sizes";
import { t } from "../../i18n";
import type { Attached } from "../../state/state";
import { IconButton } from "../icons";
import { Look } from "./Look";
import { partOf, percent, UploadBar } from "./progress";

interface Props {
  attached: Attached;
  active: boolean;
  /** The id of what says how it is moved. */
  hint: string;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onRemove: () => void;
  onRetry: () => void;
}

/** One file of the tray. */
export function TrayItem({ attached, active, hint, onFocus, onKeyDown, onRemove, onRetry }: Props) {
  const { upload, name, size, picture, state, problem } = attached;
  const item = useRef<HTMLLIElement>(null);
  const about = stateOf(attached);
  useEffect(() => {
    if (state === "failed") item.current?.scrollIntoView?.({ block: "nearest" });
  }, [state]);
  return (
    <li
      ref={item}
      class="cc-tray-file"
      data-upload={upload}
      data-state={state}
      aria-label={`${name}, ${about}`}
      aria-describedby={hint}
      tabIndex={active ? 0 : -1}
      onFocus={(event) => event.target === event.currentTarget && onFocus()}
      onKeyDown={(event) => event.target === event.currentTarget && onKeyDown(event)}
    >
      <Look name={name} picture={picture} />
      <span class="cc-tray-text" title={problem ? `${name}\n${problem}` : name}>
        <span class="cc-tray-name" dir="auto">
          {name}
        </span>
        <span class="cc-tray-about">{about}</span>
      </span>
      {state === "failed" && (
        <button type="button" class="cc-link-button" tabIndex={active ? 0 : -1} onClick={onRetry}>
          {t("Retry")}
        </button>
      )}
      <IconButton
        icon="close"
        label={
          state === "done" || state === "failed"
            ? t("Remove {name}", { name })
            : t("Cancel the upload of {name}", { name })
        }
        size={14}
        onClick={onRemove}
      />
      {(state === "sending" || state === "waiting") && size > 0 && <UploadBar name={name} file={attached} />}
    </li>
  );
}

function stateOf(attached: Attached): string {
  const { state, size, problem } = attached;
  switch (state) {
    case "sending":
      return t("{size} · {percent}", { size: sizeText(size), percent: percent(partOf(attached)) });
    case "waiting":
      return t("{size} · waits", { size: sizeText(size) });
    case "failed":
      return problem ?? "";
    default:
      return sizeText(size);
  }
}
