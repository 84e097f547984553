import { t, tn } from "../i18n";
import type { Room } from "../protocol";
import { partner, statusOf, titleOf } from "../state/selectors";
import { BackButton } from "./BackButton";
import { Connection } from "./Connection";
import { Icon, IconButton } from "./icons";
import { presenceOf } from "./message/seen";
import { StatusSign } from "./StatusSign";
import { Topic } from "./Topic";
import { usePlace, useStore, useView } from "./view";

/** Above the messages: where one is, what for, who is there. */
export function Header({ room }: { room: Room }) {
  const { go } = useView();
  const { place, size, layout } = usePlace();
  const title = useStore((state) => titleOf(state, room));
  const toggle = (type: "members" | "pins" | "files") =>
    go({ side: place.side?.type === type ? null : { type } });
  return (
    <header class="cc-head">
      <BackButton />
      <div class="cc-head-text">
        <h2 class="cc-title" aria-label={title}>
          {room.kind !== "direct" && (
            <span class="cc-title-sign" aria-hidden="true">
              <Icon name={room.kind === "private" ? "lock" : "hash"} size={17} />
            </span>
          )}
          <span dir="auto">{title}</span>
          {room.archived && <span class="cc-tag">{t("archived")}</span>}
        </h2>
        {room.kind === "direct" ? <About room={room} /> : <Topic room={room} />}
      </div>
      {(size === "narrow" || layout === "compact") && <Connection />}
      <IconButton icon="calendar" label={t("Jump to date")} onClick={() => go({ dialogue: "jump" })} />
      {room.pins.length > 0 && (
        <IconButton
          icon="pin"
          label={t("Pinned messages")}
          expanded={place.side?.type === "pins"}
          onClick={() => toggle("pins")}
        />
      )}
      <IconButton
        icon="paper"
        label={t("Files and links")}
        class="cc-paper"
        expanded={place.side?.type === "files"}
        onClick={() => toggle("files")}
      />
      <button
        type="button"
        class="cc-icon-button cc-with-text"
        aria-description={tn(room.n_members, "1 member", "{n} members")}
        aria-expanded={place.side?.type === "members"}
        title={t("Members")}
        onClick={() => toggle("members")}
      >
        <Icon name="people" />
        <span class="cc-unseen">{t("Members")}</span>
        <span aria-hidden="true">{room.n_members}</span>
      </button>
    </header>
  );
}

/** Of the other one in a direct conversation. */
function About({ room }: { room: Room }) {
  const other = useStore((state) => partner(state, room));
  const online = useStore((state) => other !== undefined && state.online.has(other.id));
  const status = useStore((state) => (other ? statusOf(state, other) : null));
  if (!other) return null;
  return (
    <p class="cc-topic">
      <span data-member={other.id}>@{other.handle}</span> · {other.bot ? t("bot") : presenceOf(other, online)}
      {status && (
        <>
          {" · "}
          <StatusSign status={status} text />
        </>
      )}
    </p>
  );
}
