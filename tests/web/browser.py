"""Every page that Ombud makes, given out by its own server, and a browser that looks at them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from threading import Thread

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Request, sync_playwright

from ombud.pages import MESSAGES, make_notice, message, render, site
from ombud.pages.edition import make_edition
from ombud.pages.record import make_record, page_of
from ombud.pages.site import Past, past_files
from ombud.web import Site, address_of, listen, notice_app
from ombud.web.server import server_of
from unit.pages.written import EXAMPLES, FULL, ON, hostile, policy_of

WIDTHS = (320, 1280)
SCHEMES = ("light", "dark")
ASKED = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

Files = dict[str, Callable[[], bytes]]


# ---------------------------------------------------------------- the pages


def example_files(slug: str) -> Files:
    """Return an example's site, its record in the main language, and its notice as a draft."""
    policy = policy_of(EXAMPLES[0].parents[1] / slug / "policy.yaml")
    edition = make_edition(policy, "", on=ON)
    versions = [Past(number, ON, f"{number}" * 64, edition.pages) for number in (1, 2)]
    main = policy.organisation.languages[0]

    def record() -> bytes:
        return render(page_of(make_record(policy, None, main, on=ON)), "html")

    def draft() -> bytes:
        return render(make_notice(policy, main, on=ON, draft=True), "html")

    files = {**site(policy, on=ON, versions=versions, pdf=False), **past_files(versions)}
    return {**files, "record.html": record, "draft.html": draft}


def every_file() -> Files:
    """Return the files of every example, each below its name, and Ombud's own messages."""
    files: Files = {}
    for path in EXAMPLES:
        slug = path.parent.name
        files |= {f"{slug}/{name}": make for name, make in example_files(slug).items()}
    for kind in MESSAGES:
        files[f"messages/{kind}.html"] = message(kind, "da", home="../").encode
    files["odd.html"] = odd_page
    return files


def odd_page() -> bytes:
    """Return a notice whose own words are hostile, and longer than any screen is wide."""
    policy = hostile(policy_of(FULL), "Ærefrygt" * 40)
    return render(make_notice(policy, "da", on=ON), "html")


def looked_at() -> list[str]:
    """Return the path of each page to look at: each kind of each example, in each language."""
    paths = []
    for path in EXAMPLES:
        slug, languages = path.parent.name, policy_of(path).organisation.languages
        paths += [f"{slug}/{language}/index.html" for language in languages]
        paths += [f"{slug}/record.html"]
    paths += ["club/nb/versions.html", "club/versions/1/nb.html", "club/draft.html"]
    return [*paths, *(f"messages/{kind}.html" for kind in MESSAGES)]


class _Fixed:
    """A place for sites that always has the same one."""

    def __init__(self, files: Files) -> None:
        self.site = Site(files, ("en",))

    def current(self) -> Site:
        """Return it."""
        return self.site


@contextmanager
def given_out(files: Files) -> Iterator[str]:
    """Give out files by Ombud's own server meanwhile; yield its address."""
    with listen("127.0.0.1", 0) as listening:
        server = server_of(notice_app(_Fixed(files)))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield address_of(listening)
        finally:
            server.should_exit = True
            thread.join()


# ---------------------------------------------------------------- the browser


