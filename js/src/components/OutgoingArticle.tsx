import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import { lazy } from "../lazy";
import type { Member } from "../protocol";
import type { Outgoing } from "../state/state";
import { clock, clockName } from "../time";
import { Avatar } from "./Avatar";
import { memo } from "./memo";
import { copy } from "./message/clipboard";
import { Quoted } from "./Quoted";
import { Text } from "./Text";
import { useStore, useView } from "./view";

const Sending = lazy(() => import("./attach/Sending"));

interface Props {
  item: Outgoing;
  first: boolean;
  author: Member | undefined;
  active: boolean;
}

/** So long a message may be on its way before that is said. */
const SAY_AFTER = 400;

/** A message of one's own that is on its way, or did not get there. */
export const OutgoingArticle = memo(({ item, first, author, active }: Props) => {
  const { panel, complain } = useView();
  const silent = useStore((state) => state.silent);
  const open = useStore((state) => state.link.state === "open");
  const [slow, setSlow] = useState(Date.now() - item.time / 1000 > SAY_AFTER);
  useEffect(() => {
    if (slow) return;
    const timer = setTimeout(() => setSlow(true), SAY_AFTER);
    return () => clearTimeout(timer);
  }, []);
  const waiting = silent
    ? t("Waiting for the kernel…")
    : open
      ? t("Sending…")
      : t("Waiting for the connection…");
  return (
    <article
      class="cc-message"
      aria-label={`${author?.name || author?.handle || t("You")}, ${clockName(item.time)}`}
      data-key={item.req}
      data-first={first || undefined}
      data-state={item.state}
      tabIndex={active ? 0 : -1}
    >
      <div class="cc-gutter">{first && <Avatar member={author} />}</div>
      <div class="cc-body">
        {first && (
          <div class="cc-byline">
            <span class="cc-author" dir="auto">
              {author?.name || author?.handle}
            </span>
            <time>{clock(item.time)}</time>
          </div>
        )}
        {item.quote && item.reply_to && <Quoted id={item.reply_to} room={item.room} />}
        {item.text && <Text text={item.text} author={author?.name || author?.handle || ""} />}
        {item.files.length > 0 && <Sending item={item} />}
        {item.state === "waiting" && slow && item.files.every(({ done }) => done) && (
          <span class="cc-sending">{waiting}</span>
        )}
        {item.state === "failed" && (
          <div class="cc-failed" role="alert">
            <span>{t("Not sent. {problem}", { problem: item.problem ?? "" })}</span>
            <span class="cc-row">
              <button type="button" class="cc-button cc-quiet" onClick={() => panel.outbox.retry(item.req)}>
                {t("Retry")}
              </button>
              <button
                type="button"
                class="cc-button cc-quiet"
                onClick={() => copy(item.text).catch(complain)}
              >
                {t("Copy")}
              </button>
              <button
                type="button"
                class="cc-button cc-quiet"
                onClick={() => {
                  panel.outbox.drop(item.req);
                  panel.uploads.now?.remove(...item.files.map(({ upload }) => upload));
                }}
              >
                {t("Discard")}
              </button>
            </span>
          </div>
        )}
      </div>
    </article>
  );
});
