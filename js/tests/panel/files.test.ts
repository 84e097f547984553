import { expect, test, vi } from "vitest";
import type * as p from "../../src/protocol";
import { all, effects, nameOf, one, press, until } from "../support/panel";
import { Refusal } from "../support/records";
import { bytesOf, type Given, postFiles, someBytes, watchSaving } from "../support/shown";
import { open, team } from "../support/team";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
const picture = (name: string, width = 800, height = 600): Given => ({
  name,
  bytes: PNG,
  more: { width, height },
  thumbnail: PNG,
});

const TABLE: p.TablePreview = {
  type: "table_preview",
  columns: [
    {
      ...{ name: "region", type: "VARCHAR", nulls: 1, distinct: 2, least: "east", greatest: "west" },
      ...{ bars: [], common: [["west", 3] as [string, number], ["east", 1] as [string, number]] },
    },
    {
      ...{ name: "cost", type: "DOUBLE", nulls: 0, distinct: 5, least: "1.5", greatest: "9" },
      ...{ bars: [3, 0, 1], common: [] },
    },
  ],
  rows: Array.from({ length: 9 }, (_, at) => [at === 1 ? null : "west", `${at}.5`]),
  n_rows: 12_345,
  n_columns: 2,
  looked_at: 10_000,
  sheets: [],
};

async function shown(given: Given[], text = "") {
  const hub = team();
  const saving = watchSaving();
  const message = postFiles(hub, "bo", "general", given, text);
  const there = await open(hub);
  const article = () =>
    there.view.querySelector<HTMLElement>(`article[data-key="${message}"]`) as HTMLElement;
  await until(() => article()?.querySelector(".cc-files"));
  return { ...there, ...saving, message, article };
}

test("pictures stand in rows with their places free, and carry their names", async () => {
  const { article } = await shown([
    picture("harbour.png"),
    picture("tall.png", 300, 3_000),
    picture("crane.jpg", 1_000, 500),
    picture("tiny.png", 16, 16),
  ]);
  const list = one(article(), "list", "Pictures");
  expect(list.querySelectorAll(".cc-picture-row")).toHaveLength(2);
  const places = [...list.querySelectorAll<HTMLElement>(".cc-picture")];
  expect(places.map(({ style }) => style.aspectRatio)).toEqual(["1.333", "0.45", "2", "1"]);
  await until(() => list.querySelectorAll("img").length === 4);
  expect([...list.querySelectorAll("img")].map(({ alt }) => alt)).toEqual([
    ...["harbour.png", "tall.png", "crane.jpg", "tiny.png"],
  ]);
  one(article(), "button", "Download crane.jpg");
  one(article(), "button", "Download all 4 files, 16 bytes");
  expect(article().querySelector(".cc-text")).toBe(null);
});

test("of more pictures than are calm to look at the last place tells how many are behind it", async () => {
  const { article } = await shown(Array.from({ length: 10 }, (_, at) => picture(`${at}.png`)));
  one(article(), "button", "8.png and 1 more");
  expect(article().querySelectorAll(".cc-picture")).toHaveLength(9);
});

test("another file is a card that names itself, its size, and the name that it was given", async () => {
  const { article, saved } = await shown([
    { name: "report.csv", bytes: someBytes(1_234), more: { original: "../../re\u202eport.csv" } },
  ]);
  const card = one(article(), "listitem");
  expect(card.querySelector(".cc-file-facts")?.textContent).toBe(
    "CSV · 1.2 kB · sent as \u2068../../re⟨202E⟩port.csv\u2069",
  );
  one(card, "button", "Download report.csv").click();
  await until(() => saved.length === 1);
  expect(saved[0]?.name).toBe("report.csv");
  expect(Buffer.compare(await bytesOf(saved[0]?.blob as Blob), someBytes(1_234))).toBe(0);
});

