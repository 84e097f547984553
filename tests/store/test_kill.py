"""Killed while everything is going on: what was told to be on disk is there, and the tables are those of the log."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import desk
import pytest

from collabchat.store import doctor
from collabchat.store.workspace import Workspace

KILLS = int(os.environ.get("COLLABCHAT_STORE_KILLS", "6"))
Told = list[tuple[int, str, str]]


def _work_and_be_killed(folder: Path, *, seed: int, after: int) -> Told:
    """Let a process work until it has told of so many events, and kill it; all that it told."""
    command = [sys.executable, desk.__file__, str(folder), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines: list[bytes] = []
        try:
            while len(lines) < after:
                line = process.stdout.readline()
                assert line, process.stderr.read().decode()
                lines.append(line)
        finally:
            os.kill(process.pid, signal.SIGKILL)
        lines += process.stdout.readlines()
    whole = [line.decode().split() for line in lines if line.endswith(b"\n")]
    return [(int(seq), actor, req) for seq, actor, req in whole]


@pytest.mark.slow
def test_killed_between_and_within_commits(tmp_path: Path) -> None:
    folder = tmp_path / "team"
    chance = random.Random(9)
    before, all_of_them = 0, []
    for kill in range(KILLS):
        told = _work_and_be_killed(folder, seed=kill, after=chance.choice([1, 3, 40, 150, 400]))
        report = doctor.check(folder)
        assert report.findings == []
        assert [seq for seq, _, _ in told] == sorted({seq for seq, _, _ in told})
        # What was told before the last kill is not told again, and the log goes on where it was.
        assert before < told[0][0]
        assert told[-1][0] <= report.seq
        before = told[-1][0]
        all_of_them += told
        with Workspace(folder, lambda _events, _failure: None) as opened:
            assert opened.directory.seq == report.seq
            rows = opened.reader().execute("SELECT seq, actor, CAST(req AS VARCHAR) FROM events").fetchall()
            in_log = {(seq, str(actor), req) for seq, actor, req in rows}
            gone = {one for one in all_of_them if one not in in_log}
            deleted = opened.reader().execute("SELECT count(*) FROM events WHERE type = 'room_deleted'").fetchone()
            # Only what was said in a room that was deleted later may be gone.
            assert not gone or (deleted and deleted[0])
            for seq, actor, req in set(all_of_them) - gone:
                earlier = opened.earlier(actor, req, True)
                assert earlier is not None
                assert earlier.seq == seq
        assert doctor.check(folder).findings == []
