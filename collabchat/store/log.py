"""The log: append a batch, be told when it is on disk. One thread writes; what waits goes together.

`Log` is all that the hub knows of how events become durable, so that another log can take its place.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import duckdb

from collabchat import protocol as p
from collabchat.errors import CollabchatError, DiskFull, HubUnavailable, WorkspaceError
from collabchat.store import tables
from collabchat.store.schema import is_disk_full

RESERVE = 16 * 1024 * 1024
"""Bytes that stay free on the disk: below, nothing is stored, so that what is stored stays readable."""
GATHER = 0.006
"""Seconds that a commit waits at the most for the posts of those who were answered by the one before."""
WARM_UP = 0.3
"""Seconds after which the log makes itself ready, if nothing has to be stored before."""
PAUSE = 0.0015
"""Seconds without a new one after which it waits no longer."""

Done = Callable[[Sequence[p.Event], Exception | None], None]


class Log(Protocol):
    """Append to the log, and follow what became durable."""

    def check(self) -> None:
        """Raise what `append` would, before anything is decided upon a state that is to be undone."""

    def append(self, events: Sequence[p.Event]) -> None:
        """Put events into the queue, in the order of their ``seq``."""

    @property
    def waiting(self) -> int:
        """How many events wait for the disk."""

    def close(self) -> None:
        """Write what waits, then stop."""


class DuckLog:
    """The log in DuckDB, with the tables written in the same transaction (group commit).

    Parameters
    ----------
    connection
        The database; the log's thread has a cursor of its own.
    folder
        Where the database lies, to watch the room on its disk.
    done
        Called on the log's thread after each commit with its events, or with those that were refused and why.
        After a refusal everything that waited is refused as well, and so is what comes before `resume`.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, done: Done) -> None:
        self._begin(connection)
        self._folder = folder
        self._done = done
        self._queue: deque[p.Event] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._broken: Exception | None = None
        self._expected = 1
        self._gathering = False
        self.commits = 0
        self.commit_times: deque[float] = deque(maxlen=1000)
        self._thread = threading.Thread(target=self._run, name="collabchat-log", daemon=True)
        self._thread.start()

    def _begin(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._cursor = connection.cursor()
        self._writer: tables.Writer | None = None

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def check(self) -> None:
        """Raise what `append` would, before anything is decided upon a state that is to be undone."""
        if self._closing:
            raise HubUnavailable("The hub is stopping; nothing was stored.")
        if self._broken is not None:
            raise self._broken

    def append(self, events: Sequence[p.Event]) -> None:
        with self._changed:
            self.check()
            self._queue.extend(events)
            # The log's thread sleeps until there is something, then until there is enough: between the two every
            # wake-up would only take the interpreter's lock away from whoever brings the rest.
            if not self._gathering or len(self._queue) >= self._expected:
                self._changed.notify()

    def release(self) -> None:
        """Let go of the database, after a refusal and before `resume`."""
        with contextlib.suppress(duckdb.Error):
            self._cursor.close()

    def resume(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take events again after a refusal, over a connection that works."""
        with self._changed:
            self._begin(connection)
            self._broken = None

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _ready(self) -> tables.Writer:
        if self._writer is None:
            self._writer = tables.Writer(self._cursor)
        return self._writer

    def _run(self) -> None:
        # Making the writer takes a while, for pyarrow loads pandas where there is one: after the hub has opened its
        # doors to whoever waits for them, and before the first post.
        with self._changed:
            self._changed.wait_for(lambda: bool(self._queue) or self._closing, WARM_UP)
        with contextlib.suppress(duckdb.Error):  # the first commit tries again, and says what is wrong
            self._ready()
        while True:
            with self._changed:
                while not self._queue and not self._closing:
                    self._changed.wait()
                if not self._queue:
                    return
                self._gather()
                events = list(self._queue)
                self._queue.clear()
            start = time.perf_counter()
            failure = self._commit(events)
            self.commit_times.append(time.perf_counter() - start)
            self.commits += 1
            self._expected = len(events)
            if failure is not None:
                with self._changed:
                    self._broken = failure
                    events += self._queue
                    self._queue.clear()
            self._done(events, failure)

    def _gather(self) -> None:
        """Wait a moment for as many as the last commit had: whoever was answered by it is about to speak again."""
        end = time.perf_counter() + GATHER
        self._gathering = True
        while len(self._queue) < self._expected and not self._closing:
            before = len(self._queue)
            left = min(PAUSE, end - time.perf_counter())
            if left <= 0:
                break
            self._changed.wait(left)
            if len(self._queue) == before:
                break
        self._gathering = False

    def _commit(self, events: list[p.Event]) -> Exception | None:
        try:
            if shutil.disk_usage(self._folder).free < RESERVE:
                return DiskFull(f"The disk of {self._folder} is full. Nothing was stored: make room, then try again.")
            writer = self._ready()
            self._cursor.execute("BEGIN")
            try:
                writer.write(events)
                self._cursor.execute("COMMIT")
            except BaseException:
                self._rollback()
                raise
        except Exception as error:  # whatever it was, those who wait must hear that nothing was stored
            return _explained(error, self._folder)
        return None

    def _rollback(self) -> None:
        try:
            self._cursor.execute("ROLLBACK")
        except duckdb.Error:
            return  # DuckDB has ended the transaction (or the whole database) by itself


def _explained(error: Exception, folder: Path) -> Exception:
    if isinstance(error, CollabchatError):
        return error
    if is_disk_full(error):
        return DiskFull(f"The disk of {folder} is full. Nothing was stored: make room, then try again.")
    return WorkspaceError(f"The hub could not store this: {error}")
