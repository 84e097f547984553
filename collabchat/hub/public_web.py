"""Pages of the public web, read with care: an address is checked before it is connected to, and it is that one."""

from __future__ import annotations

import asyncio
import contextlib
import html
import ipaddress
import re
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from collabchat import __version__
from collabchat.store.names import without_unseen

REDIRECTS = 3
SECONDS = 10.0
"""For one page, redirects and all."""
MOST_BYTES = 256 * 1024
MOST_HEAD = 32 * 1024
LONGEST = 200
"""Characters of a title."""
_PORTS = {"http": 80, "https": 443}

Address = str
Resolve = Callable[[str, int], Awaitable[list[Address]]]
Allowed = Callable[[Address], bool]


class NoTitleError(Exception):
    """There is none to be had; what it says is for the log."""


async def resolve(host: str, port: int) -> list[Address]:
    """The addresses of a host, as the system finds them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet: of no private, local, reserved or translated range."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None and not is_public(str(inner)):
            return False
        if any(found in network for network in _NEVER):
            return False
    return found.is_global and not (
        found.is_private
        or found.is_loopback
        or found.is_link_local
        or found.is_multicast
        or found.is_reserved
        or found.is_unspecified
    )


_NEVER = [ipaddress.ip_network(one) for one in ("::/96", "64:ff9b:1::/48", "fec0::/10", "100::/64")]


class _Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


async def title_of(url: str, *, resolver: Resolve = resolve, allowed: Allowed = is_public) -> str:
    """The title of a page; empty where it has none.

    Raises
    ------
    NoTitleError, OSError, TimeoutError
        Where the page cannot be read, or must not be.
    """
    async with asyncio.timeout(SECONDS):
        for _ in range(REDIRECTS + 1):
            parts = urlsplit(url)
            answer = await _get(parts, resolver, allowed)
            if answer.status in (301, 302, 303, 307, 308) and "location" in answer.headers:
                url = urljoin(url, answer.headers["location"])
                continue
            if answer.status != 200:
                raise NoTitleError(f"it answers {answer.status}")
            return _title(answer)
        raise NoTitleError("it leads on and on")


async def _get(parts: SplitResult, resolver: Resolve, allowed: Allowed) -> _Answer:
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        raise NoTitleError("it is no plain address of the web")
    try:
        host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
        port = parts.port or _PORTS[parts.scheme]
    except (UnicodeError, ValueError) as error:
        raise NoTitleError("its host cannot be read") from error
    addresses = await resolver(host, port)
    if not addresses or not all(allowed(address) for address in addresses):
        raise NoTitleError("its host is not of the public internet")
    # To the address that was checked: asked again, the name could give another one.
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    reader, writer = await asyncio.open_connection(
        min(addresses, key=lambda one: ":" in one),
        port,
        ssl=tls,
        server_hostname=host if tls else None,
        limit=MOST_HEAD,
    )
    try:
        writer.write(_request(parts, host))
        await writer.drain()
        return await _answer(reader)
    finally:
        writer.close()
        with contextlib.suppress(OSError, ssl.SSLError, asyncio.TimeoutError):
            await asyncio.wait_for(writer.wait_closed(), 1)


def _request(parts: SplitResult, host: str) -> bytes:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    name = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port and parts.port != _PORTS[parts.scheme] else ""
    lines = [
        f"GET {path}{query} HTTP/1.1",
        f"Host: {name}{port}",
        f"User-Agent: collabchat/{__version__} (titles of links)",
        "Accept: text/html,application/xhtml+xml",
        "Accept-Encoding: gzip, identity",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


async def _answer(reader: asyncio.StreamReader) -> _Answer:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise NoTitleError("its answer is none") from error
    first, *lines = head.split("\r\n")
    status = re.match(r"HTTP/1\.[01] (\d{3})", first)
    if status is None:
        raise NoTitleError("its answer is none")
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    if int(status[1]) != 200:
        return _Answer(int(status[1]), headers, b"")
    if not re.match(r"(text/html|application/xhtml\+xml)\s*(;|$)", headers.get("content-type", ""), re.IGNORECASE):
        raise NoTitleError("it is no page")
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    body = await (_chunks(reader) if chunked else _until_title(reader))
    return _Answer(200, headers, _unpacked(body, headers.get("content-encoding", "").lower()))


async def _until_title(reader: asyncio.StreamReader) -> bytes:
    found = b""
    while len(found) < MOST_BYTES and (more := await reader.read(min(16_384, MOST_BYTES - len(found)))):
        found += more
        if b"</title" in found[-len(more) - 10 :].lower():
            break
    return found


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    found = b""
    try:
        while len(found) < MOST_BYTES:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
            if size <= 0:
                break
            left = min(size, MOST_BYTES - len(found))
            found += await reader.readexactly(left)
            if left < size:
                break
            await reader.readexactly(2)
    except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # what has come may be enough
    return found


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise NoTitleError("it is packed in an unknown way")
    try:
        return zlib.decompressobj(31).decompress(body, MOST_BYTES)
    except zlib.error as error:
        raise NoTitleError("it is packed badly") from error


_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)


def _title(answer: _Answer) -> str:
    named = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", answer.headers.get("content-type", ""), re.IGNORECASE)
    inside = _CHARSET.search(answer.body[:4_096])
    encoding = named[1] if named else inside[1].decode("ascii", "ignore") if inside else "utf-8"
    try:
        text = answer.body.decode(encoding, "replace")
    except LookupError:
        text = answer.body.decode("utf-8", "replace")
    found = _TITLE.search(text)
    return clean(html.unescape(found[1])) if found else ""


def clean(title: str) -> str:
    """A title as one line that does no more than be read."""
    line = " ".join(without_unseen(re.sub(r"\s", " ", title)).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
