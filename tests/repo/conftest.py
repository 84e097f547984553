"""What the checks of the repository look at."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def files(root: Path) -> list[Path]:
    """Every file that is in git or would be with `git add .`, relative to the checkout."""
    said = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
    ).stdout
    found = [Path(name) for name in said.decode().split("\0") if name and (root / name).is_file()]
    assert Path("pyproject.toml") in found
    return found


@pytest.fixture(scope="session")
def texts(root: Path, files: list[Path]) -> dict[Path, str]:
    """Those of them that are text."""
    found = {}
    for path in files:
        content = (root / path).read_bytes()
        if b"\0" not in content and path.suffix not in {".pdf", ".png"}:
            found[path] = content.decode("utf-8")
    return found


@pytest.fixture(scope="session")
def build_hook(root: Path) -> ModuleType:
    """hatch_build.py as a module."""
    return load(root / "hatch_build.py")


@pytest.fixture(scope="session")
def generator(root: Path) -> ModuleType:
    """docs/generate.py as a module."""
    sys.path.insert(0, str(root / "docs"))
    try:
        return load(root / "docs" / "generate.py")
    finally:
        sys.path.remove(str(root / "docs"))


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
