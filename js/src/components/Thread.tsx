import { useEffect, useRef, useState } from "preact/hooks";
import { t, tn } from "../i18n";
import type { Id, Room } from "../protocol";
import { titleOf } from "../state/selectors";
import { keyOf } from "../state/timeline";
import { Composer } from "./Composer";
import { JoinBar } from "./JoinBar";
import { Log } from "./Log";
import { listed, namesOf } from "./message/names";
import TypingLine from "./message/TypingLine";
import { SideHead } from "./SideHead";
import { useStore, useView } from "./view";

/** A thread, beside its room. */
export default function Thread({ room, root }: { room: Room; root: Id }) {
  const { panel, id } = useView();
  const title = useStore((state) => titleOf(state, room));
  const followers = useFollowers(room.id, root);
  useEffect(() => {
    panel.show(id, room.id, root);
    return () => panel.hide(id, room.id, root);
  }, [panel, id, room.id, root]);
  const place = room.kind === "direct" ? title : `#${title}`;
  const n = followers.members.length;
  return (
    <aside class="cc-aside cc-thread" aria-label={t("Thread")}>
      <SideHead
        title={t("Thread")}
        about={n > 0 ? `${place} · ${tn(n, "1 follower", "{n} followers")}` : place}
        {...(n > 0 && { hint: listed(namesOf(panel.state, followers.members), 30) })}
      >
        {room.joined && followers.known && (
          <button
            type="button"
            class="cc-button cc-quiet"
            aria-pressed={followers.following}
            title={
              followers.following
                ? t("You are told of new replies")
                : t("Be told of new replies in this thread")
            }
            onClick={followers.toggle}
          >
            {followers.following ? t("Unfollow") : t("Follow")}
          </button>
        )}
      </SideHead>
      <Log room={room} thread={root} />
      <TypingLine room={room.id} thread={root} />
      {room.joined ? <Composer room={room} thread={root} /> : <JoinBar room={room} />}
    </aside>
  );
}

/** Who is told of new replies; asked again when somebody else wrote in the thread. */
function useFollowers(room: Id, root: Id) {
  const { panel, complain } = useView();
  const me = useStore((state) => state.me);
  const last = useStore((state) => state.timelines.get(keyOf(room, root))?.held.at(-1)?.message.id);
  const [members, setMembers] = useState<readonly Id[] | null>(null);
  /** Counts what was asked and said: only the answer to the last counts. */
  const turn = useRef(0);
  const look = () => {
    const now = ++turn.current;
    panel.ask({ type: "followers", id: root }).then(
      (people) => turn.current === now && setMembers(people.members),
      () => {
        // The head of the thread does without it.
      },
    );
  };
  useEffect(() => {
    look();
    return () => {
      turn.current++;
    };
  }, [panel, root, last]);
  const following = members?.includes(me) ?? false;
  return {
    known: members !== null,
    members: members ?? [],
    following,
    toggle: () => {
      turn.current++;
      setMembers((before) =>
        following ? (before ?? []).filter((id) => id !== me) : [...(before ?? []), me],
      );
      panel
        .ask({ type: following ? "unfollow" : "follow", id: root })
        .catch(complain)
        .then(look);
    },
  };
}
