"""The index follows the log, and may be killed, deleted or damaged at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from shelf_of_talk import ask, everything, pages, until, words

from collabchat import protocol as p
from collabchat.store.search import index as index_module
from collabchat.store.search.found import Question, find
from collabchat.store.search.index import Index
from collabchat.store.search.parts import one_slip

WORDS = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett"]


@pytest.fixture(autouse=True)
def small_parts() -> Iterator[None]:
    """Parts of a few messages, so that a test has many of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_module, "CHUNK", 40)
        patch.setattr(index_module, "FLUSH", 10)
        patch.setattr(index_module, "TICK", 0.01)
        patch.setattr(index_module, "MERGE", 3)
        patch.setattr(index_module, "SIZES", (100, 400))
        yield


class Talk:
    """Somebody who talks, changes and deletes, and an index that follows."""

    def __init__(self, folder: Path) -> None:
        self.index: Index | None = None
        self.desk = Desk(folder, told=self._told)
        self.workspace = self.desk.workspace
        self.room = next(iter(self.workspace.directory.rooms))
        self.chance = random.Random(5)
        self.said: dict[str, str] = {}

    def _told(self, events: object) -> None:
        if self.index is not None:
            self.index.take(events)  # type: ignore[arg-type]

    def post(self, text: str) -> str:
        event = self.desk.do(0, p.Post(req=p.new_req(), room=self.room, text=text))
        assert event is not None
        self.said[str(event.seq)] = text
        return str(event.seq)

    def some(self, count: int) -> None:
        for number in range(count):
            kind = self.chance.random()
            if kind < 0.7 or not self.said:
                self.post(" ".join(self.chance.choices(WORDS, k=4)) + f" {number}x")
            elif kind < 0.85:
                one = self.chance.choice(list(self.said))
                self.said[one] = " ".join(self.chance.choices(WORDS, k=3))
                self.desk.do(0, p.Edit(req=p.new_req(), id=one, text=self.said[one]))
            else:
                one = self.chance.choice(list(self.said))
                del self.said[one]
                self.desk.do(0, p.Delete(req=p.new_req(), id=one))
        self.desk.settle()

    def check(self) -> None:
        """Each word is found where it is said now, and nowhere else; at the latest a moment after it was said."""
        index = self.index
        assert index is not None
        for word in (*WORDS, "nobody"):
            expected = {int(one) for one, text in self.said.items() if word in text}
            question = words(word)
            until(lambda expected=expected, question=question: ask(self.workspace, index.view(), question) == expected)


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    found = Talk(tmp_path / "team")
    yield found
    if found.index is not None:
        found.index.close()
    found.workspace.close()


def begin(talk: Talk) -> Index:
    talk.index = Index(talk.workspace.folder, talk.workspace.reader, talk.workspace.durable)
    talk.index.start()
    return talk.index


def caught_up(talk: Talk) -> None:
    index = talk.index
    assert index is not None
    until(lambda: index.facts()[2] is False and talk.workspace.durable - index.through <= 10)


def test_what_is_said_changed_and_deleted_is_found_as_it_is_now(talk: Talk) -> None:
    begin(talk)
    for _ in range(12):
        talk.some(25)
        talk.check()
    caught_up(talk)
    talk.check()
    assert len(talk.index._parts) < 8  # type: ignore[union-attr]


def test_it_goes_on_where_it_was(talk: Talk) -> None:
    index = begin(talk)
    talk.some(120)
    caught_up(talk)
    through = index.through
    index.close()
    talk.index = None
    talk.some(30)
    index = begin(talk)
    until(lambda: index._opened)
    assert index.through >= through
    talk.check()
    caught_up(talk)
    talk.check()


