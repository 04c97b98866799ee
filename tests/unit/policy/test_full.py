"""A policy that uses everything becomes the values it says.

Method: `full.yaml` is read once; each test looks at one part of the law or the format.
"""

from __future__ import annotations

from datetime import date

import pytest

from ombud.errors import Place, WrittenWrong
from ombud.law import FinancialYear, Period, retention, retention_ids
from ombud.policy import CATEGORIES, CODES, HOLD_KINDS, Policy, parse_policy
from ombud.policy.builtin import CLOCKS
from ombud.policy.model import (
    After,
    Automated,
    Basis,
    Clocks,
    Contact,
    FirstOf,
    LastOf,
    NeededFrom,
    Proof,
    Role,
    Source,
    WhileConsent,
    WhileState,
)
from unit.policy.written import (
    CAPS,
    CONSENTS,
    FULL,
    ON,
    PROMISES,
    SMALL,
    changed,
    findings_in,
    read,
    shown,
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return read(FULL)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FULL, id="full"),
        pytest.param(SMALL, id="small"),
        pytest.param(SMALL + CAPS + CONSENTS + PROMISES, id="small-with-all-parts"),
    ],
)
def test_nothing_is_found_in_what_is_right(text: str) -> None:
    assert shown(text) == ""


def test_bytes_and_text_are_the_same_policy() -> None:
    assert read(FULL.encode()) == read(FULL)


def test_the_organisation_is_as_written(policy: Policy) -> None:
    organisation = policy.organisation
    assert organisation.number == "12345674"
    assert organisation.financial_year == FinancialYear(6, 30)
    assert organisation.languages == ("da", "en")
    assert organisation.contact.phone == "+45 00 00 00 00"
    assert organisation.dpo is None
    assert organisation.rights == Contact(
        email="ret@holme.example", address="Havnegade 1, 9999 Holme"
    )


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        pytest.param("DK", "Europe/Copenhagen", id="dk"),
        pytest.param("NO", "Europe/Oslo", id="no-without-quotes"),
        pytest.param("SE", "Europe/Stockholm", id="se"),
        pytest.param("FI", "Europe/Helsinki", id="fi"),
        pytest.param("IS", "Atlantic/Reykjavik", id="is"),
    ],
)
def test_the_zone_is_the_countrys_where_none_is_written(country: str, zone: str) -> None:
    organisation = read(changed(SMALL, "country: DK", f"country: {country}")).organisation
    assert (organisation.country, organisation.zone) == (country, zone)


def test_what_is_left_out_has_its_default() -> None:
    policy = read(SMALL)
    activity = policy.activities["visits"]
    assert policy.organisation.financial_year == FinancialYear(12, 31)
    assert policy.organisation.rights == policy.organisation.contact
    assert activity.role == Role()
    assert activity.source == Source()
    assert (activity.begins, activity.marketing, activity.processors) == ("", False, ())


def test_a_number_with_leading_zeros_keeps_them() -> None:
    assert read(changed(SMALL, '"12345674"', "012")).organisation.number == "012"


def test_a_plain_text_is_in_the_main_language(policy: Policy) -> None:
    assert read(SMALL).activities["visits"].title == {"en": "Visits"}
    assert list(policy.activities["events"].title) == ["da", "en"]


def test_built_in_categories_keep_the_kind_the_law_gives_them(policy: Policy) -> None:
    assert policy.categories["case_note"].title["da"] == "Sagsnote"
    assert policy.categories["diet"].kind == "special"
    assert policy.categories["health"] is CATEGORIES["health"]
    own_title = SMALL + "categories: {health: {title: Illness}}\n"
    assert read(own_title).categories["health"].kind == "special"


def test_built_in_holds_stand_beside_ones_own(policy: Policy) -> None:
    assert [*policy.hold_kinds] == [*HOLD_KINDS, "audit"]


def test_every_kind_of_retention_rule_is_read(policy: Policy) -> None:
    rules = {id: activity.keep for id, activity in policy.activities.items()}
    assert rules["events"] == After(Period(years=3), Clocks(("event_held",)))
    assert rules["diets"] == FirstOf(
        (WhileConsent(), After(Period(months=1), Clocks(("event_held",))))
    )
    assert rules["newsletter"] == LastOf(
        (WhileConsent(), After(Period(weeks=2), Clocks(("consent_given",))))
    )
    assert rules["course"] == After(
        Period(months=3), Clocks(("report_delivered", "left"), "first"), "event"
    )
    assert rules["placement"] == NeededFrom("left", "Leder", Period(months=12))
    assert rules["members"] == WhileState("relationship")
    assert rules["guests"] == After(Period(days=0), Clocks(("left", "last_work"), "last"))
    assert rules["rescue"] == After(Period(days=0), Clocks(("left",)))


