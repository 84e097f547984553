import type { Message } from "../protocol";
import { useView } from "./view";

interface Props {
  message: Message;
  joined: boolean;
  inThread: boolean;
  onDone: () => void;
}

/** The rest of what one can do with a message. */
export function More({ message, joined, inThread, onDone }: Props) {
  const { panel, go, complain } = useView();
  const items: [string, () => void][] = [["Copy text", () => copy(message.text ?? "").catch(complain)]];
  items.push(["Copy message id", () => copy(message.id).catch(complain)]);
  if (joined && !inThread) items.push(["Quote", () => go({ quoting: message })]);
  if (joined)
    items.push([
      message.pinned ? "Unpin" : "Pin",
      () => panel.ask({ type: message.pinned ? "unpin" : "pin", id: message.id }).catch(complain),
    ]);
  if (joined && !inThread)
    items.push([
      "Mark unread from here",
      () => {
        panel.forgetRead(message.room);
        panel.ask({ type: "mark_unread", room: message.room, id: message.id }).catch(complain);
      },
    ]);
  return (
    <>
      {items.map(([label, act]) => (
        <button
          key={label}
          type="button"
          role="menuitem"
          class="cc-menu-item"
          onClick={() => {
            onDone();
            act();
          }}
        >
          {label}
        </button>
      ))}
    </>
  );
}

/** Put a text on the clipboard, in pages that may not use the clipboard's own way too. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position:fixed;opacity:0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done)
      throw new Error("The browser does not let the panel copy: select the text and copy it by hand.");
  }
}
