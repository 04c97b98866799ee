"""What stands at one place of a file, and how is it read as what it should be?

No method here raises for what a person wrote: it records a finding and returns the default, so
that a parser goes on and tells everything at once. What is missing, or was found wrong already,
is a node too (`present` is false); it gives defaults and no second finding.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from ombud.document.findings import Findings, as_name, did_you_mean, is_name, listed, quoted
from ombud.document.values import LANGUAGES, NOTHING, Nothing, Scalar, written_day
from ombud.errors import Place

T = TypeVar("T")
S = TypeVar("S", bound=str)

Value = Scalar | dict[str, "Node"] | list["Node"] | Nothing


class Node:
    """A value with its place.

    Args:
        name: The key it stands under; an item of a list has the list's; the root has the file's.
        value: Single value, keys with nodes in the order written, or list of nodes.
        written: The text of a single value as it stands, without quotes.
        where: Place of the value.
        named_at: Place of its key; for the root and items, of the value.
    """

    __slots__ = ("_at", "_findings", "_named_at", "name", "needed", "value", "written")

    def __init__(
        self,
        findings: Findings,
        name: str,
        value: Value,
        at: tuple[int, int],
        named_at: tuple[int, int] | None = None,
        written: str = "",
    ) -> None:
        self._findings = findings
        self.name = name
        self.value = value
        self.written = written
        self.needed = False  # a key that cannot be left out
        self._at = at
        self._named_at = named_at or at

    @property
    def where(self) -> Place:
        """Place of the value."""
        return Place(self._findings.file, *self._at)

    @property
    def named_at(self) -> Place:
        """Place of the key the value stands under."""
        return Place(self._findings.file, *self._named_at)

    @property
    def present(self) -> bool:
        """Whether there is something to read."""
        return not isinstance(self.value, Nothing)

    @property
    def has_keys(self) -> bool:
        """Whether it is a mapping, `{key: value}`."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether it is a list, `[a, b]`."""
        return isinstance(self.value, list)

    def wrong(self, code: str, says: str, help: str = "", *, law: Sequence[str] = ()) -> None:
        """Record an error at the value."""
        self._findings.add(self.where, code, says, help=help, law=tuple(law))

    def wrong_key(self, code: str, says: str, help: str = "", *, law: Sequence[str] = ()) -> None:
        """Record an error at the key the value stands under."""
        self._findings.add(self.named_at, code, says, help=help, law=tuple(law))

    def doubtful(self, code: str, says: str, help: str = "", *, law: Sequence[str] = ()) -> None:
        """Record a warning at the value."""
        self._findings.add(self.where, code, says, help=help, law=tuple(law), severity="warning")

    def text(self, default: str = "") -> str:
        """Return the text; numbers and dates are read as they are written (`1.10`, `012`)."""
        if not self._is_single():
            return default
        if isinstance(self.value, bool):
            self.wrong(
                "Y14",
                f"not a text: {quoted(self.written)}",
                f'write it in quotes: "{self.written}"',
            )
            return default
        if not self.written.strip():
            self._is_empty()
            return default
        return self.written.strip()

    def texts(self, languages: Sequence[str]) -> dict[str, str]:
        """Return language → text; a plain text is in the first language.

        Languages of the organisation that are missing are a warning each; other keys than
        languages are errors. Without languages (they were found wrong), a plain text is read
        under `en` and nothing is missing.
        """
        if not self.present:
            return {}
        if isinstance(self.value, dict):
            if not self.value:
                self._is_empty()
                return {}
            self._languages_known(self.value)
            read = {tag: node.text() for tag, node in self.value.items() if tag in LANGUAGES}
            found = {tag: text for tag, text in read.items() if text}
        elif text := self.text():
            found = {languages[0] if languages else "en": text}
        else:
            return {}
        for missing in (tag for tag in languages if tag not in found):
            self._findings.add(
                self.named_at,
                "Y25",
                f"{quoted(self.name)} has no text in {quoted(missing)}",
                help=f'add `{missing}: "…"` beside the others',
                severity="warning",
            )
        return {tag: found[tag] for tag in languages if tag in found} | found

    def one_of(self, words: Collection[S], default: S) -> S:
        """Return the one of the words that is written."""
        text = self.text()
        for word in words:
            if text == word:
                return word
        if text:
            self.wrong(
                "Y15", f"{quoted(self.name)} cannot be {quoted(text)}", did_you_mean(text, words)
            )
        return default

    def known(
        self, names: Collection[str], what: str, *, under: str = "", code: str = "Y26"
    ) -> str:
        """Return the name if it is among the known ones; else empty, with what is near it.

        Args:
            names: What is known.
            what: What the name should be the name of, for the message: `category`, `clock`.
            under: Key of the file under which such names are declared.
            code: The finding's code.
        """
        text = self.text()
        if text and text not in names:
            help = did_you_mean(text, names)
            if under and not help.startswith("did"):
                help = f"declare it under `{under}:`{', or ' + help if help else ''}"
            self.wrong(code, f"unknown {what} {quoted(text)}", help)
            return ""
        return text

    def id(self) -> str:
        """Return the text, which must be a name: letters, digits, `_` and `-`."""
        text = self.text()
        if text and not is_name(text):
            self.wrong("Y16", f"not a name: {quoted(text)}", as_name(text))
            return ""
        return text

    def whole(self, default: int = 0, *, least: int = 0, most: int = 10**12) -> int:
        """Return the whole number; both ends of the range are in it."""
        if not self._is_single():
            return default
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.wrong(
                "Y17",
                f"not a whole number: {quoted(self.written)}",
                f"write for example `{max(least, 1)}`",
            )
            return default
        if not least <= self.value <= most:
            self.wrong(
                "Y17",
                f"{quoted(self.written)} is out of range",
                f"write a number from {least} to {most}",
            )
            return default
        return self.value

    def boolean(self, default: bool = False) -> bool:
        """Return true or false; `yes`, `no` and `on` are words, as in YAML 1.2."""
        if not self._is_single():
            return default
        if isinstance(self.value, bool):
            return self.value
        said = {"yes": "true", "on": "true", "ja": "true", "no": "false", "off": "false"}
        meant = said.get(self.written.lower(), self.written.lower())
        help = f"write `{meant}`" if meant in ("true", "false") else "write `true` or `false`"
        self.wrong("Y18", f"neither true nor false: {quoted(self.written)}", help)
        return default

    def day(self) -> date | None:
        """Return the date."""
        if not self._is_single():
            return None
        if isinstance(self.value, date):
            return self.value
        day = written_day(self.written)
        if day is None:
            help = "write year-month-day, for example `2026-01-31`"
            self.wrong("Y19", f"not a date: {quoted(self.written)}", help)
        return day

    def scalar(self) -> str | int | bool | None:
        """Return a value as it is compared with a column: text, whole number, true or false.

        Dates and numbers with a point come as the text that is written.
        """
        if not self._is_single():
            return None
        return self.value if isinstance(self.value, bool | int) else self.written

    def read(self, parse: Callable[[str], T], code: str = "Y28") -> T | None:
        """Return what another reader makes of the text, for example `Period.parse`.

        Args:
            parse: Raises `ValueError` for what it cannot read. Where the error has `says` and
                `help`, they become the finding.
            code: The finding's code; `Y02` for periods.
        """
        text = self.text()
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as refused:
            says = getattr(refused, "says", "") or f"{quoted(self.name)} cannot be {quoted(text)}"
            self.wrong(code, says, getattr(refused, "help", ""))
            return None

    def items(self, *, or_one: bool = False) -> list[Node]:
        """Return the items of a list.

        Args:
            or_one: A value that is not a list stands for a list of it alone.
        """
        if isinstance(self.value, list):
            if not self.value:
                self._is_empty()
            return self.value
        if self.value is None:
            self._is_empty()
        elif or_one and self.present:
            return [self]
        elif self.present:
            help = f"write `[{self.written}]`" if self.written else "start each with `- `"
            self.wrong("Y21", f"{quoted(self.name)} is not a list", help)
        return []

    def names(
        self,
        known: Collection[str] | None = None,
        what: str = "name",
        *,
        under: str = "",
        read: Callable[[Node], str] | None = None,
    ) -> tuple[str, ...]:
        """Return the names of a list, or the one name that stands alone, each once.

        Args:
            known: If given, each must be among them; see `known()`.
            what: What they are names of, for the message.
            under: Key of the file under which such names are declared.
            read: How each is read, where nothing need be known; as plain text without.
        """
        found: list[str] = []
        for item in self.items(or_one=True):
            if known is None:
                name = read(item) if read else item.text()
            else:
                name = item.known(known, what, under=under)
            if name in found:
                item.wrong("Y22", f"{quoted(name)} is named twice", "take one out")
            elif name:
                found.append(name)
        return tuple(found)

    def fields(self, *keys: str, example: str = "") -> Fields:
        """Return the values under known keys; every other key is a finding.

        Args:
            keys: All keys that can stand here.
            example: What could stand here, for the help line where there are no keys at all.
        """
        value = self._keyed(example or f"{{{keys[0]}: …}}")
        for key, node in value.items():
            if key not in keys:
                left = [k for k in keys if k not in value]
                help = _cut_by_comma(value, key) or did_you_mean(key, left)
                node.wrong_key("Y11", f"unknown key {quoted(key)}", help)
        return Fields(self, value, self._findings, any(key not in keys for key in value))

    def entries(self, *, any_name: bool = False) -> list[tuple[str, Node]]:
        """Return (name, value) for a mapping whose keys the writer chooses.

        Args:
            any_name: The names are not Ombud's to judge (columns of a database).
        """
        found = list(self._keyed("{name_1: …}").items())
        for key, node in found:
            if not any_name and not is_name(key):
                node.wrong_key("Y16", f"not a name: {quoted(key)}", as_name(key))
        return found

    def keys(self) -> tuple[str, ...]:
        """Return the keys, without judging them: for what must be known before it is read."""
        return tuple(self.value) if isinstance(self.value, dict) else ()

    def _keyed(self, example: str) -> Mapping[str, Node]:
        if isinstance(self.value, dict):
            return self.value
        if self.value is None:
            self._is_empty()
        elif self.present:
            self.wrong(
                "Y20",
                f"{quoted(self.name)} needs keys of its own"
                + (f", not {quoted(self.written)}" if self.written else ""),
                f"write `{self.name}: {example}`",
            )
        return {}

    def _is_single(self) -> bool:
        """Whether it is a value that can be read; if it is not, a finding was made."""
        if self.value is None:
            self._is_empty()
        elif isinstance(self.value, dict | list):
            self.wrong("Y27", f"{quoted(self.name)} must be a single value")
        return not isinstance(self.value, dict | list | Nothing) and self.value is not None

    def _is_empty(self) -> None:
        says = f"{quoted(self.name)} is empty"
        help = "write a value" if self.needed else "write a value, or take the key out"
        self.wrong_key("Y13", says, help)

    def _languages_known(self, texts: Mapping[str, Node]) -> None:
        for tag, node in texts.items():
            if tag not in LANGUAGES:
                norwegian = "write `nb` for bokmål or `nn` for nynorsk" if tag == "no" else ""
                help = norwegian or _cut_by_comma(texts, tag) or did_you_mean(tag, LANGUAGES)
                node.wrong_key("Y24", f"unknown language {quoted(tag)}", help)


