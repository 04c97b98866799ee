"""What must stay whatever the rules say, and what people decided? Values; kept by `evidence`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, order=True)
class PersonRef:
    """One identifier of a person, as it was given; compared in its normal form.

    Args:
        kind: `email`, `phone`, `national_id`, or another identifier kind of the map.
    """

    kind: str
    value: str


@dataclass(frozen=True)
class HoldScope:
    """What a hold covers: people everywhere, or rows of one table.

    Exactly one of the three: `persons`; `keys` of (`system`, `table`); or the days `from_on` to
    `to_on`, both included, of a clock column `clock` of (`system`, `table`).

    Args:
        keys: Each in the order of the table's key, as text.
    """

    persons: tuple[PersonRef, ...] = ()
    system: str = ""
    table: str = ""
    keys: tuple[tuple[str, ...], ...] = ()
    clock: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class Hold:
    """Rows or fields that must stay, on which law, until a person releases it.

    Args:
        kind: Built in or from the policy's `hold_kinds`; caps name the kinds that may pass them.
        law: Citation or words; why it may stay.
        review_on: Local date by which somebody must look at it again.
        released_at: None while it holds.

    Law:
        GDPR Art. 17(3)(e)
        GDPR Art. 18(1)
    """

    id: str
    kind: str
    scope: HoldScope
    reason: str
    law: str
    by: str
    placed_at: datetime
    review_on: date
    released_at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """What was decided about a person, or about a criterion; it ends grounds that began before it.

    Args:
        kind: `erasure` and `objection` end the named activities; `marketing_objection` every
            activity marked so; `withdrawal` what rests on the named consents; `no_longer_needed`
            (no persons) ends rows of the named activities whose clock lies before `decided_at`'s
            local day.
        decided_at: Aware instant.

    Law:
        GDPR Art. 7(3)
        GDPR Art. 17(1)
        GDPR Art. 21
    """

    id: str
    kind: Literal["erasure", "objection", "marketing_objection", "withdrawal", "no_longer_needed"]
    persons: tuple[PersonRef, ...]
    activities: tuple[str, ...]
    consents: tuple[str, ...]
    decided_at: datetime
    by: str
