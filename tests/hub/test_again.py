"""Commands that are sent once more, since their answer was lost: nothing changes, and the answer is the same."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from desk import PIXEL
from house import MINUTE, NOON, Clock, House, Person, house, run

from collabchat import protocol as p
from collabchat.store import workspace as workspaces


async def _commands(home: House, ana: Person, room: p.Id) -> list[p.AnyCommand]:
    """One of each that came with this release, each of which changes something."""
    words = (await ana.do(p.Post, room=room, text="words")).id or ""
    poll = (await ana.do(p.CreatePoll, room=room, question="x", options=["a", "b"])).id or ""
    other = (await ana.do(p.CreatePoll, room=room, question="y", options=["a", "b"])).id or ""
    note = (await ana.do(p.Save, note="to be taken away")).id or ""
    waiting = (await ana.do(p.Schedule, room=room, text="never", at=NOON + MINUTE)).id or ""
    muted = (await ana.do(p.CreateRoom, name="muted")).id or ""
    await ana.do(p.Mute, room=muted)
    unfollowed = (await ana.do(p.Post, room=room, text="a thread")).id or ""
    await ana.do(p.Follow, id=unfollowed)
    req = p.new_req
    return [
        p.Forward(req=req(), id=words, room=room),
        p.CreatePoll(req=req(), room=room, question="z", options=["a", "b"]),
        p.Vote(req=req(), id=poll, choices=[1]),
        p.ClosePoll(req=req(), id=other),
        p.SetStatus(req=req(), text="away", until=NOON + MINUTE),
        p.SetPicture(req=req(), data=PIXEL),
        p.SetStars(req=req(), rooms=[room]),
        p.Mute(req=req(), room=room),
        p.Unmute(req=req(), room=muted),
        p.SetDraft(req=req(), room=room, text="begun"),
        p.Save(req=req(), id=words, remind_at=NOON + MINUTE),
        p.Save(req=req(), note="a note", remind_at=NOON + MINUTE),
        p.Unsave(req=req(), id=note),
        p.Schedule(req=req(), room=room, text="later", at=NOON + MINUTE),
        p.Unschedule(req=req(), id=waiting),
        p.Follow(req=req(), id=words),
        p.Unfollow(req=req(), id=unfollowed),
    ]


@pytest.mark.parametrize("kept", [50_000, 1])
def test_each_is_answered_as_before_and_done_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    """With the answers in memory, and where only the log still knows them."""
    monkeypatch.setattr(workspaces, "ANSWERS_KEPT", kept)
    clock = Clock()
    commands: list[p.AnyCommand] = []
    answers: list[p.Ack] = []

    async def again(ana: Person, said_so: bool) -> None:
        snapshot = await ana.sync()
        for command, answer in zip(commands, answers, strict=True):
            ana.heard.clear()
            repeated = msgspec.structs.replace(command, again=said_so)
            assert await ana.ask(repeated) == answer, command
        after = await ana.sync()
        assert msgspec.structs.replace(after, req=snapshot.req) == snapshot

    async def first() -> None:
        async with house(tmp_path, clock=clock) as home:
            [ana, _], room = await home.room("ana", "bo")
            commands.extend(await _commands(home, ana, room))
            for command in commands:
                answers.append(await ana.ask(command))
                assert answers[-1].changed
            made = [answer.id for command, answer in zip(commands, answers, strict=True) if _makes(command)]
            assert len(made) == 4
            assert None not in made
            await again(ana, kept == 1)

    async def later() -> None:
        async with house(tmp_path, clock=clock) as home:
            await again(await home.person("ana"), True)
        clock.now += 10 * MINUTE  # what they ask for has come by now
        async with house(tmp_path, clock=clock) as home:
            ana = await home.person("ana")
            await home.wait(0)
            await again(ana, True)

    run(first())
    run(later())


def _makes(command: p.AnyCommand) -> bool:
    return isinstance(command, p.Forward | p.CreatePoll | p.Schedule) or (
        isinstance(command, p.Save) and command.id is None
    )
