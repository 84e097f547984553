"""Reads ``collabchat/protocol.py`` as text: its structs, their fields, and the sentences that stand under them.

The source is parsed, not imported, because what the two generated pages are made of (names of aliases, the
sentence under a field) is gone once Python has run it.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "collabchat" / "protocol.py"


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a struct."""

    name: str
    annotation: ast.expr
    default: ast.expr | None
    doc: str


@dataclass(frozen=True, kw_only=True)
class Struct:
    """A struct with all its fields, those of its bases first."""

    name: str
    tag: str | None
    doc: str
    bases: tuple[str, ...]
    """Every class above it in this file, the nearest first."""
    own_fields: tuple[Field, ...]
    fields: tuple[Field, ...]
    reply: str | None
    """For a request: the tag of its answer."""

    @property
    def is_request(self) -> bool:
        return "Request" in self.bases

    @property
    def is_command(self) -> bool:
        return "Command" in self.bases

    @property
    def is_event_data(self) -> bool:
        return "EventData" in self.bases


@dataclass(frozen=True, kw_only=True)
class Alias:
    """A name for a type: ``Id = Annotated[str, …]`` or a union of structs."""

    name: str
    value: ast.expr


def _sentences(text: str | None) -> str:
    return inspect.cleandoc(text) if text else ""


def _doc_after(body: list[ast.stmt], index: int) -> str:
    if index + 1 < len(body):
        match body[index + 1]:
            case ast.Expr(value=ast.Constant(value=str() as text)):
                return _sentences(text)
    return ""


def members_of(union: ast.expr) -> list[ast.expr]:
    """The parts of ``A | B | C``."""
    match union:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*members_of(left), *members_of(right)]
    return [union]


class Vocabulary:
    """Everything that the file defines, in its order."""

    def __init__(self, source: Path = SOURCE) -> None:
        self.module = ast.parse(source.read_text(encoding="utf-8"))
        self.doc = _sentences(ast.get_docstring(self.module))
        self.structs: dict[str, Struct] = {}
        self.aliases: dict[str, Alias] = {}
        self.constants: dict[str, tuple[int, str]] = {}
        for index, statement in enumerate(self.module.body):
            match statement:
                case ast.ClassDef(name=name) if not name.startswith("_"):
                    self._add_struct(statement)
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int(value))) if name[0] != "_":
                    self.constants[name] = (value, _doc_after(self.module.body, index))
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name[0].isupper():
                    self.aliases[name] = Alias(name=name, value=value)

    def _add_struct(self, node: ast.ClassDef) -> None:
        bases: list[str] = []
        inherited: list[Field] = []
        reply: str | None = None
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in self.structs:
                parent = self.structs[base.id]
                bases += [parent.name, *parent.bases]
                inherited += parent.fields
                reply = parent.reply
        own: list[Field] = []
        for index, statement in enumerate(node.body):
            match statement:
                case ast.AnnAssign(target=ast.Name(id="reply"), value=ast.Constant(value=str() as text)):
                    reply = text
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=default):
                    own.append(
                        Field(name=name, annotation=annotation, default=default, doc=_doc_after(node.body, index))
                    )
        tag = next(
            (word.value.value for word in node.keywords if word.arg == "tag" and isinstance(word.value, ast.Constant)),
            None,
        )
        self.structs[node.name] = Struct(
            name=node.name,
            tag=str(tag) if tag is not None else None,
            doc=_sentences(ast.get_docstring(node)),
            bases=tuple(bases),
            own_fields=tuple(own),
            fields=(*inherited, *own),
            reply=reply,
        )

    def union(self, name: str) -> list[Struct]:
        """The structs of a union such as ``AnyRequest``, those of unions inside it included."""
        found: list[Struct] = []
        for part in members_of(self.aliases[name].value):
            if not isinstance(part, ast.Name):
                raise TypeError(f"{name} holds something that is not a name: {ast.unparse(part)}")
            found += [self.structs[part.id]] if part.id in self.structs else self.union(part.id)
        return found

    @cached_property
    def by_tag(self) -> dict[str, Struct]:
        """What the hub says, by its ``type``."""
        return {struct.tag: struct for struct in self.union("AnyReply") if struct.tag}
