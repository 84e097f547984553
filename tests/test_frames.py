"""Frames: their columns, what travels, and that a copy kept by changes equals a fresh one."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collabchat import Chat, errors
from collabchat.frames import SCHEMAS, Frames
from collabchat.frames import copy as copy_module
from collabchat.frames.arrow import Handles
from collabchat.protocol import Table

UTC = pd.DatetimeTZDtype("us", "UTC")
COLUMNS = {
    "messages": "id seq room room_id author author_id time text kind thread reply_to edited_at deleted mentions "
    "n_files n_reactions",
    "rooms": "room room_id kind topic created_at archived n_members n_messages last_at unread",
    "members": "member member_id name role bot joined_at last_seen",
    "reactions": "message room author emoji time",
    "reads": "room member seq time",
    "events": "seq time type actor room data",
}
DTYPES = {
    **dict.fromkeys(["time", "edited_at", "created_at", "last_at", "joined_at", "last_seen"], UTC),
    **dict.fromkeys(["seq", "n_files", "n_reactions", "n_members", "n_messages", "unread"], np.dtype("int64")),
    **dict.fromkeys(["deleted", "archived", "bot"], np.dtype("bool")),
    "mentions": np.dtype("O"),
}


class Source:
    """A hub's side of the messages: what changed when, and who asked for what."""

    def __init__(self, part: int = 3) -> None:
        self.rows: dict[int, dict[str, Any]] = {}
        self.changed: dict[int, int] = {}
        self.seq = 0
        self.part = part
        self.asked: list[tuple[str, int | None]] = []
        self.sent = 0
        self.full = False

    def post(self, text: str | None = "hello", **more: Any) -> int:
        self.seq += 1
        blank = {
            "id": str(self.seq), "seq": self.seq, "room": "pipeline", "room_id": "3", "author": "ana", "author_id": "1",
            "time": self.seq * 1_000_000, "text": text, "kind": "text", "thread": None, "reply_to": None,
            "edited_at": None, "deleted": False, "mentions": [], "n_files": 0, "n_reactions": 0,
        }  # fmt: skip
        self.rows[self.seq] = blank | more
        self.changed[self.seq] = self.seq
        return self.seq

    def change(self, seq: int, **changes: Any) -> None:
        self.seq += 1
        self.rows[seq] |= changes
        self.changed[seq] = self.seq

    def fetch(self, name: str, since: int | None) -> list[tuple[Table, memoryview]]:
        self.asked.append((name, since))
        full = since is None or self.full
        wanted = [row for seq, row in sorted(self.rows.items()) if full or self.changed[seq] > (since or 0)]
        self.sent = len(wanted)
        types = {pa.large_string(): pa.string(), pa.list_(pa.large_string()): pa.list_(pa.string())}
        schema = pa.schema([(each.name, types.get(each.type, each.type)) for each in SCHEMAS["messages"]])
        chunks = [wanted[at : at + self.part] for at in range(0, len(wanted), self.part)] or [[]]
        return [
            (
                Table(req="x", name=name, seq=self.seq, full=full, part=at, more=at + 1 < len(chunks)),
                encoded(pa.Table.from_pylist(rows, schema=schema)),
            )
            for at, rows in enumerate(chunks)
        ]


def encoded(table: Any) -> memoryview:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return memoryview(sink.getvalue())


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def frames(source: Source) -> Frames:
    return Frames(source.fetch)


# ---------------------------------------------------------------- columns


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_and_dtypes_of_a_real_hub(name: str, chat_of: Callable[..., Chat]) -> None:
    ana = chat_of("ana")
    for stage in ("empty", "used"):
        frame = getattr(ana, name)()
        assert frame.columns.tolist() == COLUMNS[name].split()
        for column in frame:
            wanted = DTYPES.get(column, pd.StringDtype("pyarrow"))
            assert frame[column].dtype == wanted, (stage, column)
            if column not in DTYPES:
                assert frame[column].dtype == "string"
            if wanted == UTC:
                assert frame[column].dtype == "datetime64[us, UTC]"
        assert isinstance(frame.index, pd.RangeIndex)
        if stage == "empty":
            room = ana.create_room("pipeline")
            message = room.post("hello @ana")
            room.react(message, "👍")
            room.post("answer", reply_to=message)
            room.delete(room.post("oops"))
            room.edit(message, "hello, @ana")


