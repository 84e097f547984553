import { t } from "../../i18n";
import type { Id, SharedKind, Shared as SharedRequest } from "../../protocol";
import { startOfWeek } from "../../time";

export type Sort = NonNullable<SharedRequest["sort"]>;
export type Group = "pictures" | "data" | "documents" | "code" | "notebooks" | "links" | "others";
export type Span = "week" | "month" | "last-month" | "own";

/** The kinds that a chip stands for. */
export const GROUPS: Readonly<Record<Group, readonly SharedKind[]>> = {
  pictures: ["picture"],
  data: ["data"],
  documents: ["document"],
  code: ["code"],
  notebooks: ["notebook"],
  links: ["link"],
  others: ["sound", "video", "archive", "other"],
};

/** When something was shared: a span that goes by today, or days of one's own (`2026-01-31`, both included). */
export interface Dates {
  span: Span;
  from: string;
  to: string;
}

export interface Filters {
  groups: readonly Group[];
  author: Id | null;
  dates: Dates | null;
  text: string;
}

export const NO_FILTERS: Filters = { groups: [], author: null, dates: null, text: "" };

/** What a search field may hold, as the hub takes it. */
export const LONGEST_TEXT = 200;

export const groupName = (group: Group): string =>
  ({
    pictures: t("Pictures"),
    data: t("Data"),
    documents: t("Documents"),
    code: t("Code"),
    notebooks: t("Notebooks"),
    links: t("Links"),
    others: t("Others"),
  })[group];

export const spanName = (span: Span): string =>
  ({
    week: t("This week"),
    month: t("This month"),
    "last-month": t("Last month"),
    own: t("From a day to another"),
  })[span];

export const anyFilter = ({ groups, author, dates, text }: Filters): boolean =>
  groups.length > 0 || author !== null || dates !== null || text.trim() !== "";

const midnight = (day: string, later = 0): number | null => {
  const [, year, month, date] = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (!year) return null;
  return new Date(Number(year), Number(month) - 1, Number(date) + later).getTime();
};

/** From when until before when, in milliseconds; null where that side is open. */
export function periodOf(
  { span, from, to }: Dates,
  now = new Date(),
): { since: number | null; until: number | null } {
  const month = (by: number) => new Date(now.getFullYear(), now.getMonth() + by, 1).getTime();
  if (span === "week") return { since: startOfWeek(now), until: null };
  if (span === "month") return { since: month(0), until: null };
  if (span === "last-month") return { since: month(-1), until: month(0) };
  const [first, last] = from && to && from > to ? [to, from] : [from, to];
  return { since: midnight(first), until: midnight(last, 1) };
}

export type Question = Omit<SharedRequest, "req" | "offset" | "limit">;

/** What to ask the hub for. */
export function questionOf(room: Id, filters: Filters, sort: Sort, now = new Date()): Question {
  const { since, until } = filters.dates ? periodOf(filters.dates, now) : { since: null, until: null };
  return {
    type: "shared",
    room,
    kinds: filters.groups.flatMap((group) => GROUPS[group]),
    author: filters.author,
    since: since === null ? null : since * 1_000,
    until: until === null ? null : until * 1_000,
    text: filters.text.trim().slice(0, LONGEST_TEXT),
    sort,
    utc_offset: -now.getTimezoneOffset() || 0,
  };
}
