"""The pages: their links lead somewhere, their Python runs, and they name what is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from collabchat.frames.schema import SCHEMAS

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    return [code for kind, code in FENCE.findall(page.read_text(encoding="utf-8")) if kind == language]


def anchors(page: Path) -> set[str]:
    """Where one can link to, as GitHub makes them of headings."""
    found: list[str] = []
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        again = sum(other == anchor or re.fullmatch(rf"{re.escape(anchor)}-\d+", other) is not None for other in found)
        found.append(f"{anchor}-{again}" if again else anchor)
    return set(found)


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        where, _, anchor = target.partition("#")
        other = (page.parent / where).resolve() if where else page
        assert other.exists(), f"{short(page)} links to {target}"
        if anchor and other.suffix == ".md":
            assert anchor in anchors(other), f"{short(page)} links to {target}"


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=short)
def test_the_python_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    script = tmp_path / "page.py"
    script.write_text("\n".join([*blocks(page, "python"), "chat.close()\n"]), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(
            [sys.executable, "-W", "error", script.name],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
    finally:
        stop = [sys.executable, "-m", "collabchat", "hub", "team", "--stop"]
        subprocess.run(stop, cwd=tmp_path, env=environment, capture_output=True, check=False)


def test_every_column_of_a_frame_is_explained_and_no_other() -> None:
    page = (ROOT / "docs" / "frames.md").read_text(encoding="utf-8")
    explained = {
        name: re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE)
        for name, body in re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    }
    explained.pop("SQL")
    assert explained == {name: schema.names for name, schema in SCHEMAS.items()}


def commands() -> list[str]:
    """Every line of a page that calls the command line, with its words."""
    lines = [line for page in PAGES for block in blocks(page, "") for line in block.splitlines()]
    return [line.split("  ")[0] for line in lines if line.startswith("collabchat ")]


def test_there_are_commands_to_check() -> None:
    assert len(commands()) > 8


@pytest.mark.parametrize("line", commands())
def test_commands_are_ones_that_exist(line: str) -> None:
    from collabchat.cli import _parser

    words = line.split()[1:]
    assert _parser(words).parse_args(words).command == words[0]


def test_the_command_line_is_all_in_the_readme() -> None:
    from collabchat.cli import COMMANDS

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^collabchat (\w+)", text, re.MULTILINE)) == set(COMMANDS)


def test_what_the_pages_say_of_make_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert set(re.findall(r"(?:^|`)make ([a-z]+)(?:`|  |$)", text, re.MULTILINE)) <= targets, short(page)
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == targets


def test_the_changelog_knows_this_version() -> None:
    import collabchat

    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(collabchat.__version__)}\b", text, re.MULTILINE)


def test_the_house_that_contributing_shows_is_this_one() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1] for row in text.splitlines() if row.startswith("| `")]
    for row in rows:
        for path in re.findall(r"`((?:collabchat|js|notebooks|data|docs|tests)/[\w./]*)`", row):
            assert (ROOT / path).exists(), path
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["license"] == "BSD-3-Clause"
    for folder in (ROOT / "collabchat").iterdir():
        if (folder / "__init__.py").exists():
            assert f"{folder.name}/" in text, f"CONTRIBUTING.md does not say what {folder.name}/ is for"
