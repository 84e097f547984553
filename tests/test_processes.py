"""Many processes, threads, asyncio, fork and the end of the interpreter."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from hubs import stop_hub
from scripted_hub import until

import collabchat
from collabchat import Chat, errors


def script(code: str, *args: object, **options: Any) -> subprocess.Popen[str]:
    """Run lines of Python in a process of its own, warnings being errors."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code), *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def output(process: subprocess.Popen[str], within: float = 60.0) -> str:
    """What a process that ends well printed, and that it had nothing to complain of."""
    out, err = process.communicate(timeout=within)
    assert (process.returncode, err) == (0, ""), err
    return out


def hubs_of(workspace: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "hub" in words and str(workspace) in words and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


# ---------------------------------------------------------------- processes


def test_twenty_that_start_at_once_get_one_hub(workspace: Path) -> None:
    code = """
        import sys, collabchat, time
        time.sleep(max(0, float(sys.argv[3]) - time.time()))
        with collabchat.connect(sys.argv[1], user=sys.argv[2], timeout=60) as chat:
            try:
                room = chat.create_room("all")
            except collabchat.errors.Conflict:
                room = chat.room("all")
            room.join()
            for number in range(5):
                room.post(f"{chat.me} {number}")
            print(chat.status()["pid"])
    """
    start = time.time() + 4
    running = [script(code, workspace, f"user{number}", start) for number in range(20)]
    pids = {output(process, 110).strip() for process in running}
    assert len(pids) == 1
    assert [str(hub.pid) for hub in hubs_of(workspace)] == list(pids)
    with collabchat.connect(workspace, user="user0") as chat:
        said = [message.text for message in chat.room("all").history(limit=None)]
    assert sorted(said) == sorted(f"user{user} {number}" for user in range(20) for number in range(5))


def test_a_hub_outlives_the_process_that_started_it(workspace: Path) -> None:
    code = "import sys, collabchat; print(collabchat.connect(sys.argv[1], user='ana').status()['pid'])"
    first = output(script(code, workspace))
    second = output(script(code, workspace))
    assert first == second


def test_a_killed_hub_is_started_again_and_nothing_is_lost(chat_of: Callable[..., Chat]) -> None:
    ana, bo = chat_of("ana"), chat_of("bo")
    room = ana.create_room("pipeline", members=["bo"])
    listener = bo.listen(timeout=5)
    said: list[str] = []
    for turn in range(3):
        for number in range(10):
            said.append(f"{turn}.{number}")
            room.post(said[-1])
        os.kill(ana.status()["pid"], signal.SIGKILL)
        said.append(f"{turn}.after")
        room.post(said[-1])
    assert [message.text for message in room.history(limit=None)] == said
    heard = []
    for event in listener:
        if event.type == "posted":
            heard.append(event.data["text"])
        if len(heard) == len(said):
            break
    assert heard == said
    assert len(ana.messages().query("kind == 'text'")) == len(said)


def test_posts_of_threads_through_kills_are_there_once(chat_of: Callable[..., Chat], workspace: Path) -> None:
    ana = chat_of("ana", timeout=60)
    room = ana.create_room("pipeline")
    posted: list[str] = []

    def write(name: str) -> None:
        for number in range(40):
            message = room.post(f"{name} {number}")
            posted.append(str(message.text))

    threads = [threading.Thread(target=write, args=(f"t{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for turn in range(1, 4):
        until(lambda turn=turn: len(posted) > 40 * turn, 30)
        [hub] = hubs_of(workspace)
        hub.kill()
    for thread in threads:
        thread.join(60)
    said = [str(message.text) for message in room.history(limit=None)]
    assert len(said) == len(set(said)) == 240
    assert sorted(said) == sorted(posted)
    for number in range(6):
        assert [text for text in said if text.startswith(f"t{number} ")] == [f"t{number} {at}" for at in range(40)]


# ---------------------------------------------------------------- kernels


def test_two_kernels_talk(workspace: Path) -> None:
    client = pytest.importorskip("jupyter_client")
    managers = [client.KernelManager(kernel_name="python3") for _ in range(2)]
    clients = []
    try:
        for manager in managers:
            manager.start_kernel()
            clients.append(manager.client())
        for each in clients:
            each.start_channels()
            each.wait_for_ready(timeout=60)

        def run(kernel: Any, code: str) -> str:
            said: list[str] = []

            def hear(message: Any) -> None:
                if message["msg_type"] == "stream":
                    said.append(message["content"]["text"])

            reply = kernel.execute_interactive(textwrap.dedent(code), timeout=60, output_hook=hear)
            assert reply["content"]["status"] == "ok", reply["content"]
            return "".join(said).strip()

        ana, bo = clients
        run(ana, f"import collabchat as cc; chat = cc.connect({str(workspace)!r}, user='ana')")
        run(bo, f"import collabchat as cc; chat = cc.connect({str(workspace)!r}, user='bo'); news = chat.listen()")
        run(ana, "room = chat.create_room('pipeline', members=['bo']); room.post('from one kernel @bo')")
        assert run(bo, "print([e.data['text'] for e in news if e.type == 'posted'])") == "['from one kernel @bo']"
        run(bo, "message = chat.room('pipeline').post('and from the other')")
        assert run(ana, "print(room.history()[-1].text)") == "and from the other"
        assert run(ana, "print(len(chat.messages().query(\"kind == 'text'\")))") == "2"
        assert run(ana, "async def f(): return room.post('from a coroutine')\nprint((await f()).text)") == (
            "from a coroutine"
        )
    finally:
        for each in clients:
            each.stop_channels()
        for manager in managers:
            manager.shutdown_kernel(now=False)
            manager.cleanup_resources()
            manager.context.destroy()


# ---------------------------------------------------------------- threads and asyncio


def test_threads_share_a_chat(chat_of: Callable[..., Chat]) -> None:
    chat = chat_of("ana")
    rooms = [chat.create_room(f"room{number}") for number in range(4)]
    failed: list[Exception] = []

    def work(number: int) -> None:
        try:
            for at in range(15):
                message = rooms[number % 4].post(f"{number} {at}")
                rooms[number % 4].react(message, "👍")
                rooms[number % 4].history(limit=5)
                chat.sql("select count(*) from messages")
                assert len(chat.messages()) > 0
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert chat.sql("select count(*) n from messages where kind = 'text'")["n"].tolist() == [120]


def test_inside_asyncio(workspace: Path) -> None:
    async def main() -> list[str | None]:
        chat = collabchat.connect(workspace, user="ana")
        room = chat.create_room("pipeline")
        room.post("from the loop's own thread")
        await asyncio.to_thread(room.post, "from another")
        await asyncio.gather(*(asyncio.to_thread(room.post, f"together {number}") for number in range(5)))
        assert asyncio.get_running_loop().is_running()
        messages = room.history()
        chat.close()
        return [message.text for message in messages]

    assert len(asyncio.run(main())) == 7


# ---------------------------------------------------------------- fork


def test_after_a_fork(chat_of: Callable[..., Chat], workspace: Path) -> None:
    chat = chat_of("ana")
    room = chat.create_room("pipeline")
    listener = chat.listen(timeout=5)
    room.post("before")
    assert next(listener).type == "posted"
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of Python 3.12 and later: forking beside threads
        child = os.fork()
    if child == 0:
        said = []
        try:
            for use in (
                lambda: room.post("x"),
                chat.messages,
                lambda: chat.room("pipeline"),
                chat.listen,
                lambda: next(listener),
                chat.preferences,
            ):
                try:
                    use()
                    said.append("used")
                except errors.Forked as error:
                    said.append("Forked" if "connect() in the child" in str(error) else str(error))
            repr(chat)
            chat.close()
            listener.close()
            with collabchat.connect(workspace, user="bo") as own:
                own.room("pipeline").join()
                own.room("pipeline").post("from the child")
        except BaseException as error:
            said.append(repr(error))
        finally:
            os.write(writing, json.dumps(said).encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = json.loads(pipe.read())
    os.waitpid(child, 0)
    assert said == ["Forked"] * 6
    room.post("after")
    assert [message.text for message in room.history()] == ["before", "from the child", "after"]


def test_multiprocessing_by_fork(workspace: Path) -> None:
    code = """
        import multiprocessing, sys, warnings
        import collabchat

        def child():
            with collabchat.connect(sys.argv[1], user="bo") as own:
                own.room("pipeline").join()
                print(own.me, flush=True)

        warnings.simplefilter("ignore", DeprecationWarning)
        chat = collabchat.connect(sys.argv[1], user="ana")
        room = chat.create_room("pipeline")
        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
        process.join()
        room.post("still here")
        print(process.exitcode, *room.members)
    """
    assert output(script(code, workspace)).split() == ["bo", "0", "ana", "bo"]


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become somebody else")
def test_another_user_of_the_machine() -> None:
    """The messages that somebody gets whom the folder does not let in, or lets in as himself."""
    code = """
        import os, sys, warnings
        import collabchat, collabchat.client, tornado.websocket

        warnings.simplefilter("ignore", DeprecationWarning)

        def nobody(**options):
            sys.stdout.flush()
            child = os.fork()
            if child == 0:
                os.setgid(65534)
                os.setuid(65534)
                try:
                    print("nobody is", collabchat.connect(sys.argv[1], timeout=10, **options).me)
                except collabchat.errors.CollabchatError as error:
                    print("nobody gets", type(error).__name__, error)
                sys.stdout.flush()
                os._exit(0)
            os.waitpid(child, 0)

        os.mkdir(sys.argv[1], 0o755)
        nobody()
        collabchat.connect(sys.argv[1], user="ana").close()
        nobody()
        os.chmod(sys.argv[1], 0o700)
        nobody()
    """
    # Not in pytest's folder, which is its owner's alone.
    with tempfile.TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        workspace = Path(base) / "team"
        try:
            first, second, third = output(script(code, workspace)).splitlines()
        finally:
            stop_hub(workspace)
    assert first.startswith("nobody gets WorkspaceError No hub runs for")
    assert "you may not start one" in first
    assert second.startswith("nobody gets WorkspaceError A hub listens at")
    assert "not shared with you" in second
    assert third.startswith("nobody gets WorkspaceError You may not read")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become somebody else")
def test_a_user_whom_the_folders_group_lets_in() -> None:
    """Speaks as the login name that the system vouches for, and as nobody else."""
    code = """
        import os, pwd, sys, warnings
        import collabchat, collabchat.client, tornado.websocket

        warnings.simplefilter("ignore", DeprecationWarning)
        other = pwd.getpwnam("nobody")

        def as_nobody(**options):
            sys.stdout.flush()
            child = os.fork()
            if child == 0:
                os.setgroups([])
                os.setgid(other.pw_gid)
                os.setuid(other.pw_uid)
                try:
                    with collabchat.connect(sys.argv[1], timeout=10, **options) as chat:
                        print("in as", chat.me)
                        chat.room("pipeline").join()
                        print("said", chat.room("pipeline").post("hello").author)
                except collabchat.errors.CollabchatError as error:
                    print(type(error).__name__, error)
                sys.stdout.flush()
                os._exit(0)
            os.waitpid(child, 0)

        os.mkdir(sys.argv[1])
        os.chown(sys.argv[1], -1, other.pw_gid)
        os.chmod(sys.argv[1], 0o2770)
        with collabchat.connect(sys.argv[1], user="ana") as ana:
            ana.create_room("pipeline")
            as_nobody()
            as_nobody(user="ana")
            as_nobody(user="nobody")
            print(ana.messages().query("kind == 'text'")["author"].tolist())
    """
    with tempfile.TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        workspace = Path(base) / "team"
        try:
            lines = output(script(code, workspace)).splitlines()
        finally:
            stop_hub(workspace)
    assert lines[:2] == ["in as nobody", "said nobody"]
    assert lines[2].startswith("Unauthenticated On this machine you are nobody, so you speak as nobody and not as ana")
    assert lines[3:] == ["in as nobody", "said nobody", "['nobody', 'nobody']"]


# ---------------------------------------------------------------- the end


@pytest.mark.parametrize(
    "end",
    [
        "",
        "raise SystemExit(0)",
        "chat.close()",
        "del chat, room",
        "news = chat.listen(timeout=None); import threading; "
        "threading.Thread(target=lambda: list(news), daemon=True).start()",
        "import threading; threading.Thread(target=lambda: room.post('last')).start()",
        "import atexit; atexit.register(lambda: print('bye'))",
        "chat.messages(); chat.sql('select 1')",
        "import os, signal; os.kill(chat.status()['pid'], signal.SIGKILL)",
        "import gc; chat = room = None; gc.collect()",
    ],
)
def test_the_interpreter_ends_quietly(workspace: Path, end: str) -> None:
    code = f"""
import sys, collabchat
chat = collabchat.connect(sys.argv[1], user="ana")
room = chat.create_room("pipeline")
room.post("x")
print("done", flush=True)
{end}
"""
    process = script(code, workspace)
    output(process, 30)


def test_it_ends_quickly_while_it_waits_for_a_hub(workspace: Path, tmp_path: Path) -> None:
    code = """
        import sys, collabchat, threading, time, os, signal
        chat = collabchat.connect(sys.argv[1], user="ana")
        room = chat.create_room("pipeline")
        os.kill(chat.status()["pid"], signal.SIGSTOP)
        print(chat.target.workspace, flush=True)
        threading.Thread(target=lambda: room.post("never answered"), daemon=True).start()
        time.sleep(0.3)
    """
    process = script(code, workspace)
    try:
        output(process, 15)
    finally:
        for hub in hubs_of(workspace):
            hub.send_signal(signal.SIGCONT)


def test_a_key_that_interrupts_does_not_post_later(chat_of: Callable[..., Chat], workspace: Path) -> None:
    chat = chat_of("ana")
    room = chat.create_room("pipeline")
    hub = psutil.Process(chat.status()["pid"])
    hub.suspend()
    try:
        main = threading.main_thread().ident
        assert main is not None
        threading.Timer(0.3, lambda: signal.pthread_kill(main, signal.SIGINT)).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            room.post("interrupted")
        assert time.monotonic() - began < 5
    finally:
        hub.resume()
    room.post("after")
    assert room.history()[-1].text == "after"


def test_nothing_is_left_open(workspace: Path) -> None:
    own = psutil.Process()
    with collabchat.connect(workspace, user="ana") as chat:
        chat.create_room("pipeline")
    gc.collect()
    before = own.num_fds()
    for _ in range(10):
        with collabchat.connect(workspace, user="ana") as chat:
            chat.room("pipeline").post("x")
    gc.collect()
    until(lambda: own.num_fds() <= before)
    assert [thread.name for thread in threading.enumerate()].count("collabchat-io") == 1
