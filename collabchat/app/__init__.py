"""The chat as a page: Voila with what a chat needs of it.

`serve` runs it; ``collabchat app`` and ``collabchat demo`` are its command lines. Needs the extra ``app``.
"""

from __future__ import annotations

from collabchat.app.address import check_loopback

__all__ = ["check_loopback", "serve"]


def __getattr__(name: str) -> object:
    if name == "serve":
        from collabchat.app.server import serve

        return serve
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
