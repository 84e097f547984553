"""The search at the hub: from the request on a socket to its first page, for each kind of query; and the index itself.

The talk is made by `talk`: words by Zipf's law, several scripts, code, numbers. Each query is asked once, in a drawn
order, so that nothing is answered from memory.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import talk
from figure import figure, middle, note, share
from hubs import Running, hub, memory, scratch
from wire import Wire, ask, enter

from collabchat import protocol as p
from collabchat.store import schema

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def targets(messages: int) -> tuple[float, float]:
    """Milliseconds of p50 and p99."""
    return (15.0, 60.0) if messages > 2_000_000 else (5.0, 20.0)


def questions(folder: Path, count: int, seed: int = 11) -> dict[str, list[str]]:
    """Queries of each kind, drawn from what was said."""
    chance = random.Random(seed)
    with duckdb.connect(str(folder / schema.FILE), read_only=True) as connection:
        rows = connection.execute("SELECT text FROM messages USING SAMPLE 20000 (reservoir, 5)").fetchall()
    texts = [text for (text,) in rows if text]
    words = [word for text in texts for word in re.findall(r"[a-z]{3,}", text)]
    by_use: dict[str, int] = {}
    for word in words:
        by_use[word] = by_use.get(word, 0) + 1
    ordered = sorted(by_use, key=lambda one: -by_use[one])
    common, rare = ordered[:60], [one for one in ordered if by_use[one] <= 2]
    pairs = [found for text in texts if (found := re.findall(r"\w+ \w+", text))]
    unspaced = [found for text in texts for found in re.findall(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]{4,}", text)]
    digits = [found for text in texts for found in re.findall(r"#\d{3,}|\bv\d\.\d+\.\d+|0x[0-9a-f]{3,}|\d{4,}", text)]
    filters = (
        "from:user{n} {word}",
        "in:room{n} {word}",
        "{word} after:2023-12-01 before:2024-01-01",
        "{word} -{other}",
        "{word} or {other}",
        "from:user{n} has:code",
        "is:unread {word}",
        "in:room{n} has:question",
    )

    def part() -> str:
        word = chance.choice([one for one in ordered[:5000] if len(one) >= 6])
        start = chance.randrange(1, len(word) - 3)
        return word[start : start + chance.randrange(3, 6)]

    def near() -> str:
        word = chance.choice([one for one in rare if len(one) >= 6])
        at = chance.randrange(1, len(word) - 1)
        return word[:at] + chance.choice(LETTERS) + word[at + 1 :]

    def filtered() -> str:
        return chance.choice(filters).format(
            n=chance.randrange(200), word=chance.choice(ordered[:3000]), other=chance.choice(ordered[:3000])
        )

    def cjk() -> str:
        run = chance.choice(unspaced)
        start = chance.randrange(len(run) - 2)
        return run[start : start + chance.randrange(2, 4)]

    makers = {
        "common word": lambda: chance.choice(common),
        "rare word": lambda: chance.choice(rare),
        "several words": lambda: " ".join(chance.sample(ordered[:2000], 3)),
        "phrase": lambda: f'"{chance.choice(chance.choice(pairs))}"',
        "part of a word": part,
        "script without blanks": cjk,
        "digits": lambda: chance.choice(digits),
        "prefix": lambda: chance.choice(ordered[:5000])[:3] + "*",
        "typo": near,
        "filters": filtered,
    }
    return {kind: [make() for _ in range(count)] for kind, make in makers.items()}


async def asked(wire: Wire, queries: Sequence[str], **more: object) -> tuple[list[float], int]:
    """Milliseconds of each, and the hits of all."""
    times, hits = [], 0
    for query in queries:
        start = time.perf_counter()
        found = await ask(wire, p.Search(req=p.new_req(), query=query, **more))  # type: ignore[arg-type]
        times.append(1e3 * (time.perf_counter() - start))
        if not found.indexed:
            raise RuntimeError("the index was not there")
        hits += found.total
    return times, hits


async def settled(wire: Wire, messages: int) -> float:
    """Seconds until the index has everything."""
    start = time.perf_counter()
    while True:
        status = await ask(wire, p.Status(req=p.new_req()))
        if not status.indexing and status.indexed >= messages * 0.99:
            return time.perf_counter() - start
        await asyncio.sleep(0.1)


async def measure(running: Running, messages: int, each: int, text_bytes: int, name: str) -> None:
    wire = await enter(running.socket, "user0")
    built = await settled(wire, messages)
    millions = messages / 1e6
    figure(f"{name}: index built", built, "s", target="30 s a million", reached=built <= 30 * max(millions, 0.1))
    size = sum(one.stat().st_size for one in (running.folder / "search").iterdir())
    figure(
        f"{name}: index on disk",
        size / 1e6,
        "MB",
        target="1.5 times the text",
        reached=size <= 1.5 * text_bytes,
        baseline=text_bytes / 1e6,
        baseline_name="the text",
    )
    drawn = questions(talk_source(running.folder), each)
    everything = [(kind, query) for kind, queries in drawn.items() for query in queries]
    random.Random(3).shuffle(everything)
    times: dict[str, list[float]] = {kind: [] for kind in drawn}
    hits: dict[str, int] = dict.fromkeys(drawn, 0)
    await asked(wire, ["warm", "up"])
    for kind, query in everything:
        took, count = await asked(wire, [query])
        times[kind] += took
        hits[kind] += count
    solo = await enter(running.socket, "solo")
    alone = random.Random(5).sample([query for kind, query in everything if kind != "typo"], each)
    times["of a member who sees 1 of 200 rooms"], hits["of a member who sees 1 of 200 rooms"] = await asked(solo, alone)
    p50, p99 = targets(messages)
    for kind, took in times.items():
        half, most = middle(took), share(took, 0.99)
        figure(
            f"{name}: search, {kind}",
            half,
            "ms",
            target=f"p50 {p50:g} ms, p99 {p99:g} ms",
            reached=half <= p50 and most <= p99,
            p99=round(most, 2),
            queries=len(took),
            hits=hits[kind] // max(1, len(took)),
        )
    figure(f"{name}: memory of the hub after all that", memory(running.pid) / 1e6, "MB")


_SOURCE: dict[Path, Path] = {}


def talk_source(folder: Path) -> Path:
    """Where the talk of a workspace may be read while its hub runs."""
    return _SOURCE.get(folder, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--each", type=int, default=100, help="queries of each kind")
    options = parser.parse_args()
    made = talk.workspace(options.messages)
    with duckdb.connect(str(made / schema.FILE), read_only=True) as connection:
        row = connection.execute("SELECT sum(strlen(text)), count(*) FROM messages").fetchone()
    assert row is not None
    note(f"{row[1]:,} messages, {row[0] / 1e6:,.0f} MB of text")
    with scratch() as folder:
        talk.copy(options.messages, folder)
        _SOURCE[folder] = made
        with hub(folder) as running:
            asyncio.run(measure(running, options.messages, options.each, int(row[0]), f"{options.messages:,} messages"))


if __name__ == "__main__":
    main()
