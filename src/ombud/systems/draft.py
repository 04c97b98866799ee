"""How does an organisation begin? A map drafted from a database, and a policy to fill in.

A draft is guesses for a person: every line to look at says `check`. What it cannot tell it leaves
out, so that `ombud bind` asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ombud.policy.builtin import CONSENT_GIVEN
from ombud.policy.model import Activity, Policy
from ombud.systems.headers import (
    Guess,
    guess,
    guess_beside,
    is_of_people,
    names_people,
    tokens,
)
from ombud.systems.live import LiveColumn, LiveForeignKey, LiveSchema, LiveTable
from ombud.systems.parse.clocks import OMBUD
from ombud.systems.parse.serves import states_of
from ombud.systems.stub import placeholder, table_id, yaml_list, yaml_name

_TIMES: Final = ("date", "local_timestamp", "instant")
_IDENTIFIERS: Final = ("national_id", "email", "phone", "username")
_LIKELY: Final = 0.5  # of an activity's categories that a table must have to be proposed
_CONSENTED: Final = frozenset(
    "consent consented given optin samtykke samtykket samtycke ok".split()
)
_NAMED_ID: Final = re.compile(r"(.*[^_])_?(?:id|nr|no|nummer|number)")
_PLURALS: Final = ("", "s", "es", "e", "er", "r", "ar", "or")
"""What a table's name has after the word that its columns have, in the languages of the notice."""
_WITHDRAWN: Final = frozenset("withdrawn unsubscribed optout stop trukket afmeldt avmeldt".split())


def draft_systems(live: LiveSchema, name: str, policy: Policy | None = None) -> str:
    """Return a map of one database, as YAML for a person to finish.

    Args:
        live: The live schema.
        name: Id of the system.
        policy: Activities that share categories with a table are proposed for it, in comments.
    """
    tables = {
        (t.schema, t.name): t for key, t in live.tables.items() if not t.view and key[0] == t.schema
    }
    drafts = _drafts(live, tables)
    lines = [
        f"# A first map of {' '.join(name.split())}, drafted from its database.",
        "# Look at every line that says `check`; `ombud bind` tells what is missing.",
        "systems:",
        f"  {yaml_name(table_id(name))}:",
        f"    url: ${{{re.sub(r'[^A-Za-z0-9_]', '_', name).upper()}_URL}}",
    ]
    if drafts:
        lines.append("    tables:")
    for draft in drafts.values():
        lines += [f"      {line}" if line else "" for line in draft.lines(drafts, policy)]
    return "\n".join(lines) + "\n"


Physical = tuple[str, str]


def _drafts(live: LiveSchema, tables: Mapping[Physical, LiveTable]) -> dict[Physical, _Draft]:
    found: dict[Physical, _Draft] = {}
    taken: set[str] = set()
    for (schema, name), table in tables.items():
        own = "" if schema in ("", live.default_schema) else schema
        if (own, name) in found:
            continue
        id = table_id(name)
        id = table_id(f"{own}_{name}") if id in taken else id
        while id in taken:
            id = f"{id}_2"
        taken.add(id)
        found[own, name] = _Draft(id, own, table, live.default_schema)
    for draft in found.values():
        draft.link_by_name(found)
    for draft in found.values():
        draft.guess(found)
    return found


