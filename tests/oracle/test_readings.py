"""Worlds of one difficulty each, on which the engine and the model must say the same.

Each was a difference between the two at some time, found by a random world; the name is the
question, and what the model answers is stated with the fates of the rows.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from oracle.agreement import differences
from oracle.values import Decision, Hold
from oracle.worlds import world_of

AS_OF = date(2024, 6, 15)

POLICY = """
organisation: {name: Klub, number: "00000000", country: DK, languages: [en],
               contact: {email: klub@example.org}}
subjects: {members: {title: Members}}
clocks: {held: it was held, begun: it began}
consents:
  news: {purpose: news, text: "Yes please"}
  checks: {purpose: checks, text: "Yes please", expires: 1 year}
activities:
"""


def activity(
    keep: str = "{for: 3 years, after: held}",
    *,
    name: str = "work",
    data: str = "[name, note]",
    basis: str = "{contract: the membership}",
    more: str = "",
) -> str:
    """Return an activity in words."""
    return (
        f"\n  {name}: {{title: Work, purpose: Work, about: members, data: {data},"
        f" basis: {basis}, keep: {keep}{more}}}\n"
    )


def erasure(*activities: str, email: str = "kari@example.org") -> Decision:
    """Return that erasure was decided on 1 May 2024 at noon, UTC."""
    at = datetime(2024, 5, 1, 12, tzinfo=UTC)
    return Decision("d1", "erasure", at, {"email": [email]}, activities or ("work",))


def check(
    tmp_path: Path,
    activities: str,
    tables: str,
    rows: str,
    fates: dict[str, list[str]],
    **more: Any,  # noqa: ANN401 - parts of a world
) -> None:
    """Assert what the model says, and that the engine says it too."""
    world = world_of(POLICY + activities, tables, rows, as_of=AS_OF, **more)
    verdict = world.verdict()
    for table, expected in fates.items():
        found = [fate.fate for (name, _), fate in sorted(verdict.rows.items()) if name == table]
        assert found == expected, table
    assert differences(world, f"sqlite:///{tmp_path}/world.sqlite", why=True) == []


PEOPLE = """
people:
  serves: {work: {clocks: {held: d}}}
  subjects: {person: {email: email}}
  columns: {name: name}
  not_personal: [id, email, d]
"""
OLD, NEW = "2010-01-01", "2024-01-01"


# --------------------------------------------------------------------------------- skeletons


def test_a_skeleton_keeps_what_it_refers_to(tmp_path: Path) -> None:
    """The note is due, and stays for the case; so the person that it belongs to stays as well."""
    check(
        tmp_path,
        activity() + activity(name="cases", data="[title]"),
        PEOPLE
        + """
notes: {belongs_to: {people: person_id}, columns: {text: note}, not_personal: [id, person_id]}
cases:
  refers_to: {notes: note_id}
  serves: {cases: {clocks: {held: d}}}
  columns: {title: title}
  not_personal: [id, note_id, d]
""",
        f"""
people: [{{id: 1, name: a, email: kari@example.org, d: {OLD}}}]
notes: [{{id: 1, text: x, person_id: 1}}]
cases: [{{id: 1, title: x, note_id: 1, d: {NEW}}}]
""",
        {"people": ["kept"], "notes": ["kept"], "cases": ["kept"]},
    )


# ------------------------------------------------------------------------------------ clocks


def test_a_row_is_its_own_sibling_where_the_columns_are_null(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity(),
        PEOPLE.replace("held: d", "held: {latest: d, over: [team]}").replace("d]", "d, team]"),
        f"""
people:
  - {{id: 1, name: a, email: null, team: null, d: {NEW}}}
  - {{id: 2, name: a, email: null, team: null, d: {OLD}}}
  - {{id: 3, name: a, email: x@example.org, team: 1, d: {OLD}}}
