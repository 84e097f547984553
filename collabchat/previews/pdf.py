"""PDF: the first page as a picture, how many pages there are, and their words. By PDFium, which is built without
scripts here; without it there is nothing."""

from __future__ import annotations

from typing import Any

from collabchat import protocol as p
from collabchat.previews.jobs import Unreadable
from collabchat.previews.limits import Deadline
from collabchat.previews.pictures import Small, encode

SHOWN = 20_000
"""Characters of the beginning."""
DAMAGED = "This PDF could not be read: it may be damaged."
MISSING = 'PDF files are shown where the hub has the extra "files" installed.'


def first_page(path: str, side: int) -> Small | None:
    """The first page within a square; None where it cannot be made here."""
    try:
        import PIL  # noqa: F401
        import pypdfium2
    except ImportError:
        return None
    with _open(pypdfium2, path) as document:
        if len(document) == 0:
            return None
        try:
            page = document[0]
            width, height = page.get_size()
            scale = side / max(width, height, 1)
            # Of a strip, at least a pixel in each direction.
            if not (0 < width < 1e6 and 0 < height < 1e6 and min(width, height) * scale >= 1):
                return None
            return encode(page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"))
        except pypdfium2.PdfiumError:
            raise Unreadable(DAMAGED) from None


def preview(path: str, deadline: Deadline) -> p.AnyPreview:
    """How many pages, and how it begins."""
    try:
        import pypdfium2
    except ImportError:
        return p.NoPreview(problem=MISSING)
    with _open(pypdfium2, path) as document:
        return p.DocumentPreview(n_pages=len(document), text=_words(pypdfium2, document, SHOWN, deadline))


def words(path: str, most: int, deadline: Deadline) -> str:
    """The words of all pages."""
    try:
        import pypdfium2
    except ImportError:
        return ""
    with _open(pypdfium2, path) as document:
        return _words(pypdfium2, document, most, deadline)


def _open(pypdfium2: Any, path: str) -> Any:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("This PDF is locked with a password.") from None
        raise Unreadable(DAMAGED) from None


def _words(pypdfium2: Any, document: Any, most: int, deadline: Deadline) -> str:
    parts: list[str] = []
    length = 0
    for number in range(len(document)):
        try:
            found = _page(document[number])[: most - length]
        except pypdfium2.PdfiumError:
            continue  # the other pages may be whole
        if found:
            parts.append(found)
            length += len(found) + 2
        if length >= most or deadline.over:
            break
    return "\n\n".join(parts)


def _page(page: Any) -> str:
    text = page.get_textpage()
    found = str(text.get_text_bounded())
    text.close()
    page.close()
    # PDFium marks hyphens at the end of a line, and what has no letter.
    return found.replace("\r\n", "\n").replace("\ufffe", "").replace("\0", "").strip()
