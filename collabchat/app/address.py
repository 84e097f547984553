"""Where the page may be served: for now, to this machine alone."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys

from collabchat.errors import HubUnavailable, Invalid

__all__ = ["check_loopback", "listen", "url"]

TRIES = 100


def check_loopback(address: str) -> str:
    """The address, where only this machine reaches it.

    Raises
    ------
    Invalid
        For any other; the sentence says why.
    """
    bare = address.strip().removeprefix("[").removesuffix("]")
    if bare.lower() == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.ip_address(bare).is_loopback:
            return bare
    except ValueError:
        pass
    raise Invalid(
        f"collabchat app serves this machine only (127.0.0.1 or ::1), not {address!r}: a visitor picks a name and "
        "nobody proves who they are, so whoever reaches the page could read and write as anybody. Sign-in comes in a "
        "later version; until then reach it from elsewhere through an SSH tunnel of your own: "
        "ssh -L 8866:127.0.0.1:8866 MACHINE"
    )


def listen(address: str, port: int, tries: int = TRIES) -> socket.socket:
    """A socket that listens on the port, or on the next free one after it; port 0 is any free one.

    Raises
    ------
    HubUnavailable
        Where none is free.
    """
    last = min(port + tries, 65536) if port else 1
    for candidate in range(port, last):
        try:
            return _bind(address, candidate)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise HubUnavailable(f"Nothing can listen on {address}: {error.strerror or error}.") from error
    raise HubUnavailable(f"No port from {port} to {last - 1} is free on {address}: choose another with --port.")


def _bind(address: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # where it means that two may share a port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    made.setblocking(False)
    return made


def url(address: str, port: int) -> str:
    """The page's address, as a browser takes it."""
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}:{port}/"
