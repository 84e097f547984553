import { expect, test } from "vitest";
import { copiedFiles } from "../src/components/attach/copied";
import { endingOf, leftText, percent, sentOf } from "../src/components/attach/progress";
import { fitting } from "../src/uploads/fit";
import { MOST, Pace } from "../src/uploads/pace";

/** A pace, and the clock that it goes by. */
function paced() {
  let now = 0;
  const pace = new Pace(() => now);
  const flying: ((bytes?: number) => void)[] = [];
  const asking = () => void pace.turn().then((end) => flying.push(end));
  const settled = () => new Promise<void>((go) => setTimeout(go));
  return {
    pace,
    flying,
    asking,
    settled,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test("slices that come through quickly make room for more, up to eight; slow ones make way for messages", async () => {
  const { flying, asking, settled, pass } = paced();
  for (let i = 0; i < 200; i++) asking();
  await settled();
  expect(flying.length).toBe(4);
  const round = async (ms: number) => {
    pass(ms);
    for (const end of flying.splice(0)) end(1_000);
    await settled();
    return flying.length;
  };
  expect(await round(100)).toBe(MOST);
  expect(await round(100)).toBe(MOST);
  expect(await round(5_000)).toBe(1);
  expect(await round(100)).toBe(2);
});

test("one that was lost gives its place back, and says nothing of the speed", async () => {
  const { pace, flying, asking, settled, pass } = paced();
  for (let i = 0; i < 6; i++) asking();
  await settled();
  for (const end of flying.splice(0)) end();
  await settled();
  expect(flying.length).toBe(2);
  expect(pace.speed).toBeNull();
  for (let i = 0; i < 20; i++) asking();
  for (let i = 0; i < 5; i++) {
    pass(500);
    flying.shift()?.(1_000_000);
    await settled();
  }
  expect(pace.speed).toBe(2_000_000);
  // What was quick long ago is no speed.
  pass(60_000);
  expect(pace.speed).toBeNull();
});

test("what fits is taken, in the order in which it was given", () => {
  const limits = { attachments: 4, attachment_bytes: 100 };
  const file = (name: string, size: number) => ({ name, size });
  const given = [file("a", 60), file("b", 41), file("c", 40), file("d", 0), file("e", 1), file("f", 0)];
  const { fits, problems } = fitting(limits, [file("there", 0)], given);
  expect(fits.map(({ name }) => name)).toEqual(["a", "c", "d"]);
  expect(problems).toEqual([
    "A message has at most 4 files: 2 are too many, from “e” on.",
    "The files of a message have at most 100 bytes together: “b” is 1 byte over that.",
  ]);
  expect(fitting({ ...limits, attachments: 0 }, [], [file("a", 1)]).problems).toEqual([
    "Files cannot be attached in this workspace.",
  ]);
});

test("what is copied is files, a picture, or text", () => {
  const now = new Date(2026, 10, 24, 14, 3);
  const copied = (text: string, ...names: string[]) =>
    copiedFiles(
      {
        files: names.map((name) => new File(["x"], name)) as unknown as FileList,
        types: [],
        getData: (type) => (type === "text/plain" ? text : ""),
      },
      now,
    ).map(({ name }) => name);
  expect(copied("", "image.png", "image.PNG")).toEqual([
    "Pasted picture 2026-11-24 14.03.png",
    "Pasted picture 2026-11-24 14.03 (2).png",
  ]);
  expect(copied("", "report.pdf")).toEqual(["report.pdf"]);
  expect(copied("a.csv\r\nb.csv", "a.csv", "b.csv")).toEqual(["a.csv", "b.csv"]);
  expect(copied("file:///home/ana/my%20notes.txt", "my notes.txt")).toEqual(["my notes.txt"]);
  expect(copied("C:\\work\\a.csv", "a.csv")).toEqual(["a.csv"]);
  expect(copied("cells\tof a sheet", "image.png")).toEqual([]);
  expect(copied("words")).toEqual([]);
  expect(copiedFiles(null)).toEqual([]);
});

test("progress is said as people say it", () => {
  expect([0, 0.5, 0.999, 1].map(percent)).toEqual(["0%", "50%", "99%", "100%"]);
  expect([0.2, 40, 89, 100, 3_000, 9_000].map(leftText)).toEqual(
    "1 sec,40 sec,89 sec,2 min,50 min,3 hr".split(","),
  );
  expect(["a.csv", "costs.parquet", "README", "a.toolongtobeone"].map(endingOf)).toEqual([
    ...["CSV", "PARQUET", "", ""],
  ]);
  const nothing = { upload: "u", room: "1", name: "a", picture: null, problem: null, file: null };
  const all = sentOf([
    { ...nothing, size: 10, sent: 10, state: "done" },
    { ...nothing, size: 30, sent: 5, state: "sending" },
  ]);
  expect(all).toEqual({ sent: 15, size: 40, done: 1, n: 2, under: true });
});
