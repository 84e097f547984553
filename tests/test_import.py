"""`import collabchat` is light, and what it promises is there."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import collabchat
from collabchat.client import File

HEAVY = ["pandas", "numpy", "pyarrow", "duckdb", "tornado", "anywidget", "ipywidgets", "IPython", "asyncio", "msgspec"]
SERVER = ["pandas", "pyarrow", "duckdb", "tqdm", "anywidget", "ipywidgets", "collabchat.hub", "collabchat.store"]


def loaded_after(code: str) -> set[str]:
    program = f"import sys\nbefore = set(sys.modules)\n{code}\nprint('\\n'.join(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_loads_nothing_heavy() -> None:
    loaded = loaded_after("import collabchat; dir(collabchat); collabchat.__version__")
    assert loaded & set(HEAVY) == set()
    assert {name for name in loaded if name.startswith("collabchat")} == {"collabchat"}


def test_a_chat_loads_no_pandas(tmp_path: Path) -> None:
    loaded = loaded_after("import collabchat; collabchat.connect; collabchat.Chat")
    assert "collabchat.client" in loaded
    assert loaded & set(SERVER) == set()


def test_what_is_public_is_there() -> None:
    assert dir(collabchat) == sorted(collabchat.__all__)
    for name in collabchat.__all__:
        if name != "ChatPanel":
            assert getattr(collabchat, name) is not None


def test_what_is_not_there_says_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'search'"):
        collabchat.search  # noqa: B018


def test_the_panel_is_there() -> None:
    assert collabchat.ChatPanel.__name__ == "ChatPanel"


@pytest.mark.parametrize("module", ["collabchat.client", "collabchat.connection", "collabchat.frames"])
def test_all_is_complete(module: str) -> None:
    found = importlib.import_module(module)
    assert len(found.__all__) == len(set(found.__all__))
    assert all(hasattr(found, name) for name in found.__all__)


def test_public_names_have_examples() -> None:
    for kind in (collabchat.Chat, collabchat.Room, File):
        for name, value in vars(kind).items():
            if not name.startswith("_") and name not in getattr(kind, "__dataclass_fields__", ()):
                text = value.__doc__ or ""
                assert "Examples\n" in text, f"{kind.__name__}.{name}"
    assert all("Examples\n" in (value.__doc__ or "") for value in (collabchat.connect, collabchat.Message))


def test_types_are_shipped() -> None:
    assert (Path(collabchat.__file__).parent / "py.typed").exists()
