"""What does a person's export of a system say? CSV files, taken into a database for a moment.

One file per table of the map: a header row, UTF-8, `;` or `,` between fields. The database is a
file in a folder that nobody else can read, and is gone when the block ends, however it ends.
No message names a value: a file without its header row would give a person away.
"""

from __future__ import annotations

import csv
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from typing import Final, Literal, TextIO
from zoneinfo import ZoneInfo

from ombud.connectors.sql import SqlConnector
from ombud.document import quoted
from ombud.errors import WrongUse
from ombud.systems.model import System, Table
from ombud.systems.predicate import OneOf, Predicate, ReadsAs, Scalar
from ombud.systems.walk import end_of, leaves

Kind = Literal["text", "moment", "utc_moment", "day", "iso", "seconds", "flag", "whole"]

_TYPES: Final[Mapping[Kind, str]] = {
    "text": "TEXT",
    "moment": "DATETIME",
    "utc_moment": "DATETIME",
    "day": "DATE",
    "iso": "TEXT",
    "seconds": "INTEGER",
    "flag": "BOOLEAN",
    "whole": "INTEGER",
}
_READ: Final[Mapping[ReadsAs, Kind]] = {
    "auto": "moment",
    "local": "moment",
    "utc": "utc_moment",
    "date": "day",
    "iso_text": "iso",
    "unix_seconds": "seconds",
}
_FIELD_MAX: Final = 16 * 1024 * 1024  # characters in one field: more is no answer of a person
_DELIMITERS: Final = (";", ",")

_DATE = r"(?:(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)|(?P<d2>\d\d?)([-.])(?P<m2>\d\d?)\5(?P<y2>\d{4}))"
_TIME = (
    r"(?:[T ]+(?P<H>\d\d?):(?P<M>\d\d)(?::(?P<S>\d\d)(?:[.,]\d+)?)?(?P<zone>Z| ?[+-]\d\d:?\d\d)?)?"
)
_MOMENT: Final = re.compile(_DATE + _TIME, re.ASCII)
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_NO_DATE: Final = re.compile(r"0000-00-00.*")  # MariaDB's way to say none
_TRUE: Final = frozenset(("1", "true", "t", "yes", "y", "ja", "j", "sand", "sann"))
_FALSE: Final = frozenset(("0", "false", "f", "no", "n", "nej", "nei", "falsk", "usann"))


@dataclass(frozen=True)
class Export:
    """An export while it is open.

    Args:
        connector: The way into it; its system's tables are named by their ids.
        rows: Table id to its rows.
        unmapped: Table id to the numbers (from 1) of its file's columns that are not on the map;
            they were not taken in.
        delimiter: What stands between fields.
    """

    connector: SqlConnector
    rows: Mapping[str, int]
    unmapped: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    delimiter: str = ","


@contextmanager
def opened_export(
    system: System, export: Path, connect: Callable[[System, str], SqlConnector]
) -> Iterator[Export]:
    """Take an export in, give it, and leave nothing of it behind.

    Args:
        system: Out of reach; its tables describe the export.
        export: Folder with a file `TABLE.csv` for each table, or the one file of the one table.
        connect: Gives the way into a database for a system and a URL.

    Raises:
        WrongUse: A file is missing or cannot be read as the map says; the message names row and
            column, never a value.
    """
    # Tables go by their ids: an export has no schemas, and names may be those of files.
    tables = {t.id: replace(t, name=t.id, schema="") for t in system.tables.values()}
    system = replace(system, tables=tables, schema="")
    if not tables:
        raise WrongUse(
            f"the map does not say what an export of {quoted(system.id)} holds",
            help=f"add `tables:` to {quoted(system.id)} in systems.yaml",
        )
    folder = Path(tempfile.mkdtemp(prefix="ombud-export-"))  # for its owner alone
    try:
        file = folder / "export.sqlite"
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            loader = _Loader(system, database)
            rows = {t.id: loader.load(t, _file_of(t, export, system)) for t in tables.values()}
        connector = connect(system, f"sqlite:///{file}")
        try:
            yield Export(connector, rows, loader.unmapped, loader.delimiter)
        finally:
            connector.close()
    finally:
        shutil.rmtree(folder)


def _file_of(table: Table, export: Path, system: System) -> Path:
    """Return the file of a table."""
    if export.is_file() and len(system.tables) == 1:
        return export
    if not export.is_dir():
        what = "a folder" if export.is_file() else "there"
        raise WrongUse(
            f"the export {quoted(export.name)} is not {what}",
            help="name the folder with " + ", ".join(f"`{t}.csv`" for t in system.tables),
        )
    found = {path.name.casefold(): path for path in export.iterdir() if path.is_file()}
    name = f"{table.id}.csv"
    if name.casefold() not in found:
        raise WrongUse(
            f"the export has no file `{name}`",
            help=f"download {quoted(table.id)} as CSV into the folder under that name",
        )
    return found[name.casefold()]


# ---------------------------------------------------------------- taking in