""",
        {"people": ["kept", "erased", "erased"]},
    )


def test_a_day_is_the_organisations_in_a_system_elsewhere(tmp_path: Path) -> None:
    """23:30 in Reykjavik is the next day in Copenhagen."""
    check(
        tmp_path,
        activity(),
        PEOPLE,
        """
people: [{id: 1, name: a, email: x, d: 2021-06-14 23:30:00},
         {id: 2, name: a, email: x, d: 2021-06-14 21:30:00}]
""",
        {"people": ["kept", "erased"]},
        system={"zone": "Atlantic/Reykjavik"},
    )


def test_a_day_and_a_time_of_the_same_day_are_in_no_known_order(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity("{until: consent_withdrawn}", basis="{consent: news}"),
        """
people:
  serves: {work: {consents: {news: {given: given, withdrawn: gone}}}}
  columns: {name: name}
  not_personal: [id, given, gone]
""",
        """
people: [{id: 1, name: a, given: 2024-05-01 10:00:00, gone: 2024-05-01},
         {id: 2, name: a, given: 2024-05-01 10:00:00, gone: 2024-04-30}]
""",
        {"people": ["erased", "kept"]},
    )


# ------------------------------------------------------------------------------ rows above


NOTES = """
notes: {belongs_to: {people: person_id}, columns: {text: note}, not_personal: [id, person_id]}
"""


def test_columns_of_a_serve_say_nothing_about_what_belongs_to_the_table(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity(),
        PEOPLE.replace("clocks: {held: d}", "clocks: {held: d}, columns: [name]") + NOTES,
        f"""
people: [{{id: 1, name: a, email: x, d: {NEW}}}, {{id: 2, name: a, email: x, d: {OLD}}}]
notes: [{{id: 1, text: x, person_id: 1}}, {{id: 2, text: x, person_id: 2}}]
""",
        {"people": ["kept", "erased"], "notes": ["kept", "erased"]},
    )


COUPLE = """
people:
  serves: {work: {clocks: {held: d}}}
  subjects: {person: {email: email}, spouse: {email: spouse_email}}
  columns: {name: {holds: name, subject: person}, spouse: {holds: name, subject: spouse}}
  not_personal: [id, email, spouse_email, d]
"""


@pytest.mark.parametrize(
    ("decided", "fate"),
    [
        (["kari@example.org"], "kept"),
        (["ola@example.org"], "kept"),
        (["kari@example.org", "ola@example.org"], "erased"),
    ],
)
def test_what_belongs_to_several_people_goes_with_the_last(
    tmp_path: Path, decided: list[str], fate: str
) -> None:
    check(
        tmp_path,
        activity(),
        COUPLE + NOTES,
        f"""
people: [{{id: 1, name: a, spouse: b, email: kari@example.org, spouse_email: ola@example.org,
          d: {NEW}}}]
notes: [{{id: 1, text: x, person_id: 1}}]
""",
        {"notes": [fate], "people": [fate]},
        decisions=tuple(erasure(email=email) for email in decided),
    )


@pytest.mark.parametrize("held", ["kari@example.org", "ola@example.org"])
def test_a_hold_on_one_of_several_people_keeps_what_belongs_to_them(
    tmp_path: Path, held: str
) -> None:
    check(
        tmp_path,
        activity(),
        COUPLE + NOTES,
        f"""
people: [{{id: 1, name: a, spouse: b, email: kari@example.org, spouse_email: ola@example.org,
          d: {OLD}}}]
notes: [{{id: 1, text: x, person_id: 1}}]
""",
        {"notes": ["kept"], "people": ["kept"]},
        holds=(Hold("h1", "legal_claim", people=({"email": [held]},)),),
    )


@pytest.mark.parametrize(
    ("decided", "fate"),
    [
        ("kari@example.org", "erased"),
        ("ola@example.org", "erased"),
        ("x@example.org", "kept"),
    ],
)
def test_a_row_with_people_of_its_own_hears_both_decisions(
    tmp_path: Path, decided: str, fate: str
) -> None:
    notes = """
