import { t } from "../i18n";
import { copy } from "./message/clipboard";
import { openMessage } from "./message/open";
import type { View } from "./view";

const SAID_FOR = 2_000;

/** A click somewhere in a text: on what leads somewhere, or copies. */
export function onTextClick(view: View, event: MouseEvent): void {
  const target = event.target as HTMLElement;
  const button = target.closest<HTMLElement>(".cc-copy");
  if (button) {
    copyCode(view, button);
    return;
  }
  const note = target.closest<HTMLElement>(".cc-note");
  if (note) {
    toNote(note);
    return;
  }
  const lead = target.closest<HTMLElement>("[role=link]");
  const { room, message } = lead?.dataset ?? {};
  if (room && message) void openMessage(view, room, message);
  else if (room) view.openRoom(room);
}

/** A key on what leads somewhere: Enter follows it, as it does in a link. */
export function onTextKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.key !== "Enter" || target.getAttribute("role") !== "link" || target.hasAttribute("href")) return;
  event.preventDefault();
  event.stopPropagation();
  target.click();
}

function copyCode(view: View, button: HTMLElement): void {
  const code = button.parentElement?.querySelector("pre")?.textContent ?? "";
  copy(code.replace(/\n$/, "")).then(() => {
    button.textContent = t("Copied");
    button.dataset.done = "";
    setTimeout(() => {
      button.textContent = t("Copy code");
      delete button.dataset.done;
    }, SAID_FOR);
  }, view.complain);
}

/** From a mark to its note, and from there back with the mark that has the focus still. */
function toNote(mark: HTMLElement): void {
  const notes = mark.closest(".cc-text")?.querySelectorAll<HTMLElement>(".cc-notes > li");
  const note = notes?.[Number(mark.textContent) - 1];
  if (!note) return;
  note.tabIndex = -1;
  note.focus({ preventScroll: true });
  note.scrollIntoView({ block: "nearest" });
}
