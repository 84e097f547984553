"""A file of some content, as the process that reads it is given it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collabchat.previews.jobs import Job
from collabchat.previews.making import make
from collabchat.store.media import HEAD, media_of


@pytest.fixture
def job_of(tmp_path: Path) -> Callable[..., Job]:
    """Writes a file under a name that says nothing, and makes the job."""

    def job(content: bytes | str, name: str, what: str = "preview", side: int = 480) -> Job:
        raw = content.encode() if isinstance(content, str) else content
        media_type, kind = media_of(raw[:HEAD], name)
        path = tmp_path / "content"
        path.write_bytes(raw)
        return Job(what=what, path=str(path), name=name, type=media_type, kind=kind, size=len(raw), side=side)  # type: ignore[arg-type]

    return job


@pytest.fixture
def preview_of(job_of: Callable[..., Job]) -> Callable[..., object]:
    """The preview of some content; what nobody had thought of fails."""

    def preview(content: bytes | str, name: str) -> object:
        made, _ = make(job_of(content, name))
        assert made.fault == ""
        return made.preview

    return preview


@pytest.fixture
def words_of(job_of: Callable[..., Job]) -> Callable[..., str]:
    """The words of some content, for the search."""

    def words(content: bytes | str, name: str) -> str:
        made, _ = make(job_of(content, name, "text"))
        assert made.fault == ""
        return made.text

    return words
