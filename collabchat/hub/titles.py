"""Titles of the pages that messages link to: only where the workspace has switched that on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from collabchat import protocol as p
from collabchat.hub.public_web import NoTitleError, title_of
from collabchat.store.links import links_in

if TYPE_CHECKING:
    from collabchat.hub.hub import Hub

log = logging.getLogger("collabchat.hub")
AT_ONCE = 3
MOST_WAITING = 1_000

Fetch = Callable[[str], Coroutine[Any, Any, str]]


class Titles:
    """Asks for the title of each address once.

    Parameters
    ----------
    hub
        Whose messages they are in.
    fetch
        What gets the title of a page.
    """

    def __init__(self, hub: Hub, fetch: Fetch = title_of) -> None:
        self.hub = hub
        self.fetch = fetch
        self._waiting: dict[str, None] = {}
        self._busy: set[asyncio.Task[None]] = set()
        self._asked_now: set[str] = set()

    def close(self) -> None:
        self._waiting.clear()
        for task in self._busy:
            task.cancel()

    @property
    def idle(self) -> bool:
        """Whether nothing is asked for."""
        return not self._busy and not self._waiting

    def take(self, events: Sequence[p.Event]) -> None:
        """Look at what was just stored."""
        if not self.hub.workspace.directory.settings.link_titles:
            return
        for event in events:
            if isinstance(event.data, p.Posted | p.Edited):
                for url in links_in(event.data.text):
                    if url in self._asked_now:
                        continue
                    if url.startswith("http") and len(self._waiting) < MOST_WAITING:
                        self._waiting[url] = None
        self._start()

    def _start(self) -> None:
        while self._waiting and len(self._busy) < AT_ONCE and not self.hub.closing:
            url = next(iter(self._waiting))
            del self._waiting[url]
            self._asked_now.add(url)
            task = self.hub.loop.create_task(self._ask(url))
            self._busy.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._busy.discard(task)
        self._start()

    async def _ask(self, url: str) -> None:
        workspace = self.hub.workspace
        try:
            if await self.hub.reads.ask(workspace.has_title, url):
                return
            title = ""
            try:
                title = await self.fetch(url)
            except (NoTitleError, OSError, TimeoutError, ValueError, UnicodeError) as error:
                log.debug("no title of %s: %s", url, error)
            # Also that there is none: it is asked for once.
            await self.hub.reads.ask(workspace.save_title, url, title, self.hub.clock())
        except Exception:  # a page of somebody else must never be able to stop the hub
            log.exception("the title of a link could not be had")
        finally:
            self._asked_now.discard(url)
