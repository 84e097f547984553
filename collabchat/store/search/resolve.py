"""From the words of a query to what is asked of a message: names and dates are looked up, as who asks may see them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import get_args

import numpy as np

from collabchat import protocol as p
from collabchat.store.directory import Directory, MemberState
from collabchat.store.search import wanted as w
from collabchat.store.search.dates import EXAMPLES, span
from collabchat.store.search.docs import CODE, EDITED, QUESTION
from collabchat.store.search.fold import fold
from collabchat.store.search.match import needle
from collabchat.store.search.query import And, Filter, Node, Not, Or, Query, Term, without

FIRST_DAYS = {"auto": 0, "monday": 0, "saturday": 5, "sunday": 6}
FILE_KINDS = get_args(p.FileKind)
_FILE_KIND_WORDS = {"image": "picture", "images": "picture", "pictures": "picture", "photo": "picture"}
_FILE_KIND_WORDS |= {"documents": "document", "notebooks": "notebook", "audio": "sound", "videos": "video"}
_ROOM_KINDS = {"public": "public", "private": "private", "direct": "direct", "dm": "direct"}
_ENDING = re.compile(r"\.?[\w\-]{1,20}")
_ENGLISH = re.compile(r"[A-Za-z]{3,}")


@dataclass
class Resolved:
    """What is asked of each message, and how it was understood."""

    node: w.Wanted
    """Nothing else is looked at but what is in ``rooms``."""
    rooms: frozenset[int]
    understood: Node | None
    problems: list[str] = field(default_factory=list)
    empty: bool = False
    """Nothing was asked."""


class Resolver:
    """Looks names up as one member sees them.

    Parameters
    ----------
    state, me
        Who is there, and who asks.
    now
        Microseconds since 1970.
    request
        What was asked.
    """

    def __init__(self, state: Directory, me: MemberState, now: int, request: p.Search) -> None:
        self.state, self.me, self.now, self.request = state, me, now, request
        self.visible = state.visible_rooms(me)
        self.problems: list[str] = []

    def resolve(self, query: Query, rooms: Iterable[p.Id]) -> Resolved:
        """The query, within these rooms."""
        within = frozenset(int(room) for room in rooms)
        node = query.node
        made = {one: self._filter(one) for one in _filters(node)}
        failed = {one for one, found in made.items() if found is None}
        kept = without(node, failed)
        if kept is None and failed:
            # Nothing is left: the values are looked for as words.
            words = [Term(one.value, "phrase") for one in failed if fold(one.value) and '"' not in one.value]
            kept = And(tuple(words)) if len(words) > 1 else words[0] if words else None
        problems = [*query.problems, *self.problems]
        if kept is None:
            return Resolved(w.Nothing(), within, None, problems, empty=True)
        return Resolved(self._node(kept, made), within, kept, problems)

    def _node(self, node: Node, made: dict[Filter, w.Wanted | None]) -> w.Wanted:
        match node:
            case Term(text, kind):
                ready = needle(text, kind == "prefix")
                if ready is None:
                    return w.Nothing()
                inflect = self.request.inflected and kind == "word" and _ENGLISH.fullmatch(text) is not None
                slip = kind == "word" and ready.single and len(ready.text) >= 4 and ready.text.isalpha()
                return w.Words(ready, inflect, slip)
            case Filter():
                return made[node] or w.Nothing()
            case Not(inner):
                return w.Neither(self._node(inner, made))
            case And(nodes):
                return w.All(tuple(self._node(one, made) for one in nodes))
            case Or(nodes):
                return w.Any(tuple(self._node(one, made) for one in nodes))

    # ------------------------------------------------------------ filters

    def _filter(self, asked: Filter) -> w.Wanted | None:
        match asked.key:
            case "from":
                people = self._people(asked)
                return None if people is None else w.Authors(frozenset(people))
            case "mentions":
                people = self._people(asked)
                return None if people is None else _mentions(people)
            case "to":
                people = self._people(asked)
                return None if people is None else self._to(people)
            case "in":
                return self._in(asked)
            case "has":
                return self._has(asked.value)
            case "is":
                return self._is(asked.value)
            case "type":
                return self._type(asked)
            case _:
                return self._date(asked)

    def _people(self, asked: Filter) -> list[int] | None:
        name = asked.value.removeprefix("@")
        if name.casefold() == "me":
            return [int(self.me.id)]
        known = self.state.member_by_handle(name)
        if known is not None:
            return [int(known.id)]
        same = [int(one.id) for one in self.state.members.values() if fold(one.name) == fold(name)]
        if not same:
            self.problems.append(f"{asked.key}:{asked.value}: there is nobody of that name.")
            return None
        return same

    def _in(self, asked: Filter) -> w.Wanted | None:
        name = fold(asked.value.removeprefix("#"))
        found = [room for room in self.visible if fold(self.state.rooms[room].name) == name]
        if not found:
            found = self._directs(asked.value.removeprefix("#"))
        if not found:
            self.problems.append(f"in:{asked.value}: there is no such room, or you are not in it.")
            return None
        return w.Rooms(frozenset(map(int, found)))

    def _directs(self, name: str) -> list[p.Id]:
        """The conversation with somebody of this name."""
        wanted = name.removeprefix("@")
        same = {one.id for one in self.state.members.values() if fold(wanted) in (fold(one.handle), fold(one.name))}
        if wanted.casefold() == "me":
            same = {self.me.id}
        found = []
        for room in self.me.rooms:
            known = self.state.rooms.get(room)
            if known is not None and known.kind == "direct":
                others = set(known.members) - {self.me.id} or {self.me.id}
                if others & same:
                    found.append(room)
        return found

    def _to(self, people: list[int]) -> w.Wanted:
        ids = {str(one) for one in people}
        directs = [
            int(room)
            for room in self.visible
            if self.state.rooms[room].kind == "direct" and ids & set(self.state.rooms[room].members)
        ]
        told = w.All((w.Rooms(frozenset(directs)), w.Neither(w.Authors(frozenset(people)))))
        return w.Any((told, _mentions(people)))

    def _has(self, what: str) -> w.Wanted:
        match what:
            case "file":
                return w.Asked("SELECT DISTINCT message FROM attachments")
            case "image":
                return w.Asked("SELECT DISTINCT message FROM attachments WHERE kind = 'picture'")
            case "link":
                return w.Asked("SELECT DISTINCT message FROM links")
            case "reaction":
                return w.Asked("SELECT DISTINCT message FROM reactions")
            case "pin":
                return self._pinned()
            case "code":
                return w.Flag(CODE)
            case _:
                return w.Flag(QUESTION)

    def _pinned(self) -> w.Wanted:
        pins = sorted(int(one) for room in self.visible for one in self.state.rooms[room].pins)
        return w.Among(np.array(pins, dtype=np.int64))

    def _is(self, what: str) -> w.Wanted:
        match what:
            case "pinned":
                return self._pinned()
            case "edited":
                return w.Flag(EDITED)
            case "starred":
                return w.Rooms(frozenset(map(int, self.me.own.stars)))
            case "unread":
                return w.Unread(int(self.me.id), {int(room): read for room, read in self.me.reads.items()})
            case _:
                return w.Threads()

    def _type(self, asked: Filter) -> w.Wanted | None:
        value = asked.value.casefold()
        kind = _FILE_KIND_WORDS.get(value, value)
        if value in _ROOM_KINDS:
            rooms = [int(one) for one in self.visible if self.state.rooms[one].kind == _ROOM_KINDS[value]]
            return w.Rooms(frozenset(rooms))
        if value == "poll":
            return w.Asked("SELECT seq FROM messages WHERE poll IS NOT NULL")
        if kind in FILE_KINDS:
            return w.Asked("SELECT DISTINCT message FROM attachments WHERE kind = ?", (kind,))
        if _ENDING.fullmatch(value):
            ending = "." + value.removeprefix(".")
            return w.Asked("SELECT DISTINCT message FROM attachments WHERE ends_with(lower(name), ?)", (ending,))
        self.problems.append(
            f"type:{asked.value} is not known; it is public, private, direct, poll, {', '.join(FILE_KINDS)}, "
            "or the ending of a file's name."
        )
        return None

    def _date(self, asked: Filter) -> w.Wanted | None:
        first_day = FIRST_DAYS[self.me.preferences.week]
        found = span(asked.value, now=self.now, utc_offset=self.request.utc_offset, first_day=first_day)
        if found is None:
            self.problems.append(f"{asked.key}:{asked.value} is no date; write {EXAMPLES}.")
            return None
        match asked.key:
            case "before":
                return w.Times(-(2**62), found.start)
            case "after":
                return w.Times(found.end, 2**62)
            case _:
                return w.Times(found.start, found.end)


def _filters(node: Node | None) -> list[Filter]:
    match node:
        case Filter():
            return [node]
        case Not(inner):
            return _filters(inner)
        case And(nodes) | Or(nodes):
            return list(dict.fromkeys(found for one in nodes for found in _filters(one)))
        case _:
            return []


def _mentions(people: list[int]) -> w.Wanted:
    return w.Asked("SELECT message FROM mentions WHERE member IN (SELECT unnest($1::BIGINT[]))", (people,))


__all__ = ["Resolved", "Resolver"]