notes:
  belongs_to: {people: {table: people, columns: person_id, keeps_parent: false}}
  subjects: {writer: {email: by}}
  columns: {text: note}
  not_personal: [id, person_id, by]
"""
    check(
        tmp_path,
        activity(),
        PEOPLE + notes,
        f"""
people: [{{id: 1, name: a, email: kari@example.org, d: {NEW}}}]
notes: [{{id: 1, text: x, person_id: 1, by: ola@example.org}}]
""",
        {"notes": [fate]},
        decisions=(erasure(email=decided),),
    )


@pytest.mark.parametrize(
    ("decided", "fate"),
    [
        (["kari@example.org"], "kept"),
        (["kari@example.org", "ola@example.org"], "erased"),
    ],
)
def test_a_row_of_two_owners_keeps_its_own_ground_until_both_are_decided(
    tmp_path: Path, decided: list[str], fate: str
) -> None:
    notes = """
notes:
  belongs_to:
    people: {table: people, columns: person_id, keeps_parent: false}
    other: {table: people, columns: other_id, keeps_parent: false}
  serves: {work: {clocks: {held: w}}}
  columns: {text: note}
  not_personal: [id, person_id, other_id, w]
"""
    check(
        tmp_path,
        activity(),
        PEOPLE + notes,
        f"""
people: [{{id: 1, name: a, email: kari@example.org, d: {OLD}}},
         {{id: 2, name: a, email: ola@example.org, d: {OLD}}}]
notes: [{{id: 1, text: x, person_id: 1, other_id: 2, w: {NEW}}}]
""",
        {"notes": [fate]},
        decisions=tuple(erasure(email=email) for email in decided),
    )


def test_rows_far_below_a_person_hear_a_decision_about_her(database_url: str) -> None:
    """Four tables in a row, told by e-mail and phone: SQLite reads no brackets that deep."""
    told = "subjects: {person: {email: email, phone: phone, national_id: cpr}}"
    world = world_of(
        POLICY + activity(more=", begins: held"),
        PEOPLE.replace("subjects: {person: {email: email}}", told)
        .replace("held: d", "held: {latest: orders.d, else: d}")
        .replace("d]", "d, phone, cpr]")
        + """
orders:
  belongs_to: {people: person_id}
  serves: {work: {clocks: {held: d}}}
  columns: {text: note}
  not_personal: [id, person_id, d]
lines: {belongs_to: {orders: order_id}, columns: {text: note}, not_personal: [id, order_id]}
remarks: {belongs_to: {lines: line_id}, columns: {text: note}, not_personal: [id, line_id]}
""",
        f"""
people:
  - {{id: 1, name: a, email: kari@example.org, phone: "22 33 44 55", cpr: x, d: {NEW}}}
  - {{id: 2, name: a, email: ola@example.org, phone: "22334466", cpr: y, d: {NEW}}}
orders: [{{id: 1, text: x, person_id: 1, d: {NEW}}}, {{id: 2, text: x, person_id: 2, d: {NEW}}}]
lines: [{{id: 1, text: x, order_id: 1}}, {{id: 2, text: x, order_id: 2}}]
remarks: [{{id: 1, text: x, line_id: 1}}, {{id: 2, text: x, line_id: 2}}]
""",
        as_of=AS_OF,
        decisions=(
            Decision(
                "d1",
                "erasure",
                datetime(2024, 5, 1, 12, tzinfo=UTC),
                {"email": ["kari@example.org"], "phone": ["22334455"], "national_id": ["x"]},
                ("work",),
            ),
        ),
        holds=(Hold("h1", "legal_claim", people=({"phone": ["22334477"]},)),),
    )
    fates = {row: fate.fate for row, fate in world.verdict().rows.items()}
    assert fates[("remarks", (1,))] == "erased"
    assert fates[("remarks", (2,))] == "kept"
    assert differences(world, database_url, why=True) == []


# -------------------------------------------------------------- tables without personal columns

SIGNUPS = """
signups: {belongs_to: {people: person_id}, not_personal: [id, person_id]}
"""


def test_a_row_without_fields_goes_with_its_owner(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity(),
        PEOPLE + SIGNUPS,
        f"""
