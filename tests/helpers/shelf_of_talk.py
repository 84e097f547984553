"""Workspaces full of talk, searched without a hub: by the index, from memory, or through the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from search_oracle import Heard, heard

from collabchat.store.search import docs
from collabchat.store.search import wanted as w
from collabchat.store.search.found import Hits, Question, find
from collabchat.store.search.held import View
from collabchat.store.search.index import Index
from collabchat.store.search.match import needle
from collabchat.store.workspace import Workspace

LAST = 2**60


def until(done: Callable[[], Any], within: float = 30.0) -> None:
    """Wait for something that another thread does."""
    end = time.monotonic() + within
    while not done():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


@contextmanager
def opened(folder: Path) -> Iterator[Workspace]:
    """A workspace, and nobody who writes."""
    with Workspace(folder, lambda _events, _failure: None) as workspace:
        yield workspace


@contextmanager
def indexed(workspace: Workspace, **more: Any) -> Iterator[Index]:
    """The index of a workspace, kept up while the block runs."""
    index = Index(workspace.folder, workspace.reader, workspace.durable, **more)
    index.start()
    try:
        yield index
    finally:
        index.close()


def everything(workspace: Workspace) -> list[Heard]:
    """All messages, as the oracle keeps them."""
    cursor = workspace.reader()
    rows = docs.rows_of(cursor, "true")
    names = docs.file_names(cursor, rows)
    return [heard(row[0], row[1], row[2], *docs.said(row), *names.get(row[0], ())) for row in rows]


def words(text: str, *, prefix: bool = False) -> w.Wanted:
    ready = needle(text, prefix)
    assert ready is not None
    return w.Words(ready)


def ids(hits: Hits) -> set[int]:
    found = [int(one) for source in hits.sources for one in source.seqs]
    assert len(found) == len(set(found)) == hits.total
    return set(found)


def ask(workspace: Workspace, view: View, node: w.Wanted, rooms: Iterable[int] | None = None) -> set[int]:
    """The messages that fit."""
    allowed = frozenset(rooms) if rooms is not None else frozenset(map(int, workspace.directory.rooms))
    return ids(find(view, Question(node, allowed, LAST, inflected=False), workspace.reader()))


def scan_of(workspace: Workspace) -> View:
    """No index at all."""
    del workspace
    return View([], [], 0)


def memory_of(workspace: Workspace) -> View:
    """Everything in memory."""
    cursor = workspace.reader()
    rows = docs.rows_of(cursor, "true")
    names = docs.file_names(cursor, rows)
    return View([], [docs.doc(row, names.get(row[0], ())) for row in rows], None)


def pages(hits: Hits, sort: Any, size: int) -> list[int]:
    """All hits, page by page."""
    found: list[int] = []
    last = None
    while keys := hits.page(sort, last, size, 0):
        found += [key.seq for key in keys]
        last = keys[-1]
    return found


def many(values: Sequence[int]) -> np.ndarray[Any, Any]:
    return np.array(values, dtype=np.int64)


__all__ = [name for name in dir() if not name.startswith("_")]
