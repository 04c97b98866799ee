"""Promise and data meet: nothing is promised that lies nowhere, and nothing lies about unpromised.

Method: one change to policy or map; the database fits.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ombud.policy import parse_policy
from ombud.policy.model import Promise, Proof
from ombud.systems import bind
from unit.systems.live import CONTACT, MAP, ONLY_CONTACT, codes, policy_of, said
from unit.systems.written import FULL, POLICY, POLICY_TEXT, read

OUTSIDE = """\
  elsewhere:
    reach: outside
    serves: [events, customer_max, newsletter]
    tasks: {tidy: {by: manager, every: 1 month}}
"""


def with_activity(id: str) -> dict[str, object]:
    return {"activities": {"contact": CONTACT, id: POLICY.activities[id]}}


def test_an_activity_that_no_table_serves_is_a_warning() -> None:
    policy = policy_of(**with_activity("events"))
    where = POLICY.activities["events"].where
    assert said(policy=policy) == [
        f"{where}: warning[Z01]: no table serves the activity `events`\n"
        "  law:  GDPR Art. 5(1)(e) · GDPR Art. 25(1)\n"
        "  help: add `events:` under `serves:` of the table that holds its data, or of a system out"
        " of reach"
    ]
    assert said(policy=policy, text=MAP + OUTSIDE) == []


def test_a_cap_that_limits_nothing_is_a_warning() -> None:
    policy = replace(ONLY_CONTACT, caps=POLICY.caps)
    where = POLICY.caps["customer_max"].where
    assert said(policy=policy) == [
        f"{where}: warning[Z02]: no table carries the cap `customer_max`\n"
        "  help: add `customer_max:` under `caps:` of the tables it limits"
    ]
    assert said(policy=policy, text=MAP + OUTSIDE) == []


def test_a_consent_that_nobody_gave_anywhere_is_a_warning() -> None:
    consents = {"newsletter": POLICY.consents["newsletter"]}
    policy = policy_of(**with_activity("newsletter"), consents=consents)
    found = [line for line in said(policy=policy) if "[Z03]" in line]
    assert found == [
        f"{POLICY.consents['newsletter'].where}: warning[Z03]: no table says who gave the consent"
        " `newsletter`\n"
        "  law:  GDPR Art. 7(1)\n"
        "  help: add `consents: {newsletter: {given: consented_at}}` where `newsletter` is served"
    ]
    assert said(policy=policy, text=MAP + OUTSIDE) == []


def test_a_consent_that_ombud_would_keep_is_told() -> None:
    text = MAP.replace(
        "contact:\n            when:",
        "newsletter: {consents: {newsletter: ombud}}\n          contact:\n            when:",
    )
    policy = policy_of(
        "contact",
        "newsletter",
        activities={"contact": CONTACT, "newsletter": POLICY.activities["newsletter"]},
    )
    found = [
        line
        for line in said(policy=replace(policy, consents=POLICY.consents), text=text)
        if "[Z06]" in line
    ]
    assert len(found) == 1
    assert "warning[Z06]: Ombud does not keep consents yet, so `newsletter` lives" in found[0]
    assert "{newsletter: {given: …, withdrawn: …}}" in found[0]


def proved_by(proof: Proof) -> list[str]:
    promise = Promise("HO-2", ONLY_CONTACT.activities["contact"].where, {}, (proof,))
    policy = replace(ONLY_CONTACT, promises={"HO-2": promise})
    return [line.partition(": ")[2] for line in said(policy=policy, text=MAP + OUTSIDE)]


def test_a_promise_is_proved_by_what_is_there() -> None:
    unknown = {
        "setting": ("elsewhere.tidy", "the setting `elsewhere.tidy`", "add the setting to the map"),
        "task": ("elsewhere.tydi", "the task `elsewhere.tydi`", "did you mean `elsewhere.tidy`?"),
        "only": ("crm.contact", "the table `crm.contact`", "did you mean `crm.contacts`?"),
    }
    for kind, (name, shown, help) in unknown.items():
        proof = Proof(kind, (name,))
        assert proved_by(proof) == [
            f"error[Z04]: promise `HO-2` is proved by {shown}, which is not on the map\n"
            f"  help: {help}"
        ]
    assert proved_by(Proof("task", ("elsewhere.tidy",))) == []
    assert proved_by(Proof("only", ("crm.contacts",), ("name",))) == []
    assert proved_by(Proof("absent", ("visit_log",))) == []


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("publised", "did you mean `published`?"),
        ("i_srcs", "did you mean `i_src`?"),
        ("b01", "did you mean `B01`?"),
        (
            "mail_hides",
            "write `published`, `live`, `noted`, the id of a check or an item of the notice",
        ),
    ],
)
def test_a_gate_that_there_is_not_is_told(name: str, help: str) -> None:
    [told] = proved_by(Proof("gate", ("published", name)))
    says = f"warning[Z09]: promise `HO-2` rests on the gate `{name}`, which Ombud does not have\n"
    assert told.startswith(f"{says}  help: {help}")


def test_a_gate_that_there_is_is_not() -> None:
    assert proved_by(Proof("gate", ("published", "live", "B01", "i_src"))) == []


def in_no_column(category: str) -> str:
    return (
        f"{CONTACT.where}: info[Z05]: `contact` has `{category}`, and no column that it covers"
        " holds it\n  law:  GDPR Art. 30(1)(c)\n"
        "  help: map the column that holds it, or take it out of `data:`"
    )


def test_a_category_that_is_promised_and_in_no_column_is_told() -> None:
    policy = policy_of("contact")
    assert said(policy=policy) == [
        in_no_column("company"),
    ]


def test_a_category_that_no_activity_covers_is_an_error() -> None:
    assert said(text=MAP.replace("phone: phone", "phone: address")) == [
        in_no_column("phone"),
        "systems.yaml:15:11: error[Z12]: column `contacts.phone` holds `address`, and no activity"
        " that the table serves covers that\n"
        "  law:  GDPR Art. 5(1)(e) · GDPR Art. 6(1)\n"
        "  help: add `address` to `data:` of `contact`, or serve the activity it is for",
    ]


def test_every_category_of_a_column_must_be_covered() -> None:
    assert codes(text=MAP.replace("phone: phone", "phone: [phone, gender]")) == ["Z12"]


def test_children_are_covered_by_their_owners_grounds_only_where_they_belong_to_them() -> None:
    refers = MAP.replace("belongs_to", "refers_to")
    found = [line for line in said(text=refers) if "error" in line]
    assert found == [
        "systems.yaml:19:19: error[Z12]: column `activities.text` holds `note`, and no activity"
        " that the table serves covers that\n"
        "  law:  GDPR Art. 5(1)(e) · GDPR Art. 6(1)\n"
        "  help: add `serves: {contact: {…}}` to `activities`, or let it `belongs_to:` one that"
        " serves it"
    ]


def test_an_activity_that_is_limited_to_columns_covers_no_children() -> None:
    """Its columns are the owner's own; which of the child's would be meant?"""
    text = MAP.replace(
        "          contact:\n", "          contact:\n            columns: [name, email, phone]\n"
    )
    assert "Z12" in codes(text=text)
    text = text.replace("[name, email, phone]", "[name, email]")
    assert [line.partition("column ")[2][:16] for line in said(text=text) if "Z12" in line] == [
        "`contacts.phone`",
        "`activities.text",
    ]


def test_rows_that_are_about_nobody_are_told() -> None:
    text = MAP.replace("        subjects:\n          person: {email: email}\n", "")
    by_column = "add `subjects: {person: {email: email}}`, or `belongs_to:` a table that has it"
    by_other = (
        "let it `belongs_to:` a table that tells it, or name the column that does, for example"
        " `subjects: {person: {id: customer_no}}`"
    )
    assert [line.partition(": ")[2] for line in said(text=text)] == [
        f"info[Z13]: nothing tells whom the rows of `{table}` are about\n"
        f"  law:  GDPR Art. 15(1)\n  help: {help}"
        for table, help in (("contacts", by_column), ("activities", by_other))
    ]


def test_findings_are_sorted_by_place_and_told_once() -> None:
    policy = parse_policy(POLICY_TEXT, "policy.yaml", date(2026, 11, 24))
    found = bind(policy, read(FULL), {})
    assert found == sorted(set(found))
    assert [f.where.file for f in found] == sorted(f.where.file for f in found)


# ------------------------------------------------------------------ rows that outlive

SIGN_UPS = """\
systems:
  crm:
    url: ${CRM_URL}
    tables:
      contacts:
        serves: {contact: {clocks: {last_activity: created_at}}}
        subjects: {person: {email: email}}
        columns: {name: name, email: email, phone: phone}
        not_personal: [id, created_at]
      sign_ups:
        refers_to: {contacts: contact_id}
        serves: {events: {clocks: {event_held: held_on, signed_up: signed_on}}}
        columns: {eats: diet}
        not_personal: [id, contact_id, held_on, signed_on]
