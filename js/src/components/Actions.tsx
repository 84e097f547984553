import { useState } from "preact/hooks";
import type { Message } from "../protocol";
import { Dialog } from "./Dialog";
import { IconButton } from "./icons";
import { More } from "./More";
import { Palette } from "./Palette";
import { Popover } from "./Popover";
import { useStore, useView } from "./view";

interface Props {
  message: Message;
  author: string;
  joined: boolean;
  inThread: boolean;
}

type Sheet = { type: "react" | "more"; anchor: HTMLElement } | { type: "delete" } | null;

/** What one can do with a message. */
export function Actions({ message, author, joined, inThread }: Props) {
  const { panel, go, complain } = useView();
  const mine = useStore((state) => message.author === state.me);
  const over = useStore((state) => ["owner", "admin"].includes(state.members.get(state.me)?.role ?? ""));
  const [sheet, setSheet] = useState<Sheet>(null);
  const close = () => setSheet(null);
  const open = (type: "react" | "more", anchor: HTMLElement) =>
    setSheet(sheet?.type === type ? null : { type, anchor });
  const remove = () => {
    close();
    panel.ask({ type: "delete", id: message.id }).catch(complain);
  };
  const react = (emoji: string) => {
    close();
    panel.ask({ type: "react", id: message.id, emoji }).catch(complain);
  };

  return (
    <div class="cc-actions" data-open={sheet !== null || undefined}>
      {joined && (
        <IconButton
          icon="smile"
          label="React"
          expanded={sheet?.type === "react"}
          onClick={(event) => open("react", event.currentTarget)}
        />
      )}
      {joined && !inThread && (
        <IconButton
          icon="reply"
          label="Reply in thread"
          onClick={() => go({ side: { type: "thread", root: message.thread ?? message.id } })}
        />
      )}
      {joined && mine && (
        <IconButton icon="pencil" label="Edit" onClick={() => go({ editing: message.id })} />
      )}
      {joined && (mine || over) && (
        <IconButton icon="trash" label="Delete" onClick={() => setSheet({ type: "delete" })} />
      )}
      <IconButton
        icon="more"
        label="More"
        expanded={sheet?.type === "more"}
        onClick={(event) => open("more", event.currentTarget)}
      />
      {sheet?.type === "react" && (
        <Popover anchor={sheet.anchor} label="Reactions" onClose={close}>
          <Palette onPick={react} />
        </Popover>
      )}
      {sheet?.type === "more" && (
        <Popover anchor={sheet.anchor} label="More" role="menu" onClose={close}>
          <More message={message} joined={joined} inThread={inThread} onDone={close} />
        </Popover>
      )}
      {sheet?.type === "delete" && (
        <Dialog title="Delete this message?" small onClose={close} onSubmit={remove}>
          <div class="cc-dialog-body">
            <p>
              {mine ? "Your message" : `The message of ${author}`} disappears for everybody. It cannot be
              brought back.
            </p>
          </div>
          <footer class="cc-dialog-foot">
            <button type="button" class="cc-button" onClick={close}>
              Cancel
            </button>
            <button type="submit" class="cc-button cc-danger" data-first>
              Delete
            </button>
          </footer>
        </Dialog>
      )}
    </div>
  );
}
