import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Download } from "../../files/download";
import { kindIcon } from "../../files/kinds";
import { isPicture } from "../../files/types";
import { visible } from "../../files/words";
import { t, tn } from "../../i18n";
import type { Attachment, FileId, Id, SharedFile, SharedLink } from "../../protocol";
import { brief, full } from "../../time";
import { DownloadSign, Progress } from "../files/Progress";
import { useThumbnail } from "../files/use";
import { Icon, IconButton, type IconName } from "../icons";
import { memo } from "../memo";
import { Popover } from "../Popover";
import { usePlace } from "../view";
import type { Entry } from "./listing";
import { Mentions } from "./Mentions";
import { hrefOf, measureOf, titleOf } from "./saying";

/** What one can do with the entries. */
export interface Deeds {
  choose(index: number, upToHere: boolean): void;
  chooseAll(): void;
  open(index: number): void;
  show(message: Id): void;
  download(entry: SharedFile): void;
  copy(entry: Entry): void;
}

interface Props {
  /** Nothing while it is on its way. */
  entry: Entry | undefined;
  author: string;
  /** Its message is about to be deleted. */
  going: boolean;
  download: Download | undefined;
  index: number;
  total: number;
  y: number;
  column: number;
  columns: number;
  grid: boolean;
  active: boolean;
  chosen: boolean;
  /** Some are chosen: the boxes are all shown. */
  choosing: boolean;
  deeds: Deeds;
  /** The focus is there. */
  onFocus: (index: number) => void;
}

/** So long a picture is in sight before it is fetched: who scrolls past asks for none. */
const RESTING = 120;

/** A file or a link, on a line or on a tile. */
export const EntryItem = memo((props: Props) => {
  const { entry, author, going, index, total, y, column, columns, grid, active, chosen, choosing } = props;
  const label = entry
    ? [titleOf(entry), author, brief(entry.time), measureOf(entry)].filter(Boolean).join(", ")
    : t("Loading…");
  return (
    <li
      class={grid ? "cc-shared-one cc-shared-tile" : "cc-shared-one"}
      style={{ top: `${y}px`, left: `${(100 * column) / columns}%`, width: `${100 / columns}%` }}
      tabIndex={active ? 0 : -1}
      aria-label={label}
      aria-busy={entry === undefined || undefined}
      aria-posinset={index + 1}
      aria-setsize={total}
      data-index={index}
      data-chosen={chosen || undefined}
      data-choosing={choosing || undefined}
      data-going={going || undefined}
      onFocusCapture={() => props.onFocus(index)}
    >
      {entry?.type === "shared_file" && <FileEntry {...props} entry={entry} />}
      {entry?.type === "shared_link" && <LinkEntry {...props} entry={entry} />}
      {!entry && <span class="cc-shared-ghost" aria-hidden="true" />}
    </li>
  );
});

type One<E> = Props & { entry: E };

function FileEntry({ entry, download, index, author, grid, active, chosen, deeds }: One<SharedFile>) {
  const { id, file, message } = entry;
  const tab = active ? 0 : -1;
  const name = titleOf(entry);
  return (
    <>
      <ChooseBox
        name={name}
        chosen={chosen}
        tab={tab}
        onChoose={(upToHere) => deeds.choose(index, upToHere)}
      />
      <Sign entry={entry} grid={grid} />
      <div class="cc-shared-text">
        <button
          type="button"
          class="cc-shared-name"
          tabIndex={tab}
          title={file.original ? `${name} (${t("sent as")} ${visible(file.original)})` : name}
          onClick={() => deeds.open(index)}
        >
          <bdi>{name}</bdi>
        </button>
        {download ? (
          <Progress entry={{ id, file, message, room: "" }} download={download} tab={tab} />
        ) : (
          <Facts entry={entry} author={author} />
        )}
      </div>
      <Acts
        name={name}
        active={active}
        acts={[
          { label: t("Show in conversation"), icon: "chat", act: () => deeds.show(message) },
          { label: t("Download {name}", { name }), icon: "download", act: () => deeds.download(entry) },
          { label: t("Copy link"), icon: "link", act: () => deeds.copy(entry) },
        ]}
      />
    </>
  );
}

interface BoxProps {
  name: string;
  chosen: boolean;
  tab: number;
  onChoose: (upToHere: boolean) => void;
}

function ChooseBox({ name, chosen, tab, onChoose }: BoxProps) {
  const latest = useRef(chosen);
  latest.current = chosen;
  return (
    <input
      type="checkbox"
      class="cc-shared-box"
      tabIndex={tab}
      aria-label={t("Choose {name}", { name })}
      checked={chosen}
      onClick={({ currentTarget: box, shiftKey }) => {
        onChoose(shiftKey);
        // What is shown is what is chosen, though the click itself has put the mark already.
        setTimeout(() => {
          box.checked = latest.current;
        });
      }}
    />
  );
}

