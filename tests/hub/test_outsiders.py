"""Who is not in a private room learns nothing of it: everything that an outsider receives is read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from house import House, Person, house, run
from sending import post

from collabchat import protocol as p

SECRETS = (b"submarine", b"periscope", b"depth charge")
"""The room's name, its topic, what is said in it."""


async def _all_frames(person: Person) -> list[bytes]:
    """Every frame of the outsider, and every cell of every table."""
    cells: list[bytes] = []
    for name in ("messages", "rooms", "members", "reactions", "reads", "files", "links", "events"):
        request = p.Frame(req=p.new_req(), name=name)  # type: ignore[arg-type]
        await person.say(p.encode(request).decode())
        _, payload = await person.until(
            lambda req=request.req: next(
                (one for one in person.heard if isinstance(one, tuple) and one[0].req == req and not one[0].more), None
            )
        )
        table = pa.ipc.open_stream(payload).read_all()
        cells.append(str(table.to_pylist()).encode())
    return cells


async def _insiders_talk(home: House, ana: Person, bo: Person) -> tuple[p.Id, set[bytes]]:
    room = (await ana.do(p.CreateRoom, name="submarine", kind="private", topic="periscope", members=[bo.me])).id or ""
    one = await ana.do(p.Post, room=room, text="depth charge, @bo and @eve")
    await bo.do(p.Post, room=room, text="depth charge again", reply_to=one.id)
    await bo.do(p.React, id=one.id or "", emoji="🤿")
    await ana.do(p.Edit, id=one.id or "", text="depth charge edited")
    await ana.do(p.Pin, id=one.id or "")
    await bo.do(p.MarkRead, room=room)
    await ana.do(p.SetTopic, room=room, topic="periscope up")
    await ana.do(p.Rename, room=room, name="submarine2")
    await ana.do(p.Archive, room=room)
    await ana.do(p.Unarchive, room=room)
    await post(bo, room, b"depth charge", name="depth charge.csv", text="https://submarine.example/periscope")
    other = await ana.do(p.Post, room=room, text="depth charge to be deleted")
    await ana.do(p.Delete, id=other.id or "")
    later = home.hub.clock() + 10**12
    poll = (await ana.do(p.CreatePoll, room=room, question="depth charge?", options=["yes", "no"])).id or ""
    await bo.do(p.Vote, id=poll, choices=[0])
    await bo.do(p.Forward, id=one.id or "", room=room, text="depth charge once more")
    await bo.ask(p.Typing(req=p.new_req(), room=room))
    await bo.do(p.SetDraft, room=room, text="depth charge begun")
    await bo.do(p.Save, id=one.id, note="depth charge put aside", remind_at=later)
    await bo.do(p.Schedule, room=room, text="depth charge later", at=later)
    await bo.do(p.Follow, id=one.id)
    await bo.do(p.SetStars, rooms=[room])
    await bo.do(p.Mute, room=room)
    await ana.do(p.ClosePoll, id=poll)
    direct = (await ana.do(p.OpenDirect, member=bo.me)).id or ""
    await bo.do(p.Post, room=direct, text="depth charge between us")
    await ana.do(p.Forward, id=one.id or "", room=direct)
    kept = {
        f'"target":"{room}"'.encode(),
        f'"rooms":["{room}"]'.encode(),
        f'"room":"{room}"'.encode(),
        f'"id":"{room}"'.encode(),
        f'"room":"{direct}"'.encode(),
        b"@ana,@bo",
    }
    gone = (await ana.do(p.CreateRoom, name="submarine3", kind="private")).id or ""
    await ana.do(p.DeleteRoom, room=gone)
    return room, kept | {f'"room":"{gone}"'.encode()}


def _leaks(frames: list[bytes], ids: set[bytes]) -> list[tuple[bytes, bytes]]:
    return [(word, frame[:300]) for frame in frames for word in (*SECRETS, "🤿".encode(), *ids) if word in frame]


