import { expect, test } from "vitest";
import type * as p from "../../src/protocol";
import { all, memories, nameOf, one, press, type, until } from "../support/panel";
import { open, team, textOf } from "../support/team";

/** A workspace with something to find. */
function talk() {
  const hub = team();
  hub.post("bo", "pipeline", "The late invoice is here");
  hub.post("cy", "general", "Which INVOICE do you mean?");
  hub.post("bo", "general", "the one of monday");
  return hub;
}

async function searching(hub = talk(), memory = memories()) {
  const opened = await open(hub, "general", memory);
  const { view, client } = opened;
  const field = one(view, "searchbox", "Search messages") as HTMLInputElement;
  const results = () => one(view, "listbox", "Results");
  const groups = () => all(view, "group").map((group) => nameOf(group));
  const group = (name: string) => all(one(view, "group", name), "option");
  const hits = (name = "Messages") =>
    group(name).map((hit) => hit.querySelector(".cc-hit-text")?.textContent);
  const chosen = () => document.getElementById(field.getAttribute("aria-activedescendant") ?? "none");
  const said = () => view.querySelector(".cc-search-count [role=status]")?.textContent ?? "";
  const asked = () => client.received.filter((request): request is p.Search => request.type === "search");
  const search = async (words: string, count?: string) => {
    type(field, words);
    await until(() => results());
    if (count !== undefined) await until(() => said() === count);
  };
  return { ...opened, field, results, groups, group, hits, chosen, said, asked, search };
}

test("what is found stands there as one types: places, then messages, with the words marked", async () => {
  const { view, search, groups, hits, group, field, asked } = await searching();
  await search("invoice", "2 messages");
  expect(groups()).toContain("Messages");
  expect(hits()).toEqual(["Which INVOICE do you mean?", "The late invoice is here"]);
  const [first] = group("Messages");
  expect([...(first?.querySelectorAll("mark") ?? [])].map((mark) => mark.textContent)).toEqual(["INVOICE"]);
  expect(first?.textContent).toContain("Cyrus Mehta");
  expect(first?.textContent).toContain("#general");
  expect(first?.querySelector("time")).toBeTruthy();
  // Rooms and people come first, and by themselves.
  await search("pipe", "Nothing found");
  expect(groups()).toContain("Rooms and people");
  expect(group("Rooms and people")[0]?.textContent).toContain("pipeline");
  expect(field.getAttribute("aria-controls")).toBe(one(view, "listbox", "Results").id);
  expect(asked().at(-1)).toMatchObject({ query: "pipe", room: null, sort: "relevance" });
});

test("Enter opens the message where it was said and lights it; the results stay for the next one", async () => {
  const { view, search, field, chosen, hits, log } = await searching();
  await search("invoice", "2 messages");
  press(field, "ArrowDown");
  await until(() => chosen()?.textContent?.includes("late invoice"));
  press(field, "Enter");
  await until(() => one(view, "heading", "pipeline"));
  const lit = await until(() => log().querySelector<HTMLElement>("article[data-lit]"));
  expect(textOf(lit)).toBe("The late invoice is here");
  expect(document.activeElement).toBe(field);
  expect(hits()).toHaveLength(2);
  press(field, "ArrowUp");
  press(field, "Enter");
  await until(() => one(view, "heading", "general"));
  await until(() => textOf(log().querySelector("article[data-lit]") ?? undefined).includes("INVOICE"));
});

test("keys that are quicker than what answers them are not lost", async () => {
  const { view, field } = await searching();
  // All in one go: what draws the results is not there yet.
  field.focus();
  type(field, "pipel");
  press(field, "Enter");
  await until(() => one(view, "heading", "pipeline"));
  expect(field.value).toBe("");
});

test("a reply is opened in its thread, beside its room", async () => {
  const hub = talk();
  const root = hub.post("bo", "pipeline", "Who looks?");
  hub.post("ana", "pipeline", "hidden treasure", { reply_to: root });
  const { view, search, hits, field } = await searching(hub);
  await search("treasure", "1 message");
  expect(hits()).toEqual(["hidden treasure"]);
  press(field, "Enter");
  const thread = await until(() => one(view, "log", "Thread"));
  await until(() => textOf(thread.querySelector("article[data-lit]") ?? undefined) === "hidden treasure");
});

test("the keys: slash and Ctrl+K reach it, Escape gives the text box back and clears it", async () => {
  const { view, box, field, results, articles } = await searching();
  await until(() => articles().length > 0);
  box().focus();
  expect(press(box(), "/").defaultPrevented).toBe(false);
  articles()[0]?.focus();
  press(articles()[0] as HTMLElement, "/");
  await until(() => document.activeElement === field && results());
  type(field, "invoice");
  press(field, "Escape");
  await until(() => all(view, "listbox", "Results").length === 0);
  expect(field.value).toBe("");
  expect(document.activeElement).toBe(articles()[0]);
  press(box(), "k", { ctrlKey: true });
  await until(() => document.activeElement === field && results());
  press(field, "k", { ctrlKey: true });
  await until(() => all(view, "listbox", "Results").length === 0);
  expect(one(view, "list", "Conversations").closest("[hidden]")).toBe(null);
});

