import { t } from "./i18n";

/** A word after a slash that does something in place of being sent. */
export interface Command {
  name: string;
  /** What may stand after it. */
  args: string;
  about: string;
}

/** All of them, in the order of the list that opens after a slash. */
export const commands = (): Command[] => [
  { name: "me", args: t("TEXT"), about: t("Say what you do") },
  { name: "shrug", args: t("TEXT"), about: t("Add a shrug to a message") },
  { name: "poll", args: t("QUESTION"), about: t("Ask with choices") },
  { name: "remind", args: t("me in 20 minutes TEXT"), about: t("Be reminded, or remind a room") },
  { name: "later", args: t("tomorrow 9:00 TEXT"), about: t("Send a message later") },
  { name: "msg", args: t("@person TEXT"), about: t("Write to one person") },
  { name: "topic", args: t("TOPIC"), about: t("Say what the room is for") },
  { name: "invite", args: t("@person"), about: t("Bring somebody into the room") },
  { name: "remove", args: t("@person"), about: t("Take somebody out of the room") },
  { name: "join", args: t("#room"), about: t("Join a room") },
  { name: "leave", args: "", about: t("Leave this room") },
  { name: "rename", args: t("NAME"), about: t("Give the room another name") },
  { name: "archive", args: "", about: t("Close the room and keep it readable") },
  { name: "star", args: "", about: t("Put this conversation first") },
  { name: "unstar", args: "", about: t("Put this conversation among the others") },
  { name: "mute", args: "", about: t("Hear of mentions only") },
  { name: "unmute", args: "", about: t("Hear of everything again") },
  { name: "status", args: t("🏖️ TEXT"), about: t("Say how you are; alone: choose it") },
  { name: "away", args: t("TEXT"), about: t("Say that you are away") },
  { name: "back", args: "", about: t("Take your status away") },
  { name: "nick", args: t("NAME"), about: t("Change your name") },
  { name: "keys", args: "", about: t("All keys of the panel") },
];
