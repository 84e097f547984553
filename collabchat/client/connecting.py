"""The way to a chat."""

from __future__ import annotations

import os

from .. import errors
from ..connection import Target
from .chat import Chat
from .session import Session

_TIMEOUT = 20.0


def connect(
    workspace: str | os.PathLike[str],
    user: str | None = None,
    *,
    name: str | None = None,
    bot: bool = False,
    token: str | None = None,
    timeout: float = _TIMEOUT,
) -> Chat:
    """Connect to a workspace; its hub is started where none runs.

    Parameters
    ----------
    workspace : str or path
        A folder, which is made where it does not exist, or the ``https://`` address of a hub.
    user : str, optional
        The handle to speak as; by default the login name. A new one becomes a member.
    name : str, optional
        The name to show for a new member.
    bot : bool
        Whether a new member is a bot.
    token : str, optional
        What proves who one is to a hub at an address.
    timeout : float
        Seconds that an answer of the hub may take, reconnecting included.

    Returns
    -------
    Chat

    Raises
    ------
    errors.HubUnavailable
        Where no hub answers and none can be started.
    errors.Unauthenticated
        Where the hub does not believe who one is.

    Examples
    --------
    >>> import collabchat as cc
    >>> chat = cc.connect("team", user="ana")  # doctest: +SKIP
    """
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0:
        raise errors.Invalid(f"timeout is a number of seconds above 0, not {timeout!r}.")
    target = Target.of(workspace, user=user, name=name, bot=bot, token=token)
    session = Session(target, timeout=float(timeout))
    session.open()
    return Chat(session)
