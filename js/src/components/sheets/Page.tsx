import type { ComponentChildren } from "preact";
import { t } from "../../i18n";
import { BackButton } from "../BackButton";
import { IconButton } from "../icons";
import { usePlace, useView } from "../view";

/** A page in the conversation's place: its head, and what it is about. */
export function Page({
  title,
  tools,
  children,
  beside,
}: {
  title: string;
  tools?: ComponentChildren;
  children: ComponentChildren;
  /** What stands beside it. */
  beside?: ComponentChildren;
}) {
  const { go } = useView();
  const { size } = usePlace();
  return (
    <div class="cc-main" data-side={beside ? "thread" : undefined}>
      {!(beside && size === "narrow") && (
        <div class="cc-room cc-sheet">
          <header class="cc-head">
            <BackButton />
            <div class="cc-head-text">
              <h2 class="cc-title">{title}</h2>
            </div>
            {tools}
            <IconButton icon="close" label={t("Close")} onClick={() => go({ sheet: null, side: null })} />
          </header>
          <div class="cc-sheet-body">{children}</div>
        </div>
      )}
      {beside}
    </div>
  );
}
