import { useMemo, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import type { Id, Message } from "../protocol";
import { directWith, nameOf, recent, titleOf } from "../state/selectors";
import type { State } from "../state/state";
import { Avatar } from "./Avatar";
import { Dialog } from "./Dialog";
import { Icon } from "./icons";
import { lineOf } from "./message/line";
import { fold, score } from "./switch/score";
import { useStore, useView } from "./view";

/** Where a message may go: a room that one is in, or a person with whom one may have none yet. */
interface Goal {
  key: string;
  title: string;
  about: string;
  room: Id | null;
  member: Id | null;
  kind: "public" | "private" | "direct";
}

const SHOWN = 40;

function goalsIn(state: State): Goal[] {
  const goals: Goal[] = [];
  for (const room of recent(state)) {
    if (room.archived) continue;
    const other = room.kind === "direct" ? (room.members.find((id) => id !== state.me) ?? state.me) : null;
    goals.push({
      key: `room ${room.id}`,
      title: titleOf(state, room),
      about: other ? `@${state.members.get(other)?.handle ?? ""}` : room.topic,
      room: room.id,
      member: other,
      kind: room.kind,
    });
  }
  for (const member of state.members.values())
    if (!directWith(state, member.id))
      goals.push({
        key: `member ${member.id}`,
        title: member.name || member.handle,
        about: `@${member.handle}`,
        room: null,
        member: member.id,
        kind: "direct",
      });
  return goals;
}

/** Brings a message into another room, with words of one's own. */
export default function Forward({ message, onClose }: { message: Message; onClose: () => void }) {
  const { panel, openRoom, tell } = useView();
  const rooms = useStore((state) => state.rooms);
  const members = useStore((state) => state.members);
  const [typed, setTyped] = useState("");
  const [goal, setGoal] = useState<Goal | null>(null);
  const [text, setText] = useState("");
  const words = useRef<HTMLTextAreaElement>(null);
  const [problem, setProblem] = useState("");
  const [sending, setSending] = useState(false);
  const goals = useMemo(() => goalsIn(panel.state), [rooms, members]);
  const found = useMemo(() => {
    const wanted = fold(typed.trim().replace(/^[@#]/, ""));
    if (!wanted) return goals.slice(0, SHOWN);
    return goals
      .map((goal) => ({
        goal,
        points: Math.max(score(wanted, fold(goal.title)), score(wanted, fold(goal.about))),
      }))
      .filter(({ points }) => points > 0)
      .sort((a, b) => b.points - a.points)
      .slice(0, SHOWN)
      .map(({ goal }) => goal);
  }, [goals, typed]);

  const send = async () => {
    if (!goal || sending) return;
    setSending(true);
    setProblem("");
    try {
      const room =
        goal.room ?? (goal.member && (await panel.ask({ type: "open_direct", member: goal.member })).id);
      if (!room) return;
      await panel.ask({ type: "forward", id: message.id, room, text: words.current?.value.trim() ?? "" });
      onClose();
      tell({
        text: t("Forwarded to {name}.", { name: goal.title }),
        action: { label: t("Open"), act: () => openRoom(room) },
        stay: 5_000,
      });
    } catch (error) {
      setProblem((error as Error).message);
      setSending(false);
    }
  };
  return (
    <Dialog title={t("Forward")} onClose={onClose} onSubmit={send}>
      <div class="cc-dialog-body">
        <p class="cc-about" dir="auto">
          <strong>{nameOf(panel.state, message.author)}</strong> {lineOf(message, 160)}
        </p>
        <div class="cc-picker">
          <input
            class="cc-input"
            type="text"
            data-first
            aria-label={t("Room or person")}
            placeholder={t("To which room or person?")}
            autocomplete="off"
            spellcheck={false}
            value={goal ? goal.title : typed}
            onInput={(event) => {
              setGoal(null);
              setTyped(event.currentTarget.value);
            }}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.isComposing || goal || !found[0]) return;
              event.preventDefault();
              setGoal(found[0]);
            }}
          />
          {!goal && (
            <ul class="cc-people" aria-label={t("Rooms and people")}>
              {found.map((one) => (
                <li key={one.key}>
                  <button
                    type="button"
                    class="cc-item"
                    aria-description={one.about}
                    onClick={() => setGoal(one)}
                  >
                    {one.member ? (
                      <Avatar member={members.get(one.member)} size={26} />
                    ) : (
                      <span class="cc-sign" style={{ "--cc-size": "26px" }} aria-hidden="true">
                        <Icon name={one.kind === "private" ? "lock" : "hash"} size={16} />
                      </span>
                    )}
                    <span class="cc-item-text">
                      <span class="cc-item-title" dir="auto">
                        {one.title}
                      </span>
                    </span>
                    <span class="cc-faint" aria-hidden="true">
                      {one.about}
                    </span>
                  </button>
                </li>
              ))}
              {found.length === 0 && <li class="cc-hint">{t("Nothing is called so.")}</li>}
            </ul>
          )}
        </div>
        <label class="cc-field">
          <span>{t("Words of your own (they may be none)")}</span>
          <textarea
            ref={words}
            class="cc-input cc-words"
            rows={2}
            dir="auto"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        {problem && (
          <p class="cc-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <footer class="cc-dialog-foot">
        <button type="button" class="cc-button" onClick={onClose}>
          {t("Cancel")}
        </button>
        <button type="submit" class="cc-button cc-primary" disabled={!goal || sending}>
          {sending ? t("Forwarding…") : t("Forward")}
        </button>
      </footer>
    </Dialog>
  );
}
