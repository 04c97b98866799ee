"""Everything a map can have wrong is told at once, where it stands, with a help that pastes.

Method: `wrong.txt` holds the cases as a person would see them; each starts from a map that is
right, so that what is said comes from the change alone.
"""

from __future__ import annotations

import re

import pytest

from ombud.systems import CODES
from ombud.systems.parse.system import SYSTEM_KEYS
from unit.systems import written
from unit.systems.written import HERE, SMALL, findings_in, with_table

CASES = re.split(r"(?m)^=== ", (HERE / "wrong.txt").read_text(encoding="utf-8"))[1:]


def lines_of(case: str, mark: str) -> str:
    return "".join(line[1:] + "\n" for line in case.splitlines()[1:] if line.startswith(mark))


def map_of(case: str) -> str:
    """Return the map that a case is about."""
    name = case.partition("(")[2].partition(")")[0]
    table, old, new = (lines_of(case, mark) for mark in "|-+")
    text = with_table(table) if table else str(getattr(written, name))
    assert text.count(old) == 1 or not old, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new) if old else text


def said_in(case: str) -> str:
    said = [line for line in case.splitlines()[1:] if line and line[0] not in "|-+"]
    return "\n".join(said)


@pytest.mark.parametrize("case", [pytest.param(c, id=c.split(" ")[0]) for c in CASES])
def test_what_is_wrong_is_said_with_place_and_help(case: str) -> None:
    said = "\n".join(str(finding) for finding in findings_in(map_of(case)))
    assert said == said_in(case).removesuffix("nothing")


def test_every_code_of_the_map_has_a_case() -> None:
    cases = "".join(CASES)
    assert [code for code in CODES if f"[{code}]" not in cases] == []


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql://ombud:hunter2@host/crm", id="plain"),
        pytest.param("postgresql://ombud:hunter2$X@host/crm", id="with a dollar"),
        pytest.param("postgresql://ombud:hunter2:@host/crm", id="with a colon"),
        pytest.param("mysql://ombud:hunter2/@host/crm", id="with a slash"),
        pytest.param("host/crm?passwd=hunter2", id="no address at all"),
    ],
)
def test_a_password_that_was_written_down_is_never_repeated(url: str) -> None:
    """A message ends in logs and mails, and would carry the secret there."""
    findings = findings_in(SMALL.replace("${CRM_URL}", url))
    assert [finding.code for finding in findings] == ["Y71"]
    assert "hunter2" not in str(findings[0])


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("${CRM_URL}", id="whole"),
        pytest.param("postgresql://ombud@host/crm", id="no password"),
        pytest.param("postgresql://${USER}:${PASSWORD}@${HOST}:5432/crm", id="parts"),
        pytest.param("postgresql+psycopg://host/crm?sslmode=require", id="parameters"),
        pytest.param("sqlite:///data/crm.db", id="file"),
    ],
)
def test_an_address_without_a_secret_is_taken_as_it_stands(url: str) -> None:
    assert written.read(SMALL.replace("${CRM_URL}", url)).systems["crm"].url == url


def test_everything_is_told_at_once_and_in_order() -> None:
    text = SMALL.replace("name: name", "name: nam").replace("[id, created_at]", "[id, id]")
    text = text.replace("url: ${CRM_URL}", "zone: Mars")
    assert [(f.code, f.where.line) for f in findings_in(text)] == [
        ("Y12", 2),
        ("Y72", 3),
        ("Y81", 7),
        ("Y26", 11),
        ("Y22", 13),
    ]


def test_keys_of_a_system_are_known_once() -> None:
    assert len(SYSTEM_KEYS) == len(set(SYSTEM_KEYS))
