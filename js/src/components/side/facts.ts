import { useRef } from "preact/hooks";
import { t } from "../../i18n";
import { plain } from "../../markdown";
import type { Member, MemberStatus, Room } from "../../protocol";
import { isMuted, nameOf, partner, statusOf, titleOf, typingIn } from "../../state/selectors";
import { draftKey, type State } from "../../state/state";
import { useStore } from "../view";

/** What an item of the list says of its conversation. */
export interface Facts {
  title: string;
  other: Member | undefined;
  online: boolean;
  status: MemberStatus | null;
  muted: boolean;
  /** The second line, and what kind of line it is. */
  line: string;
  kind: "last" | "draft" | "typing";
}

const LENGTH = 90;
const firstName = (name: string): string => name.split(" ")[0] ?? name;

function lastLine(state: State, room: Room): string {
  if (!room.last) return room.topic || t("No messages yet");
  const { text, file } = room.last;
  const line = plain(text, LENGTH) || (file ? `📎 ${file}` : t("Message deleted"));
  if (room.kind === "direct") return line;
  if (room.last.author === state.me) return t("You: {line}", { line });
  return t("{name}: {line}", { name: firstName(nameOf(state, room.last.author)), line });
}

function factsOf(state: State, room: Room, open: boolean, detailed: boolean): Facts {
  const other = room.kind === "direct" ? partner(state, room) : undefined;
  const facts: Facts = {
    title: titleOf(state, room),
    other,
    online: other !== undefined && state.online.has(other.id),
    status: other ? statusOf(state, other) : null,
    muted: isMuted(state, room),
    line: "",
    kind: "last",
  };
  const writing = typingIn(state, room.id, null);
  const [one] = writing;
  if (one)
    return {
      ...facts,
      kind: "typing",
      line:
        room.kind === "direct"
          ? t("is typing…")
          : writing.length === 1
            ? t("{name} is typing…", { name: firstName(one.name || one.handle) })
            : t("Several people are typing…"),
    };
  const draft = open ? undefined : state.drafts.get(draftKey(room.id, null));
  if (draft?.text.trim()) return { ...facts, kind: "draft", line: plain(draft.text, LENGTH) };
  return detailed ? { ...facts, line: lastLine(state, room) } : facts;
}

/** One subscription an item, and the same object while nothing of it has changed. */
export function useFacts(room: Room, open: boolean, detailed: boolean): Facts {
  const kept = useRef<Facts | null>(null);
  return useStore((state) => {
    const next = factsOf(state, room, open, detailed);
    const before = kept.current;
    const same =
      before !== null &&
      (Object.keys(next) as (keyof Facts)[]).every((key) => Object.is(next[key], before[key]));
    if (!same) kept.current = next;
    return kept.current ?? next;
  });
}
