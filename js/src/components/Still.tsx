import { t } from "../i18n";
import { Icon } from "./icons";
import { Ghosts, Waiting } from "./waiting";

/** In place of a chat whose kernel has never answered: a saved notebook that was opened again. */
export function Still({ label }: { label: string }) {
  return (
    <div class="cc-still">
      <div class="cc-still-picture" aria-hidden="true">
        <div class="cc-side">
          <Waiting />
        </div>
        <div class="cc-main">
          <Ghosts />
          <Ghosts />
          <Ghosts />
        </div>
      </div>
      <div class="cc-card">
        <Icon name="chat" size={30} />
        <h2>{label || t("A chat")}</h2>
        <p>{t("This is only a picture of the chat: no kernel answers for it. Run the cell to open it.")}</p>
      </div>
    </div>
  );
}
