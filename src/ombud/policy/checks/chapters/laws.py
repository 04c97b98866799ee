"""Are the acts that a text names in force, its own to follow, and called by their names?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import Data, Edit, put, take
from ombud.policy.checks.mend import INTEREST, keep_of, told_better
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Basis, Keep, Part, Path, Written


@check(
    "L01",
    "error",
    "Repealed law listed as applicable",
    says="{law} is named, and was repealed on {since}",
    help="name the law of today",
    before="""
        laws: [databeskyttelsesforordningen, persondataloven]
    """,
)
def repealed(written: Written, practice: Practice) -> Iterator[Found]:
    """What was repealed binds nobody, and shows that a text was not gone through since.

    Law:
        GDPR Art. 12(1)
        GDPR Art. 5(1)(a)
    """
    for law in _named(written, practice):
        stale = practice.stale_law(law.text)
        if stale and stale["status"] == "repealed":
            names = {"law": law.text, "since": stale["since"]}
            yield Found(law.at, names, (law.renamed(stale["now"]),))


@check(
    "L02",
    "warning",
    "Act does not apply to this kind of organisation",
    says="{law} binds public bodies, and this is none",
    help="take it out",
    in_policy="rest it on something else: this act binds public bodies",
    before="""
        laws: [databeskyttelsesforordningen, forvaltningsloven]
    """,
)
def of_public_bodies(written: Written, practice: Practice) -> Iterator[Found]:
    """Acts on archives and administration bind public bodies, and are no reason to keep for others.

    Law:
        NO arkivlova § 3
        NO forvaltningsloven § 1
    """
    for law in _named(written, practice):
        if practice.row("acts_of_public_bodies", law.text) and not written.controller.public:
            yield Found(law.at, {"law": law.text}, (law.out,))


@check(
    "L03",
    "warning",
    "Irrelevant act listed",
    says="{law} is named, and nothing that the text describes falls under it",
    help="say what falls under it, or take it out",
    before="""
        laws: [databeskyttelsesforordningen, indsamlingsloven]
    """,
)
def of_nothing_here(written: Written, practice: Practice) -> Iterator[Found]:
    """A law without a matter was copied, or the matter is missing.

    Law:
        GDPR Art. 12(1)
    """
    done = {kind for activity in written.activities.values() for kind in activity.kinds}
    for law in _named(written, practice):
        row = practice.row("acts_of_some_activities", law.text)
        if row and not done & {*row["kinds"].split()}:
            yield Found(law.at, {"law": law.text}, (law.out,))


@check(
    "L04",
    "info",
    "Unofficial name of the act",
    says="{law} is no name of an act; it is called {now}",
    help="use the name it has",
    before="""
        laws: [persondataforordningen]
    """,
)
def not_its_name(written: Written, practice: Practice) -> Iterator[Found]:
    """People find a law by its name.

    Law:
        GDPR Art. 12(1)
    """
    for law in _named(written, practice):
        row = practice.row("unofficial_names", law.text)
        if row:
            names = {"law": law.text, "now": row["now"]}
            yield Found(law.at, names, (law.renamed(row["now"]),))


@dataclass(frozen=True)
class _Act:
    """An act that is named somewhere, and how its name is written anew or taken out there."""

    at: Part
    text: str
    renamed: Callable[[str], Edit]
    out: Edit


def _named(written: Written, practice: Practice) -> Iterator[_Act]:
    """Yield every act that is named: in the text, as a basis, or as what keeps data."""
    for law in written.laws:
        yield _Act(law.at, law.text, partial(_put, law.at.path), take(law.at.path))
    for basis in written.bases:
        yield from _of_basis(basis)
    for activity in written.activities.values():
        for basis in activity.bases:
            yield from _of_basis(basis)
        if activity.keep:
            instead = keep_of(written, activity, practice) if activity.keep.law else {}
            yield from _of_keep(activity.keep, instead)


def _of_basis(basis: Basis) -> Iterator[_Act]:
    if basis.law:
        other = put(basis.at.path, value={"legitimate_interests": INTEREST})
        yield _Act(
            basis.at,
            basis.law,
            partial(_named_in, basis),
            other,
        )


def _of_keep(keep: Keep, instead: Data) -> Iterator[_Act]:
    path = keep.at.path
    if keep.law:
        yield _Act(keep.at, keep.law, partial(_put, (*path, "law")), put(path, value=instead))
    for unless in keep.unless:
        if unless.law:
            law = (*unless.at.path, "law")
            yield _Act(unless.at, unless.law, partial(_put, law), take(unless.at.path))


def _named_in(basis: Basis, now: str) -> Edit:
    return put(basis.at.path, value=told_better(basis, {"law": now}))


def _put(path: Path, now: str) -> Edit:
    return put(path, value=now)
