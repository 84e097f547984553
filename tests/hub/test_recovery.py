"""The log refuses something: who waits is told what is true, who reads goes on, and then all goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
from house import House, Person, RefusedError, house, run

from collabchat import protocol as p
from collabchat.errors import WorkspaceError
from collabchat.hub import hub as hubs
from collabchat.store import load, tables
from collabchat.store.workspace import Workspace


async def _two(home: House) -> tuple[Person, Person, p.Id]:
    ana, bo = await home.person("ana"), await home.person("bo")
    room = (await ana.do(p.CreateRoom, name="pipeline", members=[bo.me])).id or ""
    return ana, bo, room


def _texts(page: p.Page) -> list[str | None]:
    return [message.text for message in page.messages]


class Disk:
    """Stands between the hub and its database: fails when it is told to, before or after a commit."""

    def __init__(self) -> None:
        self.full = False
        self.checkpoint_fails = False
        self.gate = threading.Event()
        self.gate.set()

    def write(self, write: Callable[..., None], writer: tables.Writer, events: Any) -> None:
        assert self.gate.wait(10)
        write(writer, events)
        if self.checkpoint_fails:
            # As DuckDB does where the commit is in its write-ahead log, and the checkpoint after it finds no room.
            writer._feeds.cursor.execute("COMMIT")
            raise duckdb.IOException("No space left on device")
        if self.full:
            raise duckdb.IOException("No space left on device")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    made = Disk()
    write = tables.Writer.write
    monkeypatch.setattr(tables.Writer, "write", lambda writer, events: made.write(write, writer, events))
    yield made
    made.gate.set()


def test_what_is_on_disk_after_all_is_answered_so_and_told_to_the_others(tmp_path: Path, disk: Disk) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await _two(home)
            disk.checkpoint_fails = True
            ack = await ana.do(p.Post, room=room, text="stored after all")
            disk.checkpoint_fails = False
            await bo.upto(ack.seq)
            assert _texts(await bo.history(room)) == ["stored after all"]
            after = await ana.do(p.Post, room=room, text="after")
            await bo.upto(after.seq)
            assert [event.seq for event in bo.events[-2:]] == [ack.seq, after.seq]

    run(main())


def test_a_refused_post_is_nowhere_and_its_seq_is_used_again(tmp_path: Path, disk: Disk) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await _two(home)
            disk.full = True
            refused = p.Post(req=p.new_req(), room=room, text="refused")
            assert (await ana.ask(refused, refused=True)).code == "disk_full"
            disk.full = False
            after = await ana.do(p.Post, room=room, text="after")
            await bo.upto(after.seq)
            assert [e.data.text for e in bo.events if isinstance(e.data, p.Posted)] == ["after"]
            ana.heard.clear()
            assert (await ana.ask(refused)).changed
            assert _texts(await ana.history(room)) == ["after", "refused"]

    run(main())


def test_nobody_waits_for_ever_who_asks_while_the_hub_goes_back(tmp_path: Path, disk: Disk) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await _two(home)
            await ana.do(p.Post, room=room, text="before")
            disk.full = True
            disk.gate.clear()
            # All of these wait for the same commit, which is refused.
            waiting = [
                asyncio.create_task(ana.ask(request, refused=True))
                for request in (
                    p.Post(req=p.new_req(), room=room, text="refused"),
                    p.MarkRead(req=p.new_req(), room=room),
                    p.Archive(req=p.new_req(), room=room),
                    p.Archive(req=p.new_req(), room=room),
                    p.Ping(req=p.new_req()),
                )
            ]
            reading = [
                asyncio.create_task(bo.ask(request))
                for request in (
                    p.History(req=p.new_req(), room=room),
                    p.Sync(req=p.new_req()),
                )
            ]
            frame = p.Frame(req=p.new_req(), name="rooms")
            await bo.say(p.encode(frame).decode())
            await asyncio.sleep(0)
            disk.gate.set()
            async with asyncio.timeout(10):
                replies = [await task for task in waiting]
                page, snapshot = [await task for task in reading]
                table = await bo.until(lambda: next((one for one in bo.heard if isinstance(one, tuple)), None))
            assert [r.code if isinstance(r, p.Error) else "ok" for r in replies] == ["disk_full"] * 4 + ["ok"]
            # Reading goes on, and shows nothing that was refused.
            assert _texts(page) == ["before"]
            assert (snapshot.rooms[0].archived, snapshot.rooms[0].n_messages) == (False, 1)
            assert table[0].seq == snapshot.seq == home.hub.workspace.durable

    run(main())


@contextmanager
def _times(monkeypatch: pytest.MonkeyPatch, error: Exception, count: int) -> Iterator[list[int]]:
    """The next loads of the directory fail."""
    left, real = [count], load.directory

    def failing(connection: duckdb.DuckDBPyConnection) -> Any:
        if left[0]:
            left[0] -= 1
            raise error
        return real(connection)

    with monkeypatch.context() as patch:
        patch.setattr(load, "directory", failing)
        yield left


@pytest.mark.parametrize(
    "error", [duckdb.IOException("No space left on device"), OSError("the drive is away"), WorkspaceError("no")]
)
def test_it_tries_again_until_the_database_lets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: Disk, error: Exception
) -> None:
    monkeypatch.setattr(hubs, "RETRY", 0.01)

    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo, room = await _two(home)
            await ana.do(p.Post, room=room, text="before")
            with _times(monkeypatch, error, 7) as left:
                disk.full = True
                assert (await ana.ask(p.Post(req=p.new_req(), room=room, text="x"), refused=True)).code == "disk_full"
                disk.full = False
                while await ana.code(p.Post, room=room, text="after") != "ok":
                    await asyncio.sleep(0.01)
            assert left == [0]
            assert _texts(await bo.history(room)) == ["before", "after"]

    run(main())


def test_going_back_may_open_the_database_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB lets go of a database only with the last of its cursors; one that it gave up must not be found again."""
    with Workspace(tmp_path, lambda _events, _failure: None) as workspace:
        workspace.connection.execute("ATTACH ':memory:' AS the_old_one")
        readers: list[duckdb.DuckDBPyConnection] = []
        thread = threading.Thread(target=lambda: readers.append(workspace.reader()))
        thread.start()
        thread.join()
        workspace.reader().execute("SELECT 1")
        with _times(monkeypatch, duckdb.FatalException("the database has been invalidated"), 1):
            workspace.recover()
        found = workspace.reader().execute("SELECT database_name FROM duckdb_databases()").fetchall()
        assert ("the_old_one",) not in found
        workspace.decide(
            "1", p.MemberAdded(member="1", handle="ana", name="ana", role="owner"), room=None, req=None, now=1
        )
    with Workspace(tmp_path, lambda _events, _failure: None) as workspace:
        assert workspace.directory.seq == 1


def test_who_is_known_comes_in_while_the_disk_takes_nothing(tmp_path: Path, disk: Disk) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, _, room = await _two(home)
            disk.full = True
            disk.gate.clear()
            post = asyncio.create_task(ana.code(p.Post, room=room, text="refused"))
            await asyncio.sleep(0)
            known = asyncio.create_task(Person(home.hub).hello("bo"))
            new = asyncio.create_task(Person(home.hub).hello("cy"))
            await asyncio.sleep(0)
            disk.gate.set()
            async with asyncio.timeout(10):
                assert await post == "disk_full"
                assert (await (await known).sync()).rooms[0].n_messages == 0
                with pytest.raises(RefusedError, match="disk_full"):
                    await new
            disk.full = False
            assert (await Person(home.hub).hello("cy")).me

    run(main())
