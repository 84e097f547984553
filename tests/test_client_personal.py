"""What a member keeps for themselves, and says of themselves, against a real hub."""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hubs import stop_hub
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import collabchat
from collabchat import Chat, Room, errors
from collabchat.frames.personal import PERSONAL

names = (f"room-{number}" for number in itertools.count())
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("personal") / "team"
    yield folder
    stop_hub(folder)


@pytest.fixture(scope="module")
def ana(team: Path) -> Iterator[Chat]:
    with collabchat.connect(team, user="ana") as chat:
        yield chat


@pytest.fixture
def cy(team: Path, ana: Chat) -> Iterator[Chat]:
    """Somebody new, who keeps nothing yet."""
    with collabchat.connect(team, user=f"cy-{next(names)}") as chat:
        yield chat


@pytest.fixture
def room(ana: Chat, cy: Chat) -> Room:
    made = ana.create_room(next(names), members=[cy.me])
    return cy.room(made.name)


def until(listener: Any, kind: str) -> Any:
    """The next event of a kind."""
    for event in listener:
        if event.type == kind:
            return event
    raise AssertionError(f"no {kind} came")


# ---------------------------------------------------------------- frames


DTYPES = {
    **dict.fromkeys(["time", "posted_at", "remind_at", "reminded_at", "at", "last_reply_at"], "datetime64[us, UTC]"),
    **dict.fromkeys(["quote", "also_to_room"], "bool"),
    **dict.fromkeys(["n_replies", "n_files"], "int64"),
}


@pytest.mark.parametrize("name", PERSONAL)
def test_columns_and_dtypes(name: str, cy: Chat, room: Room) -> None:
    for stage in ("empty", "used"):
        frame = getattr(cy, name)()
        assert len(frame) == (0 if stage == "empty" else 1)
        assert frame.columns.tolist() == PERSONAL[name].names
        assert isinstance(frame.index, pd.RangeIndex)
        for column in frame:
            assert frame[column].dtype == DTYPES.get(column, "string"), (stage, column)
        if stage == "empty":
            room.draft = "begun"
            message = room.post("root")
            message.reply("x")
            message.save()
            room.send_later("later", HOUR)
            room.star()


def test_every_column_is_explained() -> None:
    page = (Path(__file__).parent.parent / "docs" / "frames.md").read_text(encoding="utf-8")
    for name, schema in PERSONAL.items():
        section = page.split(f"\n### {name}\n")[1].split("\n#")[0]
        explained = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
        assert explained == schema.names, name


# ---------------------------------------------------------------- drafts


def test_drafts(cy: Chat, room: Room, team: Path) -> None:
    assert room.draft == ""
    thread = room.thread(room.post("root"))
    room.draft = "I think"
    thread.draft = "no, I"
    with collabchat.connect(team, user=cy.me) as elsewhere:
        assert elsewhere.room(room.name).draft == "I think"
        news = elsewhere.listen(timeout=5)
        room.draft = "I think that"
        assert until(news, "draft_set").data["text"] == "I think that"
        assert elsewhere.room(room.name).draft == "I think that"
    frame = cy.drafts()
    assert frame["text"].tolist() == ["I think that", "no, I"]
    assert frame["room"].tolist() == [room.name] * 2
    assert frame["thread"].isna().tolist() == [True, False]
    room.draft = ""
    thread.draft = " "
    assert len(cy.drafts()) == 0
    for wrong in (3, None, "x" * 40_001, "\ud800"):
        with pytest.raises(errors.Invalid):
            room.draft = wrong  # type: ignore[assignment]


def test_what_one_has_begun_is_nobody_elses(ana: Chat, cy: Chat, room: Room) -> None:
    news = ana.listen(timeout=0.3)
    room.draft = "secret"
    room.post("x").save("secret")
    room.send_later("secret", HOUR)
    room.star()
    room.mute()
    assert [event.type for event in news] == ["posted"]
    assert "secret" not in ana.events()["data"].str.cat()
    assert len(ana.drafts()) == 0
    assert ana.room(room.name).draft == ""


# ---------------------------------------------------------------- saved, reminders


