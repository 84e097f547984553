"""The process that reads files for the hub (``python -m collabchat.previews``), as the hub sees it.

Whatever it does with a file, the hub goes on: it is asked for one file at a time, killed when it takes too long, and
started again. It is given the path of the file and none of the hub's environment.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any, Literal

import msgspec

from collabchat import protocol as p

ANSWER = 16 * 2**20
"""Bytes of an answer, at most."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and what is wanted of it."""

    what: Literal["thumbnail", "preview", "text"]
    path: str
    name: str
    type: str
    kind: p.FileKind
    size: int
    side: int = 0


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of it."""

    preview: p.AnyPreview | None = None
    text: str = ""
    media_type: Literal["", "image/png", "image/jpeg", "image/webp"] = ""
    width: int = 0
    height: int = 0
    fault: str = ""
    leaves: bool = False


class TooSlow(Exception):  # noqa: N818
    """A file took longer than it may; the process was killed."""


class Ended(Exception):  # noqa: N818
    """The process ended over a file, by itself or by somebody's hand."""


_made = msgspec.json.Decoder(Made)


class ReaderProcess:
    """One such process. Each method may take long: none is called on the hub's loop but `kill`.

    Parameters
    ----------
    files
        The folder in which all files are that it will be asked about.
    seconds
        How long one of them may take.
    """

    def __init__(self, files: Path, seconds: float) -> None:
        self._seconds = seconds
        command = [sys.executable, "-m", "collabchat.previews", str(files)]
        options: dict[str, Any] = {}
        if sys.platform == "win32":
            options["creationflags"] = subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        else:
            options["start_new_session"] = True  # a Ctrl-C at the hub's terminal is the hub's
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            **options,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: Job) -> tuple[Made, bytes]:
        """Have a job done.

        Raises
        ------
        TooSlow, Ended
            Where it did not come to an answer; the process is gone then.
        """
        late = threading.Event()

        def end() -> None:
            late.set()
            self.kill()

        timer = threading.Timer(self._seconds, end)
        timer.daemon = True
        timer.start()
        try:
            made, picture = self._exchange(job)
        except (OSError, EOFError, ValueError, msgspec.DecodeError) as error:
            self.close()
            raise (TooSlow if late.is_set() else Ended)(str(error)) from error
        finally:
            timer.cancel()
        if made.leaves:
            self.close()
        return made, picture

    def _exchange(self, job: Job) -> tuple[Made, bytes]:
        to, back = self._process.stdin, self._process.stdout
        assert to is not None
        assert back is not None
        body = msgspec.json.encode(job)
        to.write(len(body).to_bytes(4, "big") + body)
        to.flush()
        return _made.decode(_read(back)), _read(back)

    def kill(self) -> None:
        """End it now; whoever waits for its answer is told."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End it, and wait until it is gone."""
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _read(stream: IO[bytes]) -> bytes:
    head = stream.read(4)
    length = int.from_bytes(head, "big")
    if len(head) < 4 or length > ANSWER:
        raise EOFError
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return body


def _environment() -> dict[str, str]:
    """What a Python needs to start, and nothing that is anybody's secret."""
    kept = ("PATH", "PYTHONHOME", "VIRTUAL_ENV", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "LD_LIBRARY_PATH", "LANG")
    environment = {name: value for name in kept if (value := os.environ.get(name)) is not None}
    environment |= {"PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    home = Path(__file__).parents[2]
    if home.name not in ("site-packages", "dist-packages"):
        environment["PYTHONPATH"] = str(home)
    return environment
