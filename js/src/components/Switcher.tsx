import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { spelled } from "../keys";
import { isMuted, wants } from "../state/selectors";
import { Avatar } from "./Avatar";
import { Dialog } from "./Dialog";
import { Icon } from "./icons";
import { openDirect } from "./side/Person";
import { commandsOf } from "./switch/commands";
import { answers, type Entry, knownIn } from "./switch/entries";
import { usePlace, useStore, useView } from "./view";

/** Goes anywhere by a few letters: rooms, people, commands. */
export default function Switcher({ onClose }: { onClose: () => void }) {
  const view = useView();
  const { place } = usePlace();
  const { panel, id } = view;
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  // What was there when it opened: news must not move what one is about to choose.
  const known = useMemo(() => knownIn(panel.state, commandsOf()), [panel]);
  const wanting = useMemo(
    () =>
      new Set([...panel.state.rooms.values()].filter((room) => wants(panel.state, room)).map(({ id }) => id)),
    [panel],
  );
  const found = useMemo(() => answers(known, words, place.room, wanting), [known, words]);
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: "nearest" });
  }, [at, found]);

  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    if (entry.type === "room") view.openRoom(entry.room.id);
    else if (entry.type === "person") void openDirect(view, entry.member);
    else entry.command.run(view);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const last = found.length - 1;
    const next = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(last, at + 5),
      PageUp: Math.max(0, at - 5),
    }[event.key];
    if (next !== undefined && found.length > 0) setAt(next);
    else if (event.key === "Enter") choose(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t("Go to")} onClose={onClose} bare>
      <div class="cc-switcher">
        <div class="cc-switcher-field">
          <Icon name="compass" size={18} />
          <input
            type="text"
            role="combobox"
            data-first
            aria-label={t("Go to a room, a person or a command")}
            placeholder={t("Go to a room, a person or a command")}
            aria-expanded={found.length > 0}
            aria-controls={`${id}-switcher`}
            aria-activedescendant={found.length > 0 ? `${id}-switcher-${at}` : undefined}
            aria-autocomplete="list"
            autocomplete="off"
            spellcheck={false}
            value={words}
            onInput={(event) => {
              setWords(event.currentTarget.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <div
          ref={list}
          id={`${id}-switcher`}
          class="cc-switcher-list"
          role="listbox"
          aria-label={t("Results")}
        >
          {found.map((entry, number) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
            <div
              key={entry.key}
              id={`${id}-switcher-${number}`}
              class="cc-switcher-entry"
              role="option"
              tabIndex={-1}
              aria-selected={number === at}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => number !== at && setAt(number)}
              onClick={() => choose(entry)}
            >
              <Picture entry={entry} />
              <span class="cc-item-title" dir="auto">
                {entry.title}
              </span>
              <span class="cc-switcher-about">{entry.about}</span>
              <Note entry={entry} />
            </div>
          ))}
        </div>
        {found.length === 0 ? (
          <p class="cc-hint cc-switcher-foot" role="status">
            {t("Nothing is called so.")}
          </p>
        ) : (
          <p class="cc-hint cc-switcher-foot" aria-hidden="true">
            <kbd>{spelled("ArrowUp")[0]}</kbd>
            <kbd>{spelled("ArrowDown")[0]}</kbd> {t("choose")} <kbd>↵</kbd> {t("open")} <kbd>#</kbd>{" "}
            {t("rooms")} <kbd>@</kbd> {t("people")} <kbd>&gt;</kbd> {t("commands")}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Picture({ entry }: { entry: Entry }) {
  const member = entry.type === "person" ? entry.member : entry.type === "room" ? entry.other : undefined;
  const online = useStore((state) => member !== undefined && state.online.has(member.id));
  if (member) return <Avatar member={member} size={24} online={online} />;
  const icon =
    entry.type === "command"
      ? entry.command.icon
      : entry.type === "room" && entry.room.kind === "private"
        ? "lock"
        : "hash";
  return (
    <span class="cc-sign" style={{ "--cc-size": "24px" }} aria-hidden="true">
      <Icon name={icon} size={14} />
    </span>
  );
}

/** What makes it another one than it seems. */
function Note({ entry }: { entry: Entry }) {
  const { panel } = useView();
  if (entry.type !== "room") return null;
  const { room } = entry;
  if (room.unread > 0 && (room.mentions > 0 || !isMuted(panel.state, room)))
    return (
      <span class="cc-badge" data-mention={room.mentions > 0 || undefined}>
        {room.unread > 99 ? "99+" : room.unread}
      </span>
    );
  if (room.archived) return <span class="cc-faint">{t("archived")}</span>;
  return room.joined ? null : <span class="cc-faint">{t("not joined")}</span>;
}
