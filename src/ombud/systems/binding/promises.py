"""What is promised and lies nowhere, and which data has no promise that covers it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from ombud.document import did_you_mean, nearest, quoted
from ombud.errors import Finding
from ombud.policy.checks import gates
from ombud.policy.model import Policy, Proof
from ombud.systems.binding.view import found
from ombud.systems.model import Column, System, Systems, Table
from ombud.systems.stub import yaml_name
from ombud.systems.walk import covering, owners

_NEEDS: Final = {
    "national_id": 'national_id: "DK databeskyttelsesloven § 11(2)"',
    "criminal": 'criminal: "DK databeskyttelsesloven § 8(3)"',
}


def promise_without_data(policy: Policy, systems: Systems) -> Iterator[Finding]:
    """Yield what the policy names and the map does not."""
    served = _served(systems)
    for activity in policy.activities.values():
        if activity.id not in served:
            says = f"no table serves the activity {quoted(activity.id)}"
            help = f"add `{activity.id}:` under `serves:` of the table that holds its data, or of"
            help += " a system out of reach"
            law = ("GDPR Art. 5(1)(e)", "GDPR Art. 25(1)")
            yield found(activity.where, "Z01", says, help, severity="warning", law=law)
    for cap in policy.caps.values():
        if cap.id not in served:
            says = f"no table carries the cap {quoted(cap.id)}"
            help = f"add `{cap.id}:` under `caps:` of the tables it limits"
            yield found(cap.where, "Z02", says, help, severity="warning")
    yield from _consents(policy, systems, served)
    yield from _categories(policy, systems, served)
    yield from _proofs(policy, systems)
    yield from _gates(policy)


def _served(systems: Systems) -> set[str]:
    """Return the activities and caps of every table and every system out of reach."""
    names: set[str] = set()
    for system in systems.systems.values():
        names.update(system.serves)
        for table in system.tables.values():
            names.update(table.serves, table.caps)
    return names


def _outside(systems: Systems) -> set[str]:
    return {name for system in systems.systems.values() for name in system.serves}


def _consents(policy: Policy, systems: Systems, served: set[str]) -> Iterator[Finding]:
    mapped = {
        id
        for system in systems.systems.values()
        for table in system.tables.values()
        for serve in table.serves.values()
        for id in (*serve.consents, *serve.kept_by_ombud)
    }
    for consent in policy.consents.values():
        resting = [
            a.id
            for a in policy.activities.values()
            if consent.id in (a.basis.consent, a.basis.special_consent)
        ]
        if consent.id not in mapped and not set(resting) & _outside(systems):
            says = f"no table says who gave the consent {quoted(consent.id)}"
            to = quoted(resting[0]) if resting else "the activity that rests on it"
            help = f"add `consents: {{{consent.id}: {{given: consented_at}}}}` where {to} is served"
            yield found(
                consent.where, "Z03", says, help, severity="warning", law=("GDPR Art. 7(1)",)
            )


def kept_by_ombud(system: System) -> Iterator[Finding]:
    """Yield consents that Ombud would keep itself, which it does not do yet."""
    for table in system.tables.values():
        for serve in table.serves.values():
            for consent in serve.kept_by_ombud:
                says = (
                    f"Ombud does not keep consents yet, so {quoted(consent)} lives in each row of"
                )
                says += f" {quoted(table.id)} whether it was given and withdrawn or not"
                help = f"name the columns that say it: `{{{consent}: {{given: …, withdrawn: …}}}}`"
                law = ("GDPR Art. 7(1)",)
                yield found(serve.where, "Z06", says, help, severity="warning", law=law)


def _categories(policy: Policy, systems: Systems, served: set[str]) -> Iterator[Finding]:
    held: dict[str, set[str]] = {}
    for system in systems.systems.values():
        for table, column, category in _fields(system):
            for id in covering(policy, system, table, column, category):
                held.setdefault(id, set()).add(category)
    for activity in policy.activities.values():
        if activity.id not in served or activity.id in _outside(systems):
            continue
        for category in activity.data:
            if category not in held.get(activity.id, set()):
                outlived = [*_outlived(policy, systems, activity.id, category)]
                yield from outlived
                if outlived:
                    continue
                says = f"{quoted(activity.id)} has {quoted(category)}, and no column that it covers"
                help = "map the column that holds it, or take it out of `data:`"
                law = ("GDPR Art. 30(1)(c)",)
                says += " holds it"
                yield found(activity.where, "Z05", says, help, severity="info", law=law)


def _outlived(policy: Policy, systems: Systems, activity: str, category: str) -> Iterator[Finding]:
    """Yield the columns of people that are blanked while rows that need them, and serve, live."""
    for system in systems.systems.values():
        for table in system.tables.values():
            if activity not in table.serves:
                continue
            for parent, column in _above(system, table.id, category, (table.id,)):
                if activity in covering(policy, system, parent, column, category):
                    continue
                name = quoted(f"{parent.id}.{column.name}")
                says = f"{quoted(activity)} has {quoted(category)}, which its rows in"
                says += f" {quoted(table.id)} find in {name}; {quoted(parent.id)} does not serve"
                says += f" {quoted(activity)}, so {name} can be blanked while they live"
                help = f"add `{_through(table, activity)}` to `serves:` of {quoted(parent.id)}, or"
                help += f" take `{category}` out of `data:` of {quoted(activity)}"
                law = ("GDPR Art. 5(1)(d)", "GDPR Art. 5(1)(e)")
                where = table.serves[activity].where
                yield found(where, "Z05", says, help, severity="warning", law=law)


def _through(table: Table, activity: str) -> str:
    """Return how a table above serves an activity: by the latest of these rows."""
    clocks = table.serves[activity].clocks.values()
    columns = {c.name: c.path.column if c.path and not c.path.hops else "…" for c in clocks}
    read = (
        f"{name}: {{latest: {table.id}.{column}, none: ended}}" for name, column in columns.items()
    )
    return f"{activity}: {{clocks: {{{', '.join(read)}}}}}" if columns else f"{activity}: {{…}}"


def _above(
    system: System, table: str, category: str, seen: tuple[str, ...]
) -> Iterator[tuple[Table, Column]]:
    """Yield the columns of a category in the rows that a row refers to, the nearest first."""
    for link in system.links.values():
        if link.child != table or link.parent in seen:
            continue
        parent = system.tables[link.parent]
        columns = [c for c in parent.columns.values() if category in c.categories]
        yield from ((parent, column) for column in columns)
        if not columns:
            yield from _above(system, link.parent, category, (*seen, link.parent))


def outlive(policy: Policy, system: System) -> Iterator[Finding]:
    """Yield tables whose rows outlive the rule that a promise names: their owners' keep them."""
    promised = {
        name: promise
        for promise in policy.promises.values()
        for proof in promise.proofs
        if proof.kind == "rule"
        for name in proof.names
    }
    for table in system.tables.values():
        for serve in table.serves.values():
            promise = promised.get(serve.activity)
            if promise is None:
                continue
            told = {n for p in promise.proofs if p.kind == "rule" for n in p.names}
            keeping = _keeping(policy, system, table, serve.activity) - {*table.serves} - told
            if keeping:
                named = ", ".join(quoted(each) for each in sorted(keeping))
                owner = next(owners(system, table.id)).parent
                says = f"rows of {quoted(table.id)} belong to rows of {quoted(owner)}, and live as"
                says += f" long as {named} keeps those, though promise {quoted(promise.id)} names"
                says += f" the rule of {quoted(serve.activity)} alone"
                help = "write `refers_to:` in place of `belongs_to:` where they go by their own"
                help += f" rule; else name {named} in the promise, too"
                law = ("GDPR Art. 5(1)(e)",)
                yield found(serve.where, "Z07", says, help, severity="warning", law=law)


