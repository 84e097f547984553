"""Titles of pages: only where the workspace wants them, only from the public web, and never more than a line."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from house import House, Person, house, run

from collabchat import protocol as p
from collabchat.hub import public_web
from collabchat.hub.public_web import NoTitleError, clean, is_public, title_of

PAGE = b"<html><head><title> The  <b>plan</b>\n&amp; more\xe2\x80\xae </title></head>"
Answer = bytes | Callable[[asyncio.StreamWriter], Any]


def _ok(body: bytes, *, kind: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + body


def _to(where: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Found\r\nLocation: {where}\r\n\r\n".encode()


class Web:
    """A server of pages, and the names that lead to it."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.resolved: list[str] = []
        self.port = 0
        self.names: dict[str, list[str]] = {"public.example": ["127.0.0.1"]}

    async def resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append(host)
        return self.names.get(host, [])

    def allowed(self, address: str) -> bool:
        """As the real rule, but for the one address at which there is a server."""
        return address == "127.0.0.1" or is_public(address)

    def url(self, path: str, host: str = "public.example") -> str:
        return f"http://{host}:{self.port}{path}"

    async def title(self, path: str, host: str = "public.example") -> str:
        return await title_of(self.url(path, host), resolver=self.resolve, allowed=self.allowed)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split()[1]
            self.asked.append(path)
            answer = self.answers.get(path, b"HTTP/1.1 404 No\r\n\r\n")
            if callable(answer):
                await answer(writer)
            else:
                writer.write(answer)
            await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def web(answers: dict[str, Answer]) -> AsyncIterator[Web]:
    made = Web(answers)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        await server.wait_closed()
        serving = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*(one for one in serving if one.get_coro().__name__ == "serve"))  # type: ignore[union-attr]


NOT_PUBLIC = [
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
    *("0.0.0.0", "0.1.2.3", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9"),
    *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1"),
    *("fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "fec0::1"),
    *(
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:db8::1",
        "100::1",
        "::ffff:1.1.1.1",
        "nonsense",
        "",
        "1.2.3",
    ),
]


def test_what_is_not_of_the_public_internet_is_left_alone() -> None:
    assert [one for one in NOT_PUBLIC if is_public(one)] == []
    assert all(map(is_public, ("1.1.1.1", "93.184.216.34", "2606:4700:4700::1111")))


def test_a_page_says_its_title() -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        for byte in _ok(PAGE):
            writer.write(bytes([byte]))
            await writer.drain()

    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(_ok(b"<p>"))
        for _ in range(1_000):
            writer.write(b"x" * 10_000)
            await writer.drain()
        raise AssertionError("it reads on and on")

    body = gzip.compress(PAGE)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (PAGE[:9], PAGE[9:])) + b"0\r\n\r\n"
    answers: dict[str, Answer] = {
        "/": _ok(PAGE),
        "/slow": slowly,
        "/gzip": _ok(body, Content_Encoding="gzip"),
        "/bomb": _ok(gzip.compress(b"<title>ok</title>" + bytes(50_000_000)), Content_Encoding="gzip"),
        "/chunks": _ok(chunks, Transfer_Encoding="chunked"),
        "/latin": _ok("<title>Größe</title>".encode("latin-1"), kind="text/html; charset=iso-8859-1"),
        "/meta": _ok('<meta charset="cp1251"><title>план</title>'.encode("cp1251"), kind="text/html"),
        "/wrong": _ok(b"<title>ok</title>", kind="text/html; charset=nothing"),
        "/none": _ok(b"<p>no title</p>"),
        "/endless": endless,
        "/there": _to("/"),
        "/picture": _ok(b"<title>no</title>", kind="image/svg+xml"),
        "/nonsense": b"hello\r\n\r\n",
        "/long": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000,
        "/a?q=%C3%A4%20b": _ok(b"<title>asked rightly</title>"),
    }

    async def main() -> None:
        async with web(answers) as pages:
            for path in ("/", "/slow", "/gzip", "/chunks", "/there"):
                assert await pages.title(path) == "The <b>plan</b> & more", path
            assert await pages.title("/bomb") == "ok"
            assert await pages.title("/latin") == "Größe"
            assert await pages.title("/meta") == "план"
            assert await pages.title("/wrong") == "ok"
            assert await pages.title("/none") == await pages.title("/endless") == ""
            assert await pages.title("/a?q=ä b") == "asked rightly"
            for path in ("/picture", "/nonsense", "/long", "/missing"):
                with pytest.raises(NoTitleError):
                    await pages.title(path)

    run(main())
    assert clean("a\x00b \u202e c" + "d" * 300).startswith("ab cd")
    assert len(clean("d" * 300)) == 200


def test_no_way_leads_into_what_is_private() -> None:
    async def main() -> None:
        async with web({"/one": _to("/two", 301), "/two": _to("/three", 307), "/three": _to("/four", 303)}) as pages:
            pages.answers |= {"/four": _ok(PAGE), "/zero": _to("/one"), "/round": _to("/round")}
            pages.answers |= {"/inside": _to(f"http://inside.example:{pages.port}/four")}
            pages.answers |= {"/address": _to("http://169.254.169.254/latest/meta-data")}
            pages.answers |= {"/file": _to("file:///etc/passwd"), "/ftp": _to("ftp://public.example/x")}
            pages.names |= {
                "inside.example": ["10.0.0.1"],
                "both.example": ["127.0.0.1", "10.0.0.1"],
                "169.254.169.254": ["169.254.169.254"],
            }
            assert await pages.title("/one") == "The <b>plan</b> & more"
            pages.asked.clear()
            for path in ("/zero", "/round", "/inside", "/address", "/file", "/ftp"):
                with pytest.raises(NoTitleError):
                    await pages.title(path)
            assert pages.asked.count("/round") == 4
            assert "/four" not in pages.asked
            for host in ("inside.example", "both.example", "unknown.example"):
                with pytest.raises(NoTitleError):
                    await pages.title("/four", host)
            # The address that was checked is the one that is connected to: the resolver is asked once.
            pages.resolved.clear()
            pages.names["turning.example"] = ["127.0.0.1"]
            assert await pages.title("/four", "turning.example")
            assert pages.resolved == ["turning.example"]

    run(main())


def test_a_page_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        over = asyncio.Event()

        async def silent(writer: asyncio.StreamWriter) -> None:
            await over.wait()

        monkeypatch.setattr(public_web, "SECONDS", 0.2)
        async with web({"/": silent}) as pages:
            asking = asyncio.ensure_future(pages.title("/"))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asking, 5)
            over.set()

    run(main())