class _Draft:
    """A table on its way to the map."""

    def __init__(self, id: str, schema: str, live: LiveTable, default_schema: str) -> None:
        self.id, self.schema, self.live, self.default_schema = id, schema, live, default_schema
        self.of_people = is_of_people(live)
        self.keys = live.foreign_keys
        self.by_name: set[LiveForeignKey] = set()
        self.seems: dict[str, Guess] = {}

    def link_by_name(self, drafts: Mapping[Physical, _Draft]) -> None:
        """Take columns for links that are named after a table, though they are no foreign keys."""
        taken = {c for key in self.keys for c in key.columns} | {*self.live.key}
        for column in self.live.columns.values():
            parent = next((d for d in drafts.values() if d.is_named_by(column)), None)
            if column.name not in taken and parent is not None and parent is not self:
                key = LiveForeignKey(
                    "", (column.name,), parent.live.name, parent.live.schema, parent.live.key
                )
                self.by_name.add(key)
                self.keys = (*self.keys, key)

    def is_named_by(self, column: LiveColumn) -> bool:
        """Return whether a column seems to hold the table's key, as `member_id` that of members."""
        key = [self.live.columns.get(part) for part in self.live.key]
        if len(key) != 1 or key[0] is None or key[0].type != column.type:
            return False
        named = _NAMED_ID.fullmatch(column.name.casefold())
        return named is not None and self.live.name.casefold() in {
            f"{named[1]}{ending}" for ending in _PLURALS
        }

    def guess(self, drafts: Mapping[Physical, _Draft]) -> None:
        """Guess what the columns hold, knowing which tables the rows refer to."""
        near = self._is_near_people(drafts, ())
        links = {c for key in self.keys for c in key.columns} | {*self.live.key}
        for column in self.live.columns.values():
            seems = guess(column, of_people=self.of_people, near_people=near)
            link = column.name in links and not seems.category
            self.seems[column.name] = Guess("") if link else seems
        self.seems = guess_beside(self.live, self.seems)

    def _is_near_people(self, drafts: Mapping[Physical, _Draft], seen: tuple[str, ...]) -> bool:
        parents = [drafts.get(self._parent(key)) for key in self.keys]
        return self.of_people or any(
            parent._is_near_people(drafts, (*seen, self.id))
            for parent in parents
            if parent is not None and parent.id not in (*seen, self.id)
        )

    def lines(self, drafts: Mapping[Physical, _Draft], policy: Policy | None) -> Iterator[str]:
        """Yield the lines of the table, from its id on."""
        body = [*self._names(), *self._links(drafts), *self._serves(policy)]
        body += [*self._subjects(drafts), *self._columns()]
        if all(line.startswith("#") for line in body):
            body.append(f"name: {yaml_name(self.live.name)}")
        yield f"{yaml_name(self.id)}:"
        yield from (f"  {line}" for line in body)

    def _names(self) -> Iterator[str]:
        if self.id != self.live.name:
            yield f"name: {yaml_name(self.live.name)}"
        if self.schema:
            yield f"schema: {yaml_name(self.schema)}"
        key = self.live.key
        if key:
            yield f"key: {yaml_name(key[0]) if len(key) == 1 else yaml_list(key)}"
        else:
            yield "# check: the table has no primary key, and Ombud needs one"
        if self.live.history:
            yield "# check: the table keeps the history of its rows"

    # --- links ----------------------------------------------------------------------------------

    def _links(self, drafts: Mapping[Physical, _Draft]) -> Iterator[str]:
        found: dict[str, list[str]] = {"belongs_to": [], "refers_to": []}
        for key, parent, name in self._named(drafts):
            owned = parent is self._owned(drafts) and not found["belongs_to"]
            line = f"{yaml_name(name)}: {self._link(key, parent, name)}"
            line += "  # check: by its name; the database has no foreign key" * (
                key in self.by_name
            )
            found["belongs_to" if owned else "refers_to"].append(line)
        for kind, lines in found.items():
            if lines:
                why = "is it the parent's, kept as long as that" if kind == "belongs_to" else ""
                yield f"{kind}:" + (f"  # check: {why}?" if why else "")
                yield from (f"  {line}" for line in lines)

    def _owned(self, drafts: Mapping[Physical, _Draft]) -> _Draft | None:
        """Return the table whose reasons seem to be the rows' too: the first that is of people."""
        parents = (drafts.get(self._parent(key)) for key in self.keys)
        owners = (p for p in parents if p is not None and p.of_people)
        return None if self.of_people else next(owners, None)

    def _named(
        self, drafts: Mapping[Physical, _Draft]
    ) -> Iterator[tuple[LiveForeignKey, _Draft, str]]:
        """Yield each foreign key with the table it refers to and the name of the link."""
        names: set[str] = set()
        ids = {draft.id for draft in drafts.values()}
        for key in self.keys:
            parent = drafts.get(self._parent(key))
            referred = key.parent_columns or parent.live.key if parent else ()
            if parent is None or len(referred) != len(key.columns):
                continue  # not in this database, or a key that its table lacks
            several = [k for k in self.keys if self._parent(k) == self._parent(key)]
            name = parent.id if len(several) == 1 and parent is not self else ""
            name = self._link_name(key, ids, names) if not name or name in names else name
            names.add(name)
            yield key, parent, name

    def _parent(self, key: LiveForeignKey) -> Physical:
        schema = key.parent_schema or self.schema
        return ("" if schema == self.default_schema else schema, key.parent)

    def _link(self, key: LiveForeignKey, parent: _Draft, name: str) -> str:
        to_key = (key.parent_columns or parent.live.key) == parent.live.key
        own = yaml_name(key.columns[0]) if len(key.columns) == 1 else yaml_list(key.columns)
        if not to_key:
            pairs = zip(key.columns, key.parent_columns, strict=False)
            own = "{" + ", ".join(f"{yaml_name(a)}: {yaml_name(b)}" for a, b in pairs) + "}"
        loose = ", keeps_parent: false" if parent is self else ""
        if name == parent.id and to_key:
            return own
        return f"{{table: {yaml_name(parent.id)}, columns: {own}{loose}}}"

    def _link_name(self, key: LiveForeignKey, ids: set[str], names: set[str]) -> str:
        name = table_id("_".join(key.columns).removesuffix("_id"))
        while name in ids or name in names:
            name = f"{name}_link"
        return name

    # --- what they serve ------------------------------------------------------------------------

    def _serves(self, policy: Policy | None) -> Iterator[str]:
        own = {g.category for g in self.seems.values() if g.category and g.sure}
        if policy is None or not own:
            return
        shared = {a.id: own & {*a.data} for a in policy.activities.values()}
        likely = [
            a.id
            for a in policy.activities.values()
            if len(shared[a.id]) >= max(_LIKELY * len(a.data), min(2, len(a.data)))
        ]
        if likely:
            yield "# check: which of these do the rows serve, when, and where are the dates?"
            yield "#serves:"
        for id in likely:
            activity = policy.activities[id]
            said = ", ".join(self._needs(policy, activity))
            yield f"#  {id}: {{{said}}}  # shares {', '.join(sorted(shared[id]))}"

    def _needs(self, policy: Policy, activity: Activity) -> Iterator[str]:
        consents = [c for c in (activity.basis.consent, activity.basis.special_consent) if c]
        asked = self._consent()
        names = dict.fromkeys((*policy.clock_names(activity.keep), activity.begins))
        clocks = [n for n in names if n and (n != CONSENT_GIVEN or asked == OMBUD)]
        if clocks:
            said = ", ".join(f"{name}: {self._clock(name)}" for name in clocks)
            yield f"clocks: {{{said}}}"
        states = dict.fromkeys(states_of(activity.keep))
        if states:
            column = next((c for c in self.live.columns if "status" in tokens(c)), "check")
            said = ", ".join(f"{s}: {{column: {column}, is: [active]}}" for s in states)
            yield f"states: {{{said}}}"
        if consents:
            said = ", ".join(f"{id}: {asked}" for id in dict.fromkeys(consents))
            yield f"consents: {{{said}}}"

    def _clock(self, name: str) -> str:
        times = [c.name for c in self.live.columns.values() if c.type in _TIMES]
        likely = sorted(times, key=lambda c: -len({*tokens(c)} & {*tokens(name)}))
        return yaml_name(likely[0]) if likely else "check"

    def _consent(self) -> str:
        times = [c.name for c in self.live.columns.values() if c.type in _TIMES]
        given = next((c for c in times if _CONSENTED & {*tokens(c)}), "")
        withdrawn = next((c for c in times if _WITHDRAWN & {*tokens(c)}), "")
        if not given:
            return OMBUD
        besides = f", withdrawn: {yaml_name(withdrawn)}" if withdrawn else ""
        return f"{{given: {yaml_name(given)}{besides}}}"

    # --- whom and what ----------------------------------------------------------------------------

    def _subjects(self, drafts: Mapping[Physical, _Draft]) -> Iterator[str]:
        """Yield identifiers: the row's own, and the id of the person it is or refers to."""
        own = self._identifiers()
        found = {kind: yaml_name(column) for kind, column in own.items()}
        besides = [c for c, g in self.seems.items() if g.category in own and c not in own.values()]
        if names_people(self.live):
            if own and len(self.live.key) == 1:
                found["id"] = yaml_name(self.live.key[0])
        elif found or (any(g.category for g in self.seems.values()) and not self._owned(drafts)):
            for key, parent, name in self._named(drafts):
                if parent is self or not names_people(parent.live) or len(key.columns) > 1:
                    continue
                theirs = parent._identifiers()
                plain = {
                    k: c for k, c in theirs.items() if '"' not in yaml_name(name) + yaml_name(c)
                }
                besides += [f"{name}.{column}" for kind, column in plain.items() if kind in found]
                found = {kind: f"{name}.{column}" for kind, column in plain.items()} | found
                to_key = (key.parent_columns or parent.live.key) == parent.live.key
                found |= {"id": yaml_name(key.columns[0])} if to_key else {}
                break
        if found:
            yield "subjects:"
            yield f"  person: {{{', '.join(f'{kind}: {path}' for kind, path in found.items())}}}"
        for path in besides if found else ():
            # A hold or a request by the other address would miss the row.
            yield f"  # check: `{path}` names somebody too; add a subject, and say at each column"
            yield "  # whom it is about: `{holds: …, subject: …}`"

    def _identifiers(self) -> dict[str, str]:
        kinds = {g.category: c for c, g in reversed(self.seems.items()) if g.category}
        return {kind: kinds[kind] for kind in _IDENTIFIERS if kind in kinds}

    def _columns(self) -> Iterator[str]:
        personal = {name: g for name, g in self.seems.items() if g.category}
        plain = tuple(name for name, g in self.seems.items() if not g.category and g.sure)
        open_ = [name for name, g in self.seems.items() if not g.category and not g.sure]
        if personal:
            yield "columns:"
            yield from (f"  {self._column(name, seems)}" for name, seems in personal.items())
        if open_:
            names = ", ".join(yaml_name(name) for name in open_)
            yield f"# check: personal or not? Add to `columns:` or `not_personal:`: {names}"
        if plain:
            yield f"not_personal: {yaml_list(plain)}"

    def _column(self, name: str, seems: Guess) -> str:
        column = self.live.columns[name]
        parts = [f"holds: {seems.category}"]
        if seems.mentions_others:
            parts.append("mentions: others")
        if not column.nullable and name not in self.live.key and not column.generated:
            email = seems.category == "email"
            blank = placeholder(column, unique=(name,) in self.live.unique, email=email)
            parts += [f"blank: {blank}"] if blank else []
        said = seems.category if len(parts) == 1 else f"{{{', '.join(parts)}}}"
        return f"{yaml_name(name)}: {said}" + ("" if seems.sure else "  # check")
