"""How long does a policy keep an activity's data, as a text would tell it?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.law import Period
from ombud.policy.checks.written import Keep, Part, Unless
from ombud.policy.model import (
    Activity,
    After,
    FirstOf,
    LastOf,
    NeededFrom,
    Policy,
    WhileState,
)
from ombud.policy.model import Keep as Rule

_DAYS_A_MONTH = 31  # the longest; for an order among periods only


def keep_of(policy: Policy, activity: Activity) -> Keep:
    """Return the retention of an activity, with the caps on it and the duties beside it."""
    at = Part(activity.where, ("activities", activity.id, "keep"))
    after = _decisive(activity.keep)
    fact = activity.fact
    return Keep(
        at=at,
        period=after.period if after else None,
        after=_start(after) if after else "",
        until="" if after else _end(activity.keep),
        law=str(fact.citations[0]) if fact else "",
        no_longer_than=_cap(policy, activity),
        unless=tuple(_duties(policy, activity, at)),
    )


def _decisive(rule: Rule) -> After | None:
    """Return the part with a number that ends the data; None where only an event does."""
    if isinstance(rule, After):
        return rule
    if isinstance(rule, FirstOf | LastOf):
        numbers = [part for part in map(_decisive, rule.parts) if part]
        choose = min if isinstance(rule, FirstOf) else max
        return choose(numbers, key=lambda part: _length(part.period), default=None)
    return None


def _length(period: Period) -> int:
    return period.months * _DAYS_A_MONTH + period.days


def _start(after: After) -> str:
    if after.counted_from != "event":
        return "financial_year_end"
    return " or ".join(after.clocks.names)


def _end(rule: Rule) -> str:
    if isinstance(rule, NeededFrom):
        return "decided"
    return rule.state if isinstance(rule, WhileState) else "withdrawal"


def _cap(policy: Policy, activity: Activity) -> Period | None:
    """Return the shortest cap on any of the activity's data."""
    limits = [
        cap.keep.period
        for cap in policy.caps.values()
        if {*cap.about} & {*activity.about}
        and (not cap.data or {*cap.data} & {*activity.data})
        and activity.id not in cap.unless
    ]
    return min(limits, key=_length, default=None)


def _duties(policy: Policy, activity: Activity, at: Part) -> Iterator[Unless]:
    """Yield what other activities must keep of the same people's data."""
    for other in policy.activities.values():
        fact = other.fact
        if fact and fact.keeps and {*other.about} & {*activity.about} and other is not activity:
            yield Unless(at, law=str(fact.citations[0]), data=other.data)
