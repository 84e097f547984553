"""The index beside the truth: parts on disk, what is newer in memory, and the thread that keeps it up.

It follows the log by two numbers: every message up to ``through`` is in a part, as it stood after the event
``changed``. What came later is read from the database when somebody searches. Everything here may be deleted at any
moment: the next look finds it gone and makes it anew.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from collabchat import protocol as p
from collabchat.store.search import docs
from collabchat.store.search.docs import Doc
from collabchat.store.search.held import Held, View, held_of, stamp_of
from collabchat.store.search.parts import DamagedError, Part, Written, check_file
from collabchat.store.search.shipping import shipped
from collabchat.store.search.worker import Worker, WorkerError

log = logging.getLogger("collabchat.search")
FORMAT = 1
FOLDER = "search"
STATE = "index.json"
CHUNK = 100_000
"""Messages that are taken in at once."""
FLUSH = 4_000
"""Messages in memory from which on they are taken in, in a quiet moment."""
TAIL = 20_000
"""Messages in memory at the most; more are looked through in the database."""
FILE_TEXTS = 10_000_000
"""Characters of files that are kept in memory, from which on they are taken in."""
BUSY = 300
"""Events a second from which on the index waits for a quieter moment."""
MERGE = 8
"""So many parts of about one size become one."""
SIZES = (10_000, 80_000, 640_000)
BIGGEST = 1_000_000
TICK = 0.5
FORGET_AFTER = 600.0
"""Seconds after which the words of what was changed or deleted are taken out of the files too."""
IDLE = 60.0
"""Seconds after which the process that has nothing to do is let go."""

Reader = Callable[[], duckdb.DuckDBPyConnection]
FileTexts = Callable[[int], Sequence[str]]
"""The texts in the files of a message; may take long."""


class Index:
    """The index of a workspace.

    Parameters
    ----------
    folder
        Of the workspace.
    reader
        Gives the calling thread's own cursor.
    durable
        Gives the newest ``seq`` on disk.
    file_texts
        Reads the files of a message.
    """

    def __init__(self, folder: Path, reader: Reader, durable: int, file_texts: FileTexts = lambda _: ()) -> None:
        self.folder = folder / FOLDER
        self._reader = reader
        self._file_texts = file_texts
        self._lock = threading.RLock()
        self._refreshing = threading.Lock()
        self._wake = threading.Condition()
        self._closing = False
        self._worker = Worker()
        self._parts: list[Held] = []
        self._number = 0
        self._generation = 0
        self._opened = False
        self._rebuild = False
        self._building = False
        self.through = 0
        self.changed = 0
        self.files_through = 0
        self._taken = durable
        self._edited: dict[int, int] = {}
        """Messages up to ``through`` that are another than in their part, and the event that made them so."""
        self._stale: set[int] = set()
        self._tail: dict[int, Doc] = {}
        self._loaded = 0
        self._with_files: list[int] = []
        self._texts: dict[int, Sequence[str]] = {}
        self._last_job = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="collabchat-index", daemon=True)

    def start(self) -> None:
        """Begin to keep it up."""
        self._thread.start()

    def close(self) -> None:
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._worker.close()
        if self._thread.is_alive():
            self._thread.join()

    # ------------------------------------------------------------ from the hub's loop

    def take(self, events: Sequence[p.Event]) -> None:
        """Note what became durable; it is read when somebody searches."""
        with self._lock:
            for event in events:
                data = event.data
                if isinstance(data, p.Edited | p.Deleted):
                    self._touch(int(data.id), event.seq)
                elif isinstance(data, p.PollClosed):
                    continue
                elif isinstance(data, p.Posted) and data.files:
                    self._with_files.append(event.seq)
            self._taken = events[-1].seq

    def _touch(self, seq: int, by: int) -> None:
        self._edited[seq] = by
        self._stale.add(seq)

    def rebuild(self) -> None:
        """Forget everything and begin anew."""
        with self._wake:
            self._rebuild = True
            self._building = True
            self._wake.notify_all()

    def facts(self) -> tuple[int, int, bool]:
        """Messages in the files, their bytes, and whether they are being made."""
        with self._lock:
            count = sum(held.written.docs - len(held.dead) for held in self._parts)
            size = sum(held.written.bytes for held in self._parts)
            return count, size, self._building or self._rebuild or not self._opened

    # ------------------------------------------------------------ for a search

    def view(self) -> View:
        """Everything as it is now; on a thread that may read the database."""
        self._check()
        with self._refreshing:
            generation, whole = self._refresh()
            with self._lock:
                scan = None if whole and generation == self._generation else self.through
                tail = [self._tail[seq] for seq in sorted(self._tail) if scan is None or seq <= scan]
                return View([(held.part, held.gone()) for held in self._parts], tail, scan)

    def _refresh(self) -> tuple[int, bool]:
        """Read what is newer than the parts, and say whether that is all in memory now."""
        with self._lock:
            generation = self._generation
            stale, self._stale = sorted(self._stale), set()
            first, upto = max(self._loaded, self.through), self._taken
            little = self._opened and upto - self.through <= TAIL
        try:
            made = self._read(stale, (first, upto) if little and upto > first else None)
        except BaseException:
            with self._lock:
                self._stale |= set(stale)
            raise
        with self._lock:
            if generation != self._generation:
                return generation, False
            # What was taken into a part meanwhile is there.
            changed = [seq for seq in stale if seq in self._edited]
            for seq in changed:
                self._tail.pop(seq, None)
            for held in self._parts:
                held.bury(changed)
            self._tail |= {seq: one for seq, one in made.items() if seq > self.through or seq in self._edited}
            if little:
                self._loaded = max(upto, self.through)
        return generation, little

    def _read(self, stale: list[int], between: tuple[int, int] | None) -> dict[int, Doc]:
        """These messages, and those between two, as they are in the database."""
        cursor = self._reader()
        rows: list[tuple[Any, ...]] = []
        if stale:
            rows += docs.rows_of(cursor, "seq IN (SELECT unnest($1::BIGINT[]))", [stale])
        if between is not None:
            rows += docs.rows_of(cursor, f"seq > {between[0]} AND seq <= {between[1]}")
        names = docs.file_names(cursor, rows)
        return {
            row[0]: docs.doc(row, [*names.get(row[0], ()), *(self._texts_of(row[0]) if row[9] else ())]) for row in rows
        }

    def damaged(self, why: str) -> None:
        """Something is wrong with it: make it anew."""
        log.warning("the index of the search is damaged and is made anew: %s", why)
        with self._lock:
            self._drop()
        self.rebuild()

    def _check(self) -> None:
        """See whether the files are still those that were opened."""
        with self._lock:
            held = list(self._parts)
        for one in held:
            if stamp_of(one.part.path) != one.stamp:
                self.damaged(f"{one.part.path.name} was changed")
                return

    def _drop(self) -> None:
        self._generation += 1
        self._parts, self.through, self.changed, self.files_through = [], 0, 0, 0
        self._tail, self._loaded, self._edited, self._stale = {}, 0, {}, set()
        self._opened = True
        self._building = True

    # ------------------------------------------------------------ the thread

    def _run(self) -> None:
        self._guarded(self._open)
        before, at = self._taken, time.monotonic()
        while True:
            with self._wake:
                if not self._closing and not self._rebuild:
                    self._wake.wait(TICK)
                if self._closing:
                    return
            now = time.monotonic()
            pace = (self._taken - before) / max(now - at, 1e-3)
            before, at = self._taken, now
            self._guarded(lambda pace=pace: self._step(pace))  # type: ignore[misc]

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (DamagedError, ValueError, IndexError) as error:
            if not self._closing:
                self.damaged(str(error))
                self._pause()
        except (WorkerError, OSError, duckdb.Error) as error:
            if not self._closing:
                log.warning("the index of the search could not go on: %s", error)
                self._pause()
        except Exception:  # without an index the search is slow, with a dead thread it would stay so
            if not self._closing:
                log.exception("the index of the search could not go on")
                self._pause()

    def _pause(self) -> None:
        with self._wake:
            if not self._closing:
                self._wake.wait(2 * TICK)

    def _step(self, pace: float) -> None:
        if self._rebuild:
            self._rebuild = False
            with self._lock:
                self._drop()
                self._save()
            self._sweep()
            self._queue_files()
        self._check()
        waiting = self._taken - self.through
        if waiting > (TAIL if pace > BUSY else FLUSH) or len(self._edited) > FLUSH:
            self._catch_up()
        self._building = False
        if pace <= BUSY:
            self._read_files()
            self._tidy()
        if time.monotonic() - self._last_job > IDLE and self._worker.pid is not None:
            self._worker.stop()

    def _catch_up(self) -> None:
        self._building = self._taken - self.through > TAIL
        while not self._closing and not self._rebuild:
            more = self._take_in()
            self._merge()
            if not more:
                break

    # ------------------------------------------------------------ opening and saving

    def _open(self) -> None:
        try:
            state = json.loads((self.folder / STATE).read_text())
            if state["format"] != FORMAT:
                raise ValueError("another format")
            held = []
            for name, size, check, count, dead in state["parts"]:
                path = self.folder / str(Path(name).name)
                check_file(path, size, check)
                held.append(Held(Part(path), Written(name, size, check, count), stamp_of(path), set(dead), 1.0))
            through, changed, files = int(state["through"]), int(state["changed"]), int(state["files_through"])
            if through > self._taken:
                raise ValueError("it is of another log")
        except FileNotFoundError:
            held, through, changed, files = [], 0, 0, 0
        except (OSError, ValueError, KeyError, TypeError, DamagedError) as error:
            log.warning("the index of the search is damaged and is made anew: %s", error)
            held, through, changed, files = [], 0, 0, 0
        cursor = self._reader()
        since = cursor.execute(
            f"SELECT seq, changed FROM messages WHERE changed > {changed} AND seq <= {through}"
        ).fetchall()
        with self._lock:
            self._parts, self.through, self.changed, self.files_through = held, through, changed, files
            for seq, by in since:
                self._touch(seq, by)
            self._loaded = through
            self._number = max((_number(one.written.name) for one in held), default=0)
            self._building = self._taken - through > TAIL
            self._opened = True
        self._sweep()
        self._queue_files()

    def _queue_files(self) -> None:
        """Messages whose files were not read yet."""
        later = (
            self._reader()
            .execute(f"SELECT DISTINCT message FROM attachments WHERE message > {self.files_through}")
            .fetchall()
        )
        with self._lock:
            self._with_files = sorted({seq for (seq,) in later} | set(self._with_files))

    def _save(self) -> None:
        """Write down what there is; called with the lock held."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # What is in memory alone counts as not done yet: its part still holds it, and it is read again.
        reading = [seq for seq in self._texts if seq in self._edited]
        files_through = min([self.files_through, *(seq - 1 for seq in reading)])
        state = {
            "format": FORMAT,
            "through": self.through,
            "changed": self.changed,
            "files_through": files_through,
            "parts": [[*held.written, sorted(held.dead - self._edited.keys())] for held in self._parts],
        }
        part = self.folder / (STATE + ".part")
        with part.open("w") as file:
            json.dump(state, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.folder / STATE)

    def _sweep(self) -> None:
        """Remove the files that nobody needs."""
        known = {STATE, *(held.written.name for held in self._parts)}
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.name not in known and path.is_file():
                    with contextlib.suppress(OSError):
                        path.unlink()

    def _target(self) -> Path:
        self._number += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{self._number:08d}.part-of-index"

    # ------------------------------------------------------------ taking in

    def _take_in(self) -> bool:
        """Put the next messages, and all that changed, into a part; whether more are waiting."""
        with self._lock:
            edited, upto, through = dict(self._edited), self._taken, self.through
        cursor = self._reader()
        edge = cursor.execute(
            f"SELECT seq FROM messages WHERE seq > {through} AND seq <= {upto} ORDER BY seq LIMIT 1 OFFSET {CHUNK - 1}"
        ).fetchall()
        end = edge[0][0] if edge else upto
        table = cursor.sql(
            f"""SELECT {docs.COLUMNS} FROM messages WHERE {docs.SEARCHED} AND ((seq > {through} AND seq <= {end})
            OR (seq <= {through} AND seq IN (SELECT unnest($1::BIGINT[])))) ORDER BY seq""",
            params=[list(edited)],
        ).to_arrow_table()
        target = self._target()
        header, buffers = shipped(cursor, table, self._texts_of)
        self._last_job = time.monotonic()
        answer = self._worker.ask({"job": "build", "target": str(target)} | header, buffers)
        self._last_job = time.monotonic()
        new = held_of(target, answer["part"])
        with self._lock:
            if self._rebuild or self.through != through:
                return False
            for held in self._parts:
                held.bury(edited)
            for seq, by in edited.items():
                if self._edited.get(seq) == by and seq <= end:
                    del self._edited[seq]
                    self._stale.discard(seq)
                    self._tail.pop(seq, None)
                    self._texts.pop(seq, None)
            if new is not None:
                new.bury(self._edited)
                self._parts.append(new)
            for seq in [seq for seq in self._tail if through < seq <= end and seq not in self._edited]:
                del self._tail[seq]
            self.through, self.changed = end, upto
            self._loaded = max(self._loaded, end)
            self._save()
        return end < upto

    def _texts_of(self, seq: int) -> Sequence[str]:
        """What is in the files of a message, where its turn has come."""
        known = self._texts.get(seq)
        if known is None:
            known = [one[: docs.FILE_TEXT] for one in self._file_texts(seq)] if seq <= self.files_through else ()
        return known

    # ------------------------------------------------------------ files

    def _read_files(self) -> None:
        """Read the files of messages, a few at a time."""
        end = time.monotonic() + 5
        while self._with_files and not self._closing and not self._rebuild and time.monotonic() < end:
            seq = self._with_files[0]
            texts = [one[: docs.FILE_TEXT] for one in self._file_texts(seq)]
            with self._lock:
                self._with_files.pop(0)
                self.files_through = max(self.files_through, seq)
                if any(texts):
                    self._texts[seq] = texts
                    self._touch(seq, self._taken)
        if len(self._texts) > 200 or sum(len(one) for texts in self._texts.values() for one in texts) > FILE_TEXTS:
            self._take_in()
            self._merge()

    # ------------------------------------------------------------ fewer parts

    def _merge(self) -> None:
        for most in SIZES:
            small = [held for held in self._parts if held.written.docs < most]
            if len(small) >= MERGE:
                chosen: list[Held] = []
                for held in sorted(small, key=lambda one: one.written.docs):
                    if sum(one.written.docs for one in chosen) + held.written.docs <= BIGGEST:
                        chosen.append(held)
                if len(chosen) > 1:
                    self._replace(chosen)

    def _tidy(self) -> None:
        """Take the words of what is gone out of the files."""
        now = time.monotonic()
        for held in list(self._parts):
            old = held.dead and now - held.dead_since > FORGET_AFTER
            if not self._closing and (old or len(held.dead) > max(1_000, held.written.docs // 8)):
                self._replace([held])

    def _replace(self, chosen: Sequence[Held]) -> None:
        with self._lock:
            before = [set(held.dead) for held in chosen]
            gone = [held.gone() for held in chosen]
        target = self._target()
        sources = [str(held.part.path) for held in chosen]
        self._last_job = time.monotonic()
        answer = self._worker.ask({"job": "merge", "sources": sources, "target": str(target)}, gone)
        self._last_job = time.monotonic()
        new = held_of(target, answer["part"])
        with self._lock:
            if any(held not in self._parts for held in chosen):
                return
            at = min(self._parts.index(held) for held in chosen)
            self._parts = [held for held in self._parts if held not in chosen]
            if new is not None:
                for held, known in zip(chosen, before, strict=True):
                    new.bury(held.dead - known)
                self._parts.insert(at, new)
            self._save()
        self._sweep()


def _number(name: str) -> int:
    head = name.partition(".")[0]
    return int(head) if head.isdecimal() else 0