def test_a_period_of_law_runs_from_its_own_clock_or_another(policy: Policy) -> None:
    applicants, claims = retention("dk_ansøger", on=ON), retention("dk_foræl3", on=ON)
    assert policy.activities["applicants"].keep == After(
        Period(years=3), Clocks(("recruitment_ended",)), "event", applicants
    )
    assert policy.activities["claims"].keep == After(
        Period(years=3), Clocks(("last_work",)), "event", claims
    )


def test_a_duty_by_law_gives_basis_period_and_clock(policy: Policy) -> None:
    fact = retention("dk_bogf", on=ON)
    bookkeeping = policy.activities["bookkeeping"]
    assert bookkeeping.fact == fact
    assert bookkeeping.basis == Basis(
        "legal_obligation",
        law="DK bogføringsloven § 12(1)",
        national_id_law="DK databeskyttelsesloven § 11(2)",
    )
    assert bookkeeping.keep == After(
        Period(years=5), Clocks(("posted",)), "financial_year_end", fact
    )
    payroll = policy.activities["payroll"].keep
    assert isinstance(payroll, After)
    assert payroll.clocks == Clocks(("booked",))


def test_clocks_of_law_have_titles_without_being_declared(policy: Policy) -> None:
    assert policy.clocks["booked"]["da"] == "transaktionen er bogført"
    assert policy.clocks["consent_given"]["en"] == "the consent was given"
    assert "due" not in policy.clocks


def test_every_clock_of_law_has_a_title() -> None:
    clocks = {retention(id, on=ON).clock for id in retention_ids()} - {""}
    assert clocks - set(CLOCKS) == set()


def test_every_kind_of_basis_is_read(policy: Policy) -> None:
    bases = {id: activity.basis for id, activity in policy.activities.items()}
    assert bases["events"] == Basis("public_task", law="DK erhvervsfremmeloven § 14")
    assert bases["diets"] == Basis(
        "consent", consent="diet", special="consent", special_consent="diet"
    )
    assert bases["placement"] == Basis(
        "contract",
        interest={"da": "Aftalen om praktik", "en": "The agreement on the placement"},
        special="employment",
        special_law="DK databeskyttelsesloven § 12(1)",
        criminal_law="DK databeskyttelsesloven § 8(3)",
        national_id_law="DK databeskyttelsesloven § 11(2)",
    )
    assert bases["members"].assessed_on == date(2026, 1, 10)
    assert bases["guests"].special_law == "Har det selv fortalt"
    assert bases["guests"].special_text["en"] == "Told by themselves"
    assert bases["rescue"].kind == "vital_interests"
    assert bases["applicants"].kind == "legal_obligation"


def test_a_decision_without_a_person_says_what_how_and_on_what(policy: Policy) -> None:
    """GDPR Art. 13(2)(f), 22(2)."""
    decision = policy.activities["applicants"].automated
    assert decision is not None
    assert decision.decides["en"] == "Whether you are asked to an interview"
    assert decision.logic["en"] == "Points for training and experience, added up"
    assert decision.consequences["da"] == "Med for få point får du ikke jobbet"
    assert (decision.allowed_by, decision.law) == ("law", "DK LOV 700/2022 § 12")
    by_consent = policy.activities["diets"].automated
    assert isinstance(by_consent, Automated)
    assert (by_consent.reviewed, decision.reviewed) == (True, False)
    assert policy.activities["events"].automated is None


def test_a_processor_need_not_name_the_controllers_basis(policy: Policy) -> None:
    course = SMALL + (
        "  course:\n"
        "    title: Course\n"
        "    purpose: Course\n"
        "    about: guests\n"
        "    data: [name, health]\n"
        "    role: {processor_for: NAV, contract: Agreement 4}\n"
        "    keep: {until: left}\n"
    )
    assert read(course).activities["course"].basis == Basis("contract", law="GDPR Art. 28(3)")
    assert policy.activities["course"].role == Role(
        "processor",
        "Jobcenter Holme",
        "Aftale 4 af 2025",
        contact=Contact(email="post@jobcenter.example"),
    )
    assert policy.activities["course"].basis.kind == "public_task"


def test_caps_limit_by_a_period_or_by_law(policy: Policy) -> None:
    assert policy.caps["customer_max"].keep == After(Period(years=3), Clocks(("last_work",)))
    assert policy.caps["customer_max"].unless == ("bookkeeping", "legal_claim", "audit")
    cctv = policy.caps["cctv"]
    assert cctv.fact == retention("dk_tv", on=ON)
    assert (cctv.keep.period, cctv.keep.clocks) == (Period(days=30), Clocks(("filmed_at",)))
    assert policy.caps["applicants_max"].keep.clocks == Clocks(("recruitment_ended",))


