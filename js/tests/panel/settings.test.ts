import { afterEach, describe, expect, test, vi } from "vitest";
import { chunks } from "../../src/chunks";
import { languageFor, ownName } from "../../src/components/language";
import { middleOf, squareOf } from "../../src/components/settings/picture";
import { speak } from "../../src/i18n";
import { all, one, press, type, until } from "../support/panel";
import { open, team } from "../support/team";

async function settings(page?: string) {
  const opened = await open(team());
  const { view, hub } = opened;
  one(view, "button", "Settings").click();
  const dialog = await until(() => one(view, "dialog", "Settings"));
  if (page) one(dialog, "tab", page).click();
  await until(() => one(dialog, "tabpanel", page ?? "Appearance"));
  const chosen = () => hub.preferences.get(hub.memberOf("ana").id);
  const select = (label: string, value: string) => {
    const field = [...dialog.querySelectorAll("label")].find((one) => one.textContent?.startsWith(label));
    const found = field?.control as HTMLSelectElement;
    found.value = value;
    found.dispatchEvent(new Event("change", { bubbles: true }));
  };
  return { ...opened, dialog, chosen, select };
}

describe("settings", () => {
  test("pages, by mouse and by keys", async () => {
    const { dialog } = await settings();
    expect(all(dialog, "tab").map(({ textContent }) => textContent)).toEqual([
      ...["Appearance", "Text box", "Keyboard"],
    ]);
    expect(document.activeElement).toBe(one(dialog, "tab", "Appearance"));
    press(one(dialog, "tab", "Appearance"), "ArrowDown");
    await until(() => one(dialog, "tabpanel", "Text box"));
    expect(document.activeElement).toBe(one(dialog, "tab", "Text box"));
    press(one(dialog, "tab", "Text box"), "ArrowDown");
    const keys = await until(() => one(dialog, "tabpanel", "Keyboard"));
    expect(keys.textContent).toContain("Next unread conversation");
  });

  test("theme and density show at once and are kept by the hub", async () => {
    const { view, dialog, chosen } = await settings();
    const region = one(view, "region", "collabchat");
    one(dialog, "radio", "Dark").click();
    await until(() => region.dataset.theme === "dark");
    one(dialog, "radio", "Compact").click();
    await until(() => region.dataset.density === "compact");
    await until(() => chosen()?.theme === "dark" && chosen()?.density === "compact");
  });

  test("the clock: everything is written anew, and the focus stays", async () => {
    const { view, hub, select, chosen } = await settings();
    const field = () =>
      [...view.querySelectorAll("select")].find(({ textContent }) => textContent?.includes("12 hours"));
    const time = () => one(one(view, "list", "Conversations"), "listitem", "general").querySelector("time");
    hub.post("bo", "general", "now");
    field()?.focus();
    select("Time of day", "12");
    await until(() => /[ap]m$/i.test(view.querySelector(".cc-log time")?.textContent ?? ""));
    expect(time()).not.toBeNull();
    await until(() => document.activeElement === field());
    await until(() => chosen()?.clock === "12");
  });

  test("the name, as everybody sees it", async () => {
    const { hub, view, dialog } = await settings();
    type(one(dialog, "textbox", "Name"), "  Ana  Maria Ruiz ");
    await until(() => !(one(dialog, "button", "Save") as HTMLButtonElement).disabled);
    press(one(dialog, "textbox", "Name"), "Enter");
    await until(() => hub.memberOf("ana").name === "Ana Maria Ruiz");
    await until(
      () => one(view, "button", "Your status").querySelector("span")?.textContent === "Ana Maria Ruiz",
    );
  });

  test("the text box: Enter, the bar, the skin of emoji", async () => {
    const { dialog, chosen } = await settings("Text box");
    one(dialog, "radio", "Enter adds a line").click();
    one(dialog, "radio", /Dark skin$/).click();
    (dialog.querySelector("input[type=checkbox]") as HTMLInputElement).click();
    await until(() => chosen()?.enter === "line" && chosen()?.skin === 5 && chosen()?.bar === false);
  });

  test("a file that is no picture is refused with what to do", async () => {
    const { dialog } = await settings();
    vi.stubGlobal("createImageBitmap", () => Promise.reject(new Error("no")));
    const field = dialog.querySelector("input[type=file]") as HTMLInputElement;
    Object.defineProperty(field, "files", { value: [new File(["no"], "no.png")], configurable: true });
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await until(() => one(dialog, "alert").textContent?.startsWith("The browser cannot read this file"));
    vi.unstubAllGlobals();
  });
});

