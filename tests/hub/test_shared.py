"""The files and links of a room: filtered, sorted, in pages, counted by month; the same as a plain look would find."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from house import Clock, Person, RefusedError, house, run
from sending import post

from collabchat import protocol as p

DAY = 86_400_000_000
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\x07\0\0\0\x05" + bytes(9)


async def _ask(person: Person, room: p.Id, **more: Any) -> p.SharedPage:
    found: p.SharedPage = await person.ask(p.Shared(req=p.new_req(), room=room, **more))
    return found


def _names(page: p.SharedPage) -> list[str]:
    return [one.file.name if isinstance(one, p.SharedFile) else one.url for one in page.entries]


def test_what_was_shared_is_listed_as_it_is_asked_for(tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock(1_704_063_540_000_000)  # 2023-12-31 22:59 UTC
        async with house(tmp_path, clock=clock) as home:
            (ana, bo), room = await home.room("ana", "bo")
            other = (await ana.do(p.CreateRoom, name="other", kind="private")).id or ""
            await post(ana, other, b"elsewhere", text="https://elsewhere.org")
            first = await post(ana, room, b"a,b\n1,2\n", name="Résumé of loads.csv")
            await ana.do(p.Post, room=room, text="see https://example.org/plan")
            clock.now += DAY
            picture = await post(bo, room, PNG, name="plot.png", text="and HTTPS://example.org/plan#")
            clock.now += DAY
            last = (await ana.do(p.Post, room=room, text="https://example.org/plan www.example.com")).id
            page = await _ask(bo, room)
            assert _names(page) == [
                "https://example.org/plan",
                "https://www.example.com",
                "plot.png",
                "Résumé of loads.csv",
            ]
            assert (page.total, page.room) == (4, room)
            assert page.months == [p.Month(month="2024-01", count=3), p.Month(month="2023-12", count=1)]
            link, _, shown, _ = page.entries
            assert isinstance(link, p.SharedLink)
            assert (link.author, link.n_messages, link.title) == (ana.me, 3, "")
            assert link.messages[0] == last
            assert link.messages[1] == picture
            assert isinstance(shown, p.SharedFile)
            assert (shown.id, shown.message, shown.author) == (f"{picture}-1", picture, bo.me)
            assert (shown.file.width, shown.file.height, shown.file.kind) == (7, 5, "picture")
            # One's own month: an hour further east it is January already.
            east = await _ask(bo, room, utc_offset=61)
            assert east.months == [p.Month(month="2024-01", count=4)]
            assert (await _ask(bo, room, sort="oldest")).months[0].month == "2023-12"
            assert _names(await _ask(bo, room, sort="oldest"))[0] == "Résumé of loads.csv"
            assert _names(await _ask(bo, room, sort="name")) == [
                "https://example.org/plan",
                "https://www.example.com",
                "plot.png",
                "Résumé of loads.csv",
            ]
            by_size = await _ask(bo, room, sort="size")
            assert (_names(by_size)[:2], by_size.months) == (["plot.png", "Résumé of loads.csv"], [])
            assert _names(await _ask(bo, room, kinds=["picture"])) == ["plot.png"]
            assert _names(await _ask(bo, room, kinds=["data", "document", "picture"])) == [
                "plot.png",
                "Résumé of loads.csv",
            ]
            assert _names(await _ask(bo, room, kinds=["link"], limit=1, offset=1)) == ["https://www.example.com"]
            assert _names(await _ask(bo, room, author=bo.me)) == ["plot.png", "https://example.org/plan"]
            [_, theirs] = (await _ask(bo, room, author=bo.me)).entries
            assert isinstance(theirs, p.SharedLink)
            assert (theirs.messages, theirs.n_messages) == ([picture], 1)
            assert _names(await _ask(bo, room, text="loads RESUME")) == ["Résumé of loads.csv"]
            assert _names(await _ask(bo, room, text="example plan")) == ["https://example.org/plan"]
            assert _names(await _ask(bo, room, text="%")) == []
            middle = clock.now - DAY
            assert _names(await _ask(bo, room, since=middle, until=middle + 1)) == [
                "plot.png",
                "https://example.org/plan",
            ]
            assert (await _ask(bo, room, since=-(2**60), until=2**62)).total == 4
            await bo.do(p.Delete, id=picture)
            await ana.do(p.Edit, id=last, text="no more")
            assert _names(await _ask(bo, room)) == ["https://example.org/plan", "Résumé of loads.csv"]
            await ana.do(p.Delete, id=first)
            assert _names(await _ask(bo, room)) == ["https://example.org/plan"]
            for stranger in (bo, await home.person("cy")):
                with pytest.raises(RefusedError, match="not_found"):
                    await _ask(stranger, other)
            assert [(row["url"], row["author"]) for row in await bo.table("links")] == [
                ("https://example.org/plan", "ana")
            ]

    run(main())


def _month(time: p.Micros, offset: int) -> str:
    return (datetime.fromtimestamp(time / 1e6, UTC) + timedelta(minutes=offset)).strftime("%Y-%m")


def _plainly(messages: list[p.Message], ask: dict[str, Any]) -> list[tuple[str, list[p.Id]]]:
    """What fits, in the order of ``newest``: the slow, obvious way."""
    rows: dict[str, list[p.Message]] = {}
    for message in messages:
        if "author" in ask and message.author != ask["author"]:
            continue
        if not ask.get("since", 0) <= message.time < ask.get("until", 2**60):
            continue
        for number, file in enumerate(message.files, 1):
            if not ask["kinds"] or file.kind in ask["kinds"]:
                rows[f"{message.id}-{number}"] = [message]
        for word in dict.fromkeys((message.text or "").split()):
            if word.startswith("https://") and (not ask["kinds"] or "link" in ask["kinds"]):
                rows.setdefault(word, []).append(message)
    return [(key, [one.id for one in reversed(found)]) for key, found in rows.items()]


def test_it_is_what_a_plain_look_finds(tmp_path: Path) -> None:
    async def main() -> None:
        chance, clock = random.Random(1), Clock()
        async with house(tmp_path, clock=clock, limits=p.Limits(rate=100_000)) as home:
            people, room = await home.room("ana", "bo", "cy")
            for number in range(40):
                clock.now += chance.randrange(3 * DAY)
                contents = [chance.choice([PNG, b"a,b\n1,2\n", b"\0\1\2"]) for _ in range(chance.randrange(3))]
                text = " ".join(f"https://example.org/{chance.randrange(9)}" for _ in range(chance.randrange(3)))
                await post(chance.choice(people), room, *contents, text=text or f"words {number}", name="a.csv")
            messages = (await people[0].history(room, limit=200, system=False)).messages
            times = [message.time for message in messages]
            for _ in range(25):
                kinds = ["picture", "data", "other", "link"]
                ask: dict[str, Any] = {"kinds": chance.sample(kinds, chance.choice([0, 0, 1, 2]))}
                if chance.random() < 0.4:
                    ask["author"] = chance.choice(people).me
                if chance.random() < 0.4:
                    ask["since"] = chance.choice(times)
                if chance.random() < 0.4:
                    ask["until"] = chance.choice(times)
                offset = chance.choice([0, 120, -600])
                expected = _plainly(messages, ask)
                pages: list[p.SharedFile | p.SharedLink] = []
                while True:
                    page = await _ask(people[1], room, **ask, offset=len(pages), limit=25, utc_offset=offset)
                    pages += page.entries
                    if not page.entries:
                        break
                found = [
                    (one.id, [one.message]) if isinstance(one, p.SharedFile) else (one.url, one.messages)
                    for one in pages
                ]
                assert sorted(found) == sorted((key, named[:20]) for key, named in expected)
                newest = [int(named[0]) for _, named in found]
                assert newest == sorted(newest, reverse=True)
                assert page.total == len(expected)
                months: dict[str, int] = {}
                for one in pages:
                    months[_month(one.time, offset)] = months.get(_month(one.time, offset), 0) + 1
                assert [(one.month, one.count) for one in page.months] == list(months.items())

    run(main())
