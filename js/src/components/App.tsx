import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Host } from "../host";
import { t } from "../i18n";
import { lazy } from "../lazy";
import type { Panel } from "../panel";
import type { Id } from "../protocol";
import { recent } from "../state/selectors";
import { EMPTY } from "../state/state";
import { keepTo } from "../time";
import { Banner } from "./Connection";
import { Conversation } from "./Conversation";
import { Dialogues } from "./Dialogues";
import { useKeptFocus } from "./focus";
import { guardEvents } from "./guard";
import { roomNamed, useHost } from "./hosted";
import { useLanguage } from "./language";
import { onPanelEscape, onPanelKey } from "./panelKeys";
import { Sidebar } from "./Sidebar";
import { Still } from "./Still";
import { useSwipe } from "./side/swipe";
import { covers, sizeOf, useSize } from "./size";
import { useHostTheme } from "./theme";
import {
  type Layout,
  NOWHERE,
  type Notice,
  type Place,
  PlaceContext,
  useStateOf,
  type View,
  ViewContext,
} from "./view";

const Drawer = lazy(() => import("./side/Drawer"));
const Reminders = lazy(() => import("./message/Reminders"));
const Visitor = lazy(() => import("./Visitor"));

interface Props {
  panel: Panel;
  /** The name of the room to open first; "" for the one where one was. */
  room: string;
  height: string;
  /** Which chat of whom it is, for a view that nothing stands behind any more. */
  label: string;
  /** "compact": one conversation without the left side. */
  layout?: Layout;
  /** The notebook, where there is one. */
  host?: Host;
}

/** Without any answer for so long, a view is a picture of what was. */
const STILL_AFTER = 3_000;

let views = 0;

