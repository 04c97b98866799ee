"""A notice says the same in every format, and what people wrote stays text in each.

Method: render the examples and a policy whose every word is hostile; read the pages as a browser
would (elements, attributes, text), the PDF by its markers, the rest by its lines.
"""

from __future__ import annotations

import gzip
import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise

import pytest
import yaml

from ombud.errors import WrongUse
from ombud.pages import FORMATS, LANGUAGES, Notice, make_notice, pdf, render, site
from ombud.pages.model import Fold, every, lines, text_of
from ombud.pages.style import stylesheet
from unit.pages.written import EXAMPLES, FULL, ON, ROOT, Page, hostile, policies, policy_of

HOSTILE = hostile(policy_of(FULL))
ASKED = ("https:", "mailto:", "tel:", "#")
VENDORED = ROOT / "src" / "ombud" / "pages" / "static" / "designsystemet"


def html_of(notice: Notice) -> str:
    return render(notice, "html").decode()


# ---------------------------------------------------------------- html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_whole_and_asks_nobody_for_anything(language: str) -> None:
    for policy in policies():
        html = html_of(make_notice(policy, language, on=ON))
        page = Page(html)
        assert page.of("html")[0]["lang"] == language
        assert len(page.of("h1")) == len(page.of("main")) == len(page.of("title")) == 1
        levels = [int(name[1]) for name, _ in page.elements if re.fullmatch("h[1-6]", name)]
        assert all(b - a <= 1 for a, b in pairwise(levels))
        assert not {name for name, _ in page.elements} & {"script", "img", "iframe"}
        assert [a["href"] for a in page.of("link")] == ["data:,"]
        assert all(a["href"].startswith(ASKED) for a in page.of("a"))
        ids = [a["id"] for _, a in page.elements if "id" in a]
        assert len(ids) == len(set(ids))
        assert {a["href"][1:] for a in page.of("a") if a["href"][0] == "#"} <= set(ids)
        assert not [a for _, a in page.elements if {"style", "onclick", "onload"} & set(a)]


def test_a_page_weighs_less_than_60_kb() -> None:
    for policy in policies():
        html = html_of(make_notice(policy, policy.organisation.languages[0], on=ON))
        assert len(gzip.compress(html.encode())) < 60_000


def test_the_content_policy_allows_its_own_stylesheet_and_nothing_else() -> None:
    html = html_of(make_notice(policy_of(FULL), "da", on=ON))
    said = next(a["content"] for a in Page(html).of("meta") if "http-equiv" in a)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert said == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def test_the_stylesheet_asks_for_nothing_over_the_network() -> None:
    assert "@import" not in stylesheet()
    assert set(re.findall(r"url\(.(\w+):", stylesheet())) == {"data"}


def test_what_is_vendored_is_as_it_was_published() -> None:
    told = yaml.safe_load((VENDORED / "VENDORED.yaml").read_text())["files"]
    there = {path.name: path.read_bytes() for path in VENDORED.iterdir()}
    del there["VENDORED.yaml"]
    assert {name: sha256(content).hexdigest() for name, content in there.items()} == told


def test_texts_in_another_language_say_so() -> None:
    page = Page(html_of(make_notice(policy_of(EXAMPLES[0]), "sv", on=ON)))
    assert {a["lang"] for a in page.of("span") if "lang" in a} == {"da"}


# ---------------------------------------------------------------- what people wrote


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_makes_no_element_and_no_link(language: str) -> None:
    tame = Page(html_of(make_notice(policy_of(FULL), language, on=ON)))
    page = Page(html_of(make_notice(HOSTILE, language, on=ON)))
    assert {name for name, _ in page.elements} <= {name for name, _ in tame.elements} | {"span"}
    assert all(a["href"].startswith(ASKED) for a in page.of("a"))
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }} {% raw %} {name}" in page.text


@pytest.mark.parametrize("form", ["html", "md", "txt"])
def test_nothing_turns_or_hides_text(form: str) -> None:
    text = render(make_notice(HOSTILE, "da", on=ON), form).decode()  # type: ignore[arg-type]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]", text)


def test_hostile_text_is_escaped_in_markdown() -> None:
    text = render(make_notice(HOSTILE, "da", on=ON), "md").decode()
    unescaped = re.sub(r"\\.", "", text)
    theirs = re.sub(r"\]\(<[^>]*>\)|<a id=\"[a-z0-9-]+\"></a>", "", unescaped)
    assert "script" in theirs
    assert not re.search(r"[<>`|$]|://|www\.|\]\(|\{\{", theirs)


def test_hostile_text_stays_text_in_pdf() -> None:
    assert render(make_notice(HOSTILE, "da", on=ON), "pdf").startswith(b"%PDF-")


def test_an_address_that_is_none_is_no_link() -> None:
    notice = make_notice(policy_of(FULL), "da", on=ON)
    links = {said.to for line in lines(notice.parts) for said in line if said.to}
    assert all(to.startswith(ASKED) for to in links)


# ---------------------------------------------------------------- the others


