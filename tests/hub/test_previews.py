"""What the hub makes of files: once each, by a process of its own, whatever happens to that process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import hostile
import psutil
import pytest
import sending
from house import Person, RefusedError, house, run

from collabchat import protocol as p
from collabchat.errors import HubUnavailable
from collabchat.hub import previewing
from collabchat.hub.previewing import Previewing
from collabchat.hub.reader_process import Job, Made, ReaderProcess
from collabchat.store.blobs import Blobs
from collabchat.store.media import HEAD, media_of

FILES = Path(__file__).parents[2] / "data" / "files"


class Desk:
    """Files, and what is made of them."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.blobs = Blobs(folder)
        self.previewing = Previewing(self.blobs, **options)

    def file(self, content: bytes, name: str) -> p.Attachment:
        media_type, kind = media_of(content[:HEAD], name)
        sha = self.blobs.put(content)
        return p.Attachment(name=name, size=len(content), type=media_type, kind=kind, sha256=sha)

    def made(self) -> list[Path]:
        return [path for path in (self.blobs.folder / ".made").rglob("*") if path.is_file()]


@contextlib.asynccontextmanager
async def desk(folder: Path, **options: Any) -> AsyncIterator[Desk]:
    made = Desk(folder, **options)
    try:
        yield made
    finally:
        made.previewing.close()
        await asyncio.sleep(0)


