import { useEffect, useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import { plain } from "../../markdown";
import type { Id, Message, SharedLink } from "../../protocol";
import { nameOf } from "../../state/selectors";
import { brief } from "../../time";
import { usePlace, useView } from "../view";

/** The messages that named a link, the newest ones first. */
export function Mentions({ link, onShow }: { link: SharedLink; onShow: (message: Id) => void }) {
  const { panel } = useView();
  const room = usePlace().place.room ?? "";
  const [found, setFound] = useState<ReadonlyMap<Id, Message | null>>(new Map());
  const ids = link.messages.join();
  useEffect(() => {
    let here = true;
    const set = (id: Id, message: Message | null) =>
      here && setFound((known) => new Map(known).set(id, message));
    for (const id of link.messages)
      panel.ask({ type: "history", room, around: id, limit: 1 }).then(
        (page) => set(id, page.messages.find((message) => message.id === id) ?? null),
        () => set(id, null),
      );
    return () => {
      here = false;
    };
  }, [panel, room, ids]);
  const rest = link.n_messages - link.messages.length;
  return (
    <div class="cc-shared-mentions">
      <p class="cc-shared-address" dir="ltr">
        {link.url}
      </p>
      <ul aria-label={t("Messages with this link")}>
        {link.messages.map((id, at) => {
          const message = found.get(id);
          return (
            <li key={id}>
              <button
                type="button"
                class="cc-pin"
                data-first={at === 0 || undefined}
                disabled={message === null}
                onClick={() => onShow(id)}
              >
                <span class="cc-byline">
                  <span class="cc-author" dir="auto">
                    {message ? nameOf(panel.state, message.author) : "…"}
                  </span>
                  {message && <time>{brief(message.time)}</time>}
                </span>
                <span dir="auto">
                  {message === null
                    ? t("This message is gone.")
                    : plain(message?.text || message?.forwarded?.text || "", 160)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {rest > 0 && <p class="cc-hint">{tn(rest, "and 1 older message", "and {n} older messages")}</p>}
    </div>
  );
}
