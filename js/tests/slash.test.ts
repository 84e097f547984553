import { describe, expect, test } from "vitest";
import { commandIn, unslashed } from "../src/commands";
import type { View } from "../src/components/view";
import { doing } from "../src/slash";
import { memories, panelOn, until } from "./support/panel";
import { team } from "./support/team";

describe("a text that begins with a slash", () => {
  test.each([
    ["/topic What it is for", { name: "topic", rest: "What it is for", known: true }],
    ["/ME waves", { name: "me", rest: "waves", known: true }],
    ["/shrug", { name: "shrug", rest: "", known: true }],
    ["/poll\nWhere?", { name: "poll", rest: "Where?", known: true }],
    ["/nothing at all", { name: "nothing", rest: "at all", known: false }],
  ])("%j is a command", (text, wanted) => {
    expect(commandIn(text)).toEqual(wanted);
  });

  test.each(["/usr/bin/python is old", "//topic", "/ me", "/", "/1", "see /topic", "/etc, /usr"])(
    "%j is none",
    (text) => {
      expect(commandIn(text)).toBeNull();
    },
  );

  test("two slashes are one that is meant", () => {
    expect(unslashed("//topic is a command")).toBe("/topic is a command");
    expect(unslashed("// a comment")).toBe("// a comment");
    expect(unslashed("/usr/bin")).toBe("/usr/bin");
  });
});

async function around(name = "pipeline") {
  const hub = team();
  const client = hub.connect("ana");
  const panel = panelOn(client.transport, memories());
  client.up();
  await until(() => panel.state.synced);
  const said: string[] = [];
  const went: unknown[] = [];
  const view: View = {
    id: "view",
    panel,
    root: null,
    go: (change) => went.push(change),
    openRoom: (room) => went.push(room),
    complain: (problem) => said.push(String(problem)),
    tell: ({ text }) => said.push(text),
  };
  const now = new Date(hub.now / 1_000);
  const room = (called: string) => [...panel.state.rooms.values()].find((room) => room.name === called);
  const id = hub.roomOf(name).id;
  const does = (command: string, rest = "") => {
    const here = panel.state.rooms.get(id);
    if (!here) throw new Error(`no room ${name}`);
    return doing(command, rest, {
      view,
      room: here,
      now,
      emoji: (word) => (word === "coffee" ? "☕" : undefined),
    });
  };
  /** Carry it out; what the hub was asked to do. */
  const run = async (command: string, rest = "") => {
    const before = hub.commands.length;
    const doing = does(command, rest);
    if (doing.type !== "act" && doing.type !== "question") throw new Error(JSON.stringify(doing));
    await doing.act(view);
    await until(() => hub.commands.length > before || went.length > 0);
    return hub.commands.slice(before).map(({ req, ...command }) => command);
  };
  const ids = (...handles: string[]) => handles.map((handle) => hub.memberOf(handle).id);
  return { hub, panel, view, does, run, said, went, ids, room };
}

