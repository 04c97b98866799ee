"""What did a person write in a YAML file, and at which place?

PyYAML's parser (the C one when it is there) gives events; the tree is built from them without
recursion, so neither aliases nor depth can make it grow beyond the file. Words mean what they
say: only `true` and `false` are booleans, `NO` is a text, `012` and `1:30` are texts, and a date
is a date only as YYYY-MM-DD.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Final, NoReturn

import yaml

from ombud.document.findings import Findings, quoted
from ombud.document.node import Node, Value
from ombud.document.values import NOTHING, Nothing, meant
from ombud.errors import Place, WrittenWrong

BYTES_MAX: Final = 5_000_000
DEPTH_MAX: Final = 50
VALUES_MAX: Final = 250_000  # twenty times the largest policy imaginable; bounds memory

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What YAML allows in a file, turned round; a surrogate cannot be written as UTF-8.
_NOT_TEXT = re.compile(
    "[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
)
_SPLIT = "keep what is not policy or map in files of its own"
_DEEP = (f"values lie more than {DEPTH_MAX} deep in one another", "write it flatter")
_NO_ANCHORS = "write the value again where it is needed"
_TOO_DEEP = "exceeded maximum nesting depth"
_IN_OUR_WORDS = {
    _TOO_DEEP: _DEEP,
    "mapping values are not allowed in this context": (
        "a `:` stands where no key can be",
        'put text that holds `: ` in quotes, for example `title: "Mail: how we use it"`',
    ),
    "did not find expected key": (
        "the line is not indented like the lines it belongs to, or a quote or bracket is open",
        "indent keys of the same thing by the same number of spaces",
    ),
    "could not find expected ':'": (
        "a line is neither `key: value` nor a list item",
        "write `key: value` with a space after the colon",
    ),
    "found character that cannot start any token": (
        "a character stands where no value can start with it",
        "indent with spaces, never tabs, and put text that starts with `@`, `%` or a backtick"
        " in quotes",
    ),
    "did not find expected node content": (
        "a list or `{` is not closed",
        "write lists as `[a, b]` and keys as `{a: 1, b: 2}`",
    ),
    "found unexpected end of stream": (
        "a quote is opened and not closed",
        'end the text with the quote it starts with, for example `title: "Events"`',
    ),
    "did not find expected ',' or ']'": ("a list is not closed", "write it as `[a, b]`"),
    "did not find expected ',' or '}'": (
        "a `{` is not closed, or a comma is missing",
        "write it as `{a: 1, b: 2}`",
    ),
}


@dataclass(frozen=True)
class Document:
    """What one file holds.

    Args:
        root: Its keys and values.
        findings: Where everything wrong is collected, by this package and by the parser.
    """

    root: Node
    findings: Findings

    def digest(self) -> str:
        """Return the SHA-256 (hex) of what the file says.

        Comments, white space, quotes and the style of lists and mappings do not matter; the order
        of keys does, for notices follow it.
        """
        said = json.dumps(_plain(self.root), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()


def read_document(text: str | bytes, file: str) -> Document:
    """Return what a file holds; findings that let the parser go on are in it already.

    Args:
        text: The file, as text or as its bytes in UTF-8.
        file: Name as the writer knows it, relative to the workspace.

    Raises:
        WrittenWrong: Nothing in it can be read; it carries what was found.
    """
    findings = Findings(file)
    events = _Events(findings, _decoded(text, findings))
    try:
        root = events.read()
    except yaml.YAMLError as broken:
        _not_yaml(broken, findings)
        raise WrittenWrong(findings.all()) from None
    return Document(root, findings)


def _decoded(text: str | bytes, findings: Findings) -> str:
    if len(text) > BYTES_MAX:
        _give_up(findings, (0, 0), "Y05", "the file is larger than 5 MB", _SPLIT)
    try:
        text = text if isinstance(text, str) else text.decode()
    except UnicodeDecodeError as wrong:
        before = wrong.object[: wrong.start].decode()
        _give_up(findings, _end_of(before), "Y04", "not UTF-8 text", "save the file as UTF-8")
    text = text.removeprefix("\ufeff")
    control = _NOT_TEXT.search(text)
    if control:
        says = f"a character that is not text (U+{ord(control.group()):04X})"
        at = _end_of(text[: control.start()])
        _give_up(findings, at, "Y04", says, "take it out, and save the file as UTF-8 text")
    return text


def _end_of(text: str) -> tuple[int, int]:
    """Return 1-based line and column of the character that follows a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _give_up(findings: Findings, at: tuple[int, int], code: str, says: str, help: str) -> NoReturn:
    findings.add(Place(findings.file, *at), code, says, help=help)
    raise WrittenWrong(findings.all())


def _not_yaml(broken: yaml.YAMLError, findings: Findings) -> None:
    problem, mark = "", None
    if isinstance(broken, yaml.MarkedYAMLError):
        mark = broken.problem_mark or broken.context_mark
        problem = re.sub(r"found character '.*' that", "found character that", broken.problem or "")
    says, help = _IN_OUR_WORDS.get(problem, (problem or "not YAML", ""))
    at = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    code = "Y05" if problem == _TOO_DEEP else "Y01"
    findings.add(Place(findings.file, *at), code, says, help=help)


