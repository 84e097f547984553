"""What this process may still read, on Linux: its own program, and the folder of the files that it is asked about."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import collabchat

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_NO_NEW_PRIVILEGES = 38
_EVERYTHING = (1 << 13) - 1
"""All that the first version of Landlock knows: read, write, run, make and remove."""
_READ = 1 << 2 | 1 << 3
_LIBRARIES = ("/usr", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/gnu/store")
_SYSTEM = (
    "/dev/null",
    "/dev/urandom",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/timezone",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/self",
    "/proc/stat",
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup",
)


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("access", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def read_only(files: Path) -> bool:
    """Have the system refuse everything but reading these files and this program; whether it does (Linux 5.13)."""
    libc = ctypes.CDLL(None, use_errno=True)
    handled = ctypes.c_uint64(_EVERYTHING)
    ruleset = libc.syscall(_CREATE, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    if ruleset < 0:
        return False
    try:
        for path in {*_program(), files.resolve()}:
            _allow(libc, ruleset, path)
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.syscall(_RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _program() -> Iterator[Path]:
    """Where Python, its packages and the libraries that they load are."""
    yield from map(Path, (*_LIBRARIES, *_SYSTEM))
    yield Path(collabchat.__file__).resolve().parent
    for folder in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix):
        yield Path(folder).resolve()
    for entry in sys.path:
        if Path(entry).name in ("site-packages", "dist-packages"):
            yield Path(entry).resolve()
    for entry in os.environ.get("LD_LIBRARY_PATH", "").split(":"):
        if entry:
            yield Path(entry).resolve()
    # Whatever was loaded from somewhere else has its neighbours there.
    for line in Path("/proc/self/maps").read_text().splitlines():
        if ".so" in line:
            yield Path(line[line.index("/") :]).parent


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # it is not there
    try:
        rule = _Rule(_READ if path.is_dir() else _READ & ~(1 << 3), descriptor)
        libc.syscall(_ADD, ruleset, 1, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)
