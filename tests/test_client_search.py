"""The search from Python: what is asked of the hub, and the ranked frame; then against a real hub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from scripted_hub import ScriptedHub

import collabchat
from collabchat import Chat, errors
from collabchat import protocol as p
from collabchat.client import searching


def message(number: int, **facts: Any) -> p.Message:
    return p.Message(
        **{"id": str(number), "room": "3", "author": "1", "time": number, "text": f"text {number}", **facts}
    )


class Hits:
    """A hub that finds so many messages, the newest first."""

    def __init__(self, folder: Path, total: int) -> None:
        self.total = total
        self.asked: list[p.Search] = []
        self.hub = ScriptedHub(folder)
        self.hub.on(p.Search, self.answer)
        self.extra: dict[str, Any] = {}

    def answer(self, search: p.Search) -> p.Found:
        self.asked.append(search)
        first = int(search.cursor or 0)
        last = min(first + search.limit, self.total)
        hits = [
            p.Hit(
                message=message(self.total - place), score=float(self.total - place), snippet=["see ", "text", " here"]
            )
            for place in range(first, last)
        ]
        return p.Found(
            req=search.req,
            hits=hits,
            total=self.total,
            cursor=str(last) if last < self.total else None,
            query=search.query,
            seq=10,
            **self.extra,
        )


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Callable[[int], tuple[Hits, Chat]]]:
    made: list[tuple[Hits, Chat]] = []

    def make(total: int) -> tuple[Hits, Chat]:
        hits = Hits(tmp_path, total)
        hits.hub.start()
        made.append((hits, collabchat.connect(tmp_path, user="ana")))
        return made[-1]

    yield make
    for hits, chat in made:
        chat.close()
        hits.hub.stop()


def test_the_frame_and_what_its_attrs_say(found: Any) -> None:
    hits, chat = found(3)
    frame = chat.search("text")
    assert frame.columns.tolist() == [*chat_columns(), "score", "snippet"]
    assert frame["id"].tolist() == ["3", "2", "1"]
    assert frame["score"].tolist() == [3.0, 2.0, 1.0]
    assert frame["snippet"].tolist() == ["see text here"] * 3
    assert set(frame["room"]) == {"pipeline"}
    assert set(frame["author"]) == {"ana"}
    assert frame.attrs == {
        "total": 3, "at_least": False, "query": "text", "problems": [], "correction": None, "indexed": True,
    }  # fmt: skip
    hits.extra = {"at_least": True, "problems": ["from:nobody: there is nobody of that name."], "indexed": False}
    attrs = chat.search("text from:nobody").attrs
    assert attrs["at_least"] is True
    assert attrs["problems"] == ["from:nobody: there is nobody of that name."]
    assert attrs["indexed"] is False


def test_nothing_found_is_an_empty_frame_of_the_same_kind(found: Any) -> None:
    hits, chat = found(0)
    hits.extra = {"correction": "invoice"}
    frame = chat.search("invoce")
    assert (len(frame), frame.attrs["correction"]) == (0, "invoice")
    hits.total, hits.extra = 2, {}
    assert chat.search("x").dtypes.equals(frame.dtypes)


@pytest.mark.parametrize(
    ("limit", "asked"),
    [(1, [1]), (50, [50]), (200, [200]), (201, [200, 1]), (450, [200, 200, 50]), (None, [200, 200, 200])],
)
def test_more_than_a_page_by_cursors(found: Any, limit: int | None, asked: list[int]) -> None:
    hits, chat = found(500)
    frame = chat.search("text", limit=limit)
    assert frame["id"].tolist() == [str(500 - place) for place in range(500 if limit is None else limit)]
    assert [one.limit for one in hits.asked] == asked
    assert frame.attrs["total"] == 500


def test_what_is_asked(found: Any) -> None:
    hits, chat = found(1)
    chat.search("text")
    chat.search("text", "pipeline", sort="oldest", inflected=False)
    chat.room("pipeline").search("text", limit=3, sort="newest")
    here = datetime.now().astimezone().utcoffset()
    assert here is not None
    assert [(one.room, one.sort, one.inflected, one.limit) for one in hits.asked] == [
        (None, "relevance", True, 50), ("3", "oldest", False, 50), ("3", "newest", True, 3),
    ]  # fmt: skip
    assert {one.utc_offset for one in hits.asked} == {here.total_seconds() / 60}


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (5, {}),
        ("x" * 1001, {}),
        ("\ud800", {}),
        ("x", {"limit": 0}),
        ("x", {"limit": "all"}),
        ("x", {"sort": "best"}),
        ("x", {"room": 5}),
    ],
)
def test_what_cannot_be_asked(found: Any, words: Any, options: dict[str, Any]) -> None:
    hits, chat = found(1)
    with pytest.raises(errors.Invalid):
        chat.search(words, **options)
    with pytest.raises(errors.NotFound):
        chat.search("x", "nowhere")
    assert hits.asked == []


def test_messages_of_all_kinds(found: Any) -> None:
    _, chat = found(1)
    directory = chat._session.directory
    file = p.Attachment(name="a.csv", size=1, type="text/csv", kind="data", sha256="0" * 64)
    origin = p.Forwarded(id="1", room="3", author="2", time=1, text="their words")
    hits = [
        p.Hit(message=one, score=1.0, snippet=[])
        for one in (message(5, text="", forwarded=origin, mentions=["2"]), message(6, files=[file], thread="5"),
                    message(7, reactions=[p.Reaction(emoji="👍", members=["1", "2"])], edited_at=9))
    ]  # fmt: skip
    frame = searching.frame_of_hits(directory, [p.Found(req=p.new_req(), hits=hits, total=3, query="x", seq=1)])
    assert frame["text"].tolist() == ["their words", "text 6", "text 7"]
    assert frame["mentions"].tolist() == [["bo"], [], []]
    assert frame["n_files"].tolist() == [0, 1, 0]
    assert frame["n_reactions"].tolist() == [0, 0, 2]
    assert frame["thread"].fillna("").tolist() == ["", "5", ""]
    assert frame["edited_at"].notna().tolist() == [False, False, True]
    with pytest.raises(TypeError):
        frame["mentions"][0].append("cy")


def chat_columns() -> list[str]:
    from collabchat.frames import SCHEMAS

    return list(SCHEMAS["messages"].names)


def test_against_a_real_hub(chat_of: Callable[..., Chat]) -> None:
    ana, bo = chat_of("ana"), chat_of("bo")
    room = ana.create_room("pipeline", members=["bo"])
    secret = ana.create_room("secret", kind="private")
    first = room.post("the **late invoice** of Köln", files=[("summary.csv", b"x,y\n1,2\n")])
    second = bo.room("pipeline").post("no invoices today")
    hidden = secret.post("an invoice that nobody sees")
    frame = ana.search("invoice")
    assert set(frame["id"]) == {first.id, second.id, hidden.id}
    assert frame.attrs["total"] == 3
    messages = ana.messages()
    both = frame.set_index("id")[messages.columns.drop("id")]
    assert both.sort_index().equals(messages.set_index("id").loc[both.index].sort_index())
    assert frame["score"].is_monotonic_decreasing
    assert set(bo.search("invoice")["id"]) == {first.id, second.id}
    assert bo.search("koln has:file from:ana")["id"].tolist() == [first.id]
    assert room.search("invoice", sort="newest")["id"].tolist() == [second.id, first.id]
    assert bo.search("secret").empty
    first.edit("paid")
    assert first.id not in set(ana.search("invoice")["id"])
    assert ana.search("paid")["id"].tolist() == [first.id]
    second.delete()
    assert ana.search("invoice")["id"].tolist() == [hidden.id]
