"""The chat as a page: the real command, over real HTTP and WebSockets."""

from __future__ import annotations

import asyncio
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

from collabchat import errors
from collabchat.app import address
from collabchat.cli.talk import is_alive
from collabchat.connection.finding import read_hub_file
from collabchat.panel.assets import STATIC
from collabchat.places import with_package

SOON = 60.0
built = pytest.mark.skipif(not (STATIC / "panel.js").exists(), reason="the panel has not been built")


class Command:
    """A running ``collabchat`` that serves."""

    def __init__(self, *words: str | Path, cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "collabchat", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=cwd,
            env={**os.environ, **with_package({})},
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.family: dict[int, psutil.Process] = {}
        self.base = ""

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            self._lines.put(line)
        self._lines.put("")

    def line(self, pattern: str) -> re.Match[str]:
        """The first line that matches, once it is printed."""
        deadline = time.monotonic() + SOON
        while time.monotonic() < deadline:
            line = self._lines.get(timeout=SOON)
            if found := re.search(pattern, line):
                return found
            if not line:
                break
        raise AssertionError(f"{pattern!r} was not printed: {self.said}")

    def url(self) -> str:
        return self.line(r"^collabchat is at (http://\S+/)$")[1]

    def kernels(self) -> list[psutil.Process]:
        """The processes of its kernels."""
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if "ipykernel_launcher" in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                    found.append(child)
                    self.family[child.pid] = child
            except psutil.NoSuchProcess:
                continue
        return found

    def end(self, number: int = signal.SIGTERM) -> int:
        for child in psutil.Process(self.process.pid).children(recursive=True):
            self.family[child.pid] = child
        self.process.send_signal(number)
        status = self.process.wait(SOON)
        self._reader.join(SOON)
        return status

    def close(self) -> None:
        """After a test, whatever became of it."""
        if self.process.poll() is None:
            self.end()
        self._reader.join(SOON)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def leftovers(self) -> list[int]:
        return [pid for pid in self.family if is_alive(pid)]


def until(condition: Callable[[], Any], what: str, timeout: float = SOON) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.fixture
def command() -> Iterator[Callable[..., Command]]:
    """Runs commands, and sees to it that they end."""
    made: list[Command] = []

    def run(*words: str | Path) -> Command:
        made.append(Command(*words))
        return made[-1]

    yield run
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """A page that all tests share whom no other visitor disturbs."""
    shared = Command("app", tmp_path_factory.mktemp("app") / "team", "--port", "0", "--cull", "3")
    try:
        shared.base = shared.url()
        yield shared
    finally:
        shared.close()


@pytest.fixture
def base(app: Command) -> str:
    return app.base


class Visitor:
    """A browser, as far as Voila and the panel can tell."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.page = ""
        self.cookies: dict[str, str] = {}
        self.kernel = ""
        self.widget = ""
        self.socket: WebSocketClientConnection | None = None
        self.messages: list[dict[str, Any]] = []

    async def fetch(self, path: str, **options: Any) -> HTTPResponse:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= options.pop("headers", {})
        request = HTTPRequest(self.base + path, headers=headers, request_timeout=SOON, **options)
        return await AsyncHTTPClient(force_instance=True).fetch(request)

    async def come(self) -> None:
        """Open the page, as far as its kernel and its socket."""
        response = await self.fetch("")
        for cookie in response.headers.get_list("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.page = response.body.decode()
        config = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', self.page, re.DOTALL)
        assert config is not None
        self.kernel = json.loads(config[1])["kernelId"]
        outputs = re.findall(
            r'<script type="application/vnd.voila.cell-output\+json">(.*?)</script>', self.page, re.DOTALL
        )
        for output in map(json.loads, outputs):
            self.widget = output["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
        url = f"{self.base.replace('http', 'ws')}api/kernels/{self.kernel}/channels?session_id={uuid.uuid4().hex}"
        self.socket = await websocket_connect(HTTPRequest(url, headers={"Origin": self.base.rstrip("/")}))

    async def say(self, content: dict[str, Any]) -> None:
        assert self.socket is not None
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "comm_msg", "username": "", "session": "s", "version": "5.3"}
        message = {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "channel": "shell",
            "buffers": [],
            "content": {"comm_id": self.widget, "data": {"method": "custom", "content": content}},
        }
        await self.socket.write_message(json.dumps(message))

    async def hear(self, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        assert self.socket is not None
        async with asyncio.timeout(SOON):
            while True:
                raw = await self.socket.read_message()
                assert raw is not None, "the socket was closed"
                message = json.loads(raw)
                if message["msg_type"] != "comm_msg":
                    continue
                content = message["content"]["data"].get("content", {})
                if condition(content):
                    return dict(content)

    async def send(self, request: dict[str, Any]) -> None:
        """A request for the hub."""
        await self.say({"type": "frames", "frames": [json.dumps(request)]})

    async def reply(self, kind: str) -> dict[str, Any]:
        """The next object of the hub of this type."""
        found: list[dict[str, Any]] = []

        def look(content: dict[str, Any]) -> bool:
            for frame in map(json.loads, content.get("frames", ())):
                found.extend(one for one in (frame if isinstance(frame, list) else [frame]) if one["type"] == kind)
            return bool(found)

        await self.hear(look)
        return found[0]

    async def enter(self, name: str) -> None:
        """Say who one is, and be let in."""
        await self.say({"type": "attach", "view": "v"})
        await self.hear(lambda content: content.get("state") == "visitor")
        await self.say({"type": "visitor", "name": name})
        await self.hear(lambda content: content.get("state") == "open")

    async def close_tab(self) -> int:
        """What Voila's script does when the tab is closed."""
        body = f"_xsrf={self.cookies['_xsrf'].replace('|', '%7C')}"
        response = await self.fetch(f"voila/api/shutdown/{self.kernel}", method="POST", body=body)
        self.vanish()
        return int(response.code)

    def vanish(self) -> None:
        """Go without a word, as a browser does that is killed."""
        if self.socket is not None and self.socket.protocol is not None:
            stream = self.socket.protocol.stream
            self.socket.close()
            stream.close()


@asynccontextmanager
async def visiting(base: str, count: int = 1) -> AsyncIterator[list[Visitor]]:
    """Visitors, each with a page and a kernel."""
    visitors = [Visitor(base) for _ in range(count)]
    try:
        await asyncio.gather(*(visitor.come() for visitor in visitors))
        yield visitors
    finally:
        for visitor in visitors:
            visitor.vanish()


class TestAddress:
    @pytest.mark.parametrize("good", ["127.0.0.1", "::1", "[::1]", "localhost", "127.8.9.10"])
    def test_loopback(self, good: str) -> None:
        assert address.check_loopback(good) in ("127.0.0.1", "::1", "127.8.9.10")

    @pytest.mark.parametrize(
        "bad", ["0.0.0.0", "", "::", "192.168.1.4", "example.org", "localhost.example.org", "10.0.0.1"]
    )
    def test_all_others_are_refused_with_the_reason(self, bad: str) -> None:
        with pytest.raises(errors.Invalid, match="nobody proves who they are"):
            address.check_loopback(bad)

    def test_the_next_free_port(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with address.listen("127.0.0.1", port) as listener:
                assert port < listener.getsockname()[1] <= port + address.TRIES
            with pytest.raises(errors.HubUnavailable, match="--port"):
                address.listen("127.0.0.1", port, tries=1)

    def test_urls(self) -> None:
        assert address.url("127.0.0.1", 80) == "http://127.0.0.1:80/"
        assert address.url("::1", 81) == "http://[::1]:81/"


class TestCommand:
    def test_an_address_that_others_reach_is_refused(self, tmp_path: Path, command: Callable[..., Command]) -> None:
        for words in (["app", tmp_path / "team"], ["demo", "--workspace", tmp_path / "team"]):
            running = command(*words, "--address", "0.0.0.0")
            assert running.process.wait(SOON) == 1
            running._reader.join(SOON)
            assert "nobody proves who they are" in "".join(running.said)
        assert not (tmp_path / "team").exists()

    def test_a_name_that_is_none(self, tmp_path: Path, command: Callable[..., Command]) -> None:
        running = command("app", tmp_path / "team", "--user", "!!!")
        assert running.process.wait(SOON) == 1
        running._reader.join(SOON)
        assert "letter or a digit" in "".join(running.said)

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_leaves_nothing(self, tmp_path: Path, number: int, command: Callable[..., Command]) -> None:
        workspace = tmp_path / "team"
        running = command("app", workspace, "--port", "0")
        base = running.url()

        async def look(base: str) -> None:
            async with visiting(base):
                assert len(running.kernels()) == 1

        hub = read_hub_file(workspace)
        assert hub is not None
        running.family[hub.pid] = psutil.Process(hub.pid)
        if number == signal.SIGINT:
            asyncio.run(look(base))
        assert running.end(number) == 0, running.said
        assert running.leftovers() == []
        assert read_hub_file(workspace) is None
        assert "Traceback" not in "".join(running.said)

    def test_a_hub_that_ran_before_runs_on(self, tmp_path: Path, command: Callable[..., Command]) -> None:
        import collabchat

        workspace = tmp_path / "team"
        with collabchat.connect(workspace, user="ana") as chat:
            before = read_hub_file(workspace)
            running = command("app", workspace, "--port", "0")
            running.url()
            assert running.end() == 0
            assert read_hub_file(workspace) == before
            chat.create_room("pipeline").post("still here")
        from collabchat.cli.talk import stop

        stop(workspace)

    def test_a_taken_port_is_no_error(self, app: Command, tmp_path: Path, command: Callable[..., Command]) -> None:
        port = int(app.base.rsplit(":", 1)[1].strip("/"))
        running = command("app", tmp_path / "team", "--port", str(port))
        other = int(running.url().rsplit(":", 1)[1].strip("/"))
        assert port < other <= port + address.TRIES
        assert running.end() == 0


class TestPage:
    @built
    def test_what_is_served(self, base: str) -> None:
        async def look() -> Visitor:
            async with visiting(base) as [visitor]:
                await visitor.close_tab()
                return visitor

        page = asyncio.run(look()).page
        assert "<title>team · collabchat</title>" in page
        assert "collabchat-page" in page
        outside = {url for url in re.findall(r"https?://[^\s\"'<>)]+", page) if not url.startswith(base)}
        assert outside == {"http://www.w3.org/2000/svg"}, "an XML name, not an address"
        config = json.loads(re.search(r'jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
        names = {extension["name"] for extension in config["federated_extensions"]}
        assert names <= {"anywidget", "@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8"}
        assert "anywidget" in names

    def test_a_page_of_elsewhere_that_points_here_is_refused(self, base: str) -> None:
        with pytest.raises(HTTPClientError) as caught:
            asyncio.run(Visitor(base).fetch("", headers={"Host": "evil.example.org"}))
        assert caught.value.code == 403
        assert caught.value.response is not None
        page = caught.value.response.body.decode()
        assert "<title>" in page
        assert "//" not in page.replace("<!--", "").replace("-->", ""), "an error asks nobody outside either"

    @pytest.mark.parametrize("kind", ["image", "iframe"])
    def test_it_is_no_part_of_a_page_of_elsewhere(self, app: Command, base: str, kind: str) -> None:
        before = len(app.kernels())
        with pytest.raises(HTTPClientError) as caught:
            asyncio.run(Visitor(base).fetch("", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": kind}))
        assert caught.value.code == 403
        assert len(app.kernels()) <= before

    @pytest.mark.parametrize("name", ["voila/files/app.ipynb", "voila/files/tour.ipynb", "app.ipynb"])
    def test_files_beside_the_notebook_are_not_served(self, base: str, name: str) -> None:
        with pytest.raises(HTTPClientError) as caught:
            asyncio.run(Visitor(base).fetch(name, follow_redirects=True))
        assert caught.value.code in (403, 404)


@built
class TestVisitors:
    @pytest.mark.timeout(240)
    def test_ten_come_and_go_and_no_kernel_stays(self, app: Command, base: str) -> None:
        async def day() -> None:
            for number in range(10):
                async with visiting(base) as [visitor]:
                    await visitor.enter(f"Visitor {number}")
                    assert app.kernels()
                    if number % 2:
                        assert await visitor.close_tab() == 204

        asyncio.run(day())
        until(lambda: not app.kernels(), "a kernel stayed")

    def test_one_who_stays_keeps_the_kernel(self, app: Command, base: str) -> None:
        async def stay() -> None:
            async with visiting(base) as [visitor]:
                await visitor.enter("Patient")
                end = time.monotonic() + 9  # three times the time after which others' are ended
                n = 0
                while time.monotonic() < end:
                    await visitor.say({"type": "ping", "t": n, "n": 0})
                    await visitor.hear(lambda content: content.get("type") == "pong")
                    n += 1
                    await asyncio.sleep(0.5)
                assert len(app.kernels()) == 1
                await visitor.close_tab()

        asyncio.run(stay())
        until(lambda: not app.kernels(), "a kernel stayed")

    @pytest.mark.skipif(sys.platform == "win32", reason="there are no Unix sockets")
    def test_other_users_of_the_machine_cannot_listen_in(self, app: Command, base: str) -> None:
        async def look() -> None:
            async with visiting(base) as [visitor]:
                await visitor.enter("Quiet")
                [kernel] = app.kernels()
                connection = Path(next(word for word in kernel.cmdline() if word.endswith(".json")))
                assert json.loads(connection.read_text())["transport"] == "ipc"
                assert connection.parent.stat().st_mode & 0o077 == 0
                await visitor.close_tab()

        asyncio.run(look())

    def test_two_people_talk(self, app: Command, base: str) -> None:
        from collabchat.protocol import new_req

        async def talk() -> None:
            async with visiting(base, 2) as [ana, bo]:
                await ana.enter("Ana")
                await bo.enter("Bo")
                for visitor in (ana, bo):
                    await visitor.send({"type": "sync", "req": new_req()})
                    await visitor.reply("snapshot")
                await ana.send({"type": "create_room", "req": new_req(), "name": "pipeline"})
                room = (await ana.reply("ack"))["id"]
                await bo.send({"type": "join", "req": new_req(), "room": room})
                await bo.send({"type": "post", "req": new_req(), "room": room, "text": "Morning, Ana."})
                await ana.hear(lambda content: "Morning, Ana." in str(content.get("frames")))
                await asyncio.gather(ana.close_tab(), bo.close_tab())

        asyncio.run(talk())

    def test_a_page_of_one_person_asks_for_no_name(self, tmp_path: Path, command: Callable[..., Command]) -> None:
        running = command("app", tmp_path / "team", "--port", "0", "--user", "Ana Ruiz")

        async def look(base: str) -> None:
            async with visiting(base) as [visitor]:
                await visitor.say({"type": "attach", "view": "v"})
                state = await visitor.hear(lambda content: content.get("state") == "open")
                assert "ana-ruiz" in state["message"]

        try:
            asyncio.run(look(running.url()))
        finally:
            assert running.end() == 0


class TestDemo:
    def test_it_is_there_and_then_nothing_is(self, command: Callable[..., Command]) -> None:
        running = command("demo", "--port", "0")
        made = running.line(r"^([\d,]+) messages .* are in (\S+)$")
        assert int(made[1].replace(",", "")) >= 1500
        base = running.url()
        workspace = Path(made[2])
        hub = read_hub_file(workspace)
        assert hub is not None
        running.family[hub.pid] = psutil.Process(hub.pid)

        async def look() -> None:
            async with visiting(base) as [visitor]:
                if visitor.widget:
                    await visitor.enter("ana")
                assert running.kernels()

        asyncio.run(look())
        assert running.end(signal.SIGINT) == 0, running.said
        assert running.leftovers() == []
        assert not workspace.parent.exists()
        assert "Traceback" not in "".join(running.said)

    def test_a_workspace_of_ones_own_is_kept_and_used_again(
        self, tmp_path: Path, command: Callable[..., Command]
    ) -> None:
        import collabchat

        workspace = tmp_path / "mine"
        running = command("demo", "--workspace", workspace, "--no-app")
        running.line("The hub of the sample conversation runs in ")
        with collabchat.connect(workspace, user="ana") as chat:
            chat.room("general").post("I was here.")
        assert running.end() == 0
        running = command("demo", "--workspace", workspace, "--no-app")
        running.line("The hub of the sample conversation runs in ")
        with collabchat.connect(workspace, user="ana") as chat:
            assert chat.room("general").history(limit=1)[0].text == "I was here."
        assert running.end() == 0
        assert read_hub_file(workspace) is None

    def test_a_signal_before_it_is_ready_leaves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Callable[..., Command]
    ) -> None:
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        running = command("demo", "--port", "0")
        running.line("Making a workspace")
        assert running.end() == 0
        until(lambda: list(tmp_path.glob("collabchat-*")) == [], "a temporary folder stayed", 5)
        assert running.leftovers() == []