def test_an_outsider_hears_and_reads_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo = await home.person("ana"), await home.person("bo")
            eve = await home.person("eve")
            room, ids = await _insiders_talk(home, ana, bo)
            done = await ana.do(p.CreateRoom, name="open")
            await eve.upto(done.seq)
            before = len(eve.raw)
            assert _leaks(eve.raw, ids) == []
            # Coming back from the beginning tells no more, and neither do the tables.
            await eve.sync(since=0)
            late = await home.person("late", sync=False)
            await late.sync(since=0)
            cells = await _all_frames(eve)
            assert len(eve.raw) > before
            assert _leaks([*eve.raw, *late.raw, *cells], ids) == []
            # Whatever id she guesses: it is not there.
            for guess in (str(number) for number in range(1, done.seq)):
                for request in (
                    p.Edit(req=p.new_req(), id=guess, text="x"),
                    p.Delete(req=p.new_req(), id=guess),
                    p.React(req=p.new_req(), id=guess, emoji="x"),
                    p.History(req=p.new_req(), room=guess),
                    p.Join(req=p.new_req(), room=guess),
                    p.Pins(req=p.new_req(), room=guess),
                    p.Vote(req=p.new_req(), id=guess, choices=[0]),
                    p.ClosePoll(req=p.new_req(), id=guess),
                    p.Save(req=p.new_req(), id=guess),
                    p.Follow(req=p.new_req(), id=guess),
                    p.Unschedule(req=p.new_req(), id=guess),
                    p.SetDraft(req=p.new_req(), room=guess, text="x"),
                    p.SetStars(req=p.new_req(), rooms=[guess]),
                    p.Mute(req=p.new_req(), room=guess),
                    p.CreatePoll(req=p.new_req(), room=guess, question="x", options=["a", "b"]),
                    p.Versions(req=p.new_req(), id=guess),
                    p.SeenBy(req=p.new_req(), id=guess),
                    p.Followers(req=p.new_req(), id=guess),
                    p.Typing(req=p.new_req(), room=guess),
                    p.GetSlice(req=p.new_req(), file=f"{guess}-1"),
                    p.GetThumbnail(req=p.new_req(), file=f"{guess}-1"),
                    p.GetPreview(req=p.new_req(), file=f"{guess}-1"),
                    p.Shared(req=p.new_req(), room=guess),
                    p.StartUpload(req=p.new_req(), upload=p.new_req(), room=guess, name="a", size=1),
                ):
                    reply = await eve.ask(request, refused=True)
                    assert isinstance(reply, p.Error)
                    assert reply.code == "not_found"
            assert _leaks(eve.raw, ids) == []
            assert home.hub.workspace.directory.rooms[room].n_messages == 5

    run(main())


def test_the_insiders_do_hear_it(tmp_path: Path) -> None:
    """So that the test above can fail."""

    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo = await home.person("ana"), await home.person("bo")
            _, ids = await _insiders_talk(home, ana, bo)
            done = await ana.do(p.CreateRoom, name="open")
            await bo.upto(done.seq)
            cells = await _all_frames(bo)
            found = {word for word, _ in _leaks([*bo.raw, *cells], ids)}
            assert set(SECRETS) <= found

    run(main())


def test_whoever_was_removed_hears_no_more(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, eve = await home.person("ana"), await home.person("eve")
            room = (await ana.do(p.CreateRoom, name="submarine", kind="private", members=[eve.me])).id or ""
            gone = await ana.do(p.Remove, room=room, member=eve.me)
            await eve.upto(gone.seq)
            eve.raw.clear()
            await ana.do(p.Post, room=room, text="depth charge")
            done = await ana.do(p.CreateRoom, name="open")
            await eve.upto(done.seq)
            snapshot = await eve.sync(since=gone.seq)
            cells = await _all_frames(eve)
            assert [found.name for found in snapshot.rooms] == ["open"]
            assert _leaks([*eve.raw, *cells], set()) == []

    run(main())


def test_a_deleted_text_is_told_to_nobody_any_more(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo = await home.person("ana"), await home.person("bo")
            room = (await ana.do(p.CreateRoom, name="plans", members=[bo.me])).id or ""
            one = await ana.do(p.Post, room=room, text="periscope")
            await ana.do(p.Edit, id=one.id or "", text="depth charge")
            gone = await ana.do(p.Delete, id=one.id or "")
            await bo.upto(gone.seq)
            bo.raw.clear()
            await bo.sync(since=0)
            await bo.upto(gone.seq)
            assert _leaks([*bo.raw, *await _all_frames(bo)], set()) == []

    run(main())
