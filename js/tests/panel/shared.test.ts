import { beforeAll, expect, test, vi } from "vitest";
import type * as p from "../../src/protocol";
import type { MemoryHub } from "../support/hub";
import { all, memories, nameOf, one, press, type, until } from "../support/panel";
import { Refusal } from "../support/records";
import { shelf, side } from "../support/shelf";
import { team } from "../support/team";

// Parts that come later are there: what is shown here is not how long they take to be compiled.
beforeAll(() =>
  Promise.all([import("../../src/components/shared/Shared"), import("../../src/components/files/Viewer")]),
);

test("all that was shared stands by month, the newest first, each with who and when", async () => {
  const { button, aside, names, months, said, item, view } = await side(shelf());
  await until(() => said() === "8 files and links");
  expect(button.getAttribute("aria-expanded")).toBe("true");
  expect(names()).toEqual([
    ...["talk.wav", "tour.ipynb", "sketch.png", "example.org/report"],
    ...["example.org/other", "numbers.csv", "load.py", "plan.pdf"],
  ]);
  expect(months()).toEqual(["October 2026", "September 2026", "August 2026"]);
  expect(nameOf(item("numbers.csv"))).toMatch(/^numbers\.csv, Bo Lindqvist, .+, 8 bytes$/);
  expect(item("numbers.csv").getAttribute("aria-posinset")).toBe("6");
  expect(item("numbers.csv").getAttribute("aria-setsize")).toBe("8");
  expect(all(aside, "list").map(nameOf)).toEqual(["October 2026", "September 2026", "August 2026"]);
  press(aside.querySelector("input") as HTMLElement, "Escape");
  await until(() => view.querySelector("aside") === null);
});

test("filters by kind, person, date and words, with how many they leave, and nothing says what to do", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(2026, 9, 22, 12) });
  const hub = shelf();
  hub.as("ana", { type: "set_preferences" as const, week: "monday" as const });
  const { aside, view, names, said, asked } = await side(hub);
  await until(() => said() === "8 files and links");
  const chip = (name: string) => one(aside, "button", name);
  chip("Data").click();
  await until(() => said() === "1 found");
  expect(chip("Data").getAttribute("aria-pressed")).toBe("true");
  chip("Links").click();
  await until(() => said() === "3 found");
  chip("Data").click();
  chip("Links").click();
  chip("Others").click();
  await until(() => names().join() === "talk.wav");
  one(aside, "button", "Clear filters").click();
  await until(() => said() === "8 files and links");

  chip("Person").click();
  (await until(() => one(view, "button", "Cyrus Mehta"))).click();
  await until(() => one(aside, "button", "From Cyrus Mehta"));
  await until(() => said() === "4 found");
  one(aside, "button", "From anybody").click();
  await until(() => said() === "8 files and links");

  chip("Date").click();
  (await until(() => one(view, "button", "This week"))).click();
  await until(() => one(aside, "button", "This week"));
  await until(() => said() === "4 found" && asked("shared").some((one) => "since" in one && one.since));
  const week = asked("shared").at(-1) as p.Shared;
  // The Monday of that week.
  expect(week.since).toBe(new Date(2026, 9, 19).getTime() * 1_000);
  one(aside, "button", "This week").click();
  const from = await until(() => view.querySelector<HTMLInputElement>(".cc-shared-days input"));
  type(from, "2026-09-01");
  type(view.querySelectorAll<HTMLInputElement>(".cc-shared-days input")[1] as HTMLElement, "2026-09-30");
  await until(() => names().join() === "example.org/report,example.org/other,numbers.csv");
  press(from, "Escape");
  one(aside, "button", "Any time").click();

  type(one(aside, "searchbox", "Find in files and links"), "SKETCH .png");
  await until(() => names().join() === "sketch.png");
  type(one(aside, "searchbox", "Find in files and links"), "nothing is called so");
  await until(() => aside.textContent?.includes("Nothing fits these filters"));
  all(aside, "button", "Clear filters").at(-1)?.click();
  await until(() => said() === "8 files and links");
  vi.useRealTimers();
});

test("by name, by size, the oldest first; as a grid, and that is remembered", async () => {
  const memory = memories();
  const { aside, names, months } = await side(shelf(), "general", memory);
  await until(() => names().length === 8);
  const order = one(aside, "combobox", "Order") as HTMLSelectElement;
  const by = (value: string) => {
    order.value = value;
    order.dispatchEvent(new Event("change", { bubbles: true }));
  };
  by("name");
  await until(() => names()[0] === "example.org/other");
  expect(months()).toEqual([]);
  by("size");
  await until(() => names()[0] === "sketch.png");
  by("oldest");
  await until(() => names()[0] === "plan.pdf");
  expect(months()[0]).toBe("August 2026");
  one(aside, "button", "As a grid").click();
  await until(() => aside.querySelector("[data-shape=grid] .cc-shared-tile"));
  expect(memory.lasting.get("shared-shape")).toBe("grid");
});

