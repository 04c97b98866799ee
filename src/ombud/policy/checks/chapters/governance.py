"""Is the text dated, looked after, at one with itself, and free of promises nobody can prove?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.document import listed, quoted
from ombud.law import last_day
from ombud.policy.checks.check import Found, Words, check
from ombud.policy.checks.edit import Edit, put, take
from ombud.policy.checks.meaning import (
    consent_and_other,
    denied_and_done,
    denied_services,
    inside_and_outside,
    otherwise_controlled,
    two_periods,
)
from ombud.policy.checks.mend import document_says
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Part, Statement, Written


@check(
    "G01",
    "warning",
    "No version or date",
    says="the text does not say of when it is",
    help="go through it and date it",
    before="""
        as_written: {country: DK}
    """,
)
def undated(written: Written, practice: Practice) -> Iterator[Found]:
    """People must be able to see which text held when.

    Law:
        GDPR Art. 5(2)
        GDPR Art. 12(1)
    """
    if written.updated_on is None:
        yield Found(written.at, edits=(_dated(written, practice),))


def _dated(written: Written, practice: Practice) -> Edit:
    return put(written.at.path, "updated_on", value=practice.on)


@check(
    "G02",
    "error",
    "Not updated for years",
    says="the text is of {day}, and the law has changed since",
    help="go through it and date it anew",
    before="""
        as_written: {country: DK, updated_on: 2018-05-25}
    """,
)
def too_old(written: Written, practice: Practice) -> Iterator[Found]:
    """What was so years ago is seldom so today, and the law has moved as well.

    Law:
        GDPR Art. 5(1)(a)
        GDPR Art. 5(1)(d)
        GDPR Art. 24(1)
    """
    updated_on = written.updated_on
    if updated_on and last_day(updated_on, practice.period("text_age")) < practice.on:
        yield Found(written.at, {"day": updated_on.isoformat()}, (_dated(written, practice),))


@check(
    "G03",
    "warning",
    "Changes announced only on the site",
    says="changes are announced on the website only, where nobody looks for them",
    help="tell people of changes that matter to them",
    before="""
        says: [answer_period, {about: changes, names: [website]}, new_purposes, backups]
    """,
)
def changes_on_site_only(written: Written, practice: Practice) -> Iterator[Found]:
    """Changes that matter are brought to people; a new purpose is told before it begins.

    Law:
        GDPR Art. 12(1)
        GDPR Art. 13(3)
        WP260
    """
    for statement in written.all_on("changes"):
        if statement.names == ("website",):
            mend = put(statement.at.path, "names", value=["website", "email"])
            yield Found(statement.at, edits=(mend,))


@check(
    "G04",
    "info",
    "No change procedure",
    says="the text does not say how people learn that it changes",
    help="say how",
    before="""
        says: [answer_period, new_purposes, backups]
    """,
)
def changes_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """People should know where they will hear of changes.

    Law:
        WP260
    """
    if not written.on("changes"):
        told = {"about": "changes", "names": ["website", "email"]}
        yield Found(written.at, edits=(document_says(told),))


@check(
    "G05",
    "warning",
    "Contradiction inside the document",
    says="two things that the text says cannot both be so: {one}, and {other}",
    help="find out which of them is so",
    before="""
        activities:
          letting:
            kind: case
            about: members
            role: controller
            purposes: [let gardens]
            data: [name]
            bases: [{legitimate_interests: letting gardens}]
            services: [case_system]
            keep: {for: 6 months, after: case_closed}
        says:
          - {about: services, names: [case_system], wording: denied}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def contradiction(written: Written, practice: Practice) -> Iterator[Found]:
    """Who reads two things that exclude each other knows neither.

    Law:
        GDPR Art. 12(1)
        GDPR Art. 5(1)(a)
    """
    for statement, activity, service in denied_services(written):
        words = f"no {quoted(service)} is used", f"{quoted(activity.id)} uses it"
        yield _two(statement.at, words, take(statement.at.path))
    for statement, activity, party in denied_and_done(written):
        words = "nothing is passed on", f"{quoted(activity.id)} goes to {quoted(party.shown)}"
        yield _two(statement.at, words, take(statement.at.path))
    for statement, party in inside_and_outside(written, practice):
        words = f"data stays in {listed(statement.names)}", f"{quoted(party.shown)} is outside"
        yield _two(statement.at, words, take(statement.at.path))
    for called, activity in otherwise_controlled(written):
        name = quoted(written.parties[called.party].shown)
        words = f"{name} controls {quoted(activity.id)}", "others do"
        yield _two(called.at, words, take(called.at.path))
    for one, other in two_periods(written):
        words = f"the period of {quoted(one.id)}", f"that of {quoted(other.id)}"
        at = other.keep.at if other.keep else other.at
        yield _two(at, words, document_says("overlapping_periods"))
    whole = consent_and_other(written)
    if whole:
        bases = listed(dict.fromkeys(basis.kind for basis in written.bases))
        words = "everything rests on a consent", f"everything rests on {bases}"
        yield _two(whole.at, words, take(whole.at.path))


def _two(at: Part, words: tuple[str, str], mend: Edit) -> Found:
    return Found(at, {"one": Words(words[0]), "other": Words(words[1])}, (mend,))


@check(
    "G06",
    "warning",
    "Security promise too absolute or empty",
    says="what is promised on security cannot be shown to be so",
    help="say what is done: access, encryption, backups, tests",
    before="""
        says:
          - {about: security, wording: absolute}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def security_unprovable(written: Written, practice: Practice) -> Iterator[Found]:
    """Security is measures that suit the risk; “always safe” is a promise nobody can keep.

    Law:
        GDPR Art. 32
        GDPR Art. 5(2)
    """
    for statement in written.all_on("security"):
        if {"absolute", "empty"} & {*statement.wording}:
            yield Found(statement.at, edits=(_clear(statement),))


def _clear(statement: Statement) -> Edit:
    return put(statement.at.path, "wording", value="clear")


@check(
    "G07",
    "info",
    "Page residue in the text",
    says="the text holds parts of the web page around it",
    help="take them out",
    before="""
        says:
          - page_furniture
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def page_residue(written: Written, practice: Practice) -> Iterator[Found]:
    """Menus and buttons stand between people and what they came to read.

    Law:
        GDPR Art. 12(1)
    """
    for statement in written.all_on("page_furniture"):
        yield Found(statement.at, edits=(take(statement.at.path),))


@check(
    "G08",
    "warning",
    "Review promise not kept",
    says="the text promises to be gone through, and is of {day}",
    help="go through it, date it anew, and let somebody confirm it on a schedule",
    before="""
        as_written: {country: DK, updated_on: 2025-05-25}
        says:
          - {about: review, period: 1 year}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def review_not_kept(written: Written, practice: Practice) -> Iterator[Found]:
    """A promise with a date can be seen to be broken.

    Law:
        GDPR Art. 5(2)
        GDPR Art. 24(1)
    """
    for statement in written.all_on("review"):
        every = statement.period or practice.period("review_promised")
        if written.updated_on and last_day(written.updated_on, every) < practice.on:
            day = written.updated_on.isoformat()
            yield Found(statement.at, {"day": day}, (_dated(written, practice),))
