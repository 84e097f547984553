import { visible } from "../../files/words";
import { t, tn } from "../../i18n";
import type { DocumentPreview } from "../../protocol";
import { number } from "../../time";
import type { Entry } from "./entries";
import { useThumbnail } from "./use";

const FEW_CHARACTERS = 700;

interface Props {
  entry: Entry;
  preview: DocumentPreview;
  large: boolean;
  onOpen?: (() => void) | undefined;
}

/** A document: its first page where there is one, how many it has, and its beginning as text. */
export function DocumentView({ entry: { id, file }, preview, large, onOpen }: Props) {
  const { n_pages, text } = preview;
  const paged = file.type === "application/pdf";
  const page = useThumbnail(id, file, large ? 1600 : 480, paged);
  const name = visible(file.name);
  const words = large ? text : text.slice(0, FEW_CHARACTERS);
  const picture = page && <img src={page} alt={t("First page of {name}", { name })} />;
  return (
    <div class="cc-document" data-large={large || undefined}>
      {n_pages !== null && (
        <p class="cc-file-caption">{tn(n_pages, "1 page", "{n} pages", { n: number(n_pages) })}</p>
      )}
      {paged && page !== "" && (
        <div class="cc-page">
          {picture && onOpen ? (
            <button type="button" aria-label={t("Open {name} in large", { name })} onClick={onOpen}>
              {picture}
            </button>
          ) : (
            picture
          )}
        </div>
      )}
      {words && (!paged || page === "" || large) && (
        <p class="cc-document-text" dir="auto">
          {words}
          {words.length < text.length && "…"}
        </p>
      )}
      {!words && (!paged || page === "") && (
        <p class="cc-hint">{t("There is nothing to be shown of this file. It can be downloaded.")}</p>
      )}
    </div>
  );
}