def test_what_is_in_them(chat_of: Callable[..., Chat]) -> None:
    ana, bo = chat_of("ana"), chat_of("bo")
    room = ana.create_room("pipeline", members=["bo"], topic="nightly")
    ana.create_room("secret", kind="private").post("nobody else")
    first = room.post("hello @bo and @ana")
    gone = room.post("oops")
    room.delete(gone)
    answer = bo.room("pipeline").post("hi", reply_to=first)
    bo.room("pipeline").react(first, "🎉")
    ana.direct("bo").post("psst")

    messages = bo.messages()
    said = messages.query("kind == 'text'").set_index("id")
    assert said["text"].tolist() == ["hello @bo and @ana", pd.NA, "hi", "psst"]
    assert said["room"].tolist() == ["pipeline"] * 3 + ["@ana,@bo"]
    assert said.loc[first.id, "mentions"] == ["bo", "ana"]
    assert said.loc[answer.id, "mentions"] == []
    assert said["thread"].tolist() == [first.id, pd.NA, first.id, pd.NA]
    assert said["reply_to"].tolist() == [pd.NA, pd.NA, first.id, pd.NA]
    assert said["deleted"].tolist() == [False, True, False, False]
    assert said.loc[first.id, "n_reactions"] == 1
    assert said.loc[first.id, "time"] == first.time
    assert said.loc[first.id, "edited_at"] is pd.NaT
    assert (messages["id"] == messages["seq"].astype("string")).all()
    assert messages.explode("mentions")["mentions"].dropna().tolist() == ["bo", "ana"]

    rooms = bo.rooms().set_index("room")
    assert sorted(rooms.index) == ["@ana,@bo", "pipeline"]
    assert rooms.loc["pipeline", ["kind", "topic", "n_members", "unread"]].tolist() == ["public", "nightly", 2, 1]
    assert rooms.loc["@ana,@bo", "unread"] == 1
    assert bo.members()["member"].tolist() == ["ana", "bo"]
    assert bo.reactions()[["message", "room", "author", "emoji"]].values.tolist() == [
        [first.id, "pipeline", "bo", "🎉"]
    ]
    assert set(bo.reads()["member"]) == {"ana", "bo"}
    events = bo.events()
    assert "secret" not in set(events["room"].dropna())
    assert {"posted", "reacted", "deleted", "room_created", "member_added"} <= set(events["type"])

    since = len(messages)
    bo.room("pipeline").edit(answer, "hi!")
    room.post("more")
    again = bo.messages()
    assert len(again) == since + 1
    assert again.set_index("id").loc[answer.id, "text"] == "hi!"
    assert messages.set_index("id").loc[answer.id, "text"] == "hi", "an earlier frame stays as it was"

    room.rename("nightly")
    assert "pipeline" not in set(bo.messages()["room"])
    ana.room("secret").add("bo")
    assert "nobody else" in set(bo.messages()["text"].dropna())
    ana.room("secret").remove("bo")
    assert "nobody else" not in set(bo.messages()["text"].dropna())
    assert "secret" not in set(bo.rooms()["room"])


# ---------------------------------------------------------------- what travels


def test_only_what_is_new_travels(source: Source, frames: Frames) -> None:
    for _ in range(10):
        source.post()
    assert len(frames.messages()) == 10
    assert source.sent == 10
    source.post("eleven")
    source.change(4, text="four")
    assert len(frames.messages()) == 11
    assert source.sent == 2
    assert source.asked == [("messages", None), ("messages", 10)]
    frames.messages()
    assert source.sent == 0


def test_small_frames_come_whole() -> None:
    asked: list[tuple[str, int | None]] = []

    def fetch(name: str, since: int | None) -> list[tuple[Table, memoryview]]:
        asked.append((name, since))
        return [(Table(req="x", name=name, seq=9, full=True), encoded(SCHEMAS[name].empty_table()))]

    frames = Frames(fetch)
    for name in ("rooms", "members", "reactions", "reads"):
        for _ in range(2):
            assert len(getattr(frames, name)()) == 0
    assert {since for _, since in asked} == {None}


def test_nothing_new_gives_the_same_rows(source: Source, frames: Frames) -> None:
    source.post()
    pd.testing.assert_frame_equal(frames.messages(), frames.messages())


def test_a_full_answer_replaces_all(source: Source, frames: Frames) -> None:
    source.post("a")
    source.post("b")
    frames.messages()
    del source.rows[1]
    source.full = True
    assert frames.messages()["text"].tolist() == ["b"]
    source.rows.clear()
    assert frames.messages()["text"].tolist() == []


def test_a_failed_question_changes_nothing(source: Source) -> None:
    failing = [False]

    def fetch(name: str, since: int | None) -> Any:
        if failing[0]:
            raise errors.ConnectionLost("away")
        return source.fetch(name, since)

    frames = Frames(fetch)
    source.post("a")
    frames.messages()
    source.post("b")
    failing[0] = True
    with pytest.raises(errors.ConnectionLost):
        frames.messages()
    failing[0] = False
    assert frames.messages()["text"].tolist() == ["a", "b"]


