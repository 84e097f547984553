"""Small disks, to be filled."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(where: Path, size: str) -> Iterator[Path]:
    """A disk of this size (``48m``) in memory, gone at the end; the test is skipped where there can be none."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a disk of its own takes Linux and root")
    where.mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(where)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"no tmpfs can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)


def fill(disk: Path, *, leave: int) -> Path:
    """Leave so many bytes free; the file to delete to make room again."""
    filler = disk / "filler"
    status = os.statvfs(disk)
    with filler.open("wb") as file:
        file.write(b"\0" * max(0, status.f_bavail * status.f_frsize - leave))
    return filler
