"""The command line: its words, what it prints, its exit status, and what it leaves behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import nbformat
import pytest

import collabchat
from collabchat import cli, errors, protocol
from collabchat.cli import lab, talk
from collabchat.places import notebooks_folder, with_package

SOON = 30.0


def run(*words: str | Path, expect: int = 0, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "collabchat", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, **with_package({})},
        check=False,
    )
    assert done.returncode == expect, done
    assert "Traceback" not in done.stderr
    return done


def start(*words: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "collabchat", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **with_package({})},
    )


def end(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=SOON)
    return process.returncode, out, err


def wait_for_hub(workspace: Path) -> dict[str, Any]:
    deadline = time.monotonic() + SOON
    while talk.ask(workspace, protocol.Status(req=protocol.new_req()), protocol.HubStatus) is None:
        assert time.monotonic() < deadline, "no hub"
        time.sleep(0.05)
    return dict(json.loads((workspace / "hub.json").read_text()))


def answers(url: str) -> bool:
    """Whether the address gives a page, soon."""
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=SOON) as answer:
                return bool(answer.status == 200)
        except urllib.error.URLError:
            time.sleep(0.1)
    return False


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "team"


@pytest.fixture
def hub(workspace: Path) -> Iterator[subprocess.Popen[str]]:
    """A hub in the foreground."""
    process = start("hub", workspace)
    try:
        wait_for_hub(workspace)
        yield process
    finally:
        if process.poll() is None:
            end(process)
        else:
            process.communicate()


class TestWords:
    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["--version"]) == 0
        assert capsys.readouterr().out == f"collabchat {collabchat.__version__}\n"

    def test_help_names_every_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["--help"]) == 0
        said = capsys.readouterr().out
        assert all(f"    {name} " in said for name in cli.COMMANDS)

    @pytest.mark.parametrize("name", cli.COMMANDS)
    def test_every_command_helps(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main([name, "--help"]) == 0
        assert "usage: collabchat" in capsys.readouterr().out

    @pytest.mark.parametrize(
        "words",
        [
            [],
            ["fly"],
            ["hub"],
            ["hub", "team", "--stop", "--status"],
            ["hub", "team", "--idle", "soon"],
            ["hub", "team", "--idle", "-1"],
            ["hub", "https://example.org"],
            ["hub", "  "],
            ["hub", "team", "--json"],
            ["app", "team", "--port", "70000"],
            ["app", "team", "--port", "http"],
            ["app", "team", "--cull", "nan"],
            ["backup", "team"],
        ],
    )
    def test_wrong_words_are_2(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(words) == 2
        assert "collabchat" in capsys.readouterr().err

    def test_help_is_quick_and_loads_nothing_heavy(self) -> None:
        code = (
            "import sys, time; t = time.perf_counter(); from collabchat import cli\n"
            "try: cli.main(['--help'])\n"
            "except SystemExit: pass\n"
            "print(time.perf_counter() - t, sorted({'tornado', 'duckdb', 'pandas', 'pyarrow', 'msgspec', 'asyncio'}"
            " & set(sys.modules)), file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            env={**os.environ, **with_package({})},
        )
        seconds, loaded = done.stderr.split(maxsplit=1)
        assert loaded.strip() == "[]"
        assert float(seconds) < 0.5

    def test_python_m_collabchat_is_the_same(self) -> None:
        assert run("--version").stdout == f"collabchat {collabchat.__version__}\n"


class TestHub:
    def test_run_status_stop(self, workspace: Path, hub: subprocess.Popen[str]) -> None:
        said = run("hub", workspace, "--status").stdout
        assert f"The hub of {workspace} runs." in said
        assert f"version     {collabchat.__version__}, process {hub.pid}, up " in said

        status = json.loads(run("hub", workspace, "--status", "--json").stdout)
        assert status["running"] is True
        assert status["pid"] == hub.pid
        assert status["version"] == collabchat.__version__
        assert status["workspace"] == str(workspace)
        assert {"uptime", "members_connected", "seq", "database_bytes", "queue", "commit_p50", "commit_p99"} <= set(
            status
        )

        assert "has stopped" in run("hub", workspace, "--stop").stdout
        assert hub.wait(SOON) == 0
        assert not (workspace / "hub.json").exists()

    def test_stop_in_json(self, workspace: Path, hub: subprocess.Popen[str]) -> None:
        assert json.loads(run("hub", workspace, "--stop", "--json").stdout) == {
            "running": False,
            "pid": hub.pid,
            "workspace": str(workspace),
        }

    def test_a_second_one_is_refused(self, workspace: Path, hub: subprocess.Popen[str]) -> None:
        done = run("hub", workspace, expect=1)
        assert "runs already" in done.stderr
        assert done.stderr.count("\n") == 1

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_stops_it(self, workspace: Path, hub: subprocess.Popen[str], number: int) -> None:
        status, _, err = end(hub, number)
        assert status == 0, err
        assert "Traceback" not in err
        assert not (workspace / "hub.json").exists()

    def test_over_tcp(self, workspace: Path) -> None:
        process = start("hub", workspace, "--tcp")
        try:
            assert wait_for_hub(workspace)["address"].startswith("tcp:127.0.0.1:")
            assert json.loads(run("hub", workspace, "--status", "--json").stdout)["running"] is True
            run("hub", workspace, "--stop")
            assert process.wait(SOON) == 0
        finally:
            process.kill()
            process.communicate()

    def test_idle(self, workspace: Path) -> None:
        process = start("hub", workspace, "--idle", "0.2")
        assert process.wait(SOON) == 0
        process.communicate()

    @pytest.mark.parametrize("what", ["--status", "--stop"])
    def test_nobody_runs(self, workspace: Path, what: str) -> None:
        assert f"there is no folder {workspace}" in run("hub", workspace, what, expect=1).stderr
        workspace.mkdir()
        assert f"no hub of {workspace} runs" in run("hub", workspace, what, expect=1).stderr
        done = run("hub", workspace, what, "--json", expect=1)
        assert json.loads(done.stdout) == {"running": False, "workspace": str(workspace)}
        assert list(workspace.iterdir()) == [], "asking starts nothing"

    def test_a_hub_that_was_killed_is_nobody(self, workspace: Path, hub: subprocess.Popen[str]) -> None:
        hub.kill()
        hub.wait(SOON)
        assert (workspace / "hub.json").exists()
        assert "no hub" in run("hub", workspace, "--status", expect=1).stderr

    def test_a_workspace_that_is_a_file(self, workspace: Path) -> None:
        workspace.write_text("x")
        assert str(workspace) in run("hub", workspace, expect=1).stderr


class TestBackup:
    def test_while_it_is_in_use(self, workspace: Path, tmp_path: Path, hub: subprocess.Popen[str]) -> None:
        with collabchat.connect(workspace, user="ana") as chat:
            chat.create_room("pipeline").post("kept")
            copy = tmp_path / "copy"
            done = json.loads(run("backup", workspace, copy, "--json").stdout)
            assert done["backup"] == str(copy)
            assert done["bytes"] == (copy / "chat.duckdb").stat().st_size
            assert "is not empty" in run("backup", workspace, copy, expect=1).stderr
            chat.room("pipeline").post("later")
        self.holds(copy, ["kept"])

    def test_while_it_is_not(self, workspace: Path, tmp_path: Path, hub: subprocess.Popen[str]) -> None:
        with collabchat.connect(workspace, user="ana") as chat:
            chat.create_room("pipeline").post("kept")
        run("hub", workspace, "--stop")
        copy = tmp_path / "it's a copy"
        assert "is a copy of" in run("backup", workspace, copy).stdout
        self.holds(copy, ["kept"])
        assert run("doctor", copy).stdout.startswith(f"{copy} is whole")
        assert not (workspace / "hub.json").exists(), "no hub was started for it"

    def holds(self, copy: Path, texts: list[str]) -> None:
        with duckdb.connect(str(copy / "chat.duckdb"), read_only=True) as connection:
            rows = connection.execute("select text from messages where kind = 'text' order by seq").fetchall()
        assert [text for (text,) in rows] == texts

    def test_of_nothing(self, workspace: Path, tmp_path: Path) -> None:
        assert "is no workspace" in run("backup", workspace, tmp_path / "copy", expect=1).stderr
        assert not (tmp_path / "copy").exists()

    def test_of_something_else(self, workspace: Path, tmp_path: Path) -> None:
        workspace.mkdir()
        (workspace / "chat.duckdb").write_bytes(b"not a database" * 1000)
        assert "doctor" in run("backup", workspace, tmp_path / "copy", expect=1).stderr
        assert not (tmp_path / "copy").exists()


class TestDoctor:
    @pytest.fixture
    def filled(self, workspace: Path, hub: subprocess.Popen[str]) -> Path:
        with collabchat.connect(workspace, user="ana") as chat:
            chat.create_room("pipeline").post("kept")
        run("hub", workspace, "--stop")
        return workspace

    def test_a_whole_one(self, filled: Path) -> None:
        assert re.search(r"is whole: \d+ events, up to seq \d+\.", run("doctor", filled).stdout)
        report = json.loads(run("doctor", filled, "--json").stdout)
        assert report["whole"] is True
        assert report["findings"] == []

    def test_a_damaged_table_is_made_anew(self, filled: Path) -> None:
        with duckdb.connect(str(filled / "chat.duckdb")) as connection:
            connection.execute("delete from messages")
        said = run("doctor", filled, expect=1).stdout
        assert "messages:" in said
        assert "--repair" in said
        report = json.loads(run("doctor", filled, "--repair", "--json").stdout)
        assert report["whole"] is True
        assert report["found"][0]["where"] == "messages"
        assert Path(report["aside"]).exists()
        assert "is whole" in run("doctor", filled, "--repair").stdout
        with duckdb.connect(str(filled / "chat.duckdb"), read_only=True) as connection:
            assert connection.execute("select text from messages where kind = 'text'").fetchall() == [("kept",)]

    def test_in_use(self, workspace: Path, hub: subprocess.Popen[str]) -> None:
        assert "--stop" in run("doctor", workspace, expect=1).stderr

    def test_nothing_there(self, workspace: Path) -> None:
        assert "is no workspace" in run("doctor", workspace, expect=1).stderr


class TestLab:
    def test_the_tour_is_copied_beside_the_workspace_once(self, workspace: Path) -> None:
        tour = lab.copy_tour(workspace)
        assert tour == workspace.parent / "tour.ipynb"
        assert tour.read_bytes() == (notebooks_folder() / "tour.ipynb").read_bytes()
        tour.write_text("mine")
        assert lab.copy_tour(workspace) == tour
        assert tour.read_text() == "mine"

    def test_where_it_cannot_be_copied(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(errors.CollabchatError, match="cannot be copied"):
            lab.copy_tour(tmp_path / "file" / "team")

    def test_it_opens_jupyterlab_on_a_free_port(self, workspace: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            process = start("lab", workspace, "--no-browser", "--port", str(taken.getsockname()[1]))
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == f"The tour is {workspace.parent / 'tour.ipynb'}\n"
                url = ""
                assert process.stderr is not None
                for line in process.stderr:
                    if "http://127.0.0.1" in line and "/lab/tree/tour.ipynb?token=" in line:
                        url = line[line.index("http://") :].strip()
                        break
                assert f":{taken.getsockname()[1]}/" not in url
                assert answers(url)
            finally:
                process.terminate()
                process.communicate(timeout=SOON)
        notebook = nbformat.read(workspace.parent / "tour.ipynb", 4)
        assert notebook.cells


class TestErrors:
    def test_an_error_of_ours_is_one_line_and_1(
        self, workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from collabchat.cli import doctor

        def fail(options: object) -> int:
            raise errors.DiskFull("The disk is full.")

        monkeypatch.setattr(doctor, "run", fail)
        assert cli.main(["doctor", str(workspace)]) == 1
        assert capsys.readouterr().err == "collabchat doctor: The disk is full.\n"

    def test_ctrl_c_is_1_without_a_traceback(
        self, workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from collabchat.cli import doctor

        def interrupt(options: object) -> int:
            raise KeyboardInterrupt

        monkeypatch.setattr(doctor, "run", interrupt)
        assert cli.main(["doctor", str(workspace)]) == 1
        assert capsys.readouterr().err == "collabchat doctor: stopped.\n"

    def test_a_hub_of_another_machine_is_named(self, workspace: Path) -> None:
        workspace.mkdir()
        (workspace / "hub.json").write_text(
            json.dumps({"pid": 1, "address": "unix:/x", "version": "0", "host": "elsewhere", "started_at": 0})
        )
        assert "'elsewhere'" in run("hub", workspace, "--status", expect=1).stderr