/** A view of the panel. */
export function App({ panel, room, height, label, layout = "full", host: notebook }: Props) {
  const [id] = useState(() => `view-${++views}-${Math.random().toString(36).slice(2, 8)}`);
  const section = useRef<HTMLElement>(null);
  const [root, setRoot] = useState<HTMLElement | null>(null);
  const [place, setPlace] = useState<Place>(NOWHERE);
  const [notice, setNotice] = useState<(Notice & { problem?: boolean }) | null>(null);
  const width = useSize(section);
  const host = useHostTheme();
  const visitor = useStateOf(panel, (state) => state.link.state === "visitor");
  const synced = useStateOf(panel, (state) => state.synced);
  const answered = useStateOf(panel, (state) => state.link !== EMPTY.link);
  const [late, setLate] = useState(false);
  const { theme, density, language, clock, week } = useStateOf(panel, (state) => state.preferences);
  const rooms = useStateOf(panel, (state) => state.rooms);

  useLayoutEffect(() => {
    setRoot(section.current);
    return section.current ? guardEvents(section.current) : undefined;
  }, []);

  useEffect(() => {
    panel.transport.attach(id);
    return () => panel.transport.detach(id);
  }, [panel, id]);

  useEffect(() => {
    if (answered) return;
    const timer = setTimeout(() => setLate(true), STILL_AFTER);
    return () => clearTimeout(timer);
  }, [answered]);

  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(() => setNotice(null), notice.stay ?? 8_000);
    return () => {
      clearTimeout(timer);
      notice.gone?.();
    };
  }, [notice]);

  const view = useMemo((): View => {
    const go = (change: Partial<Place>) => setPlace((now) => ({ ...now, ...change }));
    return {
      id,
      panel,
      root,
      go,
      openRoom: (room: Id) => {
        panel.memory.tab.set("room", room);
        setPlace((now) => ({
          ...NOWHERE,
          room,
          screen: "room",
          search: now.search,
          side: now.side?.type === "members" ? now.side : null,
        }));
      },
      complain: (problem) =>
        setNotice({ text: problem instanceof Error ? problem.message : String(problem), problem: true }),
      tell: setNotice,
    };
  }, [id, panel, root]);
  const size = sizeOf(width);
  const where = useMemo(() => ({ place, size, layout }), [place, size, layout]);

  // Words and times stand everywhere: with others of them everything is drawn anew.
  const spoken = useLanguage(language);
  keepTo({ clock, week });
  const drawn = `${spoken} ${clock} ${week}`;
  useKeptFocus(
    section,
    [place.room, place.screen, place.side, place.sheet, place.search, place.dialogue, notice],
    drawn,
  );

  // In a narrow view the left fills it until one has been in a conversation, then it comes over that.
  const narrow = size === "narrow";
  const [been, setBeen] = useState(false);
  const inside = place.screen === "room" && (place.room !== null || place.sheet !== null);
  useEffect(() => {
    if (inside) setBeen(true);
  }, [inside]);
  const left = layout === "full" && (!narrow || place.screen === "list");
  const drawer = left && narrow && been && !place.search && (place.room !== null || place.sheet !== null);
  const swipe = useSwipe(narrow && layout === "full" && !left, () => view.go({ screen: "list" }));

  // The room that is asked for; else where one was; else where something happened last.
  const asked = useRef("");
  useEffect(() => {
    if (!synced) return;
    const name = room.replace(/^#/, "");
    const wanted = name && name !== asked.current && roomNamed(rooms, name);
    asked.current = wanted || !name ? name : asked.current;
    if (wanted) return view.openRoom(wanted.id);
    if (place.room !== null && (rooms.has(place.room) || Number(place.room) > panel.state.seq)) return;
    const last = panel.memory.tab.get<Id>("room");
    const next = last !== null && rooms.has(last) ? last : recent(panel.state)[0]?.id;
    setPlace((now) => ({
      ...NOWHERE,
      dialogue: now.dialogue,
      room: next ?? null,
      screen: now.screen,
      search: now.search,
    }));
  }, [synced, rooms, place.room, room]);
  useHost(notebook, view, place, section);

  const dark = theme === "system" ? host.dark : theme === "dark";
  return (
    <section
      ref={section}
      class="cc-panel"
      aria-label="collabchat"
      lang={spoken}
      data-lm-suppress-shortcuts="true"
      // A click beside everything gives the panel the focus, and with it its keys.
      tabIndex={-1}
      data-theme={dark ? "dark" : "light"}
      data-host={host.jupyter && dark === host.dark ? "jupyter" : "own"}
      data-size={size}
      data-covers={covers(width) || undefined}
      data-layout={layout}
      data-density={density}
      data-screen={place.screen}
      style={{ height }}
      onKeyDownCapture={(event) => {
        if (visitor || !synced || !onPanelKey(event, view, place, layout)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onKeyDown={(event) => {
        if (!visitor && synced && onPanelEscape(event, view, place)) event.preventDefault();
      }}
    >
      <ViewContext.Provider value={view}>
        <PlaceContext.Provider value={where}>
          {late && !answered ? (
            <Still label={label} />
          ) : visitor ? (
            <Visitor />
          ) : (
            <Fragment key={drawn}>
              <Banner />
              <div class="cc-house" {...swipe}>
                {left && !drawer && <Sidebar />}
                {(!left || !narrow || drawer) && (
                  <div class="cc-beside" inert={drawer}>
                    <Conversation />
                  </div>
                )}
                {drawer && (
                  <Drawer onClose={() => view.go({ screen: "room" })}>
                    <Sidebar />
                  </Drawer>
                )}
              </div>
              {root && <Dialogues />}
              <Reminders />
            </Fragment>
          )}
          {notice !== null && (
            <div class="cc-toast" role={notice.problem ? "alert" : "status"}>
              <span>{notice.text}</span>
              {notice.action && (
                <button
                  type="button"
                  class="cc-button cc-quiet"
                  onClick={() => {
                    const { action } = notice;
                    delete notice.gone;
                    setNotice(null);
                    action?.act();
                  }}
                >
                  {notice.action.label}
                </button>
              )}
              <button type="button" class="cc-button cc-quiet" onClick={() => setNotice(null)}>
                {t("Close")}
              </button>
            </div>
          )}
        </PlaceContext.Provider>
      </ViewContext.Provider>
    </section>
  );
}
