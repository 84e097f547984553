"""The process that makes parts of the index, so that the hub's own threads need not: ``python -m`` runs it.

It reads jobs from its input and answers each on its output; when its input ends, it ends. A job is a JSON header with
its length before it, and the bytes that the header counts.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

NICE = 10
COLUMNS = ("seq", "room", "author", "time", "thread")
ROOT = Path(__file__).parents[3]


class WorkerError(Exception):
    """The process is gone, or it could not do its job."""


class Worker:
    """The hub's side: starts the process when there is something to do."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def ask(self, job: dict[str, Any], buffers: Sequence[Any] = ()) -> dict[str, Any]:
        """Have a job done; call it from one thread.

        Raises
        ------
        WorkerError
            Where it was not.
        """
        process = self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            views = [memoryview(one).cast("B") if len(one) else memoryview(b"") for one in buffers]
            _send(process.stdin, job | {"sizes": [len(view) for view in views]}, views)
            answer = _receive(process.stdout)
        except (OSError, ValueError) as error:
            self.stop()
            raise WorkerError(f"the process that makes the index is gone: {error}") from error
        if answer is None:
            self.stop()
            raise WorkerError("the process that makes the index is gone")
        header, _ = answer
        if "problem" in header:
            raise WorkerError(header["problem"])
        return header

    def _start(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise WorkerError("closed")
            if self._process is None or self._process.poll() is not None:
                paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "collabchat.store.search.worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env=dict(os.environ, PYTHONPATH=os.pathsep.join(paths), OPENBLAS_NUM_THREADS="1"),
                )
            return self._process

    def stop(self) -> None:
        """Let the process go; another one comes when there is something to do."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            process.wait()

    def close(self) -> None:
        with self._lock:
            self._closed = True
        self.stop()


def _send(out: IO[bytes], header: dict[str, Any], buffers: Sequence[memoryview]) -> None:
    head = json.dumps(header).encode()
    out.write(len(head).to_bytes(8, "little") + head)
    for one in buffers:
        out.write(one)
    out.flush()


def _receive(source: IO[bytes]) -> tuple[dict[str, Any], list[bytes]] | None:
    size = source.read(8)
    if len(size) < 8:
        return None
    head = source.read(int.from_bytes(size, "little"))
    header = json.loads(head)
    buffers = [source.read(one) for one in header.get("sizes", ())]
    return header, buffers


# ---------------------------------------------------------------- in the process


def _docs(header: dict[str, Any], buffers: Sequence[bytes]) -> Iterator[Any]:
    from collabchat.store.search.docs import Doc, flags_of, searched

    count = header["count"]
    columns = [np.frombuffer(one, dtype=np.int64).tolist() for one in buffers[:5]]
    edited = np.frombuffer(buffers[5], dtype=np.uint8).tolist()
    ends = np.frombuffer(buffers[6], dtype=np.int32).tolist()
    texts, more = buffers[7], header["more"]
    for number, (seq, room, author, time, thread) in enumerate(zip(*columns, strict=True)):
        said = [texts[ends[number] : ends[number + 1]].decode()]
        extra = more.get(str(number))
        everything = said
        if extra is not None:
            said = extra["said"]
            everything = [*said, *extra["files"]]
        flags = flags_of(said, reply=thread > 0, edited=bool(edited[number]), poll=extra is not None and extra["poll"])
        text, parts = searched(everything)
        yield Doc(seq, room, author, time, flags, thread, text, frozenset(parts))
    assert count == len(ends) - 1


def _job(header: dict[str, Any], buffers: Sequence[bytes]) -> dict[str, Any]:
    from collabchat.store.search import build
    from collabchat.store.search.parts import Part

    if header["job"] == "build":
        arrays = build.part_of(_docs(header, buffers))
    else:
        sources = [Part(Path(path)) for path in header["sources"]]
        gone: list[npt.NDArray[np.int64]] = [np.frombuffer(one, dtype=np.int64) for one in buffers]
        arrays = build.merged(sources, gone)
    if arrays is None:
        return {"part": None}
    return {"part": list(build.write(arrays, Path(header["target"])))}


def main() -> None:
    if hasattr(os, "nice"):
        os.nice(NICE)
    # What is printed by mistake is not an answer.
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    while (job := _receive(sys.stdin.buffer)) is not None:
        try:
            answer = _job(*job)
        except Exception as error:  # whoever asked decides what it means
            answer = {"problem": f"{type(error).__name__}: {error}"}
        _send(out, answer, [])


if __name__ == "__main__":
    main()
