import { t, tn } from "../../i18n";
import type { Message } from "../../protocol";
import type { IconName } from "../icons";
import type { View } from "../view";
import { copy } from "./clipboard";
import { linkTo } from "./open";

/** Something that one can do with a message, from the bar over it, its menu, or by a key on it. */
export interface Act {
  name: string;
  label: string;
  icon: IconName;
  /** On a message that has the focus. */
  key?: string;
  /** Parts the menu. */
  group: number;
  danger?: boolean;
  act(): void;
}

/** Where a message stands for its reader. */
export interface Standing {
  /** One may write here. */
  joined: boolean;
  inThread: boolean;
}

/** How long a deletion may be undone. */
export const UNDO_FOR = 6_000;

/** All that its reader can do with a message but for reacting to it, in the order of the menu. */
export function actsOf(view: View, message: Message, { joined, inThread }: Standing): Act[] {
  const { panel, go, complain, tell } = view;
  const { state } = panel;
  const room = state.rooms.get(message.room);
  const mine = message.author === state.me;
  const role = state.members.get(state.me)?.role ?? "guest";
  const staff = role === "owner" || role === "admin";
  const kept = state.saved.get(message.id);
  const text = message.text ?? "";
  const said = (words: string) => () => tell({ text: words, stay: 2_500 });
  const acts: Act[] = [];
  if (joined && !inThread) {
    const root = message.thread ?? message.id;
    acts.push({
      name: "thread",
      label: t("Reply in thread"),
      icon: "reply",
      key: "r",
      group: 0,
      act: () => go({ side: { type: "thread", root } }),
    });
    acts.push({
      name: "quote",
      label: t("Quote"),
      icon: "quote",
      key: "q",
      group: 0,
      act: () => go({ quoting: message }),
    });
  }
  acts.push({
    name: "forward",
    label: t("Forward"),
    icon: "forward",
    key: "f",
    group: 0,
    act: () => go({ dialogue: "forward", subject: message }),
  });
  if (joined && mine && message.poll === null)
    acts.push({
      name: "edit",
      label: t("Edit"),
      icon: "pencil",
      key: "e",
      group: 0,
      act: () => go({ editing: message.id }),
    });
  acts.push(
    {
      name: "save",
      label: kept ? t("Remove from saved") : t("Save for later"),
      group: 1,
      icon: kept ? "bookmarked" : "bookmark",
      key: "s",
      act: () => {
        if (kept) return void panel.unsave(message.id).catch(complain);
        const remind = () => go({ dialogue: "reminder", subject: message });
        const told = { text: t("Saved for later."), action: { label: t("Remind me"), act: remind } };
        panel.save(message).then(() => tell({ ...told, stay: 4_000 }), complain);
      },
    },
    {
      name: "remind",
      label: t("Remind me"),
      icon: "clock",
      group: 1,
      act: () => go({ dialogue: "reminder", subject: message }),
    },
  );
  if (joined && (role !== "guest" || room?.kind === "direct"))
    acts.push({
      name: "pin",
      label: message.pinned ? t("Unpin") : t("Pin"),
      icon: "pin",
      key: "p",
      group: 1,
      act: () => void panel.ask({ type: message.pinned ? "unpin" : "pin", id: message.id }).catch(complain),
    });
  if (joined && !inThread)
    acts.push({
      name: "unread",
      label: t("Mark unread from here"),
      icon: "unread",
      key: "u",
      group: 1,
      act: () => {
        panel.forgetRead(message.room);
        panel.ask({ type: "mark_unread", room: message.room, id: message.id }).catch(complain);
      },
    });
  acts.push(
    {
      name: "link",
      label: t("Copy link"),
      icon: "link",
      key: "c",
      group: 2,
      act: () => void copy(linkTo(message.room, message.id)).then(said(t("The link is copied.")), complain),
    },
    {
      name: "text",
      label: t("Copy text"),
      icon: "copy",
      group: 2,
      act: () => void copy(text).then(said(t("The text is copied.")), complain),
    },
  );
  if (message.files.length > 0)
    acts.push({
      name: "files",
      label: tn(message.files.length, "Download its file", "Download all {n} files"),
      icon: "down",
      group: 2,
      act: () => void import("../files/all").then(({ saveAll }) => saveAll(view, message)).catch(complain),
    });
  if (message.edited_at !== null)
    acts.push({
      name: "versions",
      label: t("Earlier versions"),
      icon: "history",
      group: 2,
      act: () => go({ dialogue: "versions", subject: message }),
    });
  if (joined && (mine || (staff && room?.kind !== "direct")))
    acts.push({
      name: "delete",
      label: t("Delete"),
      icon: "trash",
      key: "Delete",
      group: 3,
      danger: true,
      act: () => {
        panel.deleteLater(message, complain);
        tell({
          text: t("The message is deleted."),
          action: { label: t("Undo"), act: () => panel.undelete(message.id) },
          stay: UNDO_FOR,
        });
      },
    });
  return acts;
}

/** Do what a key stands for on a message, if it stands for anything. */
export function actByKey(view: View, message: Message, standing: Standing, key: string): void {
  actsOf(view, message, standing)
    .find((act) => act.key === key)
    ?.act();
}
