import type { Member, Room } from "../protocol";
import type { Row as RowData } from "../state/selectors";
import { clock, day, full } from "../time";
import { MessageArticle } from "./MessageArticle";
import { memo } from "./memo";
import { OutgoingArticle } from "./OutgoingArticle";

interface Props {
  row: RowData;
  room: Room;
  inThread: boolean;
  author: Member | undefined;
  active: boolean;
  editing: boolean;
  lit: boolean;
}

/** One line of the log. */
export function Row({ row, room, inThread, author, active, editing, lit }: Props) {
  switch (row.type) {
    case "day":
      return <Day time={row.time} dataKey={row.key} />;
    case "unread":
      return (
        <div class="cc-unread" data-key="unread">
          <span>New messages</span>
        </div>
      );
    case "system":
      return (
        <div class="cc-system" data-key={row.key} title={full(row.message.time)}>
          {row.message.text} <time>{clock(row.message.time)}</time>
        </div>
      );
    case "outgoing":
      return <OutgoingArticle item={row.item} first={row.first} author={author} active={active} />;
    case "message":
      return (
        <MessageArticle
          message={row.message}
          first={row.first}
          author={author}
          kind={room.kind}
          joined={room.joined && !room.archived}
          inThread={inThread}
          active={active}
          editing={editing}
          lit={lit}
        />
      );
  }
}

const Day = memo(({ time, dataKey }: { time: number; dataKey: string }) => (
  // biome-ignore lint/a11y/useSemanticElements: a line with words in it is more than an <hr>
  <div class="cc-day" role="separator" aria-label={day(time)} data-key={dataKey}>
    <span aria-hidden="true">{day(time)}</span>
  </div>
));
