"""For tests of the panel: a real ipykernel, spoken to as a notebook's front end does."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel


class Notebook:
    """Cells to run, and the comm of one widget."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.seen: list[dict[str, Any]] = []
        self.subshell: str | None = None

    def run(self, code: str, timeout: float = 60) -> str:
        """Run a cell to its end; gives what it printed, raises what it raised."""
        return self.wait(self.start(code), timeout)

    def start(self, code: str) -> str:
        return str(self.client.execute(code))

    def wait(self, cell: str, timeout: float = 60) -> str:
        self.until(lambda: self.is_done(cell), timeout)
        printed = ""
        for message in self.seen:
            if message["parent_header"].get("msg_id") != cell:
                continue
            if message["msg_type"] == "error":
                raise RuntimeError("\n".join(message["content"]["traceback"]))
            if message["msg_type"] == "stream":
                printed += message["content"]["text"]
        return printed

    def is_done(self, cell: str) -> bool:
        return any(
            m["msg_type"] == "status"
            and m["content"]["execution_state"] == "idle"
            and m["parent_header"].get("msg_id") == cell
            for m in self.seen
        )

    def say(
        self, comm: str, content: dict[str, Any], method: str = "custom", buffers: list[bytes] | None = None
    ) -> str:
        """Send a message to a widget, as its model does."""
        data = {"method": method, "content": content} if method == "custom" else {"method": method, **content}
        message = self.client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        if self.subshell is not None:
            message["header"]["subshell_id"] = self.subshell
        message["buffers"] = buffers or []
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def control(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        message = self.client.session.msg(kind, content)
        self.client.control_channel.send(message)
        reply = self.client.control_channel.get_msg(timeout=10)
        return dict(reply["content"])

    def said(self, comm: str) -> list[dict[str, Any]]:
        """The custom messages of the widget up to now."""
        return [
            m["content"]["data"]["content"]
            for m in self.seen
            if m["msg_type"] == "comm_msg"
            and m["content"]["comm_id"] == comm
            and m["content"]["data"].get("method") == "custom"
        ]

    def until(self, condition: Callable[[], bool], timeout: float = 20) -> None:
        """Read what the kernel says until the condition holds."""
        deadline = time.monotonic() + timeout
        while not condition():
            left = deadline - time.monotonic()
            assert left > 0, f"waited {timeout} s in vain; last: {[m['msg_type'] for m in self.seen[-10:]]}"
            try:
                self.seen.append(self.client.get_iopub_msg(timeout=min(left, 0.2)))
            except Exception as error:
                if type(error).__name__ != "Empty":
                    raise


@contextmanager
def _notebook(**variables: str) -> Iterator[Notebook]:
    manager, client = start_new_kernel(
        kernel_name="python3",
        startup_timeout=60,
        env={**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1", **variables},
    )
    try:
        yield Notebook(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


@pytest.fixture(scope="session")
def notebook() -> Callable[..., Any]:
    """A context manager: a kernel of its own, with the environment variables given; gone at the end."""
    return _notebook
