import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { t } from "../../i18n";
import { pressed } from "../../keys";
import { openDirect } from "../side/Person";
import { type Ask, usePlace, useStore, useView } from "../view";
import { Count, Filters } from "./Bar";
import type { Sort } from "./finder";
import { type Option, shownIn } from "./groups";
import { Help } from "./Help";
import { Line } from "./Options";
import { openFound } from "./open";
import { type Edit, withFilter, without, withValue } from "./query";
import { Recents } from "./recents";
import { sessionOf } from "./session";

interface Props {
  ask: Ask;
  /** The field on the left: it is there before this is. */
  box: RefObject<HTMLInputElement | null>;
  /** What had the focus before the field. */
  before: RefObject<EventTarget | null>;
}

/** This close to the end of what is here, more is fetched. */
const NEAR = 600;
const PAGE = 6;

const byTouch = (): boolean => typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;

/** What is found as one types, in the place of the list of conversations. */
export default function Search({ ask, box, before }: Props) {
  const view = useView();
  const { panel, id } = view;
  const { place, size } = usePlace();
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const session = sessionOf(view);
  const recents = new Recents(panel);
  const list = useRef<HTMLDivElement | null>(null);
  const scrolled = useRef<HTMLDivElement | null>(null);
  const follow = useRef(false);
  /** Enter was pressed before the answer was there. */
  const due = useRef(false);
  // Names of rooms and people that come or change.
  useStore((state) => state.rooms);
  useStore((state) => state.members);

  const { finder, text: drawn } = session;
  /** As it is at this moment: keys may be quicker than drawing. */
  const standing = () => {
    const typing = session.started;
    const { groups, first } = shownIn(session, panel.state, place.room, typing, () => recents.all);
    const options = groups.flatMap(({ options }) => options);
    const key = options.some((option) => option.key === session.at) ? session.at : first;
    const at = options.findIndex((option) => option.key === key);
    return { typing, groups, options, key, at, completing: options[0]?.type === "value" };
  };
  const shown = standing();
  const { typing, options, completing, key, at } = shown;
  const idOf = (at: number) => `${id}-search-${at}`;

  const look = (now = false) => finder.look(session.wanted(completing ? typing : null), now);
  /** What stands in the field is another text, or the cursor stands elsewhere. */
  const read = () => {
    const field = box.current;
    if (!field) return;
    const cursor = field.selectionStart ?? field.value.length;
    if (field.value === session.text && cursor === session.cursor) return;
    if (field.value !== session.text) {
      session.at = null;
      session.scroll = 0;
      due.current = false;
      scrolled.current?.scrollTo?.(0, 0);
    }
    session.text = field.value;
    session.cursor = cursor;
    if (
      session.shut >= 0 &&
      session.started?.from !== session.shut &&
      !session.text.slice(session.shut).trim()
    )
      session.shut = -1;
    draw(undefined);
  };
  const write = ({ text, cursor }: Edit) => {
    const field = box.current;
    if (!field) return;
    field.value = text;
    field.focus();
    field.setSelectionRange(cursor, cursor);
    session.shut = -1;
    read();
  };
  const take = (text: string) => write({ text, cursor: text.length });
  const set = (change: () => void) => {
    change();
    session.at = null;
    draw(undefined);
  };
  const close = (back = true) => {
    const field = box.current;
    if (field) field.value = "";
    session.end();
    const away = size === "narrow" && ask.from === "room";
    view.go({ search: null, ...(away && { screen: "room" }) });
    if (!back) return field?.blur();
    const was = before.current;
    const there = was instanceof HTMLElement && was.isConnected && view.root?.contains(was) ? was : null;
    const text = view.root?.querySelector<HTMLElement>(".cc-room .cc-composer textarea");
    if (there && !field?.contains(there)) there.focus({ preventScroll: true });
    else if (size !== "narrow") text?.focus({ preventScroll: true });
  };
  const choose = (option: Option | undefined) => {
    if (!option) return;
    switch (option.type) {
      case "value":
        if (session.started) {
          const { value, said } = option.value;
          write(withValue(session.text, session.started, value, said));
        }
        return;
      case "recent":
        return take(option.text);
      case "hit":
        recents.add(session.text);
        session.at = option.key;
        session.opened = option.hit.message.id;
        openFound(view, option.hit.message);
        // When one comes back nothing of what it was opened for is done again.
        if (size === "narrow") view.go({ search: {} });
        return draw(undefined);
      case "entry": {
        const { entry } = option;
        close(false);
        if (entry.type === "room") view.openRoom(entry.room.id);
        else if (entry.type === "person") void openDirect(view, entry.member);
        else entry.command.run(view);
      }
    }
  };
  const move = (options: readonly Option[], to: number) => {
    const option = options[to];
    if (!option) return;
    session.at = option.key;
    follow.current = true;
    if (to >= options.length - 3) void finder.more();
    draw(undefined);
  };
  const forget = useCallback(
    (text: string) => {
      new Recents(panel).remove(text);
      draw(undefined);
    },
    [panel],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (box.current) box.current.dataset.due = "";
    if (event.isComposing) return;
    const { options, at, typing, completing } = standing();
    const last = options.length - 1;
    const chosen = options[at];
    const next = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(last, at + PAGE),
      PageUp: Math.max(0, at - PAGE),
    }[event.key];
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key !== "Enter") due.current = false;
    if (pressed(event, "search") && event.key !== "/") close();
    else if (pressed(event, "find")) onHere(session.here === null);
    else if (!plain) return;
    else if (next !== undefined && !event.shiftKey) move(options, next);
    else if (event.key === "Escape") {
      if (completing && typing)
        set(() => {
          session.shut = typing.from;
        });
      else close();
    } else if (event.key === "Enter") {
      // The key of a touch screen's keyboard puts that away.
      if (session.at === null && byTouch() && chosen?.type === "hit") box.current?.blur();
      else if (chosen) choose(chosen);
      else if (session.text.trim()) {
        recents.add(session.text);
        due.current = true;
        look(true);
      }
    } else if (event.key === "Tab" && completing && !event.shiftKey) choose(chosen);
    else if (event.key === "Delete" && chosen?.type === "recent" && !session.text) forget(chosen.text);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onHere = (on: boolean) => {
    set(() => {
      session.here = on ? place.room : null;
    });
    box.current?.focus();
  };

  // What it was opened for.
  useLayoutEffect(() => {
    const field = box.current;
    if (!field) return;
    // What was typed before this was here stays.
    const typed = field.value !== "" && field.value !== session.text;
    if (session.ask !== ask) {
      session.ask = ask;
      if (ask.text !== undefined && !typed) field.value = ask.text;
      if (ask.here) session.here = place.room;
    }
    if (!field.value) field.value = session.text;
    field.maxLength = panel.state.limits?.query ?? 1_000;
    if (ask.from && !typed) field.select();
    else if (!byTouch()) field.focus({ preventScroll: true });
    read();
    // Enter was pressed before this was here.
    if (field.dataset.due && session.text.trim()) {
      due.current = true;
      look(true);
    }
    field.dataset.due = "";
    draw(undefined);
  }, [ask]);
  const latest = useRef({ read, onKeyDown });
  latest.current = { read, onKeyDown };
  useLayoutEffect(() => {
    const field = box.current;
    if (!field) return;
    const reading = (event: Event) => !(event as InputEvent).isComposing && latest.current.read();
    const key = (event: KeyboardEvent) => latest.current.onKeyDown(event);
    const events = ["input", "click", "keyup", "compositionend"];
    for (const type of events) field.addEventListener(type, reading);
    field.addEventListener("keydown", key);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", `${id}-search`);
    return () => {
      for (const type of events) field.removeEventListener(type, reading);
      field.removeEventListener("keydown", key);
      for (const name of ["aria-autocomplete", "aria-controls", "aria-activedescendant"])
        field.removeAttribute(name);
    };
  }, [box, id]);
  useEffect(() => finder.watch(() => draw(undefined)), [finder]);
  // Closed by a key elsewhere. Where the whole left went away, one comes back to what was found.
  useLayoutEffect(
    () => () =>
      queueMicrotask(() => {
        const field = box.current;
        finder.close();
        if (!field?.isConnected) return;
        field.value = "";
        session.end();
      }),
    [],
  );

  useLayoutEffect(() => look());
  useLayoutEffect(() => {
    if (at < 0) box.current?.removeAttribute("aria-activedescendant");
    else box.current?.setAttribute("aria-activedescendant", idOf(at));
  });
  useLayoutEffect(() => {
    if (!follow.current) return;
    follow.current = false;
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: "nearest" });
  }, [key]);
  useLayoutEffect(() => {
    if (scrolled.current) scrolled.current.scrollTop = session.scroll;
  }, []);
  // As it was when this was drawn: what is to be opened is what one sees.
  const { waiting } = finder;
  useLayoutEffect(() => {
    if (!due.current || waiting || drawn !== session.text) return;
    due.current = false;
    choose(options[at]);
  });

  let count = 0;
  const { answer, problem } = finder;
  const empty = finder.current && answer?.found.total === 0;
  return (
    <div class="cc-search">
      <Filters
        session={session}
        onHere={onHere}
        onFilter={(name) => write(withFilter(session.text, name))}
        onRemove={(piece) => {
          take(without(session.text, piece));
        }}
        onClose={() => close()}
      />
      <Count
        session={session}
        onSort={(sort: Sort) =>
          set(() => {
            session.sort = sort;
          })
        }
      />
      <div
        ref={scrolled}
        class="cc-search-scroll"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          session.scroll = scrollTop;
          if (!completing && scrollHeight - scrollTop - clientHeight < NEAR) void finder.more();
        }}
      >
        {said()}
        <div ref={list} id={`${id}-search`} role="listbox" aria-label={t("Results")}>
          {shown.groups.map((group, number) => (
            // biome-ignore lint/a11y/useSemanticElements: a part of a listbox
            <div
              key={group.label}
              class="cc-search-group"
              role="group"
              aria-labelledby={`${id}-group-${number}`}
            >
              <h3 id={`${id}-group-${number}`} role="presentation">
                {group.label}
              </h3>
              {group.options.map((option) => {
                const mine = count++;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
                  <div
                    key={option.key}
                    id={idOf(mine)}
                    class={option.type === "hit" ? "cc-search-option cc-hit" : "cc-search-option"}
                    role="option"
                    tabIndex={-1}
                    aria-selected={mine === at}
                    data-opened={
                      (option.type === "hit" && option.hit.message.id === session.opened) || undefined
                    }
                    // The field keeps the focus.
                    onMouseDown={(event) => event.preventDefault()}
                    onMouseMove={() => {
                      if (mine === at) return;
                      session.at = option.key;
                      draw(undefined);
                    }}
                    onClick={() => choose(option)}
                  >
                    <Line option={option} onRemove={forget} />
                  </div>
                );
              })}
            </div>
          ))}
        </div>
        {finder.loadingMore && <p class="cc-hint">{t("Searching…")}</p>}
        {!session.text.trim() && !completing && (
          <>
            {recents.all.length > 0 && (
              <button
                type="button"
                class="cc-link-button cc-search-clear"
                onClick={() => {
                  recents.clear();
                  draw(undefined);
                }}
              >
                {t("Forget the recent searches")}
              </button>
            )}
            <Help />
          </>
        )}
      </div>
    </div>
  );

  /** What went otherwise than one thinks. */
  function said() {
    if (problem !== null)
      return (
        <p class="cc-search-said" role="alert">
          {problem}{" "}
          <button type="button" class="cc-link-button" onClick={() => finder.again()}>
            {t("Try again")}
          </button>
        </p>
      );
    if (!answer || finder.wanted === null) return null;
    const { found } = answer;
    return (
      <>
        {empty && (
          <div class="cc-search-said">
            <p>{t("No message fits {query}.", { query: `“${found.query || answer.wanted.text}”` })}</p>
            {found.correction !== null && (
              <button type="button" class="cc-link-button" onClick={() => take(found.correction ?? "")}>
                {t("Search for {query} instead", { query: `“${found.correction}”` })}
              </button>
            )}
          </div>
        )}
        {found.problems.map((text) => (
          <p key={text} class="cc-search-said">
            {text}
          </p>
        ))}
        {!found.indexed && (
          <p class="cc-search-said">{t("The index is being built: until then a search takes longer.")}</p>
        )}
      </>
    );
  }
}
