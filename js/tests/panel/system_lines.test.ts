import { expect, test } from "vitest";
import { changes } from "../../src/diff";
import { all, one, until } from "../support/panel";
import { open, team } from "../support/team";

test("people who come in one after the other are one line, that opens", async () => {
  const hub = team();
  const { log, view } = await open(hub);
  for (const name of ["Dia", "Ed", "Fay", "Gus"]) {
    const { handle } = hub.member(name.toLowerCase(), name);
    hub.as(handle, { type: "join" as const, room: hub.roomOf("general").id });
  }
  const line = await until(() => log().querySelector<HTMLElement>(".cc-system-fold"));
  await until(() => line.textContent?.includes("Dia, Ed, and 2 others joined the room"));
  one(line, "button", "Show all").click();
  await until(() => line.querySelectorAll("p").length === 4);
  expect(line.textContent).toContain("Gus joined the room");
  for (const topic of ["a", "b", "c"])
    hub.as("bo", { type: "set_topic" as const, room: hub.roomOf("general").id, topic });
  one(line, "button", "Show less").click();
  await until(() => one(line, "button", "and 3 more changes"));
  // Somebody says something: what comes then is another line.
  hub.post("bo", "general", "hello all");
  hub.as("bo", { type: "set_topic" as const, room: hub.roomOf("general").id, topic: "d" });
  await until(() => log().querySelectorAll(".cc-system").length === 2);
  expect(all(view, "article")).toHaveLength(2);
});

test("who is writing is said in one line", async () => {
  const hub = team();
  const bo = hub.connect("bo").up();
  const cy = hub.connect("cy").up();
  const { view } = await open(hub);
  const room = hub.roomOf("general").id;
  const line = () => view.querySelector(".cc-room .cc-typing");
  expect(line()?.textContent).toBe("");
  const say = (client: typeof bo, me: string) =>
    hub.answer(client.me, { type: "typing", req: me, room } as never);
  say(bo, "1");
  await until(() => line()?.textContent === "Bo Lindqvist is writing…");
  say(cy, "2");
  await until(() => line()?.textContent === "Bo Lindqvist and Cyrus Mehta are writing…");
  expect(line()?.getAttribute("aria-live")).toBe("off");
  hub.post("bo", "general", "done");
  await until(() => line()?.textContent === "Cyrus Mehta is writing…");
});

test("what changed between two texts, word by word", () => {
  const said = (before: string, after: string) =>
    changes(before, after)
      .map(({ kind, text }) => (kind === "same" ? text : kind === "added" ? `+${text}+` : `-${text}-`))
      .join("");
  expect(said("a b c", "a b c")).toBe("a b c");
  expect(said("one two three", "one 2 three")).toBe("one -two-+2+ three");
  expect(said("", "new")).toBe("+new+");
  expect(said("héllo wörld", "héllo")).toBe("héllo- wörld-");
  const long = Array.from({ length: 5_000 }, (_, n) => `w${n}`).join(" ");
  const other = long.replaceAll("w", "v");
  const parts = changes(long, other);
  expect(
    parts
      .filter(({ kind }) => kind !== "added")
      .map(({ text }) => text)
      .join(""),
  ).toBe(long);
  expect(
    parts
      .filter(({ kind }) => kind !== "gone")
      .map(({ text }) => text)
      .join(""),
  ).toBe(other);
});
