"""What the owner and the admins have chosen for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from .. import errors, protocol

if TYPE_CHECKING:
    from .session import Session


class Settings:
    """The part of a `Chat` that is about the workspace's settings."""

    _session: Session

    @property
    def settings(self) -> dict[str, Any]:
        """What the owner and the admins have chosen for everybody; `set_settings` changes it.

        Examples
        --------
        >>> chat.settings["attachment_bytes"]  # doctest: +SKIP
        95000000
        """
        self._session.check()
        return dict(msgspec.structs.asdict(self._session.directory.settings))

    def set_settings(
        self,
        *,
        attachments: int | None = None,
        attachment_bytes: int | None = None,
        quota: int | None = None,
        collect_after: int | None = None,
        link_titles: bool | None = None,
    ) -> None:
        """Choose for everybody, as an owner or an admin; what is left out stays.

        Parameters
        ----------
        attachments : int, optional
            Files of one message, at most 100; 0: none.
        attachment_bytes : int, optional
            Bytes of all files of one message together.
        quota : int, optional
            Bytes of all files of the workspace, each counted once; 0: as much as the disk has.
        collect_after : int, optional
            Seconds after which a file is removed from the disk that nothing refers to any more.
        link_titles : bool, optional
            The hub asks public addresses for the titles of pages that are linked to.

        Raises
        ------
        errors.Forbidden
            Where one is neither owner nor admin.

        Examples
        --------
        >>> chat.set_settings(attachments=20, quota=50_000_000_000)  # doctest: +SKIP
        """
        given = {
            "attachments": _number(attachments, "attachments", 100),
            "attachment_bytes": _number(attachment_bytes, "attachment_bytes", 2**40),
            "quota": _number(quota, "quota", 2**53),
            "collect_after": _number(collect_after, "collect_after", 316_224_000),
            "link_titles": _switch(link_titles, "link_titles"),
        }
        chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if not chosen:
            raise errors.Invalid(f"Nothing was chosen: give one of {', '.join(given)}.")
        self._session.command(protocol.SetSettings(req=protocol.new_req(), **chosen))


def _number(value: object, name: str, most: int) -> int | None:
    if value is None:
        return None
    index: Callable[[], int] | None = getattr(value, "__index__", None)  # numpy's whole numbers too
    if isinstance(value, bool) or index is None or not 0 <= index() <= most:
        raise errors.Invalid(f"{name} is a whole number from 0 to {most:,}, not {value!r}.")
    return index()


def _switch(value: object, name: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise errors.Invalid(f"{name} is True or False, not {value!r}.")
