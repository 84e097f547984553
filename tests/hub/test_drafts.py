"""Drafts: what one has begun to write is there in every panel, and gone from the disk once it says something else."""

from __future__ import annotations

from pathlib import Path

import duckdb
from house import House, Person, house, run

from collabchat import protocol as p
from collabchat.store import schema


async def _drafts(person: Person) -> list[tuple[p.Id, p.Id | None, str, p.Id | None]]:
    return [(one.room, one.thread, one.text, one.reply_to) for one in (await person.sync()).drafts]


def _on_disk(folder: Path, *words: str) -> list[str]:
    """Which of these words stand anywhere in the database."""
    with duckdb.connect(str(folder / schema.FILE), read_only=True) as database:
        columns = database.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE data_type = 'VARCHAR' AND NOT internal"
        ).fetchall()
        assert ("personal", "data") in columns
        return [
            word
            for word in words
            if any(
                database.execute(f"SELECT 1 FROM {table} WHERE contains({column}, ?) LIMIT 1", [word]).fetchall()
                for table, column in columns
            )
        ]


def test_it_is_kept_changed_and_dropped(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo")
            again = await home.person("ana")
            said = await ana.do(p.SetDraft, room=room, text="periscope")
            await again.upto(said.seq)
            assert again.last(p.DraftSet) == p.DraftSet(target=room, text="periscope")
            changed = await again.do(p.SetDraft, room=room, text="submarine")
            await ana.upto(changed.seq)
            assert ana.last(p.DraftSet) == p.DraftSet(target=room, text="submarine", before=said.seq)
            assert not (await ana.do(p.SetDraft, room=room, text="submarine")).changed
            assert await _drafts(ana) == [(room, None, "submarine", None)]
            await ana.do(p.SetDraft, room=room, text=" \n")
            assert await _drafts(again) == []
            assert not (await ana.do(p.SetDraft, room=room, text="")).changed
            await ana.do(p.SetDraft, room=room, text="depth charge")
            assert await _drafts(bo) == []
        async with house(tmp_path) as home:
            ana = await home.person("ana", sync=False)
            assert await _drafts(ana) == [(room, None, "depth charge", None)]
            # What took the place of one that was kept before the hub began is known too.
            await ana.do(p.SetDraft, room=room, text="torpedo")

    run(main())
    assert _on_disk(tmp_path, "periscope", "submarine", "depth charge", "torpedo") == ["torpedo"]


def test_words_that_go_to_disk_together_with_those_that_replace_them(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana], room = await home.room("ana")
            words = ["p", "pe", "per", *(f"per{n}iscope" for n in range(20))]
            frame = [p.SetDraft(req=p.new_req(), room=room, text=word) for word in words]
            await ana.say(p.encode(frame).decode())
            await ana.ask(p.Ping(req=p.new_req()))
            assert await _drafts(ana) == [(room, None, "per19iscope", None)]

    run(main())
    assert _on_disk(tmp_path, *(f"per{n}iscope" for n in range(20))) == ["per19iscope"]


def test_each_thread_has_its_own(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana], room = await home.room("ana")
            other = (await ana.do(p.CreateRoom, name="other")).id or ""
            one, two = [(await ana.do(p.Post, room=room, text=text)).id for text in ("one", "two")]
            await ana.do(p.SetDraft, room=room, text="in the room", reply_to=two)
            await ana.do(p.SetDraft, room=room, thread=one, text="in a thread")
            await ana.do(p.SetDraft, room=other, text="in another room")
            kept = [(room, None, "in the room", two), (room, one, "in a thread", None)]
            assert await _drafts(ana) == [*kept, (other, None, "in another room", None)]
            assert (await ana.do(p.SetDraft, room=room, text="in the room")).changed  # it quotes nothing any more
            assert await ana.code(p.SetDraft, room=other, thread=one, text="x") == "invalid"
            assert await ana.code(p.SetDraft, room=other, reply_to=one, text="x") == "invalid"
            assert await ana.code(p.SetDraft, room=room, thread="999", text="x") == "not_found"
            await ana.do(p.SetDraft, room=room, thread=one, text="")
            # The one that was changed last stands last, and does so after a new start.
            order = [(other, None, "in another room", None), (room, None, "in the room", None)]
            assert await _drafts(ana) == order
        async with house(tmp_path) as home:
            assert await _drafts(await home.person("ana", sync=False)) == order

    run(main())


def test_with_its_room_goes_the_draft(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            [ana, bo], room = await home.room("ana", "bo", kind="private")
            await bo.do(p.SetDraft, room=room, text="periscope")
            await bo.do(p.SetDraft, room=room, text="submarine")
            await bo.do(p.Leave, room=room)
            assert await _drafts(bo) == []
            assert await bo.code(p.SetDraft, room=room, text="torpedo") == "not_found"
            await ana.do(p.SetDraft, room=room, text="depth charge")
            gone = await ana.do(p.DeleteRoom, room=room)
            assert await _drafts(ana) == []
            # What comes after finds its place, too.
            other = (await ana.do(p.CreateRoom, name="other")).id or ""
            await ana.do(p.SetDraft, room=other, text="words")
            assert (await ana.sync(since=gone.seq)).drafts[0].text == "words"

    run(main())
    assert _on_disk(tmp_path, "periscope", "submarine", "torpedo", "depth charge", "words") == ["words"]


def test_there_are_not_more_than_so_many(tmp_path: Path) -> None:
    async def fill(home: House) -> None:
        [ana], room = await home.room("ana")
        roots = [(await ana.do(p.Post, room=room, text="x")).id for _ in range(3)]
        for root in roots[:2]:
            await ana.do(p.SetDraft, room=room, thread=root, text="begun")
        assert await ana.code(p.SetDraft, room=room, thread=roots[2], text="begun") == "too_large"
        assert await ana.code(p.SetDraft, room=room, thread=roots[0], text="other words") == "ok"
        await ana.do(p.SetDraft, room=room, thread=roots[0], text="")
        assert await ana.code(p.SetDraft, room=room, thread=roots[2], text="begun") == "ok"
        assert await ana.code(p.SetDraft, room=room, text="x" * 40_001) == "malformed"

    async def main() -> None:
        async with house(tmp_path, limits=p.Limits(drafts=2)) as home:
            await fill(home)

    run(main())