test("a download shows how far it is, can be cancelled, and says why it failed", async () => {
  const { hub, client, article, saved, view } = await shown([
    { name: "load.bin", bytes: someBytes(1_200_000) },
  ]);
  client.hold();
  one(article(), "button", "Download load.bin").click();
  const bar = await until(() => article().querySelector("progress"));
  expect(nameOf(bar)).toBe("Download of load.bin");
  expect(article().querySelector(".cc-progress-words")?.textContent).toBe("0 bytes of 1.2 MB");
  const cancel = one(article(), "button", "Cancel the download of load.bin");
  cancel.focus();
  cancel.click();
  await until(() => !article().querySelector(".cc-progress"));
  expect(document.activeElement).toBe(one(article(), "button", "Download load.bin"));
  client.release();
  hub.refuse = (request) =>
    request.type === "get_slice" ? new Refusal("not_found", "You are not in this room any more.") : null;
  one(article(), "button", "Download load.bin").click();
  await until(() => one(article(), "alert").textContent?.includes("You are not in this room any more."));
  expect(saved).toEqual([]);
  hub.refuse = () => null;
  one(article(), "button", "Try again").click();
  await until(() => saved.length === 1);
  await until(() => view.textContent?.includes("load.bin is downloaded."));
  expect(article().querySelector(".cc-progress")).toBe(null);
});

test("a data file opens to its columns, its first rows, and how its values are spread", async () => {
  const { article, view } = await shown([{ name: "costs.csv", preview: TABLE }]);
  const turn = one(article(), "button", "Preview costs.csv");
  expect(turn.getAttribute("aria-expanded")).toBe("false");
  turn.click();
  const table = await until(() => article().querySelector("table"));
  expect(turn.getAttribute("aria-expanded")).toBe("true");
  expect(article().querySelector(".cc-file-caption")?.textContent).toContain("12,345 rows · 2 columns");
  const heads = [...table.querySelectorAll(".cc-data-head")];
  expect(heads.map((head) => head.querySelector("bdi")?.textContent)).toEqual(["region", "cost"]);
  expect(heads[0]?.getAttribute("title")).toBe(
    "from east to west\n2 values\n1 of 10,000 rows without a value\nwest: 3\neast: 1",
  );
  expect(heads[1]?.querySelectorAll(".cc-data-bars i")).toHaveLength(3);
  expect(heads[0]?.querySelectorAll(".cc-data-shares i")).toHaveLength(2);
  expect(table.querySelectorAll("tbody tr")).toHaveLength(6);
  expect(table.querySelector("td[data-none]")?.textContent).toBe("—");
  // All of it in large; the focus comes back from there.
  const more = one(article(), "button", "Show more");
  more.focus();
  more.click();
  const viewer = await until(() => one(view, "dialog", "costs.csv"));
  await until(() => viewer.querySelectorAll("tbody tr").length === 9);
  press(viewer, "Escape");
  await until(() => all(view, "dialog", "costs.csv").length === 0);
  expect(document.activeElement).toBe(more);
});

test("HTML and SVG are text, whatever they say, and a name is nothing but a name", async () => {
  const evil = "<img src=x onerror=alert(1)><script>alert(1)</script>";
  const text = (text: string): p.TextPreview => ({
    ...{ type: "text_preview", text, language: "xml", n_lines: 1, more: false },
  });
  const { article, view, blobs } = await shown([
    {
      name: `${evil}.html`,
      more: { name: `${evil}.html`, type: "text/html", kind: "code" },
      preview: text(evil),
    },
    {
      name: "logo.svg",
      more: { type: "image/svg+xml", kind: "picture", width: 10, height: 10 },
      preview: text(`<svg onload="alert(1)">${evil}</svg>`),
    },
  ]);
  for (const turn of all(article(), "button", /^Preview /)) turn.click();
  await until(() => article().querySelectorAll(".cc-file-code").length === 2);
  await until(() => article().querySelector(".cc-hl-tag, .cc-hl-name"));
  expect(article().querySelector(".cc-file-code")?.textContent).toBe(evil);
  expect(view.querySelectorAll("script, img, iframe, object, embed, svg image")).toHaveLength(0);
  expect(one(article(), "button", `Preview ${evil}.html`).querySelector("bdi")?.innerHTML).not.toContain(
    "<img",
  );
  expect([...blobs.values()]).toEqual([]);
});

