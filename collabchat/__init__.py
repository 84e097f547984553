"""A chat for data teams: messages in notebooks and Voila, each one a row that pandas can ask questions of."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Chat": "client",
    "ChatPanel": "panel",
    "Message": "client",
    "Room": "client",
    "analytics": "",
    "connect": "client",
    "errors": "",
    "importers": "",
}

__all__ = ["Chat", "ChatPanel", "Message", "Room", "__version__", "analytics", "connect", "errors", "importers"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOMES[name]
    return getattr(import_module(f".{home}", __name__), name) if home else import_module(f".{name}", __name__)


def __dir__() -> list[str]:
    return __all__


if TYPE_CHECKING:
    from . import analytics, errors, importers
    from .client import Chat, Message, Room, connect
    from .panel import ChatPanel
