import { t } from "../../i18n";

const LINES: readonly (readonly [string, () => string])[] = [
  ["late invoice", () => t("both words, in any order")],
  ['"late invoice"', () => t("one after the other")],
  ["-draft", () => t("without this word")],
  ["monday or tuesday", () => t("one of the two")],
  ["inv*", () => t("words that begin so")],
  ["from:bo", () => t("written by somebody")],
  ["in:general", () => t("in one conversation")],
  ["has:file", () => t("with a file, a link, an image, code …")],
  ["after:2026-01-31", () => t("since a day; also before, on and during")],
  ["is:unread", () => t("unread, starred, pinned, edited, in a thread")],
  [">theme", () => t("something to do")],
];

/** The language of the search, by examples. */
export const Help = () => (
  <details class="cc-search-help">
    <summary>{t("What one can type")}</summary>
    <dl>
      {LINES.map(([example, about]) => (
        <div key={example}>
          <dt>
            <code>{example}</code>
          </dt>
          <dd>{about()}</dd>
        </div>
      ))}
    </dl>
  </details>
);
