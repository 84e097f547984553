"""Messages in order, as a list and as a frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import display
from .message import Message

if TYPE_CHECKING:
    import pandas as pd


class Messages(list[Message]):
    """Messages in order: a list, which can also be had as a frame.

    Examples
    --------
    >>> room.pins()[0].text  # doctest: +SKIP
    'where the runbook is'
    >>> room.pins().frame()[["author", "text"]]  # doctest: +SKIP
    """

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        super().__init__(messages)

    def frame(self) -> pd.DataFrame:
        """The messages one a row, in the same order.

        Returns
        -------
        pandas.DataFrame
            ``id``, ``seq`` (int64), ``room``, ``author``, ``time``, ``text`` (missing where deleted), ``kind``,
            ``thread``, ``reply_to``, ``edited_at`` (may be missing), ``deleted``, ``pinned`` (bool), ``mentions``
            (lists of handles), ``n_replies``, ``n_files`` and ``n_reactions`` (int64). Texts are ``string``, times
            ``datetime64[us, UTC]``.

        Examples
        --------
        >>> room.history(limit=None).frame().groupby("author").size()  # doctest: +SKIP
        """
        from ..frames.personal import frame_of

        rows = [
            {
                "id": one.id,
                "seq": one.seq,
                "room": one.room,
                "author": one.author,
                "time": one.time,
                "text": one.text,
                "kind": one.kind,
                "thread": one.thread,
                "reply_to": one.reply_to,
                "edited_at": one.edited_at,
                "deleted": one.deleted,
                "pinned": one.pinned,
                "mentions": list(one.mentions),
                "n_replies": one.n_replies,
                "n_files": len(one.files),
                "n_reactions": sum(map(len, one.reactions.values())),
            }
            for one in self
        ]
        return frame_of("history", rows)

    def _repr_html_(self) -> str:
        return display.messages_html(self) if self else display.notice("No messages.")