test("Enter before the answer is there opens the first message as soon as it is", async () => {
  const { view, client, search, field, asked } = await searching();
  client.hold();
  await search("late");
  await until(() => asked().length > 0);
  press(field, "Enter");
  client.release();
  await until(() => one(view, "heading", "pipeline"));
});

test("an older answer never takes the place of a newer one", async () => {
  const hub = talk();
  const { client, search, hits, asked, said } = await searching(hub);
  client.hold();
  await search("monday");
  await until(() => asked().length === 1);
  await search("late");
  await until(() => asked().length === 2);
  const [older, newer] = asked();
  const answer = (request: p.Search | undefined) =>
    client.transport.push([JSON.stringify(hub.answer(client.me, request as p.Search))]);
  answer(newer);
  await until(() => said() === "1 message");
  answer(older);
  answer(newer);
  expect(hits()).toEqual(["The late invoice is here"]);
});

test("in this conversation alone, by its key and by its button", async () => {
  const { hub, view, box, search, hits, field, asked, said } = await searching();
  press(box(), "F", { ctrlKey: true, shiftKey: true });
  await until(() => document.activeElement === field);
  const here = await until(() => one(view, "button", "In this conversation"));
  expect(here.getAttribute("aria-pressed")).toBe("true");
  await search("invoice", "1 message");
  expect(hits()).toEqual(["Which INVOICE do you mean?"]);
  expect(asked().at(-1)?.room).toBe(hub.roomOf("general").id);
  here.click();
  await until(() => said() === "2 messages");
  expect(document.activeElement).toBe(field);
});

test("filters: names are completed, what is set can be taken out again", async () => {
  const { view, search, field, group, groups, hits, said, asked } = await searching();
  one(view, "searchbox", "Search messages").click();
  (await until(() => one(view, "button", "Add a filter: From"))).click();
  await until(() => groups().includes("From"));
  expect(field.value).toBe("from:");
  expect(document.activeElement).toBe(field);
  type(field, "from:lind");
  await until(() => group("From").length === 1);
  press(field, "Tab");
  await until(() => field.value === "from:bo ");
  // A filter that is not complete is not asked for.
  expect(asked().map(({ query }) => query)).not.toContain("from:lind");
  await search("from:bo invoice", "1 message");
  expect(hits()).toEqual(["The late invoice is here"]);
  one(view, "button", "Remove the filter “From: Bo Lindqvist”").click();
  await until(() => said() === "2 messages");
  expect(field.value).toBe("invoice");
  // Escape closes what is proposed, and then the search.
  type(field, "invoice in:");
  await until(() => groups().includes("In"));
  press(field, "Escape");
  await until(() => !groups().includes("In"));
  expect(field.value).toBe("invoice in:");
});

test("dates are proposed with the days that they are", async () => {
  const { search, group } = await searching();
  await search("during:");
  await until(() => group("During").length > 3);
  const titles = group("During").map((one) => one.querySelector(".cc-item-title")?.textContent);
  expect(titles.slice(0, 4)).toEqual(["Today", "Yesterday", "This week", "Last week"]);
  const today = new Intl.DateTimeFormat("en-GB", { day: "numeric" }).format(new Date());
  expect(group("During")[0]?.querySelector(".cc-search-about")?.textContent).toContain(today);
  expect(group("During")[2]?.querySelector(".cc-search-about")?.textContent).toContain(" to ");
});

test("nothing found: what was looked for, and the nearest correction", async () => {
  const { view, search, hits, said, field } = await searching();
  await search("invoicf", "Nothing found");
  expect(view.textContent).toContain("No message fits “invoicf”.");
  one(view, "button", "Search for “invoice” instead").click();
  await until(() => said() === "2 messages");
  expect(field.value).toBe("invoice");
  expect(hits()).toHaveLength(2);
});

test("what was not understood, an index that is being built, and more than can be counted", async () => {
  const hub = talk();
  const { view, search } = await searching(hub);
  const { find } = hub;
  hub.find = (me, request) => ({
    ...find(me, request),
    ...{ total: 10_000, at_least: true, indexed: false, problems: ["There is no day “noday”."] },
  });
  await search("invoice", "More than 10,000 messages");
  expect(view.textContent).toContain("There is no day “noday”.");
  expect(view.textContent).toContain("The index is being built");
});

test("an error is said, and it can be tried again; so is a lost connection", async () => {
  const hub = talk();
  const { view, client, search, said } = await searching(hub);
  const { find } = hub;
  const { Refusal } = await import("../support/records");
  hub.find = () => {
    throw new Refusal("invalid", "The hub is too busy.");
  };
  await search("invoice");
  const again = await until(() => one(view, "button", "Try again"));
  expect(again.closest('[role="alert"]')?.textContent).toContain("The hub is too busy.");
  hub.find = find;
  again.click();
  await until(() => said() === "2 messages");
  client.down();
  await search("monday", "Not connected: the results come when the connection is back.");
  client.up();
  await until(() => said() === "1 message");
});

