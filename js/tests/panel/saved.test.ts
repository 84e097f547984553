import { expect, onTestFinished, test, vi } from "vitest";
import { all, one, type, until } from "../support/panel";
import { open, team } from "../support/team";

const HOUR = 3_600_000_000;

async function menu(view: HTMLElement, log: HTMLElement, item: string) {
  (await until(() => all(log, "button", "More").at(-1))).click();
  (await until(() => one(view, "menuitem", item))).click();
}

test("save a message, with a reminder and a note, and find it again", async () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 20, 9, 5), toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const hub = team();
  const { view, log, panel } = await open(hub);
  const id = hub.roomOf("general").last?.id ?? "";
  await menu(view, log(), "Save for later");
  await until(() => panel.state.saved.has(id));
  await until(() => log().querySelector(".cc-marks")?.textContent?.includes("Saved"));
  await menu(view, log(), "Remind me");
  const dialog = await until(() => one(view, "dialog", "Remind me"));
  type(one(dialog, "textbox", "Note (seen by you alone)"), "ask about it");
  one(dialog, "button", "In 3 hours").click();
  await until(() => panel.state.saved.get(id)?.remind_at);
  const { note, remind_at } = panel.state.saved.get(id) ?? { note: "", remind_at: 0 };
  expect(note).toBe("ask about it");
  expect(remind_at).toBe(Date.now() * 1_000 + 3 * HOUR);
  await until(() => all(view, "dialog").length === 0);
  one(view, "button", "Saved").click();
  const list = await until(() => one(view, "list", "Saved"));
  await until(() => list.textContent?.includes("Morning all"));
  expect(list.textContent).toContain("ask about it");
  expect(list.textContent).toMatch(/Reminder today at/);
  all(list, "button", /^Morning all/)[0]?.click();
  await until(() => log().querySelector("[data-lit]")?.textContent?.includes("Morning all"));
});

test("a reminder that comes is told, and stays in Saved as due, before the others", async () => {
  const hub = team();
  const id = hub.roomOf("general").last?.id ?? "";
  const later = hub.post("bo", "general", "for some day");
  hub.as("ana", { type: "save" as const, id, note: "", remind_at: hub.now + HOUR });
  hub.as("ana", { type: "save" as const, id: later, note: "" });
  const { view, log, articles } = await open(hub);
  await until(() => articles().length === 2);
  hub.happen(hub.memberOf("ana").id, null, { type: "reminded", id });
  const notice = await until(() => one(view, "status", /^Reminder: Morning all/));
  one(view, "button", "Saved").click();
  const list = await until(() => one(view, "list", "Saved"));
  await until(() => all(list, "listitem")[0]?.textContent?.includes("Morning all"));
  expect(all(list, "listitem")[0]?.textContent).toContain("Due since");
  expect(all(list, "listitem")[1]?.textContent).not.toContain("Due");
  one(notice, "button", "Open").click();
  await until(() => log().querySelector("[data-lit]")?.textContent?.includes("Morning all"));
  one(view, "button", "Saved").click();
  await until(() => all(view, "button", "Done, remove it").length === 2);
  all(view, "button", "Done, remove it")[0]?.click();
  await until(() => all(one(view, "list", "Saved"), "listitem").length === 1);
});

test("a note of one's own, at a date and time", async () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 20, 12, 5), toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const { view, panel } = await open(team());
  one(view, "button", "Saved").click();
  await until(() => view.textContent?.includes("Nothing is saved"));
  one(view, "button", "New reminder").click();
  const dialog = await until(() => one(view, "dialog", "Remind me"));
  one(dialog, "button", "At another time…").click();
  await until(() => dialog.querySelector("input[type=date]"));
  const [date, time] = ["date", "time"].map((kind) => dialog.querySelector(`input[type=${kind}]`));
  type(date as HTMLElement, "2026-11-20");
  type(time as HTMLElement, "00:01");
  dialog.querySelector("form")?.requestSubmit();
  await until(() => dialog.textContent?.includes("That time has passed."));
  type(date as HTMLElement, "2027-01-02");
  dialog.querySelector("form")?.requestSubmit();
  await until(() => dialog.textContent?.includes("Write what you want to be reminded of."));
  type(one(dialog, "textbox", "What to remind you of"), "water the plants");
  dialog.querySelector("form")?.requestSubmit();
  await until(() => panel.state.saved.size === 1);
  expect([...panel.state.saved.values()][0]).toMatchObject({ room: null, note: "water the plants" });
  await until(() => one(view, "list", "Saved").textContent?.includes("water the plants"));
});
