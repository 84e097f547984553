import { afterEach, expect, test, vi } from "vitest";
import widget from "../src/index";
import { FakeModel } from "./support/model";
import { one, until } from "./support/panel";

/** Listeners that are on something of the page just now. */
function counting(target: EventTarget): () => number {
  let count = 0;
  const { addEventListener, removeEventListener } = target;
  vi.spyOn(target, "addEventListener").mockImplementation((...args: Parameters<typeof addEventListener>) => {
    count += 1;
    addEventListener.apply(target, args);
  });
  vi.spyOn(target, "removeEventListener").mockImplementation(
    (...args: Parameters<typeof removeEventListener>) => {
      count -= 1;
      removeEventListener.apply(target, args);
    },
  );
  return () => count;
}

afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

const shows = (model: FakeModel) =>
  model.sent.filter((message) => (message as { type: string }).type === "attach").length;

test("initialize waits for nothing, and says nothing before there is a view", () => {
  const model = new FakeModel();
  const ended = widget().initialize({ model });
  expect(typeof ended).toBe("function");
  expect(model.sent).toEqual([]);
  ended();
});

test("a view is drawn before anything is connected", async () => {
  const model = new FakeModel({ room: "", height: "300px" });
  const made = widget();
  made.initialize({ model });
  const el = document.createElement("div");
  document.body.append(el);
  const end = made.render({ model, el });
  const region = one(el, "region", "collabchat");
  expect(region.style.height).toBe("300px");
  expect(one(el, "status", "Connection").textContent).toBe("Connecting…");
  await until(() => shows(model) === 1);
  model.set("height", "700px");
  await until(() => region.style.height === "700px");
  end();
  expect(el.childElementCount).toBe(0);
});

test("where nothing answers there is a picture that says what to do, until something does", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  const model = new FakeModel({ room: "", height: "300px", _label: "team · @ana" });
  const el = document.createElement("div");
  document.body.append(el);
  const made = widget();
  const ended = made.initialize({ model });
  const end = made.render({ model, el });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(el.textContent).not.toContain("Run the cell");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(one(el, "region", "collabchat").textContent).toMatch(/team · @ana.*Run the cell/);
  model.say({ type: "state", state: "open", message: "", epoch: 1, n: 0 });
  await vi.advanceTimersByTimeAsync(100);
  expect(el.textContent).not.toContain("Run the cell");
  end();
  ended();
  await vi.advanceTimersByTimeAsync(1_000);
});

test("everything that listens is gone when views and widget are gone", async () => {
  const counts = [window, document, document.body].map(counting);
  const model = new FakeModel();
  const made = widget();
  const ended = made.initialize({ model });
  const ends: (() => void)[] = [];
  for (let i = 0; i < 2; i++) {
    const el = document.createElement("div");
    document.body.append(el);
    ends.push(made.render({ model, el }));
  }
  await until(() => shows(model) === 2);
  expect(model.listeners()).toBe(6);
  for (const end of ends) end();
  expect(model.listeners()).toBe(2);
  ended();
  expect(model.listeners()).toBe(0);
  await until(() => counts.every((count) => count() === 0));
});

test("no timer is left when views and widget are gone", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  const model = new FakeModel();
  const made = widget();
  const ended = made.initialize({ model });
  const el = document.createElement("div");
  document.body.append(el);
  const end = made.render({ model, el });
  await vi.advanceTimersByTimeAsync(100);
  model.say({ type: "state", state: "open", message: "", epoch: 1, n: 0 });
  await vi.advanceTimersByTimeAsync(100);
  end();
  ended();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(vi.getTimerCount()).toBe(0);
});

test("two widgets share nothing", async () => {
  const models = [new FakeModel(), new FakeModel()];
  const views = models.map((model) => {
    const el = document.createElement("div");
    document.body.append(el);
    const made = widget();
    made.initialize({ model });
    return { el, end: made.render({ model, el }) };
  });
  models[0]?.say({ type: "state", state: "visitor", message: "", epoch: 0, n: 0 });
  await until(() => one(views[0]?.el as HTMLElement, "textbox", "Your name"));
  expect(views[1]?.el.textContent).not.toContain("Your name");
  for (const { end } of views) end();
});
