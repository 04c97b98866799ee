"""Every retention fact with its kind, period, count, clock and mark, and what follows from them."""

from __future__ import annotations

from datetime import date

import pytest

from ombud.errors import UnknownFact
from ombud.law import FinancialYear, Period, last_day, retention, retention_ids

TODAY = date(2026, 11, 23)
FY_END = "financial_year_end"
YEAR_OF_FY_END = "calendar_year_of_financial_year_end"

# id, kind, period, counted from, clock, mark
FACTS = [
    ("dk_bogf", "must", "5 years", FY_END, "booked", "V"),
    ("dk_kildeskat", "must", "5 years", FY_END, "booked", "V"),
    ("dk_skatindb", "must", None, "event", "reported", "V"),
    ("dk_owner", "must", "5 years", FY_END, "recorded", "V"),
    ("dk_arbtid", "must", "5 years", "event", "reference_period_ended", "V"),
    ("dk_hvid", "both", "5 years", "event", "relationship_ended", "V"),
    ("dk_tv", "max", "30 days", "event", "recorded", "V"),
    ("dk_foræl3", "claim", "3 years", "event", "breach_or_due", "V"),
    ("dk_foræl5", "claim", "5 years", "event", "due", "V"),
    ("dk_ansøger", "guide", "3 years", "event", "recruitment_ended", "V"),
    ("dk_fratrådt", "guide", "5 years", "event", "employment_ended", "K"),
    ("dk_mail", "guide", "1 year", "event", "stopped_working", "V2"),
    ("dk_cookieproof", "guide", "5 years", "event", "last_used", "K"),
    ("dk_mktconsent", "guide", "1 year", "event", "last_used", "V2"),
    ("dk_mktconsent_proof", "guide", "2 years", "event", "last_used", "V2"),
    ("dk_ferie/SU", "none", None, "event", "", "V"),
    ("no_bok5", "must", "5 years", FY_END, "booked", "V"),
    ("no_bok35", "must", "3 years 6 months", FY_END, "booked", "V"),
    ("no_bok10", "must", "10 years", FY_END, "booked", "V"),
    ("no_hvit", "both", "5 years", "event", "relationship_ended", "V"),
    ("no_kam", "max", "7 days", "event", "recorded", "V"),
    ("no_kam_police", "max", "30 days", "event", "recorded", "V"),
    ("no_kam_pos", "max", "3 months", "event", "recorded", "V"),
    ("no_epost", "max", None, "event", "employment_ended", "V"),
    ("no_søker", "guide", None, "event", "recruitment_ended", "V2"),
    ("no_ansatt", "guide", None, "event", "employment_ended", "V2"),
    ("no_foreld", "claim", "3 years", "event", "breach_or_due", "V"),
    ("no_nav", "contract", None, "event", "report_sent", "V"),
    ("se_bfl", "must", "7 years", YEAR_OF_FY_END, "booked", "V"),
    ("se_ptl", "both", "5 years", "event", "relationship_ended", "V"),
    ("se_presk", "claim", "10 years", "event", "claim_arose", "V"),
    ("se_presk_consumer", "claim", "3 years", "event", "claim_arose", "V"),
    ("fi_kpl10", "must", "10 years", FY_END, "booked", "V2"),
    ("fi_kpl6", "must", "6 years", YEAR_OF_FY_END, "booked", "V2"),
    ("is_bok", "must", "7 years", FY_END, "booked", "V"),
    ("is_bok_till", "must", "3 years", FY_END, "booked", "V"),
    ("is_aml", "must", "5 years", "event", "relationship_ended", "V"),
    ("is_cctv", "max", "30 days", "event", "recorded", "K"),
]


@pytest.mark.parametrize(("id", "kind", "period", "counted_from", "clock", "mark"), FACTS)
def test_a_retention_fact_says_how_long_from_what_and_how_sure_it_is(
    id: str, kind: str, period: str | None, counted_from: str, clock: str, mark: str
) -> None:
    found = retention(id, on=TODAY)

    assert found.id == id
    assert found.country == id[:2].upper()
    assert (found.kind, found.counted_from, found.clock) == (kind, counted_from, clock)
    assert found.period == (None if period is None else Period.parse(period))
    assert (found.mark, found.verified) == (mark, mark == "V")
    assert found.period or found.note, "what has no period says why"
    assert all((found.title, found.data, found.citations))


def test_these_are_all_the_retention_facts_there_are() -> None:
    assert retention_ids() == tuple(id for id, *_ in FACTS)