people: [{{id: 1, name: a, email: x, d: {NEW}}}, {{id: 2, name: a, email: x, d: {OLD}}}]
signups: [{{id: 1, person_id: 1}}, {{id: 2, person_id: 2}}]
""",
        {"people": ["kept", "erased"], "signups": ["kept", "erased"]},
    )


def test_a_row_without_fields_and_without_owner_is_left_alone(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity(),
        PEOPLE + SIGNUPS,
        f"""
people: [{{id: 1, name: a, email: x, d: {NEW}}}]
signups: [{{id: 1, person_id: null}}, {{id: 2, person_id: 1}}]
""",
        {"signups": ["kept", "kept"]},
    )


def test_a_row_without_fields_of_an_unpersonal_owner_is_left_alone(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity(),
        PEOPLE
        + """
courses: {not_personal: [id]}
dates: {belongs_to: {courses: course_id}, not_personal: [id, course_id]}
""",
        f"""
people: [{{id: 1, name: a, email: x, d: {NEW}}}]
courses: [{{id: 1}}]
dates: [{{id: 1, course_id: 1}}]
""",
        {"courses": ["kept"], "dates": ["kept"]},
    )


def test_a_row_without_fields_stays_while_its_owner_is_read_by_a_person(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity(),
        PEOPLE.replace("name: name", "text: {holds: note, mentions: others}") + SIGNUPS,
        f"""
people: [{{id: 1, text: x, email: kari@example.org, d: {NEW}}}]
signups: [{{id: 1, person_id: 1}}]
""",
        {"people": ["kept"], "signups": ["kept"]},
        decisions=(erasure(),),
    )


def test_a_hold_on_a_row_without_fields_keeps_it(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity(),
        PEOPLE + SIGNUPS,
        f"""
people: [{{id: 1, name: a, email: x, d: {OLD}}}]
signups: [{{id: 1, person_id: 1}}, {{id: 2, person_id: 1}}]
""",
        {"people": ["kept"], "signups": ["kept", "erased"]},
        holds=(Hold("h1", "legal_claim", rows=(("signups", (1,)),)),),
    )


# ---------------------------------------------------------------- what a held row refers to

ORDERS = """
addresses:
  serves: {places: {clocks: {held: d}}}
  refers_to: {towns: {table: towns, columns: town_id}}
  columns: {street: address}
  not_personal: [id, town_id, d]
towns:
  serves: {places: {clocks: {held: d}}}
  columns: {mayor: name, office: address}
  not_personal: [id, d]
orders:
  belongs_to: {people: person_id}
  refers_to: {addresses: {table: addresses, columns: address_id}}
  columns: {text: note}
  not_personal: [id, person_id, address_id]
"""
PLACES = activity() + activity(name="places", data="[name, address]")


@pytest.mark.parametrize(
    ("hold", "keeps_parent", "fates"),
    [
        (Hold("h", "legal_claim", people=({"email": ["kari@example.org"]},)), True, "kept"),
        (Hold("h", "legal_claim", rows=(("orders", (1,)),)), True, "kept"),
        (Hold("h", "legal_claim", people=({"email": ["ola@example.org"]},)), True, "erased"),
        (Hold("h", "legal_claim", rows=(("orders", (1,)),)), False, "erased"),
    ],
)
def test_a_held_row_keeps_what_it_refers_to(
    database_url: str, hold: Hold, keeps_parent: bool, fates: str
) -> None:
    """The order of a case needs its address, and that its town; each with its data."""
    tables = PEOPLE + ORDERS
    if not keeps_parent:
        tables = tables.replace("address_id}}", "address_id, keeps_parent: false}}")
    world = world_of(
        POLICY + PLACES,
        tables,
        f"""
