import { t } from "../../i18n";

/** Put a text on the clipboard, in pages that may not use the clipboard's own way too. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position:fixed;opacity:0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done)
      throw new Error(t("The browser does not let the panel copy: select the text and copy it by hand."));
  }
}
