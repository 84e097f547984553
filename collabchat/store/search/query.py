"""The language of the search: text to a tree, and back. Any text is a query.

    words all of them          "a phrase"      -not      this or that      (a b) or c      begin*
    from:ana in:pipeline to:me mentions:bo has:file before:2026-01-31 is:unread type:pdf

`parse` never fails: what it does not understand it says in a sentence, and looks for the plain words instead.
Printing a query and parsing it again gives the same query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from collabchat.store.search.fold import fold

NAMES = ("from", "in", "to", "mentions")
DATES = ("before", "after", "on", "during")
HAS = ("file", "link", "image", "code", "reaction", "pin", "question")
IS = ("thread", "unread", "starred", "pinned", "edited")
KEYS = (*NAMES, *DATES, "has", "is", "type")
DEEPEST = 50
"""Parentheses within parentheses; more are read as if they were not there."""
_OTHER_NAMES = {
    "files": "file",
    "attachment": "file",
    "links": "link",
    "url": "link",
    "picture": "image",
    "images": "image",
    "pictures": "image",
    "reactions": "reaction",
    "pins": "pin",
    "pinned": "pin",
    "questions": "question",
    "threads": "thread",
    "star": "starred",
}


@dataclass(frozen=True)
class Term:
    """Words to be found."""

    text: str
    kind: Literal["word", "phrase", "prefix"] = "word"


@dataclass(frozen=True)
class Filter:
    """Something that is known of a message beside its words."""

    key: str
    value: str


@dataclass(frozen=True)
class Not:
    node: Node


@dataclass(frozen=True)
class And:
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    nodes: tuple[Node, ...]


Node = Term | Filter | Not | And | Or


@dataclass(frozen=True)
class Query:
    """A query that was understood, and what of it was not."""

    node: Node | None
    problems: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "" if self.node is None else printed(self.node)


# ---------------------------------------------------------------- reading

_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»"}
_FILTER = re.compile(rf"(?i)({'|'.join(KEYS)}):(?!//)(?!:)")


@dataclass
class _Piece:
    kind: Literal["word", "phrase", "prefix", "filter", "not", "open", "close", "or"]
    text: str = ""
    key: str = ""


def _pieces(text: str) -> Iterator[_Piece]:
    at, depth = 0, 0
    while at < len(text):
        letter = text[at]
        if letter.isspace():
            at += 1
        elif letter in _QUOTES:
            said, at = _quoted(text, at)
            yield _Piece("phrase", said)
        elif letter == "(" and depth < DEEPEST and not _smiles(text, at):
            depth, at = depth + 1, at + 1
            yield _Piece("open")
        elif letter == ")" and depth:
            depth, at = depth - 1, at + 1
            yield _Piece("close")
        elif letter == "-" and at + 1 < len(text) and not text[at + 1].isspace() and text[at + 1] not in "->":
            at += 1
            yield _Piece("not")
        elif match := _FILTER.match(text, at):
            at = match.end()
            key = match[1].lower()
            if at < len(text) and text[at] in _QUOTES:
                value, at = _quoted(text, at)
            else:
                value, at = _run(text, at, depth)
            yield _Piece("filter", value, key)
        else:
            word, at = _run(text, at, depth)
            if word.lower() == "or":
                yield _Piece("or", word)
            elif len(word) > 1 and word.endswith("*") and not word.endswith("**"):
                yield _Piece("prefix", word[:-1])
            else:
                yield _Piece("word", word)


def _quoted(text: str, at: int) -> tuple[str, int]:
    """What stands between quotation marks; a missing one stands at the end."""
    ends = _QUOTES[text[at]] + '"'
    end = next((number for number in range(at + 1, len(text)) if text[number] in ends), len(text))
    return text[at + 1 : end], end + 1


def _run(text: str, at: int, depth: int) -> tuple[str, int]:
    """What stands up to the next blank, without the parentheses that end what is around it."""
    end = at
    while end < len(text) and not text[end].isspace():
        end += 1
    run = text[at:end]
    extra = run.count(")") - run.count("(")
    while extra > 0 and depth > 0 and run.endswith(")") and run != ")":
        run, extra, depth, end = run[:-1], extra - 1, depth - 1, end - 1
    return run, end


def _smiles(text: str, at: int) -> bool:
    """Whether a parenthesis stands for itself: ``()``, or nothing follows."""
    return text[at + 1 : at + 2] in (")", "") or text[at + 1 : at + 2].isspace()


def parse(text: str) -> Query:
    """The query that a text is."""
    problems: list[str] = []
    reader = _Reader(list(_pieces(text)), problems)
    node = reader.any()
    return Query(node, tuple(dict.fromkeys(problems)))


class _Reader:
    def __init__(self, pieces: list[_Piece], problems: list[str]) -> None:
        self.pieces = pieces
        self.at = 0
        self.problems = problems

    def _peek(self) -> str:
        return self.pieces[self.at].kind if self.at < len(self.pieces) else ""

    def any(self, inside: bool = False) -> Node | None:
        """Alternatives, up to the end or the closing parenthesis."""
        choices: list[list[Node]] = [[]]
        while self._peek() not in ("", "close"):
            if self._peek() == "or":
                word = self.pieces[self.at].text
                self.at += 1
                if choices[-1] and self._peek() not in ("", "close", "or"):
                    choices.append([])
                else:  # it joins nothing: a word as any other
                    choices[-1].append(Term(word, "phrase"))
                continue
            node = self._one()
            if node is not None:
                choices[-1].append(node)
        if inside and self._peek() == "close":
            self.at += 1
        found = [_and(nodes) for nodes in choices if nodes]
        if not found:
            return None
        return found[0] if len(found) == 1 else _or(found)

    def _one(self) -> Node | None:
        piece = self.pieces[self.at]
        self.at += 1
        match piece.kind:
            case "not":
                if self._peek() in ("", "or", "close"):
                    return Term("-", "phrase")
                node = self._one()
                if node is None:
                    return None
                return node.node if isinstance(node, Not) else Not(node)
            case "open":
                return self.any(inside=True)
            case "filter":
                return self._filter(piece)
            case "phrase":
                return _phrase(piece.text)
            case "prefix":
                return _word(piece.text, "prefix")
            case _:
                return _word(piece.text, "word")

    def _filter(self, piece: _Piece) -> Node | None:
        value = " ".join(piece.text.replace('"', " ").split())
        if not value:
            self.problems.append(f"{piece.key}: needs something after the colon.")
            return None
        if piece.key in ("has", "is"):
            known = HAS if piece.key == "has" else IS
            wanted = _OTHER_NAMES.get(value.lower(), value.lower())
            if piece.key == "is" and wanted == "pin":
                wanted = "pinned"
            if wanted not in known:
                self.problems.append(f"{piece.key}:{value} is not known; there are {', '.join(known)}.")
                return _phrase(value)
            value = wanted
        return Filter(piece.key, value)


def _word(text: str, kind: Literal["word", "prefix"]) -> Term | None:
    if not fold(text):
        return None
    alone = [(piece.kind, piece.text) for piece in _pieces(f"{text}*" if kind == "prefix" else text)]
    if alone == [(kind, text)] and text[0] != "-" and text.count("(") == text.count(")"):
        return Term(text, kind)
    return _phrase(text)  # elsewhere it would mean something else: so it is quoted


def _phrase(text: str) -> Term | None:
    said = " ".join(text.replace('"', " ").split())
    return Term(said, "phrase") if fold(said) else None


def _and(nodes: list[Node]) -> Node:
    flat: list[Node] = []
    for node in nodes:
        flat += node.nodes if isinstance(node, And) else [node]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def _or(nodes: list[Node]) -> Node:
    flat: list[Node] = []
    for node in nodes:
        flat += node.nodes if isinstance(node, Or) else [node]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


# ---------------------------------------------------------------- writing


def printed(node: Node) -> str:
    """A query as text, from which `parse` makes the same again."""
    match node:
        case Term(text, "phrase"):
            return f'"{text}"'
        case Term(text, "prefix"):
            return f"{text}*"
        case Term(text, _):
            return text
        case Filter(key, value):
            return f'{key}:"{value}"' if _needs_quotes(value) else f"{key}:{value}"
        case Not(inner):
            return f"-({printed(inner)})" if isinstance(inner, And | Or) else f"-{printed(inner)}"
        case And(nodes):
            return " ".join(f"({printed(one)})" if isinstance(one, Or) else printed(one) for one in nodes)
        case Or(nodes):
            return " or ".join(printed(one) for one in nodes)


def _needs_quotes(value: str) -> bool:
    return value[0] in ":/" or any(
        letter.isspace() or letter in "()" or letter in _QUOTES or letter in "”»" for letter in value
    )


def terms(node: Node | None, *, wanted: bool = True) -> Iterator[Term]:
    """The terms of a query that are to be there (or, not ``wanted``, that are not to be)."""
    match node:
        case Term():
            if wanted:
                yield node
        case Not(inner):
            yield from terms(inner, wanted=not wanted)
        case And(nodes) | Or(nodes):
            for one in nodes:
                yield from terms(one, wanted=wanted)
        case _:
            return


def without(node: Node | None, gone: set[Filter]) -> Node | None:
    """A query without some filters."""
    match node:
        case Filter():
            return None if node in gone else node
        case Not(inner):
            left = without(inner, gone)
            return None if left is None else Not(left)
        case And(nodes) | Or(nodes):
            kept = [one for one in (without(each, gone) for each in nodes) if one is not None]
            if not kept:
                return None
            return _and(kept) if isinstance(node, And) else _or(kept)
        case _:
            return node
