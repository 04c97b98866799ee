"""How long does a retention rule, a consent or a whole activity keep a row's data?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oracle.clocks import Case, Clocks
from oracle.days import (
    Moment,
    Unreadable,
    count_from,
    is_after,
    is_strictly_before,
    last_day,
    period,
)
from oracle.maps import Row
from oracle.values import ALWAYS, DEAD, Decision, Life, first_of, last_of

FACTS = {
    "dk_bogf": {"for": "5 years", "counted_from": "financial_year_end"},
    "dk_kildeskat": {"for": "5 years", "counted_from": "financial_year_end"},
    "no_bok5": {"for": "5 years", "counted_from": "financial_year_end"},
    "no_bok35": {"for": "3 years 6 months", "counted_from": "financial_year_end"},
    "dk_tv": {"for": "30 days"},
}
"""Periods of law that the worlds use; their clocks are always renamed with `after:`."""

SPECIAL = {
    "health",
    "ethnicity",
    "political",
    "religion",
    "trade_union",
    "genetic",
    "biometric",
    "sex_life",
}


class Rules(Clocks):
    """The retention rules of the policy on the rows of one system."""

    def life(self, case: Case, keep: Mapping[str, Any]) -> Life:
        """Return the life that a retention rule gives."""
        if "first_of" in keep:
            return first_of([self.life(case, part) for part in keep["first_of"]])
        if "last_of" in keep:
            return last_of([self.life(case, part) for part in keep["last_of"]])
        if "while" in keep:
            return self.while_state(case, keep["while"])
        if "needed_from" in keep:
            return self.needed_from(case, keep["needed_from"])
        if keep.get("until") == "consent_withdrawn":
            return DEAD if self.is_decided(case) else self.consent(case, case.consent)
        if "until" in keep:
            return self.after(case, {"for": "0 days", "after": keep["until"]})
        if "law" in keep:
            return self.after(case, {**FACTS[keep["law"]], "after": keep["after"]})
        return self.after(case, keep)

    def is_decided(self, case: Case) -> bool:
        """Return whether a decision ended what has no clock of its own."""
        return case.instant is not None and not self.began_after(case, case.instant)

    def after(self, case: Case, keep: Mapping[str, Any]) -> Life:
        """Return the life of a period after one clock, or after the first or last of several."""
        clocks = keep["after"]
        if isinstance(clocks, str):
            return self.after_one(case, keep, clocks)
        ((which, names),) = clocks.items()
        lives = [self.after_one(case, keep, name) for name in names]
        return first_of(lives) if which == "first_of" else last_of(lives)

    def after_one(self, case: Case, keep: Mapping[str, Any], name: str) -> Life:
        """Return the life of a period after a clock."""
        state = self.clock_state(case, name)
        if state is None:
            return DEAD
        if state.opens:
            return Life(alive=True, opens=state.opens)
        if state.day is None:
            return DEAD
        year_end = self.policy["organisation"].get("financial_year_end", "12-31")
        start = count_from(state.day, keep.get("counted_from", "event"), year_end)
        end = last_day(start, period(keep["for"]))
        return Life(alive=True, until=end) if end >= self.as_of else DEAD

    def while_state(self, case: Case, state: str) -> Life:
        """Return the life of a state of the row."""
        lasts = self.map.holds(case.serve["states"][state], case.row)
        if not lasts or self.is_decided(case):
            return DEAD
        return Life(alive=True, opens=frozenset({"not_yet"}))

    def needed_from(self, case: Case, clock: str) -> Life:
        """Return the life of what a person says is no longer needed."""
        state = self.clock_state(case, clock)
        if state is None:
            return DEAD
        decided_on = self.criteria.get(case.name)
        if state.opens or decided_on is None or (state.day and state.day >= decided_on):
            return Life(alive=True, opens=state.opens | {"criterion"})
        return DEAD

    def consent(self, case: Case, name: str) -> Life:
        """Return the life of a consent in the row's columns, or in the rows they lie in.

        A withdrawal that was decided ends it too, unless it was surely given (again) after that.
        """
        columns = case.serve["consents"][name]
        expires = self.policy["consents"][name].get("expires")
        decided = [instant for consent, instant in case.withdrawn if consent == name]
        return last_of(
            [
                self.given_life(given, expires)
                for given, withdrawn in self.consent_values(case.row, columns)
                if isinstance(given, Moment)
                and (withdrawn is None or self.is_old(withdrawn, given))
                and all(is_after(given, instant, self.zones) for instant in decided)
            ]
        )

    def consent_values(
        self, row: Row, columns: Mapping[str, Any]
    ) -> Iterator[tuple[Moment | Unreadable | None, Moment | Unreadable | None]]:
        """Yield when the consent was given and withdrawn, for each row that holds it."""
        reads_as = columns.get("reads_as", "auto")
        *words, given = columns["given"].split(".")
        for trail in self.map.trails(row, self.map.hops(row.table, words)):
            withdrawn = None
            if columns.get("withdrawn"):
                withdrawn = self.cell(trail[-1], columns["withdrawn"].split(".")[-1], reads_as)
            yield self.cell(trail[-1], given, reads_as), withdrawn

    @staticmethod
    def is_old(withdrawn: Moment | Unreadable, given: Moment) -> bool:
        """Return whether a withdrawal surely came before the consent was given again."""
        return isinstance(withdrawn, Moment) and is_strictly_before(withdrawn, given)

    def given_life(self, given: Moment, expires: str | None) -> Life:
        """Return the life of a consent that was given and not withdrawn."""
        if expires is None:
            return Life(alive=True, opens=frozenset({"consent"}))
        end = last_day(given.day, period(expires))
        return Life(alive=True, until=end) if end >= self.as_of else DEAD

    # -------------------------------------------------------------------------------- grounds

    def activity_life(
        self, row: Row, name: str, category: str, decisions: Sequence[Decision]
    ) -> Life:
        """Return the life of an activity's ground on a row, for a category, after decisions."""
        activity, serve = (
            self.policy["activities"][name],
            self.map.tables[row.table]["serves"][name],
        )
        if not self.map.holds(serve.get("when"), row):
            return DEAD
        basis = activity.get("basis", {})
        ends = [d.at for d in decisions if self.ends(d, name, activity)]
        withdrawn = [
            (consent, d.at) for d in decisions if d.kind == "withdrawal" for consent in d.consents
        ]
        case = Case(
            row,
            name,
            serve,
            activity.get("begins"),
            basis.get("consent"),
            max(ends, default=None),
            tuple(withdrawn),
        )
        lives = [self.life(case, keep_of(activity))]
        if case.consent:
            lives.append(self.consent(case, case.consent))
        if self.is_special(category):
            lives.append(self.special_life(case, basis.get("special")))
        return first_of(lives)

    def ends(self, decision: Decision, name: str, activity: Mapping[str, Any]) -> bool:
        """Return whether a decision ends an activity; a withdrawal ends the consent instead."""
        if decision.kind == "marketing_objection":
            return activity.get("marketing", False)
        return decision.kind != "withdrawal" and name in decision.activities

    def special_life(self, case: Case, special: Mapping[str, Any] | None) -> Life:
        """Return the life of the condition that special categories need besides."""
        if special is None:
            return DEAD
        return self.consent(case, special["consent"]) if "consent" in special else ALWAYS

    def is_special(self, category: str) -> bool:
        """Return whether a category is special (Art. 9)."""
        own = self.policy.get("categories", {}).get(category, {})
        return own.get("kind") == "special" or category in SPECIAL


def keep_of(activity: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an activity's retention rule, that of its fact of law where it has one."""
    keep = activity.get("keep", {})
    if "law" in activity and "for" not in keep:
        return {"law": activity["law"], **keep}
    return keep
