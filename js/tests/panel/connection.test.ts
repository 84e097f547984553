import { describe, expect, test } from "vitest";
import { all, one, until } from "../support/panel";
import { open, team } from "../support/team";

describe("a connection that breaks", () => {
  test("is said, and made good", async () => {
    const { hub, client, view, log } = await open(team());
    client.down();
    await until(() => one(view, "status", "Connection").textContent === "Reconnecting…");
    await until(() =>
      one(view, "alert").textContent?.includes("The hub is being started again. What you type is kept"),
    );
    hub.post("bo", "general", "meanwhile");
    client.up();
    await until(() => log().textContent?.includes("meanwhile"));
    await until(() => one(view, "status", "Connection").textContent === "Connected");
    expect(all(view, "alert")).toEqual([]);
  });

  test("for good says what the matter is", async () => {
    const { client, view } = await open(team());
    client.transport.say({
      state: "closed",
      message: "The workspace was written by a newer collabchat.",
      epoch: 1,
    });
    await until(() => one(view, "alert").textContent?.includes("a newer collabchat"));
    const before = client.attached;
    one(view, "button", "Try again").click();
    expect(client.attached).toBe(before + 1);
  });
});