def unspaced(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_says_the_same(language: str) -> None:
    """But for the summaries of details: only a page folds."""
    notice = make_notice(policy_of(EXAMPLES[0]), language, on=ON)
    folds = {text_of(b.summary) for b in every(notice.parts) if isinstance(b, Fold)}
    said = {unspaced(text_of(line)) for line in lines(notice.parts)}
    unfolded = said - set(map(unspaced, folds))
    page = unspaced(Page(html_of(notice)).text)
    text = unspaced(render(notice, "txt").decode())
    marked = re.sub(r"\]\(<[^>]*>\)|[\\\s\[]", "", render(notice, "md").decode())
    assert {line for line in said if line not in page} == set()
    assert {line for line in unfolded if line not in text} == set()
    assert {line for line in unfolded if line not in marked} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_in_law_is_never_broken_in_two(language: str) -> None:
    """On a page: what is copied from plain text and Markdown has common spaces only."""
    notice = make_notice(policy_of(EXAMPLES[0]), language, on=ON)
    page, text = Page(html_of(notice)).text, render(notice, "txt").decode()
    breaks = r"\b(?:artikel|artikkel|article|stk\.|nr\.|litra|bokstav) |\d\.\d [a-z]\b|§ "
    assert not re.findall(breaks, page, re.IGNORECASE)
    assert re.findall(breaks, " ".join(text.split()), re.IGNORECASE)
    assert "\u00a0" not in text + render(notice, "md").decode()


def test_values_with_commas_are_told_apart() -> None:
    policy = policy_of(ROOT / "examples" / "job-activation" / "policy.yaml")
    notice = make_notice(policy, "da", on=ON)
    for form in FORMATS[:3]:
        text = " ".join(render(notice, form).decode().split())
        assert "som en kommune har henvist; pårørende, som" in text, form
        assert "Navn, helbred" in text, form


def test_text_fits_into_a_mail() -> None:
    text = render(make_notice(policy_of(EXAMPLES[0]), "da", on=ON), "txt").decode()
    assert max(map(len, text.splitlines())) <= 78


def test_an_address_is_never_broken_in_two() -> None:
    """A mail program makes a link of what stands in one line."""
    policy = policy_of(EXAMPLES[0])
    text = render(make_notice(policy, "da", on=ON), "txt").decode()
    assert policy.organisation.rights.email.count("-") == 1
    assert "persondata@tvaersund-\n" not in text
    assert policy.organisation.rights.email in text


def test_the_pdf_is_tagged_and_says_that_it_is_accessible() -> None:
    made = render(make_notice(policy_of(FULL), "da", on=ON), "pdf")
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"pdfuaid", b"/Lang"):
        assert mark in made


def test_the_same_notice_gives_the_same_bytes() -> None:
    for form in FORMATS:
        first, second = (render(make_notice(policy_of(FULL), "da", on=ON), form) for _ in range(2))
        assert first == second, form


def test_without_typst_the_help_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    render(make_notice(policy_of(FULL), "da", on=ON), "html")  # reads the words, of all packages

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(pdf.importlib, "import_module", missing)
    with pytest.raises(WrongUse, match="PDF needs Typst") as raised:
        render(make_notice(policy_of(FULL), "da", on=ON), "pdf")
    assert "ombud[pdf]" in raised.value.help


def test_a_draft_says_so_on_each_page_and_in_each_format() -> None:
    draft = make_notice(policy_of(FULL), "da", on=ON, draft=True)
    page = Page(html_of(draft))
    assert [a for a in page.of("p") if a.get("class") == "draft"]
    assert "Udkast" in page.text.split("Privatlivsmeddelelse")[0]
    assert render(draft, "md").startswith(b"> **Udkast.**")
    assert render(draft, "txt").startswith(b"*** Udkast.")
    assert render(draft, "pdf") != render(make_notice(policy_of(FULL), "da", on=ON), "pdf")
    assert "Udkast" not in Page(html_of(make_notice(policy_of(FULL), "da", on=ON))).text


# ---------------------------------------------------------------- site


def test_a_site_has_every_language_and_format_and_its_links_lead_somewhere() -> None:
    policy = policy_of(FULL)
    given = {f"{tag}/pictures.pdf": b"%PDF-" for tag in policy.organisation.languages}
    files = {path: make() for path, make in site(policy, on=ON, documents=given).items()}
    assert b'href="da/pictures.pdf"' in files["index.html"]
    for language in policy.organisation.languages:
        for name in ("index.html", "notice.md", "notice.txt", "notice.pdf"):
            assert f"{language}/{name}" in files
    for path, made in files.items():
        if path.endswith(".html"):
            page = Page(made.decode())
            folder = path.rpartition("/")[0]
            for href in [a["href"] for a in (*page.of("a"), *page.of("link")[1:])]:
                if not href.startswith(ASKED):
                    joined = f"{folder}/{href}" if folder else href
                    assert re.sub(r"[^/]+/\.\./", "", joined) in files
            said = next(a["content"] for a in page.of("meta") if "http-equiv" in a)
            assert "style-src 'self'" in said
            assert b"<style" not in made
