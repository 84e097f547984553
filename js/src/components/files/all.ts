import { t, tn } from "../../i18n";
import type { Panel } from "../../panel";
import type { Id, Message } from "../../protocol";
import { titleOf } from "../../state/selectors";
import { archiveName, type Progress, zippingOf } from "../shared/zipping";
import type { View } from "../view";
import { save } from "./acts";
import { entriesOf } from "./entries";

const SAID_FOR = 4_000;

/** The message whose files are being saved as one archive, or were. */
const saving = new WeakMap<Panel, Id>();

/** How far the archive of a message's files is; null where there is none under way. */
export const archiveOf = (panel: Panel, message: Id, now: Progress | null): Progress | null =>
  saving.get(panel) === message ? now : null;

/** Save all files of a message: one as it is, several as one archive. */
export async function saveAll(view: View, message: Message): Promise<void> {
  const { panel, tell } = view;
  const entries = entriesOf(message);
  const [only] = entries;
  if (entries.length === 1 && only) return void (await save(view, only));
  const zipping = zippingOf(panel);
  if (zipping.store.get()?.state === "running")
    return tell({ text: t("Another archive is being saved: wait until it is there."), stay: SAID_FOR });
  const { author, time, room } = message;
  const place = panel.state.rooms.get(room);
  const files = entries.map(({ id, file }) => ({
    ...{ type: "shared_file" as const, id, message: message.id, author, time, file },
  }));
  saving.set(panel, message.id);
  const done = await zipping.save(files, archiveName(place ? titleOf(panel.state, place) : ""));
  // What is missing in it is said under the files.
  if (!done || zipping.store.get()?.lost.length !== 0) return;
  zipping.clear();
  tell({ text: tn(files.length, "1 file is downloaded.", "{n} files are downloaded."), stay: SAID_FOR });
}