test("a notebook shows its cells as they were saved, and runs nothing of them", async () => {
  const preview: p.NotebookPreview = {
    type: "notebook_preview",
    cells: [
      {
        ...{ kind: "markdown", source: "# Load\n\n<script>alert(1)</script> @ana [x](javascript:alert(1))" },
        ...{ count: null, output: "", picture: "" },
      },
      {
        ...{ kind: "code", source: "print(1)", count: 3, output: "<b>1</b>" },
        picture: "iVBORw0KGgoAAAA=",
      },
      {
        ...{ kind: "code", source: "1", count: null, output: "" },
        picture: 'iVBORw0KGgo" onerror="alert(1)',
      },
    ],
    language: "python",
    n_cells: 40,
  };
  const { article } = await shown([{ name: "load.ipynb", preview }]);
  one(article(), "button", "Preview load.ipynb").click();
  const cells = await until(() => article().querySelector(".cc-nb-cells"));
  await until(() => cells.querySelector("h1"));
  expect(article().querySelector(".cc-file-caption")?.textContent).toContain("40 cells");
  expect(cells.querySelector("script")).toBe(null);
  expect(cells.querySelector("a[href], [data-member]")).toBe(null);
  await until(() => cells.querySelector(".cc-hl-built_in, .cc-hl-title"));
  expect(cells.querySelector(".cc-nb-output")?.textContent).toBe("<b>1</b>");
  const pictures = [...cells.querySelectorAll("img")];
  expect(pictures.map(({ src }) => src)).toEqual(["data:image/png;base64,iVBORw0KGgoAAAA="]);
});

test("a PDF shows its first page and how many it has; an archive its names; what has nothing says so", async () => {
  const { article } = await shown([
    {
      name: "paper.pdf",
      preview: { type: "document_preview", n_pages: 12, text: "Abstract" },
      thumbnail: PNG,
    },
    {
      name: "all.zip",
      preview: {
        type: "archive_preview",
        names: [
          ["src/", 0],
          ["src/<b>.py", 1_500],
        ],
        n_entries: 30,
      },
    },
    { name: "broken.parquet", preview: { type: "no_preview", problem: "It is no Parquet file." } },
  ]);
  for (const turn of all(article(), "button", /^Preview /)) turn.click();
  await until(() => article().querySelector('img[alt="First page of paper.pdf"]'));
  expect(article().textContent).toContain("12 pages");
  const names = await until(() => one(article(), "list", "What is in all.zip"));
  expect([...names.children].map((line) => line.textContent)).toEqual(["src/", "src/<b>.py1.5 kB"]);
  expect(article().textContent).toContain("and 28 more");
  await until(() => article().textContent?.includes("It is no Parquet file."));
});

test("a sound is fetched when it is opened, a large one when it is asked for again", async () => {
  const { article, asked, blobs } = await shown([
    { name: "standup.wav", bytes: someBytes(600_000) },
    { name: "long.mp4", bytes: someBytes(10), more: { size: 30_000_000 } },
  ]);
  one(article(), "button", "Preview standup.wav").click();
  const player = await until(() => article().querySelector("audio"));
  expect(nameOf(player)).toBe("standup.wav");
  expect(blobs.get(player.src)?.type).toBe("audio/wav");
  const before = asked("get_slice").length;
  one(article(), "button", "Preview long.mp4").click();
  await until(() =>
    article().textContent?.includes("It has 30 MB, all of which has to come before it plays."),
  );
  expect(asked("get_slice")).toHaveLength(before);
  one(article(), "button", "Load and play").click();
  await until(() => one(article(), "alert").textContent?.includes("not as long as it should be"));
  player.dispatchEvent(new Event("error"));
  await until(() => article().textContent?.includes("This browser does not play it."));
});

test("a preview that fails says why and can be asked for again", async () => {
  const { hub, article, asked } = await shown([{ name: "costs.csv", preview: TABLE }]);
  hub.refuse = (request) =>
    request.type === "get_preview" ? new Refusal("internal", "It took too long.") : null;
  one(article(), "button", "Preview costs.csv").click();
  await until(() => one(article(), "alert").textContent?.includes("It took too long."));
  hub.refuse = () => null;
  one(article(), "button", "Try again").click();
  await until(() => article().querySelector("table"));
  // It is known now, and not asked for once more.
  const before = asked("get_preview").length;
  one(article(), "button", "Preview costs.csv").click();
  await until(() => !article().querySelector("table"));
  one(article(), "button", "Preview costs.csv").click();
  await until(() => article().querySelector("table"));
  expect(asked("get_preview")).toHaveLength(before);
});