def test_saved(cy: Chat, room: Room) -> None:
    first, second = room.post("one"), room.post("two")
    first.save()
    second.save("for the report", remind=HOUR)
    frame = cy.saved()
    assert frame["id"].tolist() == [second.id, first.id]
    assert frame["text"].tolist() == ["two", "one"]
    assert frame["note"].tolist() == ["for the report", ""]
    assert frame["posted_at"].tolist() == [second.time, first.time]
    assert frame["remind_at"].notna().tolist() == [True, False]
    assert frame["author"].tolist() == [cy.me, cy.me]
    second.save("changed")
    assert cy.saved().set_index("id").loc[second.id, "note"] == "changed"
    assert cy.saved()["remind_at"].isna().all()
    second.unsave()
    cy.unsave(first.id)
    assert len(cy.saved()) == 0
    first.save("kept")
    first.delete()
    assert cy.saved()[["id", "note"]].to_numpy().tolist() == [[first.id, "kept"]]
    assert cy.saved()["text"].isna().all()
    with pytest.raises(errors.Invalid, match="A note"):
        second.save("n" * 1001)
    with pytest.raises(errors.Invalid, match="remind"):
        second.save(remind=datetime(2001, 1, 1, tzinfo=UTC))


def test_a_reminder_comes(cy: Chat) -> None:
    news = cy.listen(timeout=10)
    note = cy.remind("look at the load", timedelta(milliseconds=200))
    assert cy.saved()["id"].tolist() == [note]
    assert until(news, "reminded").data == {"id": note}
    [row] = cy.saved().to_dict("records")
    assert (row["note"], pd.isna(row["room"])) == ("look at the load", True)
    assert row["reminded_at"] >= row["time"]
    assert row["remind_at"] is pd.NaT
    cy.unsave(note)
    for text, at, says in [("", HOUR, "A reminder"), ("x", -HOUR, "at"), ("x", None, "at"), (3, HOUR, "A reminder")]:
        with pytest.raises(errors.Invalid, match=says):
            cy.remind(text, at)  # type: ignore[arg-type]


# ---------------------------------------------------------------- later


def test_what_is_sent_later(cy: Chat, room: Room) -> None:
    root = room.post("root")
    news = cy.listen(timeout=10)
    soon = room.send_later("soon", timedelta(milliseconds=300), reply_to=root, also_to_room=True)
    later = room.send_later("later", pd.Timestamp.now(tz="Asia/Tokyo") + pd.Timedelta(days=2))
    assert (soon.room, soon.text, soon.reply_to) == (room.name, "soon", root.id)
    frame = cy.scheduled()
    assert frame["id"].tolist() == [soon.id, later.id]
    assert frame["at"].tolist() == [soon.at, later.at]
    assert frame["also_to_room"].tolist() == [True, False]
    posted = until(news, "posted")
    assert (posted.data["text"], posted.data["scheduled"], posted.data["thread"]) == ("soon", soon.id, root.id)
    assert cy.scheduled()["id"].tolist() == [later.id]
    cy.unschedule(later)
    assert len(cy.scheduled()) == 0
    for gone in (later, later.id, soon.id):
        with pytest.raises(errors.NotFound):
            cy.unschedule(gone)
    with pytest.raises(errors.Invalid):
        cy.unschedule("x")


def test_what_cannot_be_sent_when_its_time_comes(ana: Chat, cy: Chat, room: Room) -> None:
    news = cy.listen(timeout=10)
    waiting = room.send_later("too late", timedelta(milliseconds=500))
    ana.room(room.name).archive()
    assert until(news, "unsent").data["id"] == waiting.id
    [row] = cy.scheduled().to_dict("records")
    assert row["id"] == waiting.id
    assert row["problem"]
    cy.unschedule(waiting)


def test_times_that_cannot_be(room: Room) -> None:
    for at, says in [
        (datetime(2001, 1, 1, tzinfo=UTC), "has passed"),
        (timedelta(0), "counts from now"),
        (timedelta(days=4000), "two years"),
        ("tomorrow", "fromisoformat"),
        (60, "timedelta"),
        (pd.NaT, "at is a datetime"),
    ]:
        with pytest.raises(errors.Invalid, match=says):
            room.send_later("x", at)
    with pytest.raises(errors.Invalid):
        room.send_later(" ", HOUR)