def chromium() -> str | None:
    """Return the machine's own Chromium; None: it has none."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@contextmanager
def opened(program: str) -> Iterator[Browser]:
    """Give a browser meanwhile; nothing is downloaded."""
    with sync_playwright() as playwright:
        # tests run as root in CI, where Chromium has no sandbox; it sees our own pages alone.
        # What it shares goes to a file: /dev/shm is small in a container.
        flags = ["--no-sandbox", "--disable-dev-shm-usage"]
        started = playwright.chromium.launch(executable_path=program, args=flags)
        try:
            yield started
        finally:
            started.close()


@dataclass(frozen=True)
class Looked:
    """What was seen on a page, in every width and scheme.

    Args:
        broken: What axe found: width, scheme, rule and element.
        unsure: What axe could not decide, likewise.
        wide: Widths at which it has to be scrolled sideways.
        split: Words of headings and labels that do not fit on a line of the widest.
        told: What the browser's console said: a broken content security policy, for one.
        elsewhere: Addresses outside its own server that it asked for.
        weight: Bytes that came over the network.
    """

    page: str
    broken: tuple[str, ...]
    unsure: tuple[str, ...]
    wide: tuple[int, ...]
    split: tuple[str, ...]
    told: tuple[str, ...]
    elsewhere: tuple[str, ...]
    weight: int

    def faults(self) -> dict[str, tuple[str | int, ...]]:
        """Return what is wrong; empty: nothing is."""
        named = ("broken", "unsure", "wide", "split", "told", "elsewhere")
        return {name: seen for name, seen in asdict(self).items() if name in named and seen}


_RUN = """(asked) => axe.run(document, {
  runOnly: asked.only,
  rules: asked.rules,
  resultTypes: ["violations", "incomplete"]})
  .then(told => Object.fromEntries(["violations", "incomplete"].map(kind => [kind,
    told[kind].flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")}`))])))
"""
_CONTRAST = "color-contrast"
_OPEN = "document.querySelectorAll('details').forEach(each => each.open = true)"
_SPLIT = """() => [...document.querySelectorAll("h1, h2, h3, dt")].flatMap(each => {
  const text = document.createTreeWalker(each, NodeFilter.SHOW_TEXT).nextNode();
  const range = document.createRange();
  return [...text.data.matchAll(/[^\\s\\/–-]+/g)].filter(word => {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map(word => word[0]);
})"""
_OVER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def look(browser: Browser, base: str, path: str) -> Looked:
    """Look at a page in every width and scheme, with every detail unfolded."""
    broken, unsure, wide = [], [], []
    # without motion, or a page would be looked at while it still unfolds
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        seen = watched(page, base)
        page.goto(base + path)
        weight = sum(each.sizes()["responseBodySize"] for each in seen.asked)
        page.evaluate(AXE_SCRIPT)
        page.evaluate(_OPEN)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in SCHEMES:
                asked = _asked(path, width, scheme)
                if asked is None:
                    continue
                page.emulate_media(color_scheme=scheme)
                found = page.evaluate(_RUN, asked)
                broken += [f"{width} {scheme} {each}" for each in found["violations"]]
                unsure += [f"{width} {scheme} {each}" for each in found["incomplete"]]
            wide += [width] if page.evaluate(_OVER) else []
        split = page.evaluate(_SPLIT)
    return Looked(
        path,
        tuple(broken),
        tuple(unsure),
        tuple(wide),
        tuple(split),
        tuple(seen.told),
        tuple(seen.elsewhere),
        weight,
    )


def _asked(path: str, width: int, scheme: str) -> dict[str, object] | None:
    """Return what axe is asked of a page; None: nothing that it was not asked before.

    Of the smaller pages, which have everything that the larger ones have, all is asked each time.
    Else colours, three quarters of axe's time, are asked at one width and in one language, as they
    do not change with these, and the rest in one scheme.
    """
    if path.startswith(("club/", "messages/", "bad/")):
        return {"only": ASKED, "rules": {}}
    colours = width == WIDTHS[0] and "/en/" not in path
    if scheme == SCHEMES[0]:
        return {"only": ASKED, "rules": {_CONTRAST: {"enabled": colours}}}
    return {"only": [_CONTRAST], "rules": {}} if colours else None


class Watched:
    """What a page asked for, and what the console said."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.asked: list[Request] = []
        self.elsewhere: list[str] = []
        self.told: list[str] = []

    def ask(self, request: Request) -> None:
        """Take note of a request."""
        if request.url.startswith(self.base):
            self.asked.append(request)
        elif not request.url.startswith("data:"):
            self.elsewhere.append(request.url)


def watched(page: Page, base: str) -> Watched:
    """Take note of what a page asks for and of what the console says, from now on."""
    seen = Watched(base)
    page.on("request", seen.ask)
    page.on("console", lambda message: seen.told.append(message.text))
    page.on("pageerror", lambda error: seen.told.append(str(error)))
    return seen