test("the viewer shows one file after another, zooms by keys, and gives the focus back", async () => {
  const { article, view } = await shown([
    picture("one.png"),
    picture("two.png", 3_000, 2_000),
    {
      name: "notes.txt",
      preview: { type: "text_preview", text: "a\nb", language: "", n_lines: 2, more: false },
    },
  ]);
  const opener = one(article(), "button", "one.png");
  opener.focus();
  opener.click();
  const viewer = await until(() => one(view, "dialog", "one.png"));
  expect(viewer.getAttribute("aria-modal")).toBe("true");
  const image = () => viewer.querySelector<HTMLImageElement>(".cc-stage-picture");
  await until(image);
  expect(viewer.textContent).toContain("1 of 3");
  await effects();
  press(viewer, "+");
  await until(() => image()?.style.transform.includes("scale(1.5)"));
  press(viewer, "+");
  press(viewer, "-");
  press(viewer, "0");
  await until(() => image()?.style.transform.includes("scale(1)"));
  press(viewer, "ArrowRight");
  await until(() => nameOf(viewer) === "two.png" && image()?.alt === "two.png");
  press(viewer, "ArrowRight");
  await until(() => nameOf(viewer) === "notes.txt" && viewer.querySelector(".cc-file-code"));
  expect(all(viewer, "button", "Larger")).toHaveLength(0);
  press(viewer, "ArrowRight");
  await until(() => nameOf(viewer) === "one.png");
  press(viewer, "ArrowLeft");
  await until(() => nameOf(viewer) === "notes.txt");
  one(viewer, "button", "Previous file").click();
  await until(() => nameOf(viewer) === "two.png");
  press(viewer, "Escape");
  await until(() => all(view, "dialog").length === 0);
  expect(document.activeElement).toBe(opener);
});

test("the viewer shows where a file stands in the conversation, and goes with its message", async () => {
  const { hub, article, view, message } = await shown([picture("one.png")]);
  one(article(), "button", "one.png").click();
  const viewer = await until(() => one(view, "dialog", "one.png"));
  one(viewer, "button", "Show in conversation").click();
  await until(() => article().dataset.lit !== undefined);
  expect(all(view, "dialog")).toHaveLength(0);
  one(article(), "button", "one.png").click();
  await until(() => one(view, "dialog", "one.png"));
  hub.as("bo", { type: "delete" as const, id: message });
  await until(() => all(view, "dialog").length === 0);
});

test("a picture that cannot be drawn says so, in its place and in large", async () => {
  const broken = { ...picture("broken.png"), thumbnail: undefined } as unknown as Given;
  const { hub, article, view } = await shown([broken]);
  hub.refuse = (request) => (request.type === "get_slice" ? new Refusal("not_found", "No such file.") : null);
  const opener = await until(() => article().querySelector<HTMLElement>(".cc-picture-open"));
  opener.click();
  const viewer = await until(() => one(view, "dialog", "broken.png"));
  await until(() => one(viewer, "alert").textContent?.includes("No such file."));
  hub.refuse = () => null;
  one(viewer, "button", "Try again").click();
  const image = await until(() => viewer.querySelector<HTMLImageElement>(".cc-stage-picture"));
  image.dispatchEvent(new Event("error"));
  await until(() => one(viewer, "alert").textContent?.includes("This picture cannot be shown."));
});

test("where there is no notebook the code that loads a file is copied, and the link of its message too", async () => {
  const copied: string[] = [];
  vi.stubGlobal("navigator", {
    ...{ platform: "", language: "en", languages: ["en"] },
    clipboard: { writeText: async (text: string) => void copied.push(text) },
  });
  const { article, view, message, hub } = await shown([{ name: "costs.csv" }]);
  const choose = async (label: string) => {
    one(article(), "button", "More for costs.csv").click();
    (await until(() => one(view, "menuitem", label))).click();
  };
  await choose("Copy code that loads it");
  await until(() => copied.length === 1);
  expect(copied[0]).toBe(`# costs.csv\ndf = chat.file("${message}-1").df()`);
  await choose("Copy link to the message");
  await until(() => copied.length === 2);
  expect(copied[1]).toBe(`collabchat:${hub.roomOf("general").id}/${message}`);
  vi.unstubAllGlobals();
});

