import { commandIn } from "../../commands";
import { t } from "../../i18n";
import { part } from "../../lazy";
import type { Room } from "../../protocol";
import type { View } from "../view";
import { loadEmoji } from "./emoji";
import type { Saying } from "./Said";

const slash = part(() => import("../../slash"));

interface Box {
  view: View;
  room: Room;
  say: (saying: Saying | null) => void;
  /** Send a text as it is. */
  post: (text: string) => void;
  poll: (question: string) => void;
  /** The command was carried out: it need not stand there any more. */
  done: () => void;
}

/** Do what a text that is a command says. */
export function runCommand(text: string, box: Box): void {
  const command = commandIn(text);
  if (!command) return;
  const { say } = box;
  const { name, rest, known } = command;
  if (known) void carryOut(name, rest, box);
  else
    say({
      tone: "question",
      text: t("There is no command /{name}. Send it as text?", { name }),
      action: {
        label: t("Send as text"),
        act: () => {
          say(null);
          box.post(text);
        },
      },
    });
}

async function carryOut(name: string, rest: string, box: Box): Promise<void> {
  const { view, room, say } = box;
  const wrong = (error: unknown) => say({ tone: "problem", text: (error as Error).message });
  const run = async (act: (view: View) => unknown) => {
    say(null);
    try {
      await act(view);
      box.done();
    } catch (error) {
      wrong(error);
    }
  };
  try {
    const { doing } = await slash.load();
    const emoji = name === "status" && rest.startsWith(":") ? await loadEmoji() : null;
    const does = doing(name, rest, { view, room, emoji: (word) => emoji?.byName(word) });
    switch (does.type) {
      case "send":
        return box.post(does.text);
      case "problem":
        return say({ tone: "problem", text: does.text });
      case "poll":
        return box.poll(does.question);
      case "act":
        return await run(does.act);
      case "question":
        return say({
          tone: "question",
          text: does.text,
          action: { label: does.label, act: () => void run(does.act) },
        });
    }
  } catch (error) {
    wrong(error);
  }
}
