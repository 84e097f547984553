import { afterEach, expect, test } from "vitest";
import { speak } from "../src/i18n";
import { systemLine } from "../src/i18n/system";
import { MemoryHub } from "./support/hub";

afterEach(() => speak("en", {}));

/** The lines that a room's history leaves, as the hub words them. */
function lines(): string[] {
  const hub = new MemoryHub();
  hub.member("ana");
  const bo = hub.member("bo").id;
  const room = hub.room("ana", "general");
  const does = (handle: string, type: string, more = {}) => hub.as(handle, { type, room, ...more } as never);
  does("bo", "join");
  does("bo", "leave");
  does("ana", "add", { member: bo });
  does("ana", "remove", { member: bo });
  does("ana", "rename", { name: "plans" });
  does("ana", "set_topic", { topic: "all {member} of it\nand more" });
  does("ana", "set_topic", { topic: "" });
  does("ana", "archive");
  does("ana", "unarchive");
  return [...hub.messages.values()].map((message) => systemLine(message));
}

test("in English they stay as the hub says them", () => {
  expect(lines()).toEqual([
    "joined the room",
    "left the room",
    "added @bo",
    "removed @bo",
    "renamed the room to plans",
    "set the topic: all {member} of it\nand more",
    "removed the topic",
    "archived the room",
    "unarchived the room",
  ]);
});

test("another language says each of them in its own words", () => {
  const spoken = {
    "joined the room": "ist beigetreten",
    "left the room": "ist gegangen",
    "added {member}": "hat {member} hinzugefügt",
    "removed {member}": "hat {member} entfernt",
    "renamed the room to {name}": "hat den Raum in {name} umbenannt",
    "set the topic: {topic}": "hat das Thema gesetzt: {topic}",
    "removed the topic": "hat das Thema entfernt",
    "archived the room": "hat den Raum archiviert",
    "unarchived the room": "hat den Raum aus dem Archiv geholt",
  };
  speak("de", spoken);
  expect(lines()).toEqual([
    "ist beigetreten",
    "ist gegangen",
    "hat @bo hinzugefügt",
    "hat @bo entfernt",
    "hat den Raum in plans umbenannt",
    "hat das Thema gesetzt: all {member} of it\nand more",
    "hat das Thema entfernt",
    "hat den Raum archiviert",
    "hat den Raum aus dem Archiv geholt",
  ]);
});

test.each(["", "added nobody in particular", "joined the room twice", "made a plan"])("%j stays", (text) => {
  speak("de", { "joined the room": "ist beigetreten" });
  expect(systemLine({ text })).toBe(text);
});

test("a line without words says nothing", () => {
  expect(systemLine({ text: null })).toBe("");
});
