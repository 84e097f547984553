import { useMemo, useRef } from "preact/hooks";
import { t } from "../../i18n";
import type { FileId, Id } from "../../protocol";
import { save } from "../files/acts";
import type { Entry as FileOf } from "../files/entries";
import { copy } from "../message/clipboard";
import { linkTo } from "../message/open";
import { useView } from "../view";
import { type Chosen, filesBetween, toggled, withAll } from "./choosing";
import type { Deeds } from "./EntryItem";
import { showMessage } from "./leading";
import type { Listing } from "./listing";
import { hrefOf } from "./saying";

interface Options {
  room: Id;
  listing: Listing;
  setChosen: (change: (chosen: Chosen) => Chosen) => void;
  onSee: (files: Seen) => void;
}

/** Files to be seen in large, and which of them first. */
export interface Seen {
  entries: readonly FileOf[];
  at: number;
}

/** So far before and after one of the list its neighbours are a key away. */
const BESIDE = 200;

/** What one can do with the entries of a list. */
export function useDeeds({ room, listing, setChosen, onSee }: Options): Deeds {
  const view = useView();
  /** Where a range begins: the file that was chosen last. */
  const from = useRef<FileId | null>(null);
  return useMemo((): Deeds => {
    const add = (one: number, other: number) =>
      filesBetween(listing, one, other).then(
        (entries) => setChosen((chosen) => withAll(chosen, entries)),
        view.complain,
      );
    return {
      choose: (index, upToHere) => {
        const entry = listing.at(index);
        const begin = from.current === null ? null : listing.indexOf(from.current);
        if (upToHere && begin !== null) return void add(begin, index);
        if (entry?.type !== "shared_file") return;
        from.current = entry.id;
        setChosen((chosen) => toggled(chosen, entry));
      },
      chooseAll: () => void add(0, Math.max(0, (listing.found?.total ?? 0) - 1)),
      open: (index) => {
        const entry = listing.at(index);
        if (entry?.type === "shared_file") return onSee(around(listing, room, index));
        const href = entry ? hrefOf(entry) : null;
        if (href !== null) window.open(href, "_blank", "noopener,noreferrer");
      },
      show: (message) => void showMessage(view, room, message),
      download: ({ id, file, message }) => void save(view, { id, file, message, room }),
      copy: (entry) => {
        const link = entry.type === "shared_link" ? entry.url : linkTo(room, entry.message);
        copy(link).then(() => view.tell({ text: t("The link is copied."), stay: 2_500 }), view.complain);
      },
    };
  }, [view, room, listing]);
}

/** The files that are there around one of the list, and which of them it is. */
function around(listing: Listing, room: Id, index: number): Seen {
  const entries: FileOf[] = [];
  let at = 0;
  for (let n = Math.max(0, index - BESIDE); n <= index + BESIDE; n++) {
    const entry = listing.at(n);
    if (entry?.type !== "shared_file") continue;
    if (n === index) at = entries.length;
    entries.push({ id: entry.id, file: entry.file, message: entry.message, room });
  }
  return { entries, at };
}
