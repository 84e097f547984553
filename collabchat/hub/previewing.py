"""Thumbnails, previews and words of files: made once each, by a process of its own, and kept beside the files."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import logging
import re
import time
import zlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, NamedTuple

import msgspec

from collabchat import protocol as p
from collabchat.errors import HubUnavailable
from collabchat.hub.reader_process import Ended, Job, Made, ReaderProcess, TooSlow
from collabchat.store.blobs import Blobs
from collabchat.store.made import MadeFiles

log = logging.getLogger("collabchat.hub")

VERSION = 1
"""Of what is made: what an older hub made is not shown."""
PROCESSES = 2
SECONDS = 25.0
"""How long one file may take before its process is killed."""
WAITING = 200
"""Thumbnails and previews that may wait; more are refused."""
IDLE = 60.0
"""Seconds after which a process that has nothing to do leaves."""
REMEMBERED = 600.0
"""Seconds for which a failure is remembered."""
FAILURES = 1_000

TOO_SLOW = "This file takes too long to be shown."
ENDED = "This file could not be shown: reading it takes too much, or it is damaged."

What = Literal["thumbnail", "preview", "text"]
Result = tuple[Made, bytes]


class MadePicture(NamedTuple):
    """A picture in small."""

    media_type: Literal["image/png", "image/jpeg", "image/webp"]
    width: int
    height: int
    data: bytes


class Previewing:
    """What is made of the files of a workspace. Whoever asks has checked that the file may be seen.

    Parameters
    ----------
    blobs
        The files.
    seconds
        How long one of them may take.
    idle
        Seconds after which a process that has nothing to do leaves.
    """

    def __init__(self, blobs: Blobs, *, seconds: float = SECONDS, idle: float = IDLE) -> None:
        self._blobs = blobs
        self._made = MadeFiles(blobs.folder)
        self._seconds = seconds
        self._idle_after = idle
        self._threads = ThreadPoolExecutor(PROCESSES, thread_name_prefix="collabchat-preview")
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="collabchat-made")
        self._turns = _Turns(PROCESSES)
        self._one_text = asyncio.Semaphore(1)
        self._asked: dict[str, asyncio.Task[Result]] = {}
        self._failed: OrderedDict[str, tuple[float, Result]] = OrderedDict()
        self._idle: list[ReaderProcess] = []
        self._running: set[ReaderProcess] = set()
        self._leaving: asyncio.TimerHandle | None = None
        self._closed = False

    async def thumbnail(self, file: p.Attachment, side: int) -> MadePicture | None:
        """A picture, or the first page of a PDF, in small; None where there is none.

        Raises
        ------
        HubUnavailable
            Where too many wait already.
        """
        if file.kind != "picture" and file.type != "application/pdf":
            return None
        made, picture = await self._ask(file, "thumbnail", side)
        if not made.media_type or not picture:
            return None
        return MadePicture(made.media_type, made.width, made.height, picture)

    async def preview(self, file: p.Attachment) -> p.AnyPreview:
        """What is in a file.

        Raises
        ------
        HubUnavailable
            Where too many wait already.
        """
        if file.kind in ("picture", "sound", "video", "other"):
            return p.NoPreview()  # the browser shows and plays it, or there is nothing to show
        made, _ = await self._ask(file, "preview")
        return made.preview or p.NoPreview()

    async def text(self, file: p.Attachment) -> str:
        """The words in a file, for the search; empty where there are none."""
        if file.kind in ("picture", "sound", "video", "archive", "other"):
            return ""
        # One at a time: there is always a process for what people look at.
        async with self._one_text:
            made, _ = await self._ask(file, "text")
        return made.text

    @property
    def pids(self) -> list[int]:
        """The processes that there are now."""
        return [process.pid for process in [*self._idle, *self._running]]

    def close(self) -> None:
        """End the processes; what is still asked for is answered with nothing."""
        self._closed = True
        if self._leaving is not None:
            self._leaving.cancel()
        for task in self._asked.values():
            task.cancel()
        for process in list(self._running):
            process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._disk.shutdown(wait=True)
        for process in self._idle:
            process.close()
        self._idle.clear()

    # ------------------------------------------------------------ asked once, made once

    async def _ask(self, file: p.Attachment, what: What, side: int = 0) -> Result:
        key = _key(file, what, side)
        asked = f"{file.sha256}/{key}"
        failed = self._failed.get(asked)
        if failed is not None and time.monotonic() < failed[0]:
            return failed[1]
        task = self._asked.get(asked)
        if task is None:
            if what != "text" and self._turns.waiting >= WAITING:
                raise HubUnavailable("The hub is busy with the files of others: try again in a moment.")
            task = asyncio.get_running_loop().create_task(self._get(file, what, side, key))
            self._asked[asked] = task
            task.add_done_callback(self._answered(asked))
        # Whoever goes away takes nothing from those who wait for the same.
        return await asyncio.shield(task)

    def _answered(self, asked: str) -> Callable[[asyncio.Task[Result]], None]:
        def forget(task: asyncio.Task[Result]) -> None:
            self._asked.pop(asked, None)
            if not task.cancelled():
                task.exception()  # whoever asked was told, if anybody still waits

        return forget

    async def _get(self, file: p.Attachment, what: What, side: int, key: str) -> Result:
        loop = asyncio.get_running_loop()
        kept = await loop.run_in_executor(self._disk, self._made.get, file.sha256, key)
        if kept is not None and (result := _unpacked(kept)) is not None:
            return result
        job = Job(
            what=what,
            path=str(self._blobs.path(file.sha256)),
            name=file.name,
            type=file.type,
            kind=file.kind,
            size=file.size,
            side=side,
        )
        async with self._turns.turn(later=what == "text"):
            result = await self._make(job)
        if _is_good(job, result[0]):
            await loop.run_in_executor(self._disk, self._keep, file.sha256, key, _packed(result))
        else:
            self._failed[f"{file.sha256}/{key}"] = (time.monotonic() + REMEMBERED, result)
            while len(self._failed) > FAILURES:
                self._failed.popitem(last=False)
        return result

    def _keep(self, sha: str, key: str, content: bytes) -> None:
        self._made.put(sha, key, content)
        if not self._blobs.path(sha).exists():  # it was removed meanwhile
            self._made.forget(sha)

    # ------------------------------------------------------------ the processes

    async def _make(self, job: Job) -> Result:
        """Have a job done by a process; once more by a new one where the first one ended over it."""
        for attempt in range(2):
            try:
                return await self._by_a_process(job, fresh=attempt > 0)
            except TooSlow:
                log.warning("a %s of a file (%s, %d bytes) took too long", job.what, job.type, job.size)
                return _problem(job, TOO_SLOW), b""
            except Ended:
                log.warning("the reader of files ended over a %s (%s, %d bytes)", job.what, job.type, job.size)
            except OSError as error:
                log.error("the reader of files could not be started: %s", error)
                return _problem(job, ""), b""
        return _problem(job, ENDED), b""

    async def _by_a_process(self, job: Job, *, fresh: bool) -> Result:
        # Not to be given up half-way: the thread puts the process back.
        work = asyncio.get_running_loop().run_in_executor(self._threads, self._work, job, fresh)
        made, picture = await asyncio.shield(work)
        if made.fault:
            log.warning("a %s of a file (%s) failed:\n%s", job.what, job.type, made.fault)
        self._look_later()
        return made, picture

    def _work(self, job: Job, fresh: bool) -> Result:
        """On a thread: take a process, ask it, and put it back or see it off."""
        process = self._process(fresh)
        self._running.add(process)
        try:
            if self._closed:
                raise Ended
            return process.ask(job)
        finally:
            self._running.discard(process)
            if process.alive and not self._closed:
                self._idle.append(process)
            else:
                process.close()

    def _process(self, fresh: bool) -> ReaderProcess:
        while not fresh:
            try:
                process = self._idle.pop()
            except IndexError:
                break
            if process.alive:
                return process
            process.close()
        return ReaderProcess(self._blobs.folder, self._seconds)

    def _look_later(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
        if not self._closed:
            self._leaving = asyncio.get_running_loop().call_later(self._idle_after, self._send_away)

    def _send_away(self) -> None:
        self._threads.submit(self._empty)

    def _empty(self) -> None:
        """On a thread: what it does not come to, because the hub ends, `close` finds where it was."""
        while True:
            try:
                process = self._idle.pop()
            except IndexError:
                return
            process.close()


class _Turns:
    """Who may use a process next: those who look at a file before those who index it, each in order."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._count = 0
        self._queue: list[tuple[bool, int, asyncio.Future[None]]] = []

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    @contextlib.asynccontextmanager
    async def turn(self, *, later: bool) -> AsyncIterator[None]:
        if self._free > 0 and not self._queue:
            self._free -= 1
        else:
            mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._count += 1
            heapq.heappush(self._queue, (later, self._count, mine))
            try:
                await mine
            except asyncio.CancelledError:
                if mine.done() and not mine.cancelled():
                    self._next()
                raise
        try:
            yield
        finally:
            self._next()

    def _next(self) -> None:
        while self._queue:
            mine = heapq.heappop(self._queue)[2]
            if not mine.done():
                mine.set_result(None)
                return
        self._free += 1


