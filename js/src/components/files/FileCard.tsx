import { useId, useState } from "preact/hooks";
import { formatWord, kindIcon } from "../../files/kinds";
import { sizeText } from "../../files/sizes";
import { isPicture } from "../../files/types";
import { visible } from "../../files/words";
import { t } from "../../i18n";
import { lazy } from "../../lazy";
import type { Attachment } from "../../protocol";
import { Icon, type IconName, SignButton } from "../icons";
import { Popover } from "../Popover";
import { useView } from "../view";
import { codeLabel, copyLink, giveCode, save } from "./acts";
import type { Entry } from "./entries";
import { DownloadSign, Progress } from "./Progress";
import { useDownload } from "./use";
import { Opening } from "./Waits";

const FilePreview = lazy(() => import("./FilePreview"), <Opening />);

/** A name inside of a sentence, whichever way it is written. */
const apart = (name: string): string => `\u2068${name}\u2069`;

/** Whether there is something to be seen of a file. */
export const isSeen = ({ kind, size, ...file }: Attachment): boolean =>
  size > 0 && (kind !== "other" || isPicture(file));

interface Props {
  entry: Entry;
  tab: number;
  /** See it in large. */
  onOpen: () => void;
}

/** A file of a message: what it is, and what one can do with it. */
export function FileCard({ entry, tab, onOpen }: Props) {
  const view = useView();
  const { id, file } = entry;
  const [open, setOpen] = useState(false);
  const [menu, setMenu] = useState<HTMLElement | null>(null);
  const download = useDownload(id);
  const name = visible(file.name);
  const seen = isSeen(file);
  const facts = useId();
  return (
    <li class="cc-file" data-file={id} data-out={open || undefined}>
      <div class="cc-file-line">
        <div class="cc-file-main">
          <span class="cc-file-sign" data-kind={file.kind}>
            {kindIcon(file.kind, 22)}
          </span>
          <span class="cc-file-about">
            {seen ? (
              <button
                type="button"
                class="cc-file-name cc-file-look"
                tabIndex={tab}
                aria-expanded={open}
                aria-label={t("Preview {name}", { name })}
                aria-describedby={facts}
                onClick={() => setOpen(!open)}
              >
                <bdi>{name}</bdi>
              </button>
            ) : (
              <bdi class="cc-file-name">{name}</bdi>
            )}
            <span class="cc-file-facts" id={facts}>
              {formatWord(file)} · <span class="cc-nowrap">{sizeText(file.size)}</span>
              {file.original && ` · ${t("sent as {name}", { name: apart(visible(file.original)) })}`}
            </span>
          </span>
          {seen && (
            <span class="cc-file-turn">
              <Icon name="chevron" size={16} />
            </span>
          )}
        </div>
        <SignButton
          class="cc-file-save"
          label={t("Download {name}", { name })}
          tab={tab}
          onClick={() => void save(view, entry)}
        >
          <DownloadSign />
        </SignButton>
        <SignButton
          label={t("More for {name}", { name })}
          tab={tab}
          expanded={menu !== null}
          onClick={(event) => setMenu(menu ? null : event.currentTarget)}
        >
          <Icon name="more" />
        </SignButton>
      </div>
      {download && <Progress entry={entry} download={download} tab={tab} />}
      {open && (
        <div class="cc-file-inside">
          <FilePreview entry={entry} tab={tab} onOpen={onOpen} />
        </div>
      )}
      {menu && (
        <Popover
          anchor={menu}
          label={t("More for {name}", { name })}
          role="menu"
          onClose={() => setMenu(null)}
        >
          <Menu entry={entry} onDone={() => setMenu(null)} {...(seen && { onOpen })} />
        </Popover>
      )}
    </li>
  );
}

interface MenuProps {
  entry: Entry;
  onDone: () => void;
  onOpen?: () => void;
}

function Menu({ entry, onDone, onOpen }: MenuProps) {
  const view = useView();
  const items: { label: string; icon: IconName; act: () => void | Promise<void> }[] = [
    ...(onOpen ? [{ label: t("Open in large"), icon: "eye" as const, act: onOpen }] : []),
    { label: codeLabel(view), icon: "code", act: () => giveCode(view, entry) },
    { label: t("Copy link to the message"), icon: "link", act: () => copyLink(view, entry) },
  ];
  return (
    <>
      {items.map(({ label, icon, act }) => (
        <button
          key={label}
          type="button"
          role="menuitem"
          class="cc-menu-item"
          onClick={() => {
            onDone();
            // After the menu is gone and the focus back: dialogs give it back to where it was.
            queueMicrotask(() => void Promise.resolve().then(act).catch(view.complain));
          }}
        >
          <Icon name={icon} size={16} />
          <span class="cc-stretch">{label}</span>
        </button>
      ))}
    </>
  );
}