@dataclass
class _Loader:
    system: System
    database: sqlite3.Connection
    unmapped: dict[str, tuple[int, ...]] = field(default_factory=dict)
    delimiter: str = ","

    def load(self, table: Table, path: Path) -> int:
        """Take in a table; return its number of rows."""
        before = csv.field_size_limit(_FIELD_MAX)
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                return self._load(table, path.name, lines)
        except OSError as failed:
            raise WrongUse(f"`{path.name}` cannot be read: {failed.strerror}") from None
        except UnicodeDecodeError:
            raise WrongUse(
                f"`{path.name}` is not UTF-8", help="choose UTF-8 where you download or save it"
            ) from None
        finally:
            csv.field_size_limit(before)

    def _load(self, table: Table, name: str, lines: TextIO) -> int:
        kinds = _kinds(self.system, table)
        header, self.delimiter = _header(lines, name, kinds)
        places = _places(header, name, kinds)
        known = set(places.values())
        others = tuple(i + 1 for i in range(len(header)) if i not in known)
        if others:
            self.unmapped[table.id] = others
        self._create(table, kinds)
        return self._fill(table, kinds, places, _Rows(name, lines, self.delimiter, len(header)))

    def _create(self, table: Table, kinds: Mapping[str, Kind]) -> None:
        columns = [f"{_quote(c)} {_TYPES[kind]}" for c, kind in kinds.items()]
        key = ", ".join(_quote(c) for c in table.key)
        self._run(f"CREATE TABLE {_quote(table.id)} ({', '.join(columns)}, PRIMARY KEY ({key}))")
        for number, names in enumerate(_linked(self.system, table)):
            on = ", ".join(_quote(c) for c in names)
            index = _quote(f"ix_{table.id}_{number}")
            self._run(f"CREATE INDEX {index} ON {_quote(table.id)} ({on})")

    def _fill(
        self, table: Table, kinds: Mapping[str, Kind], places: Mapping[str, int], rows: _Rows
    ) -> int:
        marks = ", ".join("?" for _ in places)
        named = ", ".join(_quote(c) for c in places)
        insert = f"INSERT INTO {_quote(table.id)} ({named}) VALUES ({marks})"  # noqa: S608 quoted names
        zone = ZoneInfo(self.system.zone)
        count = 0
        self._run("BEGIN")
        for number, fields in rows:
            values = []
            for column, place in places.items():
                try:
                    values.append(_value(fields[place].strip(), kinds[column], zone))
                except (ValueError, OverflowError):
                    raise rows.wrong(number, column, kinds[column]) from None
                if values[-1] is None and column in table.key:
                    raise WrongUse(
                        f"`{rows.name}`, row {number}: the key {quoted(column)} is empty"
                    )
            try:
                self.database.execute(insert, values)
            except sqlite3.IntegrityError:
                says = f"`{rows.name}`, row {number}: a row above has the same key"
                raise WrongUse(says, help="does the map name the right `key:`?") from None
            count += 1
        self._run("COMMIT")
        return count

    def _run(self, statement: str) -> None:
        try:
            self.database.execute(statement)
        except sqlite3.Error as failed:
            raise WrongUse(
                f"the export of {quoted(self.system.id)} could not be taken in"
                f" ({type(failed).__name__})",
                help="are two columns of a table the same but for capital letters?",
            ) from None


@dataclass
class _Rows:
    """The rows of a file with their numbers, as a spreadsheet counts them."""

    name: str
    lines: TextIO
    delimiter: str
    width: int

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self.lines, delimiter=self.delimiter, strict=True)
        number = 1
        while True:
            number += 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise WrongUse(f"`{self.name}`, row {number}: not CSV") from None
            if not any(fields):
                continue
            if len(fields) != self.width:
                raise WrongUse(
                    f"`{self.name}`, row {number}: {len(fields)} fields, {self.width} in the header"
                )
            yield number, fields

    def wrong(self, number: int, column: str, kind: Kind) -> WrongUse:
        """Return the error for a field that is not of its kind; the value is not told."""
        what, help = {
            "seconds": ("a number of seconds", "write seconds since 1970"),
            "flag": ("yes or no", "write `true` or `false`"),
            "whole": ("a whole number", "take it out of the conditions, or write numbers"),
        }.get(kind, ("a date that Ombud reads", _DATES))
        says = f"`{self.name}`, row {number}: {quoted(column)} is not {what}"
        return WrongUse(says, help=help)


_DATES: Final = (
    "dates are written as 2026-11-24, 24-11-2026 or 24.11.2026, a time after it as 13:45 or "
    "13:45:10"
)


