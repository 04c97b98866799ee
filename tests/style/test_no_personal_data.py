"""No real person is in the repository.

Method: look through every text file that git knows or would add for e-mail addresses outside the
names reserved for examples, and for the telephone numbers of the policies Ombud learnt from, when
those lie beside the checkout.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from style.source import ROOT

EMAIL = re.compile(r"(?<![\w.+/-])[\w.+-]+@(?P<host>(?:[\w-]+\.)+[a-z]{2,})\b", re.IGNORECASE)
RESERVED = re.compile(
    r"(?:^|\.)(?:example\.(?:org|com|net)|example|invalid|test|localhost)$", re.IGNORECASE
)
# Offices, no persons: where people complain. Facts of law name them.
AUTHORITIES = {
    "datatilsynet.dk",
    "datatilsynet.no",
    "edpb.europa.eu",
    "edps.europa.eu",
    "imy.se",
    "om.fi",
    "personuvernd.is",
    "tietosuoja.fi",
}
PHONE = re.compile(r"(?<![\w.:-])\+?\d(?:[ \u00a0()-]?\d){7,11}(?![\w:-]|\.\d)")
FACTS = ROOT / "src" / "ombud" / "law" / "facts"
SEEDS = ROOT.parent / "shared" / "seeds"
OTHERS = ("vendor/", "requirements")  # licences name their authors; locks hold digests


def addresses_of_people(text: str) -> Iterator[str]:
    """Yield e-mail addresses that could be somebody's."""
    for match in EMAIL.finditer(text):
        host = match["host"].lower()
        if not RESERVED.search(host) and host not in AUTHORITIES:
            yield match.group()


def numbers_in(text: str) -> set[str]:
    """Return the digits of everything that looks like a telephone number, country code cut."""
    return {re.sub(r"\D", "", match)[-8:] for match in PHONE.findall(text)}


def text_files() -> Iterator[tuple[str, str]]:
    """Yield path and text of every file of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if name.startswith(OTHERS) or not path.is_file() or path.is_symlink():
            continue
        try:
            yield name, path.read_text()
        except UnicodeDecodeError:
            continue


def test_no_address_could_be_a_persons() -> None:
    found = [f"{name}: {who}" for name, text in text_files() for who in addresses_of_people(text)]
    assert not found, "use example.org, NAME.example or NAME.invalid:\n" + "\n".join(found)


def seed_numbers(folder: Path) -> set[str]:
    """Return the telephone numbers of the policies in a folder; none when it is not there."""
    return {number for path in folder.glob("*.txt") for number in numbers_in(path.read_text())}


def test_no_number_is_from_a_real_policy() -> None:
    authorities = {n for path in FACTS.glob("*.yaml") for n in numbers_in(path.read_text())}
    real = seed_numbers(SEEDS) - authorities
    found = [f"{name}: {n}" for name, text in text_files() for n in numbers_in(text) & real]
    assert not found, "make numbers up:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("mail " + "kari@" + "nordmann.no", id="plain"),
        pytest.param("<a href='mailto:" + "Ola.N@" + "Firma.DK'>", id="link"),
        pytest.param("kari@" + "example.org.no", id="only-looks-reserved"),
    ],
)
def test_a_persons_address_is_found(text: str) -> None:
    assert list(addresses_of_people(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("kari@example.org", id="example"),
        pytest.param("post@klubben.example", id="reserved"),
        pytest.param("dt@datatilsynet.dk", id="authority"),
        pytest.param("@pytest.fixture", id="decorator"),
        pytest.param("narrow@localhost", id="database-account"),
    ],
)
def test_others_are_not(text: str) -> None:
    assert not list(addresses_of_people(text))


def test_a_number_is_found_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "seed.txt").write_text("Call 12 34 56 78 or +47 987 65 432.")
    assert seed_numbers(tmp_path) == {"12345678", "98765432"}
    assert numbers_in("12345678") | numbers_in("+45 1234-5678") == {"12345678"}
    assert numbers_in("2026-11-24T10:00") == set()
