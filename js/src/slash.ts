import { tidyName } from "./components/roomName";
import type { View } from "./components/view";
import { t } from "./i18n";
import type { Id, Member, Room } from "./protocol";
import { nameOf, titleOf } from "./state/selectors";
import { whenSaid } from "./when";
import { whenIn } from "./whenIn";

/** What a command comes to. */
export type Doing =
  | { type: "send"; text: string }
  | { type: "act"; act: (view: View) => unknown }
  | { type: "poll"; question: string }
  /** Said beside the box; nothing is done. */
  | { type: "problem"; text: string }
  /** To be confirmed beside the box. */
  | { type: "question"; text: string; label: string; act: (view: View) => unknown };

interface Around {
  view: View;
  room: Room;
  /** An emoji by its name, where there is one. */
  emoji: (name: string) => string | undefined;
  now?: Date;
}

const problem = (text: string): Doing => ({ type: "problem", text });
const act = (act: (view: View) => unknown): Doing => ({ type: "act", act });

/** What a command does, once its arguments are right. */
export function doing(name: string, rest: string, around: Around): Doing {
  const { view, room } = around;
  const { panel } = view;
  const ask: typeof panel.ask = (body) => panel.ask(body);
  const direct = room.kind === "direct";
  switch (name) {
    case "me":
      return rest ? { type: "send", text: leaning(rest) } : problem(t("Say what you do: /me waves"));
    case "shrug":
      return { type: "send", text: `${rest} ¯\\\\\\_(ツ)\\_/¯`.trim() };
    case "poll":
      return { type: "poll", question: rest };
    case "remind":
      return remind(rest, around);
    case "later":
      return later(rest, around);
    case "msg":
      return message(rest, around);
    case "topic":
      if (direct) return problem(t("A conversation between two has no topic."));
      if (!rest && !room.topic) return problem(t("Write the topic after it: /topic What the room is for"));
      return act(() => ask({ type: "set_topic", room: room.id, topic: rest.replace(/\s+/g, " ") }));
    case "invite":
    case "remove": {
      if (direct) return problem(t("Who is in a conversation between two stays as it is."));
      const people = peopleIn(rest, around);
      if (typeof people === "string") return problem(people);
      const here = new Set(room.members);
      const wrong = people.find(({ id }) => here.has(id) === (name === "invite"));
      if (wrong)
        return problem(
          name === "invite"
            ? t("{name} is in this room already.", { name: nameOf(panel.state, wrong.id) })
            : t("{name} is not in this room.", { name: nameOf(panel.state, wrong.id) }),
        );
      return act(async () => {
        for (const { id } of people)
          await ask({ type: name === "invite" ? "add" : "remove", room: room.id, member: id });
      });
    }
    case "join": {
      const found = roomIn(rest, around);
      if (typeof found === "string") return problem(found);
      return act(async ({ openRoom }) => {
        if (!found.joined) await ask({ type: "join", room: found.id });
        openRoom(found.id);
      });
    }
    case "leave":
      return leave(around);
    case "rename": {
      const wanted = tidyName(rest);
      if (direct) return problem(t("A conversation between two has the name of the other one."));
      if (!wanted) return problem(t("Write the new name after it: /rename plans"));
      return act(() => ask({ type: "rename", room: room.id, name: wanted }));
    }
    case "archive":
      return act(({ tell }) =>
        ask({ type: "archive", room: room.id }).then(() =>
          tell({
            text: t("#{room} is archived.", { room: room.name }),
            action: {
              label: t("Undo"),
              act: () => void ask({ type: "unarchive", room: room.id }).catch(view.complain),
            },
          }),
        ),
      );
    case "star":
    case "unstar":
      return act(() => panel.star(room.id, name === "star"));
    case "mute":
    case "unmute":
      return act(({ tell }) => {
        panel.mute(room.id, name === "mute");
        const room_ = titleOf(panel.state, room);
        tell({
          text:
            name === "mute"
              ? t("{room} is muted: you hear of mentions only.", { room: room_ })
              : t("You hear of everything in {room} again.", { room: room_ }),
        });
      });
    case "status":
      return status(rest, around);
    case "away":
      return setStatus("💤", rest || t("Away"));
    case "back":
      return setStatus("", "");
    case "nick":
      return rest
        ? act(() => ask({ type: "set_name", name: rest.replace(/\s+/g, " ") }))
        : problem(t("Write your name after it: /nick Ana Ruiz"));
    case "keys":
      return act(({ go }) => go({ dialogue: "keys" }));
    default:
      return problem(t("There is no command /{name}.", { name }));
  }
}

/** Each line in italics. */
function leaning(text: string): string {
  const sign = text.includes("_") ? "*" : "_";
  return text
    .split("\n")
    .map((line) => (line.trim() ? `${sign}${line.trim().replaceAll(sign, `\\${sign}`)}${sign}` : ""))
    .join("\n");
}

