import { sizeText } from "../../files/sizes";
import { isPicture, isPlayed } from "../../files/types";
import { visible } from "../../files/words";
import { t, tn } from "../../i18n";
import type { ArchivePreview, Attachment } from "../../protocol";
import { number } from "../../time";
import { DocumentView } from "./DocumentView";
import type { Entry } from "./entries";
import { NotebookView } from "./NotebookView";
import { Player } from "./Player";
import { TableView } from "./TableView";
import { TextView } from "./TextView";
import { usePreview, useThumbnail } from "./use";
import { Failed, Opening } from "./Waits";

interface Props {
  entry: Entry;
  tab: number;
  /** In the viewer, with all that there is. */
  large?: boolean;
  /** From the small preview to the large one. */
  onOpen?: () => void;
}

/** What is in a file: its data, its text, its first page, its names, or the browser's player. */
export default function FilePreview({ entry, tab, large = false, onOpen }: Props) {
  const { file } = entry;
  if (isPlayed(file)) return <Player key={entry.id} entry={entry} />;
  if (isPicture(file) && !large) return <SmallPicture entry={entry} />;
  return <Inside key={entry.id} entry={entry} tab={tab} large={large} {...(onOpen && { onOpen })} />;
}

/** A picture of a size that the hub does not know. */
function SmallPicture({ entry: { id, file } }: { entry: Entry }) {
  const url = useThumbnail(id, file, 480);
  if (url === null) return <Opening />;
  if (url === "") return <p class="cc-hint">{t("This picture cannot be shown. It can be downloaded.")}</p>;
  return <img class="cc-file-picture" src={url} alt={visible(file.name)} />;
}

function Inside({ entry, tab, large = false, onOpen }: Props) {
  const { value: preview, problem, retry } = usePreview(entry.id);
  if (problem) return <Failed problem={problem} retry={retry} />;
  if (!preview) return <Opening />;
  switch (preview.type) {
    case "table_preview":
      return <TableView preview={preview} tab={tab} large={large} onOpen={onOpen} />;
    case "text_preview":
      return <TextView preview={preview} tab={tab} large={large} onOpen={onOpen} />;
    case "notebook_preview":
      return <NotebookView preview={preview} tab={tab} large={large} onOpen={onOpen} />;
    case "document_preview":
      return <DocumentView entry={entry} preview={preview} large={large} onOpen={onOpen} />;
    case "archive_preview":
      return <Names preview={preview} large={large} file={entry.file} />;
    case "no_preview":
      return (
        <p class="cc-hint">
          {preview.problem || t("There is nothing to be shown of this file. It can be downloaded.")}
        </p>
      );
  }
}

const FEW_NAMES = 12;

/** What is in an archive, by name. */
function Names({ preview, large, file }: { preview: ArchivePreview; large: boolean; file: Attachment }) {
  const { names, n_entries } = preview;
  const shown = large ? names : names.slice(0, FEW_NAMES);
  const rest = n_entries - shown.length;
  return (
    <div class="cc-file-names">
      <p class="cc-file-caption">{tn(n_entries, "1 entry", "{n} entries", { n: number(n_entries) })}</p>
      <ul aria-label={t("What is in {name}", { name: visible(file.name) })}>
        {shown.map(([name, bytes], at) => (
          <li key={at}>
            <bdi>{visible(name)}</bdi>
            <span>{name.endsWith("/") ? "" : sizeText(bytes)}</span>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <p class="cc-file-caption">{tn(rest, "and 1 more", "and {n} more", { n: number(rest) })}</p>
      )}
    </div>
  );
}
