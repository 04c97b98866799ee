"""Berit has Ombud erase what the club promised to erase, and leaves the nights to it.

Method: follow her through the commands on the example club, from the first look to a night on
which nobody is there; after each step look at what the club still has.
"""

from __future__ import annotations

from cli.desk import Desk, days_ago


def names(club: Desk, member: int) -> object:
    """Return what the list of members says of somebody; None where there is nobody."""
    found = club.sql("SELECT name, email, phone FROM members WHERE id = ?", member)
    return found[0] if found else None


def standings(club: Desk) -> dict[str, str]:
    """Return how each promise of the club stands."""
    return {p["id"]: p["standing"] for p in club.ombud("status", "--json").json["promises"]}


def test_what_was_promised_is_erased_after_berit_has_seen_and_approved_it(club: Desk) -> None:
    # The club promised; nobody ever erased.
    assert club.ombud("check").code == 0
    assert club.ombud("bind").code == 0
    assert standings(club)["CL-1"] == "not_kept"

    # Berit asks what is due. Nothing happens yet.
    before = club.dump()
    planned = club.ombud("plan")
    assert " rows of members" in planned.out
    assert "Membership: 1 year after the membership ended" in planned.out
    assert club.dump() == before

    # She approves exactly that, and it is done and proved.
    digest = planned.out.split()[-1]
    done = club.ombud("apply", digest)
    assert done.code == 0
    assert "0 remain" in done.out

    # Ola left: of him is left what his invoice needs. Kari, a member, is as she was.
    assert club.sql("SELECT name IS NULL, phone FROM members WHERE id = 3") == [(0, None)]
    assert names(club, 2) is not None
    assert names(club, 4) is None

    # The promises are kept, and there is nothing more to do.
    assert standings(club) == {"CL-1": "kept", "CL-2": "kept", "CL-3": "kept"}
    assert club.ombud("status").code == 0
    assert club.ombud("plan").out.startswith("nothing is due")

    # The same approval again does nothing.
    again = club.ombud("apply", digest)
    assert (again.code, "was done before" in again.out) == (0, True)

    # And whoever reads the evidence learns of no one.
    assert club.ombud("verify").code == 0
    assert "example" not in club.log()


def test_a_night_erases_what_berit_approved_for_every_night(club: Desk) -> None:
    # The first time waits for a person, however little is due.
    first = club.ombud("sweep")
    assert (first.code, "is not pre-approved" in first.out) == (3, True), first.out + first.err
    assert club.ombud("apply", club.plan(), "--pre-approve").code == 0

    # Months later Kari's year is over.
    club.sql("UPDATE members SET left_on = ? WHERE id = 2", days_ago(400))
    night = club.ombud("sweep")
    assert night.code == 0, night.out + night.err
    assert club.sql("SELECT phone, born_on FROM members WHERE id = 2") == [(None, None)]
    assert standings(club)["CL-1"] == "kept"


def test_a_night_on_which_too_much_is_due_waits_for_berit(club: Desk) -> None:
    """Somebody imported forty members with the wrong dates: they would be gone by the morning."""
    club.ombud("apply", club.plan(), "--pre-approve")
    new = "INSERT INTO members (id, email, joined_on, left_on) SELECT id + 90000, 'm' || id, ?, ?"
    club.sql(f"{new} FROM sessions", days_ago(500), days_ago(400))
    [(members,)] = club.sql("SELECT count(*) FROM members")
    night = club.ombud("sweep", "--full")
    assert (night.code, "waits for a person" in night.out) == (3, True)
    assert club.sql("SELECT count(*) FROM members") == [(members,)]


def test_what_berit_approved_for_every_night_ends_with_another_rule(club: Desk) -> None:
    club.ombud("apply", club.plan(), "--pre-approve")
    policy = (club.folder / "policy.yaml").read_text("utf-8")
    changed = policy.replace("keep: {for: 1 year, after: membership_ended}", "SHORTER").replace(
        "SHORTER", "keep: {for: 1 month, after: membership_ended}"
    )
    (club.folder / "policy.yaml").write_text(changed, "utf-8")
    club.sql("UPDATE members SET left_on = ? WHERE id = 2", days_ago(40))
    night = club.ombud("sweep")
    assert (night.code, "is not pre-approved" in night.out) == (3, True)
    assert names(club, 2) is not None


def test_a_member_who_came_back_after_berit_approved_is_kept(club: Desk) -> None:
    digest = club.plan()
    club.sql("UPDATE members SET left_on = NULL WHERE id = 4")
    assert club.ombud("apply", digest).code == 0
    assert names(club, 4) is not None


def test_what_was_erased_by_hand_in_the_meantime_is_no_trouble(club: Desk) -> None:
    digest = club.plan()
    club.sql("DELETE FROM members WHERE id = 4")
    assert club.ombud("apply", digest).code == 0
    assert club.ombud("plan").out.startswith("nothing is due")


def test_berit_can_say_of_anyone_why_they_are_there_and_until_when(club: Desk) -> None:
    kari = club.ombud("why", "club.members", "2", "--json").json["fields"]
    assert kari["phone"]["kept"]
    assert kari["phone"]["open"] == "not_yet"
    ola = club.ombud("why", "club.members", "3", "--json").json["fields"]
    assert (ola["phone"]["kept"], ola["name"]["kept"]) == (False, True)
    [dues] = ola["name"]["grounds"]
    assert (dues["activity"], dues["source"]) == ("dues", "NO bokføringsloven § 13(2)")
    assert dues["until"] > days_ago(0)
