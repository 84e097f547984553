import { Blob as NodeBlob } from "node:buffer";
import { beforeAll, expect, test, vi } from "vitest";
import { zippingOf } from "../../src/components/shared/zipping";
import { all, one, press, until } from "../support/panel";
import { Refusal } from "../support/records";
import { bytes, many, share, shelf, side } from "../support/shelf";
import { team } from "../support/team";
import { unzipped } from "../support/unzip";

// Parts that come later are there: what is shown here is not how long they take to be compiled.
beforeAll(() => import("../../src/components/shared/Shared"));

test("several are chosen, by boxes, ranges and all at once", async () => {
  const { hub, ids } = many(1_200);
  hub.post("cy", "general", "https://example.org/report");
  const { aside, items, item, said } = await side(hub);
  await until(() => said() === "1,201 files and links");
  const box = (name: string) => item(name).querySelector("input") as HTMLInputElement;
  const foot = () => aside.querySelector(".cc-shared-foot")?.textContent ?? "";
  const click = (element: HTMLElement, more: MouseEventInit = {}) =>
    element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...more }));
  click(box("file 1199.csv"));
  await until(() => foot().startsWith("1 file chosen"));
  expect(box("file 1199.csv").checked).toBe(true);
  click(box("file 1195.csv"), { shiftKey: true });
  await until(() => foot().startsWith("5 files chosen"));
  click(box("file 1197.csv"));
  await until(() => foot().startsWith("4 files chosen"));
  // One that is deleted is not chosen any more.
  hub.as("bo", { type: "delete" as const, id: ids[1_195] ?? "" });
  await until(() => foot().startsWith("3 files chosen"));
  press(items()[2] as HTMLElement, " ");
  await until(() => foot().startsWith("2 files chosen"));
  press(items()[0] as HTMLElement, "Escape");
  await until(() => foot() === "");
  one(aside, "button", "Choose the first 1,000").click();
  await until(() => foot().startsWith("1,000 files chosen"));
  expect(foot()).toContain("no more at a time");
  one(aside, "button", "Choose none").click();
  await until(() => foot() === "");
});

test("an archive holds what was chosen under names of their own, and says what could not be read", async () => {
  const hub = team();
  const keep = (name: string, text: string) => hub.files.keep(name, bytes(text));
  share(hub, "bo", "general", [keep("report.csv", "one"), keep("Report.csv", "two"), keep("empty", "")]);
  const gone = share(hub, "bo", "general", [keep("gone.bin", "x")]);
  const large = new Uint8Array(1_300_000).map((_, n) => n % 251);
  share(hub, "cy", "general", [hub.files.keep("large ünï.bin", large), keep("../etc/passwd", "safe")]);
  const cut = share(hub, "cy", "general", [hub.files.keep("cut.bin", large)]);
  hub.refuse = (request) =>
    request.type === "get_slice" &&
    (request.file === `${gone}-1` || (request.file === `${cut}-1` && (request.offset ?? 0) > 0))
      ? new Refusal("not_found", "No such file.")
      : null;
  const { aside, panel, said } = await side(hub);
  // That of the test's document gives back no bytes.
  vi.stubGlobal("Blob", NodeBlob);
  const saved: Blob[] = [];
  const made = vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    saved.push(blob as Blob);
    return "blob:x";
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => {});
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
  await until(() => said() === "7 files and links");
  one(aside, "button", "Choose all").click();
  (await until(() => one(aside, "button", "Download as zip"))).click();
  await until(() => {
    const now = zippingOf(panel).store.get();
    if (now?.state !== "done") throw new Error(JSON.stringify(now));
    return true;
  });
  expect(clicked).toHaveBeenCalledTimes(1);
  expect(made).toHaveBeenCalled();
  const archive = await unzipped(new Uint8Array(await (saved.at(-1) as Blob).arrayBuffer()));
  expect([...archive.keys()].sort()).toEqual([
    ...["Not downloaded.txt", "Report.csv", "cut.bin", "empty", "large ünï.bin"],
    ...["passwd", "report (2).csv"],
  ]);
  const text = (name: string) => new TextDecoder().decode(archive.get(name));
  expect(Buffer.compare(archive.get("large ünï.bin") ?? new Uint8Array(), large)).toBe(0);
  expect(text("empty")).toBe("");
  expect(text("passwd")).toBe("safe");
  expect([text("Report.csv"), text("report (2).csv")].sort()).toEqual(["one", "two"]);
  expect(archive.get("cut.bin")?.length).toBe(524_288);
  expect(text("Not downloaded.txt")).toContain("gone.bin: No such file.");
  expect(text("Not downloaded.txt")).toContain("cut.bin is not whole: No such file.");
  const lost = await until(() => one(aside, "list", "Not downloaded"));
  expect(all(lost, "listitem")).toHaveLength(2);
  vi.unstubAllGlobals();
});

test("where the browser asks for a place, the archive goes there as it comes; cancelled, nothing is kept", async () => {
  const hub = shelf();
  const chunks: Uint8Array[] = [];
  let aborted = false;
  const sink = new WritableStream<Uint8Array>({
    write: (chunk) => void chunks.push(chunk),
    abort: () => {
      aborted = true;
    },
  });
  const picker = vi.fn(async (_: { suggestedName: string }) => ({ createWritable: async () => sink }));
  vi.stubGlobal("showSaveFilePicker", picker);
  const { aside, client, panel, said } = await side(hub);
  await until(() => said() === "8 files and links");
  one(aside, "button", "Choose all").click();
  const button = await until(() => one(aside, "button", "Download as zip"));
  client.hold();
  button.click();
  await until(() => one(aside, "progressbar", "Download as zip"));
  expect(picker.mock.calls[0]?.[0].suggestedName).toMatch(/^general \d{4}-\d\d-\d\d\.zip$/);
  one(aside, "button", "Cancel").click();
  await until(() => aborted);
  expect(zippingOf(panel).store.get()).toBeNull();
  expect(chunks).toHaveLength(0);

  const second = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
  picker.mockImplementation(async () => ({ createWritable: async () => second }));
  client.release();
  (await until(() => one(aside, "button", "Download as zip"))).click();
  await until(() => zippingOf(panel).store.get()?.state === "done");
  const archive = await unzipped(Uint8Array.from(Buffer.concat(chunks)));
  expect(archive.size).toBe(6);
  // One thought better of it: nothing happens, and what is chosen stays.
  picker.mockRejectedValueOnce(new DOMException("no", "AbortError"));
  one(aside, "button", "Download as zip").click();
  await until(() => picker.mock.calls.length === 3);
  await until(() => one(aside, "button", "Download as zip"));
  vi.unstubAllGlobals();
});