class _Open:
    """A list or mapping that is not finished, and the key its next value stands under."""

    __slots__ = ("key", "key_at", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.key: str | None = None
        self.key_at = (0, 0)


class _Events:
    """Builds the tree of one document from the parser's events."""

    def __init__(self, findings: Findings, text: str) -> None:
        self._findings = findings
        self._text = text
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._count = 0

    def read(self) -> Node:
        for event in yaml.parse(self._text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentStartEvent) and self._root is not None:
                says = "a second document starts"
                self._refuse(_at(event), "Y08", says, "keep one, and take the line `---` out")
                break
            if isinstance(event, yaml.NodeEvent):
                self._value(event)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._open.pop()
        return self._checked_root()

    def _checked_root(self) -> Node:
        root = self._root
        if root is None or root.value is None:
            _give_up(self._findings, (0, 0), "Y03", "the file is empty", "write `key: value` lines")
        if not root.has_keys and root.present:
            _give_up(
                self._findings,
                (root.where.line, root.where.column),
                "Y03",
                "the file does not start with keys",
                "write `key: value` lines",
            )
        return root

    def _value(self, event: yaml.NodeEvent) -> None:
        at = _at(event)
        self._count += 1
        if self._count > VALUES_MAX:
            says = f"the file has more than {VALUES_MAX} values"
            _give_up(self._findings, at, "Y05", says, _SPLIT)
        refused = self._refuse_extras(event, at)
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.node.value, dict) and top.key is None:
            self._key(top, event, at)
            return
        value: Value = NOTHING
        written = ""
        if isinstance(event, yaml.MappingStartEvent):
            value = {}
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
        elif isinstance(event, yaml.ScalarEvent) and not refused:
            written = event.value
            value = meant(written) if event.implicit[0] else written
        self._place(top, value, at, written)

    def _place(self, top: _Open | None, value: Value, at: tuple[int, int], written: str) -> None:
        """Put a value where it belongs, and open it where it goes on."""
        if top is None:
            node = Node(self._findings, self._findings.file, value, at, None, written)
            self._root = node
        elif isinstance(top.node.value, list):
            node = Node(self._findings, top.node.name, value, at, None, written)
            top.node.value.append(node)
        else:
            node = Node(self._findings, top.key or "", value, at, top.key_at, written)
            self._under_key(top, node)
        if isinstance(value, dict | list):
            if len(self._open) >= DEPTH_MAX:
                _give_up(self._findings, at, "Y05", *_DEEP)
            self._open.append(_Open(node))

    def _under_key(self, top: _Open, node: Node) -> None:
        values = top.node.value
        if top.key and isinstance(values, dict):
            if top.key in values:
                first = values[top.key].named_at
                says = (
                    f"key {quoted(top.key)} is written twice, first at {first.line}:{first.column}"
                )
                self._refuse(top.key_at, "Y09", says, "take one of the two out")
            else:
                values[top.key] = node
        top.key = None

    def _key(self, top: _Open, event: yaml.NodeEvent, at: tuple[int, int]) -> None:
        top.key_at = at
        if isinstance(event, yaml.ScalarEvent) and event.value and event.value != "<<":
            top.key = event.value
            return
        top.key = ""  # its value is read, for what is wrong in it, and then dropped
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<":
            self._refuse(at, "Y06", "a merge key `<<` is used", _NO_ANCHORS)
        elif not isinstance(event, yaml.AliasEvent):
            self._refuse(at, "Y10", "a key is not a word", "write a word before the colon")
        if isinstance(event, yaml.CollectionStartEvent):
            empty: Value = [] if isinstance(event, yaml.SequenceStartEvent) else {}
            self._open.append(_Open(Node(self._findings, "", empty, at)))

    def _refuse_extras(self, event: yaml.NodeEvent, at: tuple[int, int]) -> bool:
        """Record anchors, aliases and tags; return whether the value cannot be read for them."""
        if isinstance(event, yaml.AliasEvent):
            self._refuse(at, "Y06", f"an alias `*{event.anchor}` is used", _NO_ANCHORS)
            return True
        if event.anchor is not None:
            help = f"take `&{event.anchor}` out, and {_NO_ANCHORS}"
            self._refuse(at, "Y06", f"an anchor `&{event.anchor}` is used", help)
        tag = getattr(event, "tag", None)
        if tag is not None:
            shown = re.sub(r"^tag:yaml\.org,2002:", "!!", tag)
            self._refuse(at, "Y07", f"a tag {quoted(shown)} is used", "take it out")
        return tag is not None

    def _refuse(self, at: tuple[int, int], code: str, says: str, help: str) -> None:
        self._findings.add(Place(self._findings.file, *at), code, says, help=help)


def _at(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _plain(node: Node) -> object:
    """Return the meaning in lists, texts and mappings; recursion ends at DEPTH_MAX."""
    value = node.value
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    if isinstance(value, Nothing):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"": node.written}  # as written: 1.10 and 1.1 can be read as texts; no key is empty
    return value.isoformat() if isinstance(value, date) else value