test("nothing shared, what went wrong, and trying again", async () => {
  const hub = team();
  hub.refuse = (request) =>
    request.type === "shared" ? new Refusal("unavailable" as p.ErrorCode, "The disk is away.") : null;
  const { aside } = await side(hub, "pipeline");
  await until(() => one(aside, "alert").textContent?.includes("The disk is away."));
  hub.refuse = () => null;
  one(aside, "button", "Try again").click();
  await until(() => aside.textContent?.includes("Nothing is shared here yet"));
  expect(all(aside, "alert")).toHaveLength(0);
});

test("an entry leads to its message, and its link is copied", async () => {
  const hub = shelf();
  const { view, aside, item, articles } = await side(hub);
  await until(() => item("plan.pdf"));
  one(item("plan.pdf"), "button", "Show in conversation").click();
  const id = [...hub.messages.values()].find(({ files }) => files[0]?.name === "plan.pdf")?.id;
  await until(() => articles().some((one) => one.dataset.key === id && one.hasAttribute("data-lit")));
  expect(view.contains(aside)).toBe(true);

  const write = vi.fn(async (_: string) => {});
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { clipboard: { writeText: write } }));
  one(item("plan.pdf"), "button", "Copy link").click();
  await until(() => write.mock.calls.length === 1);
  expect(write.mock.calls[0]?.[0]).toBe(`collabchat:${hub.roomOf("general").id}/${id}`);
  one(item("example.org/report"), "button", "Copy link").click();
  await until(() => write.mock.calls.length === 2);
  expect(write.mock.calls[1]?.[0]).toBe("https://example.org/report");
  vi.unstubAllGlobals();
});

test("a file is seen in large, and from there the next one of the list", async () => {
  const { view, item } = await side(shelf());
  await until(() => item("numbers.csv"));
  item("numbers.csv").focus();
  press(item("numbers.csv"), "Enter");
  const dialog = await until(() => one(view, "dialog", "numbers.csv"));
  press(dialog, "PageDown");
  await until(() => one(view, "dialog", "load.py"));
  press(dialog, "PageUp");
  press(dialog, "PageUp");
  await until(() => one(view, "dialog", "sketch.png"));
  press(dialog, "Escape");
  await until(() => all(view, "dialog").length === 0);
  expect(document.activeElement).toBe(item("numbers.csv"));
});

test("a link stands once, opens beside, and shows each message that named it", async () => {
  const hub = shelf();
  const { view, item, articles } = await side(hub);
  await until(() => item("example.org/report"));
  const link = item("example.org/report").querySelector("a") as HTMLAnchorElement;
  expect([link.target, link.rel, link.href]).toEqual([
    ...["_blank", "noopener noreferrer", "https://example.org/report"],
  ]);
  one(item("example.org/report"), "button", "in 2 messages").click();
  const list = await until(() => one(view, "list", "Messages with this link"));
  await until(() => list.textContent?.includes("Cyrus Mehta") && list.textContent.includes("Again:"));
  all(list, "button").at(-1)?.click();
  await until(() =>
    articles().some((one) => one.hasAttribute("data-lit") && one.textContent?.includes("See")),
  );
});

test("a dangerous address is text", async () => {
  const hub = team();
  const room = hub.roomOf("general").id;
  const entry = { type: "shared_link" as const, url: "javascript:alert(1)", title: "<b>good</b>" };
  const answer = vi.spyOn(hub, "answer");
  answer.mockImplementation(function (this: MemoryHub, me, request) {
    if (request.type !== "shared") return Object.getPrototypeOf(hub).answer.call(hub, me, request);
    const rest = { author: me, time: hub.now, messages: ["1"], n_messages: 1 };
    const page = { type: "shared_page" as const, req: request.req, room, total: 1, months: [], seq: hub.seq };
    return [{ ...page, entries: [{ ...entry, ...rest }] }];
  });
  const { aside, items } = await side(hub);
  await until(() => items().length === 1);
  expect(aside.querySelector("a")).toBeNull();
  expect(items()[0]?.textContent).toContain("<b>good</b>");
});
