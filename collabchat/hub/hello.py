"""The first words of a connection: who is it, and do we understand each other."""

from __future__ import annotations

import getpass
import hmac
import re
from typing import TYPE_CHECKING

from collabchat import __version__
from collabchat import protocol as p
from collabchat.errors import Forbidden, Invalid, TooLarge, Unauthenticated, VersionMismatch

if TYPE_CHECKING:
    from collabchat.hub.hub import Hub
    from collabchat.hub.session import Session


def not_yet() -> Unauthenticated:
    """What a connection hears that speaks before it said hello."""
    return Unauthenticated("Say hello first: the hub does not know who you are.")


async def hello(hub: Hub, session: Session, said: p.Hello) -> None:
    """Let a connection in, or refuse it with the reason; a new name becomes a member (the first one the owner).

    Raises
    ------
    VersionMismatch, Unauthenticated, Forbidden, Invalid
        The connection stays as it was, and may try again.
    """
    if session.me is not None:
        raise Forbidden("This connection has said hello already: one connection speaks for one member.")
    version = _version(said)
    handle = speaks_for(session, said, hub.token)
    state = hub.workspace.directory
    me = state.member_by_handle(handle)
    if me is None:
        _new_member(hub, handle, said)
        await hub.durable(state.seq)
    else:  # who is known comes in also while the disk takes nothing new
        await hub.settled(state.seq)
    # The directory may be another one now, if the log refused something while we waited.
    me = hub.workspace.directory.member_by_handle(handle)
    if me is None:
        raise Unauthenticated("The hub could not store you as a member; try again.")
    if session.closed or session.me is not None:
        return
    session.me = me
    session.say(
        p.Welcome(
            req=said.req,
            version=version,
            hub=__version__,
            me=me.id,
            handle=me.handle,
            workspace=hub.workspace.folder.name,
            seq=hub.workspace.directory.seq,
            limits=hub.limits,
        )
    )
    if hub.presence.enter(me.id, session):
        hub.tell_all(p.Presence(member=me.id, online=True))


def _version(said: p.Hello) -> int:
    if said.version < p.OLDEST:
        raise VersionMismatch(
            f"This client speaks version {said.version} of the protocol, the hub understands {p.OLDEST} to "
            f"{p.VERSION}. Update the client: `pip install -U collabchat`, then restart the kernel."
        )
    if said.oldest > p.VERSION:
        raise VersionMismatch(
            f"This client needs version {said.oldest} of the protocol or later, the hub (collabchat {__version__}) "
            f"speaks {p.VERSION}. Stop it with `collabchat hub WORKSPACE --stop`: the next client starts a newer one."
        )
    return min(said.version, p.VERSION)


def speaks_for(session: Session, said: p.Hello, token: str | None) -> str:
    """The handle of whoever this connection may speak for.

    A process of the hub's own user (or one that shows the hub's token) names whom it speaks for. Any other user that
    the folder's rights let in speaks as its login name.
    """
    peer = session.peer
    if not peer.own:
        if peer.uid is None:
            if not is_token(said.token, token):
                raise Unauthenticated(
                    "The token is wrong: it stands in the file that hub.json names, which only the hub's user may read."
                )
            return said.user or _as_handle(peer.login)
        login = _as_handle(peer.login)
        if said.user is not None and said.user.casefold() != login.casefold():
            raise Unauthenticated(
                f"On this machine you are {peer.login}, so you speak as {login} and not as {said.user}: "
                f"connect without user=."
            )
        return login
    return said.user or _as_handle(peer.login)


def is_token(shown: str | None, token: str | None) -> bool:
    """Whether what was shown is the hub's token."""
    return token is not None and shown is not None and hmac.compare_digest(shown.encode(), token.encode())


def _as_handle(login: str) -> str:
    handle = re.sub(r"[^\w.\-]+", "-", login).strip("-.")[:40]
    if not handle:
        raise Invalid(f"The login name {login!r} makes no handle: connect with user=.")
    return handle


def own_login() -> str:
    """The login name of this process's user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a user that has no name
        return "user"


def _new_member(hub: Hub, handle: str, said: p.Hello) -> None:
    state = hub.workspace.directory
    if len(state.members) >= hub.limits.members:
        raise TooLarge(f"A workspace has at most {hub.limits.members:,} members.")
    if handle[-1] in ".-":
        raise Invalid(f"A handle ends with a letter or a digit, so that @{handle} can end a sentence.")
    name = (said.name or "").strip() or handle
    if any(ord(letter) < 32 for letter in name):
        raise Invalid("A name is one line of text.")
    identity = str(state.seq + 1)
    hub.workspace.decide(
        identity,
        p.MemberAdded(
            member=identity, handle=handle, name=name, role="member" if state.members else "owner", bot=said.bot
        ),
        room=None,
        req=None,
        now=hub.clock(),
    )