describe("is carried out", () => {
  test("what is plain text", async () => {
    const { does } = await around();
    expect(does("me", "waves")).toEqual({ type: "send", text: "_waves_" });
    expect(does("me", "runs a_b\n\nand c")).toEqual({ type: "send", text: "*runs a_b*\n\n*and c*" });
    expect(does("shrug", "No idea")).toEqual({ type: "send", text: "No idea ¯\\\\\\_(ツ)\\_/¯" });
    expect(does("poll", "Where?")).toEqual({ type: "poll", question: "Where?" });
  });

  test("what the hub does with a room", async () => {
    const { hub, run, ids, said } = await around();
    const room = hub.roomOf("pipeline").id;
    expect(await run("topic", "All  of it")).toEqual([{ type: "set_topic", room, topic: "All of it" }]);
    expect(await run("invite", "@cy")).toEqual([{ type: "add", room, member: ids("cy")[0] }]);
    expect(await run("remove", "cy")).toEqual([{ type: "remove", room, member: ids("cy")[0] }]);
    expect(await run("rename", "#Night load")).toEqual([{ type: "rename", room, name: "Night-load" }]);
    expect(await run("star")).toEqual([{ type: "set_stars", rooms: [room] }]);
    expect(await run("mute")).toEqual([{ type: "mute", room }]);
    expect(await run("unmute")).toEqual([{ type: "unmute", room }]);
    expect(await run("archive")).toEqual([{ type: "archive", room }]);
    expect(said.at(-1)).toBe("#Night-load is archived.");
  });

  test("coming and going", async () => {
    const { hub, run, went, room } = await around();
    expect(await run("join", "#random")).toEqual([{ type: "join", room: hub.roomOf("random").id }]);
    expect(went).toEqual([hub.roomOf("random").id]);
    expect(await run("leave")).toEqual([{ type: "leave", room: hub.roomOf("pipeline").id }]);
    await until(() => room("pipeline")?.joined === false);
  });

  test("leaving a private room only when one is sure", async () => {
    const { does, panel, hub, room } = await around("pipeline");
    hub.room("ana", "closed", [], { kind: "private" });
    await until(() => room("closed"));
    expect(does("leave").type).toBe("act");
    const closed = room("closed");
    if (!closed) throw new Error("no room");
    const view = { panel } as View;
    expect(doing("leave", "", { view, room: closed, emoji: () => undefined })).toMatchObject({
      type: "question",
      label: "Leave",
    });
  });

  test("what is about oneself", async () => {
    const { run, went } = await around();
    const none = { until: null };
    expect(await run("status", "🏖️ By the sea")).toEqual([
      { type: "set_status", emoji: "🏖️", text: "By the sea", ...none },
    ]);
    expect(await run("status", ":coffee: Back soon")).toMatchObject([{ emoji: "☕", text: "Back soon" }]);
    expect(await run("status", "Reading")).toMatchObject([{ emoji: "💬", text: "Reading" }]);
    expect(await run("away")).toMatchObject([{ emoji: "💤", text: "Away" }]);
    expect(await run("back")).toMatchObject([{ emoji: "", text: "" }]);
    expect(await run("nick", "Ana R.")).toEqual([{ type: "set_name", name: "Ana R." }]);
    await run("status");
    expect(went.at(-1)).toEqual({ dialogue: "status" });
  });

  test("messages to one person, and for later", async () => {
    const { hub, run, ids, said, went } = await around();
    const [member] = ids("bo");
    expect(await run("msg", "@bo Are you there?")).toMatchObject([
      { type: "open_direct", member },
      { type: "post", text: "Are you there?" },
    ]);
    expect(went).toHaveLength(1);
    const [later] = await run("later", "in 2 hours The load is done");
    expect(later).toMatchObject({
      type: "schedule",
      room: hub.roomOf("pipeline").id,
      text: "The load is done",
    });
    expect(said.at(-1)).toMatch(/^It will be sent .* at \d/);
    const [note] = await run("remind", "me in 20 minutes to look at the load");
    expect(note).toMatchObject({ type: "save", note: "look at the load" });
    const [there] = await run("remind", "#general tomorrow 9:00 Stand-up");
    expect(there).toMatchObject({ type: "schedule", room: hub.roomOf("general").id, text: "Stand-up" });
  });
});

test.each([
  ["me", "", "Say what you do: /me waves"],
  ["topic", "", null],
  ["invite", "", "Write who is meant after it, like @ana"],
  ["invite", "@nobody", "Nobody is called @nobody."],
  ["invite", "@bo", "Bo Lindqvist is in this room already."],
  ["remove", "@cy", "Cyrus Mehta is not in this room."],
  ["join", "", "Write which room is meant after it, like #general"],
  ["join", "#nowhere", "There is no room #nowhere that you can see."],
  ["rename", "?!", "Write the new name after it: /rename plans"],
  ["nick", "", "Write your name after it: /nick Ana Ruiz"],
  ["msg", "", "Write who is meant after it, like @ana"],
  ["later", "The load", "Say when, and then what: /later tomorrow 9:00 Good morning"],
  ["later", "in 2 hours", "Say what after the time: /later tomorrow 9:00 Good morning"],
  ["remind", "me", "Say when, and then what: /remind me in 20 minutes Look at the load"],
  ["remind", "#nowhere in 2 hours x", "There is no room #nowhere that you can see."],
  ["remind", "me 2020-01-01 x", "That time has passed."],
  ["status", ":nothing: x", "There is no emoji :nothing:."],
])("/%s %s is wrong, and says why", async (name, rest, text) => {
  const { does } = await around();
  if (text === null) expect(does(name, rest).type).toBe("act");
  else expect(does(name, rest)).toEqual({ type: "problem", text });
});