class Counting:
    """What was asked of processes, which do it all the same."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.jobs: list[Job] = []
        ask = ReaderProcess.ask

        def counted(process: ReaderProcess, job: Job) -> tuple[Made, bytes]:
            self.jobs.append(job)
            return ask(process, job)

        monkeypatch.setattr(ReaderProcess, "ask", counted)


async def until(true: Callable[[], object], within: float = 20.0) -> None:
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.005)


TABLE = b"a,b\n1,2\n"
SLOW = b"a,b\n" + b'1,"2"\n' * 700_000


def test_the_files_of_the_sample(tmp_path: Path) -> None:
    async def main() -> None:
        async with desk(tmp_path) as here:
            files = {path.name: here.file(path.read_bytes(), path.name) for path in FILES.iterdir()}
            shown = {name: await here.previewing.preview(file) for name, file in files.items()}
            small = {name: await here.previewing.thumbnail(file, 480) for name, file in files.items()}
            words = {name: await here.previewing.text(file) for name, file in files.items()}
        table = shown["vendor-duplicates.csv"]
        assert isinstance(table, p.TablePreview)
        assert (table.n_rows, table.n_columns, len(table.rows)) == (40, 7, 20)
        assert [column.type for column in table.columns][3:5] == ["TIMESTAMP", "DOUBLE"]
        routes = shown["route-renumbering.csv"]
        assert isinstance(routes, p.TablePreview)
        assert [column.type for column in routes.columns][2:4] == ["DATE", "DATE"]
        notebook = shown["occupancy-backtest.ipynb"]
        assert isinstance(notebook, p.NotebookPreview)
        assert notebook.language == "python"
        assert any(cell.picture for cell in notebook.cells)
        document = shown["postmortem-2026-10-16.pdf"]
        assert isinstance(document, p.DocumentPreview)
        assert document.n_pages == 2
        assert shown["backtest-september.png"] == p.NoPreview()
        assert {name for name, one in small.items() if one} == {"backtest-september.png", "postmortem-2026-10-16.pdf"}
        picture = small["backtest-september.png"]
        assert picture is not None
        assert (picture.media_type, picture.width) == ("image/webp", 480)
        assert "Thursday counted twice" in words["postmortem-2026-10-16.pdf"]
        assert "occupancy forecast" in words["occupancy-backtest.ipynb"].lower()
        assert "Skarv" in words["vendor-duplicates.csv"]
        assert words["backtest-september.png"] == ""

    run(main())


def test_nothing_is_started_before_it_is_needed(tmp_path: Path) -> None:
    async def main() -> None:
        async with desk(tmp_path) as here:
            assert await here.previewing.preview(here.file(hostile.png(9, 9), "a.png")) == p.NoPreview()
            assert await here.previewing.thumbnail(here.file(TABLE, "a.csv"), 160) is None
            assert await here.previewing.text(here.file(hostile.zipped({"a": "x"}), "a.zip")) == ""
            assert await here.previewing.preview(here.file(bytes(99), "a.bin")) == p.NoPreview()
            assert here.previewing.pids == []

    run(main())


def test_asked_twice_made_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counting(monkeypatch)

    async def main() -> None:
        async with desk(tmp_path) as here:
            file, picture = here.file(TABLE, "a.csv"), here.file(hostile.png(300, 200), "a.png")
            both = await asyncio.gather(here.previewing.preview(file), here.previewing.preview(file))
            assert both[0] == both[1]
            small = [await here.previewing.thumbnail(picture, side) for side in (160, 480, 160)]
            assert small[0] == small[2] != small[1]
            assert len(counted.jobs) == 3
            # Under another name the same bytes are something else.
            assert isinstance(await here.previewing.preview(here.file(TABLE, "a.txt")), p.TextPreview)
            assert len(counted.jobs) == 4
            kept = len(here.made())
        async with desk(tmp_path) as later:
            assert await later.previewing.preview(file) == both[0]
            assert await later.previewing.thumbnail(picture, 160) == small[0]
            assert later.previewing.pids == []
            later.blobs.remove(file.sha256)
            assert 0 < len(later.made()) < kept
            # What was kept and is not whole is made anew.
            for path in later.made():
                path.write_bytes(path.read_bytes()[:9])
            assert await later.previewing.thumbnail(picture, 160) == small[0]
        assert len(counted.jobs) == 5

    run(main())


def test_whoever_goes_away_takes_nothing_from_the_others(tmp_path: Path) -> None:
    async def main() -> None:
        async with desk(tmp_path) as here:
            file = here.file(TABLE, "a.csv")
            first = asyncio.create_task(here.previewing.preview(file))
            second = asyncio.create_task(here.previewing.preview(file))
            await asyncio.sleep(0)
            first.cancel()
            assert isinstance(await second, p.TablePreview)

    run(main())


def test_killed_in_the_middle_it_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counting(monkeypatch)

    async def main() -> None:
        async with desk(tmp_path) as here:
            slow = asyncio.create_task(here.previewing.preview(here.file(SLOW, "a.csv")))
            await until(lambda: here.previewing.pids and psutil.Process(here.previewing.pids[0]).cpu_times().user > 0.3)
            killed = here.previewing.pids[0]
            os.kill(killed, signal.SIGKILL)
            shown = await slow
            assert isinstance(shown, p.TablePreview)
            assert shown.looked_at > 0
            assert killed not in here.previewing.pids
            # One that is killed while it waits is not noticed either.
            os.kill(here.previewing.pids[0], signal.SIGKILL)
            psutil.wait_procs(
                [psutil.Process(pid) for pid in here.previewing.pids if psutil.pid_exists(pid)], timeout=9
            )
            assert isinstance(await here.previewing.preview(here.file(TABLE, "b.csv")), p.TablePreview)
        assert [job.name for job in counted.jobs][:2] == ["a.csv", "a.csv"]

    run(main())


def test_a_file_that_ends_processes_takes_no_others_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counting(monkeypatch)

    async def main() -> None:
        async with desk(tmp_path) as here:
            bad = here.file(hostile.wide_workbook(), "bad.xlsx")
            good = [here.file(b"a,b\n%d,2\n" % at, f"{at}.csv") for at in range(6)]
            found = await asyncio.gather(*(here.previewing.preview(file) for file in [good[0], bad, *good[1:]]))
            assert [type(one) for one in found] == [p.TablePreview, p.NoPreview, *[p.TablePreview] * 5]
            assert found[1] == p.NoPreview(problem=previewing.ENDED)
            # It was tried once more, alone, and is remembered.
            assert await here.previewing.preview(bad) == found[1]
            assert [job.name for job in counted.jobs].count("bad.xlsx") == 2
            assert here.made()
            assert not [path for path in here.made() if bad.sha256 in str(path)]

    run(main())


def test_what_takes_too_long_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counting(monkeypatch)

    async def main() -> None:
        async with desk(tmp_path, seconds=0.3) as here:
            slow = here.file(SLOW, "a.csv")
            for _ in range(2):
                assert await here.previewing.preview(slow) == p.NoPreview(problem=previewing.TOO_SLOW)
            assert len([job for job in counted.jobs if job.what == "preview"]) == 1

    run(main())


def test_the_hub_goes_on_meanwhile(tmp_path: Path) -> None:
    async def main() -> None:
        async with desk(tmp_path) as here:
            files = [here.file(SLOW + b"%d,1\n" % at, "a.csv") for at in range(2)]
            asked = [asyncio.create_task(here.previewing.preview(file)) for file in files]
            longest = 0.0
            while not all(task.done() for task in asked):
                before = time.perf_counter()
                await asyncio.sleep(0.001)
                longest = max(longest, time.perf_counter() - before)
            assert all(isinstance(task.result(), p.TablePreview) for task in asked)
            assert len(here.previewing.pids) == 2
            # On a machine of few cores, each of them busy.
            assert longest < 1

    run(main())


def test_those_who_look_come_before_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counting(monkeypatch)

    async def main() -> None:
        async with desk(tmp_path) as here:
            words = [here.file(b"words %d" % at, "a.txt") for at in range(5)]
            texts = [asyncio.create_task(here.previewing.text(file)) for file in words]
            shown = [asyncio.create_task(here.previewing.preview(file)) for file in words]
            assert await asyncio.gather(*texts) == [f"words {at}" for at in range(5)]
            assert all(isinstance(one, p.TextPreview) for one in await asyncio.gather(*shown))
        order = [job.what for job in counted.jobs]
        assert order.index("preview") < 3
        assert order[-1] == "text"

    run(main())


def test_too_many_that_wait_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previewing, "WAITING", 3)

    async def main() -> None:
        async with desk(tmp_path) as here:
            files = [here.file(b"words %d" % at, "a.txt") for at in range(9)]
            asked = [asyncio.create_task(here.previewing.preview(file)) for file in files[:8]]
            await until(lambda: here.previewing._turns.waiting >= 3)
            with pytest.raises(HubUnavailable, match="busy"):
                await here.previewing.preview(files[8])
            await asyncio.gather(*asked)
            assert isinstance(await here.previewing.preview(files[8]), p.TextPreview)

    run(main())


def test_processes_leave_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    async def main() -> None:
        async with desk(tmp_path, idle=0.05) as here:
            await here.previewing.preview(here.file(TABLE, "a.csv"))
            await until(lambda: not here.previewing.pids)
            await until(lambda: not psutil.Process().children())
            assert isinstance(await here.previewing.preview(here.file(TABLE + b"3,4\n", "a.csv")), p.TablePreview)

    run(main())


def test_closing_ends_what_runs(tmp_path: Path) -> None:
    async def main() -> None:
        async with desk(tmp_path) as here:
            slow = asyncio.create_task(here.previewing.preview(here.file(SLOW, "a.csv")))
            await until(lambda: here.previewing.pids)
            before = time.perf_counter()
            here.previewing.close()
            with pytest.raises(asyncio.CancelledError):
                await slow
            assert time.perf_counter() - before < 5
            assert not psutil.Process().children()

    run(main())


def test_a_disk_that_refuses_costs_only_time(tmp_path: Path) -> None:
    async def main() -> None:
        async with desk(tmp_path) as here:
            file = here.file(TABLE, "a.csv")
            (here.blobs.folder / ".made").write_text("not a folder")
            for _ in range(2):
                assert isinstance(await here.previewing.preview(file), p.TablePreview)

    run(main())


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    async def main() -> None:
        async with desk(tmp_path) as here:
            file = here.file(TABLE, "a.csv")
            here.blobs.remove(file.sha256)
            assert isinstance(await here.previewing.preview(file), p.NoPreview)
            assert await here.previewing.text(file) == ""

    run(main())


async def thumbnail(person: Person, file: p.FileId, **more: Any) -> tuple[p.Thumbnail, bytes]:
    return await sending.binary(person, p.GetThumbnail(req=p.new_req(), file=file, **more))


def test_members_of_the_room_see_it_and_others_do_not(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path / "team") as here:
            (ana, bo), room = await here.room("ana", "bo", kind="private")
            cy = await here.person("cy")
            picture = await sending.post(ana, room, hostile.png(900, 300), name="a.png")
            table = await sending.post(ana, room, TABLE, name="a.csv")
            header, data = await thumbnail(bo, f"{picture}-1", side=160)
            assert (header.file, header.width, header.height) == (f"{picture}-1", 160, 53)
            assert data[8:12] == b"WEBP"
            shown = await bo.ask(p.GetPreview(req=p.new_req(), file=f"{table}-1"))
            assert isinstance(shown.preview, p.TablePreview)
            for file in (f"{picture}-1", f"{table}-1"):
                with pytest.raises(RefusedError, match="not_found"):
                    await thumbnail(cy, file)
                with pytest.raises(RefusedError, match="not_found"):
                    await cy.ask(p.GetPreview(req=p.new_req(), file=file))
            with pytest.raises(RefusedError, match="no picture"):
                await thumbnail(bo, f"{table}-1")
            # What was made of a file is no way around being sent out of the room, or its being deleted.
            await ana.do(p.Remove, room=room, member=bo.me)
            with pytest.raises(RefusedError, match="not_found"):
                await thumbnail(bo, f"{picture}-1", side=160)
            await ana.do(p.Delete, id=table)
            with pytest.raises(RefusedError, match="not_found"):
                await ana.ask(p.GetPreview(req=p.new_req(), file=f"{table}-1"))

    run(main())
