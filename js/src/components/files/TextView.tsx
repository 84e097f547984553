import { useLayoutEffect, useRef } from "preact/hooks";
import { t, tn } from "../../i18n";
import { part, usePart } from "../../lazy";
import type { TextPreview } from "../../protocol";
import { number } from "../../time";

const FEW_LINES = 18;
const FEW_CHARACTERS = 4_000;

const highlight = part(() => import("../../markdown/highlight"));

/** Code with its words marked; as it is until then, and where its language is not known. */
export function Code({ text, language, label }: { text: string; language: string; label: string }) {
  const element = useRef<HTMLElement>(null);
  const found = usePart(highlight, language !== "");
  useLayoutEffect(() => {
    const coloured = language ? found?.colour(text, language) : null;
    element.current?.replaceChildren(coloured ?? document.createTextNode(text));
  }, [text, language, found]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: no form is in it
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <pre class="cc-file-code" role="group" aria-label={label} tabIndex={0}>
      <code ref={element} />
    </pre>
  );
}

interface Props {
  preview: TextPreview;
  tab: number;
  large: boolean;
  onOpen?: (() => void) | undefined;
}

/** The first lines of a text or of code. */
export function TextView({ preview, tab, large, onOpen }: Props) {
  const { text, language, n_lines, more } = preview;
  const first = large ? text : text.split("\n", FEW_LINES).join("\n").slice(0, FEW_CHARACTERS);
  const shown = first.replace(/\n$/, "");
  const cut = first.length < text.replace(/\n$/, "").length;
  const lines = n_lines === null ? "" : tn(n_lines, "1 line", "{n} lines", { n: number(n_lines) });
  return (
    <div class="cc-text cc-file-text">
      <p class="cc-file-caption">
        {[lines, more && large ? t("its beginning") : ""].filter(Boolean).join(" · ")}
        {(cut || more) && !large && onOpen && (
          <button type="button" class="cc-link-button" tabIndex={tab} onClick={onOpen}>
            {t("Show more")}
          </button>
        )}
      </p>
      {shown ? (
        <Code text={shown} language={language} label={t("Text of the file")} />
      ) : (
        <p class="cc-hint">{t("It is empty.")}</p>
      )}
    </div>
  );
}
