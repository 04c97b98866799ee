"""The files of facts read whole: their form, their marks, and the figures other code rests on."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from importlib import resources

import pytest

from ombud.errors import UnknownFact
from ombud.law import Country, authority, child_consent_age, fact
from ombud.law.book import NAMES, Misprint, book, read, version_on

TODAY = date(2026, 11, 23)

GOOD = """
sources: {SRC: somewhere}
facts:
  hours:
    - value: 72
      valid_from: null
      valid_to: null
      citations: [GDPR Art. 33(1)]
      read_in: SRC
      verified_on: 2026-11-23
      mark: V
"""


@pytest.mark.parametrize("name", NAMES)
def test_every_file_of_facts_is_as_its_head_says(name: str) -> None:
    """Reading it parses each citation and period, and refuses what is missing or unknown."""
    assert book(name).facts
    assert book(name).retention or name == "gdpr"


def test_a_country_is_never_read_as_no() -> None:
    """YAML 1.1 takes a bare NO for false; the files are named by country instead."""
    for name in NAMES:
        text = resources.files("ombud.law").joinpath("facts", f"{name}.yaml").read_text("utf-8")
        assert not re.search(r"(?m)^\s*NO:(\s|$)", text)


@pytest.mark.parametrize(
    ("instead_of", "stands", "says"),
    [
        pytest.param("      mark: V\n", "", "`mark` is missing", id="no-mark"),
        pytest.param("mark: V", "mark: X", "`mark` is none of V, V2, K", id="other-mark"),
        pytest.param("mark: V", "mark: K", "mark K, has no `verified_on`", id="k-but-read"),
        pytest.param("2026-11-23", "null", "mark K, has no `verified_on`", id="v-but-not-read"),
        pytest.param("read_in: SRC", "read_in: SCR", "not one of the sources", id="source"),
        pytest.param("[GDPR Art. 33(1)]", "[]", "names no law", id="no-citation"),
        pytest.param("[GDPR Art. 33(1)]", "[GDPR 33]", "not a citation", id="misspelt-citation"),
        pytest.param("valid_to: null", "valid_to: soon", "neither a date nor null", id="no-date"),
        pytest.param("value: 72", "value: [1]", "not a text", id="number-in-list"),
        pytest.param("value: 72", "value: 72\n      unit: h", "`unit` is not a key", id="key"),
        pytest.param("facts:", "fakts:", "`facts` is missing", id="no-facts"),
    ],
)
def test_a_fact_that_is_not_whole_is_not_read(instead_of: str, stands: str, says: str) -> None:
    assert instead_of in GOOD

    with pytest.raises(ValueError, match=re.escape(says)):
        read(GOOD.replace(instead_of, stands), None)


def test_two_versions_in_force_on_one_day_are_refused() -> None:
    version = GOOD.partition("hours:\n")[2]

    with pytest.raises(Misprint, match="two versions in force"):
        read(GOOD + version, None)


def test_each_day_has_the_version_in_force_on_it() -> None:
    """Both days of a version count; a version that was never law is not made up."""
    version = GOOD.partition("hours:\n")[2]
    first = GOOD.replace("valid_to: null", "valid_to: 2020-12-31")
    second = version.replace("72", "96").replace("valid_from: null", "valid_from: 2021-01-02")
    versions = read(first + second, None).facts["hours"]

    found = {
        day: version_on(versions, "hours", date.fromisoformat(day)).number()
        for day in ("1900-01-01", "2020-12-31", "2021-01-02", "2100-01-01")
    }

    assert found == {"1900-01-01": 72, "2020-12-31": 72, "2021-01-02": 96, "2100-01-01": 96}
    with pytest.raises(UnknownFact, match="`hours` is not known on 2021-01-01"):
        version_on(versions, "hours", date(2021, 1, 1))


def test_two_versions_may_not_share_a_day() -> None:
    version = GOOD.partition("hours:\n")[2]
    first = GOOD.replace("valid_to: null", "valid_to: 2020-12-31")
    second = version.replace("valid_from: null", "valid_from: 2020-12-31")

    with pytest.raises(Misprint, match="two versions in force"):
        read(first + second, None)


@pytest.mark.parametrize(
    ("country", "age", "law"),
    [
        ("DK", 15, "DK databeskyttelsesloven § 6(2)-(3)"),
        ("NO", 13, "NO personopplysningsloven § 5"),
        ("SE", 13, "SE dataskyddslagen 2:4"),
        ("FI", 13, "FI tietosuojalaki 1050/2018 § 5"),
        ("IS", 13, "IS lög 90/2018 Art. 10"),
    ],
)
def test_a_child_consents_itself_from_the_national_age(
    country: Country, age: int, law: str
) -> None:
    """Art. 8(1)."""
    found = fact("child_consent_age", country, on=TODAY)

    assert child_consent_age(country, on=TODAY) == found.number() == age
    assert str(found.citations[0]) == law
    assert (found.mark, found.verified, found.verified_on) == ("V", True, TODAY)


def test_a_fact_is_not_known_before_it_was_law() -> None:
    """The Danish age was raised on 1 January 2024; what was law before was not read."""
    assert child_consent_age("DK", on=date(2024, 1, 1)) == 15
    with pytest.raises(UnknownFact, match="`child_consent_age` is not known on 2023-12-31") as no:
        child_consent_age("DK", on=date(2023, 12, 31))
    assert "2024-01-01" in no.value.help


def test_a_fact_of_the_union_holds_in_a_country_that_has_none_of_its_own() -> None:
    assert fact("art33_hours", "DK", on=TODAY) == fact("art33_hours", on=TODAY)
    assert fact("art33_hours", on=TODAY).country is None


def test_an_unknown_fact_tells_the_nearest_known() -> None:
    with pytest.raises(UnknownFact, match="no fact of law `art33_hour`") as unknown:
        fact("art33_hour", on=TODAY)
    assert unknown.value.help == "did you mean `art33_hours`?"

    with pytest.raises(UnknownFact, match="of the Union") as national:
        fact("child_consent_age", on=TODAY)
    assert national.value.help == "it is known of DK, NO, SE, FI, IS"


def test_the_figures_of_the_regulation() -> None:
    """Arts. 12(3), 14(3)(a), 30(5), 33(1)."""
    assert str(fact("answer_period", on=TODAY).period()) == "1 month"
    assert str(fact("answer_extension", on=TODAY).period()) == "2 months"
    assert str(fact("notice_period_other_source", on=TODAY).period()) == "1 month"
    assert fact("art30_5_threshold", on=TODAY).number() == 250
    assert fact("art33_hours", on=TODAY).number() == 72


def test_a_notice_has_sixteen_items_with_an_article_for_each_way_of_collecting() -> None:
    """Arts. 13, 14 and 21(4)."""
    items = {row["code"]: row for row in fact("notice_items", on=TODAY).rows()}

    assert len(items) == 16
    assert items["i_ret"]["art13"] == "GDPR Art. 13(2)(a)"
    assert [code for code, row in items.items() if not row["art13"]] == ["i_cat", "i_src"]
    assert [code for code, row in items.items() if not row["art14"]] == ["i_mand"]
    assert [code for code, row in items.items() if row["when"] == "always"] == [
        "i_ctrl",
        "i_purp",
        "i_ret",
        "i_rts",
        "i_cmp",
    ]


@pytest.mark.parametrize(
    ("right", "standing"),
    [
        ("access", "applies applies applies applies applies applies"),
        ("erasure", "applies conditional not conditional conditional applies"),
        ("portability", "applies applies not not not not"),
        ("objection", "not not not not applies applies"),
        (
            "objection_marketing",
            "applies applies not_applicable not_applicable applies applies",
        ),
        ("withdrawal", "applies not not not not not"),
    ],
)
def test_a_right_stands_by_the_basis_of_the_activity(right: str, standing: str) -> None:
    bases = "consent contract legal_obligation vital_interests public_task legitimate_interests"
    matrix = fact("rights_matrix", on=TODAY).table()

    assert dict(matrix[right]) == dict(zip(bases.split(), standing.split(), strict=True))
    assert len(matrix) == 10


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("erasure_exceptions_17_3", 5),
        ("art28_3_must", 16),
        ("art30_1", 8),
        ("art30_2", 5),
        ("art33_content", 4),
    ],
)
def test_a_list_of_the_regulation_is_whole(name: str, count: int) -> None:
    words = fact(name, on=TODAY).words()

    assert len(set(words)) == len(words) == count


@pytest.mark.parametrize("country", ["DK", "NO", "SE", "FI", "IS"])
def test_every_country_has_an_authority_that_people_can_reach(country: Country) -> None:
    found = authority(country, on=TODAY)

    assert found == authority(country)
    assert all((found.name, found.address, found.phone, found.email, found.url))
    assert (found.mark, found.checked_on) == ("V2", TODAY)


def test_what_was_not_read_of_an_authority_is_named() -> None:
    assert authority("IS").unverified == ("phone",)
    assert authority("FI").unverified == ("address", "email")
    assert authority("NO").unverified == ("email",)
    assert authority("DK").outdated == ("Borgergade 28",)
    assert authority("SE").outdated == ("Datainspektionen",)


@pytest.mark.parametrize("country", ["DK", "NO", "SE", "FI", "IS"])
def test_every_country_has_a_way_to_tell_of_a_breach(country: Country) -> None:
    assert fact("breach_channel", country, on=TODAY).text()


def test_names_and_acts_that_are_gone_tell_what_came_instead_and_when() -> None:
    stale = fact("entities_stale", "DK", on=TODAY).rows()
    laws = fact("laws_stale", "DK", on=TODAY).rows() + fact("laws_stale", "NO", on=TODAY).rows()

    assert dict(stale[0]) == {
        "name": "Væksthus",
        "now": "Erhvervshus",
        "since": "2019-01-01",
        "mark": "V",
    }
    assert [(row["text"], row["since"], row["mark"]) for row in laws] == [
        ("persondataloven", "2018-05-25", "K"),
        ("erhvervsfremmeloven kapitel 6 §§ 12-13", "2019-01-01", "V"),
        ("bogføringsloven 1998/2006 § 10", "2022-07-01", "V"),
        ("ekomloven 2003 § 2-7 b", "2025-01-01", "V"),
        ("arkivlova 1992", "2026-01-01", "V"),
    ]


def test_asking_a_fact_for_another_kind_of_value_is_an_error_of_the_code() -> None:
    with pytest.raises(TypeError, match="not a number"):
        fact("breach_channel", "DK", on=TODAY).number()
    with pytest.raises(TypeError, match="not a list of words"):
        fact("notice_items", on=TODAY).words()
    with pytest.raises(TypeError, match="not one row"):
        fact("rights_matrix", on=TODAY).entries()


def test_the_law_reads_no_facts_and_no_calendar_before_it_is_asked() -> None:
    """Every command imports the law; only some need a deadline."""
    code = (
        "import sys, ombud.law, ombud.law.book as b;"
        "assert 'holidays' not in sys.modules; assert b.book.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
