import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { dataFiles } from "../build/data.mjs";
import { compare, completed, languagesIn, readLanguage, wordsIn, wordsOf } from "../build/words.mjs";
import { chunks } from "../src/chunks";
import { languageFor, languages, ownName } from "../src/components/language";
import { speak, spoken, t, tn } from "../src/i18n";
import { all, memories, one, panelOn, until, viewOf } from "./support/panel";
import { team } from "./support/team";

const SRC = `${import.meta.dirname}/../src`;

afterEach(() => speak("en", {}));

describe("a text", () => {
  test("is English where a language has nothing else", () => {
    speak("de", { Send: "Senden", Empty: "" });
    expect(t("Send")).toBe("Senden");
    expect(t("Receive")).toBe("Receive");
    expect(t("Empty")).toBe("Empty");
  });

  test("has its values in their places, whatever they are", () => {
    speak("de", { "{name} left {room}": "{room} hat {name} verlassen" });
    expect(t("{name} left {room}", { name: "$& {room}", room: "x" })).toBe("x hat $& {room} verlassen");
    expect(t("{nobody} knows", {})).toBe("{nobody} knows");
  });

  test("counts as the language does", () => {
    expect([0, 1, 2].map((n) => tn(n, "1 reply", "{n} replies"))).toEqual([
      "0 replies",
      "1 reply",
      "2 replies",
    ]);
    speak("pl", {
      "{n} files": { one: "{n} plik", few: "{n} pliki", many: "{n} plików", other: "{n} pliku" },
    });
    expect([1, 3, 5, 22, 1.5].map((n) => tn(n, "1 file", "{n} files"))).toEqual([
      "1 plik",
      "3 pliki",
      "5 plików",
      "22 pliki",
      "1.5 pliku",
    ]);
    speak("pl", { "{n} files": { one: "", other: "" } });
    expect(tn(1, "1 file", "{n} files")).toBe("1 file");
  });
});

describe("the source", () => {
  test("says everything through t() and tn()", async () => {
    expect((await wordsOf(SRC)).problems).toEqual([]);
  });

  test.each([
    "<p>Words</p>",
    "<p>{many ? 'Words' : t('More')}</p>",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of one
    "<p>{`${n} words`}</p>",
    "<p>{n > 0 && 'words'}</p>",
    "<p>{n + ' words'}</p>",
    "<button title='words' />",
    "<button aria-label={busy ? t('Busy') : 'Words'} />",
    "<input placeholder={'words'} />",
    "<img alt='Words' />",
    "<Choice label='Words' />",
    "<Choice options={[{ value: 'a', label: 'Words' }]} />",
    "complain('Words')",
    "view.tell({ text: 'Words' })",
    "tell({ text: t('A'), action: { label: 'Some words', act } })",
    "setProblem(bad ? 'Some words' : null)",
    "throw new Error('Words are missing.')",
    "element.setAttribute('aria-label', 'words')",
    "element.title = 'words'",
    "const key = { what: () => 'Words' }",
    "t(words)",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of one
    "t(`Some ${words}`)",
    "tn(n, '1 word', many)",
  ])("is seen to go past them in %s", (source) => {
    expect(wordsIn("x.tsx", source).problems).toHaveLength(1);
  });

  test.each([
    "<p class='words'>{t('Words')} · {n} {'—'} </p>",
    "<p>{n}&nbsp;&gt;</p>",
    "<section aria-label='collabchat' data-screen='room' />",
    "<button title={t('Words')} type='button' />",
    "complain(error)",
    "view.tell({ text: t('Words'), stay: 5 })",
    "throw new Error('outside of a panel')",
    "const sent = { type: 'post', text: 'x', kind: 'text' }",
    "t(many ? 'Words' : 'Word')",
  ])("is not blamed for %s", (source) => {
    expect(wordsIn("x.tsx", source).problems).toEqual([]);
  });

  test("gives its keys", () => {
    const { keys } = wordsIn("x.tsx", "t('A');\nt(b ? 'B' : 'C'); tn(n, '1 d', '{n} ds', { e: f(t('F')) })");
    expect(keys).toEqual([
      { key: "A", one: null, at: "x.tsx:1" },
      { key: "B", one: null, at: "x.tsx:2" },
      { key: "C", one: null, at: "x.tsx:2" },
      { key: "{n} ds", one: "1 d", at: "x.tsx:2" },
      { key: "F", one: null, at: "x.tsx:2" },
    ]);
  });
});

