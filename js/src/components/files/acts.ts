import { canInsert, insertCode, loadingCode } from "../../files/code";
import { downloadsOf } from "../../files/download";
import { visible } from "../../files/words";
import { t } from "../../i18n";
import type { FileId } from "../../protocol";
import { copy } from "../message/clipboard";
import { linkTo, openMessage } from "../message/open";
import type { View } from "../view";
import type { Entry } from "./entries";

const SAID_FOR = 4_000;
/** What went wrong is looked at in the file's card; where that is gone by then, it is said once more. */
const SEEN_FOR = 1_500;

/** A card may go together with what it says: with the room that one was taken out of. */
function sayFailed({ panel, root, complain }: View, id: FileId, name: string): void {
  const downloads = downloadsOf(panel);
  const failed = downloads.store.get().get(id);
  if (failed?.state !== "failed" || root?.querySelector(`[data-file="${id}"]`)) return;
  const { problem } = failed;
  downloads.cancel(id);
  complain(new Error(t("{name} was not downloaded. {problem}", { name, problem })));
}

/** Save a file, and say so; where it failed, its card says why, or where that is gone a notice. */
export async function save(view: View, { id, file }: Entry): Promise<boolean> {
  const downloads = downloadsOf(view.panel);
  const name = visible(file.name);
  const done = await downloads.save(id, file);
  if (done) view.tell({ text: t("{name} is downloaded.", { name }), stay: SAID_FOR });
  else setTimeout(() => sayFailed(view, id, name), SEEN_FOR);
  return done;
}

/** What the act on a file's code is called here: a notebook takes it, elsewhere it is copied. */
export const codeLabel = (view: View): string =>
  canInsert(view.panel, view.root) ? t("Insert code that loads it") : t("Copy code that loads it");

/** Put the code that loads a file into a cell, or on the clipboard. */
export async function giveCode(view: View, { id, file }: Entry): Promise<void> {
  const code = loadingCode(id, file, view.panel.chat);
  if (canInsert(view.panel, view.root)) {
    insertCode(view.panel, view.root, code);
    view.tell({ text: t("The code stands in a new cell of the notebook."), stay: SAID_FOR });
    return;
  }
  await copy(code);
  view.tell({ text: t("The code is copied: paste it into a cell of a notebook."), stay: SAID_FOR });
}

/** Copy the address of the message that a file stands in. */
export async function copyLink(view: View, { room, message }: Entry): Promise<void> {
  await copy(linkTo(room, message));
  view.tell({ text: t("The link is copied."), stay: 2_500 });
}

export const showInConversation = (view: View, { room, message, thread = null }: Entry): void =>
  void openMessage(view, room, message, thread);