def _keeping(policy: Policy, system: System, table: Table, activity: str) -> set[str]:
    """Return the activities of owners that keep what an activity has in a table, or its rows."""
    links = [*owners(system, table.id)]
    if not table.columns:
        return {id for link in links for id in system.tables[link.parent].serves}
    return {
        id
        for column in table.columns.values()
        for category in column.categories
        if category in policy.activities[activity].data
        for id in covering(policy, system, table, column, category)
    } - {activity}


def _fields(system: System) -> Iterator[tuple[Table, Column, str]]:
    for table in system.tables.values():
        for column in table.columns.values():
            for category in column.categories:
                yield table, column, category


def _proofs(policy: Policy, systems: Systems) -> Iterator[Finding]:
    known = {
        "setting": [f"{s.id}.{id}" for s in systems.systems.values() for id in s.settings],
        "task": [f"{s.id}.{id}" for s in systems.systems.values() for id in s.tasks],
        "only": [f"{s.id}.{id}" for s in systems.systems.values() for id in s.tables],
    }
    for promise in policy.promises.values():
        for proof in promise.proofs:
            for name in _unknown(proof, known.get(proof.kind)):
                what = "table" if proof.kind == "only" else proof.kind
                says = f"promise {quoted(promise.id)} is proved by the {what} {quoted(name)}"
                help = did_you_mean(name, known[proof.kind]) or f"add the {what} to the map"
                yield found(promise.where, "Z04", f"{says}, which is not on the map", help)


