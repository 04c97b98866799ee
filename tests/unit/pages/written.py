"""What the tests of pages read: the examples' policies, and one that names are put into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from ombud.pages import LANGUAGES
from ombud.policy import Policy, parse_policy

ROOT = Path(__file__).resolve().parents[3]
ON = date(2026, 11, 24)
FULL = ROOT / "tests" / "unit" / "policy" / "full.yaml"
EXAMPLES = sorted((ROOT / "examples").glob("*/policy.yaml"))
HOSTILE = (
    "<script>alert(1)</script> \u202egnp.exe\u2066 &lt; \x07\x1b[2J {{ 7*7 }} {% raw %} {name} "
    "#set page() $x$ *b* _i_ `c` [l](javascript:x) ![p](http://evil.example) http://evil.example "
    "www.evil.example | --- \" ' <!-- "
)


@cache
def policy_of(path: Path) -> Policy:
    """Return a policy."""
    return parse_policy(path.read_bytes(), "policy.yaml", ON)


def policies() -> Iterator[Policy]:
    """Yield every policy that is whole: the examples, and the one with every key."""
    for path in (*EXAMPLES, FULL):
        yield policy_of(path)


def hostile(policy: Policy, more: str = "") -> Policy:
    """Return a policy whose own words are all hostile.

    Args:
        more: What else they hold.
    """
    text = dict.fromkeys(LANGUAGES, HOSTILE + more)
    return replace(
        policy,
        organisation=replace(policy.organisation, name=HOSTILE, number=HOSTILE),
        subjects=dict.fromkeys(policy.subjects, text),
        clocks=dict.fromkeys(policy.clocks, text),
        categories={id: replace(c, title=text) for id, c in policy.categories.items()},
        activities={
            id: replace(
                a,
                title=text,
                purpose=text,
                basis=replace(a.basis, interest=text, special_text=text),
                source=replace(a.source, parties=(HOSTILE,)),
            )
            for id, a in policy.activities.items()
        },
        consents={id: replace(c, purpose=text, text=text) for id, c in policy.consents.items()},
        processors={
            id: replace(p, name=HOSTILE, does=text, transfer=text)
            for id, p in policy.processors.items()
        },
        recipients={id: replace(p, name=HOSTILE, does=text) for id, p in policy.recipients.items()},
        promises={id: replace(p, says=text) for id, p in policy.promises.items()},
    )


class Page(HTMLParser):
    """A page as a browser meets it: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in ("meta", "link", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Look whether what was opened last is closed."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Remember text that is shown."""
        if self._open and self._open[-1] != "style":
            self.text += data

    def of(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]
