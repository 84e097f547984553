"""Zulip's rendered HTML as our Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin

Who = Callable[[str, str], str]
"""What stands for somebody: called with the id and the name that stand in the text."""
Where = Callable[[str, str], str]
"""What stands for a stream: called with its id and its name."""

_PLAIN = re.compile(r"[<&]")
_NEAR = re.compile(r"#narrow/.*/(?:near|with)/(\d+)(?:/|$)")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINES = re.compile(r"\n{3,}")
_CODEPOINTS = re.compile(r"emoji-([0-9a-f]{2,6}(?:-[0-9a-f]{2,6})*)$")
_FILE_ALONE = re.compile("^[ \t]*\ue004[^\ue004\ue005\n]*\ue005[ \t]*$\n?", re.MULTILINE)
_FILE = re.compile("\ue004([^\ue004\ue005]*)\ue005")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_EMPTY = {"br", "hr", "img", "wbr", "input", "path", "source"}
_DEEPEST = 80
_UPLOAD = re.compile(r"(?:^|/)user_uploads/([^?#]+)")
_SAID = re.compile(r"^\W*said\W*$")
_LONGEST_RUN = re.compile(r"`+")
_MARKS = {"strong": "**", "b": "**", "em": "_", "i": "_", "del": "~~", "s": "~~", "strike": "~~"}
_HEADINGS = {f"h{number}": number for number in range(1, 7)}


class Turned(NamedTuple):
    """A text, the message that it quotes, and the addresses of the files it encloses (with their names)."""

    text: str
    quotes: str | None = None
    files: tuple[tuple[str, str], ...] = ()


def turned(html: str, who: Who, where: Where, base: str = "") -> Turned:
    """Rendered HTML as Markdown; ``base`` is the address of the server, for what lies there.

    Raises
    ------
    ImportError
        Where ``lxml`` is not installed.
    """
    if html.startswith("<p>") and html.endswith("</p>") and not _PLAIN.search(html, 3, len(html) - 4):
        return Turned(html[3:-4].strip())
    if html.count("<") > _DEEPEST and _depth(html) > _DEEPEST:
        # What is in each other so deep is no writing any more, and the parser would cut it off: the words are kept.
        return Turned(unescape(_TAG.sub("", html)).strip())
    body = _parser()(html)
    turning = _Turning(who, where, base)
    text = turning.blocks(body)
    if "\ue004" in text:
        # A file that stands alone in its line is shown below the text; within a sentence its name stays.
        text = _LINES.sub("\n\n", _FILE.sub(r"\1", _FILE_ALONE.sub("", text)))
    return Turned(text.strip(), turning.quotes, tuple(turning.files.items()))


@lru_cache(maxsize=1)
def _parser() -> Callable[[str], Any]:
    try:
        from lxml import etree
    except ImportError as error:
        raise ImportError("Zulip's HTML needs lxml: pip install 'collabchat[imports]'.") from error
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)

    def parse(html: str) -> Any:
        return etree.fromstring(f"<body>{html or ' '}</body>".encode(), parser).find("body")

    return parse


class _Turning:
    def __init__(self, who: Who, where: Where, base: str) -> None:
        self.who, self.where, self.base = who, where, base
        self.quotes: str | None = None
        self.files: dict[str, str] = {}
        self.deep = 0
        """Quotations around: what stands in one is enclosed by another message."""

    def blocks(self, parent: Any) -> str:
        """What stands in an element: blocks with a line between, and the words among them."""
        parts: list[str] = []
        loose = _squeezed(parent.text)
        for one in parent:
            made = self.block(one)
            if made is None:
                loose += self.inline(one)
            else:
                parts += [_trimmed(loose), made]
                loose = ""
            loose += _squeezed(one.tail)
        parts.append(_trimmed(loose))
        return "\n\n".join(part for part in parts if part.strip())

    def block(self, one: Any) -> str | None:
        """A block; None where it stands within a line."""
        tag, kind = one.tag, one.get("class") or ""
        if tag == "p":
            return self.blocks(one) if _holds_blocks(one) else _trimmed(self.within(one))
        if tag == "div":
            return self._div(one, kind)
        if tag == "pre":
            return fenced(_words(one), one.get("data-code-language") or "")
        if tag == "blockquote":
            self.deep += 1
            text = self.blocks(one)
            self.deep -= 1
            return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
        if tag in ("ul", "ol"):
            return self._list(one)
        if tag == "table":
            return self._table(one)
        if tag == "hr":
            return "---"
        if tag in _HEADINGS:
            return f"{'#' * _HEADINGS[tag]} {_trimmed(self.within(one))}"
        if tag == "span" and kind == "katex-display":
            return f"$$\n{_tex(one)}\n$$"
        return None

    def _div(self, one: Any, kind: str) -> str:
        if "codehilite" in kind:
            return fenced(_words(one), one.get("data-code-language") or "")
        if "message_inline" in kind or "message_embed" in kind or "twitter" in kind:
            return self._picture(one) if "message_embed" not in kind else ""
        if "spoiler-block" in kind:
            return self._spoiler(one)
        return self.blocks(one)

    def _picture(self, one: Any) -> str:
        """A preview of what the text links to: the link stands there, unless the picture is all there is."""
        link = one.find(".//a")
        address = link.get("href") if link is not None else ""
        if address and _UPLOAD.search(address):
            self.enclosed(address, link.get("title") or "")
        return ""

    def _spoiler(self, one: Any) -> str:
        head = one.find("div[@class='spoiler-header']")
        content = next((each for each in one if "spoiler-content" in (each.get("class") or "")), None)
        title = _trimmed(self.blocks(head)) if head is not None else ""
        inside = self.blocks(content) if content is not None else ""
        return f"**{title or 'Spoiler'}**\n\n" + "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))

    def _list(self, one: Any) -> str:
        start = one.get("start") or "1"
        number = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1
        lines = []
        for item in one:
            if item.tag != "li":
                continue
            mark = f"{number}. " if one.tag == "ol" else "- "
            number += 1
            text = self.blocks(item).replace("\n\n-", "\n-").replace("\n\n1.", "\n1.")
            lines.append(
                mark + text.replace("\n", "\n" + " " * len(mark)).replace("\n" + " " * len(mark) + "\n", "\n\n")
            )
        return "\n".join(lines)

    def _table(self, one: Any) -> str:
        rows = [[self._cell(cell) for cell in row if cell.tag in ("th", "td")] for row in one.iter("tr")]
        rows = [row for row in rows if row]
        if not rows:
            return ""
        wide = max(map(len, rows))
        lines = ["| " + " | ".join(row + [""] * (wide - len(row))) + " |" for row in rows]
        lines.insert(1, "|" + " --- |" * wide)
        return "\n".join(lines)

    def _cell(self, cell: Any) -> str:
        return _trimmed(self.within(cell)).replace("\n", " ").replace("|", "\\|")

    def within(self, parent: Any) -> str:
        """What stands within a line."""
        parts = [_squeezed(parent.text)]
        for one in parent:
            parts += [self.inline(one), _squeezed(one.tail)]
        return "".join(parts)

    def inline(self, one: Any) -> str:
        """A piece of a line."""
        tag, kind = one.tag, one.get("class") or ""
        if tag == "br":
            return "\n"
        if tag == "code":
            return ticked(_words(one))
        if tag == "a":
            return self._link(one, kind)
        if tag == "span":
            return self._span(one, kind)
        if tag in _MARKS:
            return _around(self.within(one), _MARKS[tag])
        if tag == "img":
            return self._image(one, kind)
        if tag == "time":
            return _words(one) or one.get("datetime") or ""
        if not isinstance(tag, str):
            return ""
        return self.within(one)

    def _span(self, one: Any, kind: str) -> str:
        if "user-mention" in kind:
            name = _words(one).removeprefix("@")
            key = one.get("data-user-id") or one.get("data-user-email") or ""
            if key == "*":
                return f"@{name}"
            return self.who(key, name)
        if "user-group-mention" in kind or "topic-mention" in kind:
            return "@" + _words(one).removeprefix("@")
        if kind.startswith("emoji"):
            return _emoji(kind) or _words(one)
        if "katex-display" in kind:
            return f"$$ {_tex(one)} $$"
        if "katex" in kind:
            return f"$`{_tex(one)}`$" if "$" in _tex(one) else f"${_tex(one)}$"
        if kind == "timestamp-error":
            return _words(one)
        return self.within(one)

    def _link(self, one: Any, kind: str) -> str:
        address, label = one.get("href") or "", _trimmed(self.within(one)).replace("\n", " ")
        if kind == "stream":
            return self.where(one.get("data-stream-id") or "", label.removeprefix("#"))
        if kind == "stream-topic":
            stream, _, topic = label.removeprefix("#").partition(" > ")
            return f"{self.where(one.get('data-stream-id') or '', stream)} > {topic}"
        near = _NEAR.search(address)
        if near and _SAID.match(label) and _before_quotation(one):
            self.quotes = self.quotes or near[1]
            return label
        if _UPLOAD.search(address):
            if self.deep:
                return label
            self.enclosed(address, label)
            return f"\ue004{label}\ue005"
        return link(self._absolute(address), label)

    def _image(self, one: Any, kind: str) -> str:
        if kind.startswith("emoji"):
            return one.get("alt") or ""
        address = self._absolute(one.get("src") or "")
        return link(address, one.get("alt") or one.get("title") or "")

    def enclosed(self, address: str, name: str) -> None:
        """A file that lies on the server."""
        found = _UPLOAD.search(address)
        if found and not self.deep and not found[1].startswith("thumbnail/"):
            last = unquote(found[1].rpartition("/")[2])
            if address.startswith("user_uploads/"):
                address = f"/{address}"
            self.files.setdefault(address, name if name and "/" not in name and "." in name else last)

    def _absolute(self, address: str) -> str:
        return urljoin(self.base, address) if self.base and not re.match(r"[a-z]+:", address) else address


def fenced(code: str, language: str = "") -> str:
    """A block of code, in a fence that is longer than any in it."""
    code = code.strip("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in _LONGEST_RUN.findall(code)), default=0))
    word = language.split()[0].lower() if language.strip() else ""
    return f"{fence}{word}\n{code}\n{fence}"


def ticked(code: str) -> str:
    """Code within a line.

    Examples
    --------
    >>> ticked("a`b")
    '``a`b``'
    """
    runs = {len(run) for run in _LONGEST_RUN.findall(code)}
    ticks = "`" * next(number for number in range(1, len(runs) + 2) if number not in runs)
    space = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{ticks}{space}{code}{space}{ticks}"


def link(address: str, label: str) -> str:
    """A link, or the address alone where its label says no more."""
    bare = address.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").rstrip("/")
    if not address:
        return label
    if not label or label.rstrip("/") in (address.rstrip("/"), bare):
        return label if address.startswith("mailto:") and label else address
    label = label if label.startswith("`") else label.replace("[", "\\[").replace("]", "\\]")
    return f"[{label}](<{address}>)" if any(sign in address for sign in " ()") else f"[{label}]({address})"


def _depth(html: str) -> int:
    deep = deepest = 0
    for closing, tag in _TAG.findall(html):
        if tag.lower() not in _EMPTY:
            deep = max(0, deep - 1) if closing else deep + 1
            deepest = max(deepest, deep)
    return deepest


def _before_quotation(one: Any) -> bool:
    after = one.getparent().getnext()
    return after is not None and after.tag == "blockquote"


def _around(text: str, mark: str) -> str:
    core = text.strip()
    if not core:
        return text
    start = text.index(core)
    return f"{text[:start]}{mark}{core}{mark}{text[start + len(core) :]}"


def _emoji(kind: str) -> str:
    found = _CODEPOINTS.search(kind)
    try:
        return "".join(chr(int(code, 16)) for code in found[1].split("-")) if found else ""
    except (ValueError, OverflowError):
        return ""


def _tex(one: Any) -> str:
    source = next((each for each in one.iter() if each.tag == "annotation"), None)
    return _words(source).strip() if source is not None else _words(one)


def _holds_blocks(one: Any) -> bool:
    return any(each.tag in ("div", "pre", "blockquote", "ul", "ol", "table") for each in one)


def _words(one: Any) -> str:
    return "".join(one.itertext())


def _squeezed(text: str | None) -> str:
    if not text:
        return ""
    return _SPACES.sub(" ", text) if "\n" in text or "  " in text or "\t" in text else text


def _trimmed(text: str) -> str:
    text = text.strip()
    if "\n" not in text:
        return text
    return _LINES.sub("\n\n", "\n".join([line.strip() for line in text.split("\n")]))
