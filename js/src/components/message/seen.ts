import { t } from "../../i18n";
import type { Member } from "../../protocol";
import { clock, day, daysAgo } from "../../time";

/** Whether somebody is there, or when they were. */
export function presenceOf(member: Member, online: boolean): string {
  if (online) return t("online");
  if (member.last_seen === null) return t("was not here yet");
  const ago = daysAgo(member.last_seen);
  if (ago <= 0) return t("last seen at {time}", { time: clock(member.last_seen) });
  if (ago === 1) return t("last seen yesterday");
  return t("last seen on {day}", { day: day(member.last_seen) });
}