# ---------------------------------------------------------------- threads, stars, quiet


def test_threads(cy: Chat, room: Room, ana: Chat) -> None:
    first, second = room.thread(room.post("first")), room.thread(room.post("second"))
    theirs = ana.room(room.name).post("theirs")
    for thread in (first, second, first):
        thread.post("x")
    theirs.reply("not mine")
    frame = cy.threads()
    assert frame["text"].tolist() == ["first", "second"]
    assert frame["n_replies"].tolist() == [2, 1]
    assert frame["last_reply_at"].is_monotonic_decreasing
    room.thread(theirs.id).follow()
    first.unfollow()
    assert cy.threads()["text"].tolist() == ["theirs", "second"]
    assert cy.threads(limit=1)["text"].tolist() == ["theirs"]
    for wrong in (0, 201, "x", True):
        with pytest.raises(errors.Invalid, match="limit"):
            cy.threads(limit=wrong)  # type: ignore[arg-type]


def test_stars(cy: Chat, ana: Chat) -> None:
    rooms = [cy.create_room(next(names)) for _ in range(3)]
    for one in rooms:
        assert not one.starred
        one.star()
        one.star()
    assert cy.stars()["room"].tolist() == [one.name for one in rooms]
    assert all(one.starred for one in rooms)
    cy.set_stars([rooms[2], rooms[0].name, rooms[2].id])
    assert cy.stars()["room"].tolist() == [rooms[2].name, rooms[0].name]
    rooms[2].unstar()
    rooms[2].unstar()
    assert cy.stars()["room"].tolist() == [rooms[0].name]
    rooms[0].delete_room()
    assert len(cy.stars()) == 0
    with pytest.raises(errors.Invalid, match="list of rooms"):
        cy.set_stars("room")
    with pytest.raises(errors.NotFound):
        cy.set_stars(["nowhere"])


def test_muting(cy: Chat, room: Room, team: Path) -> None:
    room.mute()
    room.mute()
    assert room.muted
    with collabchat.connect(team, user=cy.me) as again:
        assert again.room(room.name).muted
    room.unmute()
    assert not room.muted


def test_all_read(ana: Chat, cy: Chat) -> None:
    rooms = [ana.create_room(next(names), members=[cy.me]) for _ in range(3)]
    for one in rooms:
        one.post("news")
    rooms[0].archive()
    assert (cy.rooms()["unread"] > 0).sum() == 3
    cy.mark_all_read()
    assert cy.rooms()["unread"].sum() == 0
    cy.mark_all_read()
    rooms[1].post("more")
    assert cy.rooms()["unread"].sum() == 1


# ---------------------------------------------------------------- oneself


def test_status(ana: Chat, cy: Chat) -> None:
    news = ana.listen(timeout=5)
    cy.set_status("in a call", "📞", until=HOUR)
    status = until(news, "status_set").data["status"]
    assert (status["text"], status["emoji"]) == ("in a call", "📞")
    known = ana._session.directory.find_member(cy.me).status
    assert known is not None
    assert known.text == "in a call"
    cy.clear_status()
    assert until(news, "status_set").data["status"] is None
    assert ana._session.directory.find_member(cy.me).status is None
    for text, emoji, when in [
        ("", "", None),
        (" ", " ", None),
        ("x" * 101, "", None),
        (3, "", None),
        ("x", "y" * 41, None),
        ("x", "", -HOUR),
        ("\ud800", "", None),
        ("a\nb", "", None),
    ]:
        with pytest.raises(errors.Invalid):
            cy.set_status(text, emoji, until=when)  # type: ignore[arg-type]


