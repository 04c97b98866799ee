"""What happens to rows that refer to an erased one: do they hold it, or are they cut loose?"""

from __future__ import annotations

from ombud.systems.live import LiveForeignKey, LiveSchema
from ombud.systems.model import Link, System


def declared(link: Link, system: System, live: LiveSchema) -> LiveForeignKey | None:
    """Return the foreign key of the database that a link is; None where it is none."""
    table, parent = live.of(system.tables[link.child], system), system.tables[link.parent]
    ours = tuple(c for c, _ in link.columns)
    for key in table.foreign_keys if table else ():
        if set(key.columns) == set(ours) and key.parent == parent.name:
            return key
    return None


def can_be_cut(link: Link, system: System, live: LiveSchema) -> bool:
    """Return whether a child's reference can be emptied."""
    child = system.tables[link.child]
    table = live.of(child, system)
    columns = [table.columns.get(c) for c, _ in link.columns] if table else []
    return all(c is not None and c.nullable and not c.generated for c in columns) and not any(
        c in child.key for c, _ in link.columns
    )


def holds_parent(link: Link, system: System, live: LiveSchema) -> bool:
    """Return whether a kept child keeps its parent.

    It does where the map says so; and where its reference can neither be emptied nor dangle, since
    the database would take the child along or refuse.
    """
    if link.keeps_parent:
        return True
    key = declared(link, system, live)
    if key is None or key.on_parent_gone == "set_default":
        return False
    return not can_be_cut(link, system, live)


def has_to_be_cut(link: Link, system: System, live: LiveSchema) -> bool:
    """Return whether Ombud empties references to an erased parent, as the database would not."""
    key = declared(link, system, live)
    if key is not None and key.on_parent_gone in ("set_null", "set_default"):
        return False
    return can_be_cut(link, system, live)
