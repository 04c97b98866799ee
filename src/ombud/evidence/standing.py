"""How does each promise stand? Policy, map and what the log shows, to one word with its evidence.

Pure: the same values give the same standings, so that those of a past day can be computed again.
What is not shown is never `kept`: with no observation, or one too old, it is `not_provable`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ombud.evidence.entry import instant_text
from ombud.evidence.judge_gates import Gates
from ombud.evidence.judge_people import People
from ombud.evidence.judge_systems import Seen
from ombud.evidence.observe import Shown
from ombud.evidence.part import Evidence, Part, Word, joined
from ombud.policy.model import Policy, Promise, Proof, ProofKind, Text
from ombud.systems.model import System, Systems


@dataclass(frozen=True)
class ProofStanding:
    """How one proof of a promise stands.

    Args:
        names: What it looks at, as the policy names it.
    """

    kind: ProofKind
    names: tuple[str, ...]
    standing: Word
    since: datetime | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Standing:
    """How a promise stands.

    Args:
        promise: Its id.
        says: Its sentence, per language.
        proof: Kinds of its proofs, joined by `+`.
        since: Since when, as far as the log shows; None: it never was otherwise.
        evidence: What decides: of the worst proof only, where one is not kept or not provable.
    """

    promise: str
    says: Text
    proof: str
    standing: Word
    since: datetime | None
    evidence: tuple[Evidence, ...]
    proofs: tuple[ProofStanding, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it in the form of `status --json`."""
        return {
            "id": self.promise,
            "says": dict(self.says),
            "proof": self.proof,
            "standing": self.standing,
            "evidence": [each.as_json() for each in self.evidence],
            "since": instant_text(self.since) if self.since else None,
        }


def standings(policy: Policy, systems: Systems, shown: Shown, now: datetime) -> list[Standing]:
    """Return how every promise stands, in the order of the policy.

    The worst of its proofs decides: `not_kept`, then `not_provable`; else `kept` where any is
    kept, and `nothing_due` where nothing was ever due.

    Args:
        shown: What the log shows at `now`.
        now: Aware; a past instant gives the standings as they were.

    Law:
        GDPR Art. 5(2)
    """
    judge = _Judge(policy, systems, shown, now)
    return [judge.promise(promise) for promise in policy.promises.values()]


class _Judge:
    def __init__(self, policy: Policy, systems: Systems, shown: Shown, now: datetime) -> None:
        today = now.astimezone(ZoneInfo(policy.organisation.zone)).date()
        self._systems = systems
        self._shown = shown
        self._seen = Seen(systems, shown, now, today)
        self._people = People(systems, shown, today, ZoneInfo(policy.organisation.zone))
        self._gates = Gates(shown, now, today)

    def promise(self, promise: Promise) -> Standing:
        proofs = [(proof, joined(self._parts(promise, proof))) for proof in promise.proofs]
        whole = joined([part for _, part in proofs])
        return Standing(
            promise=promise.id,
            says=promise.says,
            proof="+".join(proof.kind for proof, _ in proofs),
            standing=whole.word,
            since=whole.since,
            evidence=whole.evidence,
            proofs=tuple(
                ProofStanding(proof.kind, proof.names, part.word, part.since, part.evidence)
                for proof, part in proofs
            ),
        )

    def _parts(self, promise: Promise, proof: Proof) -> Iterator[Part]:
        match proof.kind:
            case "rule" | "cap" | "keeps":
                for name in proof.names:
                    yield from self._served(promise, proof.kind, name)
            case "hold":
                yield from self._seen.holds(proof.names)
            case "only":
                for name in proof.names:
                    yield from self._seen.only(name, proof.data)
            case "absent":
                yield from self._seen.absent(proof.names)
            case "setting":
                for name in proof.names:
                    yield self._people.setting(name)
            case "task":
                for name in proof.names:
                    yield self._people.task(name)
            case "attest":
                yield self._people.attested(promise, proof)
            case "gate":
                yield from self._gates.parts(proof.names)
            case "document":
                yield from self._gates.documents(proof.names)
            case "case":
                says = f"Ombud does not show this yet: {proof.kind}"
                yield Part("not_provable", None, (Evidence("not_yet", says),))

    def _served(self, promise: Promise, kind: ProofKind, name: str) -> Iterator[Part]:
        """Yield how an activity or a cap stands in every system that has data under it."""
        serving = [each for each in self._systems.systems.values() if self._serves(each, name)]
        if not serving:
            says = f"no system on the map holds data for `{name}`"
            yield Part("not_provable", None, (Evidence("no_system", says, name=name),))
        for system in serving:
            if system.reach == "outside":
                yield from self._people.all_of(system)
            elif kind == "keeps":
                attested = self._shown.attested.get(promise.id, [])
                explained = [each.at for each in attested if each.explains]
                yield from self._seen.keeps(system, name, max(explained, default=None))
            elif kind == "cap":
                yield from self._seen.cap(system, name)
            else:
                yield from self._seen.rule(system, name)

    def _serves(self, system: System, name: str) -> bool:
        if system.reach == "outside":
            return name in system.serves
        observation = self._shown.observations.get(system.id)
        seen = observation.tables.values() if observation else ()
        return any(name in t.serves or name in t.caps for t in system.tables.values()) or any(
            name in table.rules or name in table.caps for table in seen
        )