def _gates(policy: Policy) -> Iterator[Finding]:
    """Yield gates that are none: a promise that rests on one can never be proved."""
    known = gates(date.max)  # as the newest law has them
    for promise in policy.promises.values():
        for proof in promise.proofs:
            for name in proof.names if proof.kind == "gate" else ():
                if name not in known:
                    says = f"promise {quoted(promise.id)} rests on the gate {quoted(name)}"
                    help = (
                        f"did you mean {quoted(near)}?"
                        if (near := nearest(name, known))
                        else _GATES
                    )
                    yield found(
                        promise.where,
                        "Z09",
                        f"{says}, which Ombud does not have",
                        help,
                        severity="warning",
                    )


_GATES = (
    "write `published`, `live`, `noted`, the id of a check or an item of the notice, `i_src` for"
    " example"
)


def _unknown(proof: Proof, known: list[str] | None) -> tuple[str, ...]:
    return () if known is None else tuple(name for name in proof.names if name not in known)


def data_without_promise(policy: Policy, system: System) -> Iterator[Finding]:
    """Yield the personal columns that no activity covers, and rows that are about nobody."""
    for table, column, category in _fields(system):
        if not covering(policy, system, table, column, category):
            says = f"column {quoted(f'{table.id}.{column.name}')} holds {quoted(category)}"
            yield found(
                column.where,
                "Z12",
                f"{says}, and no activity that the table serves covers that",
                _cover(policy, system, table, category) + _allowed(policy, category),
                law=("GDPR Art. 5(1)(e)", "GDPR Art. 6(1)"),
            )
    for table in system.tables.values():
        if table.columns and not _has_subjects(system, table, ()):
            says = f"nothing tells whom the rows of {quoted(table.id)} are about"
            known = _identifier(table)
            help = f"add `subjects: {{person: {known}}}`, or `belongs_to:` a table that has it"
            if not known:
                help = "let it `belongs_to:` a table that tells it, or name the column that does,"
                help += " for example `subjects: {person: {id: customer_no}}`"
            yield found(table.where, "Z13", says, help, severity="info", law=("GDPR Art. 15(1)",))


def _cover(policy: Policy, system: System, table: Table, category: str) -> str:
    tables = (table, *(system.tables[link.parent] for link in owners(system, table.id)))
    own = [id for each in tables for id in each.serves]
    if own:
        return f"add `{category}` to `data:` of {quoted(own[0])}, or serve the activity it is for"
    others = [a.id for a in policy.activities.values() if category in a.data]
    if others:
        return (
            f"add `serves: {{{others[0]}: {{…}}}}` to {quoted(table.id)},"
            " or let it `belongs_to:` one that serves it"
        )
    known = next(iter(policy.activities), "")
    return (
        f"add `{category}` to `data:` of the activity it is for, and serve that in"
        f" {quoted(table.id)}, for example `serves: {{{known}: {{…}}}}`"
    )


def _allowed(policy: Policy, category: str) -> str:
    """Return what the basis of an activity needs besides before it may have a category."""
    need = _NEEDS.get(policy.categories[category].kind)
    return f"; its `basis:` then has to name the law that allows it: `{need}`" if need else ""


def _identifier(table: Table) -> str:
    """Return how a person of a table's rows can be told, by a column it has; empty: by none."""
    by_kind = {c: column.name for column in table.columns.values() for c in column.categories}
    kind = next((kind for kind in ("email", "phone", "national_id") if kind in by_kind), "")
    return f"{{{kind}: {yaml_name(by_kind[kind])}}}" if kind else ""


def _has_subjects(system: System, table: Table, seen: tuple[str, ...]) -> bool:
    if table.subjects:
        return True
    return any(
        _has_subjects(system, system.tables[link.parent], (*seen, table.id))
        for link in owners(system, table.id)
        if link.parent not in (*seen, table.id)
    )
