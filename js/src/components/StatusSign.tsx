import { t } from "../i18n";
import type { MemberStatus } from "../protocol";
import { clock, day, daysAgo } from "../time";

/** Until when it counts, in words. */
export function untilOf(status: MemberStatus): string {
  if (status.until === null) return "";
  const time = clock(status.until);
  return daysAgo(status.until) === 0
    ? t("until {time}", { time })
    : t("until {day}, {time}", { day: day(status.until), time });
}

/** What somebody says of themselves: an emoji, with its words beside it or for whoever rests on it. */
export function StatusSign({
  status,
  text = false,
  silent = false,
}: {
  status: MemberStatus;
  text?: boolean;
  /** For the eye alone: those who hear it are told elsewhere. */
  silent?: boolean;
}) {
  const until = untilOf(status);
  const said = until ? t("{text} ({until})", { text: status.text, until }) : status.text;
  return (
    <span class="cc-status" title={said.trim()} aria-hidden={silent || undefined}>
      {status.emoji && <span class="cc-status-emoji">{status.emoji}</span>}
      {(text || !status.emoji) && <span class="cc-status-text">{status.text}</span>}
    </span>
  );
}
