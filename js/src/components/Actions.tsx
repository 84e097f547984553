import { useMemo, useState } from "preact/hooks";
import { t } from "../i18n";
import type { Message } from "../protocol";
import { IconButton } from "./icons";
import { More } from "./More";
import { actsOf } from "./message/acts";
import { frequent, usedToReact } from "./message/frequent";
import Picker from "./message/Picker";
import { Popover } from "./Popover";
import { SeenBy } from "./SeenBy";
import { useStore, useView } from "./view";

interface Props {
  message: Message;
  joined: boolean;
  inThread: boolean;
}

type Sheet = { type: "react" | "more" | "seen"; anchor: HTMLElement } | null;

/** For one click in the bar. */
const QUICKLY = 3;
/** Of all that one can do these stand in the bar, and the rest in its menu. */
const IN_BAR = ["thread", "edit", "delete"];

/** What one can do with a message. */
export default function Actions({ message, joined, inThread }: Props) {
  const view = useView();
  const { panel, complain } = view;
  const role = useStore((state) => state.members.get(state.me)?.role);
  const kept = useStore((state) => state.saved.has(message.id));
  const [sheet, setSheet] = useState<Sheet>(null);
  const acts = useMemo(
    () => actsOf(view, message, { joined, inThread }),
    [view, message, joined, inThread, role, kept],
  );
  const quick = useMemo(() => frequent(panel, QUICKLY), [panel, message.reactions]);
  const close = () => setSheet(null);
  const toggle = (type: "react" | "more", anchor: HTMLElement) =>
    setSheet(sheet?.type === type ? null : { type, anchor });
  const react = (emoji: string) => {
    const mine = message.reactions.some(
      (reaction) => reaction.emoji === emoji && reaction.members.includes(panel.state.me),
    );
    if (!mine) usedToReact(panel, emoji);
    panel.ask({ type: mine ? "unreact" : "react", id: message.id, emoji }).catch(complain);
  };
  return (
    <div class="cc-actions" data-open={sheet !== null || undefined}>
      {joined &&
        quick.map((emoji) => (
          <button
            key={emoji}
            type="button"
            class="cc-icon-button cc-quick"
            aria-label={t("React with {emoji}", { emoji })}
            title={t("React with {emoji}", { emoji })}
            onClick={() => react(emoji)}
          >
            {emoji}
          </button>
        ))}
      {joined && (
        <IconButton
          icon="smile"
          label={t("React")}
          class="cc-act-react"
          expanded={sheet?.type === "react"}
          onClick={(event) => toggle("react", event.currentTarget)}
        />
      )}
      {acts
        .filter(({ name }) => IN_BAR.includes(name))
        .map(({ name, label, icon, act }) => (
          <IconButton key={name} icon={icon} label={label} class={`cc-act-${name}`} onClick={act} />
        ))}
      <IconButton
        icon="more"
        label={t("More")}
        class="cc-act-more"
        expanded={sheet?.type === "more"}
        onClick={(event) => toggle("more", event.currentTarget)}
      />
      {sheet?.type === "react" && <Picker message={message} anchor={sheet.anchor} onClose={close} />}
      {sheet?.type === "more" && (
        <Popover anchor={sheet.anchor} label={t("More")} role="menu" onClose={close}>
          <More
            acts={acts}
            onDone={close}
            {...(joined && !inThread && { onSeen: () => setSheet({ type: "seen", anchor: sheet.anchor }) })}
          />
        </Popover>
      )}
      {sheet?.type === "seen" && (
        <Popover anchor={sheet.anchor} label={t("Seen by")} onClose={close}>
          <SeenBy message={message} />
        </Popover>
      )}
    </div>
  );
}