def png(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = (b"\x00" + b"\x20\x60\xa0" * side) * side
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_pictures(ana: Chat, cy: Chat, tmp_path: Path) -> None:
    assert cy.picture() is None
    cy.set_picture(png(64))
    assert cy.picture() == png(64)
    path = tmp_path / "me.png"
    path.write_bytes(png(32))
    news = ana.listen(timeout=5)
    cy.set_picture(path)
    until(news, "picture_set")
    assert ana.picture(f"@{cy.me}") == png(32)
    cy.set_picture(str(path))
    cy.set_picture(None)
    assert cy.picture() is None
    for wrong, says in [
        (b"", "empty"),
        (b"no picture", "PNG"),
        (png(513), "512"),
        (b"\x89PNG" + bytes(70_000), "bytes"),
        (tmp_path / "missing.png", "cannot be read"),
        ("a\0b", "cannot be read"),
        (3, "path, bytes or None"),
    ]:
        with pytest.raises(errors.Invalid, match=says):
            cy.set_picture(wrong)  # type: ignore[arg-type]
    with pytest.raises(errors.NotFound):
        cy.picture("zed")


def test_preferences(cy: Chat) -> None:
    chosen: dict[str, Any] = {
        "density": "compact",
        "clock": "24",
        "week": "sunday",
        "language": "de",
        "bar": False,
        "unread_first": True,
        "skin": 3,
    }
    before = cy.preferences()
    assert set(chosen) <= set(before)
    cy.set_preferences(**chosen)
    assert cy.preferences() == before | chosen
    cy.set_preferences(bar=True)
    assert cy.preferences() == before | chosen | {"bar": True}
    for name, wrong in [
        ("density", "wide"),
        ("clock", 24),
        ("week", "tuesday"),
        ("language", "Deutsch!"),
        ("language", 3),
        ("bar", "no"),
        ("unread_first", 1),
        ("skin", 6),
        ("skin", True),
        ("skin", "3"),
    ]:
        with pytest.raises(errors.Invalid, match=name):
            cy.set_preferences(**{name: wrong})


# ---------------------------------------------------------------- what is kept by events is what a snapshot says


WORDS = (
    "draft, thread draft, save, unsave, note, later, not later, star, unstar, mute, unmute, leave, join, delete room, "
    "remove and add"
)
ACTS = st.tuples(st.sampled_from(WORDS.split(", ")), st.integers(0, 2), st.integers(0, 2))


def _of_seen_rooms(frame: pd.DataFrame, visible: set[str]) -> pd.DataFrame:
    """The frame with the names of rooms that one sees: who was in another one still knows what it was called."""
    if "room_id" in frame.columns:
        frame["room"] = frame["room"].where(frame["room_id"].isin(visible), frame["room_id"])
    return frame


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=14))
def test_what_events_left_is_what_a_snapshot_has(acts: list[tuple[str, int, int]], ana: Chat, team: Path) -> None:
    with collabchat.connect(team, user=f"dee-{next(names)}") as dee:
        rooms = [ana.create_room(next(names), members=[dee.me], kind=kind) for kind in ("public", "public", "private")]
        messages = [[room.post(f"{number}") for number in range(3)] for room in rooms]
        for act, place, which in acts:
            try:
                room, message = dee.room(rooms[place].name), messages[place][which]
                match act:
                    case "draft":
                        room.draft = ("", "one", "two")[which]
                    case "thread draft":
                        room.thread(message.id).draft = ("", "one", "two")[place]
                    case "save":
                        room.thread(message.id).root.save(f"{which}", remind=HOUR if place else None)
                    case "unsave":
                        dee.unsave(message.id)
                    case "note":
                        dee.remind("note", HOUR)
                    case "later":
                        room.send_later("later", (1 + which) * HOUR)
                    case "not later":
                        dee.unschedule(dee.scheduled()["id"].iloc[which])
                    case "star":
                        room.star()
                    case "unstar":
                        room.unstar()
                    case "mute":
                        room.mute()
                    case "unmute":
                        room.unmute()
                    case "leave":
                        room.leave()
                    case "join":
                        room.join()
                    case "delete room" if which == 0:
                        rooms[place].delete_room()
                    case "remove and add":
                        rooms[place].remove(dee.me)
                        rooms[place].add(dee.me)
            except (errors.CollabchatError, IndexError):
                continue
        with collabchat.connect(team, user=dee.me) as fresh:
            visible = {room.id for room in dee._session.directory.rooms()}
            for name in ("drafts", "saved", "scheduled", "stars"):
                mine, theirs = (_of_seen_rooms(getattr(chat, name)(), visible) for chat in (dee, fresh))
                pd.testing.assert_frame_equal(mine, theirs)
            assert dee._session.directory.own.muted & visible == fresh._session.directory.own.muted & visible
