import { hasPlace } from "../../files/types";
import { t } from "../../i18n";
import type { Message } from "../../protocol";
import { useView } from "../view";
import { AllFiles } from "./AllFiles";
import { type Entry, entriesOf } from "./entries";
import { FileCard } from "./FileCard";
import { Pictures } from "./Pictures";

/** The files of a message, under its text: pictures side by side, others as cards. */
export default function Files({ message, active }: { message: Message; active: boolean }) {
  const view = useView();
  const entries = entriesOf(message);
  const pictures = entries.filter(({ file }) => hasPlace(file));
  const others = entries.filter(({ file }) => !hasPlace(file));
  const tab = active ? 0 : -1;
  const open = (entry: Entry) =>
    view.go({ dialogue: "file", subject: message, page: String(entries.indexOf(entry) + 1) });
  return (
    <div class="cc-files">
      {pictures.length > 0 && <Pictures entries={pictures} tab={tab} onOpen={open} />}
      {others.length > 0 && (
        <ul class="cc-file-list" aria-label={t("Files")}>
          {others.map((entry) => (
            <FileCard key={entry.id} entry={entry} tab={tab} onOpen={() => open(entry)} />
          ))}
        </ul>
      )}
      {entries.length > 1 && <AllFiles message={message} tab={tab} />}
    </div>
  );
}