people: [{{id: 1, name: a, email: kari@example.org, d: {OLD}}}]
orders: [{{id: 1, text: x, person_id: 1, address_id: 1}}]
addresses: [{{id: 1, street: x, town_id: 1, d: {OLD}}}, {{id: 2, street: x, town_id: 2, d: {OLD}}}]
towns: [{{id: 1, mayor: x, office: y, d: {OLD}}}, {{id: 2, mayor: x, office: y, d: {OLD}}}]
""",
        as_of=AS_OF,
        holds=(hold,),
    )
    verdict = world.verdict().rows
    for row in (("addresses", (1,)), ("towns", (1,))):
        assert (verdict[row].fate, verdict[row].blank) == (fates, ())
        assert verdict[(row[0], (2,))].fate == "erased"
    assert differences(world, database_url) == []


def test_what_belongs_to_a_row_that_a_held_one_refers_to_is_not_held(tmp_path: Path) -> None:
    """The order keeps its address; what the address has besides goes by its own rules."""
    check(
        tmp_path,
        PLACES,
        PEOPLE
        + ORDERS
        + """
doors: {belongs_to: {addresses: address_id}, columns: {bell: name}, not_personal: [id, address_id]}
""",
        f"""
people: [{{id: 1, name: a, email: kari@example.org, d: {OLD}}}]
orders: [{{id: 1, text: x, person_id: 1, address_id: 1}}]
addresses: [{{id: 1, street: x, town_id: null, d: {OLD}}}]
doors: [{{id: 1, bell: x, address_id: 1}}]
towns: []
""",
        {"addresses": ["kept"], "doors": ["erased"], "orders": ["kept"], "people": ["kept"]},
        holds=(Hold("h", "legal_claim", rows=(("orders", (1,)),)),),
    )


def test_a_hold_goes_over_each_link_once(tmp_path: Path) -> None:
    """A remark keeps the one that it answers, and no whole thread."""
    check(
        tmp_path,
        activity(),
        PEOPLE.replace(
            "not_personal", "refers_to: {reply: {table: people, columns: up}}\n  not_personal"
        ).replace("d]", "d, up]"),
        f"""
people:
  - {{id: 1, name: a, email: x, d: {OLD}, up: null}}
  - {{id: 2, name: a, email: x, d: {OLD}, up: 1}}
  - {{id: 3, name: a, email: x, d: {OLD}, up: 2}}
""",
        {"people": ["kept", "kept", "kept"]},
        holds=(Hold("h", "legal_claim", rows=(("people", (3,)),)),),
    )


# ------------------------------------------------------------------------------ why, and until


def test_why_follows_rows_that_refer_to_each_other_to_the_end(database_url: str) -> None:
    """A note of the last of five people is new: it keeps her, and she all those before her."""
    refers = "refers_to: {boss: {table: people, columns: boss_id}}\n  "
    world = world_of(
        POLICY + activity(),
        PEOPLE.replace("  serves:", f"  {refers}serves:").replace("d]", "d, boss_id]")
        + """
notes: {refers_to: {people: person_id}, serves: {work: {clocks: {held: {
          expression: 'COALESCE(d, d)', reads: [d]}}}},  # people have a `d` as well
        columns: {text: note}, not_personal: [id, person_id, d]}
""",
        f"""
people: [{{id: 1, name: a, email: x, d: {OLD}, boss_id: null}},
         {{id: 2, name: a, email: x, d: {OLD}, boss_id: 1}},
         {{id: 3, name: a, email: x, d: {OLD}, boss_id: 2}},
         {{id: 4, name: a, email: x, d: {OLD}, boss_id: 3}},
         {{id: 5, name: a, email: x, d: {OLD}, boss_id: 4}},
         {{id: 6, name: a, email: x, d: {OLD}, boss_id: 7}},
         {{id: 7, name: a, email: x, d: {OLD}, boss_id: 6}}]