// ---------------------------------------------------------------- who and where

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function peopleIn(text: string, { view }: Around): Member[] | string {
  const handles = text.split(/[\s,]+/).filter(Boolean);
  if (handles.length === 0) return t("Write who is meant after it, like @ana");
  const found: Member[] = [];
  for (const handle of handles) {
    const bare = handle.replace(/^@/, "");
    const member = [...view.panel.state.members.values()].find((other) => same(other.handle, bare));
    if (!member) return t("Nobody is called @{handle}.", { handle: bare });
    found.push(member);
  }
  return found;
}

function roomIn(text: string, { view }: Around): Room | string {
  const name = text.trim().replace(/^#/, "");
  if (!name) return t("Write which room is meant after it, like #general");
  const found = [...view.panel.state.rooms.values()].find(
    (room) => room.kind !== "direct" && same(room.name, name),
  );
  return found ?? t("There is no room #{name} that you can see.", { name });
}

function message(rest: string, around: Around): Doing {
  const [, handle = "", text = ""] = /^(\S*)\s*([\s\S]*)$/.exec(rest) ?? [];
  const people = peopleIn(handle, around);
  if (typeof people === "string") return problem(people);
  const [member] = people as [Member];
  return act(async ({ panel, openRoom }) => {
    const { id } = await panel.ask({ type: "open_direct", member: member.id });
    if (!id) return;
    if (text) panel.outbox.add({ room: id, text });
    openRoom(id);
  });
}

function leave({ room, view }: Around): Doing {
  const { panel } = view;
  if (room.kind === "direct")
    return problem(t("A conversation between two cannot be left; mute it instead."));
  const leave = () => panel.ask({ type: "leave", room: room.id });
  if (room.kind === "private")
    return {
      type: "question",
      text: t("#{room} is private: once you have left, only somebody in it can bring you back.", {
        room: room.name,
      }),
      label: t("Leave"),
      act: leave,
    };
  return act(async ({ tell, complain }) => {
    await leave();
    tell({
      text: t("You left #{room}.", { room: room.name }),
      action: {
        label: t("Join again"),
        act: () => void panel.ask({ type: "join", room: room.id }).catch(complain),
      },
    });
  });
}

// ---------------------------------------------------------------- status

const LEADING =
  /^(\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*|\p{Regional_Indicator}{2})\s*/u;

function status(rest: string, { emoji }: Around): Doing {
  if (!rest) return act(({ go }) => go({ dialogue: "status" }));
  const named = /^:([\w+-]+):\s*/.exec(rest);
  const sign = named ? emoji(named[1] ?? "") : LEADING.exec(rest)?.[1];
  if (named && !sign) return problem(t("There is no emoji :{name}:.", { name: named[1] ?? "" }));
  const text = rest.slice((named ?? LEADING.exec(rest))?.[0].length ?? 0);
  return setStatus(sign ?? "💬", text);
}

const setStatus = (emoji: string, text: string): Doing =>
  act(({ panel }) =>
    panel.ask({ type: "set_status", emoji, text: text.replace(/\s+/g, " ").slice(0, 100), until: null }),
  );

// ---------------------------------------------------------------- later

/** A time and a text, or what is wrong with them. */
function timed(rest: string, example: string, now = new Date()): { at: number; text: string } | string {
  const found = whenIn(rest, now);
  if (!found) return t("Say when, and then what: {example}", { example });
  const text = found.rest.replace(/^(?:to|that|:)\s+/i, "").trim();
  if (!text) return t("Say what after the time: {example}", { example });
  if (found.at <= now) return t("That time has passed.");
  return { at: found.at.getTime() * 1_000, text };
}

function later(rest: string, { room, now }: Around): Doing {
  const found = timed(rest, "/later tomorrow 9:00 Good morning", now);
  if (typeof found === "string") return problem(found);
  return act(schedule(room.id, found));
}

const schedule =
  (room: Id, { at, text }: { at: number; text: string }) =>
  async ({ panel, tell, go }: View) => {
    await panel.ask({ type: "schedule", room, text, at });
    tell({
      text: t("It will be sent {when}.", { when: whenSaid(at) }),
      action: { label: t("Show"), act: () => go({ sheet: "drafts", screen: "room" }) },
    });
  };

/** "me" is told; in a room everybody is. */
function remind(rest: string, around: Around): Doing {
  const [, whom = "me", after = ""] = /^(me(?=\s)|[#@]\S+)?\s*([\s\S]*)$/i.exec(rest) ?? [];
  const found = timed(after, "/remind me in 20 minutes Look at the load", around.now);
  if (typeof found === "string") return problem(found);
  if (whom.startsWith("#")) {
    const room = roomIn(whom, around);
    if (typeof room === "string") return problem(room);
    return act(schedule(room.id, found));
  }
  if (whom.startsWith("@")) {
    const people = peopleIn(whom, around);
    if (typeof people === "string") return problem(people);
    const [member] = people as [Member];
    return act(async (view) => {
      const { id } = await view.panel.ask({ type: "open_direct", member: member.id });
      if (id) await schedule(id, found)(view);
    });
  }
  return act(async ({ panel, tell }) => {
    await panel.save(null, { note: found.text, remind_at: found.at });
    tell({ text: t("You will be reminded {when}.", { when: whenSaid(found.at) }) });
  });
}
