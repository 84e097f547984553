"""What a reader makes of a source, sorted by kind."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from collabchat.importers.format import Options
from collabchat.importers.records import Broken, Person, Room, Talk
from collabchat.importers.source import Source


class Read(NamedTuple):
    people: dict[str, Person]
    rooms: dict[str, Room]
    talks: list[Talk]
    broken: list[Broken]


def read(reader: ModuleType, path: Path) -> Read:
    """All records; who or what a message names was told of before it, and keys are unique."""
    source = Source(path)
    assert reader.matches(source)
    found = Read({}, {}, [], [])
    for one in reader.FORMAT.read(source, Options()):
        if isinstance(one, Person):
            assert one.key not in found.people
            found.people[one.key] = one
        elif isinstance(one, Room):
            assert one.key not in found.rooms
            assert set(one.members) <= set(found.people)
            found.rooms[one.key] = one
        elif isinstance(one, Talk):
            assert one.room in found.rooms
            assert one.author in found.people
            assert {each.by for each in one.reactions} <= set(found.people)
            found.talks.append(one)
        else:
            assert isinstance(one, Broken)
            found.broken.append(one)
    keys = [one.key for one in found.talks]
    assert len(keys) == len(set(keys))
    return found


def written(path: Path, data: Any) -> Path:
    """A JSON file, in a folder that is made for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False), encoding="utf-8")
    return path
