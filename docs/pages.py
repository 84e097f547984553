"""The vocabulary of the protocol as tables of Markdown."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator

from typescript import type_of
from vocabulary import ROOT, Field, Struct, Vocabulary, members_of

TEMPLATE = ROOT / "docs" / "protocol.md.in"
ERRORS = ROOT / "collabchat" / "errors.py"
COMMON = {"req", "again"}


def protocol_page(words: Vocabulary) -> str:
    """The whole of ``docs/protocol.md``: the template with its tables filled in."""
    parts = {
        "types": _types(words),
        "requests": _requests(words, commands=False),
        "commands": _requests(words, commands=True),
        "replies": _structs(words.union("AnyReply"), words),
        "records": _structs(_records(words), words),
        "events": _structs(words.union("AnyEventData"), words),
        "errors": _errors(words),
    }

    def fill(match: re.Match[str]) -> str:
        return "\n".join(parts.pop(match[1])).strip()

    page = re.sub(r"<!-- (\w+) -->", fill, TEMPLATE.read_text(encoding="utf-8"))
    if parts:
        raise ValueError(f"the template has no place for {', '.join(parts)}")
    return re.sub(r"\n{3,}", "\n\n", page)


def _records(words: Vocabulary) -> list[Struct]:
    """What stands inside of the others, and what heads a binary frame of a client."""
    shown = {struct.name for union in ("AnyRequest", "AnyReply", "AnyEventData") for struct in words.union(union)} | {
        "EventData",
        "Request",
        "Command",
    }
    return [struct for struct in words.structs.values() if struct.name not in shown]


def _text(doc: str) -> str:
    """One line, in the marks of Markdown; a name of a struct becomes the word on the wire where it has one."""
    return re.sub(r"``([^`]+)``", r"`\1`", " ".join(doc.split()))


def _linked(doc: str, words: Vocabulary) -> str:
    def link(match: re.Match[str]) -> str:
        struct = words.structs.get(match[1])
        if struct is None:
            return f"`{match[1]}`"
        return f"[{struct.tag or struct.name}](#{_anchor(struct, words)})"

    return re.sub(r"`(\w+)`", link, _text(doc))


def _anchor(struct: Struct, words: Vocabulary) -> str:
    """Where a struct's heading is; of two that differ only in case, the later one has a number."""
    if struct.tag:
        return struct.tag
    tags = {other.tag for other in words.structs.values()}
    return struct.name.lower() + ("-1" if struct.name.lower() in tags else "")


def _types(words: Vocabulary) -> Iterator[str]:
    yield "| name | on the wire |"
    yield "| --- | --- |"
    for name, alias in words.aliases.items():
        if not name.startswith("Any"):
            kind = type_of(alias.value).replace(" | ", ", ").replace('"', "`")
            limits = _limits(alias.value)
            yield f"| `{name}` | {kind}{': ' + limits if limits else ''} |"


def _limits(annotation: ast.expr) -> str:
    """What `Meta` says, in words."""
    said: list[str] = []
    for part in members_of(annotation):
        match part:
            case ast.Subscript(
                value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[kind, ast.Call(keywords=keywords)])
            ):
                things = "entries" if isinstance(kind, ast.Subscript) else "characters"
                said += _meta({word.arg or "": _number(word.value) for word in keywords}, things)
    return ", ".join(said)


def _number(node: ast.expr) -> str:
    match node:
        case ast.BinOp(left=ast.Constant(value=int(base)), op=ast.Pow(), right=ast.Constant(value=int(power))):
            return f"{base}^{power}"
    value = ast.literal_eval(node)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _meta(limits: dict[str, str], things: str) -> Iterator[str]:
    low, high = limits.get("min_length"), limits.get("max_length")
    if low and high:
        yield f"{low} to {high} {things}"
    elif high:
        yield f"at most {high} {things}"
    if "ge" in limits and "le" in limits:
        yield f"{limits['ge']} to {limits['le']}"
    if "pattern" in limits:
        yield f"`{limits['pattern'].replace('|', chr(92) + '|')}`"


def _kind(field: Field, words: Vocabulary) -> str:
    kind = type_of(field.annotation).replace(" | ", " or ").replace('"', "`")
    if kind == "AnyEventData":
        return "one of the [events](#events)"
    return re.sub(r"(\w+)", lambda match: _record(match[1], words), kind)


def _record(name: str, words: Vocabulary) -> str:
    struct = words.structs.get(name)
    return f"[{name}](#{_anchor(struct, words)})" if struct and not struct.tag else name


def _default(field: Field) -> str:
    return "required" if field.default is None else f"`{json.dumps(ast.literal_eval(field.default))}`"


def _table(fields: Iterable[Field], words: Vocabulary, *, defaults: bool) -> Iterator[str]:
    head = ["field", "type", "default", ""] if defaults else ["field", "type", ""]
    rows = []
    for field in fields:
        remarks = [_limits(field.annotation), _linked(field.doc, words)]
        cells = [f"`{field.name}`", _kind(field, words), *([_default(field)] if defaults else [])]
        rows.append([*cells, "; ".join(filter(None, remarks))])
    if rows:
        yield ""
        yield from ("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def _requests(words: Vocabulary, *, commands: bool) -> Iterator[str]:
    for struct in words.union("AnyRequest"):
        if struct.is_command is commands:
            yield f"### {struct.tag}"
            yield ""
            reply = words.by_tag[struct.reply or "ack"]
            said = [_linked(struct.doc, words)]
            if not commands and "Answered by" not in struct.doc:
                said.append(f"Answered by [{reply.tag}](#{_anchor(reply, words)}).")
            yield " ".join(filter(None, said))
            shown = [field for field in struct.fields if field.name not in COMMON]
            yield from _table(shown, words, defaults=True)
            yield ""


def _structs(structs: Iterable[Struct], words: Vocabulary) -> Iterator[str]:
    for struct in structs:
        yield f"### {struct.tag or struct.name}"
        if struct.doc:
            yield from ["", _linked(struct.doc, words)]
        yield from _table(struct.fields, words, defaults=False)
        yield ""


def _errors(words: Vocabulary) -> Iterator[str]:
    """Each code, the exception that it becomes in Python, and that exception's sentence."""
    module = ast.parse(ERRORS.read_text(encoding="utf-8"))
    docs = {node.name: ast.get_docstring(node) or "" for node in module.body if isinstance(node, ast.ClassDef)}
    classes = {}
    for node in ast.walk(module):
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            classes = {
                ast.literal_eval(key): value.id
                for key, value in zip(node.value.keys, node.value.values, strict=True)
                if key is not None and isinstance(value, ast.Name)
            }
    match words.aliases["ErrorCode"].value:
        case ast.Subscript(slice=ast.Tuple(elts=codes)):
            yield "| code | in Python | |"
            yield "| --- | --- | --- |"
            for code in codes:
                name = classes.get(ast.literal_eval(code), "CollabchatError")
                meaning = "An error of the hub itself: its log says more." if name == "CollabchatError" else docs[name]
                yield f"| `{ast.literal_eval(code)}` | `errors.{name}` | {_text(meaning)} |"
