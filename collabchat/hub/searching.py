"""The search of a hub: a query is understood on the loop, answered on a thread, and shows what one may see alone."""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from collabchat import protocol as p
from collabchat.errors import Invalid
from collabchat.hub import access
from collabchat.store import queries
from collabchat.store.directory import MemberState
from collabchat.store.search import correct, docs, snippets
from collabchat.store.search import wanted as w
from collabchat.store.search.found import Hits, Key, Question, find
from collabchat.store.search.held import View
from collabchat.store.search.index import Index
from collabchat.store.search.query import parse, printed
from collabchat.store.search.resolve import Resolved, Resolver

if TYPE_CHECKING:
    from collabchat.hub.hub import Hub

log = logging.getLogger("collabchat.hub")
FILE_SECONDS = 60.0
ATTEMPTS = 3


@dataclass(frozen=True)
class _Cursor:
    """Where a page ended: what was on disk then, when that was, and the last hit."""

    check: int
    upto: int
    now: p.Micros
    last: Key

    def __str__(self) -> str:
        last = self.last
        return f"{self.check:x}.{self.upto}.{self.now}.{last.rank}.{last.fine}.{last.seq}"

    @classmethod
    def read(cls, text: str, check: int) -> _Cursor:
        try:
            said, *numbers = text.split(".")
            upto, now, rank, fine, seq = (int(one) for one in numbers if one.isdecimal() and len(one) < 19)
            if int(said, 16) != check:
                raise ValueError
        except ValueError:
            raise Invalid("That is no cursor of this search: ask for its first page.") from None
        return cls(check, upto, now, Key(rank, fine, seq))


