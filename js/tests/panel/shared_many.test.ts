import { beforeAll, expect, test } from "vitest";
import { effects, nameOf, one, press, until } from "../support/panel";
import { Refusal } from "../support/records";
import { bytes, many, share, shelf, side } from "../support/shelf";

// Parts that come later are there: what is shown here is not how long they take to be compiled.
beforeAll(() => import("../../src/components/shared/Shared"));

test("fifty thousand are there at once, of which few are drawn, and keys go through all of them", async () => {
  const { hub } = many(50_000);
  const { aside, items, names, asked, said } = await side(hub);
  await until(() => said() === "50,000 files and links");
  const list = aside.querySelector(".cc-shared-list") as HTMLElement;
  expect(names()[0]).toBe("file 49999.csv");
  expect(items().length).toBeLessThan(60);
  expect(asked("shared").length).toBeLessThanOrEqual(2);
  const height = Number.parseFloat((list.firstElementChild as HTMLElement).style.height);
  expect(height).toBeGreaterThan(50_000 * 48);

  const first = items()[0] as HTMLElement;
  expect(
    items()
      .map(({ tabIndex }) => tabIndex)
      .filter((index) => index === 0),
  ).toHaveLength(1);
  first.focus();
  press(first, "ArrowDown");
  await until(() => document.activeElement === items()[1]);
  press(items()[1] as HTMLElement, "PageDown");
  await until(() => Number((document.activeElement as HTMLElement).dataset.index) > 5);
  press(document.activeElement as HTMLElement, "End");
  await until(() => nameOf(document.activeElement as Element).startsWith("file 0.csv"));
  expect((document.activeElement as HTMLElement).getAttribute("aria-posinset")).toBe("50000");
  expect(items().length).toBeLessThan(60);
  press(document.activeElement as HTMLElement, "ArrowUp");
  await until(() => nameOf(document.activeElement as Element).startsWith("file 1.csv"));
  press(document.activeElement as HTMLElement, "Home");
  await until(() => nameOf(document.activeElement as Element).startsWith("file 49999.csv"));

  // Who flies over all of it asks for few pages.
  const before = asked("shared").length;
  for (let y = 0; y < height; y += height / 400) {
    list.scrollTop = y;
    list.dispatchEvent(new Event("scroll"));
  }
  await effects();
  await until(() => items().every((item) => !item.hasAttribute("aria-busy")));
  expect(asked("shared").length - before).toBeLessThan(80);
});

test("what one looks at stays in place while files come and go", async () => {
  const { hub, ids } = many(600);
  const { aside, item, items, names, said } = await side(hub);
  await until(() => said() === "600 files and links");
  const list = aside.querySelector(".cc-shared-list") as HTMLElement;
  const scroll = (y: number) => {
    list.scrollTop = y;
    list.dispatchEvent(new Event("scroll"));
  };
  const place = (name: string) => {
    const found = item(name);
    const month = found.closest("section") as HTMLElement;
    const head = month.querySelector("h4") ? 34 : 0;
    return Number.parseFloat(month.style.top) + head + Number.parseFloat(found.style.top) - list.scrollTop;
  };
  scroll(5_000);
  await until(
    () => Number(items()[0]?.dataset.index) > 50 && names().every((name) => name?.startsWith("file")),
  );
  const looked = names()[11] ?? "";
  const before = place(looked);
  const file = hub.files.keep("new.csv", bytes("x"));
  for (let n = 0; n < 3; n++) share(hub, "cy", "general", [file]);
  await until(() => said() === "603 files and links");
  expect(place(looked)).toBe(before);
  // One above it goes, and one that is in sight.
  hub.as("bo", { type: "delete" as const, id: ids[599] ?? "" });
  hub.as("bo", { type: "delete" as const, id: ids[Number(/\d+/.exec(names()[13] ?? "")?.[0])] ?? "" });
  await until(() => said() === "601 files and links");
  expect(place(looked)).toBe(before);
  // At the top, what is new is seen.
  scroll(0);
  await until(() => names()[0] === "new.csv");
  share(hub, "cy", "general", [{ ...file, name: "newest.csv" }]);
  await until(() => names()[0] === "newest.csv");
});

test("an edited message brings its links, a deleted one takes them away", async () => {
  const hub = shelf();
  const { names, said } = await side(hub);
  await until(() => said() === "8 files and links");
  const again = [...hub.messages.values()].find(({ text }) => text?.startsWith("Again"))?.id ?? "";
  hub.as("bo", { type: "edit" as const, id: again, text: "Now https://example.org/new" });
  await until(() => said() === "9 files and links" && names().includes("example.org/new"));
  hub.as("bo", { type: "delete" as const, id: again });
  await until(() => said() === "8 files and links" && !names().includes("example.org/new"));
});

test("after a time without a connection the list is as it is now", async () => {
  const hub = shelf();
  const { client, said } = await side(hub);
  await until(() => said() === "8 files and links");
  client.down();
  share(hub, "bo", "general", [hub.files.keep("late.csv", bytes("1"))]);
  client.up();
  await until(() => said() === "9 files and links");
});

test("closed and opened again it is there at once, as one left it and as it is now", async () => {
  const { hub } = many(600);
  const { button, view, client, aside, said, names } = await side(hub);
  await until(() => said() === "600 files and links");
  const list = aside.querySelector(".cc-shared-list") as HTMLElement;
  list.scrollTop = 9_000;
  list.dispatchEvent(new Event("scroll"));
  await until(() => names().every((name) => name?.startsWith("file")) && names()[0] !== "file 599.csv");
  const before = names()[8];
  button.click();
  await until(() => view.querySelector("aside") === null);
  share(hub, "cy", "general", [hub.files.keep("meanwhile.csv", bytes("x"))]);
  client.hold();
  button.click();
  const again = await until(() => view.querySelector<HTMLElement>("aside.cc-shared"));
  const there = () => [...again.querySelectorAll("[data-index]")].map((one) => nameOf(one).split(", ")[0]);
  await until(() => there().includes(before));
  client.release();
  await until(() => again.querySelector("[role=status]")?.textContent === "601 files and links");
  expect(there()).toContain(before);
});

test("what one may not see any more is gone", async () => {
  const hub = shelf();
  const { aside, items, said } = await side(hub);
  await until(() => said() === "8 files and links");
  hub.refuse = (request) => (request.type === "shared" ? new Refusal("not_found", "No such room.") : null);
  share(hub, "bo", "general", [hub.files.keep("more.csv", bytes("x"))]);
  await until(() => one(aside, "alert").textContent?.includes("No such room."));
  expect(items()).toHaveLength(0);
});