function LinkEntry({ entry, index, author, grid, active, deeds }: One<SharedLink>) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const tab = active ? 0 : -1;
  const href = hrefOf(entry);
  const title = titleOf(entry);
  const { n_messages: n, messages } = entry;
  const [newest] = messages;
  return (
    <>
      <span class="cc-shared-sign" data-kind="link">
        <Icon name="link" size={grid ? 32 : 20} />
      </span>
      <div class="cc-shared-text">
        {href === null ? (
          <span class="cc-shared-name" dir="auto">
            {title}
          </span>
        ) : (
          <a
            class="cc-shared-name"
            href={href}
            target="_blank"
            rel="noopener noreferrer"
            tabIndex={tab}
            title={entry.url}
            data-open={index}
          >
            <bdi>{title}</bdi>
          </a>
        )}
        <Facts entry={entry} author={author}>
          {n > 1 && (
            <button
              type="button"
              class="cc-shared-count"
              tabIndex={tab}
              aria-expanded={anchor !== null}
              aria-haspopup="dialog"
              onClick={(event) => setAnchor(anchor ? null : event.currentTarget)}
            >
              {tn(n, "in 1 message", "in {n} messages")}
            </button>
          )}
        </Facts>
      </div>
      <Acts
        name={title}
        active={active}
        acts={[
          ...(newest === undefined
            ? []
            : [{ label: t("Show in conversation"), icon: "chat" as const, act: () => deeds.show(newest) }]),
          { label: t("Copy link"), icon: "link", act: () => deeds.copy(entry) },
        ]}
      />
      {anchor && (
        <Popover anchor={anchor} label={t("Messages with this link")} onClose={() => setAnchor(null)}>
          <Mentions
            link={entry}
            onShow={(message) => {
              setAnchor(null);
              deeds.show(message);
            }}
          />
        </Popover>
      )}
    </>
  );
}

/** Who shared it, when, and how large it is. */
const Facts = ({
  entry,
  author,
  children,
}: {
  entry: Entry;
  author: string;
  children?: ComponentChildren;
}) => (
  <p
    class="cc-shared-facts"
    data-counted={(entry.type === "shared_link" && entry.n_messages > 1) || undefined}
  >
    <span dir="auto">{author}</span>
    <time title={full(entry.time)}>{brief(entry.time)}</time>
    {measureOf(entry) && <span>{measureOf(entry)}</span>}
    {children}
  </p>
);

const isPictured = (file: Attachment): boolean =>
  file.size > 0 && (isPicture(file) || file.type === "application/pdf");

/** A small picture of a file, where there is one, else the sign of its kind. */
const Sign = ({ entry: { id, file }, grid }: { entry: SharedFile; grid: boolean }) => (
  <span class="cc-shared-sign" data-kind={file.kind} aria-hidden="true">
    {isPictured(file) ? (
      <Pictured key={id} id={id} file={file} grid={grid} />
    ) : (
      kindIcon(file.kind, grid ? 34 : 22)
    )}
  </span>
);

function Pictured({ id, file, grid }: { id: FileId; file: Attachment; grid: boolean }) {
  const [resting, setResting] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setResting(true), RESTING);
    return () => clearTimeout(timer);
  }, []);
  const url = useThumbnail(id, file, grid ? 480 : 160, resting);
  return url ? (
    <img src={url} alt="" draggable={false} decoding="async" />
  ) : (
    kindIcon(file.kind, grid ? 34 : 22)
  );
}

interface Act {
  label: string;
  icon: IconName | "download";
  act: () => void;
}

const ActIcon = ({ icon }: { icon: Act["icon"] }) =>
  icon === "download" ? <DownloadSign /> : <Icon name={icon} size={17} />;

/** Buttons, or one with a menu where there is no room for them. */
function Acts({ name, active, acts }: { name: string; active: boolean; acts: readonly Act[] }) {
  const { size } = usePlace();
  const [menu, setMenu] = useState<HTMLElement | null>(null);
  const tab = active ? 0 : -1;
  if (size !== "narrow")
    return (
      <div class="cc-shared-acts">
        {acts.map(({ label, icon, act }) => (
          <button
            key={icon}
            type="button"
            class="cc-icon-button"
            tabIndex={tab}
            aria-label={label}
            title={label}
            onClick={act}
          >
            <ActIcon icon={icon} />
          </button>
        ))}
      </div>
    );
  const label = t("More for {name}", { name });
  return (
    <div class="cc-shared-more">
      <IconButton
        icon="more"
        label={label}
        expanded={menu !== null}
        onClick={(event) => setMenu(menu ? null : event.currentTarget)}
      />
      {menu && (
        <Popover anchor={menu} label={label} role="menu" onClose={() => setMenu(null)}>
          {acts.map(({ label, icon, act }) => (
            <button
              key={icon}
              type="button"
              role="menuitem"
              class="cc-menu-item"
              onClick={() => {
                setMenu(null);
                act();
              }}
            >
              <ActIcon icon={icon} />
              <span class="cc-stretch">{label}</span>
            </button>
          ))}
        </Popover>
      )}
    </div>
  );
}
