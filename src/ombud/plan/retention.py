"""Which plan follows from what is due? Counts become steps with a reason to check."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from ombud.law import RetentionFact
from ombud.plan.model import Plan, Step
from ombud.plan.time import Timing
from ombud.plan.words import rule_in_words, said
from ombud.policy.model import (
    Activity,
    After,
    Cap,
    FirstOf,
    Keep,
    LastOf,
    Policy,
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
        _because(policy, owners, counted),
        tuple(dict.fromkeys([*law, STORAGE_LIMITATION])),
        any(not f.verified for f in facts),
        counted.without_rule,
    )


def _because(policy: Policy, owners: list[Activity | Cap], counted: Counted) -> str:
    """Return why rows are due, in the policy's own words."""
    reasons = []
    for owner in owners:
        name = said(policy, owner.title) if isinstance(owner, Activity) else owner.id
        reasons.append(f"{name}: {rule_in_words(policy, owner.keep)}")
    if counted.without_rule:
        some = (
            "it" if counted.without_rule == counted.count else f"{counted.without_rule:,} of them"
        )
        reasons.append(f"no activity needs {some}")
    return "; ".join(reasons)


def _resolved(keep: Keep, timing: Timing) -> object:
    if isinstance(keep, After):
        return [str(keep.period), timing.cutoff(keep).isoformat(), list(keep.clocks.names)]
    if isinstance(keep, FirstOf | LastOf):
        return [type(keep).__name__, [_resolved(p, timing) for p in keep.parts]]
    return repr(keep)


def _version(fact: RetentionFact | None) -> object:
    return None if fact is None else [fact.id, str(fact.valid_from), str(fact.period), fact.mark]
