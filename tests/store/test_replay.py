"""What is in memory while commands come, what is read when the file is opened, and what the log makes: all the same."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pytest
from desk import NOON, Desk, Step
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from collabchat import protocol as p
from collabchat.store import doctor, load, refs, schema
from collabchat.store.directory import Directory
from collabchat.store.workspace import Workspace

NUMBER = st.integers(0, 999)
# Who, what, and how the clock moves; the last one of them opens the workspace anew.
STEPS = st.lists(
    st.tuples(st.integers(0, 3), st.tuples(NUMBER, NUMBER, NUMBER), st.sampled_from([1, 1, 1, 0, -(10**9), 10**8])),
    min_size=20,
    max_size=120,
)


def _events(workspace: Workspace) -> list[p.Event]:
    cursor = workspace.connection.cursor()
    return [load.event(row) for row in cursor.execute(f"SELECT {load.EVENT_COLUMNS} FROM events").fetchall()]


def _plain(state: Directory) -> dict[str, Any]:
    """All of a directory but when access changed last: that may be told later than it was, see `load`."""
    return {
        "seq": state.seq,
        "settings": state.settings,
        "time": state.time,
        "members": {one.id: replace(one, access=0, last_seen=None) for one in state.members.values()},
        "rooms": state.rooms,
        "order": {room.id: (list(room.members), list(room.pins)) for room in state.rooms.values()},
        "names": (state.by_handle, state.by_name),
    }


def _same(desk: Desk) -> None:
    workspace = desk.workspace
    desk.settle()
    log = _events(workspace)
    replayed = Directory()
    for event in log:
        replayed.apply(event)
    live = _plain(workspace.directory)
    assert live == _plain(load.directory(workspace.connection.cursor()))
    assert live == _plain(replayed)
    assert [event.seq for event in log] == sorted({event.seq for event in log})
    times = [event.time for event in log]
    assert times == sorted(times)
    for message in desk.messages:
        kept, stored = workspace.refs.get(message), load.message_ref(workspace.reader(), message)
        assert (kept and replace(kept, touched=0)) == stored


def _answers(desk: Desk, answered: dict[tuple[p.Id, str], int]) -> None:
    in_log = {event.seq for event in _events(desk.workspace)}
    for (actor, req), seq in answered.items():
        earlier = desk.workspace.earlier(actor, req, True)
        # With a deleted room goes what was said in it, the answers too.
        assert (earlier.seq if earlier else None) == (seq if seq in in_log else None)


def _left_in(file: Path, words: list[str]) -> list[tuple[str, str, str]]:
    """Where one of these words still stands, in whatever column of whatever table."""
    found = []
    with duckdb.connect(str(file), read_only=True) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE data_type = 'VARCHAR' AND NOT internal"
        ).fetchall()
        assert ("events", "data") in columns
        assert ("messages", "text") in columns
        for table, column in columns:
            for word, text in connection.execute(
                f"SELECT w, {column} FROM {table} JOIN (SELECT unnest($1::VARCHAR[]) AS w) ON contains({column}, w)",
                [words],
            ).fetchall():
                found.append((table, word, text))
    return found


def _word(text: str) -> str:
    return text.split()[0]


@pytest.mark.slow
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=STEPS, kept=st.sampled_from([2, 5, 20_000]))
def test_memory_tables_and_log_agree(steps: list[tuple[int, Step, int]], kept: int) -> None:
    with tempfile.TemporaryDirectory() as name, mock.patch.object(refs, "KEPT", kept):
        folder = Path(name) / "team"
        desk = Desk(folder)
        try:
            for count, (who, what, tick) in enumerate(steps):
                desk.clock += tick
                desk.step(who, what)
                if count % 5 == 0:
                    desk.heard()
                if count == len(steps) // 2:
                    _same(desk)
            _same(desk)
            erased, said, answered = desk.erased, desk.texts, dict(desk.answered)
            seq = desk.workspace.directory.seq
        finally:
            desk.close()
        assert doctor.check(folder).findings == []
        assert _left_in(folder / schema.FILE, erased) == []
        latest = {_word(texts[-1]) for texts in said.values()}
        assert {word for _, word, _ in _left_in(folder / schema.FILE, list(latest))} == latest
        desk = Desk(folder)
        try:
            assert desk.workspace.directory.seq == seq
            _same(desk)
            _answers(desk, answered)
        finally:
            desk.close()


def test_every_kind_of_command_is_obeyed_now_and_then(tmp_path: Path) -> None:
    """Else the test above would not say much."""
    every = set(p.AnyEventData.__args__) - {p.MemberAdded}
    desk, chance = Desk(tmp_path / "team"), random.Random(3)
    try:
        for _ in range(10_000):
            desk.step(chance.randrange(4), (chance.randrange(999), chance.randrange(999), chance.randrange(999)))
            if desk.happened == every:
                break
        desk.settle()
        assert desk.gone
    finally:
        desk.close()
    assert desk.happened == every


def test_a_clock_that_steps_back_does_not_take_the_log_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "team")
    times = []
    for now in (NOON + 50, NOON + 10, NOON - 10**12, NOON + 51, NOON + 50):
        desk.clock = now
        event = desk.do(0, p.Post(req=p.new_req(), room=desk.rooms[0], text="now"))
        assert event is not None
        times.append(event.time - NOON)
    assert times == [50, 50, 50, 51, 51]
    desk.settle()
    desk.close()
    desk = Desk(tmp_path / "team")  # at noon again
    event = desk.do(0, p.Post(req=p.new_req(), room=desk.rooms[0], text="and after it was opened again"))
    assert event is not None
    assert event.time == NOON + 51
    desk.settle()
    assert [one.time for one in _events(desk.workspace)][-6:] == [NOON + one for one in [50, 50, 50, 51, 51, 51]]
    desk.close()
