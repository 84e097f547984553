import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import { lazy } from "../../lazy";
import type { Room } from "../../protocol";
import { titleOf as roomTitle } from "../../state/selectors";
import css from "../../styles/shared.css?inline";
import { number } from "../../time";
import { Icon, IconButton, Sign } from "../icons";
import { usePlace, useStore, useView } from "../view";
import { Ghosts } from "../waiting";
import { ChosenBar } from "./ChosenBar";
import { type Chosen, MOST, NONE_CHOSEN } from "./choosing";
import { useDeeds, type Seen as Viewed } from "./deeds";
import { Entries } from "./Entries";
import { FiltersBar } from "./Filters";
import { keepShape, keptOf, type Shape, shapeOf } from "./kept";
import { Listing, type Seen } from "./listing";
import { useNews } from "./news";
import { anyFilter, NO_FILTERS, questionOf, type Sort } from "./query";
import { archiveName } from "./zipping";

const Viewer = lazy(() => import("../files/Viewer"));

/** One types on: the hub is asked when one rests. */
const TYPING = 150;

/** The files and links of a conversation. */
export default function Shared({ room }: { room: Room }) {
  const { panel, id, go, root } = useView();
  const { size } = usePlace();
  const title = useStore((state) => roomTitle(state, room));
  const week = useStore((state) => state.preferences.week);
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const kept = useMemo(() => keptOf(panel, id, room.id), [panel, id, room.id]);
  const [filters, setFilters] = useState(kept.filters);
  const [sort, setSort] = useState(kept.sort);
  const [shape, setShape] = useState<Shape>(() => shapeOf(panel));
  const [chosen, setChosen] = useState<Chosen>(NONE_CHOSEN);
  const seen = useRef<() => readonly Seen[]>(() => []);
  const listing = useMemo(() => {
    kept.listing ??= new Listing((question) => panel.ask(question));
    return kept.listing;
  }, [panel, kept]);
  useLayoutEffect(() => {
    listing.watch({ seen: () => seen.current(), changed: () => draw(undefined) });
    return () => listing.watch(null);
  }, [listing]);

  const typed = useRef(filters.text);
  useLayoutEffect(() => {
    const open = () => {
      const near = kept.filters === filters && kept.sort === sort ? kept.near : 0;
      Object.assign(kept, { filters, sort, near });
      listing.open(questionOf(room.id, filters, sort), near);
    };
    const typing = typed.current !== filters.text;
    typed.current = filters.text;
    if (!typing) return open();
    const timer = setTimeout(open, TYPING);
    return () => clearTimeout(timer);
  }, [listing, filters, sort, week]);
  useNews(panel, room.id, (gone) => {
    listing.happened();
    if (gone.length === 0) return;
    setChosen((now) => {
      const next = new Map([...now].filter(([, { message }]) => !gone.includes(message)));
      return next.size < now.size ? next : now;
    });
  });
  const joined = useRef(room.joined);
  useEffect(() => {
    if (joined.current !== room.joined) listing.happened();
    joined.current = room.joined;
  }, [listing, room.joined]);

  const [viewed, setViewed] = useState<Viewed | null>(null);
  const deeds = useDeeds({ room: room.id, listing, setChosen, onSee: setViewed });
  const { found, problem, stale } = listing;
  const narrow = size === "narrow";
  const close = () => {
    // Back to the button that opens it, as far as it is there.
    requestAnimationFrame(() =>
      root?.querySelector<HTMLElement>(".cc-room .cc-paper")?.focus({ preventScroll: true }),
    );
    go({ side: null });
  };
  const filtered = anyFilter(filters);
  const shapeButton = (one: Shape, icon: "bullets" | "tiles", label: string) => (
    <button
      type="button"
      class="cc-icon-button"
      aria-label={label}
      title={label}
      aria-pressed={shape === one}
      onClick={() => {
        setShape(one);
        keepShape(panel, one);
      }}
    >
      {icon === "tiles" ? <Tiles /> : <Icon name={icon} size={17} />}
    </button>
  );
  return (
    <aside
      class="cc-aside cc-shared"
      aria-label={t("Files and links")}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || chosen.size === 0 || event.defaultPrevented) return;
        if ((event.target as HTMLElement).closest('[role="dialog"], [role="menu"]')) return;
        event.preventDefault();
        event.stopPropagation();
        setChosen(NONE_CHOSEN);
      }}
    >
      <style>{css}</style>
      <header class="cc-head">
        {narrow && <IconButton icon="back" label={t("Back to the messages")} onClick={close} />}
        <div class="cc-head-text">
          <h3 class="cc-title">{t("Files and links")}</h3>
          <p class="cc-topic" dir="auto">
            {room.kind === "direct" ? title : `#${title}`}
          </p>
        </div>
        {!narrow && <IconButton icon="close" label={t("Close")} onClick={close} />}
      </header>
      <FiltersBar filters={filters} onChange={setFilters} />
      <div class="cc-shared-tools">
        <p role="status" aria-live="polite">
          {found && !stale && count(found.total, filtered)}
        </p>
        {found !== null && found.total > 0 && (
          <button type="button" class="cc-link-button" onClick={deeds.chooseAll}>
            {found.total > MOST ? t("Choose the first {n}", { n: number(MOST) }) : t("Choose all")}
          </button>
        )}
        <select
          class="cc-input cc-select"
          aria-label={t("Order")}
          data-keep="shared-sort"
          value={sort}
          onChange={(event) => setSort(event.currentTarget.value as Sort)}
        >
          <option value="newest">{t("Newest first")}</option>
          <option value="oldest">{t("Oldest first")}</option>
          <option value="name">{t("By name")}</option>
          <option value="size">{t("Largest first")}</option>
        </select>
        <span class="cc-shared-shapes">
          {shapeButton("list", "bullets", t("As a list"))}
          {shapeButton("grid", "tiles", t("As a grid"))}
        </span>
      </div>
      {problem !== null && (
        <p class="cc-shared-problem cc-problem" role="alert">
          {problem}{" "}
          <button type="button" class="cc-link-button" onClick={() => listing.retry()}>
            {t("Try again")}
          </button>
        </p>
      )}
      {found === null && problem === null && <Ghosts />}
      {found !== null && found.total > 0 && (
        <Entries
          listing={listing}
          found={found}
          shape={shape}
          chosen={chosen}
          deeds={deeds}
          seen={seen}
          near={kept}
        />
      )}
      {found !== null && found.total === 0 && !stale && (
        <Empty filtered={filtered} onClear={() => setFilters(NO_FILTERS)} />
      )}
      <ChosenBar chosen={chosen} name={() => archiveName(title)} onClear={() => setChosen(NONE_CHOSEN)} />
      {viewed && <Viewer entries={viewed.entries} at={viewed.at} onClose={() => setViewed(null)} />}
    </aside>
  );
}

const count = (n: number, filtered: boolean): string =>
  filtered
    ? tn(n, "1 found", "{all} found", { all: number(n) })
    : tn(n, "1 file or link", "{all} files and links", { all: number(n) });

function Empty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return (
    <div class="cc-empty cc-shared-empty">
      <Icon name={filtered ? "filter" : "paper"} size={32} />
      <h4>{filtered ? t("Nothing fits these filters") : t("Nothing is shared here yet")}</h4>
      <p>
        {filtered
          ? t("Other words, another kind or another time may find it.")
          : t("Every file and every link that somebody posts in this conversation will be here.")}
      </p>
      {filtered && (
        <button type="button" class="cc-button" onClick={onClear}>
          {t("Clear filters")}
        </button>
      )}
    </div>
  );
}

const Tiles = () => (
  <Sign
    path="M3.5 3.5H8.5V8.5H3.5ZM11.5 3.5H16.5V8.5H11.5ZM3.5 11.5H8.5V16.5H3.5ZM11.5 11.5H16.5V16.5H11.5Z"
    size={17}
  />
);
