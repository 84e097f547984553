import { t } from "../i18n";
import type { Names } from ".";
import { PLACE } from "./parse";
import { prose, replaceIn } from "./walk";

/** People, rooms, messages and emoji that a text names: `@ana`, `#pipeline`, `collabchat:12/345`. */
const NAMED =
  /(?<![\p{L}\p{N}_@#./&-])(?:@([\p{L}\p{N}_][\p{L}\p{N}_.-]{0,99})|#([\p{L}\p{N}][\p{L}\p{N}_-]{0,99})|collabchat:(\d{1,19})(?:\/(\d{1,19}))?)(?![\p{L}\p{N}])/gu;

/** Something in a text that one can go to. It is no button, as it stands within a line. */
function lead(text: string, kind: string, data: Record<string, string>): HTMLElement {
  const made = document.createElement("span");
  made.className = kind;
  made.tabIndex = 0;
  made.setAttribute("role", "link");
  Object.assign(made.dataset, data);
  made.textContent = text;
  return made;
}

/** To a room or a message in it; null where the reader knows no such room. */
function leadTo(room: string, message: string | undefined, names: Names, text = ""): HTMLElement | null {
  const name = names.roomOf(room);
  if (name === null) return null;
  if (!message) return lead(text || name, "cc-room-link", { room });
  return lead(text || t("message in {room}", { room: name }), "cc-message-link", { room, message });
}

function named(match: RegExpMatchArray, names: Names): { made: HTMLElement; length: number } | null {
  const [whole, handle, room, ofRoom, message] = match;
  if (ofRoom) {
    const made = leadTo(ofRoom, message, names);
    return made && { made, length: whole.length };
  }
  // A full stop after a name ends the sentence, not the name.
  const word = handle ?? room ?? "";
  for (const name of [word, word.replace(/[.-]+$/, "")]) {
    const who = handle ? names.member(name) : null;
    if (who) {
      const made = lead(`@${name}`, who.me ? "cc-mention cc-mention-me" : "cc-mention", { member: who.id });
      made.title = who.name;
      return { made, length: name.length + 1 };
    }
    const where = room ? names.room(name) : null;
    if (where) return { made: lead(`#${name}`, "cc-room-link", { room: where.id }), length: name.length + 1 };
  }
  return null;
}

/** Make all that is named in it lead there. */
export function markNames(fragment: DocumentFragment, names: Names): void {
  for (const link of fragment.querySelectorAll("a")) {
    const [, room, message] = PLACE.exec(link.getAttribute("href") ?? "") ?? [];
    if (!room) continue;
    const text = link.textContent ?? "";
    const made = leadTo(room, message, names, PLACE.test(text) ? "" : text);
    link.replaceWith(...(made ? [made] : link.childNodes));
  }
  const nodes = prose(fragment).filter(({ data }) => /[@#]|collabchat:/.test(data));
  replaceIn(nodes, NAMED, (match) => named(match, names));
}
