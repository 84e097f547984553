import { useRef } from "preact/hooks";
import { kindIcon } from "../../files/kinds";
import { visible } from "../../files/words";
import { t, tn } from "../../i18n";
import { SignButton } from "../icons";
import { useView } from "../view";
import { save } from "./acts";
import type { Entry } from "./entries";
import { DownloadSign, Progress } from "./Progress";
import { rowsOf, widthOf } from "./shape";
import { useDownload, useInSight, useThumbnail } from "./use";

/** More pictures of one message are behind the last one. */
const SHOWN = 9;

interface Props {
  entries: readonly Entry[];
  tab: number;
  onOpen: (entry: Entry) => void;
}

/** Pictures side by side in rows, each in its own shape; their places are free before they are there. */
export function Pictures({ entries, tab, onOpen }: Props) {
  const shown = entries.slice(0, SHOWN);
  const rest = entries.length - shown.length;
  return (
    <ul class="cc-pictures" aria-label={t("Pictures")}>
      {rowsOf(shown).map((row) => (
        <li key={row[0]?.entry.id} class="cc-picture-row" style={{ maxWidth: `${widthOf(row)}px` }}>
          {row.map(({ entry, ratio }) => (
            <Picture
              key={entry.id}
              entry={entry}
              ratio={ratio}
              tab={tab}
              more={entry === shown.at(-1) ? rest : 0}
              onOpen={() => onOpen(entry)}
            />
          ))}
        </li>
      ))}
    </ul>
  );
}

interface OneProps {
  entry: Entry;
  ratio: number;
  tab: number;
  /** How many are behind it. */
  more: number;
  onOpen: () => void;
}

function Picture({ entry, ratio, tab, more, onOpen }: OneProps) {
  const view = useView();
  const { id, file } = entry;
  const element = useRef<HTMLDivElement>(null);
  const seen = useInSight(element);
  const url = useThumbnail(id, file, 480, seen);
  const download = useDownload(id);
  const name = visible(file.name);
  return (
    <div ref={element} class="cc-picture" data-file={id} style={{ flexGrow: ratio, aspectRatio: ratio }}>
      <button
        type="button"
        class="cc-picture-open"
        tabIndex={tab}
        title={name}
        aria-label={more > 0 ? tn(more, "{name} and 1 more", "{name} and {n} more", { name }) : name}
        onClick={onOpen}
      >
        {url ? (
          <img src={url} alt={name} draggable={false} />
        ) : (
          url === "" && (
            <span class="cc-picture-none">
              {kindIcon("picture", 24)}
              <bdi>{name}</bdi>
            </span>
          )
        )}
        {more > 0 && (
          <span class="cc-picture-more" aria-hidden="true">
            +{more}
          </span>
        )}
      </button>
      {more === 0 && (
        <SignButton
          class="cc-picture-save"
          label={t("Download {name}", { name })}
          tab={tab}
          onClick={() => void save(view, entry)}
        >
          <DownloadSign size={16} />
        </SignButton>
      )}
      {download && (
        <div class="cc-picture-progress">
          <Progress entry={entry} download={download} tab={tab} />
        </div>
      )}
    </div>
  );
}
