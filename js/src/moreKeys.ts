import { t } from "./i18n";
import { type Combination, KEYS, type KeyName } from "./keys";

/** A key, and what it does. */
export interface Key extends Combination {
  what: () => string;
}

const WORDS: Readonly<Record<KeyName, () => string>> = {
  search: () => t("Search, or go to a room, a person or a command (/ not while one writes)"),
  find: () => t("Search in this conversation"),
  next: () => t("Next conversation"),
  previous: () => t("Previous conversation"),
  nextUnread: () => t("Next unread conversation"),
  previousUnread: () => t("Previous unread conversation"),
  write: () => t("New conversation"),
  settings: () => t("Settings"),
  part: () => t("To the list, the messages, the text box, and what is beside"),
  partBack: () => t("The same the other way round"),
  close: () => t("Close what is open; else mark the room as read"),
  help: () => t("This list of keys (not while one writes)"),
  down: () => t("Down the list"),
  up: () => t("Up the list"),
  menu: () => t("What one can do with it"),
  starDown: () => t("Move a starred one down"),
  starUp: () => t("Move a starred one up"),
};

/** The keys that have a name, with what they do. */
const NAMED: readonly Key[] = Object.entries(KEYS).map(([name, key]) => ({
  ...key,
  what: WORDS[name as KeyName],
}));

/** What the keyboard does among messages and in the text box: said here, done by those whose keys they are. */
export const MORE_KEYS: readonly Key[] = [
  { keys: ["ArrowDown"], where: "messages", what: () => t("Next message") },
  { keys: ["ArrowUp"], where: "messages", what: () => t("Previous message") },
  { keys: ["Home"], where: "messages", what: () => t("The first one loaded") },
  { keys: ["End"], where: "messages", what: () => t("The newest one") },
  { keys: ["+", ":"], where: "messages", what: () => t("React") },
  { keys: ["R"], where: "messages", what: () => t("Reply in thread") },
  { keys: ["Q"], where: "messages", what: () => t("Quote") },
  { keys: ["F"], where: "messages", what: () => t("Forward") },
  { keys: ["E"], where: "messages", what: () => t("Edit") },
  { keys: ["S"], where: "messages", what: () => t("Save for later") },
  { keys: ["P"], where: "messages", what: () => t("Pin") },
  { keys: ["U"], where: "messages", what: () => t("Mark unread from here") },
  { keys: ["C"], where: "messages", what: () => t("Copy link") },
  { keys: ["Delete"], where: "messages", what: () => t("Delete") },
  { keys: ["Enter"], where: "messages", what: () => t("What one can do with it") },
  { keys: ["Tab"], where: "messages", what: () => t("Into the message: its links and buttons") },
  { keys: ["Enter"], where: "box", what: () => t("Send, or a new line: as you have set it") },
  { keys: ["Mod+Enter"], where: "box", what: () => t("The other one of the two") },
  { keys: ["Shift+Enter"], where: "box", what: () => t("New line") },
  { keys: ["ArrowUp"], where: "box", what: () => t("Edit your last message (in an empty text box)") },
  { keys: ["Tab", "Enter"], where: "box", what: () => t("Take what is proposed after @ # : or /") },
  { keys: ["Shift+ArrowLeft", "Shift+ArrowRight"], where: "box", what: () => t("Move an attached file") },
  { keys: ["Mod+B"], where: "box", what: () => t("Bold") },
  { keys: ["Mod+I"], where: "box", what: () => t("Italic") },
  { keys: ["Mod+Shift+X"], where: "box", what: () => t("Struck through") },
  { keys: ["Mod+E"], where: "box", what: () => t("Code") },
  { keys: ["Mod+K"], where: "box", what: () => t("Make a link of what is selected") },
  { keys: ["Mod+Shift+7"], where: "box", what: () => t("Numbered list") },
  { keys: ["Mod+Shift+8"], where: "box", what: () => t("Bulleted list") },
  { keys: ["Mod+Shift+9"], where: "box", what: () => t("Quotation") },
  { keys: ["Tab", "Shift+Tab"], where: "box", what: () => t("Move a line of a list in and out") },
  { keys: ["ArrowDown", "ArrowUp", "PageDown", "PageUp"], where: "files", what: () => t("Through the list") },
  { keys: ["Home", "End"], where: "files", what: () => t("The first one and the last one") },
  { keys: ["Enter"], where: "files", what: () => t("Open") },
  { keys: ["Space"], where: "files", what: () => t("Choose") },
  { keys: ["Shift+Space"], where: "files", what: () => t("Choose all from the last one to this one") },
  { keys: ["Escape"], where: "files", what: () => t("Choose none") },
  { keys: ["ArrowLeft", "ArrowRight"], where: "large", what: () => t("Previous and next file") },
  { keys: ["+", "-"], where: "large", what: () => t("Larger and smaller") },
  { keys: ["0"], where: "large", what: () => t("As large as there is room") },
  { keys: ["Shift+ArrowLeft", "Shift+ArrowUp"], where: "large", what: () => t("Move the picture") },
];

/** All that the settings and the sheet of keys show. */
export const ALL_KEYS: readonly Key[] = [...NAMED, ...MORE_KEYS];