describe("a picture", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("its middle makes the square", () => {
    expect(middleOf(400, 300)).toEqual({ x: 50, y: 0, side: 300 });
    expect(middleOf(300, 401)).toEqual({ x: 0, y: 51, side: 300 });
  });

  test("the best quality that fits is taken", async () => {
    vi.stubGlobal("createImageBitmap", () => Promise.resolve({ width: 400, height: 300, close() {} }));
    const drawn: unknown[][] = [];
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue({
      drawImage: (...how: unknown[]) => drawn.push(how.slice(1)),
    } as unknown as RenderingContext as never);
    const sizes: Record<string, number> = {
      "image/webp 0.86": 90,
      "image/webp 0.6": 50,
      "image/jpeg 0.8": 10,
    };
    vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((done, kind = "", quality = 1) =>
      done(new Blob([new Uint8Array(sizes[`${kind} ${quality}`] ?? 5)], { type: kind })),
    );
    const file = new File(["x"], "me.png", { type: "image/png" });
    expect(atob(await squareOf(file, 60))).toHaveLength(50);
    expect(drawn).toEqual([[50, 0, 300, 300, 0, 0, 128, 128]]);
    expect(atob(await squareOf(file, 20))).toHaveLength(10);
    await expect(squareOf(file, 2)).rejects.toThrow("choose a simpler one");
  });
});

describe("language", () => {
  afterEach(() => speak("en", {}));

  test("the chosen one, else the browser's, else English", () => {
    const known = ["en", "de", "pt-BR"];
    expect(languageFor("auto", known, ["fr-FR", "de-AT", "en"])).toBe("de");
    expect(languageFor("auto", known, ["pt-BR"])).toBe("pt-BR");
    expect(languageFor("auto", known, ["fr"])).toBe("en");
    expect(languageFor("de", known, ["en"])).toBe("de");
    expect(languageFor("fr", known, ["de"])).toBe("en");
    expect(ownName("de")).toBe("Deutsch");
  });

  test("its words come when it is chosen, and everything is drawn in them", async () => {
    const files = chunks.files as Record<string, [string]>;
    files["de.json"] = ["test"];
    const { view, panel, select, chosen } = await settings();
    const words = { Category: "Kategorie", Settings: "Einstellungen", Language: "Sprache" };
    const asset = vi.fn(async () => new TextEncoder().encode(JSON.stringify(words)));
    panel.transport.asset = asset;
    select("Language", "de");
    await until(() => one(view, "tab", "Kategorie"));
    one(view, "dialog", "Einstellungen");
    expect(asset).toHaveBeenCalledWith("de-test.json");
    await until(() => chosen()?.language === "de");
    // What it has no words for stays English.
    one(view, "tab", "Recent");
    delete files["de.json"];
  });
});

describe("status", () => {
  test("emoji, words and an end; then none", async () => {
    const { hub, view } = await open(team());
    one(view, "button", "Your status").click();
    const dialog = await until(() => one(view, "dialog", "Your status"));
    one(dialog, "button", /^.*Focusing/).click();
    const before = Date.now();
    await until(() => (one(dialog, "textbox", "Status") as HTMLInputElement).value === "Focusing");
    one(dialog, "button", "Save").click();
    await until(() => all(view, "dialog").length === 0);
    const status = hub.memberOf("ana").status;
    expect(status).toMatchObject({ emoji: "🎧", text: "Focusing" });
    expect(((status?.until ?? 0) / 1000 - before) / 60_000).toBeCloseTo(60, 0);
    await until(() => one(view, "button", "Your status").textContent?.includes("🎧"));
    one(view, "button", "Your status").click();
    one(await until(() => one(view, "dialog", "Your status")), "button", "Clear status").click();
    await until(() => hub.memberOf("ana").status === null);
    await until(() => !one(view, "button", "Your status").textContent?.includes("🎧"));
  });
});
