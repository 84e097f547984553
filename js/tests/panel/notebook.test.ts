import { createElement, render } from "preact";
import { expect, onTestFinished, test } from "vitest";
import { App } from "../../src/components/App";
import { type Asked, Host } from "../../src/host";
import type { Panel } from "../../src/panel";
import { FakeModel } from "../support/model";
import { all, effects, memories, one, panelOn, press, type, until } from "../support/panel";
import { team } from "../support/team";

type Said = { type: string; room: string; selected: string; asked: number; text: string; message: string };

/** Ana's panel in a notebook, with a view of it. */
async function notebook(traits: Record<string, unknown> = {}, hub = team()) {
  const client = hub.connect("ana");
  const panel = panelOn(client.transport, memories());
  const asked: Asked = { n: 0, room: "general", selected: "" };
  const model = new FakeModel({ room: "general", selected: "", _asked: asked, ...traits });
  const host = new Host(model, panel);
  onTestFinished(() => host.close());
  const view = viewIn(panel, host);
  client.up();
  await until(() => one(view, "log", "Messages"));
  let n = (model.get("_asked") as Asked).n;
  return {
    ...{ hub, client, panel, host, model, view },
    said: (type = "placed") => (model.sent as Said[]).filter((message) => message.type === type),
    /** What views said since the notebook has set something. */
    answers: () => (model.sent as Said[]).filter(({ type, asked }) => type === "placed" && asked === n),
    /** The notebook sets `panel.room` and `panel.selected`. */
    set: (room: string, selected = "") => {
      n += 1;
      model.set("_asked", { n, room, selected });
    },
    heading: (name: string) => until(() => one(view, "heading", name)),
    box: () => one(view, "textbox", "Message"),
    articles: () => all(one(view, "log", "Messages"), "article"),
  };
}

function viewIn(panel: Panel, host: Host): HTMLElement {
  const element = document.createElement("div");
  document.body.append(element);
  render(createElement(App, { panel, host, room: host.room, height: "560px", label: "" }), element);
  onTestFinished(async () => {
    render(null, element);
    element.remove();
    await effects();
  });
  return element;
}

const open = (view: HTMLElement, name: string) =>
  one(one(view, "list", "Conversations"), "button", name).click();

test("the notebook is told which room is open, once", async () => {
  const { view, said, heading } = await notebook();
  await heading("general");
  await until(() => said().length === 1);
  open(view, "pipeline");
  await until(() => said().length === 2);
  expect(said()).toEqual([
    { type: "placed", room: "general", selected: "", asked: 0 },
    { type: "placed", room: "pipeline", selected: "", asked: 0 },
  ]);
});

test("a panel without a room says where it begins", async () => {
  const { said } = await notebook({ room: "", _asked: { n: 0, room: "", selected: "" } });
  await until(() => said()[0]?.room === "general");
});

test("a message that is clicked or walked to is chosen, and none in another room", async () => {
  const { hub, view, said, articles } = await notebook();
  hub.post("bo", "general", "second");
  await until(() => articles().length === 2);
  const [first, second] = articles().map((article) => article.dataset.key);
  articles()[1]?.click();
  await until(() => said().at(-1)?.selected === second);
  articles()[1]?.focus();
  press(articles()[1] as HTMLElement, "ArrowUp");
  await until(() => said().at(-1)?.selected === first);
  // The text box takes the focus, and the choice stays.
  one(view, "textbox", "Message").focus();
  open(view, "pipeline");
  await until(() => said().at(-1)?.room === "pipeline");
  expect(said().at(-1)?.selected).toBe("");
  expect(said().filter(({ room }) => room === "pipeline")).toHaveLength(1);
  open(view, "general");
  await until(() => said().at(-1)?.room === "general");
  expect(said().at(-1)?.selected).toBe("");
});

test("setting the room opens it in every view, without an echo", async () => {
  const { view, panel, host, answers, set, heading } = await notebook();
  const second = viewIn(panel, host);
  await until(() => one(second, "heading", "general"));
  set("pipeline");
  await heading("pipeline");
  await until(() => one(second, "heading", "pipeline"));
  // One goes elsewhere in one view: the other stays.
  open(second, "general");
  await until(() => answers().length > 0);
  expect(answers()).toEqual([{ type: "placed", room: "general", selected: "", asked: 1 }]);
  one(view, "heading", "pipeline");
  // The same name again is a new wish.
  set("pipeline");
  await until(() => one(second, "heading", "pipeline"));
});

test("a room that is not there yet is opened when it is", async () => {
  const { hub, view, answers, set, heading } = await notebook();
  set("later");
  await effects();
  one(view, "heading", "general");
  hub.room("bo", "later", ["ana"]);
  await heading("later");
  expect(answers()).toEqual([]);
});

test("who goes elsewhere in the meantime is left alone", async () => {
  const { hub, view, said, set, heading } = await notebook();
  set("later");
  await effects();
  open(view, "pipeline");
  await until(() => said().at(-1)?.room === "pipeline");
  hub.room("bo", "later", ["ana"]);
  await until(() => one(one(view, "list", "Conversations"), "button", "later"));
  await heading("pipeline");
});

test("setting the chosen message leads to it", async () => {
  const { hub, view, answers, set, heading, articles } = await notebook();
  const id = String(hub.post("bo", "pipeline", "look at this"));
  set("pipeline", id);
  await heading("pipeline");
  await until(() => view.querySelector<HTMLElement>("article[data-lit]")?.dataset.key === id);
  expect(articles().some((article) => article.textContent?.includes("look at this"))).toBe(true);
  expect(answers()).toEqual([]);
});

test("a view that is drawn later goes to the room, and to the message that is still chosen", async () => {
  const hub = team();
  const id = String(hub.post("bo", "pipeline", "look at this"));
  const { view, heading } = await notebook({ _asked: { n: 4, room: "pipeline", selected: id } }, hub);
  await heading("pipeline");
  await until(() => view.querySelector<HTMLElement>("article[data-lit]")?.dataset.key === id);
});

test("what is sent is told when the hub has it, and with it the text goes nowhere else", async () => {
  const { client, model, said, box } = await notebook();
  const { lose } = client;
  client.lose = (request) => request.type === "post";
  type(box(), "hello");
  press(box(), "Enter");
  await effects();
  expect(said("sent")).toEqual([]);
  client.lose = lose;
  client.down();
  client.up();
  await until(() => said("sent").length === 1);
  const [sent] = said("sent");
  expect(sent).toMatchObject({ type: "sent", room: "general", text: "hello", reply_to: null });
  expect(sent?.message).toMatch(/^\d+$/);
  expect(JSON.stringify(model.traits)).not.toContain("hello");
});

test("a comm that is gone breaks nothing", async () => {
  const { model, view, heading } = await notebook();
  model.broken = true;
  open(view, "pipeline");
  await heading("pipeline");
  await new Promise((go) => setTimeout(go, 150));
});
