"""Are the documents there that the notice refers to, and do people reach them?"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from os.path import realpath
from pathlib import Path
from typing import Final
from urllib.parse import quote, urljoin

from ombud.connectors.page import read_web, same_address
from ombud.document import quoted
from ombud.errors import PageUnread, Refused
from ombud.evidence.log import Log
from ombud.evidence.said import DocumentSeen, DocumentState
from ombud.evidence.versions import Version, Versions
from ombud.policy.model import OtherDocument, Policy

BYTES_MAX: Final = 5_000_000
_LOOKED_FOR_AT_ONCE: Final = 8
_PDF_BEGINS: Final = 1024  # bytes in which a reader looks for `%PDF-`

Files = Mapping[str, bytes]
"""Path below the site (`da/pictures.pdf`) to a document that is given out there."""


@dataclass(frozen=True)
class Looked:
    """A document that was looked for where people read it.

    Args:
        seen: As the log has it; None: nobody has said where it stands.
        failed: Why it could not be read.
    """

    document: str
    language: str
    seen: DocumentSeen | None
    failed: PageUnread | None = None


def read_documents(
    folder: Path, policy: Policy, unfit: Callable[[Refused], object] = lambda refused: None
) -> Files:
    """Return the documents of a workspace that can be given out; any other is left out.

    Args:
        unfit: Called for each that is left out, with why.
    """
    found: dict[str, bytes] = {}
    for document, language in _given_out(policy):
        try:
            found[site_path(document, language)] = _read(folder, document, language)
        except Refused as refused:
            unfit(refused)
    return found


def document_files(folder: Path, policy: Policy) -> tuple[Path, ...]:
    """Return where each document of a workspace lies that is given out, there or not."""
    return tuple(folder / document.file_in(language) for document, language in _given_out(policy))


def site_path(document: OtherDocument, language: str) -> str:
    """Return where a document stands below the site."""
    return f"{language}/{document.name}"


def without(policy: Policy, there: Files) -> frozenset[str]:
    """Return the ids of the documents of which a text is not there."""
    return frozenset(
        document.id
        for document, language in _given_out(policy)
        if site_path(document, language) not in there
    )


def all_documents(folder: Path, policy: Policy) -> Files:
    """Return the documents that are given out with the notice: every one, to be published.

    Raises:
        Refused: One is not there, is longer than `BYTES_MAX`, lies outside the workspace, or is not
            what its name says.
    """

    def refuse(refused: Refused) -> None:
        raise refused

    return read_documents(folder, policy, refuse)


def _read(folder: Path, document: OtherDocument, language: str) -> bytes:
    """Return a document as it lies in the workspace.

    Raises:
        Refused: It cannot be given out.
    """
    what = f"document {quoted(document.id)}"
    name = document.file_in(language)
    try:
        # whoever may write a link there is not the one who decides what everybody reads
        path, inside = (Path(realpath(each, strict=True)) for each in (folder / name, folder))
        if not path.is_relative_to(inside) or path.suffix != Path(name).suffix:
            raise Refused(
                f"{what} is a link to something else in `{language}`",
                help=f"put the text itself into {quoted(name)}",
            )
        if not path.is_file():
            raise FileNotFoundError
        if path.stat().st_size > BYTES_MAX:
            raise Refused(
                f"{what} is longer than {BYTES_MAX:,} bytes",
                help="make it smaller, or name its page with `web:` alone",
            )
        body = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(
            f"{what} is not there in `{language}`",
            help=f"write {quoted(name)}, or name another file",
        ) from None
    except OSError as failed:
        raise Refused(f"{what} cannot be read in `{language}`: {failed.strerror}") from None
    if not body.removeprefix(BOM_UTF8).strip():
        raise Refused(f"{what} is empty in `{language}`", help=f"write its text in {quoted(name)}")
    if wrong := _other_than_named(body, path.suffix):
        raise Refused(f"{what} is {wrong[0]} in `{language}`", help=wrong[1])
    return body


def _other_than_named(body: bytes, ending: str) -> tuple[str, str] | None:
    """Return what is wrong where a file is not what its name says, and how it is mended."""
    if ending == ".pdf":
        there = b"%PDF-" in body[:_PDF_BEGINS]
        return None if there else ("no PDF", "save it as PDF once more, or name another file")
    try:
        body.decode()
    except UnicodeDecodeError:
        return "not UTF-8", "save it once more as UTF-8"
    return None


def rewritten(policy: Policy, before: Mapping[str, str], now: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of the documents of which a text is another one than it was.

    Args:
        before: Path below the site to the digest of what was given out there.
        now: Likewise.
    """
    return frozenset(
        document.id
        for document, language in _given_out(policy)
        if (path := site_path(document, language)) in before
        and path in now
        and before[path] != now[path]
    )


def _given_out(policy: Policy) -> Iterator[tuple[OtherDocument, str]]:
    for document in policy.documents.values():
        for language in policy.organisation.languages if document.file else ():
            yield document, language


def look_for_documents(log: Log, policy: Policy, address: str, *, at: datetime) -> list[Looked]:
    """Look for each document where people read it, in each language, and log what was found.

    One that was published with the notice has to be what was published, byte for byte. One that is
    only named by its address has to be there, and not empty.

    Args:
        address: Where people read the notice, `{lang}` for the language; empty: not known.
        at: Now.

    Returns:
        Each document and language, in the order of the policy; nothing where nothing is published.
    """
    version = Versions(log).latest()
    if version is None:
        return []
    asked = [
        (version, document, language, address, at)
        for document in policy.documents.values()
        for language in version.languages
    ]
    with ThreadPoolExecutor(_LOOKED_FOR_AT_ONCE) as pool:  # each waits for a server
        looked = list(pool.map(lambda each: _looked(*each), asked))
    if drafts := [each.seen.draft() for each in looked if each.seen]:
        log.append(drafts, at=at)
    return looked


def _looked(
    version: Version, document: OtherDocument, language: str, address: str, at: datetime
) -> Looked:
    url = document.web_in(language) or _beside(address, document, language)
    if not url:
        return Looked(document.id, language, None)
    published = version.documents.get(site_path(document, language), "")
    what = f"document {quoted(document.id)} in `{language}`"
    state, found, failed = _found(url, what, published)
    seen = DocumentSeen(document.id, language, version.number, state, found, at)
    return Looked(document.id, language, seen, failed)


def _beside(address: str, document: OtherDocument, language: str) -> str:
    """Return where a document stands beside the notice, as the page itself links it."""
    if not address:
        return ""
    name = quote(document.name)
    name = name if "{lang}" in address else f"{language}/{name}"
    page = address.replace("{lang}", language)
    try:
        return urljoin(page, name)
    except ValueError:  # it is no address, which is told where it is read
        return page


def _found(url: str, what: str, published: str) -> tuple[DocumentState, str, PageUnread | None]:
    """Return how a document was found, its digest, and why it could not be read."""
    try:
        answer = read_web(url, what)
    except PageUnread as failed:
        failed.help = f"see whether {quoted(url)} opens in a browser that is signed in nowhere"
        return failed.why, "", failed
    digest = sha256(answer.body).hexdigest()
    if not same_address(url, answer.url):
        return "elsewhere", digest, None
    if not answer.body.strip():
        return "empty", digest, None
    return ("differs" if published and digest != published else "there"), digest, None