notes: [{{id: 1, text: x, person_id: 5, d: {NEW}}}]
""",
        as_of=AS_OF,
    )
    people = [f.fate for (table, _), f in world.verdict().rows.items() if table == "people"]
    assert people == ["kept"] * 5 + ["erased"] * 2
    assert differences(world, database_url, why=True) == []


def test_why_tells_a_missing_clock(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity(),
        PEOPLE.replace("held: d", "held: {column: d, null: finding}"),
        f"people: [{{id: 1, name: a, email: x, d: null}}, {{id: 2, name: a, email: x, d: {NEW}}}]",
        {"people": ["kept", "kept"]},
    )


def test_why_ends_with_the_consent(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity(basis="{consent: checks}"),
        """
people:
  serves: {work: {clocks: {held: d}, consents: {checks: {given: given}}}}
  columns: {name: name}
  not_personal: [id, d, given]
""",
        f"people: [{{id: 1, name: a, d: {NEW}, given: 2024-03-01}}]",
        {"people": ["kept"]},
    )


def test_why_forgets_the_part_of_a_rule_that_is_over(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity("{last_of: [{while: relation}, {for: 3 years, after: held}]}"),
        """
people:
  serves:
    work: {clocks: {held: d}, states: {relation: {column: status, is: active}}}
  columns: {name: name}
  not_personal: [id, d, status]
""",
        f"people: [{{id: 1, name: a, d: {NEW}, status: gone}},"
        f" {{id: 2, name: a, d: {OLD}, status: active}}]",
        {"people": ["kept", "kept"]},
    )


def test_why_passes_over_values_that_end_nothing(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity(),
        PEOPLE.replace("held: d", "held: {latest: d, over: [team], null: ended}").replace(
            "d]", "d, team]"
        ),
        f"people: [{{id: 1, name: a, email: x, team: 1, d: {NEW}}},"
        " {id: 2, name: a, email: x, team: 1, d: null}]",
        {"people": ["kept", "kept"]},
    )


BEGINS = "begun: {latest: signups.made, none: ended}"
BEGUN = """
signups: {belongs_to: {people: person_id}, not_personal: [id, person_id, made, held]}
"""
"""Sign-ups, each of which begins an activity of the person's anew."""


def begun(clocks: str = "held: {latest: signups.held, none: ended}") -> str:
    """Return people whose activity begins with each of their sign-ups."""
    return PEOPLE.replace("held: d", f"{clocks}, {BEGINS}") + BEGUN


def test_why_leaves_out_what_began_before_a_decision(tmp_path: Path) -> None:
    """The later event is of a sign-up that the decision ended; only the other one keeps her."""
    check(
        tmp_path,
        activity(more=", begins: begun"),
        begun(),
        """
people: [{id: 1, name: a, email: kari@example.org, d: 2010-01-01},
         {id: 2, name: a, email: ola@example.org, d: 2010-01-01}]
signups:
  - {id: 1, person_id: 1, made: 2024-04-01, held: 2024-06-10}
  - {id: 2, person_id: 1, made: 2024-05-10, held: 2024-05-20}
  - {id: 3, person_id: 2, made: 2024-04-01, held: 2024-06-10}
""",
        {"people": ["kept", "kept"]},
        decisions=(erasure(),),
    )


def test_why_leaves_out_what_is_open_since_before_a_decision(tmp_path: Path) -> None:
    check(
        tmp_path,
        activity(more=", begins: begun"),
        begun(),
        """
people: [{id: 1, name: a, email: kari@example.org, d: 2010-01-01}]
signups: [{id: 1, person_id: 1, made: 2024-04-01, held: null},
          {id: 2, person_id: 1, made: 2024-05-10, held: 2024-05-20}]
""",
        {"people": ["kept"]},
        decisions=(erasure(),),
    )


