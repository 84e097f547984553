"""The sample conversation: its format, what is in it, and the workspace made of it."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from collabchat import sample, sample_workspace
from collabchat.errors import Conflict, Invalid

MEMBERS = """handle,name,role,bot,joined,about
ana,Ana Ruiz,owner,no,2026-08-21T09:00,leads
bo,Bo Lindqvist,member,no,2026-08-21T09:01,loads
jun,Jun Park,member,no,2026-08-25T06:20,new
loadbot,Load report,member,yes,2026-08-21T09:02,bot
"""
CHAT = """# pipeline
topic: Nightly load
kind: public
members: ana bo jun loadbot

== 2026-08-24
loadbot 05:12 | Nightly load done.
ana 07:12 | Morning all. Did the load finish, @bo?
bo | It did, 04:52.
  + ana:👀 bo:😬
  > ana | At two?
  > bo 15:30 | Then we are late:
      | ```sql
      | select 1
      | ```
  >   + ana:👍
ana | A table:
    | | a | b |
    | |---|---|
    |
    | done
  ! files/load.csv
bo 07:30 | Next.

== 2026-08-26
  > jun 09:00 | A reply of another day.
jun | First.
"""


def write(folder: Path, chat: str = CHAT, members: str = MEMBERS) -> Path:
    (folder / "conversation").mkdir(parents=True, exist_ok=True)
    (folder / "members.csv").write_text(members, "utf-8")
    (folder / "conversation" / "pipeline.chat").write_text(chat, "utf-8")
    return folder


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def whole() -> sample.Sample:
    return sample.read()


def test_the_format(tmp_path: Path) -> None:
    read = sample.read(write(tmp_path))
    [room] = read.conversations
    assert (room.name, room.kind, room.topic) == ("pipeline", "public", "Nightly load")
    assert room.members == ["ana", "bo", "jun", "loadbot"]
    assert len(read) == 9
    load, morning, answer, table, following, first = room.messages
    assert load.author == "loadbot"
    assert morning.text == "Morning all. Did the load finish, @bo?"
    assert answer.reactions == [("ana", "👀"), ("bo", "😬")]
    assert [reply.author for reply in answer.replies] == ["ana", "bo"]
    assert answer.replies[1].text == "Then we are late:\n```sql\nselect 1\n```"
    assert answer.replies[1].reactions == [("ana", "👍")]
    assert table.text == "A table:\n| a | b |\n|---|---|\n\ndone"
    assert table.files == ["load.csv"]
    assert [reply.text for reply in following.replies] == ["A reply of another day."]
    assert first.author == "jun"


def test_times(tmp_path: Path) -> None:
    [room] = sample.read(write(tmp_path)).conversations
    load, morning, answer, table, following, first = room.messages
    assert timedelta(0) < load.time - at("2026-08-24T05:12") < timedelta(seconds=30)
    assert timedelta(minutes=1) <= answer.time - morning.time <= timedelta(minutes=4)
    assert timedelta(minutes=1) <= answer.replies[0].time - answer.time <= timedelta(minutes=4)
    assert answer.replies[1].time.hour == 15
    assert timedelta(minutes=1) <= table.time - answer.time <= timedelta(minutes=4)
    assert following.time.minute == 30
    assert following.replies[0].time.date() == at("2026-08-26").date()
    assert first.time.hour == 8
    assert sample.read(tmp_path).conversations == [room], "the same times each time"


def test_where_there_is_no_room_they_come_closer(tmp_path: Path) -> None:
    lines = "".join(f"bo | line {k}\n" for k in range(20))
    head = "# r\nkind: public\nmembers: ana bo\n\n== 2026-08-24\n"
    chat = f"{head}ana 09:00 | start\n{lines}ana 09:05 | end\nbo 09:05 | too\n"
    [room] = sample.read(write(tmp_path, chat)).conversations
    times = [message.time for message in room.messages]
    assert times == sorted(times)
    assert len(set(times)) == len(times)
    assert times[-2] - at("2026-08-24T09:05") < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("kind: public\n", "", "says its kind"),
        ("kind: public", "kind: secret", "says its kind"),
        ("bo | It did", "zed | It did", "'zed' is not in pipeline"),
        ("ana:👀", "zed:👀", "'zed' is not in pipeline"),
        ("ana:👀", "ana", "a reaction is handle:emoji"),
        ("bo jun", "bo zed", "no member 'zed'"),
        ("bo 07:30", "bo 06:30", "06:30 comes after"),
        ("== 2026-08-26", "== 2026-08-24", "comes after"),
        ("== 2026-08-24\n", "", "before the first day"),
        ("bo 07:30 | Next.", "bo 07:30 Next.", "is not understood"),
        ("loadbot 05:12 | Nightly load done.", "  + ana:👀", "is not there"),
        ("loadbot 05:12 | Nightly load done.", "  > ana | hm", "a reply before"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in CHAT
    write(tmp_path, CHAT.replace(old, new, 1))
    with pytest.raises(Invalid, match=rf"^pipeline\.chat, line \d+: .*{complaint}"):
        sample.read(tmp_path)


def test_the_line_is_the_right_one(tmp_path: Path) -> None:
    write(tmp_path, CHAT.replace("bo 07:30 | Next.", "what is this"))
    number = CHAT.splitlines().index("bo 07:30 | Next.") + 1
    with pytest.raises(Invalid, match=f"line {number}: "):
        sample.read(tmp_path)


def test_no_conversation(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text(MEMBERS, "utf-8")
    with pytest.raises(Invalid, match="no conversation"):
        sample.read(tmp_path)


def test_the_conversation_looks_like_real_work(whole: sample.Sample) -> None:
    kinds = Counter(conversation.kind for conversation in whole.conversations)
    assert kinds["public"] + kinds["private"] >= 8
    assert kinds["direct"] >= 4
    assert len(whole) >= 1500
    everything = [message for conversation in whole.conversations for message in conversation]
    assert len({message.author for message in everything}) >= 12
    times = [message.time for message in everything]
    assert max(times) - min(times) > timedelta(days=80)
    assert sum(len(m.replies) for c in whole.conversations for m in c.messages) > len(whole) / 10
    assert max(len(m.replies) for c in whole.conversations for m in c.messages) >= 8
    assert sum(bool(message.reactions) for message in everything) > len(whole) / 8
    texts = [message.text for message in everything]
    assert sum("```" in text for text in texts) > 20
    assert sum("|---" in text for text in texts) > 3
    repeated = [text for text, count in Counter(t for t in texts if len(t) > 40).items() if count > 1]
    assert repeated == [], "each message is written once"


def test_its_files_are_there(whole: sample.Sample) -> None:
    named = sorted(name for conversation in whole.conversations for message in conversation for name in message.files)
    assert named == sorted(set(named))
    missing = [name for name in named if not (whole.folder / "files" / name).is_file()]
    assert missing == []
    assert {Path(name).suffix for name in named} == {".csv", ".png", ".ipynb", ".pdf"}


def test_nobody_speaks_before_they_came(whole: sample.Sample) -> None:
    joined = {member.handle: member.joined for member in whole.members}
    for conversation in whole.conversations:
        for message in conversation:
            assert message.time > joined[message.author], (conversation.name, message)


def query(workspace: Path, sql: str) -> list[Any]:
    with duckdb.connect(str(workspace / "chat.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, whole: sample.Sample) -> Path:
    folder = tmp_path_factory.mktemp("made") / "tidewater"
    start = time.monotonic()
    assert sample_workspace.make(folder, whole) == len(whole)
    assert time.monotonic() - start < 60
    return folder


class TestWorkspace:
    def test_it_is_for_its_owner_alone(self, workspace: Path) -> None:
        assert workspace.stat().st_mode & 0o077 == 0

    def test_everything_is_there(self, workspace: Path, whole: sample.Sample) -> None:
        [(count,)] = query(workspace, "select count(*) from messages where kind in ('text', 'bot')")
        assert count == len(whole)
        [(count,)] = query(workspace, "select count(*) from reactions")
        said = [set(message.reactions) for conversation in whole.conversations for message in conversation]
        assert count == sum(map(len, said))
        handles = {row[0] for row in query(workspace, "select handle from members")}
        assert handles == {member.handle for member in whole.members}

    def test_times_are_those_of_the_conversation(self, workspace: Path, whole: sample.Sample) -> None:
        everything = [message for conversation in whole.conversations for message in conversation]
        [(first, last)] = query(workspace, "select min(time), max(time) from messages where kind in ('text', 'bot')")
        assert abs(first.replace(tzinfo=UTC) - min(m.time for m in everything)) < timedelta(seconds=1)
        assert abs(last.replace(tzinfo=UTC) - max(m.time for m in everything)) < timedelta(seconds=1)

    def test_people_see_it_as_if_they_had_been_there(self, workspace: Path, whole: sample.Sample) -> None:
        import collabchat as cc

        with cc.connect(workspace, user="ana") as chat:
            rooms = chat.rooms()
            mine = {c.name for c in whole.conversations if "ana" in c.members}
            assert set(rooms["room"]) >= mine
            assert rooms["unread"].sum() > 0
            assert rooms["unread"].max() <= 6 + 1
            messages = chat.messages()
            assert len(messages[messages["room"] == "leads"]) > 50
            named = sorted(name for c in whole.conversations for message in c for name in message.files)
            assert sorted(chat.files()["name"]) == named
            data = chat.files().set_index("name").loc["vendor-duplicates.csv", "id"]
            assert len(chat.file(data).df()) > 10
        with cc.connect(workspace, user="jun") as chat:
            assert "leads" not in set(chat.rooms()["room"])
        from collabchat.cli.talk import stop

        stop(workspace)

    def test_a_workspace_is_never_written_over(self, workspace: Path) -> None:
        with pytest.raises(Conflict, match="a workspace already"):
            sample_workspace.make(workspace)
