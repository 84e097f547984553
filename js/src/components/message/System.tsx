import { useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import { systemLine } from "../../i18n/system";
import type { Message } from "../../protocol";
import { nameOf } from "../../state/selectors";
import { clock, full } from "../../time";
import { memo } from "../memo";
import { useStore, useView } from "../view";
import { sentences } from "./fold";

/** A line that an event left. */
export const System = memo(({ message }: { message: Message }) => {
  const name = useStore((state) => nameOf(state, message.author));
  return (
    <div class="cc-system" data-key={message.id} title={full(message.time)} dir="auto">
      <span data-member={message.author}>{name}</span> {systemLine(message)}{" "}
      <time>{clock(message.time)}</time>
    </div>
  );
});

/** More sentences than these are one line until they are asked for. */
const CALM = 2;

/** Several of them in as few words as say what happened; all of them when asked. */
export const Folded = memo(({ messages, dataKey }: { messages: readonly Message[]; dataKey: string }) => {
  const { panel } = useView();
  const members = useStore((state) => state.members);
  const [open, setOpen] = useState(false);
  const said = members.size > 0 ? sentences(panel.state, messages) : [];
  const shown = said.length > CALM ? said.slice(0, 1) : said;
  const hidden = said.length - shown.length;
  const last = messages.at(-1);
  return (
    <div class="cc-system cc-system-fold" data-key={dataKey}>
      {open ? (
        messages.map((message) => (
          <p key={message.id} dir="auto" title={full(message.time)}>
            {nameOf(panel.state, message.author)} {systemLine(message)} <time>{clock(message.time)}</time>
          </p>
        ))
      ) : (
        <p dir="auto">
          {shown.join(" · ")} {last && <time>{clock(last.time)}</time>}
        </p>
      )}
      {(said.length < messages.length || hidden > 0) && (
        <button type="button" class="cc-link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open
            ? t("Show less")
            : hidden > 0
              ? tn(hidden, "and 1 more change", "and {n} more changes")
              : t("Show all")}
        </button>
      )}
    </div>
  );
});
