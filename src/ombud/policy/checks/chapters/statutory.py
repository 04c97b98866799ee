"""Does each period agree with what the law demands, what practice accepts, and what tools do?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from ombud.law import Period, RetentionFact, last_day
from ombud.policy.checks.chapters.retention import kept
from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import Data, Edit, put
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Activity, Keep, Written

_ANY_YEAR: Final = 2025  # one without a leap day


@check(
    "R04",
    "error",
    "Period shorter than a statutory duty, no exception",
    says="data for {activity} is kept for {period}; {law} demands {least} for vouchers",
    help="make an exception for what the act covers, and say which data that is",
    in_policy="add an activity with `law: {fact}` for the vouchers and their data",
    before="""
        activities:
          plants:
            kind: sale
            about: members
            role: controller
            purposes: [sell plants]
            data: [name]
            bases: [{contract: the sale}]
            keep: {for: 2 years, after: last_order}
            says: [required]
    """,
)
def shorter_than_duty(written: Written, practice: Practice) -> Iterator[Found]:
    """What bookkeeping demands is kept, whatever the text promises, so the text says so.

    Law:
        DK bogføringsloven § 12(1)
        NO bokføringsloven § 13(2)
        SE bokföringslagen 7:2
        GDPR Art. 17(3)(b)
    """
    for activity, keep in kept(written):
        duties = () if keep.has_duty else practice.duties(activity)
        for fact in duties[:1]:
            if keep.longest and fact.period and _shorter(keep.longest, fact.period):
                names = {
                    "activity": activity.id,
                    "period": keep.shown,
                    "law": str(fact.citations[0]),
                    "least": str(fact.period),
                    "fact": fact.id,
                }
                yield Found(keep.at, names, (_except(keep, fact),))


def _except(keep: Keep, fact: RetentionFact) -> Edit:
    law = {"law": str(fact.citations[0]), "data": ["invoice_lines"]}
    return put(keep.at.path, "unless", value=[law])


@check(
    "R05",
    "error",
    "Bookkeeping period misquoted",
    says="{law} is quoted with “up to” {period}; it sets the least, not the most",
    help="write the period of the act, from the end of the financial year",
    before="""
        activities:
          accounts:
            kind: bookkeeping
            about: members
            role: controller
            purposes: [keep the vouchers]
            data: [invoice_lines]
            bases: [{legal_obligation: bogføringsloven § 12}]
            keep: {up_to: 5 years, after: financial_year_end, law: bogføringsloven}
            says: [required]
    """,
)
def least_called_most(written: Written, practice: Practice) -> Iterator[Found]:
    """The act says how long at least, from the end of the financial year.

    Law:
        NO bokføringsloven § 13(2)
        DK bogføringsloven § 12(1)
    """
    for activity, keep in kept(written):
        if keep.up_to and keep.period and practice.names_bookkeeping(keep.law):
            duties = practice.duties(activity)
            period = str(duties[0].period if duties else keep.period)
            better: Data = {"for": period, "after": "financial_year_end", "law": keep.law}
            names = {"law": keep.law, "period": keep.shown}
            yield Found(keep.at, names, (put(keep.at.path, value=better),))


@check(
    "R06",
    "warning",
    "Wrong act quoted for keeping records",
    says="{law} is quoted for keeping records; the duty stands in {now}",
    help="quote the act that has the duty, and say which data it covers",
    before="""
        activities:
          plants:
            kind: sale
            about: members
            role: controller
            purposes: [sell plants]
            data: [name]
            bases: [{contract: the sale}]
            keep:
              for: 2 years
              after: last_order
              unless: [{law: årsregnskabsloven, data: [invoice_lines]}]
            says: [required]
    """,
)
def wrong_act(written: Written, practice: Practice) -> Iterator[Found]:
    """Accounts and vouchers are two acts; keeping vouchers is the bookkeeping act's.

    Law:
        NO bokføringsloven § 13
        DK bogføringsloven § 12
    """
    for _, keep in kept(written):
        for unless in keep.unless:
            row = practice.row("acts_mistaken_for_bookkeeping", unless.law) if unless.law else None
            if row:
                data = list(unless.data) or ["invoice_lines"]
                better = put(unless.at.path, value={"law": row["now"], "data": data})
                yield Found(unless.at, {"law": unless.law, "now": row["now"]}, (better,))
        row = practice.row("acts_mistaken_for_bookkeeping", keep.law) if keep.law else None
        if row:
            better = put(keep.at.path, "law", value=row["now"])
            yield Found(keep.at, {"law": keep.law, "now": row["now"]}, (better,))


@check(
    "R07",
    "error",
    "Longer than a legal maximum",
    says="data for {activity} is kept for {period}; {law} allows {most}",
    help="shorten it to what the act allows",
    in_policy="shorten it, and add a cap with `law: {fact}`",
    before="""
        activities:
          cameras:
            kind: cctv
            about: members
            role: controller
            purposes: [see who breaks into the sheds]
            data: [video]
            bases: [{legitimate_interests: keeping thieves out of the sheds}]
            keep: {for: 60 days, after: recorded}
            says: [signs]
    """,
)
def longer_than_law(written: Written, practice: Practice) -> Iterator[Found]:
    """Recordings of cameras go when the legal maximum is over.

    Law:
        DK tv-overvågningsloven § 4 c(4)
        NO FOR-2018-07-02-1107 § 6
    """
    yield from _too_long(written, practice.limits)


@check(
    "R09",
    "warning",
    "Longer than the authority's benchmark",
    says="data for {activity} is kept for {period}; {law} accepts {most}",
    help="shorten it, or write down the special reasons",
    before="""
        activities:
          hiring:
            kind: recruitment
            about: members
            role: controller
            purposes: [choose a gardener]
            data: [application]
            bases: [{legitimate_interests: choosing a gardener}]
            keep: {for: 4 years, after: recruitment_ended}
    """,
)
def longer_than_practice(written: Written, practice: Practice) -> Iterator[Found]:
    """Authorities have said how long is enough for rejected applicants and leavers' mailboxes.

    Law:
        GDPR Art. 5(1)(e)
        DK Datatilsynet guidance: applicants
        DK Datatilsynet guidance: mailbox of a leaver
    """
    yield from _too_long(written, practice.guides)


@check(
    "R12",
    "info",
    "Statutory exception not split by data",
    says="{activity} is kept longer because of {law}, and the text does not say which data",
    help="say which data the act covers",
    before="""
        activities:
          plants:
            kind: sale
            about: members
            role: controller
            purposes: [sell plants]
            data: [name]
            bases: [{contract: the sale}]
            keep: {for: 2 years, after: last_order, unless: [{law: bogføringsloven § 12}]}
            says: [required]
    """,
)
def exception_not_split(written: Written, practice: Practice) -> Iterator[Found]:
    """The act covers vouchers; what else is known of the same people goes in time.

    Law:
        GDPR Art. 17(3)(b)
        GDPR Art. 5(1)(c)
    """
    for activity, keep in kept(written):
        for unless in keep.unless:
            if unless.law and not unless.data:
                mend = put(unless.at.path, "data", value=["invoice_lines"])
                names = {"activity": activity.id, "law": unless.law}
                yield Found(unless.at, names, (mend,))


@check(
    "R13",
    "warning",
    "Analytics period does not match the tool",
    says="{activity} keeps {data} for {period}; {tool} offers {offers}, and holds no {not_held}",
    help="read the setting of the tool, and say what it holds",
    before="""
        parties:
          counter: {kind: tool, name: Google Analytics, country: US, transfer: {by: scc}}
        consents:
          counting: {to: [counting], given_by: [banner], withdrawal: in_place}
        activities:
          counting:
            kind: analytics
            about: members
            role: controller
            purposes: [count which pages are read]
            data: [ip, usage]
            bases: [{consent: counting}]
            recipients: [counter]
            keep: {for: 14 months, after: visited}
    """,
)
def not_the_tools_period(written: Written, practice: Practice) -> Iterator[Found]:
    """What a text says of a tool must be so of the tool that is in use.

    Law:
        GDPR Art. 5(1)(a)
        GDPR Art. 13(2)(a)
    """
    for activity, keep in kept(written):
        for party in filter(None, map(written.party_of, activity.recipients)):
            row = practice.row("products", party.name)
            if row is None or keep.period is None:
                continue
            offered = [Period.parse(text) for text in row["periods"].split("; ")]
            held = [category for category in activity.data if category in row["holds_no"].split()]
            if held or keep.period not in offered:
                names = {
                    "activity": activity.id,
                    "data": activity.data,
                    "not_held": row["holds_no"].split(),
                    "period": keep.shown,
                    "tool": party.name,
                    "offers": row["periods"].split("; "),
                }
                yield Found(keep.at, names, _as_the_tool(activity, keep, held, offered))


def _as_the_tool(
    activity: Activity, keep: Keep, held: list[str], offered: list[Period]
) -> tuple[Edit, ...]:
    data = [category for category in activity.data if category not in held] or ["usage"]
    edits = [put(activity.at.path, "data", value=data)] if held else []
    if keep.period not in offered:
        edits.append(put(keep.at.path, "for", value=str(offered[0])))
    return tuple(edits)


def _too_long(
    written: Written, allowed: Callable[[Activity], tuple[RetentionFact, ...]]
) -> Iterator[Found]:
    """Find periods that are longer than each of the facts allows."""
    for activity, keep in kept(written):
        facts = [fact for fact in allowed(activity) if fact.caps and fact.period]
        for fact in facts[:1]:
            if keep.longest and fact.period and _shorter(fact.period, keep.longest):
                names = {
                    "activity": activity.id,
                    "period": keep.shown,
                    "law": str(fact.citations[0]),
                    "most": str(fact.period),
                    "fact": fact.id,
                }
                named = "up_to" if keep.up_to else "for"
                key = "no_longer_than" if keep.no_longer_than else named
                yield Found(keep.at, names, (put(keep.at.path, key, value=str(fact.period)),))


def _shorter(one: Period, other: Period) -> bool:
    """Return whether a period is shorter than another, in whatever month both start."""
    starts = [date(_ANY_YEAR, month, 1) for month in range(1, 13)]
    return all(last_day(start, one) < last_day(start, other) for start in starts)
