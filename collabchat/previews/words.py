"""All words of a file, for the search: at most so many, and of the beginning where there are more."""

from __future__ import annotations

from collabchat.previews.jobs import Job, Unreadable
from collabchat.previews.limits import Deadline

MOST = 1_000_000
"""Characters."""


def words(job: Job, deadline: Deadline) -> str:
    """The words; empty where a file has none that can be read."""
    try:
        found = _words(job, deadline)
    except Unreadable:
        return ""
    return found[:MOST].encode("utf-8", "replace").decode().replace("\0", " ")


def _words(job: Job, deadline: Deadline) -> str:
    # Each reader is loaded when it is first needed.
    from collabchat.previews import texts

    if job.type == "application/pdf":
        from collabchat.previews import pdf

        return pdf.words(job.path, MOST, deadline)
    if job.kind == "notebook":
        return _notebook(job.path)
    if job.kind == "document":
        from collabchat.previews import office

        if office.is_office(job.type):
            return office.read(job.path, job.type, MOST, deadline)[0]
    if texts.is_text(job.type, job.kind):
        return texts.beginning(job.path, MOST)[0]
    if job.kind == "data":
        from collabchat.previews import tables

        return tables.words(job.path, job.type, MOST, deadline)
    return ""


def _notebook(path: str) -> str:
    from collabchat.previews import notebook

    parts: list[str] = []
    length = 0
    for cell in notebook.cells(notebook.load(path)):
        for text in (notebook.source(cell), notebook.output(cell)):
            if text:
                parts.append(text)
                length += len(text)
        if length >= MOST:
            break
    return "\n\n".join(parts)
