import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n";
import type { Id } from "../../protocol";
import { useStore, useView } from "../view";
import { lineOf } from "./line";
import { openMessage } from "./open";

/** So long the notice of a reminder stays; in Saved it stays marked as due. */
const STAY = 60_000;

/** Tells of reminders when they come. */
export default function Reminders() {
  const view = useView();
  const { panel } = view;
  const reminders = useStore((state) => state.reminders);
  const told = useRef(new Set<Id>());
  useEffect(() => {
    for (const id of reminders) {
      if (told.current.has(id)) continue;
      told.current.add(id);
      void tell(id);
    }
  }, [reminders]);

  const tell = async (id: Id) => {
    const saved = panel.state.saved.get(id);
    if (!saved) return;
    let words = saved.note;
    if (!words && saved.room !== null) {
      const found =
        panel.find(panel.state, saved.room, id) ??
        (await panel.ask({ type: "history", room: saved.room, around: id, limit: 1 }).then(
          ({ messages }) => messages.find((message) => message.id === id),
          () => undefined,
        ));
      words = found ? lineOf(found, 90) : "";
    }
    view.tell({
      text: words ? t("Reminder: {text}", { text: words }) : t("You wanted to be reminded."),
      action: {
        label: t("Open"),
        act: () => {
          panel.seenReminder(id);
          if (saved.room !== null) void openMessage(view, saved.room, id);
          else view.go({ sheet: "saved", screen: "room", side: null });
        },
      },
      stay: STAY,
    });
  };
  return null;
}
