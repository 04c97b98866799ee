"""Promise and data meet: nothing is promised that lies nowhere, and nothing lies about unpromised.

Method: one change to policy or map; the database fits.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

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
        "  help: add `serves: {contact: {…}}` to `activities`, or let it `belongs_to:` one"
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
    assert [line.partition(": ")[2] for line in said(text=text)] == [
        f"info[Z13]: nothing tells whom the rows of `{table}` are about\n"
        "  law:  GDPR Art. 15(1)\n"
        "  help: add `subjects: {person: {email: email}}`, or `belongs_to:` a table that has it"
        for table in ("contacts", "activities")
    ]


def test_findings_are_sorted_by_place_and_told_once() -> None:
    policy = parse_policy(POLICY_TEXT, "policy.yaml", date(2026, 11, 24))
    found = bind(policy, read(FULL), {})
    assert found == sorted(set(found))
    assert [f.where.file for f in found] == sorted(f.where.file for f in found)
