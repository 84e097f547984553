import { nearlySame } from "../../src/components/switch/score";
import type * as p from "../../src/protocol";
import type { MemoryHub } from "./hub";

const fold = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Answers a search by looking through everything: words, phrases, "-not" and a few filters. */
export function search(hub: MemoryHub, me: p.Id, request: p.Search): p.Found {
  const problems: string[] = [];
  const parts = [...request.query.matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/gi)].map(
    ([, not, name, phrase, word]) => ({ not: not === "-", name, value: phrase ?? word ?? "" }),
  );
  const words: string[] = [];
  const tests: ((message: p.Message) => boolean)[] = [];
  for (const { not, name, value } of parts) {
    const test = filter(hub, name, value) ?? ((message: p.Message) => textOf(message).includes(fold(value)));
    if (name !== undefined && !filter(hub, name, value)) problems.push(`There is no “${name}:${value}”.`);
    else if (name === undefined && !not) words.push(value);
    tests.push((message) => test(message) !== not);
  }
  const mine = [...hub.messages.values()].filter((message) => {
    const room = hub.rooms.get(message.room);
    return room && hub.sees(me, room) && message.kind !== "system" && !message.deleted;
  });
  const found = mine
    .filter((message) => (request.room ?? message.room) === message.room)
    .filter((message) => tests.every((test) => test(message)));
  if (request.sort !== "oldest") found.reverse();
  const from = Number(request.cursor ?? 0);
  const to = from + (request.limit ?? 50);
  return {
    type: "found",
    req: request.req,
    hits: found.slice(from, to).map((message) => hitOf(message, words)),
    total: found.length,
    at_least: false,
    cursor: to < found.length ? String(to) : null,
    query: request.query.trim(),
    problems,
    correction: found.length === 0 ? corrected(mine, words) : null,
    indexed: true,
    seq: hub.seq,
  };
}

const namesOf = ({ files }: p.Message): string[] => files.map(({ name }) => name);
const textOf = (message: p.Message): string => fold([message.text ?? "", ...namesOf(message)].join("\n"));

function filter(
  hub: MemoryHub,
  name: string | undefined,
  value: string,
): ((message: p.Message) => boolean) | null {
  const is = (id: p.Id | undefined, wanted: string | undefined) =>
    wanted !== undefined && fold(wanted) === fold(value.replace(/^[#@]/, "")) && id !== undefined;
  switch (name) {
    case "from":
      return ({ author }) => is(author, hub.members.get(author)?.handle);
    case "in":
      return ({ room }) => is(room, hub.rooms.get(room)?.name);
    case "has":
      return value === "file" ? ({ files }) => files.length > 0 : null;
    default:
      return null;
  }
}

function hitOf(message: p.Message, words: readonly string[]): p.Hit {
  const text = message.text ?? "";
  const wanted = words.map((word) => fold(word));
  const at = message.files.findIndex(({ name }) => wanted.some((word) => fold(name).includes(word)));
  const inText = wanted.some((word) => fold(text).includes(word));
  return {
    message: structuredClone(message),
    score: 1,
    snippet: marked(inText || at < 0 ? text : (namesOf(message)[at] ?? ""), wanted),
    file: !inText && at >= 0 ? `${message.id}-${at + 1}` : null,
  };
}

/** By turns text, and text that fits. */
function marked(text: string, words: readonly string[]): string[] {
  const line = text.replace(/\s+/g, " ");
  const turns: string[] = [];
  let before = "";
  for (let at = 0; at < line.length; ) {
    const word = words.find((word) => word && fold(line.slice(at, at + word.length)) === word);
    if (word) turns.push(before, line.slice(at, at + word.length));
    before = word ? "" : before + line[at];
    at += word?.length ?? 1;
  }
  return [...turns, before];
}

function corrected(messages: readonly p.Message[], words: readonly string[]): string | null {
  const known = new Set(messages.flatMap((message) => textOf(message).match(/[\p{L}\p{N}]+/gu) ?? []));
  const near = words.map((word) => [...known].find((one) => nearlySame(one, fold(word))));
  return near.length > 0 && near.every((word) => word !== undefined) ? near.join(" ") : null;
}