def _cut_by_comma(values: Mapping[str, Node], key: str) -> str:
    """Return how to write a text that a comma cut in two: its rest stands as an empty key."""
    keys = list(values)
    before = values[keys[keys.index(key) - 1]] if keys.index(key) else None
    if before is None or values[key].value is not None or not before.written:
        return ""
    return f'put a text with commas in quotes: `{before.name}: "{before.written}, {key}"`'


class Fields:
    """The values under the known keys of one node."""

    def __init__(
        self, node: Node, values: Mapping[str, Node], findings: Findings, has_unknown: bool
    ) -> None:
        self.node = node
        self._has_unknown = has_unknown
        self._values = values
        self._findings = findings

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def optional(self, key: str) -> Node:
        """Return the value under a key, or a node that gives defaults."""
        found = self._values.get(key)
        return found if found is not None else self._nothing(key)

    def required(self, key: str, example: str = "…", *, law: Sequence[str] = ()) -> Node:
        """Return the value under a key; where it is missing, that is a finding.

        Args:
            key: The key.
            example: What could stand there, for the help line.
            law: Citations of what requires it.
        """
        found = self._values.get(key)
        if found is None and self.node.has_keys:
            says = f"{quoted(self.node.name)} lacks {quoted(key)}"
            self.node.wrong_key("Y12", says, f"add `{key}: {example}`", law=law)
        if found is None:
            return self._nothing(key)
        found.needed = True
        return found

    def one_key(self, *keys: str) -> tuple[str, Node]:
        """Return the one of these keys that is written, and its value; empty name: a finding."""
        written = [key for key in keys if key in self._values]
        if len(written) == 1:
            return written[0], self._values[written[0]]
        says = f"{quoted(self.node.name)} has none of {listed(keys)}"
        if written:
            says = f"{quoted(self.node.name)} has {listed(written)} where only one can be"
        # a misspelt key was told already
        if self.node.has_keys and (written or not self._has_unknown):
            self.node.wrong_key("Y23", says, "write exactly one")
        return "", self._nothing(keys[0])

    def _nothing(self, key: str) -> Node:
        return Node(self._findings, key, NOTHING, self.node._at, self.node._named_at)
