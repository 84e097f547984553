"""The frame of messages as the hub sends it: of one's rooms alone, in order, with the names of their moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from collabchat import protocol as p
from collabchat.store import frames, schema
from collabchat.store.seed import Seeder

NOON = 1_700_000_000_000_000


class Talk:
    """Two rooms in which two people talk by turns."""

    def __init__(self, folder: Path) -> None:
        with Seeder(folder) as seeder:
            self.ana = seeder.member("ana", at=NOON)
            self.bo = seeder.member("bo", at=NOON)
            both = [self.ana, self.bo]
            self.open = seeder.room("open", by=self.ana, members=both, at=NOON)
            self.closed = seeder.room("closed", by=self.bo, members=[self.bo], kind="private", at=NOON)
            self.first = seeder.post(self.open, self.ana, "@bo @ana look", mentions=[self.bo, self.ana], at=NOON + 1)
            seeder.post(self.closed, self.bo, "@bo only I", mentions=[self.bo], at=NOON + 2)
            self.second = seeder.post(
                self.open, self.bo, "no names here", thread=self.first, reply_to=self.first, at=NOON + 3
            )
            self.third = seeder.post(self.open, self.bo, "@ana yes", mentions=[self.ana], at=NOON + 4)
            self.seq = int(self.third)
        self.connection = schema.connect(folder)

    def rows(self, rooms: list[p.Id], *, since: int = 0, upto: int | None = None) -> list[dict[str, Any]]:
        parts = frames.stored(
            self.connection.cursor(), "messages", me=self.ana, rooms=rooms, since=since, upto=upto or self.seq
        )
        found: list[dict[str, Any]] = pa.concat_tables(list(parts)).to_pylist()
        return found


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    made = Talk(tmp_path / "team")
    yield made
    made.connection.close()


def test_each_message_has_its_own_mentions_though_others_stand_between(talk: Talk) -> None:
    rows = talk.rows([talk.open])
    assert [(row["id"], row["mentions"]) for row in rows] == [
        (talk.first, ["bo", "ana"]),
        (talk.second, []),
        (talk.third, ["ana"]),
    ]
    assert {(row["room"], row["room_id"]) for row in rows} == {("open", talk.open)}
    assert [row["author"] for row in rows] == ["ana", "bo", "bo"]
    assert [row["thread"] for row in rows] == [talk.first, talk.first, None]
    assert [row["reply_to"] for row in rows] == [None, talk.first, None]


def test_nothing_of_a_room_that_is_not_asked_for(talk: Talk) -> None:
    assert "@bo only I" not in {row["text"] for row in talk.rows([talk.open])}
    assert [row["text"] for row in talk.rows([talk.closed])] == ["@bo only I"]
    assert talk.rows([]) == []


def test_only_what_changed_after_since(talk: Talk) -> None:
    rows = talk.rows([talk.open, talk.closed], since=int(talk.second))
    assert [(row["id"], row["mentions"]) for row in rows] == [(talk.third, ["ana"])]
    # Its root changed with the reply.
    rows = talk.rows([talk.open], since=int(talk.second) - 1)
    assert [row["id"] for row in rows] == [talk.first, talk.second, talk.third]
    assert rows[0]["mentions"] == ["bo", "ana"]


def test_what_changed_after_upto_is_there_nevertheless(talk: Talk) -> None:
    # A reaction that comes while a frame is made must not take its message out of the frame.
    talk.connection.execute("UPDATE messages SET changed = ? WHERE seq = ?", [talk.seq + 5, int(talk.first)])
    assert [row["id"] for row in talk.rows([talk.open])] == [talk.first, talk.second, talk.third]
    assert [row["id"] for row in talk.rows([talk.open], upto=int(talk.second))] == [talk.first, talk.second]


def test_an_answer_without_rows_has_the_columns(talk: Talk) -> None:
    parts = list(frames.stored(talk.connection.cursor(), "messages", me=talk.ana, rooms=[], since=0, upto=talk.seq))
    assert len(parts) == 1
    assert parts[0].num_rows == 0
    assert parts[0].column_names[:3] == ["id", "seq", "room"]


def test_the_cursor_is_left_without_a_transaction(talk: Talk) -> None:
    cursor = talk.connection.cursor()
    parts = frames.stored(cursor, "messages", me=talk.ana, rooms=[talk.open], since=0, upto=talk.seq)
    next(parts)
    del parts
    cursor.execute("BEGIN")
    cursor.execute("ROLLBACK")
