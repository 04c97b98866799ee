"""Which activities do the rows of a table serve, and is all that their rules need on the map?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from ombud.document import Fields, Node, did_you_mean, listed, quoted
from ombud.policy.builtin import CONSENT_GIVEN
from ombud.policy.model import Activity, FirstOf, Keep, LastOf, WhileState
from ombud.systems.model import Clock, ConsentColumns, Serve, TableCap
from ombud.systems.parse.clocks import OMBUD, known_key, read_clocks, read_consent
from ombud.systems.parse.conditions import read_condition
from ombud.systems.parse.scope import Scope
from ombud.systems.predicate import Predicate

SERVE_KEYS: Final = ("when", "clocks", "states", "consents", "columns")
CAP_KEYS: Final = ("when", "clocks")

Clocks = Mapping[str, Clock]


def read_serves(scope: Scope, shared: Clocks) -> dict[str, Serve]:
    """Return the activities that rows of the table serve; what is wrong was recorded.

    Args:
        shared: Clocks that are written once for the whole table.
    """
    found: dict[str, Serve] = {}
    for id, node in scope.table.fields.optional("serves").entries():
        fields = node.fields(*SERVE_KEYS)
        if known_key(node, id, scope.policy.activities, "activity"):
            found[id] = _serve(scope, scope.policy.activities[id], fields, shared)
    return found


def _serve(scope: Scope, activity: Activity, fields: Fields, shared: Clocks) -> Serve:
    written = fields.optional("consents").entries()
    consents: dict[str, ConsentColumns] = {}
    for id, node in written:
        consent = read_consent(scope, id, node)
        if _rests_on(scope, activity, id, node) and consent is not None:
            consents[id] = consent
    columns = _columns(scope, activity, fields.optional("columns"))
    kept_by_ombud = tuple(id for id, node in written if node.written == OMBUD)
    needed = tuple(dict.fromkeys((*scope.policy.clock_names(activity.keep), activity.begins)))
    if activity.basis.consent in consents:
        needed = tuple(name for name in needed if name != CONSENT_GIVEN)
    clocks = _clocks(scope, fields, shared, needed)
    _begins_in_a_column(activity, fields, clocks)
    serve = Serve(
        activity=activity.id,
        where=fields.node.named_at,
        when=read_condition(scope, fields.optional("when")),
        clocks=clocks,
        states=_states(scope, activity, fields),
        consents=consents,
        columns=columns,
        kept_by_ombud=kept_by_ombud,
    )
    _consents_are_there(scope, activity, fields, [id for id, _ in written], columns)
    return serve


def _begins_in_a_column(activity: Activity, fields: Fields, clocks: Clocks) -> None:
    """Record a begin that no decision can be compared with, row by row."""
    begins = clocks.get(activity.begins)
    if begins is not None and begins.path is None:
        says = f"{quoted(activity.begins)} tells when {quoted(activity.id)} began"
        help = "write a column or `latest:` for it, such as `{column: created_at}`"
        owner = dict(fields.optional("clocks").entries()).get(activity.begins, fields.node)
        owner.wrong_key("Y97", f"{says}, and is an SQL expression", help)


def _clocks(
    scope: Scope, fields: Fields, shared: Clocks, needed: tuple[str, ...]
) -> dict[str, Clock]:
    """Return the clocks of a serve or cap: its own, and those of the table that it needs."""
    written = fields.optional("clocks")
    own = read_clocks(scope, written)
    names = written.keys()
    owner = fields.node
    for name in needed:
        if (
            name
            and name not in (*names, *_shared_names(scope))
            and not _misspelt(name, names, scope.policy.clocks)
        ):
            says = f"{quoted(owner.name)} on {quoted(scope.here)} lacks the clock {quoted(name)}"
            line = f"`{name}: {scope.table.likely_clock}`"
            add = f"add {line} under its `clocks:`" if written.present else ""
            help = add or f"add `clocks: {{{line.strip('`')}}}` to it"
            owner.wrong_key("Y86", says, help + ", with the column that holds its date")
    for name, node in written.entries():
        if name in scope.policy.clocks and name not in needed:
            says = f"the rule of {quoted(owner.name)} does not use the clock {quoted(name)}"
            used = [n for n in needed if n and n not in names]
            _doubt(node, says, did_you_mean(name, used) or "take it out")
    from_table = {name: clock for name, clock in shared.items() if name in needed}
    return {**from_table, **own}


def _shared_names(scope: Scope) -> tuple[str, ...]:
    return scope.table.fields.optional("clocks").keys()


def _misspelt(name: str, written: Collection[str], known: Collection[str]) -> bool:
    """Return whether a name is not missing but written wrong, which was recorded."""
    unknown = [each for each in written if each not in known]
    return any(did_you_mean(each, (name,)).startswith("did") for each in unknown)


def _doubt(node: Node, says: str, help: str) -> None:
    node.doubtful("Y87", says, help)


def states_of(keep: Keep) -> Iterator[str]:
    """Yield the states that a retention rule waits for."""
    if isinstance(keep, WhileState):
        yield keep.state
    elif isinstance(keep, FirstOf | LastOf):
        for part in keep.parts:
            yield from states_of(part)


def _states(scope: Scope, activity: Activity, fields: Fields) -> dict[str, Predicate]:
    needed = tuple(dict.fromkeys(states_of(activity.keep)))
    found: dict[str, Predicate] = {}
    written = fields.optional("states")
    for name, node in written.entries():
        found[name] = read_condition(scope, node)
        if name not in needed:
            says = f"{quoted(name)} is no state that {quoted(activity.id)} waits for"
            node.wrong_key("Y88", says, did_you_mean(name, needed) or "take it out")
    for name in needed:
        if name not in found and not _misspelt(name, written.keys(), needed):
            says = f"{quoted(activity.id)} on {quoted(scope.here)} does not say what is"
            help = f"add `states: {{{name}: {{column: status, is: [active]}}}}` to it"
            fields.node.wrong_key("Y88", f"{says} {quoted(name)}", help)
    return found


def _rests_on(scope: Scope, activity: Activity, consent: str, node: Node) -> bool:
    """Return whether an activity rests on a consent; if it does not, that is a finding."""
    if not known_key(node, consent, scope.policy.consents, "consent"):
        return False
    basis = activity.basis
    own = [id for id in (basis.consent, basis.special_consent) if id]
    if consent not in own:
        says = f"{quoted(activity.id)} does not rest on the consent {quoted(consent)}"
        node.wrong_key("Y89", says, did_you_mean(consent, own) or "take it out")
    return consent in own


def _consents_are_there(
    scope: Scope,
    activity: Activity,
    fields: Fields,
    written: list[str],
    columns: tuple[str, ...],
) -> None:
    needed = [activity.basis.consent]
    special = activity.basis.special_consent
    if special and _covers_special(scope, activity, columns):
        needed.append(special)
    for consent in dict.fromkeys(needed):
        known = consent in written or _misspelt(consent, written, scope.policy.consents)
        if consent and not known:
            says = f"{quoted(activity.id)} on {quoted(scope.here)} does not say where the consent"
            given = f"{{given: {scope.table.likely_clock}, withdrawn: …}}"
            help = f"add `consents: {{{consent}: {given}}}` to it, or `{{{consent}: {OMBUD}}}`"
            help += " where Ombud asks for it"
            fields.node.wrong_key("Y89", f"{says} {quoted(consent)} lies", help)


def _covers_special(scope: Scope, activity: Activity, columns: tuple[str, ...]) -> bool:
    """Return whether the activity covers data of special categories here or in owned tables."""
    tables = (scope.here,) if columns else (scope.here, *scope.followers(scope.here))
    return any(
        category in activity.data and scope.policy.categories[category].kind == "special"
        for table in tables
        for column in scope.tables[table].columns.values()
        if not columns or column.name in columns
        for category in column.categories
    )


def _columns(scope: Scope, activity: Activity, node: Node) -> tuple[str, ...]:
    """Return the columns an activity is limited to."""
    known = scope.table.columns
    found = []
    for item in node.items(or_one=True) if node.present else []:
        name = item.known(known, "personal column")
        if not name:
            continue
        if name in found:
            item.wrong("Y22", f"{quoted(name)} is named twice", "take one out")
        found.append(name)
        if not set(known[name].categories) & set(activity.data):
            says = f"{quoted(activity.id)} covers none of {listed(known[name].categories)}"
            help = f"add the category to `data:` of {quoted(activity.id)}, or take the column out"
            item.wrong("Y94", f"{says}, which {quoted(name)} holds", help)
    return tuple(dict.fromkeys(found))


def read_caps(scope: Scope, shared: Clocks) -> dict[str, TableCap]:
    """Return the caps that limit rows of the table; what is wrong was recorded."""
    found: dict[str, TableCap] = {}
    for id, node in scope.table.fields.optional("caps").entries():
        fields = node.fields(*CAP_KEYS)
        if known_key(node, id, scope.policy.caps, "cap"):
            needed = scope.policy.caps[id].keep.clocks.names
            when = read_condition(scope, fields.optional("when"))
            clocks = _clocks(scope, fields, shared, needed)
            found[id] = TableCap(id, node.named_at, when, clocks)
    return found


def shared_clocks_are_used(
    scope: Scope, serves: Mapping[str, Serve], caps: Mapping[str, TableCap]
) -> None:
    """Record clocks of the whole table that none of its activities and caps uses."""
    policy = scope.policy
    used = {
        name
        for id in serves
        for name in (*policy.clock_names(policy.activities[id].keep), policy.activities[id].begins)
    }
    used |= {name for id in caps for name in policy.caps[id].keep.clocks.names}
    for name, node in scope.table.fields.optional("clocks").entries():
        if name in policy.clocks and name not in used:
            says = f"no activity or cap of {quoted(scope.here)} uses the clock {quoted(name)}"
            _doubt(node, says, "take it out")
