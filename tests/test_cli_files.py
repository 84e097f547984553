"""The commands about what was said and shared: search, files, index."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import stop_hub

import collabchat
from collabchat import cli, errors
from collabchat.cli import index, search, talk

CSV = b"table,seconds\nvisits,12\n"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cli") / "team"
    with collabchat.connect(folder, user="ana") as ana, collabchat.connect(folder, user="bo"):
        room = ana.create_room("pipeline", members=["bo"])
        room.post("the late invoice\nof \x1b[31mKöln", files=[("load.csv", CSV), ("../load.csv", b"other")])
        room.post("two invoices more")
        ana.create_room("secret", kind="private").post("an invoice", files=[("secret.txt", b"secret")])
    yield folder
    stop_hub(folder)


def run(*words: str | Path) -> int:
    return cli.main([str(word) for word in words])


class TestSearch:
    def test_what_it_prints(self, team: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("search", team, "late", "invoice", "--user", "ana") == 0
        said, complaint = capsys.readouterr()
        first, second = said.splitlines()
        assert first.startswith("pipeline · ana · 20")
        assert "the late invoice of" in second
        assert "\x1b" not in said
        assert complaint == ""

    def test_limits_orders_and_rooms(self, team: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("search", team, "invoice", "--user", "ana", "--limit", "1", "--sort", "oldest") == 0
        said = capsys.readouterr().out
        assert "late invoice" in said
        assert said.endswith("1 of 3; --limit shows more.\n")
        assert run("search", team, "invoice", "--user", "ana", "--room", "secret") == 0
        assert "an invoice" in capsys.readouterr().out

    def test_whose_messages(self, team: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("search", team, "invoice", "--user", "bo", "--json") == 0
        found = json.loads(capsys.readouterr().out)
        assert found["total"] == 2
        assert {hit["room"] for hit in found["hits"]} == {"pipeline"}
        [hit] = [hit for hit in found["hits"] if hit["text"].startswith("two")]
        assert "".join(hit["snippet"]) == "two invoices more"
        assert hit["snippet"][1].startswith("invoice")
        assert hit["author"] == "ana"
        assert hit["time"].endswith("+00:00")

    def test_a_file_that_fits(self, team: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("search", team, "load.csv", "--user", "ana") == 0
        assert "· load.csv ·" in capsys.readouterr().out

    def test_nothing_and_what_is_not_understood(self, team: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("search", team, "xyzzy", "--user", "ana") == 0
        assert capsys.readouterr().out == "Nothing fits 'xyzzy'.\n"
        assert run("search", team, "invoice from:nobody", "--user", "ana") == 0
        assert "nobody" in capsys.readouterr().err

    def test_in_a_terminal_the_words_are_marked(
        self, team: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "_in_colour", lambda: True)
        assert run("search", team, "late", "--user", "ana") == 0
        assert f"{search._MARK}late{search._PLAIN}" in capsys.readouterr().out

    @pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
    def test_colours_only_where_they_are_wanted(
        self, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        assert search._in_colour()
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        assert not search._in_colour()

    def test_it_could_not(self, team: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("search", tmp_path, "x") == 1
        assert "no workspace" in capsys.readouterr().err
        assert list(tmp_path.iterdir()) == [], "who only looks makes nothing"
        assert run("search", team, "x", "--user", "ana", "--room", "nowhere") == 1
        assert "no room 'nowhere'" in capsys.readouterr().err
        assert run("search", team, "x" * 1001, "--user", "ana") == 1

    @pytest.mark.parametrize("words", [["team"], ["team", "x", "--limit", "0"], ["team", "x", "--sort", "best"]])
    def test_wrong_words(self, words: list[str]) -> None:
        assert run("search", *words) == 2


class TestFiles:
    def test_the_list(self, team: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("files", team, "--user", "bo") == 0
        said = capsys.readouterr().out.splitlines()
        assert said[0].endswith("24 bytes  pipeline · ana · load.csv")
        assert said[-1] == "2 files, 29 bytes."
        assert run("files", team, "--user", "ana", "--room", "secret", "--json") == 0
        [row] = json.loads(capsys.readouterr().out)
        assert (row["name"], row["room"], row["size"], row["type"]) == ("secret.txt", "secret", 6, "text/plain")

    def test_saving(self, team: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        target = tmp_path / "out"
        assert run("files", team, "--user", "ana", "--save", target, "--json") == 0
        saved = json.loads(capsys.readouterr().out)
        assert saved == [str(target / name) for name in ("load.csv", "load (2).csv", "secret.txt")]
        assert [Path(one).read_bytes() for one in saved] == [CSV, b"other", b"secret"]
        assert run("files", team, "--user", "ana", "--save", target) == 0, "what is there need not come again"
        assert capsys.readouterr().out.splitlines() == saved
        (target / "load.csv").write_bytes(b"mine")
        assert run("files", team, "--user", "ana", "--save", target) == 1
        assert "is there already" in capsys.readouterr().err
        assert (target / "load.csv").read_bytes() == b"mine"

    def test_it_could_not(self, tmp_path: Path) -> None:
        assert run("files", tmp_path) == 1


class TestIndex:
    def test_how_it_is(self, team: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("index", team, "--rebuild") == 0
        assert "is up to date: 3 messages" in capsys.readouterr().out
        with collabchat.connect(team, user="ana") as ana:
            assert len(ana.search("invoice")) == 3
        assert run("index", team, "--json") == 0
        facts = json.loads(capsys.readouterr().out)
        assert (facts["messages"], facts["indexed"], facts["indexing"]) == (3, 3, False)

    def test_the_bar_follows_the_hub(
        self, team: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import msgspec

        real = index._status(team)
        steps = iter([0, 400, 900, 990])
        monkeypatch.setattr(
            index,
            "_status",
            lambda _: msgspec.structs.replace(real, messages=1000, indexed=(n := next(steps)), indexing=n < 990),
        )
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(index, "LOOK", 0.0)
        assert index._follow(team, quiet=False).indexed == 990
        assert "1000/1000" in capsys.readouterr().err

    def test_it_could_not(
        self, team: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert run("index", tmp_path) == 1
        monkeypatch.setattr(talk, "ask", lambda *_: None)
        with pytest.raises(errors.HubUnavailable, match="went away"):
            index._status(team)


def test_from_a_shell(team: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "collabchat", "search", str(team), "invoice", "--user", "ana", "--limit", "1"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert (len(done.stdout.splitlines()), done.stderr) == (3, "")


def test_without_a_hub_one_runs_as_long_as_the_index_is_built(team: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stop_hub(team)
    assert run("index", team, "--rebuild", "--json") == 0
    assert json.loads(capsys.readouterr().out)["messages"] == 3
    status = collabchat.protocol.Status(req=collabchat.protocol.new_req())
    assert talk.ask(team, status, collabchat.protocol.HubStatus) is None
