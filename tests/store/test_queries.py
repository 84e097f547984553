"""Pages and counts, against an obvious answer in plain Python."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collabchat import protocol as p
from collabchat.store import frames, queries
from collabchat.store.seed import Seeder
from collabchat.store.workspace import Workspace

T = 1_700_000_000_000_000


class Talk:
    """A conversation, in the database and as a list."""

    def __init__(self, folder: Path) -> None:
        draw = random.Random(7)
        self.said: list[dict[str, Any]] = []
        with Seeder(folder) as seeder:
            self.people = [seeder.member(handle, at=T) for handle in ("ana", "bo", "cy")]
            self.rooms = [seeder.room(name, by=self.people[0], members=self.people, at=T) for name in ("one", "two")]
            self.late = seeder.member("dee", at=T)
            for n in range(400):
                room = draw.choice(self.rooms)
                roots = [
                    one for one in self.said if one["room"] == room and not one["thread"] and one["kind"] == "text"
                ]
                root = draw.choice(roots) if roots and draw.random() < 0.3 else None
                author = draw.choice(self.people)
                mentions = [draw.choice(self.people)] if draw.random() < 0.2 else []
                text = f"message {n}" + (" @somebody" if mentions else "")
                message = seeder.post(
                    room,
                    author,
                    text,
                    at=T + n,
                    thread=root["id"] if root else None,
                    reply_to=root["id"] if root else None,
                    mentions=mentions,
                )
                self.said.append(
                    {
                        "id": message,
                        "room": room,
                        "author": author,
                        "text": text,
                        "thread": root["id"] if root else None,
                        "kind": "text",
                        "mentions": mentions,
                    }
                )
            seeder.add(self.rooms[0], self.late, by=self.people[0], at=T + 1_000)
            line = str(seeder.directory.seq)
            self.said.append(
                {"id": line, "room": self.rooms[0], "author": self.people[0], "text": "added @dee", "thread": None}
                | {"kind": "system", "mentions": []}
            )
            for message in draw.sample(self.said[:-1], 60):
                seeder.react(message["room"], message["id"], self.people[1], "👍", at=T + 2_000)
                message["reacted"] = True


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    made = Talk(folder := tmp_path_factory.mktemp("talk"))
    made.folder = folder
    return made


@pytest.fixture(scope="module")
def workspace(talk: Talk) -> Iterator[Workspace]:
    with Workspace(talk.folder, lambda _events, _failure: None) as opened:
        yield opened


def _expected(talk: Talk, ask: p.History) -> tuple[list[str], bool, bool]:
    all_of_them = [
        one["id"]
        for one in talk.said
        if one["room"] == ask.room
        and (ask.thread is None or ask.thread in (one["thread"], one["id"]))
        and (not ask.main or one["thread"] is None)
        and (ask.system or one["kind"] != "system")
    ]
    older = [one for one in all_of_them if ask.before is None or int(one) < int(ask.before)]
    if ask.after is not None:
        newer = [one for one in all_of_them if int(one) > int(ask.after)]
        found = newer[: ask.limit]
    elif ask.around is not None:
        half = ask.limit // 2
        before = [one for one in all_of_them if int(one) < int(ask.around)]
        since = [one for one in all_of_them if int(one) >= int(ask.around)]
        found = before[len(before) - half if half < len(before) else 0 :] if half else []
        found = found + since[: ask.limit - half]
    else:
        found = older[-ask.limit :]
    if not found:
        bound = int(ask.after or ask.before or 0)
        first = next((n for n, one in enumerate(all_of_them) if int(one) >= bound), len(all_of_them))
        return [], first > 0 if ask.after else False, ask.before is not None and bool(all_of_them)
    return found, found[0] != all_of_them[0], found[-1] != all_of_them[-1]


def test_pages(talk: Talk, workspace: Workspace) -> None:
    draw = random.Random(11)
    roots = [one["id"] for one in talk.said if any(other["thread"] == one["id"] for other in talk.said)]
    for _ in range(400):
        room = draw.choice(talk.rooms)
        bound = draw.choice(["before", "after", "around", None])
        inside = [one["id"] for one in talk.said if one["room"] == room]
        ask = p.History(
            req=p.new_req(),
            room=room,
            limit=draw.choice([1, 2, 5, 50, 200]),
            main=draw.random() < 0.4,
            system=draw.random() < 0.7,
            thread=draw.choice(roots) if draw.random() < 0.2 else None,
            **({bound: draw.choice(inside)} if bound else {}),
        )
        found, before, after = queries.page(workspace.reader(), ask)
        ids, more_before, more_after = _expected(talk, ask)
        assert [one.id for one in found] == ids, ask
        if ids:
            assert (before, after) == (more_before, more_after), ask


def test_what_a_message_says_of_itself(talk: Talk, workspace: Workspace) -> None:
    ask = p.History(req=p.new_req(), room=talk.rooms[0], limit=200)
    by_id = {one["id"]: one for one in talk.said}
    for found in queries.page(workspace.reader(), ask)[0]:
        said = by_id[found.id]
        replies = [one for one in talk.said if one["thread"] == found.id]
        assert (found.text, found.author, found.kind) == (said["text"], said["author"], said["kind"])
        assert found.mentions == said["mentions"]
        assert found.n_replies == len(replies)
        assert found.thread == (said["thread"] or (found.id if replies else None))
        assert bool(found.reactions) == said.get("reacted", False)


def test_what_is_unread(talk: Talk, workspace: Workspace) -> None:
    draw = random.Random(5)
    for _ in range(100):
        me = draw.choice(talk.people)
        marks = {room: int(draw.choice(talk.said)["id"]) for room in talk.rooms}
        upto = int(draw.choice(talk.said)["id"])
        got = queries.unread(workspace.reader(), me, marks, upto)
        for room, mark in marks.items():
            counted = [
                one
                for one in talk.said
                if one["room"] == room
                and mark < int(one["id"]) <= upto
                and one["author"] != me
                and one["kind"] != "system"
            ]
            expected = (len(counted), sum(me in one["mentions"] for one in counted))
            assert got.get(room, (0, 0)) == expected


def test_events_between(talk: Talk, workspace: Workspace) -> None:
    reader = workspace.reader()
    everything = queries.events_between(reader, talk.rooms, 0, 10**9, 10**6)
    assert everything is not None
    assert [event.seq for event in everything] == list(range(1, workspace.directory.seq + 1))
    one_room = queries.events_between(reader, talk.rooms[:1], 10, 100, 10**6)
    assert one_room == [event for event in everything if 10 < event.seq <= 100 and event.room in (None, talk.rooms[0])]
    assert queries.events_between(reader, talk.rooms, 0, 10**9, 100) is None


def test_frames_hold_what_was_said(talk: Talk, workspace: Workspace) -> None:
    seq = workspace.directory.seq
    parts = frames.stored(
        workspace.connection.cursor(), "messages", me=talk.people[0], rooms=talk.rooms, since=0, upto=seq
    )
    rows = [row for part in parts for row in part.to_pylist()]
    assert [row["id"] for row in rows] == [one["id"] for one in talk.said]
    handles = dict(zip([*talk.people, talk.late], ("ana", "bo", "cy", "dee"), strict=True))
    for row, one in zip(rows, talk.said, strict=True):
        assert (row["text"], row["author"], row["author_id"]) == (one["text"], handles[one["author"]], one["author"])
        assert row["mentions"] == [handles[member] for member in one["mentions"]]
        assert row["n_reactions"] == one.get("reacted", False)
    none = list(frames.stored(workspace.connection.cursor(), "messages", me="1", rooms=[], since=0, upto=seq))
    assert [part.num_rows for part in none] == [0]


def test_only_what_changed_is_sent_again(talk: Talk, workspace: Workspace) -> None:
    seq = workspace.directory.seq
    reacted = {one["id"] for one in talk.said if one.get("reacted")}
    parts = frames.stored(
        workspace.connection.cursor(), "messages", me="1", rooms=talk.rooms, since=seq - len(reacted), upto=seq
    )
    assert {row["id"] for part in parts for row in part.to_pylist()} == reacted


def test_what_was_unread_at_a_time_though_it_was_edited_and_deleted_since(tmp_path: Path) -> None:
    done: list[p.Event] = []
    with Workspace(tmp_path, lambda events, _failure: done.extend(events)) as opened:

        def decide(actor: str, data: p.AnyEventData, room: str | None = "3") -> str:
            return str(opened.decide(actor, data, room=room, req=None, now=T).seq)

        decide("1", p.MemberAdded(member="1", handle="ana", name="ana", role="owner"), None)
        decide("2", p.MemberAdded(member="2", handle="bo", name="bo", role="member"), None)
        decide("1", p.RoomCreated(name="one", kind="public", topic="", members=["1", "2"]))
        [kept, edited, deleted, mine] = [
            decide(actor, p.Posted(id=str(opened.directory.seq + 1), text="x @bo", mentions=["2"]))
            for actor in ("1", "1", "1", "2")
        ]
        then = opened.directory.seq
        decide("1", p.Edited(id=edited, text="x", author="1", mentions_before=["2"]))
        decide("1", p.Edited(id=kept, text="x @bo @ana", author="1", mentions=["2", "1"], mentions_before=["2"]))
        between = opened.directory.seq
        decide("1", p.Deleted(id=deleted, author="1", mentions_before=["2"]))
        decide("2", p.Deleted(id=mine, author="2", mentions_before=["2"]))
        decide("1", p.Posted(id=str(opened.directory.seq + 1), text="new"))
        now = opened.directory.seq
        deadline = time.monotonic() + 10
        while len(done) < now:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        found = {at: queries.unread(opened.reader(), "2", {"3": 3}, at).get("3") for at in (then, between, now)}
        assert found == {then: (3, 3), between: (3, 2), now: (3, 1)}
        assert queries.unread(opened.reader(), "2", {"3": int(deleted)}, then) == {}
        assert queries.unread(opened.reader(), "2", {"3": int(edited)}, then) == {"3": (1, 1)}
