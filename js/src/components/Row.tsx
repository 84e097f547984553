import { t } from "../i18n";
import type { Member, Room } from "../protocol";
import type { Row as RowData } from "../state/selectors";
import { day } from "../time";
import { MessageArticle } from "./MessageArticle";
import { memo } from "./memo";
import type { Fold } from "./message/fold";
import { Folded, System } from "./message/System";
import { OutgoingArticle } from "./OutgoingArticle";
import { useView } from "./view";

interface Props {
  row: RowData | Fold;
  room: Room;
  inThread: boolean;
  author: Member | undefined;
  active: boolean;
  editing: boolean;
  lit: boolean;
  kept: boolean;
}

/** One line of the log. */
export function Row({ row, room, inThread, author, active, editing, lit, kept }: Props) {
  switch (row.type) {
    case "day":
      return <Day time={row.time} dataKey={row.key} />;
    case "unread":
      return (
        <div class="cc-unread" data-key="unread">
          <span>{t("New messages")}</span>
        </div>
      );
    case "system":
      return <System message={row.message} />;
    case "fold":
      return <Folded messages={row.messages} dataKey={row.key} />;
    case "outgoing":
      return <OutgoingArticle item={row.item} first={row.first} author={author} active={active} />;
    case "message":
      return (
        <MessageArticle
          message={row.message}
          first={row.first}
          author={author}
          joined={room.joined && !room.archived}
          inThread={inThread}
          active={active}
          editing={editing}
          lit={lit}
          kept={kept}
        />
      );
  }
}

const Day = memo(({ time, dataKey }: { time: number; dataKey: string }) => {
  const { go } = useView();
  return (
    <div class="cc-day" data-key={dataKey}>
      {/* For the mouse: the keyboard has the button in the head of the room. */}
      <button type="button" tabIndex={-1} title={t("Jump to date")} onClick={() => go({ dialogue: "jump" })}>
        {day(time)}
      </button>
    </div>
  );
});
