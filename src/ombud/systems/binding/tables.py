"""Is all of the database on the map, and all of the map in the database: tables, columns, keys?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.document import listed, quoted
from ombud.errors import Finding, Place
from ombud.systems.binding.view import Bound, Pair, found, nearest_live
from ombud.systems.headers import guess, is_of_people
from ombud.systems.live import LiveTable
from ombud.systems.model import Table
from ombud.systems.stub import one_line, yaml_name

_TRANSACTIONAL = ("", "innodb", "xtradb", "rocksdb")


def unmapped(bound: Bound) -> Iterator[Finding]:
    """Yield what the database has and the map has not."""
    for physical, live in bound.live.items():
        if physical not in bound.mapped and not live.view:
            name = ".".join(part for part in physical if part)
            yield found(
                bound.system.where,
                "Z11",
                f"table {quoted(name)} of {quoted(bound.system.id)} is not on the map",
                f"add under `tables:` and look through it: {one_line(live, physical[0])}",
                severity="warning",
                law=("GDPR Art. 30(1)",),
            )
    for pair in bound.pairs.values():
        yield from _unmapped_columns(pair)


def _unmapped_columns(pair: Pair) -> Iterator[Finding]:
    table, live = pair.table, pair.live
    of_people = is_of_people(live)
    for name, column in live.columns.items():
        if name in table.columns or name in table.not_personal:
            continue
        seems = guess(column, of_people=of_people)
        if seems.category:
            help = f"add `{yaml_name(name)}: {seems.category}` under `columns:` of"
            help += f" {quoted(table.id)}, or the name to its `not_personal:`"
        else:
            help = f"add `{yaml_name(name)}` to `not_personal:` of {quoted(table.id)}, or with its"
            help += " category under `columns:`"
        says = f"column {quoted(f'{table.id}.{name}')} is neither personal nor not personal"
        yield found(table.where, "Z10", says, help, law=("GDPR Art. 5(1)(e)",))


def missing(bound: Bound) -> Iterator[Finding]:
    """Yield what the map has and the database has not."""
    names = tuple(name for _, name in bound.live)
    seen: dict[tuple[str, str], str] = {}
    for table in bound.system.tables.values():
        pair = bound.pairs.get(table.id)
        if pair is None:
            says = f"table {quoted(table.name)} is not in the database"
            near = nearest_live(table.name, names)
            help = near.replace("write `", "write `name: ") if near.startswith("write") else near
            yield found(table.where, "Z20", says, help or "take it out of the map")
            continue
        first = seen.setdefault(bound.physical(pair.live), table.id)
        if first != table.id:
            says = f"{quoted(table.id)} and {quoted(first)} are the same table"
            help = "keep one, with the serves and columns of both"
            yield found(table.where, "Z14", says, help)
        yield from _missing_columns(bound, pair)


def _missing_columns(bound: Bound, pair: Pair) -> Iterator[Finding]:
    table, live = pair.table, pair.live
    for name, where in _named_columns(bound, table).items():
        if name not in live.columns:
            says = f"column {quoted(f'{table.id}.{name}')} is not in the database"
            near = nearest_live(name, tuple(live.columns))
            yield found(where, "Z21", says, near or "take it out of the map")


def _named_columns(bound: Bound, table: Table) -> dict[str, Place]:
    """Return the columns of a table that the map names, and where; of its key, `keys` tells."""
    places = dict.fromkeys(table.not_personal, table.where)
    for link in bound.system.links.values():
        if link.parent == table.id:
            places.update({parent: link.where for _, parent in link.columns})
        if link.child == table.id:
            places.update({child: link.where for child, _ in link.columns})
            places.update({column: link.where for column, _ in link.when})
    places.update({column.name: column.where for column in table.columns.values()})
    return places


def keys(bound: Bound) -> Iterator[Finding]:
    """Yield tables whose rows the map does not name by their key."""
    for table, live in ((p.table, p.live) for p in bound.pairs.values()):
        on_map = set(table.key)
        unique = [u for u in live.unique if not any(_nullable(live, c) for c in u)]
        if live.view or (live.key and on_map == set(live.key)):
            continue
        if live.key:
            says = f"the key of {quoted(table.id)} is {listed(live.key)} in the database"
            says += f", and {listed(table.key)} on the map"
            key = live.key[0] if len(live.key) == 1 else f"[{', '.join(live.key)}]"
            yield found(table.where, "Z22", says, f"write `key: {key}`")
        elif not any(on_map == set(u) for u in unique):
            says = f"table {quoted(table.id)} has no key"
            columns = ", ".join(bound.quote(c) for c in table.key)
            help = f"ALTER TABLE {bound.sql_name(live)} ADD PRIMARY KEY ({columns});"
            if bound.schema.dialect == "sqlite" or not on_map <= live.columns.keys():
                help = f"make a primary key in {bound.sql_name(live)}, and name it with `key:`"
            yield found(table.where, "Z23", says, help)


def _nullable(live: LiveTable, column: str) -> bool:
    return column not in live.columns or live.columns[column].nullable


def kinds(bound: Bound) -> Iterator[Finding]:
    """Yield what is special about tables and keeps rows from being erased, or copies them."""
    for table, live in ((p.table, p.live) for p in bound.pairs.values()):
        name = quoted(table.id)
        if live.view:
            help = "map the tables it shows, and take it out"
            yield found(table.where, "Z24", f"{name} is a view, and cannot be erased from", help)
        if live.triggers:
            says = f"{name} has triggers, which Ombud does not see into: {listed(live.triggers)}"
            help = "see that they copy no personal data, and map the tables they write to"
            yield found(table.where, "Z25", says, help, severity="warning")
        if live.copied_into and table.columns:
            says = f"what is erased from {name} stays in {_materialised(live)} until a refresh"
            help = " ".join(f"REFRESH MATERIALIZED VIEW {v};" for v in live.copied_into)
            help += " after each sweep, by the account that owns it"
            law = ("GDPR Art. 17(1)",)
            yield found(table.where, "Z15", says, help, severity="warning", law=law)
        if live.partitioned:
            says = f"{name} is partitioned; its rows are erased one by one, not by partition"
            yield found(table.where, "Z26", says, severity="info")
        if live.hides_rows:
            says = f"row-level security hides rows of {name} from Ombud's account"
            account = bound.quote(bound.schema.account)
            help = f"ALTER ROLE {account} BYPASSRLS; or let it own the table"
            yield found(table.where, "Z38", says, help, law=("GDPR Art. 5(2)",))
        if live.history:
            says = f"{name} keeps the history of its rows, and what is erased stays in it"
            sql_name = bound.sql_name(live)
            help = f"ALTER TABLE {sql_name} DROP SYSTEM VERSIONING; it drops the history too"
            yield found(table.where, "Z27", says, help, law=("GDPR Art. 17(1)",))
        if live.engine not in _TRANSACTIONAL:
            says = f"{name} is kept by {quoted(live.engine)}, without transactions and foreign keys"
            help = f"ALTER TABLE {bound.sql_name(live)} ENGINE=InnoDB;"
            yield found(table.where, "Z28", says, help, severity="info")


def _materialised(live: LiveTable) -> str:
    many = "s" if len(live.copied_into) > 1 else ""
    return f"the materialised view{many} {listed(live.copied_into)}"


def account(bound: Bound, *, allow_superuser: bool) -> Iterator[Finding]:
    """Yield what the database and the account have to be known for."""
    where, schema = bound.system.where, bound.schema
    if not schema.enforces_foreign_keys:
        says = f"the database of {quoted(bound.system.id)} does not enforce foreign keys by itself"
        help = "nothing to do: Ombud turns it on for itself, and erases children first"
        yield found(where, "Z29", says, help, severity="info")
    if schema.excess_powers and not allow_superuser:
        says = f"the account of {quoted(bound.system.id)} may do more than Ombud needs"
        help = "make an account of its own with `ombud bind --grants`"
        powers = listed(schema.excess_powers)
        law = ("GDPR Art. 32(1)",)
        yield found(where, "Z60", f"{says}: {powers}", help, law=law)