@pytest.mark.parametrize(
    ("id", "law"),
    [
        ("dk_bogf", "DK bogføringsloven § 12(1)"),
        ("dk_kildeskat", "DK BEK 839/2025 § 29"),
        ("dk_tv", "DK tv-overvågningsloven § 4 c(4)-(5)"),
        ("dk_ansøger", "DK Datatilsynet guidance: applicants"),
        ("no_bok35", "NO bokføringsloven § 13(2)"),
        ("no_kam", "NO FOR-2018-07-02-1107 § 6"),
        ("se_bfl", "SE bokföringslagen 7:2"),
        ("fi_kpl6", "FI kirjanpitolaki 1336/1997 2:10"),
        ("is_bok", "IS lög 145/1994 Art. 20"),
    ],
)
def test_the_first_citation_is_the_one_to_quote(id: str, law: str) -> None:
    assert str(retention(id, on=TODAY).citations[0]) == law


KEEPS = {id for id, kind, *_ in FACTS if kind in ("must", "both", "claim")}
CAPS = {id for id, kind, *_ in FACTS if kind in ("max", "both")} | {"dk_ansøger", "dk_mail"}


@pytest.mark.parametrize("id", [id for id, *_ in FACTS])
def test_a_duty_or_claim_keeps_and_a_maximum_caps(id: str) -> None:
    """A guide without a maximum is a figure to compare with: it neither keeps nor caps."""
    found = retention(id, on=TODAY)

    assert found.keeps == (id in KEEPS)
    assert found.caps == (id in CAPS)
    assert found.guidance_only == (id not in KEEPS | CAPS)


def test_a_longest_period_is_told_where_the_law_names_one() -> None:
    ten = Period(years=10)
    found = {id: retention(id, on=TODAY).at_most for id in retention_ids()}

    assert {id: most for id, most in found.items() if most} == {
        "dk_foræl3": ten,
        "no_hvit": ten,
        "se_ptl": ten,
    }


@pytest.mark.parametrize(
    ("id", "event", "last"),
    [
        pytest.param("dk_bogf", "2026-03-10", "2031-12-31", id="invoice-dk"),
        pytest.param("no_bok5", "2026-03-10", "2031-12-31", id="invoice-no"),
        pytest.param("no_bok35", "2026-03-10", "2030-06-30", id="order-confirmation-no"),
        pytest.param("se_bfl", "2026-03-10", "2033-12-31", id="invoice-se"),
        pytest.param("fi_kpl6", "2026-03-10", "2032-12-31", id="voucher-fi"),
        pytest.param("fi_kpl10", "2026-03-10", "2036-12-31", id="ledger-fi"),
        pytest.param("is_bok", "2026-03-10", "2033-12-31", id="invoice-is"),
        pytest.param("dk_hvid", "2026-03-10", "2031-03-10", id="customer-dk"),
        pytest.param("dk_tv", "2026-03-01", "2026-03-31", id="recording-dk"),
        pytest.param("no_kam", "2026-03-01", "2026-03-08", id="recording-no"),
        pytest.param("no_kam_pos", "2026-11-30", "2027-02-28", id="recording-no-till"),
        pytest.param("dk_ansøger", "2028-02-29", "2031-02-28", id="applicant-dk"),
    ],
)
def test_data_is_kept_until_and_including_the_last_day(id: str, event: str, last: str) -> None:
    """The examples of the acts, for an organisation whose financial year is the calendar year."""
    found = retention(id, on=TODAY)
    assert found.period

    until = last_day(
        date.fromisoformat(event),
        found.period,
        counted_from=found.counted_from,
        financial_year=FinancialYear(12, 31),
    )

    assert until.isoformat() == last


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("dk_ansoger", "dk_ansøger"),
        ("dk_forael3", "dk_foræl3"),
        ("dk_fratradt", "dk_fratrådt"),
        ("no_soker", "no_søker"),
        ("dk_ferie_su", "dk_ferie/SU"),
        ("dk_fratra\u030adt", "dk_fratrådt"),
    ],
)
def test_an_id_may_be_typed_on_any_keyboard(typed: str, id: str) -> None:
    assert retention(typed, on=TODAY) == retention(id, on=TODAY)


def test_an_unknown_id_tells_the_nearest_known() -> None:
    with pytest.raises(UnknownFact, match="no retention fact `dk_bog`") as unknown:
        retention("dk_bog", on=TODAY)
    assert unknown.value.help == "did you mean `dk_bogf`?"


def test_a_retention_fact_is_not_known_before_it_was_law() -> None:
    """The Danish bookkeeping act of 2022 came into force on 1 July of that year."""
    assert retention("dk_bogf", on=date(2022, 7, 1)).verified
    with pytest.raises(UnknownFact, match="not known on 2022-06-30"):
        retention("dk_bogf", on=date(2022, 6, 30))