def test_other_columns_are_another_version() -> None:
    rows = pa.table({"room": ["a"]})
    frames = Frames(lambda name, since: [(Table(req="x", name=name, seq=1, full=True), encoded(rows))])
    with pytest.raises(errors.VersionMismatch, match="other columns"):
        frames.reads()


def test_columns_of_a_later_version_are_passed_over() -> None:
    rows = pa.table({"room": ["a"], "member": ["b"], "seq": [1], "time": pa.array([1], pa.timestamp("us")), "new": [1]})
    frames = Frames(lambda name, since: [(Table(req="x", name=name, seq=1, full=True), encoded(rows))])
    assert frames.reads().columns.tolist() == COLUMNS["reads"].split()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.integers(0, 5)),
        st.tuples(st.just("change"), st.integers(0, 30)),
        st.tuples(st.just("look"), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(steps=STEPS, part=st.integers(1, 7), chunk=st.integers(2, 8))
def test_changes_lead_to_what_a_fresh_copy_has(steps: list[tuple[str, int]], part: int, chunk: int) -> None:
    source = Source(part)
    kept = Frames(source.fetch)
    original = copy_module.CHUNK
    copy_module.CHUNK = chunk
    try:
        for step, number in steps:
            if step == "post":
                for at in range(number):
                    source.post(f"p{at}", mentions=["bo"] * (at % 3), edited_at=at or None)
            elif step == "change" and source.rows:
                seqs = sorted(source.rows)
                source.change(seqs[number % len(seqs)], text=None, deleted=True, n_reactions=number, mentions=["cy"])
            else:
                kept.messages()
        pd.testing.assert_frame_equal(kept.messages(), Frames(source.fetch).messages())
        query = "select * from messages order by seq"
        pd.testing.assert_frame_equal(kept.sql(query, {}), kept.messages())
    finally:
        copy_module.CHUNK = original


def test_many_small_additions_stay_few_chunks(source: Source, frames: Frames) -> None:
    for _ in range(300):
        source.post()
        frames.messages()
    assert len(frames._copies["messages"].chunks) < 12


# ---------------------------------------------------------------- frames are one's own


def test_a_frame_may_be_changed(source: Source, frames: Frames) -> None:
    for _ in range(4):
        source.post("x", mentions=["bo"])
    one = frames.messages()
    one.loc[0, "text"] = "mine"
    one.loc[0, "seq"] = -1
    one.loc[:, "deleted"] = True
    one.at[0, "mentions"] = []
    one["new"] = 1
    other = frames.messages()
    assert other["text"].tolist() == ["x"] * 4
    assert other["seq"].tolist() == [1, 2, 3, 4]
    assert not other["deleted"].any()
    assert other["mentions"].tolist() == [["bo"]] * 4
    assert "new" not in other
    source.post("y")
    frames.messages()
    other.loc[1, "seq"] = -2
    other.loc[1, "time"] = pd.Timestamp(0, tz="UTC")
    other.loc[1, "n_files"] = 7
    assert frames.messages()["seq"].tolist() == [1, 2, 3, 4, 5]


def test_lists_of_handles_cannot_be_changed_but_copied(source: Source, frames: Frames) -> None:
    source.post(mentions=["bo", "ana"])
    found = frames.messages()["mentions"].iloc[0]
    assert isinstance(found, list)
    assert found == ["bo", "ana"]
    for change in (
        lambda: found.append("cy"),
        lambda: found.sort(),
        lambda: found.__setitem__(0, "cy"),
        lambda: found.clear(),
    ):
        with pytest.raises(TypeError, match="copy"):
            change()
    for own in (list(found), copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert type(own) is list
        own.append("cy")
    assert not Handles()


def test_frames_go_to_files_and_back(source: Source, frames: Frames, tmp_path: Any) -> None:
    source.post(mentions=["bo"])
    source.post()
    frame = frames.messages()
    frame.to_parquet(tmp_path / "messages.parquet")
    back = pd.read_parquet(tmp_path / "messages.parquet")
    assert back["text"].tolist() == frame["text"].tolist()
    assert [list(each) for each in back["mentions"]] == [["bo"], []]
    assert pickle.loads(pickle.dumps(frame)).equals(frame)
    assert frame.to_csv()
    assert frame.to_json(date_format="iso")
    merged = frame.merge(frame, on="id")
    assert len(merged) == 2


def test_threads_may_ask_at_once(source: Source, frames: Frames) -> None:
    for _ in range(50):
        source.post()
    found: list[int] = []

    def ask() -> None:
        for _ in range(20):
            found.append(len(frames.messages()))
            found.append(int(frames.sql("select count(*) n from messages", {})["n"].iloc[0]))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [50] * 160


# ---------------------------------------------------------------- SQL


def test_sql_over_a_real_hub(chat_of: Callable[..., Chat]) -> None:
    ana, bo = chat_of("ana"), chat_of("bo")
    room = ana.create_room("pipeline", members=["bo"])
    for number in range(5):
        room.post(f"m{number}")
    bo.room("pipeline").post("seen @ana")
    counted = ana.sql(
        "select author, count(*) n, max(time) newest from messages where kind = 'text' group by author order by author"
    )
    assert counted["author"].tolist() == ["ana", "bo"]
    assert counted["n"].tolist() == [5, 1]
    assert counted["newest"].dtype == UTC
    assert ana.sql("select text from messages where author = $who", who="bo")["text"].tolist() == ["seen @ana"]
    assert ana.sql("select count(*) n from members m join messages s on s.author = m.member")["n"].tolist() == [6]
    assert ana.sql("select data->>'$.text' t from events where type = 'posted' order by seq limit 1")["t"][0] == "m0"
    room.post("m5")
    assert ana.sql("from messages select count(*) as n where kind = 'text'")["n"].tolist() == [7]
    for name in COLUMNS:
        assert len(ana.sql(f"select * from {name}")) == len(getattr(ana, name)())


def test_sql_asks_only_for_what_a_query_names(source: Source, frames: Frames) -> None:
    source.post()
    frames.sql("select 1 as one", {})
    assert source.asked == []
    frames.sql("SELECT count(*) FROM Messages", {})
    assert source.asked == [("messages", None)]


@pytest.mark.parametrize(
    "query",
    [
        "insert into messages select * from messages",
        "delete from messages",
        "create table t as select 1",
        "create temp view v as select 1",
        "copy (select 1) to '/tmp/never.csv'",
        "attach '/tmp/never.db'",
        "set threads = 1",
        "set enable_external_access = true",
        "install httpfs",
        "load httpfs",
        "pragma version",
        "call pragma_version()",
        "select 1; select 2",
        "",
        "   ",
        "-- nothing",
    ],
)
def test_sql_only_reads(frames: Frames, source: Source, query: str) -> None:
    source.post()
    with pytest.raises(errors.Invalid, match=r"sql\(\)|query is text"):
        frames.sql(query, {})


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("selec 1", "syntax error"),
        ("select nothing from messages", "nothing"),
        ("select * from nowhere", "nowhere"),
        ("select $missing", "missing"),
        ("select * from '/etc/passwd'", "not exist"),
        ("select * from read_csv('/etc/passwd')", "disabled by configuration"),
        ("select * from read_text('/etc/passwd')", "disabled by configuration"),
        ("select * from glob('/*')", "disabled by configuration"),
        ("select * from read_csv('https://example.org/x.csv')", ""),
        ("select * from variable_of_this_test", "not exist"),
        ("select 1 / 'x'", "Conversion"),
    ],
)
def test_sql_says_what_duckdb_says(frames: Frames, source: Source, query: str, says: str) -> None:
    variable_of_this_test = pa.table({"a": [1]})
    assert variable_of_this_test.num_rows
    source.post()
    with pytest.raises(errors.Invalid, match=says or None):
        frames.sql(query, {})


