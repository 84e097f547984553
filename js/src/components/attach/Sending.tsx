import { sizeText } from "../../files/sizes";
import { t } from "../../i18n";
import type { Outgoing } from "../../state/state";
import { useStore, useView } from "../view";
import { Look } from "./Look";
import { partOf, percent, sentOf, Total, UploadBar } from "./progress";

/** The files of a message that is on its way. */
export default function Sending({ item }: { item: Outgoing }) {
  const { panel, complain } = useView();
  const uploads = useStore((state) => state.uploads);
  const files = item.files.flatMap(({ upload }) => uploads.get(upload) ?? []);
  const back = () => {
    panel.uploads.load().then((engine) => engine.takeBack(item), complain);
  };
  return (
    <div class="cc-sending-files">
      <ul class="cc-tray-files" aria-label={t("Attached files")}>
        {item.files.map(({ upload, name, size, done }) => {
          const now = uploads.get(upload);
          const under = now && (now.state === "sending" || now.state === "waiting");
          return (
            <li key={upload} class="cc-tray-file" data-state={now?.state ?? (done ? "done" : "failed")}>
              <Look name={name} picture={now?.picture ?? null} />
              <span class="cc-tray-text" title={name}>
                <span class="cc-tray-name" dir="auto">
                  {name}
                </span>
                <span class="cc-tray-about">
                  {under
                    ? t("{size} · {percent}", { size: sizeText(size), percent: percent(partOf(now)) })
                    : sizeText(size)}
                </span>
              </span>
              {under && size > 0 && <UploadBar name={name} file={now} />}
            </li>
          );
        })}
      </ul>
      <Total sent={sentOf(files)} files={files} />
      {(item.state === "failed" || sentOf(files).under) && (
        <button type="button" class="cc-link-button" onClick={back}>
          {t("Back to the text box")}
        </button>
      )}
    </div>
  );
}
