"""``kill -9`` of the hub in the middle of 32 writers, again and again: what was answered must be there, once, in order.

Ends with status 1 where anything was lost or stored twice.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import msgspec
from figure import figure, middle, note
from hubs import HERE, scratch
from wire import Wire, ask, enter

from collabchat import protocol as p


class Killed:
    """A hub that is killed and started again, and what its writers were told."""

    def __init__(self, folder: Path, *, writers: int, kills: int, seed: int) -> None:
        self.folder = folder
        self.writers = writers
        self.kills = kills
        self.answers: dict[str, int] = {}
        self.refused: set[str] = set()
        self.mine: dict[int, list[str]] = {number: [] for number in range(writers)}
        self.back: list[float] = []
        self.room = ""
        self._chance = random.Random(seed)
        self._ending = False
        self._process: subprocess.Popen[bytes] | None = None
        self._killed_at: float | None = None

    def start(self) -> None:
        with (self.folder / "bench-hub.log").open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "collabchat", "hub", str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=dict(os.environ, PYTHONPATH=str(HERE.parent)),
            )

    def kill(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait(60)

    async def _enter(self, user: str) -> Wire:
        while True:
            with contextlib.suppress(OSError, TimeoutError):
                return await enter(str(self.folder / "hub.sock"), user)
            await asyncio.sleep(0.02)

    async def run(self) -> None:
        self.start()
        owner = await self._enter("owner")
        self.room = (await ask(owner, p.CreateRoom(req=p.new_req(), name="load"))).id
        owner.close()
        writers = [asyncio.create_task(self._write(number)) for number in range(self.writers)]
        await asyncio.sleep(2)
        for number in range(self.kills):
            answered = len(self.answers)
            self._killed_at = time.perf_counter()
            self.kill(signal.SIGKILL)
            self.start()
            while len(self.answers) == answered:
                await asyncio.sleep(0.005)
            await asyncio.sleep(self._chance.uniform(0.05, 1.0))
            if (number + 1) % 10 == 0:
                note(f"{number + 1} kills, {len(self.answers):,} answered")
        self._ending = True
        await asyncio.gather(*writers)
        self.kill(signal.SIGTERM)

    async def _write(self, number: int) -> None:
        waiting: p.Post | None = None
        first = True
        while not (self._ending and waiting is None):
            wire = await self._enter(f"writer{number}")
            try:
                if first:
                    await _one(wire, p.Join(req=p.new_req(), room=self.room))
                    first = False
                while not (self._ending and waiting is None):
                    if waiting is None:
                        waiting = p.Post(req=p.new_req(), room=self.room, text=f"of {number}")
                        self.mine[number].append(waiting.req)
                    reply = await _one(wire, waiting)
                    self._told(waiting.req, reply)
                    waiting = None
            except (ConnectionError, TimeoutError):
                if waiting is not None:
                    waiting = msgspec.structs.replace(waiting, again=True)
            finally:
                wire.close()

    def _told(self, req: str, reply: p.AnyReply) -> None:
        if isinstance(reply, p.Ack):
            self.answers[req] = reply.seq
            if self._killed_at is not None:
                self.back.append(time.perf_counter() - self._killed_at)
                self._killed_at = None
        else:
            self.refused.add(req)


async def _one(wire: Wire, request: p.Command) -> p.AnyReply:
    """The reply, or ConnectionError where the connection ends first."""
    asking = asyncio.ensure_future(ask(wire, request))
    await asyncio.wait({asking, wire.closed}, return_when=asyncio.FIRST_COMPLETED)
    if asking.done():
        reply: p.AnyReply = asking.result()
        return reply
    asking.cancel()
    raise ConnectionError("the hub is gone")


def problems(killed: Killed) -> list[str]:
    """What the log does not hold as it was answered."""
    with duckdb.connect(str(killed.folder / "chat.duckdb"), read_only=True) as database:
        events = database.execute("SELECT req::VARCHAR, seq FROM events WHERE type = 'posted' ORDER BY seq").fetchall()
        messages = [seq for (seq,) in database.execute("SELECT seq FROM messages WHERE kind = 'text'").fetchall()]
    stored = dict(events)
    found = [f"answered and not there: {req}" for req, seq in killed.answers.items() if stored.get(req) != seq]
    found += [f"refused and there: {req}" for req in killed.refused if req in stored]
    if len(stored) != len(events):
        found.append(f"{len(events) - len(stored)} stored twice")
    if sorted(messages) != [seq for _, seq in events]:
        found.append("the messages are not those of the log")
    for number, mine in killed.mine.items():
        seqs = [stored[req] for req in mine if req in stored]
        if seqs != sorted(seqs):
            found.append(f"the posts of writer {number} are out of order")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--writers", type=int, default=32)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    with scratch() as folder:
        killed = Killed(folder, writers=options.writers, kills=options.kills, seed=options.seed)
        asyncio.run(killed.run())
        found = problems(killed)
    for problem in found[:20]:
        note(problem)
    figure(
        f"lost, doubled or out of order after {options.kills} kills -9 under {options.writers} writers",
        len(found),
        "messages",
        target="none",
        reached=not found,
        answered=len(killed.answers),
        seconds_until_the_next_answer=round(middle(killed.back), 2),
        seed=options.seed,
    )
    if found:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
