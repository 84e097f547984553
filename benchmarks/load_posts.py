"""Writers in a process of their own: ``python load_posts.py SOCKET ROOM WRITERS SECONDS DEPTH BATCH``.

Each writer keeps DEPTH frames of BATCH posts under way. Prints one line of JSON: posts answered a second, and the
times from post to answer.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time

from figure import share
from wire import Wire, ask, enter

from collabchat import protocol as p

WARM = 1.0
"""Seconds at the start that do not count."""


class Writer:
    """One connection that posts, and posts again when it is answered."""

    def __init__(self, wire: Wire, room: str, depth: int, batch: int, number: int) -> None:
        self.wire = wire
        self.answered = 0
        self.times: list[float] = []
        self.stopped = False
        self._room = room
        self._batch = batch
        self._depth = depth
        self._sent: dict[bytes, float] = {}
        self._open: dict[bytes, int] = {}
        self._count = 0
        self._stamp = f"{os.getpid() & 0xFFFF:04x}{number:04x}"
        self._done = asyncio.get_running_loop().create_future()
        wire.on_message = self._answer

    def start(self) -> None:
        for _ in range(self._depth):
            self._post()

    def _post(self) -> None:
        posts = []
        frame = b"%d" % self._count
        for _ in range(self._batch):
            self._count += 1
            # A UUID of version 7 in its form; unique by the writer and the number.
            req = f"018f0000-{self._stamp[:4]}-7{self._stamp[5:]}-8000-{self._count:012x}"
            posts.append(
                f'{{"type":"post","req":"{req}","room":"{self._room}",'
                f'"text":"The load of table {self._count} ended after {self._count % 97} minutes; '
                f'all rows are there."}}'
            )
        self._sent[frame] = time.perf_counter()
        self._open[frame] = self._batch
        self.wire.send(posts[0].encode() if self._batch == 1 else f"[{','.join(posts)}]".encode())

    def _answer(self, payload: bytes) -> None:
        acks = payload.count(b'"type":"ack"')
        if not acks and b'"type":"error"' in payload:
            raise SystemExit(payload.decode())
        self.answered += acks
        now = time.perf_counter()
        # Answers come in the order of the posts.
        while acks and self._open:
            frame = next(iter(self._open))
            took = min(acks, self._open[frame])
            self._open[frame] -= took
            acks -= took
            if not self._open[frame]:
                del self._open[frame]
                self.times.append(now - self._sent.pop(frame))
                if not self.stopped:
                    self._post()
        if self.stopped and not self._open and not self._done.done():
            self._done.set_result(None)

    async def stop(self) -> None:
        """Post nothing more, and wait for what is under way."""
        self.stopped = True
        if self._open:
            await asyncio.wait_for(self._done, 60)


async def main(path: str, room: str, count: int, seconds: float, depth: int, batch: int) -> None:
    writers = []
    for number in range(count):
        wire = await enter(path, f"writer{number}")
        joined = await ask(wire, p.Join(req=p.new_req(), room=room))
        if isinstance(joined, p.Error):
            raise RuntimeError(joined.message)
        writers.append(Writer(wire, room, depth, batch, number))
    gc.disable()
    for writer in writers:
        writer.start()
    await asyncio.sleep(WARM)
    warm = sum(writer.answered for writer in writers)
    for writer in writers:
        writer.answered, writer.times = 0, []
    start, cpu = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    answered = sum(writer.answered for writer in writers)
    took, busy = time.perf_counter() - start, time.process_time() - cpu
    times = [one for writer in writers for one in writer.times] or [0.0]
    await asyncio.gather(*(writer.stop() for writer in writers))
    rate = answered / took
    posts = warm + sum(writer.answered for writer in writers)
    print(
        json.dumps(
            {
                "rate": rate,
                "posts": posts,
                "p50": 1e3 * share(times, 0.5),
                "p99": 1e3 * share(times, 0.99),
                "cpu": busy / took,
            }
        )
    )


if __name__ == "__main__":
    _path, _room, _count, _seconds, _depth, _batch = sys.argv[1:]
    asyncio.run(main(_path, _room, int(_count), float(_seconds), int(_depth), int(_batch)))
