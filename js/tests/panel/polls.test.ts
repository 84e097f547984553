import { expect, test } from "vitest";
import type { MemoryHub } from "../support/hub";
import { all, one, press, type, until } from "../support/panel";
import { open, team } from "../support/team";

const poll = (hub: MemoryHub) => [...hub.messages.values()].find((message) => message.poll);
const field = (element: Element | null): HTMLInputElement => {
  if (!(element instanceof HTMLInputElement)) throw new Error("no field");
  return element;
};

test("a poll is made with as many choices as one writes", async () => {
  const { hub, view, box } = await open(team());
  type(box(), "/poll Where shall we meet?");
  press(box(), "Enter");
  const dialog = await until(() => one(view, "dialog", "New poll"));
  const choices = () => all(dialog, "textbox", /^Choice \d+$/);
  expect(field(dialog.querySelector("[data-first]")).value).toBe("Where shall we meet?");
  expect(choices()).toHaveLength(2);
  one(dialog, "button", "Ask").click();
  await until(() => one(dialog, "alert").textContent === "Write at least two choices.");
  for (const [at, text] of ["Harbour", "Online", "Harbour"].entries()) {
    type(await until(() => choices()[at]), text);
    await until(() => choices().length >= Math.max(2, at + 1));
  }
  await until(() => choices().length === 4);
  one(dialog, "button", "Ask").click();
  await until(() => one(dialog, "alert").textContent === "“Harbour” stands there twice.");
  type(choices()[2] as HTMLElement, "Office");
  await until(() => all(dialog, "alert").length === 0);
  one(dialog, "button", "Ask").click();
  await until(() => poll(hub));
  expect(poll(hub)?.poll).toMatchObject({
    question: "Where shall we meet?",
    options: ["Harbour", "Online", "Office"],
    multiple: false,
  });
  await until(() => all(view, "dialog", "New poll").length === 0);
  expect((box() as HTMLTextAreaElement).value).toBe("");
});

test("one votes, changes it and takes it back; who chose what is said; closed, it shows its result", async () => {
  const hub = team();
  const room = hub.roomOf("general").id;
  hub.as("ana", {
    type: "create_poll" as const,
    room,
    question: "When?",
    options: ["Friday", "Monday"],
    multiple: false,
  });
  const id = poll(hub)?.id ?? "";
  hub.as("bo", { type: "vote" as const, id, choices: [1] });
  const { view } = await open(hub);
  const votes = () => poll(hub)?.poll?.votes.map((who) => who.length);
  const radios = () => all(view, "radio") as HTMLInputElement[];
  const group = await until(() => view.querySelector("fieldset.cc-poll"));
  expect(group.querySelector("legend")?.textContent).toBe("When?");
  const said = (at: number) =>
    document.getElementById(radios()[at]?.getAttribute("aria-describedby") ?? "")?.querySelector(".cc-unseen")
      ?.textContent;
  await until(() => radios().length === 2);
  expect(said(1)).toBe("1 vote: Bo Lindqvist");
  radios()[0]?.click();
  await until(() => votes()?.join() === "1,1");
  await until(() => radios()[0]?.checked);
  expect(said(0)).toBe("1 vote: you");
  radios()[1]?.click();
  await until(() => votes()?.join() === "0,2");
  await until(() => said(1) === "2 votes: Bo Lindqvist, you");
  one(view, "button", "Show who").click();
  await until(() => view.querySelector(".cc-poll-who")?.textContent === "Bo Lindqvist, you");
  one(view, "button", "Take back").click();
  await until(() => votes()?.join() === "0,1");
  await until(() => radios().every(({ checked }) => !checked));
  one(view, "button", "Close the poll").click();
  await until(() => poll(hub)?.poll?.closed);
  await until(() => radios().length === 0);
  expect(group.textContent).toContain("Closed · 1 person voted");
  expect(view.querySelector("[data-best]")?.textContent).toContain("Monday");
});

test("several choices where the poll allows them", async () => {
  const hub = team();
  const room = hub.roomOf("general").id;
  const options = ["a", "b", "c"];
  hub.as("bo", { type: "create_poll" as const, room, question: "Which?", options, multiple: true });
  const { view } = await open(hub);
  const boxes = () => [...view.querySelectorAll<HTMLInputElement>(".cc-poll input[type=checkbox]")];
  await until(() => boxes().length === 3);
  boxes()[2]?.click();
  await until(() => boxes()[2]?.checked);
  boxes()[0]?.click();
  await until(
    () =>
      poll(hub)
        ?.poll?.votes.map((who) => who.length)
        .join() === "1,0,1",
  );
  // Not one's own, and one is no owner of it.
  expect(all(view, "button", "Take back")).toHaveLength(1);
});
