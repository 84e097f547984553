"""What the doctor says of files that are missing, damaged or left over."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from house import house, run
from sending import post, send

from collabchat import protocol as p
from collabchat.store import doctor


def _blob(folder: Path, content: bytes) -> Path:
    sha = hashlib.sha256(content).hexdigest()
    return folder / "files" / sha[:2] / sha


def test_missing_damaged_and_leftover_files_are_found(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            (ana,), room = await home.room("ana")
            await post(ana, room, b"whole", b"missing", b"damaged")
            upload = (await send(ana, room, b"later")).upload
            await ana.do(p.Schedule, room=room, files=[upload], at=home.hub.clock() + 10**10)
            await ana.do(p.Delete, id=await post(ana, room, b"leftover"))

    run(main())
    report = doctor.check(tmp_path)
    assert (report.findings, report.files, report.leftover) == ([], 4, 1)
    _blob(tmp_path, b"missing").unlink()
    _blob(tmp_path, b"damaged").write_bytes(b"dimaged")
    _blob(tmp_path, b"later").unlink()
    report = doctor.check(tmp_path)
    assert [(one.where, one.mendable) for one in report.findings] == [("files", False)] * 3
    problems = " | ".join(one.problem for one in report.findings)
    assert "file 3-2: its content " in problems
    assert "file 3-3: its content " in problems
    assert "a file of the scheduled message 4" in problems
    # The tables are whole: nothing is made anew, and the way out is named.
    done = subprocess.run(
        [sys.executable, "-m", "collabchat", "doctor", str(tmp_path), "--repair"], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "Put these files back from a backup" in done.stdout
    assert not list(tmp_path.glob("*.damaged-*"))
    _blob(tmp_path, b"missing").write_bytes(b"missing")
    _blob(tmp_path, b"damaged").write_bytes(b"damaged")
    _blob(tmp_path, b"later").write_bytes(b"later")
    done = subprocess.run(
        [sys.executable, "-m", "collabchat", "doctor", str(tmp_path), "--json"], capture_output=True, text=True
    )
    assert json.loads(done.stdout)["whole"] is True