def test_why_leaves_out_an_else_column_that_began_before_a_decision(tmp_path: Path) -> None:
    clocks = "held: {latest: signups.held, else: d}"
    check(
        tmp_path,
        activity(more=", begins: begun"),
        begun(clocks).replace("made, none: ended", "made, else: d"),
        """
people: [{id: 1, name: a, email: kari@example.org, d: 2024-04-30}]
signups: [{id: 1, person_id: 1, made: 2024-05-10, held: 2023-12-01}]
""",
        {"people": ["kept"]},
        decisions=(erasure(),),
    )


def test_why_counts_for_each_of_several_people_what_keeps_the_row_for_them(
    tmp_path: Path,
) -> None:
    """For Kari the sign-up after the decision counts alone; for Ola both do, and keep the note."""
    clocks = f"held: {{latest: signups.held, none: ended}}, {BEGINS}"
    check(
        tmp_path,
        activity(more=", begins: begun"),
        COUPLE.replace("held: d", clocks) + BEGUN + NOTES,
        """
people: [{id: 1, name: a, spouse: b, email: kari@example.org, spouse_email: ola@example.org,
          d: 2010-01-01}]
notes: [{id: 1, text: x, person_id: 1}]
signups: [{id: 1, person_id: 1, made: 2024-04-01, held: 2024-06-10},
          {id: 2, person_id: 1, made: 2024-05-10, held: 2024-05-20}]
""",
        {"people": ["kept"], "notes": ["kept"]},
        decisions=(erasure(),),
    )


@pytest.mark.parametrize("decided", ["2024-03-01", "2023-01-01"])
def test_why_forgets_a_criterion_that_was_decided(tmp_path: Path, decided: str) -> None:
    """What was there before the decision is kept by the other part of the rule alone."""
    check(
        tmp_path,
        activity(
            "{last_of: [{needed_from: begun, decide: {by: Chief, every: 12 months}},"
            " {for: 3 years, after: held}]}"
        ),
        PEOPLE.replace("held: d", "held: d, begun: b").replace("d]", "d, b]"),
        f"people: [{{id: 1, name: a, email: x, d: {NEW}, b: 2023-06-01}}]",
        {"people": ["kept"]},
        criteria={"work": date.fromisoformat(decided)},
    )


def test_why_reads_the_latest_consent_that_was_not_withdrawn(tmp_path: Path) -> None:
    """One given later is withdrawn; the year runs from the one that lives."""
    check(
        tmp_path,
        activity(basis="{consent: checks}"),
        """
people:
  serves:
    work: {clocks: {held: d}, consents: {checks: {given: yeses.given, withdrawn: yeses.gone}}}
  subjects: {person: {email: email}}
  columns: {name: name}
  not_personal: [id, email, d]
yeses: {refers_to: {people: person_id}, not_personal: [id, person_id, given, gone]}
""",
        f"""
people: [{{id: 1, name: a, email: kari@example.org, d: {NEW}}},
         {{id: 2, name: a, email: ola@example.org, d: {NEW}}}]
yeses: [{{id: 1, person_id: 1, given: 2024-01-10, gone: null}},
        {{id: 2, person_id: 1, given: 2024-03-10, gone: 2024-04-10}},
        {{id: 3, person_id: 2, given: 2023-12-10, gone: null}},
        {{id: 4, person_id: 2, given: 2024-02-10, gone: null}}]
""",
        {"people": ["kept", "kept"]},
    )


