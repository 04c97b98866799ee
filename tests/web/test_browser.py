"""Everybody can read every page: axe finds nothing, the keyboard reaches everything, no script.

Method: Ombud's own server gives out the pages of every example; the machine's Chromium opens them
320 and 1280 wide, light and dark, and axe-core looks for what WCAG 2.2 A and AA ask. Pages with a
planted fault go the same way, so that each look is known to see something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from ombud.pages.reading import text_read
from web.browser import (
    SCHEMES,
    WIDTHS,
    chromium,
    every_file,
    given_out,
    look,
    looked_at,
    opened,
    watched,
)

PHONE = {"width": 320, "height": 900}
WEIGHT_MAX = 60_000  # bytes, packed: page and stylesheet
FRONTS = [
    f"{slug}/{language}/index.html"
    for slug, language in (("club", "nb"), ("business-garden", "nb"), ("consultancy", "da"))
]

HEAD = '<!doctype html><html lang="en"><head><title>Bad</title>'
PAGE = HEAD + "<style>{style}</style></head><body><main><h1>Bad</h1>{body}</main></body></html>"
BAD = {
    "contrast": PAGE.format(style="p {color: #aaa; background: #fff}", body="<p>Pale</p>"),
    "behind": PAGE.format(
        style="p {position: relative; color: #aaa}"
        " p::before {content: ''; position: absolute; inset: 0; background: #fff; z-index: -1}",
        body="<p>Pale</p>",
    ),
    "dark-contrast": PAGE.format(
        style="@media (prefers-color-scheme: dark) {p {color: #333; background: #000}}",
        body="<p>Dim</p>",
    ),
    "name": PAGE.format(style="", body='<a href="/"></a>'),
    "label": PAGE.format(style="", body="<form><input></form>"),
    "language": PAGE.format(style="", body="<p>x</p>").replace(' lang="en"', ""),
    "small-target": PAGE.format(
        style="a {display: inline-block; width: 9px; height: 9px; overflow: hidden}",
        body='<a href="/a">a</a><a href="/b">b</a>',
    ),
    "wide": PAGE.format(style="p {width: 600px}", body="<p>Wide</p>"),
    "split": PAGE.format(style="h1 {width: 1em; overflow-wrap: anywhere}", body="<p>x</p>"),
    "script": PAGE.format(style="", body="<script>document.title = 1</script>"),
    "elsewhere": PAGE.format(style="", body='<img alt="x" src="https://evil.example/x.png">'),
}


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """Where the pages are."""
    files = every_file() | {f"bad/{name}.html": html.encode for name, html in BAD.items()}
    with given_out(files) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, one for all tests of this file."""
    program = chromium()
    if program is None:
        pytest.skip("Chromium is not here: apt-get install chromium")
    with opened(program) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page, as wide as a phone."""
    with browser.new_context(viewport=PHONE, reduced_motion="reduce") as context:
        yield context.new_page()


# ---------------------------------------------------------------- what axe finds


@pytest.mark.parametrize("path", looked_at())
def test_everybody_can_read_a_page(
    browser: Browser, base: str, path: str, record_property: Callable[[str, object], None]
) -> None:
    seen = look(browser, base, path)
    record_property("looked", [path, len(seen.broken), len(seen.unsure), seen.weight])
    assert seen.faults() == {}
    assert 0 < seen.weight < WEIGHT_MAX


def test_words_of_any_kind_and_length_fit(browser: Browser, base: str) -> None:
    """They are split then, and nothing else happens to the page."""
    assert set(look(browser, base, "odd.html").faults()) == {"split"}


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("contrast", "broken", "320 light color-contrast: p"),
        ("behind", "unsure", "320 light color-contrast: p"),
        ("dark-contrast", "broken", "1280 dark color-contrast: p"),
        ("name", "broken", "320 light link-name: a"),
        ("label", "broken", "320 light label: input"),
        ("language", "broken", "320 light html-has-lang: html"),
        ("small-target", "broken", '320 light target-size: a[href="/a"]'),
        ("wide", "wide", 320),
        ("split", "split", "Bad"),
        ("script", "told", "Executing inline script violates"),
        ("elsewhere", "told", "violates the following Content Security Policy"),
    ],
)
def test_a_planted_fault_is_found(
    browser: Browser, base: str, name: str, kind: str, says: object
) -> None:
    faults = look(browser, base, f"bad/{name}.html").faults()
    assert any(each == says or str(says) in str(each) for each in faults[kind]), faults


def test_axe_looks_in_every_width_and_scheme(browser: Browser, base: str) -> None:
    broken = look(browser, base, "bad/contrast.html").broken
    assert [each.partition(" color")[0] for each in broken] == [
        f"{width} {scheme}" for width in WIDTHS for scheme in SCHEMES
    ]
    dark = look(browser, base, "bad/dark-contrast.html").broken
    assert [each.partition(" color")[0] for each in dark] == ["320 dark", "1280 dark"]


# ---------------------------------------------------------------- with the keyboard

# What has the focus: its number among all that can have it, whether it is inside what is seen, with
# room for the line around it, and how thick that line is.
_FOCUSED = """() => {
  const all = [...document.querySelectorAll("a[href], summary")];
  const it = document.activeElement, style = getComputedStyle(it);
  const {top, bottom, left, right} = it.getBoundingClientRect();
  const line = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  const room = Math.max(0, line + parseFloat(style.outlineOffset));
  const tall = top >= room && bottom <= innerHeight - room;
  const seen = tall && left >= room && right <= innerWidth - room;
  return [all.indexOf(it), seen, line];
}"""
_COUNT = "document.querySelectorAll('a[href], summary').length"


@pytest.mark.parametrize("path", FRONTS)
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    page: Page, base: str, path: str
) -> None:
    page.goto(base + path)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    count = page.evaluate(_COUNT)
    assert count > 10
    met = []
    for _ in range(count):
        page.keyboard.press("Tab")
        met.append(page.evaluate(_FOCUSED))
    assert [number for number, _, _ in met] == list(range(count))
    assert [number for number, seen, _ in met if not seen] == []
    assert [number for number, _, line in met if line < 2] == []


def test_the_first_key_offers_to_skip_what_is_on_every_page(page: Page, base: str) -> None:
    page.goto(base + FRONTS[0])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "ds-skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_keyboard_unfolds_details(page: Page, base: str) -> None:
    page.goto(base + FRONTS[0])
    page.locator("summary").first.focus()
    for is_open in (True, False):
        page.keyboard.press("Enter")
        assert page.locator("details").first.evaluate("each => each.open") is is_open


# ---------------------------------------------------------------- without script, and on paper

# A page's text as it is seen: what is folded away is not.
_SHOWN = """() => ["p", "li", "dt", "dd", "h2", "h3"]
  .flatMap(each => [...document.querySelectorAll(`main ${each}`)])
  .map(each => [each.textContent, each.checkVisibility()])"""


@pytest.mark.parametrize("path", FRONTS)
def test_a_page_is_whole_without_script(browser: Browser, base: str, path: str) -> None:
    """Everything stands in the page itself; what is folded unfolds by the browser alone."""
    with browser.new_context(java_script_enabled=False, reduced_motion="reduce") as context:
        page = context.new_page()
        seen = watched(page, base)
        page.goto(base + path)
        for summary in page.locator("summary").all():
            summary.click()
        shown = page.locator("main").inner_text()
        assert squeezed(text_read(page.content())) == squeezed(without_contents(page, shown))
        assert {request.resource_type for request in seen.asked} == {"document", "stylesheet"}


def without_contents(page: Page, shown: str) -> str:
    """Return the text of the main part without the list of what is on the page."""
    listed = page.locator("nav.contents").inner_text()
    return shown.replace(listed, "", 1)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("path", FRONTS)
def test_everything_is_printed_also_what_is_folded(page: Page, base: str, path: str) -> None:
    page.goto(base + path)
    folded = [text for text, shown in page.evaluate(_SHOWN) if not shown]
    assert len(folded) > 10
    page.emulate_media(media="print", color_scheme="dark")
    printed = page.evaluate(_SHOWN)
    assert [text for text, shown in printed if not shown and not is_contents(page, text)] == []
    assert not page.locator("nav").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def is_contents(page: Page, text: str) -> bool:
    """Tell whether a text stands in the list of what is on the page, which paper needs not."""
    return text in page.locator("nav.contents").text_content()


# ---------------------------------------------------------------- what stands above what

_SIZES = """() => ["h1", "h2", "h3"].map(
    level => parseFloat(getComputedStyle(document.querySelector(level)).fontSize))"""


def test_on_a_phone_a_heading_is_larger_than_those_below_it(page: Page, base: str) -> None:
    page.goto(base + FRONTS[0])
    sizes = page.evaluate(_SIZES)
    assert sizes == sorted(set(sizes), reverse=True)