describe("a language", async () => {
  const { keys } = await wordsOf(SRC);
  const there = await languagesIn(SRC);

  test("is there beside English", () => expect(there).toContain("de"));

  test.each(there)("has exactly the texts that there are: %s", async (code) => {
    const dictionary = await readLanguage(SRC, code);
    expect(compare(code, dictionary, keys)).toEqual({ missing: [], superfluous: [], wrong: [] });
    // In one order, so that two people who add to it do not meet in one place.
    expect(Object.keys(dictionary)).toEqual(Object.keys(completed(code, dictionary, keys)));
    expect(ownName(code)).not.toBe(code);
  });

  test("is told what it lacks", () => {
    const keys = new Map([
      ["Send", { one: null, places: [] }],
      ["To {room}", { one: null, places: [] }],
      ["{n} files of {who}", { one: "1 file of {who}", places: [] }],
    ]);
    const told = (dictionary: Record<string, string | Record<string, string>>, code = "de") => {
      const { missing, superfluous, wrong } = compare(code, dictionary, keys);
      return [missing, superfluous, wrong].map((list) => list.length);
    };
    const good = {
      Send: "Senden",
      "To {room}": "An {room}",
      "{n} files of {who}": { one: "Eine Datei von {who}", other: "{n} Dateien von {who}" },
    };
    expect(told(good)).toEqual([0, 0, 0]);
    expect(told({})).toEqual([3, 0, 0]);
    expect(told({ ...good, Send: "" })).toEqual([1, 0, 0]);
    expect(told({ ...good, More: "Mehr" })).toEqual([0, 1, 0]);
    expect(told({ ...good, "To {room}": "An den Raum" })).toEqual([0, 0, 1]);
    expect(told({ ...good, "To {room}": "An {raum}" })).toEqual([0, 0, 1]);
    expect(told({ ...good, "{n} files of {who}": { one: "Eine", other: "{n} von {who}" } })).toEqual([
      0, 0, 1,
    ]);
    expect(told({ ...good, "{n} files of {who}": { other: "{n} Dateien von {who}" } })).toEqual([1, 0, 0]);
    expect(told({ ...good, "{n} files of {who}": "{n} Dateien von {who}" })).toEqual([2, 0, 1]);
    expect(told(good, "pl")).toEqual([2, 0, 0]);
  });

  test("is chosen by what the browser speaks", () => {
    const known = ["en", "de", "pt", "pt-BR"];
    expect(languageFor("auto", known, ["fr-CA", "de-AT", "en"])).toBe("de");
    expect(languageFor("auto", known, ["pt-BR"])).toBe("pt-BR");
    expect(languageFor("auto", known, ["pt-PT"])).toBe("pt");
    expect(languageFor("auto", known, ["ja"])).toBe("en");
    expect(languageFor("de", known, ["en"])).toBe("de");
    expect(languageFor("xx", known, ["de"])).toBe("en");
  });

  test("is added as one file: built, listed by its own name, brought when it is chosen, and drawn", async () => {
    const folder = await mkdtemp(`${tmpdir()}/words-`);
    onTestFinished(() => rm(folder, { recursive: true }));
    await mkdir(`${folder}/i18n`);
    await cp(`${SRC}/i18n/de.json`, `${folder}/i18n/de.json`);
    const french = { Settings: "Paramètres", Recent: "Récents" };
    await writeFile(`${folder}/i18n/fr.json`, JSON.stringify(french));
    const made = await dataFiles(folder);
    expect(JSON.parse(String(made["fr.json"]))).toEqual(french);

    expect(String(made["emoji-fr.txt"])).toContain("fusée");

    const before = { ...chunks.files };
    const files = chunks.files as Record<string, [string]>;
    for (const name of Object.keys(made)) files[name] = ["hash"];
    onTestFinished(() => {
      for (const name of Object.keys(made)) delete files[name];
      Object.assign(files, before);
    });
    expect(languages()).toEqual(["en", "de", "fr"]);
    expect(languages().map(ownName)).toEqual(["English", "Deutsch", "Français"]);

    const asked: string[] = [];
    const hub = team();
    const client = hub.connect("ana");
    const panel = panelOn(client.transport, memories());
    client.transport.asset = async (name) => {
      asked.push(name);
      return new TextEncoder().encode(made[name.replace("-hash", "")]);
    };
    const view = viewOf(panel, "general");
    client.up();
    await until(() => one(view, "tab", "Recent"));
    expect(asked).toEqual([]);
    panel.setPreferences({ language: "fr" });
    await until(() => one(view, "tab", "Récents"));
    expect(one(view, "region", "collabchat").lang).toBe("fr");
    expect(all(view, "button", "Paramètres")).toHaveLength(1);
    // What it does not have stays English.
    expect(all(view, "button", "New room").length).toBeGreaterThan(0);
    expect(asked).toEqual(["fr-hash.json"]);
    panel.setPreferences({ language: "en" });
    await until(() => one(view, "tab", "Recent"));
    expect(spoken()).toBe("en");
  });

  test("needs nothing but what docs/translating.md says", async () => {
    const page = await readFile(`${SRC}/../../docs/translating.md`, "utf8");
    const { scripts } = JSON.parse(await readFile(`${SRC}/../package.json`, "utf8"));
    expect(page).toContain("npm run words");
    expect(scripts.words).toBe("node words.mjs");
  });
});
