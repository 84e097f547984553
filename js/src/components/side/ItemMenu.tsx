import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { Room } from "../../protocol";
import { isMuted } from "../../state/selectors";
import { Icon, type IconName } from "../icons";
import { copy } from "../message/clipboard";
import { Popover } from "../Popover";
import { useStore, useView } from "../view";

interface Props {
  room: Room;
  anchor: HTMLElement;
  onClose: () => void;
}

/** What one can do with a conversation of the list. */
export default function ItemMenu({ room, anchor, onClose }: Props) {
  const { panel, go, openRoom, complain, tell } = useView();
  const starred = useStore((state) => state.stars.includes(room.id));
  const muted = useStore((state) => isMuted(state, room));
  const [sure, setSure] = useState(false);
  const direct = room.kind === "direct";
  const leave = () => {
    if (room.kind === "private" && !sure) return setSure(true);
    onClose();
    panel.ask({ type: "leave", room: room.id }).then(() => {
      if (room.kind !== "public") return;
      const back = () => void panel.ask({ type: "join", room: room.id }).catch(complain);
      tell({
        text: t("You have left #{name}.", { name: room.name }),
        action: { label: t("Join again"), act: back },
      });
    }, complain);
  };
  const copyLink = () =>
    copy(`#${room.name}`).then(
      () =>
        tell({ text: t("#{name} is copied: pasted into a message, it leads here.", { name: room.name }) }),
      complain,
    );
  const item = (icon: IconName, text: string, act: () => void, stays = false) => (
    <button
      type="button"
      role="menuitem"
      class="cc-menu-item"
      onClick={() => {
        if (!stays) onClose();
        act();
      }}
    >
      <Icon name={icon} size={16} />
      {text}
    </button>
  );
  return (
    <Popover anchor={anchor} label={t("Conversation")} role="menu" onClose={onClose}>
      {item(
        "star",
        starred ? t("Remove the star") : t("Star"),
        () => void panel.star(room.id, !starred).catch(complain),
      )}
      {item("muted", muted ? t("Unmute") : t("Mute"), () => void panel.mute(room.id, !muted).catch(complain))}
      {room.unread > 0 &&
        item("check", t("Mark as read"), () => {
          panel.ask({ type: "mark_read", room: room.id }).catch(complain);
        })}
      {!direct && item("link", t("Copy link"), () => void copyLink())}
      {!direct &&
        item("sliders", t("Room settings"), () => {
          openRoom(room.id);
          go({ dialogue: "room-settings" });
        })}
      {!direct &&
        item("leave", sure ? t("Leave? Only somebody in it can bring you back") : t("Leave"), leave, true)}
    </Popover>
  );
}