test("in a notebook the code stands in a cell below the panel's", async () => {
  const { article, view, message, panel } = await shown([{ name: "costs.csv" }]);
  const inserted: [number, unknown][] = [];
  panel.manager = {
    context: {
      model: {
        readOnly: false,
        sharedModel: {
          cells: { length: 5 },
          insertCell: (at: number, cell: unknown) => inserted.push([at, cell]),
        },
      },
    },
  };
  const book = document.createElement("div");
  book.className = "jp-NotebookPanel";
  const cell = document.createElement("div");
  cell.className = "jp-Cell";
  cell.dataset.windowedListIndex = "2";
  book.append(cell);
  view.replaceWith(book);
  cell.append(view);
  one(article(), "button", "More for costs.csv").click();
  (await until(() => one(view, "menuitem", "Insert code that loads it"))).click();
  await until(() => inserted.length === 1);
  const source = `# costs.csv\ndf = chat.file("${message}-1").df()`;
  expect(inserted[0]).toEqual([3, { cell_type: "code", source, metadata: {} }]);
  book.remove();
});

test("all files of a message come with one click, and a forwarded message brings its files", async () => {
  const { hub, article, view, saved, message } = await shown([{ name: "a.csv" }, { name: "b.txt" }]);
  one(article(), "button", "Download all 2 files, 6 bytes").click();
  await until(() => saved.length === 1);
  expect(saved[0]?.name).toMatch(/^general \d{4}-\d\d-\d\d\.zip$/);
  const archive = Buffer.from(await bytesOf(saved[0]?.blob as Blob)).toString("latin1");
  expect(archive.startsWith("PK")).toBe(true);
  expect(archive).toContain("a.csv");
  expect(archive).toContain("b.txt");
  await until(() => view.textContent?.includes("2 files are downloaded."));
  hub.refuse = (request) => (request.type === "get_slice" ? new Refusal("not_found", "No such file.") : null);
  one(article(), "button", "Download all 2 files, 6 bytes").click();
  await until(() => one(article(), "alert").textContent?.includes("a.csv: No such file."));
  hub.refuse = () => null;
  const room = hub.roomOf("general").id;
  const { id } = hub.as("ana", { type: "forward" as const, id: message, room, text: "see" });
  const forwarded = await until(() => view.querySelector<HTMLElement>(`article[data-key="${id}"] .cc-files`));
  saved.length = 0;
  one(forwarded, "button", "Download a.csv").click();
  await until(() => saved.length === 1);
});

test("Tab reaches the files of the message that has the focus, and of no other", async () => {
  const { hub, article, view } = await shown([{ name: "a.csv" }, picture("b.png")]);
  const tabs = () =>
    [...article().querySelectorAll<HTMLElement>(".cc-files button")].map(({ tabIndex }) => tabIndex);
  expect(new Set(tabs())).toEqual(new Set([0]));
  hub.post("bo", "general", "and now?");
  await until(() => all(view, "article").length === 3);
  await until(() => new Set(tabs()).has(-1));
  expect(new Set(tabs())).toEqual(new Set([-1]));
});

test("a message of files alone is named by its first file, where one line has to do", async () => {
  const { hub, article, view, saved, message } = await shown([{ name: "a.csv" }, { name: "b.txt" }]);
  hub.post("bo", "general", "that one", { reply_to: message, quote: true });
  await until(() => view.querySelector(".cc-quoted")?.textContent === "Bo Lindqvist 📎 a.csv");
  article().dispatchEvent(new PointerEvent("pointerenter"));
  (await until(() => one(article(), "button", "More"))).click();
  (await until(() => one(view, "menuitem", "Download all 2 files"))).click();
  await until(() => saved.length === 1);
  expect(saved[0]?.name).toMatch(/\.zip$/);
});

test("who is taken out of a private room in a download is told that there is no more of it", async () => {
  const hub = team();
  watchSaving();
  hub.room("bo", "vault", ["ana"], { kind: "private" });
  postFiles(hub, "bo", "vault", [{ name: "load.bin", bytes: someBytes(600_000) }]);
  const { view, client } = await open(hub, "vault");
  const button = await until(() => one(view, "button", "Download load.bin"));
  client.hold();
  button.click();
  await until(() => view.querySelector("progress"));
  const room = hub.roomOf("vault").id;
  hub.as("bo", { type: "remove" as const, room, member: hub.memberOf("ana").id });
  await until(() => all(view, "button", "Download load.bin").length === 0);
  client.release();
  await until(() => view.textContent?.includes("load.bin was not downloaded. No such room."));
});
