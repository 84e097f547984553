import { t } from "../i18n";
import { pressed } from "../keys";
import type { Room } from "../protocol";
import { nextPart } from "./parts";
import { orderOf, unreadBeside } from "./side/lines";
import type { Layout, Place, View } from "./view";

/** The conversation below or above the open one, in the order of the list. */
function beside(view: View, place: Place, by: 1 | -1): Room | undefined {
  const order = orderOf(view.panel.state);
  const at = order.findIndex((room) => room.id === place.room);
  if (at < 0) return by > 0 ? order[0] : order.at(-1);
  return order[at + by];
}

const OVER = '[role="menu"], [role="dialog"].cc-popover';
const NO_TEXT = /^(button|checkbox|color|file|image|radio|range|reset|submit)$/;

/** Whether what is typed there is text. */
function isField(element: HTMLElement): boolean {
  if (element instanceof HTMLInputElement) return !NO_TEXT.test(element.type);
  return element.isContentEditable || ["TEXTAREA", "SELECT"].includes(element.tagName);
}

/** With something selected in a text box, the key of the search makes a link of it. */
const hasSelected = (element: HTMLElement): boolean =>
  element instanceof HTMLTextAreaElement && element.selectionStart !== element.selectionEnd;

/**
 * The keys that work everywhere in a panel; true where one was taken. They come before what the focus is on, but for a
 * star in the list, which moves by some of them.
 */
export function onPanelKey(event: KeyboardEvent, view: View, place: Place, layout: Layout): boolean {
  const target = event.target as HTMLElement;
  const full = layout === "full";
  // In its own field they are the search’s.
  const seek = full && !target.closest(".cc-search-box");
  const search = (here: boolean) => {
    const { screen: from } = place;
    view.go({ dialogue: null, subject: null, screen: "list", search: { here, focus: true, from } });
    return true;
  };
  const slash = event.key === "/";
  if (seek && pressed(event, "search") && !(slash ? isField(target) || place.dialogue : hasSelected(target)))
    return search(false);
  if (pressed(event, "help") && !isField(target) && [null, "keys"].includes(place.dialogue)) {
    view.go({ dialogue: place.dialogue === "keys" ? null : "keys" });
    return true;
  }
  if (place.dialogue !== null || target.closest(OVER)) return false;
  const part = pressed(event, "part") ? 1 : pressed(event, "partBack") ? -1 : 0;
  if (part !== 0) return view.root !== null && nextPart(view.root, target, part);
  if (!full) return false;
  if (seek && place.room !== null && pressed(event, "find")) return search(true);
  if (pressed(event, "settings")) {
    view.go({ dialogue: "settings", page: null });
    return true;
  }
  if (pressed(event, "write")) {
    view.go({ dialogue: "new-conversation" });
    return true;
  }
  const unread = pressed(event, "nextUnread") ? 1 : pressed(event, "previousUnread") ? -1 : 0;
  if (unread !== 0) {
    const next = unreadBeside(view.panel.state, place.room, unread);
    if (next) view.openRoom(next.id);
    else view.tell({ text: t("Everything is read."), stay: 3_000 });
    return true;
  }
  if (target.closest(".cc-line[data-star]") || target.tagName === "SELECT") return false;
  const by = pressed(event, "next") ? 1 : pressed(event, "previous") ? -1 : 0;
  if (by === 0) return false;
  const next = beside(view, place, by);
  if (next) view.openRoom(next.id);
  return true;
}

/**
 * Escape that nothing else had a use for: closes what stands beside the conversation, or in its place; with nothing to
 * close it marks the room as read. True where it did one of them.
 */
export function onPanelEscape(event: KeyboardEvent, view: View, place: Place): boolean {
  const target = event.target as HTMLElement;
  if (!pressed(event, "close") || event.defaultPrevented) return false;
  if (target.closest('[role="menu"], [role="dialog"]')) return false;
  if (place.dialogue !== null) {
    // It is on its way still.
    view.go({ dialogue: null, subject: null });
    return true;
  }
  if (place.side !== null) {
    // Back to where it was opened from, if that is in sight.
    if (target.closest(".cc-aside")) {
      const from =
        place.side.type === "thread"
          ? `.cc-room article[data-key="${place.side.root}"]`
          : '.cc-room .cc-head [aria-expanded="true"]';
      view.root?.querySelector<HTMLElement>(from)?.focus({ preventScroll: true });
    }
    view.go({ side: null });
    return true;
  }
  if (place.sheet !== null) {
    view.go({ sheet: null });
    return true;
  }
  if (place.search !== null) {
    view.go({ search: null });
    return true;
  }
  const room = place.room === null ? undefined : view.panel.state.rooms.get(place.room);
  if (!room?.joined || room.unread === 0 || !room.last) return false;
  view.panel.markRead(room.id, room.last.id);
  return true;
}
