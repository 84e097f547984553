"""Errors of this package as errors of the protocol."""

from __future__ import annotations

from collabchat import errors
from collabchat import protocol as p

_CODES: tuple[tuple[type[Exception], p.ErrorCode], ...] = (
    (errors.Unauthenticated, "unauthenticated"),
    (errors.Forbidden, "forbidden"),
    (errors.NotFound, "not_found"),
    (errors.Conflict, "conflict"),
    (errors.Archived, "archived"),
    (errors.TooLarge, "too_large"),
    (errors.Invalid, "invalid"),
    (errors.DiskFull, "disk_full"),
    (errors.VersionMismatch, "version"),
    (errors.HubUnavailable, "unavailable"),
    (errors.WorkspaceError, "unavailable"),
)


def error_of(error: Exception, req: str | None) -> p.Error:
    """The answer that says what went wrong."""
    for kind, code in _CODES:
        if isinstance(error, kind):
            return p.Error(code=code, message=str(error), req=req)
    return p.Error(code="internal", message=f"The hub failed at this: {error}", req=req)
