"""What nobody refers to any more leaves the disk: given-up uploads after a day, files after the time that was chosen.

A look through the folder takes a thread. What is to be removed is asked about once more and removed on the loop, in one
turn of it: nobody can begin to refer to it in between.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from collabchat import protocol as p
from collabchat.store import queries
from collabchat.store.blobs import Blobs
from collabchat.store.made import MadeFiles

if TYPE_CHECKING:
    from collabchat.hub.hub import Hub

log = logging.getLogger("collabchat.hub")
GIVEN_UP = 86_400_000_000
"""Microseconds after which an upload is dropped that nobody goes on with."""
SOON, LATEST = 60.0, 3_600.0
"""Seconds between two looks."""
FIRST = 5.0
"""Seconds after the start: whoever waits for the hub comes first."""
AT_ONCE = 50
"""Files that are removed in one turn of the loop."""
NOTE = ".unused.json"

_since = msgspec.json.Decoder(dict[str, int])


class Collecting:
    """The hub's broom."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._paused = 0
        self._leftovers: set[Path] = set()
        self._running: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = hub.loop.call_later(FIRST, self._start)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._running is not None:
            self._running.cancel()

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Let every file stay, within: somebody copies them."""
        self._paused += 1
        try:
            yield
        finally:
            self._paused -= 1

    def _start(self) -> None:
        self._running = self.hub.loop.create_task(self._look())

    async def _look(self) -> None:
        try:
            await self.run()
        except Exception:  # the next look may do better
            log.exception("what nobody needs could not be removed")
        finally:
            self._running = None
            if not self.hub.closing:
                chosen = float(self.hub.workspace.directory.settings.collect_after)
                self._timer = self.hub.loop.call_later(min(max(SOON, chosen / 4), LATEST), self._start)

    async def run(self) -> int:
        """One look; how many files were removed."""
        await self._uploads()
        workspace, now = self.hub.workspace, self.hub.clock()
        await self.hub.settled(workspace.directory.seq)
        in_use = workspace.uploads.stay() | workspace.directory.files_of_members()
        reader = workspace.reader
        in_use |= await self.hub.reads.ask(lambda: queries.all_kept(reader()))
        since = await self.hub.files.run(_unused, workspace.blobs, in_use, now)
        latest = now - 1_000_000 * workspace.directory.settings.collect_after
        due = [sha for sha, when in since.items() if when <= latest]
        removed = 0
        for first in range(0, len(due), AT_ONCE):
            if self._paused:
                break
            some = due[first : first + AT_ONCE]
            for sha in workspace.not_needed(some):
                workspace.blobs.remove(sha)
                removed += 1
            for sha in some:
                since.pop(sha)
            await asyncio.sleep(0)
        await self.hub.files.run(_note, workspace.blobs.folder / NOTE, since)
        await self.hub.files.run(_forget_made, workspace.blobs)
        await self.hub.reads.ask(workspace.forget_titles)
        if removed:
            log.info("removed %d files that nothing refers to", removed)
        return removed

    async def _uploads(self) -> None:
        uploads, latest = self.hub.workspace.uploads, self.hub.clock() - GIVEN_UP
        for upload in list(uploads.all.values()):
            if upload.touched <= latest:
                await self.hub.files.give_up(upload, latest)
        # What is just being written or dropped is seen once.
        before, self._leftovers = self._leftovers, uploads.leftovers()
        await self.hub.files.run(_remove, before & self._leftovers)


def _unused(blobs: Blobs, in_use: set[str], now: p.Micros) -> dict[str, int]:
    """Since when each file was seen without anybody who needs it."""
    before: dict[str, int] = {}
    with contextlib.suppress(OSError, msgspec.DecodeError):
        before = _since.decode((blobs.folder / NOTE).read_bytes())
    return {sha: min(before.get(sha, now), now) for sha, _ in blobs.all() if sha not in in_use}


def _forget_made(blobs: Blobs) -> None:
    """Remove what was made of files that are gone."""
    made = MadeFiles(blobs.folder)
    for path in made.folder.glob("??/*"):
        if not blobs.path(path.name).exists():
            made.forget(path.name)


def _note(path: Path, since: dict[str, int]) -> None:
    if not since:
        path.unlink(missing_ok=True)
        return
    part = path.with_suffix(".part")
    part.write_bytes(msgspec.json.encode(since))
    part.replace(path)


def _remove(paths: set[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()
