import { createElement, Fragment, render } from "preact";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type AssetSource, addSource, loadAsset, loadJson, NoAsset, removeSource } from "../src/assets";
import { chunks } from "../src/chunks";
import { lazy, part } from "../src/lazy";
import { ASSET_TIMEOUT } from "../src/transport/assets";
import { CommTransport } from "../src/transport/comm";
import { FakeModel } from "./support/model";
import { one, until } from "./support/panel";

function drawn(vnode: Parameters<typeof render>[0]): HTMLElement {
  const element = document.createElement("div");
  document.body.append(element);
  render(vnode, element);
  onTestFinished(() => {
    render(null, element);
    element.remove();
  });
  return element;
}

/** A promise that a test settles. */
function later<T>() {
  let resolve!: (value: T) => void;
  let reject!: (problem: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

describe("a component that comes later", () => {
  const Hello = ({ name }: { name: string }) => createElement("b", null, `Hello ${name}`);

  test("draws its fallback, then itself; and at once the next time", async () => {
    const coming = later<{ default: typeof Hello }>();
    const load = vi.fn(() => coming.promise);
    const Later = lazy(load, createElement("i", null, "…"));
    const element = drawn(createElement(Later, { name: "Ana" }));
    expect(element.innerHTML).toBe("<i>…</i>");
    await until(() => load.mock.calls.length === 1);
    coming.resolve({ default: Hello });
    await until(() => element.innerHTML === "<b>Hello Ana</b>");
    const second = drawn(createElement(Later, { name: "Bo" }));
    expect(second.innerHTML).toBe("<b>Hello Bo</b>");
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("says what went wrong, and tries again when asked; all places at once", async () => {
    const answers = [later<{ default: typeof Hello }>(), later<{ default: typeof Hello }>()];
    let asked = 0;
    const Later = lazy(() => answers[asked++]?.promise as Promise<{ default: typeof Hello }>);
    const element = drawn(
      createElement(Fragment, null, createElement(Later, { name: "A" }), createElement(Later, { name: "B" })),
    );
    await until(() => asked === 1);
    answers[0]?.reject(new Error("The kernel does not answer."));
    await until(() => element.querySelectorAll("[role=alert]").length === 2);
    expect(element.textContent).toContain("The kernel does not answer.");
    element.querySelector("button")?.click();
    await until(() => element.querySelectorAll("[role=alert]").length === 0);
    answers[1]?.resolve({ default: Hello });
    await until(() => element.textContent === "Hello AHello B");
    expect(asked).toBe(2);
  });

  test("may be asked for beforehand", async () => {
    const Later = lazy(() => Promise.resolve({ default: Hello }));
    await Later.preload();
    expect(drawn(createElement(Later, { name: "Cy" })).innerHTML).toBe("<b>Hello Cy</b>");
  });

  test("a part is loaded once, and again only after it failed", async () => {
    const load = vi.fn(() => Promise.reject(new Error("no")));
    const of = part<string>(load);
    await expect(of.load()).rejects.toThrow("no");
    expect(of.problem?.message).toBe("no");
    load.mockImplementation(() => Promise.resolve("yes") as never);
    expect(await Promise.all([of.load(), of.load()])).toEqual(["yes", "yes"]);
    expect(of.now).toBe("yes");
    expect(of.problem).toBeNull();
    expect(load).toHaveBeenCalledTimes(2);
  });
});

describe("files of the package", () => {
  const packed = async (text: string): Promise<Uint8Array> => {
    const stream = new Response(text).body?.pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  const source = (asset: AssetSource["asset"], silent = false): AssetSource => {
    const made = { silent, asset };
    addSource(made);
    onTestFinished(() => removeSource(made));
    return made;
  };

  test("come packed or as they are", async () => {
    source(async (name) => (name === "a.json" ? packed('{"a":"ä"}') : new TextEncoder().encode("[1]")));
    expect(await loadJson("a.json")).toEqual({ a: "ä" });
    expect(await loadJson("b.json")).toEqual([1]);
  });

  test("where one kernel is silent or fails, another one brings them", async () => {
    const deaf = vi.fn(() => Promise.reject(new Error("silent")));
    source(deaf, true);
    source(async () => Uint8Array.of(1));
    expect(await loadAsset("x")).toEqual(Uint8Array.of(1));
    expect(deaf).not.toHaveBeenCalled();
    source(() => Promise.reject(new Error("lost")));
    expect(await loadAsset("x")).toEqual(Uint8Array.of(1));
  });

  test("what cannot come is not asked for elsewhere", async () => {
    source(() => Promise.reject(new NoAsset("Reload the page.")));
    const second = vi.fn(async () => Uint8Array.of(1));
    source(second);
    await expect(loadAsset("x")).rejects.toThrow("Reload the page.");
    expect(second).not.toHaveBeenCalled();
  });

  test("nobody is there", async () => {
    await expect(loadAsset("x")).rejects.toThrow("No kernel");
  });

  test("what is not built as a part is refused", async () => {
    await expect(chunks.load?.("../panel")).rejects.toThrow("no part");
  });
});

describe("through the comm", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function open() {
    const model = new FakeModel();
    const transport = new CommTransport(model);
    transport.open({ frames() {}, bytes() {}, status() {}, gap() {}, silence() {} });
    onTestFinished(() => transport.close());
    const asked = () => model.sent.filter((message) => (message as { type: string }).type === "asset");
    const answer = (name: string, problem: string, ...bytes: number[]) =>
      model.say(
        { type: "asset", name, t: 0, problem },
        bytes.length ? [new DataView(Uint8Array.from(bytes).buffer)] : [],
      );
    return { model, transport, asked, answer };
  }

  test("a file is asked for once, and given to all who wait", async () => {
    const { transport, asked, answer } = open();
    const both = Promise.all([transport.asset("a-1.js"), transport.asset("a-1.js")]);
    expect(asked()).toEqual([{ type: "asset", name: "a-1.js", t: expect.any(Number) }]);
    answer("b-1.js", "", 9);
    answer("a-1.js", "", 1, 2);
    expect(await both).toEqual([Uint8Array.of(1, 2), Uint8Array.of(1, 2)]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("what is lost is asked for again, and then given up with a sentence", async () => {
    const { transport, asked, answer } = open();
    const first = transport.asset("a");
    vi.advanceTimersByTime(ASSET_TIMEOUT);
    expect(asked()).toHaveLength(2);
    answer("a", "", 1);
    await first;
    const second = transport.asset("a");
    const failed = expect(second).rejects.toThrow("the kernel does not answer");
    vi.advanceTimersByTime(2 * ASSET_TIMEOUT);
    await failed;
    expect(asked()).toHaveLength(4);
    // Late is late: one asks anew.
    answer("a", "", 1);
    const third = transport.asset("a");
    answer("a", "", 3);
    expect(await third).toEqual(Uint8Array.of(3));
  });

  test.each([
    ["stale", "Reload the page"],
    ["unknown", "lacks this part"],
  ])("%s", async (problem, sentence) => {
    const { transport, answer } = open();
    const asked = transport.asset("a");
    answer("a", problem);
    await expect(asked).rejects.toThrow(sentence);
    await expect(asked).rejects.toBeInstanceOf(NoAsset);
  });

  test("a panel that is closed waits for nothing", async () => {
    const { transport } = open();
    const asked = transport.asset("a");
    transport.close();
    await expect(asked).rejects.toThrow("closed");
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("a button that tries again has a name", async () => {
  const Later = lazy<object>(() => Promise.reject(new Error("gone")));
  const element = drawn(createElement(Later, {}));
  await until(() => one(element, "button", "Try again"));
});
