import type * as p from "../../src/protocol";
import type { MemoryHub } from "./hub";
import { memories, nameOf, one, until } from "./panel";
import { post } from "./posts";
import { open, team } from "./team";

export const DAY = 86_400_000_000;

export function share(hub: MemoryHub, handle: string, room: string, files: p.Attachment[], text = ""): p.Id {
  return post(hub, hub.memberOf(handle).id, { room: hub.roomOf(room).id, text, attached: files }, null);
}

export const bytes = (text: string) => new TextEncoder().encode(text);

/** A room with a file of each kind, over three months. */
export function shelf() {
  const hub = team();
  const put = (who: string, name: string, text: string) =>
    share(hub, who, "general", [hub.files.keep(name, bytes(text))]);
  hub.now = Date.UTC(2026, 7, 31, 9) * 1_000;
  put("bo", "plan.pdf", "a plan");
  put("cy", "load.py", "print()");
  hub.now += 20 * DAY;
  put("bo", "numbers.csv", "a,b\n1,2\n");
  hub.post("cy", "general", "See https://example.org/report and https://example.org/other.");
  hub.now += 30 * DAY;
  hub.post("bo", "general", "Again: https://example.org/report");
  put("cy", "sketch.png", "not really a picture");
  put("bo", "tour.ipynb", "{}");
  put("ana", "talk.wav", "la");
  return hub;
}

/** The side, and what is in it. */
export async function side(hub: MemoryHub, room = "general", memory = memories()) {
  const all_ = await open(hub, room, memory);
  const { view } = all_;
  const button = one(view, "button", "Files and links");
  button.click();
  const aside = await until(() => view.querySelector<HTMLElement>("aside.cc-shared"));
  const items = () =>
    [...aside.querySelectorAll<HTMLElement>("[data-index]")].sort(
      (a, b) => +(a.dataset.index ?? 0) - +(b.dataset.index ?? 0),
    );
  const names = () => items().map((item) => nameOf(item).split(", ")[0]);
  const months = () => [...aside.querySelectorAll("h4")].map((head) => head.textContent);
  const said = () => aside.querySelector(".cc-shared-tools [role=status]")?.textContent;
  const item = (name: string) => {
    const found = items().find((one) => nameOf(one).startsWith(`${name},`));
    if (!found) throw new Error(`no ${name} among ${names()}`);
    return found;
  };
  return { ...all_, button, aside, items, names, months, said, item };
}

/** A room with so many files. */
export function many(count: number) {
  const hub = team();
  const file = hub.files.keep("file.csv", bytes("a\n1\n"));
  const ids: p.Id[] = [];
  hub.now = Date.UTC(2020, 0, 1) * 1_000;
  for (let n = 0; n < count; n++) {
    hub.now += DAY / 24;
    ids.push(share(hub, "bo", "general", [{ ...file, name: `file ${n}.csv`, size: n }]));
  }
  return { hub, ids };
}
