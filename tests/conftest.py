"""What tests of several modules ask for: a workspace of their own, and people in it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collabchat import Chat

sys.path.insert(0, str(Path(__file__).parent / "helpers"))

# Each submission is judged by the same examples; new ones are drawn wherever somebody works. How long one takes says
# more about the machine than about the code.
settings.register_profile("house", deadline=None)
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "house")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    """A folder that is not there yet; the hub that comes to run for it is stopped at the end."""
    folder = tmp_path / "team"
    yield folder
    from hubs import stop_hub

    stop_hub(folder)


@pytest.fixture
def chat_of(workspace: Path) -> Iterator[Callable[..., Chat]]:
    """Makes a chat of the workspace for a handle; all are closed at the end."""
    import collabchat

    made: list[Any] = []

    def connect(user: str, **options: Any) -> Any:
        made.append(collabchat.connect(workspace, user=user, **options))
        return made[-1]

    yield connect
    for chat in made:
        chat.close()
