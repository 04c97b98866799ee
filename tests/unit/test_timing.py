"""When does a local day end? In zones whose clocks go back or forward around midnight, too."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ombud.law import FinancialYear
from ombud.plan.time import Timing


@pytest.mark.parametrize(
    ("zone", "day", "ends"),
    [
        pytest.param("Europe/Oslo", "2025-12-31", "2025-12-31T22:59:59.999999+00:00", id="year"),
        pytest.param("Europe/Oslo", "2025-10-26", "2025-10-26T22:59:59.999999+00:00", id="autumn"),
        pytest.param("Europe/Oslo", "2025-03-30", "2025-03-30T21:59:59.999999+00:00", id="spring"),
        pytest.param("America/Nuuk", "2025-10-25", "2025-10-26T01:59:59.999999+00:00", id="twice"),
        pytest.param("Pacific/Apia", "2025-12-31", "2025-12-31T10:59:59.999999+00:00", id="east"),
    ],
)
def test_a_local_day_ends_with_its_last_moment(zone: str, day: str, ends: str) -> None:
    """In Nuuk the clocks go back at midnight, so that the day has its last hour twice."""
    timing = Timing.end_of(date.fromisoformat(day), zone, FinancialYear(12, 31))
    assert timing.at.astimezone(UTC) == datetime.fromisoformat(ends)
    assert timing.as_of == date.fromisoformat(day)
