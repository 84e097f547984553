import type { AnyRequest } from "../../src/protocol";
import { MemoryHub } from "./hub";
import { all, memories, one, panelOn, until, viewOf } from "./panel";

/** A workspace of three, in three rooms. */
export function team() {
  const hub = new MemoryHub();
  hub.member("ana", "Ana Ruiz");
  hub.member("bo", "Bo Lindqvist");
  hub.member("cy", "Cyrus Mehta");
  hub.room("ana", "general", ["bo", "cy"]);
  hub.room("bo", "pipeline", ["ana"], { topic: "Nightly load" });
  hub.room("bo", "random", []);
  hub.post("bo", "general", "Morning all");
  return hub;
}

/** Ana's panel, in this room. */
export async function open(hub: MemoryHub, room = "general", memory = memories()) {
  const client = hub.connect("ana");
  const panel = panelOn(client.transport, memory);
  const view = viewOf(panel, room);
  client.up();
  if (room) await until(() => one(view, "heading", room));
  const log = () => one(view, "log", "Messages");
  const box = () => one(view, "textbox", "Message");
  const articles = () => all(log(), "article");
  const asked = (type: AnyRequest["type"]) => client.received.filter((request) => request.type === type);
  return { hub, client, panel, view, log, box, articles, asked, memory };
}

/** What an article says. */
export const textOf = (element: Element | undefined): string =>
  element?.querySelector(".cc-text")?.textContent?.trim() ?? "";