def _header(lines: TextIO, name: str, kinds: Mapping[str, Kind]) -> tuple[list[str], str]:
    """Return the names in the header row, and what stands between them."""
    first = lines.readline()
    best: tuple[list[str], str] = ([], ",")
    for delimiter in _DELIMITERS:
        try:
            fields = next(csv.reader([first], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        names = [each.strip() for each in fields]
        if not best[0] or len(set(names) & set(kinds)) > len(set(best[0]) & set(kinds)):
            best = names, delimiter
    if not best[0]:
        raise WrongUse(f"`{name}` has no header row", help="its first row names the columns")
    return best


def _places(header: list[str], name: str, kinds: Mapping[str, Kind]) -> dict[str, int]:
    """Return column to its place in a row."""
    missing = [column for column in kinds if column not in header]
    if missing:
        named = ", ".join(quoted(column) for column in missing)
        raise WrongUse(
            f"the header row of `{name}` lacks {named}",
            help="download it with these columns, or mend the map",
        )
    twice = [column for column in kinds if header.count(column) > 1]
    if twice:
        raise WrongUse(f"the header row of `{name}` has {quoted(twice[0])} twice")
    return {column: header.index(column) for column in kinds}


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# ---------------------------------------------------------------- what the map says of columns


def _kinds(system: System, table: Table) -> dict[str, Kind]:
    """Return every column of a table that the map names, and how it is read."""
    names = dict.fromkeys((*table.key, *table.columns, *table.not_personal))
    for columns in _linked(system, table):
        names |= dict.fromkeys(columns)
    for link in system.links.values():
        if link.child == table.id:
            names |= dict.fromkeys(column for column, _ in link.when)
    times = dict(_times(system, table))
    compared = _compared(system, table)
    return {name: times.get(name) or _kind_of(compared.get(name, ())) for name in names}


def _linked(system: System, table: Table) -> list[tuple[str, ...]]:
    found: dict[tuple[str, ...], None] = {}
    for link in system.links.values():
        if link.child == table.id:
            found[tuple(child for child, _ in link.columns)] = None
        if link.parent == table.id:
            found[tuple(parent for _, parent in link.columns)] = None
    return list(found)


def _times(system: System, table: Table) -> Iterator[tuple[str, Kind]]:
    """Yield the columns of a table that hold dates, wherever the map reads them from."""
    for other in system.tables.values():
        clocks = [c for serve in other.serves.values() for c in serve.clocks.values()]
        clocks += [c for cap in other.caps.values() for c in cap.clocks.values()]
        paths = [(p, c.reads_as) for c in clocks for p in (c.path, c.otherwise)]
        for serve in other.serves.values():
            for consent in serve.consents.values():
                paths += [(p, consent.reads_as) for p in (consent.given, consent.withdrawn)]
        for path, reads_as in paths:
            if path is not None and end_of(system, other.id, path.hops) == table.id:
                yield path.column, _READ[reads_as]


def _compared(system: System, table: Table) -> dict[str, set[Scalar]]:
    """Return column to the values that conditions compare it with."""
    found: dict[str, set[Scalar]] = {}
    for other in system.tables.values():
        conditions: list[Predicate] = [cap.when for cap in other.caps.values()]
        for serve in other.serves.values():
            conditions += [serve.when, *serve.states.values()]
        for condition in conditions:
            for end, part in leaves(system, other.id, condition):
                if end == table.id and isinstance(part, OneOf):
                    found.setdefault(part.column, set()).update(part.values)
    for link in system.links.values():
        for column, value in link.when if link.child == table.id else ():
            found.setdefault(column, set()).add(value)
    return found


def _kind_of(values: Iterable[Scalar]) -> Kind:
    kinds = {type(value) for value in values}
    return "flag" if kinds == {bool} else "whole" if kinds == {int} else "text"


# ---------------------------------------------------------------- values


def _value(text: str, kind: Kind, zone: ZoneInfo) -> str | int | None:
    """Return a field as it is stored.

    Raises:
        ValueError: It is not of its kind.
    """
    if not text:
        return None
    if kind in ("seconds", "whole"):
        if _WHOLE.fullmatch(text):
            return int(text)
        raise ValueError
    if kind == "flag":
        if text.casefold() in _TRUE | _FALSE:
            return int(text.casefold() in _TRUE)
        raise ValueError
    if kind == "text":
        return text
    moment = _moment(text, UTC if kind == "utc_moment" else zone)
    return moment[:10] if kind == "day" and moment else moment


def _moment(text: str, zone: tzinfo) -> str | None:
    """Return a date, or a date and time in a zone, as ISO text; None for MariaDB's zero date."""
    if _NO_DATE.fullmatch(text):
        return None
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError
    y, m, d = (match[a] or match[b] for a, b in (("y", "y2"), ("m", "m2"), ("d", "d2")))
    day = date(int(y), int(m), int(d))
    if match["H"] is None:
        return day.isoformat()
    at = datetime.combine(day, time(int(match["H"]), int(match["M"]), int(match["S"] or 0)))
    if match["zone"]:
        offset = match["zone"].strip().replace("Z", "+00:00")
        at = datetime.fromisoformat(f"{at.isoformat()}{offset}").astimezone(zone)
    return at.replace(tzinfo=None).isoformat(sep=" ")