# ---------------------------------------------------------------- what is kept

_decoder = msgspec.json.Decoder(Made)


def _key(file: p.Attachment, what: What, side: int) -> str:
    """The name of what is made: the same content is read in another way where it is called something else."""
    if what == "thumbnail":
        return f"{what}-{side}-{VERSION}"
    ending = re.sub(r"[^\w]", "", file.name.rpartition(".")[2].lower())[:16]
    read_as = zlib.crc32(f"{file.type} {file.kind} {ending}".encode())
    return f"{what}-{read_as:08x}-{VERSION}"


def _is_good(job: Job, made: Made) -> bool:
    """Whether it will be the same tomorrow: another hub may have what this one misses."""
    match job.what:
        case "thumbnail":
            return bool(made.media_type)
        case "preview":
            return not isinstance(made.preview, p.NoPreview) and made.preview is not None
    return bool(made.text)


def _problem(job: Job, problem: str) -> Made:
    return Made(preview=p.NoPreview(problem=problem) if job.what == "preview" else None)


def _packed(result: Result) -> bytes:
    head = msgspec.json.encode(result[0])
    return len(head).to_bytes(4, "big") + head + result[1]


def _unpacked(kept: bytes) -> Result | None:
    """What was kept; None where it is not whole."""
    end = 4 + int.from_bytes(kept[:4], "big")
    try:
        return _decoder.decode(kept[4:end]), kept[end:]
    except (msgspec.DecodeError, UnicodeError):
        return None
