"""A mistake of the hub's own, met by one request: that one is told so, and everything else goes on."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from house import Person, house, run

from collabchat import protocol as p
from collabchat.hub import hub as hubs
from collabchat.store import backup, frames, queries


def _failing(*_: Any, **__: Any) -> Any:
    raise RuntimeError("nobody thought of this")


def test_a_command_that_fails_changes_nothing_and_the_next_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo = await home.person("ana"), await home.person("bo")
            room = (await ana.do(p.CreateRoom, name="pipeline", members=[bo.me])).id or ""
            seq = home.hub.workspace.directory.seq
            post = p.Post(req=p.new_req(), room=room, text="words")
            with monkeypatch.context() as broken, caplog.at_level(logging.ERROR, "collabchat.hub"):
                broken.setattr(hubs, "decide", _failing)
                reply = await ana.ask(post, refused=True)
            assert reply.code == "internal"
            assert "nobody thought of this" not in reply.message
            assert "nobody thought of this" in caplog.text
            assert home.hub.workspace.directory.seq == seq
            ana.heard.clear()
            assert (await ana.ask(post)).seq == seq + 1
            assert [message.text for message in (await bo.history(room, system=False)).messages] == ["words"]

    run(main())


def test_the_other_requests_of_a_frame_are_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana = await home.person("ana")
            room = (await ana.do(p.CreateRoom, name="pipeline")).id or ""
            monkeypatch.setattr(queries, "page", _failing)
            asked = [
                p.Post(req=p.new_req(), room=room, text="before"),
                p.History(req=p.new_req(), room=room),
                p.Post(req=p.new_req(), room=room, text="after"),
            ]
            await ana.say(p.encode(asked).decode())

            def answers() -> dict[str, Any]:
                return {one.req: one for one in ana.heard if isinstance(one, p.Ack | p.Error) and one.req}

            await ana.until(lambda: all(request.req in answers() for request in asked))
            first, failed, last = [answers()[request.req] for request in asked]
            assert isinstance(first, p.Ack)
            assert isinstance(last, p.Ack)
            assert failed.code == "internal"

    run(main())


def test_a_message_of_another_room_is_no_place_in_this_one(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as home:
            ana, bo = await home.person("ana"), await home.person("bo")
            one, two = [(await ana.do(p.CreateRoom, name=name, members=[bo.me])).id or "" for name in ("one", "two")]
            there = [(await ana.do(p.Post, room=one, text=text)).id or "" for text in ("first", "second")]
            await bo.do(p.MarkRead, room=one)
            await bo.do(p.MarkRead, room=two)
            seq, reads = home.hub.workspace.directory.seq, dict(home.hub.workspace.directory.members[bo.me].reads)
            assert await bo.code(p.MarkUnread, room=two, id=there[1]) == "invalid"
            assert await bo.code(p.Post, room=two, text="x", reply_to=there[0]) == "invalid"
            assert await bo.code(p.Post, room=two, text="x", reply_to=there[0], quote=True) == "invalid"
            assert home.hub.workspace.directory.seq == seq
            assert home.hub.workspace.directory.members[bo.me].reads == reads
            assert await bo.code(p.MarkUnread, room=one, id=there[1]) == "ok"

    run(main())


@pytest.mark.parametrize("kind", ["frame", "backup"])
def test_what_is_answered_later_fails_in_the_same_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """The reason may name files and statements of the hub: it is for the log, not for whoever asked."""
    monkeypatch.setattr(backup, "copy", _failing)
    monkeypatch.setattr(frames, "stored", _failing)

    async def main() -> None:
        async with house(tmp_path / "team") as home:
            if kind == "frame":
                asker = await home.person("ana")
                request: p.Request = p.Frame(req=p.new_req(), name="messages")
            else:
                asker = Person(home.hub)
                request = p.Backup(req=p.new_req(), path=str(tmp_path / "copy"))
            with caplog.at_level(logging.ERROR, "collabchat.hub"):
                reply = await asker.ask(request, refused=True)
            assert reply.code == "internal"
            assert "nobody thought of this" not in reply.message
            assert "nobody thought of this" in caplog.text
            assert (await asker.ask(p.Status(req=p.new_req()))).seq == home.hub.workspace.durable

    run(main())
