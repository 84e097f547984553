import { t } from "../../i18n";
import type { IconName } from "../icons";
import { unreadBeside } from "../side/lines";
import type { View } from "../view";

/** Something the panel does when one asks for it by name. */
export interface Command {
  id: string;
  title: string;
  /** Other words for it. */
  words: string[];
  icon: IconName;
  run: (view: View) => void;
}

/** All that can be asked for by name, wherever one is. */
export const commandsOf = (): Command[] => [
  {
    id: "new-room",
    title: t("New room"),
    words: [t("Create room")],
    icon: "plus",
    run: ({ go }) => go({ dialogue: "new-room" }),
  },
  {
    id: "new-conversation",
    title: t("New conversation"),
    words: [t("Write to somebody")],
    icon: "chat",
    run: ({ go }) => go({ dialogue: "new-conversation" }),
  },
  {
    id: "browse",
    title: t("Browse rooms"),
    words: [t("Join a room")],
    icon: "compass",
    run: ({ go }) => go({ dialogue: "browse" }),
  },
  {
    id: "read",
    title: t("Mark all as read"),
    words: [],
    icon: "check",
    run: ({ panel, complain }) => void panel.markAllRead().catch(complain),
  },
  {
    id: "next-unread",
    title: t("Next unread conversation"),
    words: [],
    icon: "down",
    run: ({ panel, openRoom, tell }) => {
      const next = unreadBeside(panel.state, null, 1);
      if (next) openRoom(next.id);
      else tell({ text: t("Everything is read.") });
    },
  },
  {
    id: "status",
    title: t("Set your status"),
    words: [],
    icon: "smile",
    run: ({ go }) => go({ dialogue: "status" }),
  },
  {
    id: "threads",
    title: t("Threads"),
    words: [],
    icon: "thread",
    run: ({ go }) => go({ sheet: "threads", screen: "room", side: null }),
  },
  {
    id: "saved",
    title: t("Saved"),
    words: [t("Bookmarks"), t("Reminders")],
    icon: "bookmark",
    run: ({ go }) => go({ sheet: "saved", screen: "room", side: null }),
  },
  {
    id: "drafts",
    title: t("Drafts"),
    words: [t("Scheduled messages")],
    icon: "pencil",
    run: ({ go }) => go({ sheet: "drafts", screen: "room", side: null }),
  },
  {
    id: "settings",
    title: t("Settings"),
    words: [t("Preferences")],
    icon: "gear",
    run: ({ go }) => go({ dialogue: "settings", page: null }),
  },
  {
    id: "keys",
    title: t("Keyboard"),
    words: [t("Keys"), t("Shortcuts")],
    icon: "keyboard",
    run: ({ go }) => go({ dialogue: "settings", page: "keyboard" }),
  },
  {
    id: "dark",
    title: t("Dark theme"),
    words: [t("Dark colours")],
    icon: "palette",
    run: ({ panel }) => panel.setPreferences({ theme: "dark" }),
  },
  {
    id: "light",
    title: t("Light theme"),
    words: [t("Light colours")],
    icon: "palette",
    run: ({ panel }) => panel.setPreferences({ theme: "light" }),
  },
  {
    id: "system",
    title: t("Theme of the page around"),
    words: [t("System theme")],
    icon: "palette",
    run: ({ panel }) => panel.setPreferences({ theme: "system" }),
  },
  {
    id: "density",
    title: t("Compact or comfortable"),
    words: [t("Density")],
    icon: "sliders",
    run: ({ panel }) => {
      const { density } = panel.state.preferences;
      panel.setPreferences({ density: density === "compact" ? "comfortable" : "compact" });
    },
  },
  {
    id: "view",
    title: t("Recent or Category"),
    words: [t("Views")],
    icon: "filter",
    run: ({ panel }) => {
      const { view } = panel.state.preferences;
      panel.setPreferences({ view: view === "recent" ? "category" : "recent" });
    },
  },
];
