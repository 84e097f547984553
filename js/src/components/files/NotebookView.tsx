import { useLayoutEffect, useRef } from "preact/hooks";
import { t, tn } from "../../i18n";
import { part, usePart } from "../../lazy";
import { NOBODY } from "../../markdown";
import type { Cell, NotebookPreview } from "../../protocol";
import { number } from "../../time";
import { useView } from "../view";
import { Code } from "./TextView";

const FEW_CELLS = 5;
/** Longer texts are cut: they may be long to keep a browser busy. */
const LONGEST = 20_000;
const LONGEST_OUTPUT = 4_000;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

const drawing = part(() => import("../../markdown/markdown"));
const highlight = part(() => import("../../markdown/highlight"));
const math = part(() => import("../../markdown/math"));

interface Props {
  preview: NotebookPreview;
  tab: number;
  large: boolean;
  onOpen?: (() => void) | undefined;
}

/** A notebook as it was saved: nothing of it runs. */
export function NotebookView({ preview, tab, large, onOpen }: Props) {
  const { cells, n_cells, language } = preview;
  const shown = large ? cells : cells.slice(0, FEW_CELLS);
  const cut = shown.length < n_cells;
  return (
    <div class="cc-nb">
      <p class="cc-file-caption">
        {tn(n_cells, "1 cell", "{n} cells", { n: number(n_cells) })}
        {cut && large && ` · ${t("its beginning")}`}
        {cut && !large && onOpen && (
          <button type="button" class="cc-link-button" tabIndex={tab} onClick={onOpen}>
            {t("Show more")}
          </button>
        )}
      </p>
      <div class="cc-nb-cells" data-large={large || undefined}>
        {shown.map((cell, at) => (
          <CellView key={at} cell={cell} language={language} />
        ))}
      </div>
    </div>
  );
}

function CellView({ cell, language }: { cell: Cell; language: string }) {
  const { kind, source, count, output, picture } = cell;
  const image = pictureOf(picture);
  return (
    <div class="cc-nb-cell" data-kind={kind}>
      {kind === "code" && (
        <span class="cc-nb-count" aria-hidden="true">
          [{count ?? " "}]
        </span>
      )}
      <div class="cc-text cc-nb-body">
        {kind === "markdown" ? (
          <Marked text={source.slice(0, LONGEST)} />
        ) : (
          <Code
            text={source.slice(0, LONGEST)}
            language={kind === "code" ? language || "python" : ""}
            label={kind === "code" ? t("Code") : t("Text of the file")}
          />
        )}
        {output && (
          // biome-ignore lint/a11y/useSemanticElements: no form is in it
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
          <pre class="cc-nb-output" role="group" aria-label={t("Output")} tabIndex={0}>
            {output.slice(0, LONGEST_OUTPUT)}
            {output.length > LONGEST_OUTPUT && "\n…"}
          </pre>
        )}
        {image && <img class="cc-nb-picture" src={image} alt={t("Picture of the output")} />}
      </div>
    </div>
  );
}

/** A PNG or a JPEG as the page finds it; nothing else is drawn. */
function pictureOf(data: string): string | null {
  const type = data.startsWith("iVBORw0KGgo") ? "png" : data.startsWith("/9j/") ? "jpeg" : null;
  return type && BASE64.test(data) ? `data:image/${type};base64,${data.replace(/\s/g, "")}` : null;
}

/** Markdown of a notebook, by the renderer of messages, in which nobody is mentioned. */
function Marked({ text }: { text: string }) {
  const view = useView();
  const element = useRef<HTMLDivElement>(null);
  const found = usePart(drawing);
  const colour = usePart(highlight, /^(?:```|~~~)\s*\w/m.test(text))?.colour;
  const typeset = usePart(math, text.includes("$"))?.typeset;
  useLayoutEffect(() => {
    const { current } = element;
    if (!found || !current) return;
    const fragment = found.render(text, NOBODY);
    found.finish(fragment, { colour, math: typeset, emoji: undefined });
    // Copying has its place in messages.
    for (const button of fragment.querySelectorAll(".cc-copy")) button.remove();
    current.replaceChildren(fragment);
  }, [view, text, found, colour, typeset]);
  return (
    <div ref={element} class={found ? "" : "cc-plain"} dir="auto">
      {found ? undefined : text}
    </div>
  );
}
