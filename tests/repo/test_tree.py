"""The files of the repository: what is there, and what must not be."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

LINES = 500
"""About 400 is the habit; past this a file is surely two."""
NAMESPACES = ("http://www.w3.org/",)
"""Names that look like addresses and are never fetched."""


def test_files_have_one_noun(root: Path) -> None:
    long = {
        f"{path.relative_to(root)}: {lines} lines"
        for path in (root / "collabchat").rglob("*.py")
        if path.name != "protocol.py"  # one vocabulary, in one place
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LINES
    }
    assert long == set()


@pytest.mark.parametrize(
    "generated",
    ["collabchat/panel/static/panel.js", "js/node_modules/x/index.js", "dist/collabchat.whl", ".venv/bin/python"],
)
def test_what_is_built_is_not_for_git(root: Path, generated: str) -> None:
    assert subprocess.run(["git", "check-ignore", "-q", generated], cwd=root, check=False).returncode == 0


def test_nothing_built_is_in_git(root: Path) -> None:
    ignored = subprocess.run(
        ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert ignored == ""


def test_text_files_end_in_one_newline_and_know_no_carriage_return(texts: dict[Path, str]) -> None:
    for path, text in texts.items():
        if text and path.parts[0] != "data":
            assert "\r" not in text, path
            assert text.endswith("\n"), path
            assert not text.endswith("\n\n"), path


def test_no_path_of_somebodys_own_machine(texts: dict[Path, str]) -> None:
    own = re.compile(r"(?<![\w.~/])/(?:home|Users|root|work|mnt|workspace)/[\w.]")
    found = [
        f"{path}: {line.strip()[:100]}"
        for path, text in texts.items()
        for line in text.splitlines()
        if own.search(line)
    ]
    assert found == []


def test_ci_can_be_run(root: Path) -> None:
    script = root / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text(encoding="utf-8")


def test_the_lock_of_the_front_end_is_whole(root: Path) -> None:
    """`npm ci` refuses a lock without the packages of other systems, which npm leaves out where it cannot find them."""
    packages = json.loads((root / "js" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    here = {path.rpartition("node_modules/")[2] for path in packages}
    wanted = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
    assert wanted - here == set()
    assert not [path for path, package in packages.items() if "://" in package.get("resolved", "")]


def test_notebooks_are_stored_without_output(root: Path) -> None:
    import nbformat

    notebooks = sorted((root / "notebooks").glob("*.ipynb"))
    assert notebooks
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        assert "widgets" not in notebook.metadata, path
        for cell in notebook.cells:
            if cell.cell_type == "code":
                assert cell.outputs == [], path
                assert cell.execution_count is None, path


def test_the_bundle_names_no_outside_host(root: Path) -> None:
    bundle = root / "collabchat" / "panel" / "static"
    scripts = [*bundle.glob("*.js"), *bundle.glob("*.css")]
    assert scripts, "build it: cd js && npm run build"
    for path in scripts:
        found = re.findall(
            r"(?:https?:|wss?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s\"'`)]*", path.read_text(encoding="utf-8")
        )
        assert [address for address in found if not address.startswith(NAMESPACES)] == [], path


def test_pages_and_templates_name_no_outside_host(root: Path) -> None:
    for path in (root / "collabchat").rglob("*"):
        if path.suffix in {".html", ".j2", ".css", ".js"} and "static" not in path.parts:
            assert (
                re.findall(r"(?:src|href)=[\"']?(?:https?:)?//|url\([\"']?https?:|@import", path.read_text()) == []
            ), path


def public_modules() -> list[Path]:
    """What users import from; the command line, the hub and the store promise no names."""
    package = Path(__file__).resolve().parent.parent.parent / "collabchat"
    return sorted(
        path
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0] not in {"app", "cli", "hub", "store"}
        and "__all__ = [\n" in path.read_text(encoding="utf-8").replace('__all__ = ["', '__all__ = [\n"')
    )


@pytest.mark.parametrize("path", public_modules(), ids=lambda path: "/".join(path.parts[-2:]))
def test_all_is_complete(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    listed: list[str] = []
    defined: set[str] = set()
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List() as value):
                listed = ast.literal_eval(value)
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                defined.add(name)
    assert len(listed) == len(set(listed))
    assert {name for name in defined if not name.startswith("_")} <= set(listed)


def test_every_name_of_the_package_is_there() -> None:
    import collabchat

    assert set(collabchat.__all__) == {
        name for name in [*collabchat._HOMES, "__version__"] if getattr(collabchat, name) is not None
    }
    assert "connect" in dir(collabchat)
    with pytest.raises(AttributeError, match="no attribute 'conect'"):
        _ = collabchat.conect
