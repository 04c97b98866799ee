"""Until when must a person be answered and an authority be told?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ombud.errors import WrongUse
from ombud.law.calendar import working_day_from
from ombud.law.fact import fact
from ombud.law.model import Country
from ombud.law.period import Period, last_day


def due_on(received_on: date, country: Country) -> date:
    """Return the last day on which a case may be answered.

    One calendar month after receipt; where the month has no such day, its last day; where
    that is a Saturday, Sunday or public holiday, the next working day.

    Args:
        received_on: Local date on which the request reached the controller, by any channel, also
            on a weekend.
        country: Whose public holidays count: the controller's.

    Raises:
        UnknownCalendar: No holidays are known for the country in that year.

    Law:
        GDPR Art. 12(3)
        Reg. 1182/71 Art. 3(2)(c)
        Reg. 1182/71 Art. 3(4)

    Examples:
        >>> due_on(date(2026, 3, 5), "DK")
        datetime.date(2026, 4, 7)
    """
    answer = fact("answer_period", on=received_on).period()
    return working_day_from(last_day(received_on, answer), country)


def extended_due_on(received_on: date, country: Country) -> date:
    """Return the last day on which a case may be answered once it was extended.

    Two further months, counted from receipt and not from the first due day; rolled to a working
    day as the first is. The person must be told, with reasons, on the first due day at the latest.

    Args:
        received_on: Local date on which the request reached the controller.
        country: Whose public holidays count: the controller's.

    Raises:
        UnknownCalendar: No holidays are known for the country in that year.

    Law:
        GDPR Art. 12(3)
        Reg. 1182/71 Art. 3(2)(c)
        Reg. 1182/71 Art. 3(4)
    """
    answer = fact("answer_period", on=received_on).period()
    more = fact("answer_extension", on=received_on).period()
    whole = Period(months=answer.months + more.months, days=answer.days + more.days)
    return working_day_from(last_day(received_on, whole), country)


def breach_due_at(aware_at: datetime) -> datetime:
    """Return the instant until which the authority must be told of a breach.

    So many whole hours after becoming aware, through weekends, holidays and changes of the clock.
    Counting from the next full hour would give more; this is never late.

    Args:
        aware_at: Aware instant, in any zone, of reasonable certainty that there was a breach.

    Returns:
        An instant in UTC.

    Raises:
        WrongUse: The instant has no time zone; nothing was computed.

    Law:
        GDPR Art. 33(1)
    """
    if aware_at.utcoffset() is None:
        raise WrongUse(
            "the instant of becoming aware has no time zone",
            help="give it its zone, for example `2026-11-20T16:20+01:00`",
        )
    at = aware_at.astimezone(UTC)
    return at + timedelta(hours=fact("art33_hours", on=at.date()).number())
