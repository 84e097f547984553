import type * as p from "../../src/protocol";
import type { MemoryHub } from "./hub";

type Entry = p.SharedFile | p.SharedLink;

/** What looks like an address to this hub; the real one knows more of them. */
const LINK = /https?:\/\/[^\s<>()[\]]*[^\s<>()[\].,;:!?]/g;

const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The month that a time is in where the clock is so many minutes ahead. */
const monthOf = (time: p.Micros, offset: number): string =>
  new Date(time / 1_000 + offset * 60_000).toISOString().slice(0, 7);

const nameOf = (entry: Entry): string =>
  entry.type === "shared_file" ? entry.file.name : entry.title || entry.url;
const sizeOf = (entry: Entry): number => (entry.type === "shared_file" ? entry.file.size : 0);
const idOf = (entry: Entry): number =>
  Number(entry.type === "shared_file" ? entry.message : entry.messages[0]) +
  (entry.type === "shared_file" ? Number(entry.id.split("-")[1]) / 1_000 : 0);

/** The list that was asked for last: its other pages are asked for, too. */
const last = new WeakMap<MemoryHub, { key: string; list: List }>();

interface List {
  entries: Entry[];
  months: p.Month[];
}

/** Answer for the files and links of a room. */
export function shared(hub: MemoryHub, me: p.Id, request: p.Shared): p.SharedPage {
  const { id: room } = hub.see(me, request.room);
  const { req, offset = 0, limit = 100, ...question } = request;
  const key = JSON.stringify([hub.seq, question]);
  const known = last.get(hub);
  const list = known?.key === key ? known.list : listOf(hub, room, request);
  last.set(hub, { key, list });
  const { entries, months } = list;
  return {
    ...{ type: "shared_page", req, room, entries: entries.slice(offset, offset + limit) },
    ...{ total: entries.length, months, seq: hub.seq },
  };
}

function listOf(hub: MemoryHub, room: p.Id, request: p.Shared): List {
  const { kinds = [], author, since, until, text = "", sort = "newest", utc_offset = 0 } = request;
  const words = fold(text).split(/\s+/).filter(Boolean);
  const inTime = (time: p.Micros) => (since == null || time >= since) && (until == null || time < until);
  const ours = [...hub.messages.values()].filter(
    (message) =>
      message.room === room &&
      !message.deleted &&
      inTime(message.time) &&
      (author == null || message.author === author),
  );
  const entries: Entry[] = [...filesOf(ours), ...linksOf(ours)].filter((entry) => {
    const kind = entry.type === "shared_file" ? entry.file.kind : "link";
    const said = fold(entry.type === "shared_file" ? entry.file.name : `${entry.url} ${entry.title}`);
    return (kinds.length === 0 || kinds.includes(kind)) && words.every((word) => said.includes(word));
  });
  const newest = (a: Entry, b: Entry) => b.time - a.time || idOf(b) - idOf(a);
  entries.sort((a, b) => {
    if (sort === "oldest") return -newest(a, b);
    if (sort === "name") return fold(nameOf(a)).localeCompare(fold(nameOf(b))) || newest(a, b);
    return (sort === "size" ? sizeOf(b) - sizeOf(a) : 0) || newest(a, b);
  });
  const months: p.Month[] = [];
  if (sort === "newest" || sort === "oldest")
    for (const { time } of entries) {
      const month = monthOf(time, utc_offset);
      const last = months.at(-1);
      if (last?.month === month) last.count += 1;
      else months.push({ month, count: 1 });
    }
  return { entries, months };
}

const filesOf = (messages: readonly p.Message[]): p.SharedFile[] =>
  messages.flatMap(({ id, author, time, files }) =>
    files.map((file, at) => ({
      ...{ type: "shared_file" as const, id: `${id}-${at + 1}`, message: id, author, time, file },
    })),
  );

function linksOf(messages: readonly p.Message[]): p.SharedLink[] {
  const found = new Map<string, p.Message[]>();
  for (const message of messages)
    for (const url of new Set(message.text?.match(LINK) ?? []))
      (found.get(url) ?? found.set(url, []).get(url))?.push(message);
  return [...found].map(([url, named]) => {
    const { author, time } = named.at(-1) as p.Message;
    const ids = named.map(({ id }) => id).reverse();
    return {
      type: "shared_link",
      url,
      title: "",
      author,
      time,
      messages: ids.slice(0, 20),
      n_messages: ids.length,
    };
  });
}
