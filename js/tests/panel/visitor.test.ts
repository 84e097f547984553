import { describe, expect, test } from "vitest";
import { memories, one, panelOn, type, until, viewOf } from "../support/panel";
import { team } from "../support/team";

describe("a visitor", () => {
  test("gives a name, and is remembered", async () => {
    const hub = team();
    const memory = memories();
    const client = hub.connect("ana");
    const view = viewOf(panelOn(client.transport, memory));
    client.transport.say({ state: "visitor", message: "", epoch: 0 });
    const name = await until(() => one(view, "textbox", "Your name"));
    type(name, " Ana  Ruiz ");
    await until(() => !(one(view, "button", "Enter the chat") as HTMLButtonElement).disabled);
    one(view, "button", "Enter the chat").click();
    expect(client.entered).toEqual(["Ana Ruiz"]);
    client.up();
    await until(() => one(view, "list", "Conversations"));

    // The same tab, loaded again: in at once. Another tab: the name is there already.
    const again = hub.connect("ana");
    viewOf(panelOn(again.transport, memory));
    again.transport.say({ state: "visitor", message: "", epoch: 0 });
    await until(() => again.entered.join() === "Ana Ruiz");
    const other = hub.connect("ana");
    const third = viewOf(panelOn(other.transport, { lasting: memory.lasting, tab: memories().tab }));
    other.transport.say({ state: "visitor", message: "", epoch: 0 });
    const prefilled = await until(() => one(third, "textbox", "Your name"));
    expect((prefilled as HTMLInputElement).value).toBe("Ana Ruiz");
    expect(other.entered).toEqual([]);
  });

  test("who is refused reads why, and may try another name", async () => {
    const hub = team();
    const memory = memories();
    const client = hub.connect("ana");
    const view = viewOf(panelOn(client.transport, memory));
    client.transport.say({ state: "visitor", message: "", epoch: 0 });
    type(await until(() => one(view, "textbox", "Your name")), "...");
    await until(() => !(one(view, "button", "Enter the chat") as HTMLButtonElement).disabled);
    one(view, "button", "Enter the chat").click();
    client.transport.say({ state: "visitor", message: "A name needs a letter or a digit.", epoch: 0 });
    await until(() => one(view, "alert").textContent === "A name needs a letter or a digit.");
    await until(() => !(one(view, "button", "Enter the chat") as HTMLButtonElement).disabled);
    expect(memory.tab.get("visitor")).toBeNull();
  });
});
