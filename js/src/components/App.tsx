import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Panel } from "../panel";
import type { Id } from "../protocol";
import { recent } from "../state/selectors";
import { EMPTY } from "../state/state";
import { Banner } from "./Connection";
import { Conversation } from "./Conversation";
import { Dialogues } from "./Dialogues";
import { guardEvents } from "./guard";
import { Sidebar } from "./Sidebar";
import { Still } from "./Still";
import { sizeOf, useSize } from "./size";
import { useHostTheme } from "./theme";
import { Visitor } from "./Visitor";
import { NOWHERE, type Place, PlaceContext, useStateOf, type View, ViewContext } from "./view";

interface Props {
  panel: Panel;
  /** The name of the room to open first; "" for the one where one was. */
  room: string;
  height: string;
  /** Which chat of whom it is, for a view that nothing stands behind any more. */
  label: string;
}

/** Without any answer for so long, a view is a picture of what was. */
const STILL_AFTER = 3_000;

let views = 0;

/** A view of the panel. */
export function App({ panel, room, height, label }: Props) {
  const [id] = useState(() => `view-${++views}-${Math.random().toString(36).slice(2, 8)}`);
  const section = useRef<HTMLElement>(null);
  const [root, setRoot] = useState<HTMLElement | null>(null);
  const [place, setPlace] = useState<Place>(NOWHERE);
  const [problem, setProblem] = useState<string | null>(null);
  const width = useSize(section);
  const host = useHostTheme();
  const visitor = useStateOf(panel, (state) => state.link.state === "visitor");
  const synced = useStateOf(panel, (state) => state.synced);
  const answered = useStateOf(panel, (state) => state.link !== EMPTY.link);
  const [late, setLate] = useState(false);
  const theme = useStateOf(panel, (state) => state.preferences.theme);
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
    if (problem === null) return;
    const timer = setTimeout(() => setProblem(null), 8_000);
    return () => clearTimeout(timer);
  }, [problem]);

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
          side: now.side?.type === "members" ? now.side : null,
        }));
      },
      complain: (problem) => setProblem(problem instanceof Error ? problem.message : String(problem)),
    };
  }, [id, panel, root]);
  const size = sizeOf(width);
  const where = useMemo(() => ({ place, size }), [place, size]);

  // The room that is asked for; else where one was; else where something happened last.
  const asked = useRef("");
  useEffect(() => {
    if (!synced) return;
    const name = room.replace(/^#/, "");
    const wanted = name && name !== asked.current && [...rooms.values()].find((other) => other.name === name);
    asked.current = wanted || !name ? name : asked.current;
    if (wanted) return view.openRoom(wanted.id);
    if (place.room !== null && (rooms.has(place.room) || Number(place.room) > panel.state.seq)) return;
    const last = panel.memory.tab.get<Id>("room");
    const next = last !== null && rooms.has(last) ? last : recent(panel.state)[0]?.id;
    setPlace((now) => ({ ...NOWHERE, dialogue: now.dialogue, room: next ?? null, screen: now.screen }));
  }, [synced, rooms, place.room, room]);

  const dark = theme === "system" ? host.dark : theme === "dark";
  return (
    <section
      ref={section}
      class="cc-panel"
      aria-label="collabchat"
      data-lm-suppress-shortcuts="true"
      data-theme={dark ? "dark" : "light"}
      data-host={host.jupyter && dark === host.dark ? "jupyter" : "own"}
      data-size={size}
      data-screen={place.screen}
      style={{ height }}
    >
      <ViewContext.Provider value={view}>
        <PlaceContext.Provider value={where}>
          {late && !answered ? (
            <Still label={label} />
          ) : visitor ? (
            <Visitor />
          ) : (
            <>
              <Banner />
              <div class="cc-house">
                {(size !== "narrow" || place.screen === "list") && <Sidebar />}
                {(size !== "narrow" || place.screen === "room") && <Conversation />}
              </div>
              {root && <Dialogues />}
            </>
          )}
          {problem !== null && (
            <div class="cc-toast" role="alert">
              <span>{problem}</span>
              <button type="button" class="cc-button cc-quiet" onClick={() => setProblem(null)}>
                Close
              </button>
            </div>
          )}
        </PlaceContext.Provider>
      </ViewContext.Provider>
    </section>
  );
}