test("recent searches are offered, can be taken again and forgotten, and are one person's own", async () => {
  const hub = talk();
  const memory = memories();
  const { view, search, field, group, groups, said } = await searching(hub, memory);
  for (const words of ["late", "monday", "invoice"]) {
    await search(words);
    await until(() => /\d message/.test(said()));
    press(field, "Enter");
  }
  type(field, "");
  await until(() => groups().includes("Recent searches"));
  const recent = () =>
    group("Recent searches").map((one) => one.querySelector(".cc-item-title")?.textContent);
  expect(recent()).toEqual(["invoice", "monday", "late"]);
  group("Recent searches")[1]?.click();
  await until(() => said() === "1 message");
  expect(field.value).toBe("monday");
  type(field, "");
  await until(() => groups().includes("Recent searches"));
  while (
    !document
      .getElementById(field.getAttribute("aria-activedescendant") ?? "")
      ?.textContent?.includes("monday")
  ) {
    press(field, "ArrowDown");
    await until(() => true);
  }
  press(field, "Delete");
  await until(() => recent().join() === "invoice,late");
  one(view, "button", "Forget the recent searches").click();
  await until(() => !groups().includes("Recent searches"));
  expect([...memory.lasting.kept.keys()].filter((key) => key.startsWith("searches:"))).toEqual([]);
});

test("at most ten are kept", async () => {
  const { search, field, group, said } = await searching();
  for (let n = 0; n < 12; n++) {
    await search(`invoice -word${n}`, "2 messages");
    press(field, "Enter");
    expect(said()).toBe("2 messages");
  }
  type(field, "");
  await until(() => group("Recent searches").length === 10);
});

test("more comes as one goes down, each message once", async () => {
  const hub = team();
  for (let n = 0; n < 75; n++) hub.post("bo", "general", `found ${n}`);
  const { search, field, hits, asked } = await searching(hub);
  await search("found", "75 messages");
  expect(hits()).toHaveLength(30);
  press(field, "ArrowUp");
  await until(() => hits().length === 60);
  press(field, "ArrowUp");
  press(field, "ArrowUp");
  await until(() => hits().length === 60);
  for (let n = 0; n < 40; n++) press(field, "PageDown");
  await until(() => hits().length === 75);
  expect(new Set(hits()).size).toBe(75);
  expect(asked()).toHaveLength(3);
});

test("by date, the newest or the oldest first", async () => {
  const { view, search, hits, asked } = await searching();
  await search("invoice", "2 messages");
  const order = view.querySelector("select") as HTMLSelectElement;
  expect(nameOf(order)).toBe("Order");
  order.value = "oldest";
  order.dispatchEvent(new Event("change", { bubbles: true }));
  await until(() => asked().at(-1)?.sort === "oldest" && hits()[0] === "The late invoice is here");
});

test("files have a group of their own, with their name and size", async () => {
  const hub = talk();
  const { search, groups, group } = await searching(hub);
  const file: p.Attachment = {
    ...{ name: "invoice.csv", original: "", size: 1_200, type: "text/csv", kind: "data" },
    ...{ sha256: "", width: null, height: null },
  };
  const id = hub.post("bo", "general", "see there");
  const message = hub.messages.get(id);
  if (message) hub.messages.set(id, { ...message, files: [file] });
  await search("invoice", "3 messages");
  expect(groups()).toContain("Files");
  expect(group("Files")).toHaveLength(1);
  expect(group("Files")[0]?.textContent).toContain("invoice.csv");
  expect(group("Files")[0]?.textContent).toContain("1.2 kB");
});

test("what people write is never markup", async () => {
  const hub = talk();
  const attack = '<img src=x onerror="window.hacked = 1"><mark>no</mark> <b>needle</b>';
  hub.post("bo", "general", attack);
  const { search, group, hits } = await searching(hub);
  await search("needle", "1 message");
  expect(hits()).toEqual([attack]);
  const [hit] = group("Messages");
  expect(hit?.querySelector(".cc-hit-text img, .cc-hit-text b")).toBe(null);
  expect([...(hit?.querySelectorAll("mark") ?? [])].map((mark) => mark.textContent)).toEqual(["needle"]);
  expect((window as { hacked?: number }).hacked).toBe(undefined);
});

test("what is private to others is not found", async () => {
  const hub = talk();
  hub.room("bo", "secret", ["cy"], { kind: "private" });
  hub.post("bo", "secret", "the hidden invoice");
  const { search, hits } = await searching(hub);
  await search("invoice", "2 messages");
  expect(hits().join()).not.toContain("hidden");
});

test("what is typed before the search is there is looked for", async () => {
  const { view, box, field, said } = await searching();
  for (const open of [() => field.click(), () => press(box(), "k", { ctrlKey: true })]) {
    open();
    type(field, "invoice");
    await until(() => one(view, "listbox", "Results"));
    await until(() => said() === "2 messages");
    expect(field.value).toBe("invoice");
    expect(field.selectionStart).toBe(field.value.length);
    press(field, "Escape");
    await until(() => all(view, "listbox", "Results").length === 0);
  }
});
