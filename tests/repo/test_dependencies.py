"""pyproject.toml says what the code needs, and environment.yml says the same."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

CONDA_NAMES = {"duckdb": "python-duckdb"}
"""Where conda-forge calls it something else."""
IMPORTED_AS = {"linkify_it": "linkify-it-py"}
"""Where a package of the core is called something else than what it brings."""
FOR_CONDA_ALONE = {"python", "pip", "nodejs"}
BROUGHT_BY = {
    "emoji": "emoji",
    "lxml": "lxml",
    "jupyter_client": "voila",
    "jupyter_core": "voila",
    "jupyter_server": "voila",
    "voila": "voila",
    "PIL": "pillow",
    "pypdfium2": "pypdfium2",
    "python_calamine": "python-calamine",
    "scipy": "scipy",
}
"""What these import where it is there, and which package of an extra brings it."""
BEYOND_THE_CORE = {"analytics", "app", "cli", "client", "importers", "previews"}


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def parts(requirement: str) -> tuple[str, str]:
    """The name, and what is said of its version."""
    match = re.match(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?\s*(.*)$", requirement)
    assert match is not None, requirement
    return match[1].lower(), match[2].replace(" ", "")


def used(project: dict[str, Any]) -> dict[str, str]:
    """What one needs to use the package: the core and the extras for users."""
    extras = project["optional-dependencies"]
    lines = [line for name, extra in extras.items() if name not in ("all", "dev") for line in extra]
    return dict(parts(line) for line in [*project["dependencies"], *lines])


def test_environment_yml_agrees_with_pyproject(root: Path, project: dict[str, Any]) -> None:
    environment = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))
    conda = dict(parts(line) for line in environment["dependencies"] if isinstance(line, str))
    python = conda.pop("python")
    expected = {CONDA_NAMES.get(name, name): bounds for name, bounds in used(project).items()}
    assert {name: bounds for name, bounds in conda.items() if name not in FOR_CONDA_ALONE} == expected
    assert python == project["requires-python"]
    assert {"pip": ["--editable ."]} in environment["dependencies"]


def test_every_requirement_has_a_lower_bound_and_no_cap(project: dict[str, Any]) -> None:
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    for line in lines:
        name, bounds = parts(line)
        if name != "collabchat":
            assert re.match(r">=\d", bounds), f"{line} has no lower bound"
            assert "<" not in bounds, f"{line} has a cap"


def test_the_extra_all_names_the_others_that_are_for_users(project: dict[str, Any]) -> None:
    extras = project["optional-dependencies"]
    for_users = sorted(set(extras) - {"all", "dev"})
    assert extras["all"] == [f"collabchat[{','.join(for_users)}]"]


def test_node_is_as_new_as_the_front_end_asks(root: Path, build_hook: Any) -> None:
    package = (root / "js" / "package.json").read_text(encoding="utf-8")
    engine = re.search(r'"node": ">=([\d.]+)"', package)
    assert engine is not None
    assert tuple(map(int, engine[1].split("."))) == build_hook.OLDEST_NODE


def imported(path: Path) -> set[str]:
    """The top-level names of what a module imports from elsewhere."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=aliases):
                names |= {alias.name.split(".")[0] for alias in aliases}
            case ast.ImportFrom(module=str(module), level=0):
                names.add(module.split(".")[0])
    return {IMPORTED_AS.get(name, name) for name in names} - set(sys.stdlib_module_names) - {"collabchat"}


def test_what_is_imported_is_required(root: Path, project: dict[str, Any]) -> None:
    core = {parts(line)[0] for line in project["dependencies"]}
    undeclared = {
        f"{path.relative_to(root)} imports {name}"
        for path in (root / "collabchat").rglob("*.py")
        for name in imported(path)
        if name not in core
        and not (
            path.relative_to(root / "collabchat").parts[0] in BEYOND_THE_CORE and BROUGHT_BY.get(name) in used(project)
        )
    }
    assert undeclared == set()


def test_what_is_required_is_imported_or_explained(root: Path, project: dict[str, Any]) -> None:
    core = {parts(line)[0] for line in project["dependencies"]}
    anywhere = {name for path in (root / "collabchat").rglob("*.py") for name in imported(path)}
    # ipywidgets is what anywidget stands on: named so that its lower bound is ours.
    assert core - anywhere <= {"ipywidgets"}
