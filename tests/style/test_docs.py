"""Docs are complete and lead somewhere.

Method: pages that come from the code are made again and compared; every link is followed; every
example of a format is parsed; and whatever the code has a name for is looked for in its page.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from ombud.policy import Policy, parse_policy
from ombud.policy.parse import ROOT_KEYS
from ombud.policy.parse.activities import ACTIVITY_KEYS
from ombud.policy.parse.automated import AUTOMATED_KEYS
from ombud.policy.parse.basis import KINDS as BASES
from ombud.policy.parse.basis import SPECIAL_KINDS
from ombud.policy.parse.documents import DOCUMENT_KEYS
from ombud.policy.parse.keep import COUNTED_FROM, KEEP_KEYS
from ombud.policy.parse.organisation import (
    CATEGORY_KINDS,
    CONTACT_KEYS,
    COUNTRIES,
    ORGANISATION_KEYS,
    PARTY_KEYS,
)
from ombud.policy.parse.promises import PROOFS, RIGHTS
from ombud.systems import parse_systems
from ombud.systems.parse.clocks import CLOCK_KEYS, CONSENT_KEYS, IF_NULL, READS_AS
from ombud.systems.parse.conditions import CONDITION_KEYS
from ombud.systems.parse.links import LINK_KEYS
from ombud.systems.parse.outline import COLUMN_KEYS, TABLE_KEYS
from ombud.systems.parse.serves import CAP_KEYS, SERVE_KEYS
from ombud.systems.parse.system import SETTING_KEYS, SWEEP_KEYS, SYSTEM_KEYS, TASK_KEYS
from style.source import ROOT

DOCS = ROOT / "docs"
WRITTEN_ON = date(2026, 11, 24)
RENEW = "run `.venv/bin/python docs/renew.py`"

_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def pages() -> Iterator[Path]:
    yield from sorted(ROOT.glob("*.md"))
    for folder in ("docs", "examples", "bench", ".ci"):
        yield from sorted((ROOT / folder).rglob("*.md"))


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, kind: str) -> list[str]:
    found = re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"{named(page)} has no block `{kind}`"
    return found


# ---------------------------------------------------------------- links


def anchors_of(page: Path) -> set[str]:
    headings = _HEADING.findall(_FENCED.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings}


def dead_links(page: Path) -> Iterator[str]:
    text = _FENCED.sub("", page.read_text())
    for target in _LINK.findall(text):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        to = (page.parent / path).resolve() if path else page
        if not to.exists() or (anchor and anchor not in anchors_of(to)):
            yield target


@pytest.mark.parametrize("page", list(pages()), ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(dead_links(page)) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Here\n[a](page.md) [b](gone.md) [c](#here) [d](#there) `[e](x.md)`\n")
    assert list(dead_links(page)) == ["gone.md", "#there", "x.md"]


def test_every_page_is_in_the_table_of_contents() -> None:
    text = (DOCS / "README.md").read_text()
    listed = {(DOCS / target.partition("#")[0]).resolve() for target in _LINK.findall(text)}
    missing = [
        named(page)
        for page in sorted(DOCS.rglob("*.md"))
        if page not in listed and page.parent not in listed and page.name != "README.md"
    ]
    assert missing == []


# ---------------------------------------------------------------- pages that come from the code


def renew() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_renew", DOCS / "renew.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages_that_come_from_the_code_are_as_new() -> None:
    old = [
        path
        for path, text in renew().pages().items()
        if not (DOCS / path).exists() or (DOCS / path).read_text() != text
    ]
    assert old == [], RENEW


# ---------------------------------------------------------------- formats


def policy_shown() -> Policy:
    text = "\n".join(blocks(DOCS / "reference" / "formats.md", "yaml policy-part"))
    return parse_policy(text, "policy.yaml", WRITTEN_ON)


def test_the_policy_of_the_reference_can_be_read() -> None:
    assert policy_shown().warnings == ()


def test_the_maps_of_the_reference_can_be_read() -> None:
    policy = policy_shown()
    for text in blocks(DOCS / "reference" / "formats.md", "yaml systems"):
        assert parse_systems(text, "systems.yaml", policy).warnings == ()


def test_the_files_of_the_readme_can_be_read() -> None:
    policy_text, systems_text = blocks(ROOT / "README.md", "yaml")
    head = """
organisation:
  {name: A, number: "1", country: DK, languages: [da, en], contact: {email: a@b.example}}
subjects: {participants: {title: {da: D, en: P}}}
clocks: {event_held: {da: holdt, en: held}}
"""
    policy = parse_policy(head + policy_text, "policy.yaml", WRITTEN_ON)
    assert policy.warnings == ()
    assert parse_systems(systems_text, "systems.yaml", policy).warnings == ()


POLICY_WORDS = {
    *ROOT_KEYS,
    *ORGANISATION_KEYS,
    *CONTACT_KEYS,
    *COUNTRIES,
    *CATEGORY_KINDS,
    *ACTIVITY_KEYS,
    *AUTOMATED_KEYS,
    *BASES,
    *SPECIAL_KINDS,
    *KEEP_KEYS,
    *COUNTED_FROM,
    *PARTY_KEYS,
    *DOCUMENT_KEYS,
    *PROOFS,
    *RIGHTS,
}
MAP_WORDS = {
    *SYSTEM_KEYS,
    *SWEEP_KEYS,
    *SETTING_KEYS,
    *TASK_KEYS,
    *TABLE_KEYS,
    *COLUMN_KEYS,
    *LINK_KEYS,
    *SERVE_KEYS,
    *CAP_KEYS,
    *CLOCK_KEYS,
    *CONSENT_KEYS,
    *IF_NULL,
    *READS_AS,
    *CONDITION_KEYS,
}


def test_every_key_of_both_files_is_in_the_reference() -> None:
    text = (DOCS / "reference" / "formats.md").read_text()
    first, second = text.split("\n## systems.yaml\n")
    lost = [w for w in POLICY_WORDS if not re.search(rf"[`{{ ]{w}[`:;,}}\]\" ]", first)]
    lost += [w for w in MAP_WORDS if not re.search(rf"[`{{ ]{w}[`:;,}}\]\" ]", second)]
    assert sorted(lost) == []


def test_how_each_proof_stands_is_told() -> None:
    text = (DOCS / "internals" / "evidence.md").read_text()
    _, _, table = text.partition("\n## Standings\n")
    lost = [proof for proof in PROOFS if not re.search(rf"^\| .*`{proof}\b", table, re.MULTILINE)]
    assert lost == []


# ---------------------------------------------------------------- settings


def test_every_setting_is_in_the_reference() -> None:
    files = [*(ROOT / "src").rglob("*.py"), ROOT / "ombud", ROOT / "ombud-test"]
    files.append(ROOT / ".ci" / "environment.sh")
    used = {name for file in files for name in re.findall(r"\bOMBUD_[A-Z_]+", file.read_text())}
    told = set(re.findall(r"\bOMBUD_[A-Z_]+", (DOCS / "reference" / "settings.md").read_text()))
    assert used == told


# ---------------------------------------------------------------- decisions


DECISIONS = sorted((DOCS / "decisions").glob("*.md"))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_what_was_rejected_and_what_follows(page: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {page.stem[:4]}: ")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == ["Context", "Decision", "Rejected", "Consequences"]


def test_decisions_are_numbered_without_gaps() -> None:
    assert [page.stem[:4] for page in DECISIONS] == [
        f"{number:04d}" for number in range(1, len(DECISIONS) + 1)
    ]
