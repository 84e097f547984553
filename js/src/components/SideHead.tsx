import type { ComponentChildren } from "preact";
import { t } from "../i18n";
import { IconButton } from "./icons";
import { useView } from "./view";

interface Props {
  title: string;
  about?: string;
  /** Said of the line below the title when one rests on it. */
  hint?: string;
  children?: ComponentChildren;
}

/** The head of what stands beside the conversation. */
export function SideHead({ title, about, hint, children }: Props) {
  const { go } = useView();
  return (
    <header class="cc-head">
      <div class="cc-head-text">
        <h3 class="cc-title">{title}</h3>
        {about && (
          <p class="cc-topic" dir="auto" title={hint}>
            {about}
          </p>
        )}
      </div>
      {children}
      <IconButton icon="close" label={t("Close")} onClick={() => go({ side: null })} />
    </header>
  );
}
