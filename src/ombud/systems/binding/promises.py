"""What is promised and lies nowhere, and which data has no promise that covers it?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.document import did_you_mean, quoted
from ombud.errors import Finding
from ombud.policy.model import Policy, Proof
from ombud.systems.binding.view import found
from ombud.systems.model import Column, System, Systems, Table
from ombud.systems.walk import covering, owners


def promise_without_data(policy: Policy, systems: Systems) -> Iterator[Finding]:
    """Yield what the policy names and the map does not."""
    served = _served(systems)
    for activity in policy.activities.values():
        if activity.id not in served:
            says = f"no table serves the activity {quoted(activity.id)}"
            help = f"add `{activity.id}:` under `serves:` of the table that holds its data, or of"
            help += " a system out of reach"
            yield found(activity.where, "Z01", says, help, severity="warning")
    for cap in policy.caps.values():
        if cap.id not in served:
            says = f"no table carries the cap {quoted(cap.id)}"
            help = f"add `{cap.id}:` under `caps:` of the tables it limits"
            yield found(cap.where, "Z02", says, help, severity="warning")
    yield from _consents(policy, systems, served)
    yield from _categories(policy, systems, served)
    yield from _proofs(policy, systems)


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
                says = f"{quoted(activity.id)} has {quoted(category)}, and no column that it covers"
                help = "map the column that holds it, or take it out of `data:`"
                law = ("GDPR Art. 30(1)(c)",)
                says += " holds it"
                yield found(activity.where, "Z05", says, help, severity="info", law=law)


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
                _cover(policy, system, table, category),
                law=("GDPR Art. 5(1)(e)", "GDPR Art. 6(1)"),
            )
    for table in system.tables.values():
        if table.columns and not _has_subjects(system, table, ()):
            says = f"nothing tells whom the rows of {quoted(table.id)} are about"
            help = "add `subjects: {person: {email: email}}`, or `belongs_to:` a table that has it"
            yield found(table.where, "Z13", says, help, severity="info", law=("GDPR Art. 15(1)",))


def _cover(policy: Policy, system: System, table: Table, category: str) -> str:
    tables = (table, *(system.tables[link.parent] for link in owners(system, table.id)))
    own = [id for each in tables for id in each.serves]
    if own:
        return f"add `{category}` to `data:` of {quoted(own[0])}, or serve the activity it is for"
    others = [a.id for a in policy.activities.values() if category in a.data]
    example = others[0] if others else "activity"
    return f"add `serves: {{{example}: {{…}}}}` to {quoted(table.id)}, or let it `belongs_to:` one"


def _has_subjects(system: System, table: Table, seen: tuple[str, ...]) -> bool:
    if table.subjects:
        return True
    return any(
        _has_subjects(system, system.tables[link.parent], (*seen, table.id))
        for link in owners(system, table.id)
        if link.parent not in (*seen, table.id)
    )
