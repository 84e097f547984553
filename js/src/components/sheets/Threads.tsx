import { useEffect, useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import { lazy } from "../../lazy";
import type { Id, Message } from "../../protocol";
import { nameOf, titleOf } from "../../state/selectors";
import type { State } from "../../state/state";
import { brief } from "../../time";
import { Avatar } from "../Avatar";
import { Icon } from "../icons";
import { lineOf } from "../message/line";
import { usePlace, useStore, useView } from "../view";
import { Waiting } from "../waiting";
import { Page } from "./Page";

const Thread = lazy(() => import("../Thread"));

const MOST = 50;

/** The newest reply that was told: when another one comes, the list is asked for again. */
const lastReply = (state: State): number =>
  state.recent.findLast(({ data }) => data.type === "posted" && data.thread !== null)?.seq ?? 0;

/** The threads that one follows, the one with the newest reply first. */
export default function Threads() {
  const { panel, go } = useView();
  const { place } = usePlace();
  const last = useStore(lastReply);
  const synced = useStore((state) => state.synced);
  const [roots, setRoots] = useState<Message[] | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let here = true;
    panel.ask({ type: "threads", limit: MOST }).then(
      (listing) => {
        if (!here) return;
        setRoots(listing.messages);
        setProblem("");
      },
      (error: Error) => here && setProblem(error.message),
    );
    return () => {
      here = false;
    };
  }, [panel, last, synced]);
  const open = place.side?.type === "thread" ? place.side.root : null;
  const opened = roots?.find(({ id }) => id === open);
  const room = useStore((state) => (opened ? state.rooms.get(opened.room) : undefined));
  return (
    <Page
      title={t("Threads")}
      beside={opened && room ? <Thread key={opened.id} room={room} root={opened.id} /> : undefined}
    >
      {problem && (
        <p class="cc-problem" role="alert">
          {problem}
        </p>
      )}
      {!roots && !problem && <Waiting />}
      {roots?.length === 0 && (
        <div class="cc-empty">
          <Icon name="thread" size={32} />
          <h2>{t("No threads yet")}</h2>
          <p>{t("Threads that you wrote in, that name you or that you follow are kept together here.")}</p>
        </div>
      )}
      <ul class="cc-threads" aria-label={t("Threads")}>
        {roots?.map((root) => (
          <One
            key={root.id}
            root={root}
            open={root.id === open}
            onOpen={() => go({ side: { type: "thread", root: root.id } })}
          />
        ))}
      </ul>
    </Page>
  );
}

function One({ root, open, onOpen }: { root: Message; open: boolean; onOpen: () => void }) {
  const { panel } = useView();
  const room = useStore((state) => state.rooms.get(root.room));
  const title = useStore((state) => (room ? titleOf(state, room) : ""));
  const author = useStore((state) => state.members.get(root.author));
  const newest = useNewest(root);
  const unread =
    newest !== null &&
    room !== undefined &&
    Number(newest.id) > room.read &&
    newest.author !== panel.state.me;
  return (
    <li>
      <button
        type="button"
        class="cc-thread-one"
        aria-current={open || undefined}
        data-unread={unread || undefined}
        onClick={onOpen}
      >
        <Avatar member={author} size={30} />
        <span class="cc-item-text">
          <span class="cc-thread-head">
            <span class="cc-item-title" dir="auto">
              {nameOf(panel.state, root.author)}
            </span>
            <span class="cc-faint" dir="auto">
              {room?.kind === "direct" ? title : `#${title}`}
            </span>
            <time class="cc-faint">{brief(root.last_reply_at ?? root.time)}</time>
          </span>
          <span class="cc-thread-text" dir="auto">
            {root.text === null ? t("This message was deleted.") : lineOf(root, 200)}
          </span>
          {newest && (
            <span class="cc-thread-reply" dir="auto">
              <strong>{nameOf(panel.state, newest.author)}</strong> {lineOf(newest, 160)}
            </span>
          )}
          <span class="cc-faint">
            {tn(root.n_replies, "1 reply", "{n} replies")}
            {unread && (
              <>
                {" · "}
                <span class="cc-new">{t("new")}</span>
              </>
            )}
          </span>
        </span>
      </button>
    </li>
  );
}

/** The newest reply of a thread. */
function useNewest(root: Message): Message | null {
  const { panel } = useView();
  const [newest, setNewest] = useState<Message | null>(null);
  const key: [Id, number | null] = [root.id, root.last_reply_at];
  useEffect(() => {
    let here = true;
    panel.ask({ type: "history", room: root.room, thread: root.id, limit: 1 }).then(
      (page) => {
        const last = page.messages.at(-1);
        if (here && last && last.id !== root.id) setNewest(last);
      },
      () => {
        // The thread's own words are there all the same.
      },
    );
    return () => {
      here = false;
    };
  }, key);
  return newest;
}
