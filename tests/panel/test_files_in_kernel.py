"""95 MB through a panel's relay in a real kernel, up and down, while a cell runs."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collabchat.cli import talk
from collabchat.places import with_package
from collabchat.protocol import new_req

SIZE, SLICE, WINDOW = 95_000_000, 512 * 1024, 8
SETUP = """
import gc, time
from pathlib import Path
import collabchat as cc
from collabchat.panel import assets
assets.STATIC = Path({static!r})
chat = cc.connect({workspace!r}, user="ana")
room = chat.create_room("pipeline")
panel = cc.ChatPanel(chat)
import psutil
memory = lambda: print(psutil.Process().memory_info().rss // 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
import resource
print(panel.model_id, room.id)
"""


class Front:
    """The front end of one panel: says bytes, and takes what comes as it comes."""

    def __init__(self, kernel: Any, comm: str, room: str) -> None:
        self.kernel, self.comm, self.room = kernel, comm, room
        self.answers: dict[str, Any] = {}
        self.states: list[str] = []

    def ask(self, **request: Any) -> str:
        req = new_req()
        self.kernel.say(self.comm, {"type": "frames", "frames": [json.dumps({**request, "req": req})]})
        return req

    def send(self, payload: bytes, **header: Any) -> str:
        req = new_req()
        content = {"type": "bytes", "header": json.dumps({"type": "slice", "req": req, **header})}
        self.kernel.say(self.comm, content, buffers=[payload])
        return req

    def wait(self, req: str) -> Any:
        deadline = time.monotonic() + 60
        while req not in self.answers:
            assert time.monotonic() < deadline, "no answer"
            self.take()
        return self.answers.pop(req)

    def open(self) -> None:
        self.kernel.say(self.comm, {"type": "attach", "view": "v"})
        while "open" not in self.states:
            self.take()

    def take(self) -> None:
        """One message of the kernel."""
        try:
            message = self.kernel.client.get_iopub_msg(timeout=1)
        except Exception as error:
            if type(error).__name__ != "Empty":
                raise
            return
        if message["msg_type"] != "comm_msg" or message["content"]["comm_id"] != self.comm:
            self.kernel.seen.append(message)
            return
        content = message["content"]["data"].get("content") or {}
        if content.get("type") == "state":
            self.states.append(content["state"])
        elif content.get("type") == "bytes":
            header = json.loads(content["header"])
            self.answers[header["req"]] = header, bytes(message["buffers"][0])
        for frame in map(json.loads, content.get("frames", ())):
            for reply in frame if isinstance(frame, list) else [frame]:
                if reply["type"] != "event" and reply.get("req"):
                    self.answers[reply["req"]] = reply


@pytest.fixture
def front(notebook: Any, workspace: Path, tmp_path: Path) -> Iterator[Front]:
    for name in ("panel.js", "panel.css"):
        (tmp_path / name).write_text("/* */", "utf-8")
    with notebook(**with_package({})) as kernel:
        comm, room = kernel.run(SETUP.format(static=str(tmp_path), workspace=str(workspace))).split()
        yield Front(kernel, comm, room)
    talk.stop(workspace)


def test_95_megabytes_up_and_down_while_a_cell_runs(front: Front) -> None:
    content = os.urandom(SIZE)
    front.open()
    assert front.wait(front.send(b"abc", upload=new_req(), offset=0))["code"] == "not_found"
    assert front.wait(front.ask(type="get_slice", file="1-1"))["code"] == "not_found"
    before = int(front.kernel.run("gc.collect(); memory()").split()[-1])
    busy = front.kernel.start("until = time.monotonic() + 2\nwhile time.monotonic() < until: pass\ntime.sleep(600)")

    upload = new_req()
    start = front.ask(type="start_upload", upload=upload, room=front.room, name="big.bin", size=SIZE)
    assert front.wait(start)["offset"] == 0
    waiting: list[str] = []
    for offset in range(0, SIZE, SLICE):
        waiting.append(front.send(content[offset : offset + SLICE], upload=upload, offset=offset))
        if len(waiting) == WINDOW:
            assert front.wait(waiting.pop(0))["type"] == "upload"
    done = [front.wait(req) for req in waiting][-1]
    assert done["file"]["sha256"] == hashlib.sha256(content).hexdigest()
    posted = front.wait(front.ask(type="post", room=front.room, files=[upload]))
    file = f"{posted['id']}-1"

    found = []
    waiting = []
    for offset in range(0, SIZE, SLICE):
        waiting.append(front.ask(type="get_slice", file=file, offset=offset, length=SLICE))
        if len(waiting) == WINDOW:
            found.append(front.wait(waiting.pop(0)))
    found += [front.wait(req) for req in waiting]
    assert b"".join(piece for _, piece in found) == content
    assert {header["size"] for header, _ in found} == {SIZE}

    assert not front.kernel.is_done(busy), "all that while the cell ran"
    front.kernel.control("interrupt_request", {})
    front.kernel.until(lambda: front.kernel.is_done(busy))
    after, most = map(int, front.kernel.run("gc.collect(); memory()").split()[-2:])
    assert most - before < 30_000, f"{before} -> {after}, at most {most} KiB"
    # What a view puts into a cell to load it.
    assert front.kernel.run(f"print(panel._chat, eval(panel._chat + \".file('{file}').size\"))").split() == [
        "chat",
        str(SIZE),
    ]
