"""The record says what Art. 30 asks for, the same in every format, and hostile text stays text.

Method: make the record of the examples and of a policy with every key, and look at its entries;
open the workbook with a reader that is not ours, the CSV with Python's; look up every term of the
JSON-LD in the list of terms that DPV 2.3 has.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import yaml

from ombud.connectors.sql import kind_of
from ombud.pages import LANGUAGES, render
from ombud.pages.model import text_of
from ombud.pages.record import (
    PARTS,
    Record,
    make_record,
    page_of,
    to_csv,
    to_jsonld,
    to_xlsx,
)
from ombud.pages.record.model import Entry
from ombud.pages.words import words
from ombud.policy import Policy
from ombud.systems import Systems, parse_systems
from unit.pages.written import FULL, ON, ROOT, Page, hostile, policies, policy_of

AGENCY = ROOT / "examples" / "business-agency"
CLUB = ROOT / "examples" / "club"
INCLUSION = ROOT / "examples" / "work-inclusion"
HOSTILE = hostile(policy_of(FULL))
TERMS = yaml.safe_load((Path(__file__).parent / "dpv-2.3.yaml").read_text())


def systems_of(folder: Path) -> Systems:
    policy = policy_of(folder / "policy.yaml")
    return parse_systems((folder / "systems.yaml").read_bytes(), "systems.yaml", policy)


def record_of(folder: Path, language: str, *, draft: bool = False) -> Record:
    policy = policy_of(folder / "policy.yaml")
    return make_record(policy, systems_of(folder), language, on=ON, draft=draft)


def entry(record: Record, part: str, id: str) -> Entry:
    return next(each for each in record.table(part).entries if each.id == id)


def cell(record: Record, part: str, id: str, column: str) -> list[str]:
    return [text_of(line) for line in entry(record, part, id).cells[column]]


def texts(record: Record) -> Iterator[str]:
    for table in record.tables:
        for each in table.entries:
            for lines in each.cells.values():
                yield from map(text_of, lines)


# ---------------------------------------------------------------- what it says


def test_every_activity_stands_in_one_of_the_two_records() -> None:
    for policy in policies():
        record = make_record(policy, None, policy.organisation.languages[0], on=ON)
        parts = {"controller": "activities", "joint": "activities", "processor": "processing"}
        for part in ("activities", "processing"):
            told = [each.id for each in record.table(part).entries]
            assert told == [a.id for a in policy.activities.values() if parts[a.role.kind] == part]


@pytest.mark.parametrize("part", ["activities", "processing"])
def test_what_the_law_asks_for_is_never_left_empty(part: str) -> None:
    """Art. 30(1) and (2): where the policy does not say it, the record says so."""
    for policy in policies():
        record = make_record(policy, None, policy.organisation.languages[0], on=ON)
        table = record.table(part)
        asked = {column.id for column in table.columns if column.place} - {"joint", "protected"}
        for each in table.entries:
            assert [id for id in asked if not each.cells.get(id)] == []


def test_an_activity_of_ones_own_is_told_as_the_template_has_it() -> None:
    record = record_of(INCLUSION, "nb")
    assert cell(record, "activities", "sick_leave", "basis") == [
        "Rettslig forpliktelse (artikkel 6 nr. 1 bokstav c): arbeidsmiljøloven § 4-6",
        "Arbeidsrett, trygderett og sosialrett (artikkel 9 nr. 2 bokstav b): "
        "personopplysningsloven § 6",
    ]
    assert cell(record, "activities", "sick_leave", "protected") == [
        "Helse (særlig kategori, artikkel 9)"
    ]
    assert cell(record, "activities", "sick_leave", "recipients") == ["NAV, Norge"]
    assert cell(record, "activities", "sick_leave", "erasure") == [
        "1 år etter at ansettelsesforholdet ble avsluttet eller 3 år etter at fraværet tok slutt, "
        "avhengig av hva som skjer først."
    ]
    assert cell(record, "activities", "sick_leave", "systems") == ["Personal og lønn"]


def test_what_no_person_decides_stands_beside_what_allows_it() -> None:
    """Law: GDPR Art. 22(2)."""
    record = make_record(policy_of(FULL), None, "da", on=ON)
    assert cell(record, "activities", "applicants", "automated") == [
        "Om du bliver indkaldt til samtale",
        "Logik: Point for uddannelse og erfaring, lagt sammen",
        "Konsekvenser: Med for få point får du ikke jobbet",
        "Tilladt ved lov (artikel 22, stk. 2, litra b): LOV 700/2022 § 12",
    ]
    by_consent = cell(record, "activities", "diets", "automated")
    assert by_consent[-1] == "Udtrykkeligt samtykke (artikel 22, stk. 2, litra c)"
    assert cell(record, "activities", "events", "automated") == ["Ingen"]


def test_what_is_done_for_another_names_the_controller() -> None:
    record = record_of(INCLUSION, "nb")
    told = entry(record, "processing", "nav_measures_participants")
    assert "NAV" in text_of(told.cells["controller"][0])
    assert "@" in text_of(told.cells["contact"][0])
    assert text_of(told.cells["agreement"][0]).startswith("Databehandleravtale med NAV")
    assert "basis" not in told.cells  # the controller's to have


def test_a_transfer_names_country_ground_and_activities() -> None:
    record = make_record(policy_of(FULL), None, "da", on=ON)
    assert [each.id for each in record.table("transfers").entries] == ["processor-mailer"]
    assert cell(record, "transfers", "processor-mailer", "country") == ["USA"]
    assert cell(record, "transfers", "processor-mailer", "safeguard") == ["Standardkontrakt"]
    assert cell(record, "transfers", "processor-mailer", "activities") == ["Arrangementer"]
    assert cell(record, "activities", "events", "transfers") == [
        "Mailer ApS, USA: Standardkontrakt"
    ]


def test_a_cap_limits_what_is_told_of_erasure() -> None:
    record = make_record(policy_of(FULL), None, "en", on=ON)
    assert cell(record, "activities", "rescue", "erasure")[1:] == [
        "But never longer than 3 years after the last work.",
        "But never longer than 3 years after recruitment ended.",
    ]


def test_a_joint_controller_is_named_with_the_arrangement() -> None:
    record = make_record(policy_of(FULL), None, "en", on=ON)
    assert cell(record, "activities", "placement", "joint") == [
        "Holme Kommune",
        "Arrangement: We share",
    ]
    assert "Holme Kommune" in list(texts(record))


def test_consents_are_listed_with_their_words() -> None:
    record = make_record(policy_of(FULL), None, "en", on=ON)
    assert cell(record, "consents", "newsletter", "text") == ["Yes, please"]
    assert cell(record, "consents", "newsletter", "expires") == ["2 years after it was given"]
    assert cell(record, "consents", "newsletter", "activities") == ["Newsletter"]
    assert cell(record, "consents", "diet", "expires") == ["Does not lapse by itself"]


def test_a_system_tells_how_it_erases() -> None:
    record = record_of(AGENCY, "en")
    assert cell(record, "systems", "crm", "how")[0].startswith("Ombud erases what is due")
    outside = cell(record, "systems", "analytics", "how")
    assert len(outside) == 2
    assert re.fullmatch(
        r"The system’s own setting erases after at most .* at intervals of at most .*\.", outside[0]
    )


ON_DISK = {
    "sqlite:///club.sqlite": "overwritten in the SQLite file",
    "postgresql+psycopg://ombud:secret@db.example.org/club": "It stays in PostgreSQL’s files",
    "mariadb://ombud@db.example.org/club": "MariaDB cleans up in the background",
    "mysql+pymysql://ombud@db.example.org/club": "MariaDB cleans up in the background",
}


@pytest.mark.parametrize("address", ON_DISK)
def test_a_system_tells_what_is_left_on_disk_and_for_how_long(address: str) -> None:
    policy, systems = policy_of(CLUB / "policy.yaml"), systems_of(CLUB)
    kinds = {"club": kind_of(address)}
    record = make_record(policy, systems, "en", on=ON, kinds=kinds)
    told = cell(record, "systems", "club", "how")
    assert any(ON_DISK[address] in line for line in told)
    assert told[-1].startswith("Within 35 days of the erasure, nothing of it is left")
    unknown = replace(systems.systems["club"], gone_within=None)
    bare = replace(systems, systems={"club": unknown})
    told = cell(make_record(policy, bare, "en", on=ON), "systems", "club", "how")
    assert told[-1].startswith("It is not written down how long")
    assert len(told) == 2


@pytest.mark.parametrize("address", ["", "oracle://db.example.org/x", "no address"])
def test_of_an_address_that_is_none_nothing_is_said(address: str) -> None:
    assert kind_of(address) == ""


def test_a_system_out_of_reach_holds_what_its_activities_use() -> None:
    record = record_of(AGENCY, "en")
    policy = policy_of(AGENCY / "policy.yaml")
    used = [policy.categories[id].title["en"] for id in policy.activities["web_statistics"].data]
    assert cell(record, "systems", "analytics", "data") == used


def test_without_a_map_it_says_nothing_of_systems_and_says_so() -> None:
    record = make_record(policy_of(AGENCY / "policy.yaml"), None, "en", on=ON)
    table = record.table("systems")
    assert (table.entries, table.none) == ((), "Not stated")
    assert all(not each.cells["systems"] for each in record.table("activities").entries)


def test_security_is_the_organisations_own_words_and_missing_where_it_has_none() -> None:
    policy = policy_of(FULL)
    told = [
        text_of(e.cells["measure"][0])
        for e in make_record(policy, None, "en", on=ON).table("security").entries
    ]
    assert told == ["Access only with a personal login and two factors", "Backups every night"]
    bare = make_record(replace(policy, security=()), None, "en", on=ON)
    assert [text_of(e.cells["measure"][0]) for e in bare.table("security").entries] == [
        "Not stated"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_speaks_of_the_data_subject_and_never_says_you(language: str) -> None:
    you = {
        "da": r"\b(du|dig|din|dit|dine)\b",
        "nb": r"\b(du|deg|din|ditt|dine)\b",
        "nn": r"\b(du|deg|din|ditt|dine)\b",
        "sv": r"\b(du|dig|din|ditt|dina)\b",
        "en": r"\byour?\b",
    }[language]
    for policy in policies():
        record = make_record(policy, None, language, on=ON)
        own = record.tables[:3]
        said = [
            text_of(line)
            for table in own
            for each in table.entries
            for id in ("erasure", "source", "basis", "what")
            for line in each.cells.get(id, ())
        ]
        assert [text for text in said if re.search(you, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_and_column_has_a_title(language: str) -> None:
    record = make_record(policy_of(FULL), None, language, on=ON)
    assert tuple(table.id for table in record.tables) == PARTS
    titles = [table.title for table in record.tables]
    assert len(set(titles)) == len(titles)
    assert [
        title for title in titles if len(title) > 31 or re.search(r"[\[\]:*?/\\']", title)
    ] == []
    assert all(column.title for table in record.tables for column in table.columns)


# ---------------------------------------------------------------- page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_whole_and_asks_nobody_for_anything(language: str) -> None:
    page = Page(render(page_of(record_of(INCLUSION, language)), "html").decode())
    assert page.of("html")[0]["lang"] == language
    assert not {name for name, _ in page.elements} & {"script", "img", "iframe"}
    assert [a["href"] for a in page.of("link")] == ["data:,"]
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in page.of("a") if a["href"][0] == "#"} <= set(ids)


def test_the_page_says_all_that_the_record_says() -> None:
    record = record_of(INCLUSION, "nb")
    page = re.sub(r"\s", "", Page(render(page_of(record), "html").decode()).text)
    assert [text for text in texts(record) if re.sub(r"\s", "", text) not in page] == []


def test_a_draft_says_so_in_every_format() -> None:
    record = record_of(AGENCY, "da", draft=True)
    assert "Udkast" in Page(render(page_of(record), "html").decode()).text
    assert "Udkast" in to_csv(record, "activities").decode()
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(record)))
    assert all(sheet["A1"].value.startswith("Udkast.") for sheet in book)


# ---------------------------------------------------------------- spreadsheet


def test_a_workbook_has_a_sheet_for_each_part_and_a_row_for_each_entry() -> None:
    record = record_of(INCLUSION, "nb")
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(record)))
    assert book.sheetnames == [table.title for table in record.tables]
    for table, sheet in zip(record.tables, book, strict=True):
        head = [str(c.value).splitlines()[0] for c in sheet[4]]
        assert head == [column.title for column in table.columns]
        assert sheet.max_row == 4 + max(1, len(table.entries))
        for down, each in enumerate(table.entries, 5):
            shown = [sheet.cell(down, at).value or "" for at in range(1, len(head) + 1)]
            told = ["\n".join(map(text_of, each.cells.get(c.id, ()))) for c in table.columns]
            assert shown == told


def test_nothing_in_a_workbook_is_a_formula_or_a_link() -> None:
    policy = _formulas()
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(make_record(policy, None, "da", on=ON))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert any(str(cell.value).startswith("=cmd") for cell in cells)


def test_the_same_record_gives_the_same_bytes() -> None:
    assert to_xlsx(record_of(AGENCY, "da")) == to_xlsx(record_of(AGENCY, "da"))


def _formulas() -> Policy:
    """Return a policy whose words begin like formulas, each in another way."""
    policy = policy_of(FULL)
    starts = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\u202e=1", "＝1")
    parties = {
        id: replace(party, name=starts[0], does=dict.fromkeys(LANGUAGES, starts[1]))
        for id, party in policy.processors.items()
    }
    activities = {
        id: replace(a, title=dict.fromkeys(LANGUAGES, starts[n % len(starts)]))
        for n, (id, a) in enumerate(policy.activities.items())
    }
    return replace(policy, processors=parties, activities=activities)


def test_nothing_in_csv_begins_like_a_formula() -> None:
    record = make_record(_formulas(), None, "da", on=ON)
    for part in PARTS:
        text = to_csv(record, part).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        assert len(rows) == 1 + len(record.table(part).entries)
        assert [c for row in rows for c in row if c.startswith(("=", "+", "-", "@", "＝"))] == []
    shown = csv.reader(io.StringIO(to_csv(record, "processors").decode("utf-8-sig")), delimiter=";")
    assert [row[0] for row in shown][1] == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize("part", PARTS)
def test_csv_says_what_the_record_says(part: str) -> None:
    record = record_of(AGENCY, "da")
    text = to_csv(record, part).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    table = record.table(part)
    assert rows[0] == [column.title for column in table.columns]
    for row, each in zip(rows[1:], table.entries, strict=True):
        told = [" · ".join(map(text_of, each.cells.get(c.id, ()))) for c in table.columns]
        assert [value.removeprefix("'") for value in row] == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_turns_or_hides_text(language: str) -> None:
    record = make_record(HOSTILE, None, language, on=ON)
    made = [to_csv(record, part).decode() for part in PARTS]
    made.append(to_jsonld(HOSTILE, on=ON).decode())
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(record)))
    made += [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]
    hidden = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
    assert [text for text in made if hidden.search(text)] == []
    assert any("<script>alert(1)</script>" in text for text in made)


# ---------------------------------------------------------------- JSON-LD


def terms_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "@type":
                yield from ([inner] if isinstance(inner, str) else inner)
            elif key == "@id" and ":" in inner:
                yield inner
            elif key == "@context":
                continue
            else:
                yield key
                yield from terms_in(inner)
    elif isinstance(value, list):
        for each in value:
            yield from terms_in(each)


def test_every_term_of_the_data_is_a_term_of_the_vocabulary() -> None:
    known = {
        f"{prefix}:{term}"
        for prefix, modules in TERMS.items()
        for found in modules.values()
        for term in found
    }
    used = {
        term
        for policy in policies()
        for term in terms_in(json.loads(to_jsonld(policy, on=ON)))
        if term.startswith(("dpv:", "eu-gdpr:"))
    }
    assert len(used) > 30
    assert used - known == set()


def test_a_term_that_the_vocabulary_lacks_is_found() -> None:
    assert list(terms_in({"dpv:hasNothing": [{"@type": ["dpv:Nothing"]}]})) == [
        "dpv:hasNothing",
        "dpv:Nothing",
    ]


def test_the_data_names_every_activity_and_fetches_nothing() -> None:
    policy = policy_of(FULL)
    data = json.loads(to_jsonld(policy, on=ON))
    assert [p["@id"] for p in data["dpv:hasProcess"]] == [
        f"#activity-{id}" for id in policy.activities
    ]
    assert isinstance(data["@context"], dict)
    events = data["dpv:hasProcess"][0]
    assert events["dpv:hasLegalBasis"] == [{"@id": "eu-gdpr:A6-1-e"}]
    assert events["dpv:hasDataProcessor"][0]["dpv:hasThirdCountry"] == "US"
    assert events["dpv:hasStorageCondition"]["dpv:hasDuration"] == [
        {
            "@type": ["dpv:TemporalDuration"],
            "rdf:value": {"@type": "xsd:duration", "@value": "P36M"},
        }
    ]
    assert {"@language": "en", "@value": "Events"} in events["dct:title"]


def test_a_decision_without_a_person_is_one_in_the_data() -> None:
    data = json.loads(to_jsonld(policy_of(FULL), on=ON))
    found = {each["@id"]: each for each in data["dpv:hasProcess"]}
    decision = found["#activity-diets"]["dpv:hasContext"]
    assert decision["@type"] == ["dpv:AutomatedDecisionMaking"]
    assert {"@language": "en", "@value": "Which food you get"} in decision["dct:title"]
    assert decision["dpv:hasContext"]["@type"] == ["dpv:AlgorithmicLogic"]
    rights = [each["@id"] for each in found["#activity-diets"]["dpv:hasRight"]]
    assert rights == ["eu-gdpr:A22-3-a", "eu-gdpr:A22-3-b", "eu-gdpr:A22-3-c"]
    assert "dpv:hasRight" not in found["#activity-applicants"], "that law has its own"
    assert "dpv:hasContext" not in found["#activity-events"]


def test_what_a_processor_does_names_both_roles_in_the_data() -> None:
    data = json.loads(to_jsonld(policy_of(FULL), on=ON))
    course = next(p for p in data["dpv:hasProcess"] if p["@id"] == "#activity-course")
    assert course["dpv:hasDataController"]["dpv:hasName"] == "Jobcenter Holme"
    assert course["dpv:hasDataProcessor"] == [{"@id": "#organisation"}]
    assert "dpv:hasLegalBasis" not in course


def test_what_a_record_says_instead_is_a_key_of_the_notice() -> None:
    for language in LANGUAGES:
        keys = words(language).all
        instead = [
            k.removeprefix("record.instead.") for k in keys if k.startswith("record.instead.")
        ]
        assert instead
        assert [key for key in instead if key not in keys] == []
