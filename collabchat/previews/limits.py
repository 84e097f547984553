"""What this process may use, whatever a file holds: memory, time, files, network."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

MEMORY = 1024 * 2**20
"""Bytes of its own memory, at most."""
ENOUGH = 384 * 2**20
"""Bytes with which it does not wait for another file."""
ADDRESSES = 6 * 2**30
"""Bytes of addresses: libraries and mapped files take many and use few."""
CPU = 20
"""Seconds of a processor for one file."""
SOFT = 6.0
"""Seconds after which what is made of a file ends with what there is."""
OUT_OF_MEMORY = 77
"""The exit status where it took more memory than it may."""


class Deadline:
    """When a file has had its time."""

    def __init__(self, seconds: float = SOFT) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())

    @property
    def over(self) -> bool:
        return time.monotonic() >= self._end


def before_imports() -> None:
    """What has to be said before libraries are loaded: no threads that they do not need, no memory ahead of time."""
    os.environ.update(
        ARROW_DEFAULT_MEMORY_POOL="system",
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        RAYON_NUM_THREADS="1",
        MALLOC_ARENA_MAX="2",
    )
    sys.dont_write_bytecode = True


def confine(files: Path) -> None:
    """Give up what reading a file of this folder does not need; as much as this system lets one give up."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)
    if sys.platform != "win32":
        import resource

        _lower(resource.RLIMIT_CORE, 0)
        # No file can grow by this process: it only reads.
        _lower(resource.RLIMIT_FSIZE, 0)
        if sys.platform == "linux":
            _lower(resource.RLIMIT_DATA, MEMORY)
            _lower(resource.RLIMIT_AS, ADDRESSES)
    if sys.platform == "linux":
        from collabchat.previews import calls, folders

        # Before there are other threads: each would keep what it has.
        folders.read_only(files)
        calls.refuse()
    threading.Thread(target=_watch, name="memory", daemon=True).start()


def _lower(which: int, to: int) -> None:
    import resource

    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(which)
        resource.setrlimit(which, (to, to) if hard == resource.RLIM_INFINITY or hard > to else (hard, hard))


@contextlib.contextmanager
def processor_time(seconds: int = CPU) -> Iterator[None]:
    """End this process where what is inside takes more time of a processor."""
    if sys.platform == "win32":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    wanted = int(used.ru_utime + used.ru_stime) + seconds + 1
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _watch() -> None:
    """Where the system keeps no limit of memory, and beside it where it does."""
    while True:
        if resident() > MEMORY + 256 * 2**20:
            os._exit(OUT_OF_MEMORY)
        time.sleep(0.05)


def is_memory(error: BaseException) -> bool:
    """Whether a library says in its own words that there is no memory left."""
    if isinstance(error, MemoryError):
        return True
    said = str(error).lower()
    return any(word in said for word in ("out of memory", "bad_alloc", "cannot allocate", "failed to allocate"))


def resident() -> int:
    """Bytes of memory that this process has now (or has had, on macOS)."""
    if sys.platform == "win32":
        return _resident_on_windows()
    if sys.platform == "linux":
        try:
            pages = int(Path("/proc/self/statm").read_text().split()[1])
        except (OSError, ValueError, IndexError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _resident_on_windows() -> int:
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = [
            ("cb", wintypes.DWORD),
            ("faults", wintypes.DWORD),
            *((name, ctypes.c_size_t) for name in ["peak", "resident", "a", "b", "c", "d", "page", "peak_page"]),
        ]

    counters = Counters()
    counters.cb = ctypes.sizeof(counters)
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    ask = kernel.K32GetProcessMemoryInfo
    ask.argtypes = [wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD]
    found = ask(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
    return int(counters.resident) if found else 0
