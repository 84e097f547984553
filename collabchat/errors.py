"""What can go wrong, each with a sentence that says what to do."""

from __future__ import annotations

__all__ = [
    "Archived",
    "CollabchatError",
    "Conflict",
    "ConnectionLost",
    "DiskFull",
    "Forbidden",
    "Forked",
    "HubUnavailable",
    "Invalid",
    "NotFound",
    "TooLarge",
    "Unauthenticated",
    "VersionMismatch",
    "WorkspaceError",
    "from_code",
]


class CollabchatError(Exception):
    """The base of all errors of this package."""


class Invalid(CollabchatError, ValueError):
    """A value that cannot be used."""


class NotFound(CollabchatError, LookupError):
    """No such room, member or message, or none that you may see."""


class Forbidden(CollabchatError, PermissionError):
    """Your role or membership does not allow it."""


class Unauthenticated(Forbidden):
    """The hub does not believe who you say you are."""


class Conflict(CollabchatError):
    """It is taken already."""


class Archived(CollabchatError):
    """The room is archived: unarchive it first."""


class TooLarge(Invalid):
    """Over a limit of the workspace."""


class DiskFull(CollabchatError, OSError):
    """The hub's disk is full. Nothing was stored."""


class VersionMismatch(CollabchatError):
    """Client and hub, or code and file, are too far apart."""


class HubUnavailable(CollabchatError, ConnectionError):
    """No hub could be found or started."""


class ConnectionLost(CollabchatError, ConnectionError):
    """The hub went away and did not come back in time, or the chat is closed."""


class Forked(CollabchatError, RuntimeError):
    """A connection cannot be used in a forked child: connect again there."""


class WorkspaceError(CollabchatError):
    """The folder is no workspace, or its database cannot be used."""


_BY_CODE: dict[str, type[CollabchatError]] = {
    "malformed": Invalid,
    "version": VersionMismatch,
    "unauthenticated": Unauthenticated,
    "forbidden": Forbidden,
    "not_found": NotFound,
    "conflict": Conflict,
    "invalid": Invalid,
    "archived": Archived,
    "too_large": TooLarge,
    "too_many": TooLarge,
    "disk_full": DiskFull,
    "unavailable": HubUnavailable,
}


def from_code(code: str, message: str) -> CollabchatError:
    """The exception for an error code of the protocol."""
    return _BY_CODE.get(code, CollabchatError)(message)
