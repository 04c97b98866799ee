"""What the law says: citations, periods, deadlines and dated facts with their sources."""

from ombud.law.citation import Citation
from ombud.law.deadline import breach_due_at, due_on, extended_due_on
from ombud.law.fact import (
    Authority,
    authority,
    child_consent_age,
    fact,
    retention,
    retention_ids,
)
from ombud.law.misspelt import Misspelt
from ombud.law.model import Country, Fact, RetentionFact
from ombud.law.period import CountedFrom, FinancialYear, Period, cutoff, last_day

__all__ = [
    "Authority",
    "Citation",
    "CountedFrom",
    "Country",
    "Fact",
    "FinancialYear",
    "Misspelt",
    "Period",
    "RetentionFact",
    "authority",
    "breach_due_at",
    "child_consent_age",
    "cutoff",
    "due_on",
    "extended_due_on",
    "fact",
    "last_day",
    "retention",
    "retention_ids",
]
