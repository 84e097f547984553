import type { Message } from "../../protocol";
import { useStore, useView } from "../view";
import { entriesOf } from "./entries";
import Viewer from "./Viewer";

interface Props {
  message: Message;
  /** Which of its files, from 1. */
  number: string | null;
  onClose: () => void;
}

/** The files of a message in large. */
export default function FileDialogue({ message, number, onClose }: Props) {
  const { panel } = useView();
  // What is deleted meanwhile is not to be looked at any more.
  const now = useStore((state) => panel.find(state, message.room, message.id));
  const { deleted } = now ?? message;
  return <Viewer entries={deleted ? [] : entriesOf(message)} at={Number(number) - 1} onClose={onClose} />;
}
