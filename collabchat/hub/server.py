"""The hub's doors: a Unix socket, or loopback TCP with a token. Tornado carries the frames."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import pwd
import secrets
import socket
import stat
import struct
import tempfile
from pathlib import Path

import tornado.httpserver
import tornado.netutil
import tornado.web
import tornado.websocket

from collabchat.hub.hello import own_login
from collabchat.hub.hub import Hub
from collabchat.hub.session import Peer, Session

log = logging.getLogger("collabchat.hub")
LONGEST_SOCKET = 100
"""Bytes that a Unix socket's path may have on every system."""
SILENT = 20
"""Seconds after which a connection is ended that has not asked for anything."""


def has_unix_sockets() -> bool:
    return hasattr(socket, "AF_UNIX") and hasattr(os, "getuid")


class Door(tornado.websocket.WebSocketHandler):
    """One WebSocket."""

    session: Session | None = None

    def initialize(self, hub: Hub) -> None:
        self.hub = hub

    def prepare(self) -> None:
        # Kernels send no Origin. A page of a browser that found the port does, and has no business here. Tornado's
        # `check_origin` is not asked where Origin and Host agree, and what a Host is called, a page's owner decides.
        if "Origin" in self.request.headers or "Sec-WebSocket-Origin" in self.request.headers:
            self.set_status(403)
            self.finish("The hub takes no connection from a web page.\n")

    async def open(self, *_args: str, **_kwargs: str) -> None:
        stream = self.ws_connection.stream if self.ws_connection else None
        if stream is None:
            return
        with contextlib.suppress(OSError):
            self.set_nodelay(True)
        self.session = self.hub.connect(peer_of(stream.socket), self._send, self.close)

    async def _send(self, frame: bytes, binary: bool) -> None:
        await self.write_message(frame, binary=binary)

    async def on_message(self, message: str | bytes) -> None:
        if self.session is not None:
            await self.hub.receive(self.session, message)

    def on_close(self) -> None:
        if self.session is not None:
            self.hub.disconnect(self.session)


def peer_of(connection: socket.socket) -> Peer:
    """What the system says of the other end."""
    if not has_unix_sockets() or connection.family != socket.AF_UNIX:
        return Peer(own=False, login=own_login())
    uid = _peer_uid(connection)
    if uid is None:
        return Peer(own=False, login="", uid=-1)
    return Peer(own=uid == os.getuid(), login=_login(uid), uid=uid)


def _peer_uid(connection: socket.socket) -> int | None:
    if hasattr(socket, "SO_PEERCRED"):
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", raw)[1])
    # macOS and the BSDs: struct xpcred is version, uid, number of groups, groups (LOCAL_PEERCRED at level 0).
    try:
        raw = connection.getsockopt(0, 1, 76)
        return int(struct.unpack("2I", raw[:8])[1])
    except (OSError, struct.error):
        return None


def _login(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"


def socket_path(folder: Path) -> Path:
    """Where the hub of a workspace listens: in its folder, or under a short name where that is too long."""
    path = folder / "hub.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return path
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"collabchat-{os.getuid()}-{digest}" / "hub.sock"


def socket_mode(folder: Path) -> int:
    """0660 where the folder is shared with a group, else 0600."""
    return 0o660 if folder.stat().st_mode & stat.S_IWGRP else 0o600


class Server:
    """A hub that listens."""

    def __init__(self, hub: Hub, folder: Path) -> None:
        self.hub = hub
        self.folder = folder
        self.address = ""
        self.token_file: Path | None = None
        self._unix: Path | None = None
        application = tornado.web.Application(
            [(r"/ws", Door, {"hub": hub})],
            websocket_max_message_size=max(hub.limits.frame, hub.limits.slice) + 65_536,
            websocket_ping_interval=30,
            websocket_ping_timeout=20,
            log_function=lambda _handler: None,
        )
        self._http = tornado.httpserver.HTTPServer(application, idle_connection_timeout=SILENT, max_header_size=16_384)

    def listen_unix(self) -> None:
        """Listen on a Unix socket that only the folder's owner (or its group) may open."""
        path = socket_path(self.folder)
        mode = socket_mode(self.folder)
        group = self.folder.stat().st_gid
        if path.parent != self.folder:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            if path.parent.stat().st_uid != os.getuid():
                raise PermissionError(f"{path.parent} belongs to somebody else.")
            path.parent.chmod(0o710 if mode == 0o660 else 0o700)
            _share(path.parent, group, mode)
        path.unlink(missing_ok=True)
        listener = tornado.netutil.bind_unix_socket(str(path), mode=0o600, backlog=1024)
        _share(path, group, mode)
        path.chmod(mode)
        self._http.add_socket(listener)
        self._unix = path
        self.address = f"unix:{path}"

    def listen_tcp(self) -> None:
        """Listen on a free port of loopback; who knocks shows the token of a file that only this user may read."""
        token = secrets.token_urlsafe(32)
        self.token_file = self.folder / "hub.token"
        self.token_file.unlink(missing_ok=True)
        descriptor = os.open(self.token_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(token)
        self.hub.token = token
        [listener] = tornado.netutil.bind_sockets(0, "127.0.0.1", family=socket.AF_INET, backlog=1024)
        self._http.add_socket(listener)
        self.address = f"tcp:127.0.0.1:{listener.getsockname()[1]}"

    async def close(self) -> None:
        self._http.stop()
        if self._unix is not None:
            self._unix.unlink(missing_ok=True)
            if self._unix.parent != self.folder:
                with contextlib.suppress(OSError):
                    self._unix.parent.rmdir()
        if self.token_file is not None:
            self.token_file.unlink(missing_ok=True)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._http.close_all_connections(), 2)


def share_file(path: Path) -> None:
    """Let the group of a file's folder read it, where the folder is shared with it: whatever the umask."""
    if socket_mode(path.parent) == 0o660:
        _share(path, path.parent.stat().st_gid, 0o660)
        path.chmod(path.stat().st_mode & 0o777 | 0o040)


def _share(path: Path, group: int, mode: int) -> None:
    if mode == 0o660:
        with contextlib.suppress(OSError):  # not in that group: then the group cannot come in, which is the safe side
            os.chown(path, -1, group)
