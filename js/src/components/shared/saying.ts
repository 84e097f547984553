import { sizeText } from "../../files/sizes";
import { visible } from "../../files/words";
import type { Month, SharedLink } from "../../protocol";
import { locale } from "../../time";
import type { Entry } from "./listing";

const formats = new Map<string, Intl.DateTimeFormat>();

/** "2026-01" as the heading of a month. */
export function monthName(month: Month["month"]): string {
  const language = locale();
  let format = formats.get(language);
  if (!format) {
    format = new Intl.DateTimeFormat(language, { month: "long", year: "numeric" });
    formats.set(language, format);
  }
  const [year = 1970, number = 1] = month.split("-").map(Number);
  return format.format(new Date(year, number - 1, 15));
}

const address = (url: string): URL | null => {
  try {
    return new URL(url);
  } catch {
    return null;
  }
};

/** Where a link leads, where it may be followed from here. */
export const hrefOf = ({ url }: SharedLink): string | null => {
  const found = address(url);
  return found && /^(?:https?|ftp|mailto):$/.test(found.protocol) ? url : null;
};

/** An address without what everybody knows. */
export const bare = (url: string): string =>
  url.replace(/^(?:https?:\/\/|mailto:)(?:www\.)?/i, "").replace(/\/$/, "");

export const hostOf = (url: string): string => address(url)?.hostname.replace(/^www\./, "") ?? "";

/** What an entry is called. */
export const titleOf = (entry: Entry): string =>
  visible(entry.type === "shared_file" ? entry.file.name : entry.title || bare(entry.url));

/** How large it is, or where it leads. */
export const measureOf = (entry: Entry): string =>
  entry.type === "shared_file" ? sizeText(entry.file.size) : entry.title ? hostOf(entry.url) : "";
