"""Who a visitor is: the name they type, and the handle made of it."""

from __future__ import annotations

import re
import unicodedata

from collabchat.errors import Invalid

__all__ = ["identity"]

_LONGEST_NAME = 80
_LONGEST_HANDLE = 40


def identity(typed: str) -> tuple[str, str]:
    """The handle and the name of a visitor.

    Parameters
    ----------
    typed
        What they wrote into "Your name".

    Returns
    -------
    tuple[str, str]
        The handle (lower case, words joined by ``-``) and the name with its spaces tidied.

    Raises
    ------
    Invalid
        Where no handle can be made of it; the sentence is for the visitor.

    Examples
    --------
    >>> identity("  Ana   Ruiz ")
    ('ana-ruiz', 'Ana Ruiz')
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    if not name:
        raise Invalid("Type your name.")
    if len(name) > _LONGEST_NAME:
        raise Invalid(f"A name has at most {_LONGEST_NAME} characters; this one has {len(name)}.")
    handle = unicodedata.normalize("NFC", name.lstrip("@").casefold())
    handle = re.sub(r"[^\w.\-]+", "-", handle).strip("-._")[:_LONGEST_HANDLE].rstrip("-._")
    if not handle:
        raise Invalid("A name needs a letter or a digit.")
    return handle, name
