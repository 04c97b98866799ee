"""How are many rows asked about the rows below them? All together, each table below once.

Asked one by one, an index is looked into at random places for each row and each question. Of some
ten thousand rows it is sooner to read the whole table below; PostgreSQL knows which, once it knows
how many they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.apart import has_expression, is_deep
from ombud.connectors.sql.compile import Compiler
from ombud.connectors.sql.once import one
from ombud.connectors.sql.rows import Row
from ombud.systems.model import System
from ombud.systems.predicate import Exists, Hop, Predicate, own_parts


def below(predicates: Iterable[Predicate], table_id: str, system: System) -> tuple[Exists, ...]:
    """Return what predicates ask of rows that refer to a row by its key, each question once."""
    key = set(system.tables[table_id].key)
    return tuple(
        asked
        for asked in dict.fromkeys(part for each in predicates for part in own_parts(each))
        if isinstance(asked, Exists)
        and [hop.to for hop in asked.hops] == ["children"]
        and {column for _, column in system.links[asked.hops[0].link].columns} <= key
        and not is_deep(asked.where)
        and not has_expression(asked.where)
    )


def told(
    compiler: Compiler, row: Row, keys: FromClause, asked: Iterable[Exists]
) -> tuple[Row, FromClause]:
    """Return rows of a table that know what was asked of the rows below, and where they stand.

    Args:
        keys: A table of keys `k0..`, each once; only these rows are asked.
        asked: As `below` has them.
    """
    joined: FromClause = row.source.join(keys, compiler.same_key(row, keys))
    by_hop: dict[Hop, list[Exists]] = {}
    for each in asked:
        by_hop.setdefault(each.hops[0], []).append(each)
    known: dict[Exists, ColumnElement[bool]] = {}
    for hop, questions in by_hop.items():
        answers = _answers(compiler, row.table, keys, hop, questions)
        joined = joined.outerjoin(answers, compiler.same_key(row, answers))
        for i, each in enumerate(questions):
            known[each] = sa.func.coalesce(answers.c[f"b{i}"], 0) == 1
    return replace(row, known=known), joined


def _answers(
    compiler: Compiler, table_id: str, keys: FromClause, hop: Hop, questions: list[Exists]
) -> FromClause:
    """Return a query: per key that rows below refer to, a column per question, 1 for yes."""
    names = compiler.system.tables[table_id].key
    ours = keys.alias()
    by_name = sa.select(*(ours.c[f"k{i}"].label(n) for i, n in enumerate(names))).subquery()
    owner, child = Row(table_id, by_name), compiler.fresh(compiler.target(hop, table_id))
    columns: list[ColumnElement[Any]] = [*compiler.named_keys(owner)]
    group = compiler.keys(owner)
    for i, each in enumerate(questions):
        columns.append(sa.func.max(one(compiler.where(each.where, child))).label(f"b{i}"))
    source = by_name.join(child.source, compiler.joined(hop, owner, child))
    return sa.select(*columns).select_from(source).group_by(*group).subquery()
