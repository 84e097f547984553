import { fileId } from "../../files/ids";
import type { Attachment, FileId, Id, Message } from "../../protocol";

/** A file of a message, and where it stands. */
export interface Entry {
  id: FileId;
  file: Attachment;
  message: Id;
  room: Id;
  /** The root of the thread that the message stands in, where it stands in no other place. */
  thread?: Id | null;
}

/** The files of a message. */
export const entriesOf = ({ id: message, room, thread, broadcast, files }: Message): Entry[] =>
  files.map((file, at) => ({
    ...{ id: fileId(message, at + 1), file, message, room },
    thread: broadcast || thread === message ? null : thread,
  }));
