"""What do people read now? The site of the newest published version, with those before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ombud.errors import OmbudError
from ombud.evidence.versions import Version, Versions, text_digest
from ombud.pages.reading import text_read
from ombud.pages.site import Files, Past, past_files, site
from ombud.policy.model import Policy
from ombud.policy.parse import parse_policy


@dataclass(frozen=True)
class Published:
    """What is published.

    Args:
        version: The newest version.
        past: Every version, the first one first.
        files: The site; empty where everything that was published has been erased.
    """

    version: Version
    past: tuple[Past, ...]
    files: Files


def published(
    versions: Versions, *, policy: Policy | None = None, pdf: bool = True
) -> Published | None:
    """Return what is published; None: nothing is yet.

    The site says word for word what was published. Where this Ombud puts a version into other
    words than the one that published it did, the page is given as it was published.

    Args:
        policy: What the newest version was made of; else it is read from where it is kept.
        pdf: With PDF, where Typst is installed.

    Raises:
        Stopped: Ombud's database did not answer.
    """
    every = versions.all()
    if not every:
        return None
    newest, source, past = every[-1], "", []
    for version in every:
        kept = versions.kept(version)
        whole = (version.number, version.made_on, version.digest, kept.pages, kept.documents)
        past.append(Past(*whole))
        source = kept.source
    policy = policy or policy_of(newest, source)
    given = past[-1].documents
    made = (
        site(policy, on=newest.made_on, versions=past, pdf=pdf, documents=given) if policy else {}
    )
    files = dict(made)
    for path, language in _fronts(newest):
        page = past[-1].pages.get(language)
        if page is not None:
            beside = page.replace(f'href="{language}/', 'href="') if "/" in path else page
            files[path] = _said(files.get(path), beside, newest.texts[language])
    return Published(newest, tuple(past), {**files, **past_files(past)})


def _fronts(version: Version) -> Iterator[tuple[str, str]]:
    """Yield the path of each page that says the notice, and its language."""
    yield "index.html", version.languages[0]
    for language in version.languages:
        yield f"{language}/index.html", language


def policy_of(version: Version, source: str) -> Policy | None:
    """Return the policy of a version; None: it was erased, or this Ombud cannot read it."""
    try:
        return parse_policy(source, "policy.yaml", version.made_on) if source else None
    except OmbudError:
        return None


def _said(make: Callable[[], bytes] | None, kept: str, digest: str) -> Callable[[], bytes]:
    """Return what makes a page; it gives the kept one where it would say something else."""

    def made() -> bytes:
        page = make() if make else b""
        return page if text_digest(text_read(page.decode())) == digest else kept.encode()

    return made
