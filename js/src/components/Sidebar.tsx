import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { lazy } from "../lazy";
import { recent, toJoin } from "../state/selectors";
import { Connection } from "./Connection";
import { Icon, IconButton } from "./icons";
import { List } from "./side/List";
import { ListMenu } from "./side/ListMenu";
import { Me } from "./side/Me";
import { Sheets } from "./side/Sheets";
import { useLines } from "./side/useLines";
import { usePlace, useStore, useView } from "./view";
import { Waiting } from "./waiting";

const Start = lazy(() => import("./Start"));
const Search = lazy(() => import("./search/Search"), <Waiting />);

/** The left: the conversations, in two views. */
export function Sidebar() {
  const { panel, go } = useView();
  const rooms = useStore((state) => state.rooms);
  const joinable = useMemo(() => toJoin(panel.state).length, [rooms]);
  const newcomer = useMemo(() => recent(panel.state).length === 0, [rooms]);
  const synced = useStore((state) => state.synced);
  const [words, setWords] = useState("");

  return (
    <nav class="cc-side" aria-label={t("Rooms and people")}>
      <header class="cc-side-head">
        <IconButton
          icon="gear"
          label={t("Settings")}
          onClick={() => go({ dialogue: "settings", page: null })}
        />
        <Me />
        <IconButton
          icon="chat"
          label={t("New conversation")}
          onClick={() => go({ dialogue: "new-conversation" })}
        />
        <IconButton icon="plus" label={t("New room")} onClick={() => go({ dialogue: "new-room" })} />
      </header>
      <Searching synced={synced}>
        <Sheets />
        <Tabs />
        {!newcomer && <Filter words={words} onWords={setWords} />}
        <div class="cc-side-scroll">
          {synced ? <Conversations words={words} onWords={setWords} /> : <Waiting />}
          {synced && newcomer && <Start />}
        </div>
      </Searching>
      <footer class="cc-side-foot">
        <Connection />
        <button type="button" class="cc-link-button" onClick={() => go({ dialogue: "browse" })}>
          {joinable > 0 ? t("Browse rooms ({n})", { n: joinable }) : t("Browse rooms")}
        </button>
      </footer>
    </nav>
  );
}

/** The search, and what stands in its place as long as nothing is looked for. */
function Searching({ synced, children }: { synced: boolean; children: ComponentChildren }) {
  const { go } = useView();
  const { search } = usePlace().place;
  const box = useRef<HTMLInputElement>(null);
  const before = useRef<EventTarget | null>(null);
  useEffect(() => {
    if (!synced) return;
    // One types as soon as its key is pressed: what answers must be there by then.
    const timer = setTimeout(() => void Search.preload().catch(() => undefined), 1_000);
    return () => clearTimeout(timer);
  }, [synced]);
  useLayoutEffect(() => {
    if (search?.focus) box.current?.focus();
  }, [search]);
  const open = ({ currentTarget: { value: text } }: { currentTarget: HTMLInputElement }) =>
    search ?? go({ search: { text, focus: true } });
  return (
    <>
      <label class="cc-search-box">
        <Icon name="search" size={15} />
        <input
          ref={box}
          type="search"
          aria-label={t("Search messages")}
          placeholder={t("Search")}
          onFocus={(event) => {
            before.current = event.relatedTarget;
          }}
          onClick={open}
          onInput={open}
          onKeyDown={({ key, currentTarget }) => {
            // For what answers, which may not be there yet.
            currentTarget.dataset.due = key === "Enter" ? "1" : "";
          }}
        />
      </label>
      {search && <Search ask={search} box={box} before={before} />}
      <div class="cc-side-rest" hidden={!!search}>
        {children}
      </div>
    </>
  );
}

function Tabs() {
  const { panel } = useView();
  const view = useStore((state) => state.preferences.view);
  const choose = (view: "recent" | "category") => panel.setPreferences({ view });
  return (
    <div class="cc-tabs" role="tablist" aria-label={t("Views")}>
      {(["recent", "category"] as const).map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          class="cc-tab"
          aria-selected={view === name}
          tabIndex={view === name ? 0 : -1}
          onClick={() => choose(name)}
          onKeyDown={(event) => {
            if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
            choose(view === "recent" ? "category" : "recent");
            const other =
              event.currentTarget.nextElementSibling ?? event.currentTarget.previousElementSibling;
            (other as HTMLElement | null)?.focus();
          }}
        >
          {name === "recent" ? t("Recent") : t("Category")}
        </button>
      ))}
    </div>
  );
}

function Filter({ words, onWords }: { words: string; onWords: (words: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const items = () => field.current?.closest(".cc-side")?.querySelectorAll<HTMLElement>(".cc-list .cc-item");
  return (
    <div class="cc-filter">
      <div class="cc-filter-field">
        <Icon name="filter" size={15} />
        <input
          ref={field}
          class="cc-input"
          type="text"
          aria-label={t("Filter conversations")}
          placeholder={t("Filter")}
          autocomplete="off"
          spellcheck={false}
          value={words}
          onInput={(event) => onWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.isComposing) return;
            if (event.key === "Escape" && words) {
              event.stopPropagation();
              onWords("");
            } else if (event.key === "ArrowDown") {
              event.preventDefault();
              items()?.[0]?.focus();
            } else if (event.key === "Enter" && words.trim()) {
              items()?.[0]?.click();
              onWords("");
            }
          }}
        />
        {words && (
          <IconButton
            icon="close"
            size={13}
            label={t("Clear the filter")}
            onClick={() => {
              onWords("");
              field.current?.focus();
            }}
          />
        )}
      </div>
      <ListMenu />
    </div>
  );
}

function Conversations({ words, onWords }: { words: string; onWords: (words: string) => void }) {
  const { go } = useView();
  const view = useStore((state) => state.preferences.view);
  const { lines, fold, showAll } = useLines(words);
  return (
    <>
      <List lines={lines} detailed={view === "recent"} onFold={fold} onAll={showAll} />
      {words.trim() !== "" && lines.length === 0 && (
        <div class="cc-start">
          <p class="cc-hint">{t("No conversation is called so.")}</p>
          <div class="cc-ways">
            <button
              type="button"
              class="cc-button"
              onClick={() => {
                onWords("");
                go({ search: { text: words, focus: true } });
              }}
            >
              {t("Look everywhere")}
            </button>
          </div>
        </div>
      )}
    </>
  );
}
