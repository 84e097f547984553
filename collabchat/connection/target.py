"""Where a hub is, and as whom one speaks to it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from .. import errors

_HANDLE = re.compile(r"\w[\w.\-]{0,39}\Z")
_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where, and as whom.

    Parameters
    ----------
    workspace : Path or None
        The folder whose hub to find or to start; None where ``url`` names a hub.
    url : str, optional
        ``ws://`` or ``wss://`` address of a hub.
    user : str, optional
        The handle of the member who speaks; by default the login name.
    name : str, optional
        The name to show for a member that is new.
    bot : bool
        Whether a new member is a bot.
    token : str, optional
        What proves who one is, over TCP.

    Examples
    --------
    >>> Target(workspace=Path("team"), user="ana").label
    'team'
    """

    workspace: Path | None
    url: str | None = None
    user: str | None = None
    name: str | None = None
    bot: bool = False
    token: str | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        workspace: str | os.PathLike[str],
        *,
        user: str | None = None,
        name: str | None = None,
        bot: bool = False,
        token: str | None = None,
    ) -> Target:
        """A target from what a person types: a folder, or the address of a hub.

        Raises
        ------
        errors.Invalid
            Where it is neither, or the handle cannot be one.

        Examples
        --------
        >>> Target.of("https://chat.example.org", token="secret").url
        'wss://chat.example.org/ws'
        """
        if not isinstance(workspace, str | os.PathLike):
            raise errors.Invalid(f"A workspace is a folder or an address, not {type(workspace).__name__}.")
        if user is not None:
            check_handle(user)
        if name is not None and (not isinstance(name, str) or len(name) > 80):
            raise errors.Invalid("A name is text of at most 80 characters.")
        text = os.fspath(workspace)
        if "://" in text:
            return cls(workspace=None, url=_socket_url(text), user=user, name=name, bot=bool(bot), token=token)
        if not text.strip():
            raise errors.Invalid("The workspace has no name: give a folder, as in connect('team').")
        folder = Path(text).expanduser().absolute()
        return cls(workspace=folder, user=user, name=name, bot=bool(bot), token=token)

    @property
    def label(self) -> str:
        """What people call it: the folder's name, or the host."""
        if self.workspace is not None:
            return self.workspace.name or str(self.workspace)
        return urlsplit(self.url or "").netloc


def check_handle(handle: object) -> str:
    """The handle, where it can be one.

    Raises
    ------
    errors.Invalid
        Where it is too long or holds other characters.
    """
    if isinstance(handle, str) and _HANDLE.match(handle):
        return handle
    raise errors.Invalid(
        f"{handle!r} cannot be a handle: it has letters, digits, '_', '.' or '-', at most 40, and no spaces."
    )


def _socket_url(text: str) -> str:
    parts = urlsplit(text)
    scheme = _SCHEMES.get(parts.scheme.lower())
    if scheme is None or not parts.netloc:
        raise errors.Invalid(f"{text!r} is no address of a hub: it begins with https://, http://, wss:// or ws://.")
    path = parts.path.rstrip("/")
    if not path.endswith("/ws"):
        path += "/ws"
    return urlunsplit((scheme, parts.netloc, path, "", ""))
