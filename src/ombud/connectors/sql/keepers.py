"""Which rows stay because a row that stays refers to them? They are taken out of erasing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from ombud.connectors.sql.apart import changed_by
from ombud.connectors.sql.links import holds_parent
from ombud.connectors.sql.rides import goes_along, without_owner
from ombud.connectors.sql.rows import Row, some
from ombud.connectors.sql.temporary import drop
from ombud.connectors.sql.works import Work, Works
from ombud.systems.model import Link
from ombud.systems.predicate import Exists, Hop, disjuncts

Clause = ColumnElement[bool]


@dataclass(frozen=True)
class Keepers:
    """Looks for rows that stay, and keeps what they refer to."""

    works: Works

    def keep_parents(self, group: tuple[str, ...]) -> None:
        """Take rows out of erasing that a kept row refers to, until nothing changes."""
        links = [
            link
            for link in self.works.grounds.system.links.values()
            if link.parent in group and link.parent in self.works.tables and self._holds(link)
        ]
        inside = [link for link in links if link.child in group]
        for link in links:
            along = goes_along(link, self.works.rides)
            if link not in inside and not along and not self._follows_wholly(link):
                self._keep_parent(link)
        while inside and any([self._keep_parent(link) for link in inside]):
            pass

    def _holds(self, link: Link) -> bool:
        return holds_parent(link, self.works.grounds.system, self.works.compiler.live)

    def _keep_parent(self, link: Link) -> bool:
        """Keep the parents of kept children over one link; return whether any was kept."""
        parent = self.works.tables[link.parent]
        child = self.works.compiler.fresh(link.child)
        refers = [child.column(c) == parent.stored(p) for c, p in link.columns]
        refers += [child.column(c) == self.works.compiler.scalar(child, c, v) for c, v in link.when]
        refers += self._other_row(link, child, parent)
        ride = self.works.rides.get(link.child)
        going, copy = self._going(ride.anchor if ride else link.child, link.parent)
        kept: list[Clause] = []
        source: Any = child.source
        if going is not None:
            goes: Clause = going.table.c.e == 1
            if ride is None:
                same = self.works.compiler.same_key(child, going.table)
            else:  # it goes with the fields of its owner, whether or not the owner's row stays
                source, same = self.works.below(child, ride, going)
                goes = going.flag("d", ride.number) == 1
            kept.append(sa.not_(some([going.table], same, goes)))
        found = some([source], *refers, *kept)
        kept_now = sa.update(parent.table).where(parent.table.c.e == 1, found)  # type: ignore[arg-type]
        changed = self._run(kept_now.values(e=0))
        if copy:
            with self.works.connection.begin():
                drop(self.works.connection, copy)
        return changed > 0

    def _other_row(self, link: Link, child: Row, parent: Work) -> list[Clause]:
        """Return that a child is not the parent row itself: a row does not keep itself."""
        if link.child != link.parent:
            return []
        return [sa.not_(self.works.compiler.same_key(child, parent.table))]

    def _going(self, table_id: str, parent: str) -> tuple[Work | None, str]:
        """Return the work table that says which children go, and the name of a copy.

        Where one statement would read it twice, MariaDB needs a copy: of a table that refers to
        itself, which never rides on its own rows.
        """
        work = self.works.tables.get(table_id)
        if work is None:
            return None, ""
        if table_id != parent or self.works.compiler.live.dialect != "mariadb":
            return replace(work, table=work.table.alias()), ""
        row = self.works.compiler.row(table_id)
        columns = [*work.key_columns, work.table.c.e]
        copy = self.works.create(sa.select(*columns).where(work.table.c.e == 1), row, 0)
        return replace(work, table=copy), copy.description

    def _follows_wholly(self, link: Link) -> bool:
        """Return whether no child row stays where its parent's fields are dead.

        The child's fields all live by grounds that the parent's fields have too, and what could
        hold the child as a skeleton follows it in the same way.
        """
        if link.child not in self.works.tables or link.when or link.child == link.parent:
            return False
        tables = self.works.grounds.tables
        child, parent = tables[link.child], tables[link.parent]
        if child.table.when_due == "statistics":
            return False
        theirs = {d for c in parent.classes for d in disjuncts(c.living)}
        up = (Hop(link.id, "parent"),)
        alike = all(
            without_owner(d, up)
            or (isinstance(d, Exists) and d.hops == up and set(disjuncts(d.where)) <= theirs)
            for c in child.classes
            for d in disjuncts(c.living)
        ) and not any(c.reviewed or c.whole != c.living for c in child.classes)
        below = [k for k in self.works.grounds.system.links.values() if k.parent == link.child]
        return alike and all(
            k.child != link.parent and (goes_along(k, self.works.rides) or self._follows_wholly(k))
            for k in below
            if self._holds(k)
        )

    def _run(self, statement: sa.Executable) -> int:
        with self.works.connection.begin():
            return changed_by(self.works.connection, statement)
