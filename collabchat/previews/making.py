"""What is made of which file; whatever happens, there is an answer."""

from __future__ import annotations

import traceback

from collabchat import protocol as p
from collabchat.previews import limits
from collabchat.previews.jobs import Job, Made, Unreadable
from collabchat.previews.limits import Deadline

DAMAGED = "This file could not be read: it may be damaged."
TOO_LARGE = "This file needs more memory to be shown than a preview may take."
TOO_DEEP = "This file is nested too deeply to be shown."


def make(job: Job) -> tuple[Made, bytes]:
    """Do one job. It never raises."""
    try:
        with limits.processor_time():
            return _make(job)
    except Unreadable as error:
        return _none(job, str(error)), b""
    except RecursionError:
        return _none(job, TOO_DEEP), b""
    except BaseException as error:  # a library that panics raises more than an Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        if limits.is_memory(error):
            return _none(job, TOO_LARGE, leaves=True), b""
        return _none(job, DAMAGED, fault=traceback.format_exc(limit=-6)[-4_000:]), b""


def _none(job: Job, problem: str, *, fault: str = "", leaves: bool = False) -> Made:
    preview = p.NoPreview(problem=problem) if job.what == "preview" else None
    return Made(preview=preview, fault=fault, leaves=leaves)


def _make(job: Job) -> tuple[Made, bytes]:
    match job.what:
        case "thumbnail":
            return _thumbnail(job)
        case "text":
            from collabchat.previews import words

            return Made(text=words.words(job, Deadline())), b""
    return Made(preview=_preview(job, Deadline())), b""


def _thumbnail(job: Job) -> tuple[Made, bytes]:
    from collabchat.previews import pdf, pictures

    found: pictures.Small | None = None
    if job.type == "application/pdf":
        found = pdf.first_page(job.path, job.side)
    elif job.kind == "picture":
        found = pictures.thumbnail(job.path, job.type, job.side)
    if found is None:
        return Made(), b""
    return Made(media_type=found.media_type, width=found.width, height=found.height), found.data


def _preview(job: Job, deadline: Deadline) -> p.AnyPreview:
    # Each reader is loaded when it is first needed.
    if job.type == "application/pdf":
        from collabchat.previews import pdf

        return pdf.preview(job.path, deadline)
    match job.kind:
        case "data":
            return _data(job, deadline)
        case "notebook":
            from collabchat.previews import notebook

            return notebook.preview(job.path)
        case "document":
            from collabchat.previews import office

            if office.is_office(job.type):
                return office.preview(job.path, job.type, deadline)
        case "archive":
            from collabchat.previews import archive

            return archive.preview(job.path, job.type, job.name, deadline)
    return _text(job)


def _data(job: Job, deadline: Deadline) -> p.AnyPreview:
    from collabchat.previews import tables

    found = tables.preview(job.path, job.type, deadline)
    return _text(job) if found is None else found


def _text(job: Job) -> p.AnyPreview:
    from collabchat.previews import texts

    if not texts.is_text(job.type, job.kind):
        return p.NoPreview()
    return texts.preview(job.path, job.name, job.type)
