"""Who may do what: one table, asked for every command.

A row says: in rooms of these kinds, who stands so to the room or the message may, with one of these roles. The
command is allowed when a row allows it. ``docs/security.md`` shows the same table.

Standings: ``inside`` (in the room), ``creator`` (in it, and made it), ``outside`` (sees it and is not in it),
``author`` (in it, and wrote the message), ``workspace`` (the command is about no room).
"""

from __future__ import annotations

from typing import Literal

from collabchat.protocol import Role, RoomKind

Standing = Literal["inside", "creator", "outside", "author", "workspace"]

ALL = "owner admin member guest"
STAFF = "owner admin"
FULL = "owner admin member"

ROWS: tuple[tuple[str, str, str, str], ...] = (
    # command, kinds of room, standings, roles
    ("create_room", "", "workspace", FULL),
    ("open_direct", "", "workspace", ALL),
    ("set_preferences", "", "workspace", ALL),
    ("set_name", "", "workspace", ALL),
    ("set_role", "", "workspace", STAFF),
    ("set_settings", "", "workspace", STAFF),
    ("set_status", "", "workspace", ALL),
    ("set_picture", "", "workspace", ALL),
    ("set_stars", "", "workspace", ALL),
    ("unsave", "", "workspace", ALL),
    ("unschedule", "", "workspace", ALL),
    ("rename", "public private", "creator", FULL),
    ("rename", "public private", "inside", STAFF),
    ("set_topic", "public private", "inside creator", FULL),
    ("archive", "public private", "creator", FULL),
    ("archive", "public private", "inside", STAFF),
    ("unarchive", "public private", "creator", FULL),
    ("unarchive", "public private", "inside", STAFF),
    ("delete_room", "public private", "creator", FULL),
    ("delete_room", "public private", "inside", STAFF),
    ("join", "public", "outside", FULL),
    ("leave", "public private", "inside creator", ALL),
    ("add", "public private", "inside creator", FULL),
    ("remove", "public private", "creator", FULL),
    ("remove", "public private", "inside", STAFF),
    ("post", "public private direct", "inside creator", ALL),
    ("forward", "public private direct", "inside creator", ALL),
    ("create_poll", "public private direct", "inside creator", ALL),
    ("vote", "public private direct", "inside creator author", ALL),
    ("close_poll", "public private direct", "author", ALL),
    ("close_poll", "public private", "inside", STAFF),
    ("edit", "public private direct", "author", ALL),
    ("delete", "public private direct", "author", ALL),
    ("delete", "public private", "inside", STAFF),
    ("react", "public private direct", "inside creator author", ALL),
    ("unreact", "public private direct", "inside creator author", ALL),
    ("pin", "public private", "inside author", FULL),
    ("pin", "direct", "inside author", ALL),
    ("unpin", "public private", "inside author", FULL),
    ("unpin", "direct", "inside author", ALL),
    ("mark_read", "public private direct", "inside creator", ALL),
    ("mark_unread", "public private direct", "inside creator", ALL),
    ("mute", "public private direct", "inside creator", ALL),
    ("unmute", "public private direct", "inside creator", ALL),
    ("set_draft", "public private direct", "inside creator", ALL),
    ("schedule", "public private direct", "inside creator", ALL),
    ("follow", "public private direct", "inside creator author", ALL),
    ("unfollow", "public private direct", "inside creator author", ALL),
    ("save", "public private direct", "inside creator author outside", ALL),
)

_ALLOWED: frozenset[tuple[str, str, str, str]] = frozenset(
    (command, kind, standing, role)
    for command, kinds, standings, roles in ROWS
    for kind in (kinds.split() or [""])
    for standing in standings.split()
    for role in roles.split()
)

IN_ARCHIVED = frozenset(
    {
        *("unarchive", "delete_room", "leave", "remove", "mark_read", "mark_unread", "mute", "unmute"),
        *("set_draft", "follow", "unfollow", "save"),
    }
)
"""What can be done in an archived room."""


def allowed(command: str, *, role: Role, kind: RoomKind | None, standings: set[Standing]) -> bool:
    """Whether a member may.

    Parameters
    ----------
    command
        The command's ``type``.
    role
        The member's role in the workspace.
    kind
        The room's kind; None for a command that is about no room.
    standings
        How the member stands to the room and the message; several may hold.

    Examples
    --------
    >>> allowed("post", role="guest", kind="private", standings={"inside"})
    True
    >>> allowed("post", role="owner", kind="public", standings={"outside"})
    False
    """
    where = kind or ""
    for standing in standings:  # noqa: SIM110  (asked for each command: a generator takes several times as long)
        if (command, where, standing, role) in _ALLOWED:
            return True
    return False
