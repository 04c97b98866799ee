"""Are the acts that a text names in force, its own to follow, and called by their names?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import Edit, put, take
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import LawNamed, Written


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
    for law in _named(written):
        stale = practice.stale_law(law.text)
        if stale and stale["status"] == "repealed":
            names = {"law": law.text, "since": stale["since"]}
            yield Found(law.at, names, (_better(law, stale["now"]),))


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
    for law in _named(written):
        if practice.row("acts_of_public_bodies", law.text) and not written.controller.public:
            yield Found(law.at, {"law": law.text}, (take(law.at.path),))


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
    for law in _named(written):
        row = practice.row("acts_of_some_activities", law.text)
        if row and not done & {*row["kinds"].split()}:
            yield Found(law.at, {"law": law.text}, (take(law.at.path),))


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
    for law in _named(written):
        row = practice.row("unofficial_names", law.text)
        if row:
            names = {"law": law.text, "now": row["now"]}
            yield Found(law.at, names, (_better(law, row["now"]),))


def _named(written: Written) -> Iterator[LawNamed]:
    """Yield every act that is named: in the text, as a basis, or as what keeps data."""
    yield from written.laws
    bases = [*written.bases]
    for activity in written.activities.values():
        bases += activity.bases
        if activity.keep and activity.keep.law:
            yield LawNamed(activity.keep.at, activity.keep.law)
        for unless in activity.keep.unless if activity.keep else ():
            if unless.law:
                yield LawNamed(unless.at, unless.law)
    yield from (LawNamed(basis.at, basis.law) for basis in bases if basis.law)


def _better(law: LawNamed, now: str) -> Edit:
    return put(law.at.path, value=now)
