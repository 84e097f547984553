"""The hub with another log under it: the baselines of the figures about posts.

Run as ``python other_logs.py none|sqlite WORKSPACE``: everything but the log is the hub's own.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from collabchat import protocol as p
from collabchat.hub import main as hub_main
from collabchat.store import workspace
from collabchat.store.directory import type_of
from collabchat.store.log import Done

_data = msgspec.json.Encoder()


class NoLog:
    """Says at once that everything is stored, and stores nothing."""

    def __init__(self, _connection: object, _folder: Path, done: Done) -> None:
        self._done = done
        self.commits = 0
        self.commit_times: deque[float] = deque(maxlen=1000)

    @property
    def waiting(self) -> int:
        return 0

    def check(self) -> None:
        """It refuses nothing."""

    def append(self, events: Sequence[p.Event]) -> None:
        self._done(events, None)

    def close(self) -> None:
        """Nothing waits."""


class SqliteLog:
    """SQLite with a write-ahead log, ``synchronous=FULL``, and one commit for each event."""

    def __init__(self, _connection: object, folder: Path, done: Done) -> None:
        self._file = folder / "chat.sqlite"
        self._done = done
        self._queue: deque[p.Event] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self.commits = 0
        self.commit_times: deque[float] = deque(maxlen=1000)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def check(self) -> None:
        """It refuses nothing."""

    def append(self, events: Sequence[p.Event]) -> None:
        with self._changed:
            self._queue.extend(events)
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        database = sqlite3.connect(self._file, isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute(
            "CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, time, type, actor, room, req, data)"
        )
        database.execute(
            "CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY, room, author, time, text, kind, thread)"
        )
        database.execute("CREATE INDEX IF NOT EXISTS by_room ON messages (room, seq)")
        while True:
            with self._changed:
                while not self._queue and not self._closing:
                    self._changed.wait()
                if not self._queue:
                    database.close()
                    return
                event = self._queue.popleft()
            _store(database.execute, event)
            self.commits += 1
            self._done([event], None)


def _store(run: Callable[..., Any], event: p.Event) -> None:
    room = int(event.room) if event.room else None
    req = uuid.UUID(event.req).bytes if event.req else None
    run("BEGIN")
    run(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)",
        (event.seq, event.time, type_of(event), int(event.actor), room, req, _data.encode(event.data)),
    )
    if isinstance(event.data, p.Posted):
        run(
            "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)",
            (event.seq, room, int(event.actor), event.time, event.data.text, event.data.kind, event.data.thread),
        )
    run("COMMIT")


def main(kind: str, folder: str) -> int:
    vars(workspace)["DuckLog"] = {"none": NoLog, "sqlite": SqliteLog}[kind]
    return hub_main.run(Path(folder), limits=p.Limits())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
