"""How long does an activity keep data, and what ends it?"""

from __future__ import annotations

from typing import Final, get_args

from ombud.document import Fields, Node, quoted
from ombud.law import CountedFrom, Period, RetentionFact
from ombud.policy.builtin import CONSENT_WITHDRAWN
from ombud.policy.model import (
    After,
    Clocks,
    FirstOf,
    Keep,
    LastOf,
    NeededFrom,
    WhileConsent,
    WhileState,
)
from ombud.policy.parse.names import NONE_AT_ALL, Known, at_least_two, no_consent, period

KINDS: Final = ("for", "until", "while", "needed_from", "law", "first_of", "last_of")
KEEP_KEYS: Final = (*KINDS, "after", "counted_from", "decide")
COUNTED_FROM: Final[tuple[CountedFrom, ...]] = get_args(CountedFrom)
STARTS: Final = ("GDPR Art. 13(2)(a)",)

_NEVER: Final = After(NONE_AT_ALL, Clocks(("",)))


class KeepReader:
    """Reads the retention rule of one activity or cap.

    Args:
        owner: Id of the activity, for messages.
        consented: The activity rests on a consent.
    """

    def __init__(self, known: Known, owner: str, *, consented: bool) -> None:
        self._known = known
        self._owner = owner
        self._consented = consented
        self._clock = next(iter(known.clocks), "event_held")

    def example(self, length: str = "") -> str:
        """Return a rule that could be written, with a clock of the policy."""
        return f"{{for: {length or '3 years'}, after: {self._clock}}}"

    def read(self, node: Node) -> Keep:
        """Return the rule; what is wrong in it was recorded."""
        if not node.present:
            return _NEVER
        fields = node.fields(*KEEP_KEYS, example=self.example(node.written))
        if "after" in fields and not any(kind in fields for kind in KINDS):
            self._no_length(node)
            return _NEVER
        kind, value = fields.one_key(*KINDS)
        if kind in ("first_of", "last_of"):
            _only(fields, kind)
            parts = tuple(self.read(part) for part in at_least_two(value))
            return FirstOf(parts) if kind == "first_of" else LastOf(parts)
        if kind == "for":
            return self._for(fields)
        if kind == "until":
            return self._until(fields, value)
        if kind == "while":
            _only(fields, kind)
            return WhileState(value.text())
        if kind == "needed_from":
            return self._needed_from(fields, value)
        return self._law(fields, value) if kind == "law" else _NEVER

    def _for(self, fields: Fields) -> After:
        _only(fields, "for", "after", "counted_from")
        return self.period_and_clock(fields)

    def period_and_clock(self, fields: Fields) -> After:
        """Return the rule of `for`, `after` and `counted_from`."""
        if "after" not in fields:
            self._no_start(fields.node)
        counted_from = fields.optional("counted_from").one_of(COUNTED_FROM, "event")
        clocks = self.clocks(fields.optional("after"))
        return After(period(fields.optional("for")), clocks, counted_from)

    def clocks(self, node: Node) -> Clocks:
        """Return the clocks after which a period runs."""
        return self._known.clocks_of(node, consented=self._consented)

    def _until(self, fields: Fields, value: Node) -> Keep:
        _only(fields, "until")
        if not value.has_keys and value.written == CONSENT_WITHDRAWN:
            if not self._consented:
                no_consent(value, CONSENT_WITHDRAWN)
            return WhileConsent()
        return After(NONE_AT_ALL, self.clocks(value))

    def _needed_from(self, fields: Fields, value: Node) -> NeededFrom:
        _only(fields, "needed_from", "decide")
        decide = fields.required("decide", "{by: …, every: 12 months}").fields("by", "every")
        return NeededFrom(
            clock=self._known.clock(value, consented=self._consented),
            by=decide.required("by", "…").text(),
            every=period(decide.required("every", "12 months")),
        )

    def _law(self, fields: Fields, value: Node) -> After:
        _only(fields, "law", "after")
        fact = self._known.fact(value)
        if fact is None:
            self.clocks(fields.optional("after"))  # what is wrong in it is told all the same
            return _NEVER
        if fact.kind == "max":
            value.wrong(
                "Y37",
                f"{quoted(fact.id)} says how long at most, and no reason to keep",
                f"say how long it is needed with `for:`, and limit it with"
                f" `caps: {{{self._owner}_max: {{law: {fact.id}, about: …}}}}`",
                law=(str(fact.citations[0]),),
            )
        return self.fact_rule(fact, value, fields.optional("after"))

    def fact_rule(self, fact: RetentionFact, where: Node, after: Node) -> After:
        """Return the rule of a fact of law.

        Args:
            fact: The fact, in force on the day of reading.
            where: Where it was named.
            after: Another clock than the fact's own, if one is written.
        """
        if fact.period is None and fact.kind != "max":
            says = f"{quoted(fact.id)} has no period of its own"
            help = "say how long with `keep: {for: 1 year, after: …}`"
            where.wrong("Y37", says, help, law=tuple(map(str, fact.citations[:1])))
        return self._after_fact(fact, fact.period or NONE_AT_ALL, after)

    def limit_of_law(self, fact: RetentionFact, own: Node, after: Node) -> After:
        """Return when a limit set by law passes.

        Args:
            fact: The fact; one without a number leaves it to the policy.
            own: The policy's own number, where it is left to it.
            after: Another clock than the fact's own, if one is written.
        """
        if fact.period is None:
            return self._after_fact(fact, period(own), after)
        if own.present:
            says = f"{quoted(own.name)} is said by {quoted(fact.id)}: {quoted(fact.period)}"
            own.wrong_key("Y11", says, "take it out")
        return self._after_fact(fact, fact.period, after)

    def _after_fact(self, fact: RetentionFact, length: Period, after: Node) -> After:
        clocks = self.clocks(after)
        if not after.present:
            clocks = Clocks((fact.clock,))
            self._known.used_clocks[fact.clock] = None
        return After(length, clocks, fact.counted_from, fact)

    def _no_start(self, node: Node) -> None:
        node.wrong(
            "Y31",
            f"retention rule of {quoted(self._owner)} does not say what starts its period",
            f"add `after:` with a clock, for example `after: {self._clock}`",
            law=STARTS,
        )

    def _no_length(self, node: Node) -> None:
        node.wrong(
            "Y32",
            f"retention rule of {quoted(self._owner)} does not say how long",
            "add `for:` with a period, for example `for: 3 years`",
            law=STARTS,
        )


def _only(fields: Fields, *keys: str) -> None:
    """Record every key that does not belong to the kind of rule that is written."""
    for key in fields:
        # two kinds at once were told already
        if key in KEEP_KEYS and key not in KINDS and key not in keys:
            says = f"{quoted(key)} does not go with {quoted(keys[0])}"
            fields.optional(key).wrong_key("Y11", says, "take it out")
