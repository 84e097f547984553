"""What is told of a file, from its content and the name that it was given."""

from __future__ import annotations

from collabchat import protocol as p
from collabchat.store.media import media_of
from collabchat.store.names import safe_name, visible_name
from collabchat.store.pixels import HEAD, size_of

__all__ = ["HEAD", "described"]


def described(given: str, head: bytes, *, size: int, sha256: str) -> p.Attachment:
    """A file as its message has it.

    Parameters
    ----------
    given
        The name that it was given.
    head
        Its first bytes, `HEAD` of them or all there are.
    size, sha256
        Of all of it.
    """
    name = safe_name(given)
    media_type, kind = media_of(head, name)
    width, height = (size_of(head) if kind == "picture" else None) or (None, None)
    return p.Attachment(
        name=name,
        original="" if name == given else visible_name(given),
        size=size,
        type=media_type,
        kind=kind,
        sha256=sha256,
        width=width,
        height=height,
    )
