"""The wheel: built without a Node on the path, and used where nothing else is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

NEEDED_BY_NPM = ("sh", "env", "uname")


def run(words: list[str], *, cwd: Path, environment: Mapping[str, str]) -> str:
    done = subprocess.run(words, cwd=cwd, env=dict(environment), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of a machine without Node: next to nothing is on the path."""
    tools = tmp_path_factory.mktemp("tools")
    for name in NEEDED_BY_NPM:
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return environment | {"PATH": str(tools)}


@pytest.fixture(scope="module")
def clone(root: Path, files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a fresh clone holds."""
    copy = tmp_path_factory.mktemp("clone")
    for path in files:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / path, copy / path)
    assert not (copy / "collabchat" / "panel" / "static").exists()
    return copy


@pytest.fixture(scope="module")
def wheel(clone: Path, bare: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "build", "--wheel", "--outdir", str(out)], cwd=clone, environment=bare)
    return next(out.glob("*.whl"))


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_everything_and_nothing_else(wheel: Path, files: list[Path]) -> None:
    inside = names(wheel)
    assert {"collabchat/panel/static/panel.js", "collabchat/panel/static/panel.css", "collabchat/py.typed"} <= inside
    later = {
        name.split("/")[-1].rpartition("-")[0] for name in inside if name.startswith("collabchat/panel/static/assets/")
    }
    assert {"drawn", "highlight", "math", "emoji", "emoji-de"} <= later
    assert "collabchat/panel/static/panel.js.LEGAL.txt" in inside
    for path in files:
        match path.parts:
            case ["collabchat", *_]:
                assert path.as_posix() in inside
            case ["data", *rest]:
                assert "/".join(["collabchat/_sample", *rest]) in inside
            case ["notebooks", *rest]:
                assert "/".join(["collabchat/_notebooks", *rest]) in inside
    assert {name.split("/")[0] for name in inside} == {"collabchat"}
    assert wheel.stat().st_size < 5_000_000


def test_an_sdist_builds_the_same_wheel_without_any_node(
    wheel: Path, clone: Path, bare: Mapping[str, str], tmp_path: Path
) -> None:
    run([sys.executable, "-m", "build", "--sdist", "--outdir", str(tmp_path)], cwd=clone, environment=bare)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    source = next(path for path in tmp_path.iterdir() if path.is_dir())
    assert (source / "js" / "src").is_dir()
    assert not (source / "js" / "node_modules").exists()
    # With no isolation and no Node on the path, any build of the panel would fail.
    run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)],
        cwd=source,
        environment=bare,
    )
    assert names(next(tmp_path.glob("*.whl"))) == names(wheel)


SMOKE = """
import sys
import collabchat
from collabchat.places import notebooks_folder, sample_folder
assert "site-packages" in collabchat.__file__, collabchat.__file__
assert (notebooks_folder() / "tour.ipynb").is_file()
assert any((sample_folder() / "conversation").glob("*.chat"))
heavy = {"pandas", "pyarrow", "duckdb", "anywidget", "tornado.web"} & set(sys.modules)
assert not heavy, heavy
with collabchat.connect("team", user="ana") as chat:
    room = chat.create_room("pipeline")
    room.post("done")
    assert list(chat.messages()["text"].dropna())[-1] == "done"
    assert chat.panel() is not None
print(collabchat.__version__)
"""


def test_the_wheel_works_in_a_bare_environment(wheel: Path, bare: Mapping[str, str], tmp_path: Path) -> None:
    home = tmp_path / "environment"
    venv.EnvBuilder(with_pip=True).create(home)
    python = home / "bin" / "python"
    run([str(python), "-m", "pip", "install", "--quiet", str(wheel)], cwd=tmp_path, environment=bare)
    version = run([str(python), "-c", SMOKE], cwd=tmp_path, environment=bare).split()[-1]
    said = run([str(home / "bin" / "collabchat"), "--version"], cwd=tmp_path, environment=bare)
    assert version in said
    run([str(home / "bin" / "collabchat"), "hub", "team", "--stop"], cwd=tmp_path, environment=bare)
