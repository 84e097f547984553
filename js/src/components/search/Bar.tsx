import { t, tn } from "../../i18n";
import { number } from "../../time";
import { Icon, IconButton } from "../icons";
import { usePlace, useStore, useView } from "../view";
import { filterText, filterWord, OFFERED, roomText } from "./filters";
import type { Sort } from "./finder";
import { type Piece, pieces } from "./query";
import type { Session } from "./session";

interface Props {
  session: Session;
  onHere: (on: boolean) => void;
  onFilter: (name: string) => void;
  onRemove: (piece: Piece) => void;
  onClose: () => void;
}

/** What narrows the search down, and what may. */
export function Filters({ session, onHere, onFilter, onRemove, onClose }: Props) {
  const { panel } = useView();
  const { place } = usePlace();
  const title = useStore((state) => (session.here === null ? "" : roomText(state, session.here)));
  const set = pieces(session.text).filter(({ name, value }) => name !== null && value);
  const room = session.here ?? place.room;
  const elsewhere = session.here !== null && session.here !== place.room;
  return (
    <div class="cc-search-filters">
      {/* biome-ignore lint/a11y/useSemanticElements: nothing here is sent as a form */}
      <div class="cc-search-chips" role="group" aria-label={t("Filters")}>
        {room !== null && (
          <button
            type="button"
            class="cc-search-chip"
            aria-pressed={session.here !== null}
            onClick={() => onHere(session.here === null)}
          >
            {elsewhere ? t("In {room}", { room: title }) : t("In this conversation")}
          </button>
        )}
        {set.map((piece) => {
          const filter = filterText(panel.state, piece);
          return (
            <button
              key={`${piece.from} ${piece.value}`}
              type="button"
              class="cc-search-chip cc-search-set"
              aria-label={t("Remove the filter “{filter}”", { filter })}
              title={t("Remove the filter “{filter}”", { filter })}
              onClick={() => onRemove(piece)}
            >
              <span dir="auto">{filter}</span> <Icon name="close" size={11} />
            </button>
          );
        })}
        {OFFERED.filter((name) => !set.some((piece) => piece.name === name)).map((name) => (
          <button
            key={name}
            type="button"
            class="cc-search-chip cc-search-add"
            aria-label={t("Add a filter: {filter}", { filter: filterWord(name) })}
            onClick={() => onFilter(name)}
          >
            <Icon name="plus" size={11} /> {filterWord(name)}
          </button>
        ))}
      </div>
      <IconButton
        icon="close"
        size={15}
        class="cc-search-close"
        label={t("Close the search")}
        onClick={onClose}
      />
    </div>
  );
}

/** How many there are, and in which order they stand. */
export function Count({ session, onSort }: { session: Session; onSort: (sort: Sort) => void }) {
  const connected = useStore(({ link, silent }) => link.state === "open" && !silent);
  const { finder } = session;
  const { answer } = finder;
  const known = finder.wanted !== null;
  return (
    <div class="cc-search-count" data-waiting={finder.waiting || undefined}>
      <p role="status">{known ? saidOf(session, connected) : ""}</p>
      {known && answer !== null && answer.found.total > 0 && (
        <select
          class="cc-search-sort"
          aria-label={t("Order")}
          value={session.sort}
          onChange={(event) => onSort(event.currentTarget.value as Sort)}
        >
          <option value="relevance">{t("Best first")}</option>
          <option value="newest">{t("Newest first")}</option>
          <option value="oldest">{t("Oldest first")}</option>
        </select>
      )}
    </div>
  );
}

function saidOf({ finder }: Session, connected: boolean): string {
  if (!connected && finder.waiting) return t("Not connected: the results come when the connection is back.");
  const { answer } = finder;
  if (!answer) return finder.problem === null ? t("Searching…") : "";
  const { total, at_least } = answer.found;
  if (at_least) return t("More than {n} messages", { n: number(total) });
  if (total === 0) return finder.waiting ? t("Searching…") : t("Nothing found");
  return tn(total, "1 message", "{n} messages", { n: number(total) });
}