def test_why_reads_an_expression_of_a_row_far_above(database_url: str) -> None:
    """Its names are of the row it stands for, also where a row in between has the same ones."""
    tables = PEOPLE.replace("held: d", "held: {expression: 'COALESCE(d, e)', reads: [d, e]}")
    world = world_of(
        POLICY + activity(),
        tables.replace("d]", "d, e]")
        + """
notes: {belongs_to: {people: person_id}, columns: {text: note}, not_personal: [id, person_id, d]}
lines: {belongs_to: {notes: note_id}, columns: {text: note}, not_personal: [id, note_id, d]}
""",
        f"""
people: [{{id: 1, name: a, email: x, d: null, e: {NEW}}},
         {{id: 2, name: a, email: x, d: {NEW}, e: {OLD}}}]
notes: [{{id: 1, text: x, person_id: 1, d: {OLD}}}]
lines: [{{id: 1, text: x, note_id: 1, d: {OLD}}}]
""",
        as_of=AS_OF,
    )
    told = world.verdict().rows[("lines", (1,))].fields["text"]
    assert told.life.until == date(2027, 1, 1)
    assert differences(world, database_url, why=True) == []


@pytest.mark.parametrize("zone", ["Atlantic/Reykjavik", "Asia/Tokyo"])
def test_a_day_that_an_expression_gives_is_a_day(database_url: str, zone: str) -> None:
    """It is no moment of that day in the system's zone, and no part of another day."""
    tables = PEOPLE.replace("held: d", "held: {expression: 'COALESCE(e, d)', reads: [d, e]}")
    world = world_of(
        POLICY + activity("{for: 1 month, after: held}"),
        tables.replace("d]", "d, e]"),
        """
people: [{id: 1, name: a, email: x, d: 2024-05-14, e: null},
         {id: 2, name: a, email: x, d: 2024-05-15, e: null},
         {id: 3, name: a, email: x, d: 2024-05-15, e: 2024-05-14}]
""",
        as_of=AS_OF,
        system={"zone": zone},
    )
    fates = [fate.fate for fate in world.verdict().rows.values()]
    assert fates == ["erased", "kept", "erased"]
    assert differences(world, database_url, why=True) == []


def test_a_decision_about_somebody_else_ends_nothing_where_a_parent_is_missing(
    tmp_path: Path,
) -> None:
    """When the sign-up's course is gone nobody knows when it was; that Kari wrote changes nothing.

    For Kari herself it does: nothing tells that her sign-up began after the decision.
    """
    check(
        tmp_path,
        activity(more=", begins: held"),
        PEOPLE.replace("held: d", "held: {latest: signups.course.held, none: ended}")
        + """
courses: {not_personal: [id, held]}
signups:
  belongs_to: {people: person_id}
  refers_to: {course: {table: courses, columns: course_id}}
  not_personal: [id, person_id, course_id]
""",
        f"""
people: [{{id: 1, name: a, email: kari@example.org, d: {OLD}}},
         {{id: 2, name: a, email: ola@example.org, d: {OLD}}}]
courses: [{{id: 7, held: {NEW}}}]
signups: [{{id: 1, person_id: 1, course_id: 8}}, {{id: 2, person_id: 2, course_id: 8}}]
""",
        {"people": ["erased", "kept"]},
        decisions=(erasure(),),
    )


def test_why_ends_a_hold_with_a_cap_that_does_not_name_it(tmp_path: Path) -> None:
    caps = """
caps: {most: {about: members, for: 1 year, after: held, unless: [incident]}}
"""
    holds = (
        Hold("h1", "legal_claim", rows=(("people", (1,)),)),
        Hold("h2", "incident", rows=(("people", (2,)),)),
    )
    check(
        tmp_path,
        activity("{until: held}") + caps,
        PEOPLE.replace("  subjects", "  caps: {most: {clocks: {held: d}}}\n  subjects"),
        f"people: [{{id: 1, name: a, email: x, d: {NEW}}}, {{id: 2, name: a, email: x, d: {NEW}}},"
        f" {{id: 3, name: a, email: x, d: {NEW}}}]",
        {"people": ["kept", "kept", "erased"]},
        holds=holds,
    )
