import { plain } from "../../markdown";
import type { Message } from "../../protocol";

/** A message in one line: its words, those that it brings from elsewhere, or its first file. */
export const lineOf = ({ text, forwarded, files }: Message, length?: number): string =>
  plain(text || forwarded?.text || "", length) || (text !== null && files[0] ? `📎 ${files[0].name}` : "");