def test_a_limit_by_law_without_a_number_takes_the_policys() -> None:
    text = (SMALL + CAPS).replace("country: DK", "country: NO")
    text = changed(text, "for: 1 year, after: left", "law: no_epost, for: 1 month")
    assert read(text).caps["visits_max"].keep == After(
        Period(months=1), Clocks(("employment_ended",)), "event", retention("no_epost", on=ON)
    )


def test_consents_and_parties_are_as_written(policy: Policy) -> None:
    assert policy.consents["newsletter"].version == "1.10"
    assert policy.consents["newsletter"].expires == Period(years=2)
    assert policy.consents["diet"].expires is None
    mailer = policy.processors["mailer"]
    assert (mailer.country, mailer.agreed_on) == ("US", date(2025, 3, 1))
    assert mailer.transfer == {"da": "Standardkontrakt", "en": "Standard clauses"}
    assert policy.recipients["hubs"].name == "erhvervshuse"


def test_names_are_as_written_in_each_language(policy: Policy) -> None:
    """A proper name is the same in every language, and is not among them."""
    assert policy.names == {
        "erhvervshuse": {"da": "erhvervshuse", "en": "business hubs"},
        "arbejdspladsen": {"da": "arbejdspladsen", "en": "the workplace"},
        "Aftale 4 af 2025": {"da": "Aftale 4 af 2025", "en": "Agreement 4 of 2025"},
    }
    assert policy.activities["newsletter"].source.parties == ("subject", "NAV", "arbejdspladsen")


def test_a_name_without_a_language_of_the_organisation_is_told_with_its_place() -> None:
    text = changed(FULL, "{da: erhvervshuse, en: business hubs}", "{da: Hus}")
    [told] = [each for each in read(text).warnings if each.code == "Y25"]
    assert (told.says, told.where.line) == ("`name` has no text in `en`", 170)


def test_security_is_told_in_every_language(policy: Policy) -> None:
    assert [sorted(text) for text in policy.security] == [["da", "en"], ["da", "en"]]
    assert policy.security[1]["en"] == "Backups every night"


def test_a_promise_has_every_proof_that_is_written(policy: Policy) -> None:
    proofs = {id: promise.proofs for id, promise in policy.promises.items()}
    assert proofs["NE-26"] == (Proof("rule", ("events", "diets")), Proof("cap", ("customer_max",)))
    assert proofs["NE-27"] == (
        Proof("keeps", ("bookkeeping",)),
        Proof("hold", ("audit", "legal_claim")),
        Proof("attest", (), by="Leder", every=Period(months=12)),
    )
    assert proofs["NE-28"] == (
        Proof("setting", ("analytics.eventDataRetention",)),
        Proof("task", ("survey.erase",)),
    )
    assert proofs["NE-29"] == (Proof("only", ("crm.contacts",), ("name", "email")),)
    assert proofs["NE-30"] == (
        Proof("absent", ("visit_log",)),
        Proof("gate", ("mail_hides",)),
        Proof("case", ("access", "erasure")),
    )


def test_places_are_those_of_the_names(policy: Policy) -> None:
    small = read(SMALL)
    assert small.activities["visits"].where == Place("policy.yaml", 12, 3)
    assert policy.promises["NE-26"].where.column == 5


def test_warnings_are_kept_with_the_policy() -> None:
    policy = read(changed(SMALL, "clocks:", "clocks:\n  arrived: the guest arrived"))
    assert [finding.code for finding in policy.warnings] == ["Y40"]
    assert policy == read(changed(SMALL, "clocks:", "clocks:\n  arrived: the guest arrived"))


def test_law_is_that_of_the_day() -> None:
    early = date(2020, 1, 1)
    codes = [finding.code for finding in findings_in(FULL, early)]
    assert "Y38" in codes
    law = changed(
        SMALL,
        "    basis: {legitimate_interests: Fire safety}\n    keep: {for: 30 days, after: left}\n",
        "    law: dk_bogf\n    keep: {after: left}\n",
    )
    assert shown(law, early).startswith(
        "policy.yaml:17:10: error[Y38]: `dk_bogf` is not known on 2020-01-01\n  help: "
    )
    assert shown(law) == ""


def test_everything_wrong_is_told_at_once_sorted_by_place() -> None:
    text = SMALL.replace("country: DK", "country: GB").replace("30 days", "a while")
    with pytest.raises(WrittenWrong) as refused:
        parse_policy(text + "cups: {}\n", "policy.yaml", ON)
    assert [(f.where.line, f.code) for f in refused.value.findings] == [
        (4, "Y15"),
        (18, "Y02"),
        (19, "Y11"),
    ]


def test_every_code_has_a_line_of_its_own() -> None:
    assert len(set(CODES.values())) == len(CODES)
    assert all(line[0].islower() and not line.endswith(".") for line in CODES.values())