@pytest.mark.parametrize(
    "harm", ["state gone", "state odd", "part gone", "part cut", "part other", "all gone", "newer"]
)
def test_a_damaged_index_is_made_anew(talk: Talk, harm: str) -> None:
    index = begin(talk)
    talk.some(120)
    caught_up(talk)
    index.close()
    folder = talk.workspace.folder / "search"
    part = next(folder.glob("*.part-of-index"))
    match harm:
        case "state gone":
            (folder / "index.json").unlink()
        case "state odd":
            (folder / "index.json").write_text("{]")
        case "part gone":
            part.unlink()
        case "part cut":
            part.write_bytes(part.read_bytes()[:-9])
        case "part other":
            raw = bytearray(part.read_bytes())
            raw[len(raw) // 2] ^= 255
            part.write_bytes(raw)
        case "newer":
            state = json.loads((folder / "index.json").read_text())
            (folder / "index.json").write_text(json.dumps(state | {"through": 10**9}))
        case _:
            for one in folder.iterdir():
                one.unlink()
            folder.rmdir()
    index = begin(talk)
    talk.check()
    caught_up(talk)
    talk.check()
    assert len(talk.said) - 10 <= index.facts()[0] <= len(everything(talk.workspace))

    def known() -> set[str]:
        return {held.written.name for held in index._parts} | {"index.json"}

    until(lambda: {one.name for one in folder.iterdir()} == known())


def test_it_may_be_deleted_and_changed_while_it_works(talk: Talk) -> None:
    index = begin(talk)
    talk.some(120)
    caught_up(talk)
    folder = talk.workspace.folder / "search"
    for one in folder.iterdir():
        one.unlink()
    talk.check()
    talk.some(20)
    talk.check()
    caught_up(talk)
    part = next(folder.glob("*.part-of-index"))
    raw = bytearray(part.read_bytes())
    raw[-20:] = bytes(20)
    part.write_bytes(raw)
    talk.check()
    caught_up(talk)
    talk.check()
    assert len(talk.said) - 10 <= index.facts()[0] <= len(everything(talk.workspace))


def test_its_process_may_be_killed_in_the_middle(talk: Talk) -> None:
    index = begin(talk)
    for _ in range(6):
        talk.some(30)
        until(lambda: index._worker.pid is not None)
        pid = index._worker.pid
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        talk.check()
    caught_up(talk)
    talk.check()


def test_made_anew_on_demand(talk: Talk) -> None:
    index = begin(talk)
    talk.some(100)
    caught_up(talk)
    index.rebuild()
    assert index.facts()[2]
    talk.check()
    caught_up(talk)
    talk.check()


def test_the_words_of_what_is_gone_leave_the_files(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "FORGET_AFTER", 0.0)
    index = begin(talk)
    secret = talk.post("the password is zebrafinch")
    del talk.said[secret]
    talk.some(60)
    caught_up(talk)
    folder = talk.workspace.folder / "search"

    def kept() -> bool:
        return any(b"zebrafinch" in one.read_bytes() for one in folder.glob("*.part-of-index"))

    assert kept()
    talk.desk.do(0, p.Delete(req=p.new_req(), id=secret))
    talk.some(40)
    talk.check()
    until(lambda: not kept())
    talk.check()
    assert len(everything(talk.workspace)) - 10 <= index.facts()[0]


def test_pages_are_all_hits_once_in_every_order(talk: Talk) -> None:
    begin(talk)
    talk.some(200)
    caught_up(talk)
    rooms = frozenset(map(int, talk.workspace.directory.rooms))
    question = Question(words("alpha"), rooms, 2**60, inflected=False)
    hits = find(talk.index.view(), question, talk.workspace.reader())  # type: ignore[union-attr]
    whole = pages(hits, "relevance", 10_000)
    assert len(set(whole)) == len(whole) == hits.total > 40
    for size in (1, 7, 50):
        assert pages(hits, "relevance", size) == whole
        assert pages(hits, "newest", size) == sorted(whole, reverse=True)
        assert pages(hits, "oldest", size) == sorted(whole)


def test_a_busy_chat_is_left_alone(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "BUSY", 0)
    index = begin(talk)
    until(lambda: index._opened)
    talk.some(60)
    talk.check()
    assert index.through == 0


def test_slips() -> None:
    for one, other in (("invoice", "invocie"), ("load", "laod"), ("load", "loa"), ("load", "loads"), ("load", "lxad")):
        assert one_slip(one, other)
        assert one_slip(other, one)
    for one, other in (("load", "load"), ("load", "laid"), ("load", "lo"), ("abcd", "badc")):
        assert not one_slip(one, other)


def test_near_words_are_all_that_are_one_slip_away(talk: Talk) -> None:
    index = begin(talk)
    for word in (
        "invoice",
        "invoices",
        "invocie",
        "nvoice",
        "invoiced",
        "инвойс",
        "voice",
        "größe",
        "grösse",
        "grosse",
    ):
        talk.post(word)
    talk.some(30)
    caught_up(talk)
    held = index.view().parts
    pieces = {piece.decode() for part, _ in held for piece in part.all_pieces()}
    for asked in ("invoice", "invioce", "ivoice", "инвойз", "grose", "alpah", "xinvoice", "invoicex"):
        near = {part.piece(int(one)).decode() for part, _ in held for one in part.near(asked)}
        assert near == {one for one in pieces if one_slip(one, asked)}, asked