def test_what_sql_makes_of_its_values(frames: Frames) -> None:
    row = frames.sql(
        "select sum(x)::hugeint as total, avg(x) as mean, list(x::varchar) as names, true as yes, null::bool as maybe,"
        " null::bigint as n, 'a' as a, null::varchar as none, date '2026-01-02' as day, 1.5::decimal(9,2) as price,"
        " timestamp '2026-01-02 03:04:05' as at_time, 18446744073709551615::ubigint as big, 'b' as a,"
        " 170141183460469231731687303715884105727::hugeint as huge"
        " from (values (1), (2)) t(x)",
        {},
    )
    assert {name: str(dtype) for name, dtype in row.dtypes.items()} == {
        "total": "int64",
        "mean": "float64",
        "names": "object",
        "yes": "bool",
        "maybe": "boolean",
        "n": "Int64",
        "a": "string",
        "none": "string",
        "day": "datetime64[ms]",
        "price": "float64",
        "at_time": "datetime64[us, UTC]",
        "big": "uint64",
        "a_1": "string",
        "huge": "float64",
    }
    assert row["names"][0] == ["1", "2"]
    assert row["at_time"][0] == pd.Timestamp("2026-01-02 03:04:05", tz="UTC")


def test_closed_frames_forget(source: Source, frames: Frames) -> None:
    source.post()
    frames.sql("select * from messages", {})
    frames.close()
    frames.close()
    assert len(frames.messages()) == 1
    assert source.asked[-1] == ("messages", None)