class Searching:
    """The search of a hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        workspace = hub.workspace
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="collabchat-search")
        self._reading: set[Future[list[str]]] = set()
        self._closed = False
        self.index = Index(workspace.folder, workspace.reader, workspace.durable, self._file_texts)
        self.index.start()

    def take(self, events: Sequence[p.Event]) -> None:
        """Note what became durable."""
        self.index.take(events)

    def rebuild(self) -> None:
        """Make the index anew."""
        self.index.rebuild()

    def facts(self) -> tuple[int, int, bool]:
        """Messages that are found without a look through the database, the bytes on disk, whether it is being built."""
        count, size, building = self.index.facts()
        if not building:  # what is in no file is in memory
            count = sum(room.n_messages for room in self.hub.workspace.directory.rooms.values())
        return count, size, building

    def close(self) -> None:
        self._closed = True
        for waiting in list(self._reading):
            waiting.cancel()  # nobody but this thread could finish it
        self.index.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    # ------------------------------------------------------------ questions

    async def answer(self, me: MemberState, request: p.Search) -> p.Found:
        """The page of hits that a member asks for."""
        hub = self.hub
        query = parse(request.query)
        upto = await self._settled()
        state = hub.workspace.directory
        me = state.members[me.id]
        now = hub.clock()
        rooms = state.visible_rooms(me)
        if request.room is not None:
            rooms = [access.room(state, me, request.room).id]
        resolved = Resolver(state, me, now, request).resolve(query, rooms)
        check = zlib.crc32(repr((request.query, request.room, request.sort, request.inflected)).encode())
        cursor = None if request.cursor is None else _Cursor.read(request.cursor, check)
        start = cursor or _Cursor(check, upto, now, Key(0, 0, 0))
        return await hub.loop.run_in_executor(
            self._pool, lambda: self._found(request, resolved, start, cursor is not None)
        )

    async def _settled(self) -> p.Seq:
        """Everything that was accepted before is on disk."""
        for _ in range(ATTEMPTS):
            seq = self.hub.workspace.directory.seq
            if await self.hub.settled(seq):
                return seq
        return self.hub.workspace.durable

    def _found(self, request: p.Search, resolved: Resolved, start: _Cursor, further: bool) -> p.Found:
        reader = self.hub.workspace.reader()
        understood = "" if resolved.understood is None else printed(resolved.understood)
        if resolved.empty:
            return p.Found(
                req=request.req,
                hits=[],
                total=0,
                query=understood,
                problems=resolved.problems,
                seq=self.hub.workspace.durable,
            )
        view = self.index.view()
        question = Question(resolved.node, resolved.rooms, start.upto, request.inflected)
        try:
            hits = find(view, question, reader)
        except (IndexError, ValueError, OverflowError) as error:
            if not view.parts:
                raise
            self.index.damaged(f"{type(error).__name__}: {error}")
            view = self.index.view()
            hits = find(view, question, reader)
        keys = hits.page(request.sort, start.last if further else None, request.limit + 1, start.now)
        shown, more = keys[: request.limit], len(keys) > request.limit
        cursor = str(_Cursor(start.check, start.upto, start.now, shown[-1])) if more else None
        return p.Found(
            req=request.req,
            hits=self._shown(reader, shown, resolved.node),
            total=hits.total,
            at_least=not hits.complete,
            cursor=cursor,
            query=understood,
            problems=resolved.problems,
            correction=self._correction(view, question, resolved, hits, reader),
            indexed=view.scan_after is None,
            seq=self.hub.workspace.durable,
        )

    def _correction(
        self, view: View, question: Question, resolved: Resolved, hits: Hits, reader: duckdb.DuckDBPyConnection
    ) -> str | None:
        if hits.exact or resolved.understood is None or view.scan_after is not None:
            return None
        return correct.correction(view, question, resolved.understood, reader)

    # ------------------------------------------------------------ what is shown

    def _shown(self, reader: duckdb.DuckDBPyConnection, keys: Sequence[Key], node: w.Wanted) -> list[p.Hit]:
        found = {int(one.id): one for one in queries.messages_by_id(reader, [str(key.seq) for key in keys])}
        words = list(w.words_of(node))
        hits = []
        for key in keys:
            message = found.get(key.seq)
            if message is None or message.deleted:
                continue  # since it was found
            snippet, file = self._snippet(message, words)
            hits.append(p.Hit(message=message, score=key.score, snippet=snippet, file=file))
        return hits

    def _snippet(self, message: p.Message, words: Sequence[w.Words]) -> tuple[list[str], p.FileId | None]:
        said = docs.sections(message.text, message.forwarded, message.poll)
        for text in said:
            ranges = snippets.marks(text, words)
            if ranges:
                return snippets.snippet(text, ranges), None
        for number, file in enumerate(message.files, 1):
            for text in (file.name, file.original):
                ranges = snippets.marks(text, words) if text else []
                if ranges:
                    return snippets.snippet(text, ranges), f"{message.id}-{number}"
        if words and message.files:
            for number, text in enumerate(self._file_texts(int(message.id)), 1):
                ranges = snippets.marks(text, words) if text else []
                if ranges:
                    return snippets.snippet(text, ranges), f"{message.id}-{number}"
        return snippets.snippet(said[0] if said else "", []), None

    # ------------------------------------------------------------ files

    def _file_texts(self, message: int) -> Sequence[str]:
        """What is in the files of a message; on a thread."""
        previewing = getattr(self.hub, "previewing", None)
        if previewing is None:
            return ()
        files = queries.attachments(self.hub.workspace.reader(), [message]).get(message, [])

        async def read() -> list[str]:
            return [await previewing.text(file) for file in files]

        if self._closed or not files:
            return ["" for _ in files]
        waiting = asyncio.run_coroutine_threadsafe(read(), self.hub.loop)
        self._reading.add(waiting)
        try:
            return waiting.result(FILE_SECONDS)
        except Exception as error:  # a file that cannot be read is found by its name
            log.debug("a file could not be read for the search: %s", error)
            return ["" for _ in files]
        finally:
            self._reading.discard(waiting)