"""
THROUGH = (
    "events: {clocks: {event_held: {latest: sign_ups.held_on, none: ended},"
    " signed_up: {latest: sign_ups.signed_on, none: ended}}}"
)
EVENTS = replace(POLICY.activities["events"], data=("name", "diet"))
WITHOUT_NOTE = replace(CONTACT, data=("name", "email", "phone"))
BOTH = {"activities": {"contact": WITHOUT_NOTE, "events": EVENTS}}
PROMISED = {"HO-1": POLICY.promises["HO-1"]}


def of_code(code: str, text: str, **changes: object) -> list[str]:
    """Return what is said under a code, the database aside."""
    found = bind(policy_of(**{**BOTH, **changes}), read(text), {})
    return [str(each) for each in found if each.code == code]


def test_a_name_that_goes_while_what_needs_it_lives_is_a_warning() -> None:
    """The sign-up stays for three years, and after one nobody can tell whose it is."""
    assert of_code("Z05", SIGN_UPS) == [
        "systems.yaml:12:18: warning[Z05]: `events` has `name`, which its rows in `sign_ups` find"
        " in `contacts.name`; `contacts` does not serve `events`, so `contacts.name` can be blanked"
        " while they live\n"
        "  law:  GDPR Art. 5(1)(d) · GDPR Art. 5(1)(e)\n"
        f"  help: add `{THROUGH}` to `serves:` of `contacts`, or take `name` out of `data:` of"
        " `events`"
    ]


def test_a_name_that_is_kept_for_it_or_lies_beside_it_is_no_finding() -> None:
    served = SIGN_UPS.replace(
        "{contact: {clocks: {last_activity: created_at}}}",
        f"{{contact: {{clocks: {{last_activity: created_at}}}}, {THROUGH}}}",
    )
    assert of_code("Z05", served) == []
    assert of_code("Z05", SIGN_UPS.replace("{eats: diet}", "{eats: diet, called: name}")) == []


def test_a_category_that_no_row_above_holds_stays_advice() -> None:
    events = replace(EVENTS, data=("company", "diet"))
    [said] = of_code("Z05", SIGN_UPS, activities={"contact": WITHOUT_NOTE, "events": events})
    assert "info[Z05]" in said


OWNED = SIGN_UPS.replace("refers_to: {contacts", "belongs_to: {contacts").replace(
    "{eats: diet}", "{eats: diet, called: name}"
)


def test_rows_that_outlive_the_rule_of_a_promise_are_a_warning() -> None:
    """What `contact` keeps of a person keeps the old sign-ups too: they belong to the row."""
    assert of_code("Z07", OWNED, promises=PROMISED) == [
        "systems.yaml:12:18: warning[Z07]: rows of `sign_ups` belong to rows of `contacts`, and"
        " live as long as `contact` keeps those, though promise `HO-1` names the rule of `events`"
        " alone\n"
        "  law:  GDPR Art. 5(1)(e)\n"
        "  help: write `refers_to:` in place of `belongs_to:` where they go by their own rule; else"
        " name `contact` in the promise, too"
    ]


def test_rows_that_go_by_the_rule_of_a_promise_are_no_finding() -> None:
    assert of_code("Z07", OWNED) == []  # no promise is made of them
    refers = OWNED.replace("belongs_to: {contacts", "refers_to: {contacts")
    assert of_code("Z07", refers, promises=PROMISED) == []
    both = replace(PROMISED["HO-1"], proofs=(Proof("rule", ("events", "contact")),))
    assert of_code("Z07", OWNED, promises={"HO-1": both}) == []


def test_rows_without_columns_outlive_it_too() -> None:
    bare = OWNED.replace("        columns: {eats: diet, called: name}\n", "")
    bare = bare.replace("[id, contact_id", "[id, eats, called, contact_id")
    [said] = of_code("Z07", bare, promises=PROMISED)
    assert "as long as `contact` keeps those" in said


# ------------------------------------------------------------------ help that can be taken


def test_the_help_names_an_activity_that_there_is() -> None:
    text = SIGN_UPS.replace("        serves: {events: {clocks: {event_held: held_on, signed_up:"
                            " signed_on}}}\n", "")  # fmt: skip
    [said] = of_code("Z12", text.replace("{eats: diet}", "{eats: survey_answer}"))
    assert said.endswith(
        "  help: add `survey_answer` to `data:` of the activity it is for, and serve that in"
        " `sign_ups`, for example `serves: {contact: {…}}`"
    )


def test_the_help_says_that_a_national_number_needs_a_law() -> None:
    [said] = of_code("Z12", SIGN_UPS.replace("{eats: diet}", "{eats: national_id}"))
    assert said.endswith(
        "  help: add `national_id` to `data:` of `events`, or serve the activity it is for; its"
        ' `basis:` then has to name the law that allows it: `national_id: "DK'
        ' databeskyttelsesloven § 11(2)"`'
    )


def test_the_help_names_a_column_that_tells_the_person() -> None:
    alone = SIGN_UPS.replace("        subjects: {person: {email: email}}\n", "")
    by_phone = alone.replace("email: email, phone: phone", "mobile: phone")
    [first, second] = of_code("Z13", by_phone)
    assert "add `subjects: {person: {phone: mobile}}`" in first
    assert "for example `subjects: {person: {id: customer_no}}`" in second