async def _linked(home: House, ana: Person, room: p.Id, url: str) -> list[str]:
    await ana.do(p.Post, room=room, text=f"see {url}, please")
    await ana.do(p.Post, room=room, text=f"again {url}")
    async with asyncio.timeout(20):
        while not home.hub.titles.idle:
            await asyncio.sleep(0.01)
    page = await ana.ask(p.Shared(req=p.new_req(), room=room))
    return [one.title for one in page.entries]


def test_by_default_nobody_is_asked_for_anything(tmp_path: Path) -> None:
    async def main() -> None:
        async with web({"/": _ok(PAGE)}) as pages, house(tmp_path) as home:
            home.hub.titles.fetch = lambda url: title_of(url, resolver=pages.resolve, allowed=pages.allowed)
            (ana,), room = await home.room("ana")
            assert await _linked(home, ana, room, pages.url("/")) == [""]
            assert (pages.resolved, pages.asked) == ([], [])
            await ana.do(p.SetSettings, link_titles=True)
            assert await _linked(home, ana, room, pages.url("/")) == ["The <b>plan</b> & more"]
            assert pages.asked == ["/"]
            [row] = [row for row in await ana.table("links") if row["title"]][:1]
            assert list(row) == ["message", "room", "author", "time", "url", "title"]
            assert await _linked(home, ana, room, pages.url("/gone")) == ["", "The <b>plan</b> & more"]
            assert pages.asked == ["/", "/gone"]
            found = await ana.ask(p.Shared(req=p.new_req(), room=room, text="plan"))
            assert found.total == 1
            # With the last message that names it goes the title.
            for message in (await ana.history(room)).messages:
                if message.kind == "text":
                    await ana.do(p.Delete, id=message.id)
            await home.hub.collecting.run()
            assert home.hub.workspace.reader().execute("SELECT count(*) FROM titles").fetchone() == (0,)

    run(main())
