"""Which plan follows from what is due? Counts become steps with a reason to check."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from ombud.law import RetentionFact
from ombud.plan.model import Plan, Step
from ombud.plan.time import Timing
from ombud.policy.model import (
    Activity,
    After,
    Cap,
    FirstOf,
    Keep,
    LastOf,
    NeededFrom,
    Policy,
    Text,
    WhileConsent,
    WhileState,
)
from ombud.systems.connector import Counted
from ombud.systems.model import Systems

STORAGE_LIMITATION = "GDPR Art. 5(1)(e)"


def basis(policy: Policy, systems: Systems, timing: Timing) -> str:
    """Return the digest (hex) of what a plan is computed from, holds and decisions apart."""
    resolved: dict[str, object] = {}
    for activity in policy.activities.values():
        resolved[activity.id] = [_resolved(activity.keep, timing), _version(activity.fact)]
    for cap in policy.caps.values():
        resolved[f"cap:{cap.id}"] = [_resolved(cap.keep, timing), _version(cap.fact)]
    body = [policy.source_digest, systems.source_digest, timing.as_of.isoformat(), resolved]
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def map_digest(policy: Policy, systems: Systems) -> str:
    """Return the digest (hex) of policy, map and facts of law, without any date.

    Where it differs, a changed rule, not lost data, may be why rows are counted differently.
    """
    facts = [repr(activity.fact) for activity in policy.activities.values()]
    facts += [repr(cap.fact) for cap in policy.caps.values()]
    body = [policy.source_digest, systems.source_digest, facts]
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def rule_digest(policy: Policy, systems: Systems, rule: str) -> str:
    """Return the digest (hex) of one rule or cap and of the map, without any date.

    A pre-approval holds for this digest: it goes with a change of the rule or of the map.
    """
    owner: Activity | Cap = policy.activities.get(rule) or policy.caps[rule]
    parts = [repr(owner.keep), repr(owner.data), _version(owner.fact), systems.source_digest]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def plan_of(
    policy: Policy,
    due: Iterable[tuple[str, Counted]],
    timing: Timing,
    basis_digest: str,
    after: int = 0,
) -> Plan:
    """Return the plan for what is due, given as (system id, counted) in erasing order."""
    steps = [_step(policy, system, counted) for system, counted in due if counted.count]
    return Plan(timing.as_of, basis_digest, after, tuple(steps))


def _step(policy: Policy, system: str, counted: Counted) -> Step:
    owners: list[Activity | Cap] = [policy.activities[r] for r in counted.rules]
    owners += [policy.caps[c] for c in counted.caps]
    law: list[str] = []
    for owner in owners:
        if owner.fact is not None:
            law += [str(c) for c in owner.fact.citations[:1]]
        elif isinstance(owner, Activity) and owner.basis.law:
            law.append(owner.basis.law)
    facts = [o.fact for o in owners if o.fact is not None]
    return Step(
        system,
        counted.selection,
        counted.count,
        dict(counted.rules),
        dict(counted.caps),
        _because(policy, owners),
        tuple(dict.fromkeys([*law, STORAGE_LIMITATION])),
        any(not f.verified for f in facts),
    )


def _because(policy: Policy, owners: list[Activity | Cap]) -> str:
    """Return why rows are due, in the policy's own words."""
    reasons = []
    for owner in owners:
        name = said(policy, owner.title) if isinstance(owner, Activity) else owner.id
        reasons.append(f"{name}: {rule_in_words(policy, owner.keep)}")
    return "; ".join(reasons) or "no activity needs it"


def rule_in_words(policy: Policy, keep: Keep) -> str:
    """Return a retention rule as half a sentence, such as `3 years after the event`."""
    match keep:
        case After(period, clocks, counted_from):
            names = [said(policy, policy.clocks.get(c, {})) or c for c in clocks.names]
            which = {"only": "", "first": "the first of: ", "last": "the last of: "}[clocks.which]
            year = {
                "event": "",
                "financial_year_end": "the end of the financial year in which ",
                "calendar_year_of_financial_year_end": "the end of the year in which the books close: ",
            }[counted_from]
            if not period.months and not period.days:
                return f"until {which}{', '.join(names)}"
            return f"{period} after {year}{which}{', '.join(names)}"
        case WhileConsent():
            return "as long as the consent lives"
        case WhileState(state):
            return f"as long as it is {state.replace('_', ' ')}"
        case NeededFrom(clock, by):
            name = said(policy, policy.clocks.get(clock, {})) or clock
            return f"until {by} decides that it is no longer needed, counted from: {name}"
        case FirstOf(parts):
            return "the first of " + " and ".join(rule_in_words(policy, p) for p in parts)
        case LastOf(parts):
            return "the last of " + " and ".join(rule_in_words(policy, p) for p in parts)


def said(policy: Policy, text: Text) -> str:
    """Return a text in English where there is one, else in the organisation's first language."""
    for language in ("en", *policy.organisation.languages):
        if text.get(language):
            return text[language]
    return next(iter(text.values()), "")


def _resolved(keep: Keep, timing: Timing) -> object:
    if isinstance(keep, After):
        return [str(keep.period), timing.cutoff(keep).isoformat(), list(keep.clocks.names)]
    if isinstance(keep, FirstOf | LastOf):
        return [type(keep).__name__, [_resolved(p, timing) for p in keep.parts]]
    return repr(keep)


def _version(fact: RetentionFact | None) -> object:
    return None if fact is None else [fact.id, str(fact.valid_from), str(fact.period), fact.mark]
