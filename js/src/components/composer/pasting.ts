import { t } from "../../i18n";
import { pasted } from "../../paste";
import { carryOut } from "../enter";
import { fenced, inCode } from "./format";
import type { Saying } from "./Said";

type PasteEvent = ClipboardEvent & { currentTarget: HTMLTextAreaElement };

/** A table becomes one of Markdown; code may become a block. Everything else is pasted as the browser does. */
export function paste(event: PasteEvent, say: (saying: Saying | null) => void): void {
  const { currentTarget: area, clipboardData } = event;
  if (!clipboardData || inCode(area.value, area.selectionStart)) return;
  const found = pasted(clipboardData);
  if (!found) return;
  const from = area.selectionStart;
  if (found.kind === "code") {
    // After the browser has put it there.
    setTimeout(() => offerBlock(area, from, found.text, found.language, say));
    return;
  }
  event.preventDefault();
  const { value, selectionEnd: end } = area;
  const before = from > 0 && value[from - 1] !== "\n" ? "\n\n" : "";
  const after = end < value.length && value[end] !== "\n" ? "\n\n" : "\n";
  const table = `${before}${found.markdown}${after}`;
  carryOut(area, { from, to: end, text: table, select: [from + table.length, from + table.length] });
  say({
    tone: "note",
    text: t("Pasted as a table."),
    action: {
      label: t("Paste as text"),
      act: () => {
        say(null);
        swap(area, from, table, found.text);
      },
    },
  });
}

function offerBlock(
  area: HTMLTextAreaElement,
  from: number,
  text: string,
  language: string,
  say: (saying: Saying | null) => void,
): void {
  if (area.value.slice(from, from + text.length) !== text) return;
  say({
    tone: "note",
    text: t("This looks like code."),
    action: {
      label: t("Make it a code block"),
      act: () => {
        say(null);
        const at = area.value.startsWith(text, from) ? from : area.value.indexOf(text);
        if (at < 0) return area.focus();
        const edit = fenced({ text: area.value, start: at, end: at + text.length }, language);
        const end = edit.from + edit.text.length;
        carryOut(area, { ...edit, select: [end, end] });
      },
    },
  });
}

/** Put a text in another one's place, where that still stands. */
function swap(area: HTMLTextAreaElement, from: number, old: string, text: string): void {
  const at = area.value.startsWith(old, from) ? from : area.value.indexOf(old);
  const end = at + text.length;
  if (at >= 0) carryOut(area, { from: at, to: at + old.length, text, select: [end, end] });
  else area.focus();
}
