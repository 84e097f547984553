"""The contracts of import-linter cover every module, and say what the design says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

KERNEL_SIDE = {"app", "client", "connection", "frames", "panel"}


@pytest.fixture(scope="module")
def forbidden(root: Path) -> set[tuple[str, str]]:
    """Pairs (importer, imported) that some contract forbids."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    pairs: set[tuple[str, str]] = set()
    for contract in settings["contracts"]:
        names = "modules" if contract["type"] == "independence" else "source_modules"
        sources = [name.removeprefix("collabchat.") for name in contract[names]]
        targets = [name.removeprefix("collabchat.") for name in contract.get("forbidden_modules", contract[names])]
        pairs |= {(source, target) for source in sources for target in targets if source != target}
    return pairs


@pytest.fixture(scope="module")
def modules(root: Path) -> set[str]:
    """The modules and packages right under collabchat."""
    found = {
        path.stem
        for path in (root / "collabchat").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    return found - {"__init__", "__main__"}


def test_every_module_stands_in_the_contracts(forbidden: set[tuple[str, str]], modules: set[str]) -> None:
    assert {name for pair in forbidden for name in pair} == modules


def test_leaves_import_nothing(forbidden: set[tuple[str, str]], modules: set[str]) -> None:
    for leaf in ("protocol", "errors", "analytics"):
        assert {target for source, target in forbidden if source == leaf} == modules - {leaf}


@pytest.mark.parametrize("source", sorted(KERNEL_SIDE))
def test_the_kernels_side_knows_no_hub(source: str, forbidden: set[tuple[str, str]]) -> None:
    assert {(source, "hub"), (source, "store"), (source, "cli")} <= forbidden


def test_the_hubs_side_knows_no_client(forbidden: set[tuple[str, str]]) -> None:
    for source in ("hub", "store"):
        assert {target for where, target in forbidden if where == source} >= KERNEL_SIDE | {"cli"}
    assert ("store", "hub") in forbidden
