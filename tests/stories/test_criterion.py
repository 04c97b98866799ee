"""Some data is needed until somebody decides that it is not: the board looks once a year.

Method: a policy with a criterion; let a year pass without a decision, decide, and erase; look at
what is due, how the promise stands, and whom the decision touched.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.desk import POLICY, Desk, a_desk, days_ago

CRITERION = POLICY.replace(
    "keep: {for: 1 year, after: membership_ended}",
    "keep: {needed_from: membership_ended, decide: {by: Styret, every: 12 months}}",
)


@pytest.fixture
def club(tmp_path: Path) -> Desk:
    """The club: Kari is a member, Ola left two years ago, Berit a hundred days ago."""
    desk = a_desk(tmp_path)
    desk.write(policy=CRITERION)
    desk.sql("INSERT INTO members VALUES (3, 'Berit', NULL, NULL, ?)", days_ago(100))
    desk.ombud("init")
    return desk


def standing(club: Desk) -> str:
    """Return how the promise stands."""
    return str(club.ombud("status", "--json").json["promises"][0]["standing"])


def there(club: Desk) -> list[str]:
    """Return who is in the list of members."""
    return [name for (name,) in club.sql("SELECT name FROM members ORDER BY id")]


def test_the_board_decides_and_what_is_older_goes(club: Desk) -> None:
    # Nothing goes by itself, but the board has let it lie: the promise is broken.
    assert club.ombud("plan").out.startswith("nothing is due")
    assert standing(club) == "not_kept"
    duties = club.ombud("duty").out
    assert "overdue     criterion    membership" in duties
    assert "Styret: nobody has decided yet; 1 row waits too long" in duties

    # It decides: what ended before that day is no longer needed.
    said = club.ombud("duty", "decide", "membership", "--on", days_ago(365), "--by", "Styret")
    assert said.code == 0

    # Ola, who left before it, is due; Berit, who left after it, is not.
    digest = club.plan()
    assert there(club) == ["Kari", "Ola", "Berit"]
    assert club.ombud("apply", digest).code == 0
    assert there(club) == ["Kari", "Berit"]

    # The promise is kept, and the board knows when to look again.
    assert standing(club) == "kept"
    assert "done        criterion    membership  by " in club.ombud("duty").out


def test_the_day_of_the_decision_itself_is_still_needed(club: Desk) -> None:
    """What ended on the day is not from before it."""
    club.sql("UPDATE members SET left_on = ? WHERE id = 2", days_ago(200))
    club.ombud("duty", "decide", "membership", "--on", days_ago(200))
    assert club.ombud("plan").out.startswith("nothing is due")
    club.ombud("duty", "decide", "membership", "--on", days_ago(199))
    assert "erase 1 row of members" in club.ombud("plan").out


def test_an_earlier_decision_takes_nothing_back(club: Desk) -> None:
    club.ombud("duty", "decide", "membership", "--on", days_ago(30))
    club.ombud("duty", "decide", "membership", "--on", days_ago(700))
    assert "erase 2 rows of members" in club.ombud("plan").out


def test_the_decision_does_not_touch_who_is_still_a_member(club: Desk) -> None:
    club.ombud("duty", "decide", "membership", "--on", days_ago(0))
    club.ombud("apply", club.plan())
    assert there(club) == ["Kari"]


def test_why_says_that_a_person_decides(club: Desk) -> None:
    phone = club.ombud("why", "club.members", "2", "--json").json["fields"]["phone"]
    assert (phone["kept"], phone["open"]) == (True, "criterion")


def test_who_decided_is_kept_apart_from_the_log(club: Desk) -> None:
    club.ombud("duty", "decide", "membership", "--on", days_ago(1), "--by", "Styret")
    assert "Styret" not in club.log()
    assert '"kind":"decided"' in club.log()
