import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { lazy } from "../../lazy";
import { IconButton } from "../icons";

const ListActions = lazy(() => import("./ListActions"));

/** What holds for the whole list. */
export function ListMenu() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <IconButton
        icon="more"
        label={t("List of conversations")}
        expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor ? null : event.currentTarget)}
      />
      {anchor && <ListActions anchor={anchor} onClose={() => setAnchor(null)} />}
    </>
  );
}
