"""`ombud publish`: what people read becomes a version that nobody changes afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from ombud.app import now, open_log, read_policy, read_source
from ombud.cli.publishing import accepted_warnings, may_publish, put, write_all
from ombud.cli.say import complain, dump, here, json_option, spoken
from ombud.duties.documents import Looked, all_documents, look_for_documents
from ombud.duties.notice import Compared, compare_pages
from ombud.errors import NotSet, Refused, Unknown, WrongUse
from ombud.evidence import Log, Version, Versions
from ombud.evidence.entry import instant_text
from ombud.evidence.judge_gates import FOUND
from ombud.evidence.said import DocumentState
from ombud.pages import VERSIONS, publish, published
from ombud.pages.published import policy_of
from ombud.policy import Policy

_MENDS: Final[Mapping[DocumentState, str]] = {
    "differs": "`ombud publish` what was changed, or put the site there again that it wrote",
    "elsewhere": "write the address at which it ends after `web:`",
    "empty": "put its text there",
    "missing": "put it there again, or mend its address after `web:`",
    "refused": "let everybody whom it is for read it, or give it out with the notice by `file:`",
}
"""What to do about a document that was found, and not as it should be."""


@click.command(name="publish")
@click.option(
    "--site",
    "to",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the site into DIR, with every version published so far.",
)
@click.option(
    "--check",
    "checked",
    is_flag=True,
    help="Compare the live pages (OMBUD_NOTICE) with the version that stands instead.",
)
@click.option("--list", "listed", is_flag=True, help="List the published versions instead.")
@click.option("--show", metavar="VERSION", help="Print a published version's page instead.")
@click.option("--lang", metavar="TAG", help="Language of the page that is shown.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the page that is shown to FILE.",
)
@json_option
@click.pass_obj
@spoken
def command(
    folder: Path,
    to: Path | None,
    checked: bool,
    listed: bool,
    show: str | None,
    lang: str | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Publish the notice of policy.yaml as it is now: a numbered version with date and digest.

    Errors keep it from being published, and so does a warning that nobody has decided on in
    decisions.yaml. Where the latest version says the same already, nothing new is made. Versions
    are kept in Ombud's own database, and in the site below `versions/`.
    """
    if show is None and (lang or out):
        raise WrongUse("`--lang` and `--out` go with `--show`")
    with open_log(folder) as (config, log):
        if show is not None:
            return _show(Versions(log), show, lang, out)
        if checked:
            return _check(log, config.notice, as_json=as_json)
        if listed:
            return _list(Versions(log).all(), as_json=as_json)
        policy, version, new = _publish(folder, log, config.staff)
        if to is not None:
            _write_site(to, policy, version, Versions(log))
    if as_json:
        dump({"published": _json(version), "new": new})
    elif new:
        click.echo(f"published version {version.number} ({version.short}) of {version.made_on}")
    else:
        click.echo(
            f"nothing new: version {version.number} ({version.short}) of {version.made_on}"
            " says the same"
        )
    return 0


def _publish(folder: Path, log: Log, by: str) -> tuple[Policy, Version, bool]:
    at = now()
    policy = read_policy(folder, at.date())
    on = at.astimezone(ZoneInfo(policy.organisation.zone)).date()
    may_publish(policy, on, "notice", draft=False)
    documents = all_documents(folder, policy)
    accepted = accepted_warnings(folder, policy, on, documents)
    source = read_source(folder).decode("utf-8-sig")
    version, new = publish(
        Versions(log),
        policy,
        source,
        on=on,
        accepted=accepted,
        by=by,
        at=at,
        documents=documents,
    )
    return policy, version, new


def _write_site(to: Path, policy: Policy, version: Version, versions: Versions) -> None:
    """Write the site; what was published before is never changed.

    Args:
        policy: What the version was made of.
        version: What was published; where somebody published another meanwhile, that is written.

    Raises:
        Refused: A published page in the folder is not what was published; nothing was written.
    """

    def made() -> Mapping[str, bytes]:
        latest = versions.latest()
        same = latest is not None and latest.number == version.number
        found = published(versions, policy=policy if same else None)
        files = {path: make() for path, make in found.files.items()} if found else {}
        for path, body in files.items():
            there = to / path
            if path.startswith(f"{VERSIONS}/") and there.exists() and there.read_bytes() != body:
                raise Refused(
                    f"`{there}` is not what was published",
                    help="somebody changed it: move it away, and call again to have it as it was",
                )
        return files

    count = write_all(to, made)
    click.echo(f"wrote {count} files to {to}", err=True)
    for path in _left_over(versions.all()):
        if (to / path).exists():
            click.echo(f"`{path}` is no part of the site any more: remove it from {to}", err=True)


def _left_over(versions: list[Version]) -> list[str]:
    """Return what an earlier version had in the site, and the latest has not."""

    def paths(version: Version) -> set[str]:
        return {*version.documents, *(f"{language}/index.html" for language in version.languages)}

    had = {path for version in versions[:-1] for path in paths(version)}
    return sorted(had - paths(versions[-1]))


def _show(versions: Versions, name: str, lang: str | None, out: Path | None) -> int:
    version = versions.named(name)
    pages: Mapping[str, str] = versions.kept(version).pages
    if not pages:
        raise Refused(f"the pages of version {version.number} were erased")
    tag = lang or version.languages[0]
    if tag not in pages:
        raise Unknown(
            f"version {version.number} was not published in `{tag}`",
            help=f"it has {', '.join(version.languages)}",
        )
    put(out, pages[tag].encode(), "html", binary=())
    return 0


def _check(log: Log, address: str, *, as_json: bool) -> int:
    """Say of each language whether its live page says what was published, and of each document."""
    if not address:
        raise NotSet(
            "nobody has said where people read the notice",
            help="set `OMBUD_NOTICE`, for example `https://www.example.org/privacy/{lang}/`",
        )
    version, found = compare_pages(log, address, at=now())
    if version is None:
        raise Refused("nothing is published yet", help="`ombud publish` makes the first version")
    policy = policy_of(version, Versions(log).kept(version).source)
    documents = look_for_documents(log, policy, address, at=now()) if policy else []
    if as_json:
        pages = [_page_json(each) for each in found]
        texts = [_document_json(each) for each in documents]
        dump({"published": _json(version), "pages": pages, "documents": texts})
    for each in found if not as_json else ():
        if each.seen:
            does = "says" if each.seen.same else "does not say"
            click.echo(f"{each.language}  {does} what version {version.number} says")
        for difference in each.differences:
            click.echo(f"    {difference}")
    for looked in documents if not as_json else ():
        state = FOUND[looked.seen.state] if looked.seen else ""
        click.echo(f"{looked.language}  document `{looked.document}` {state}")
        if looked.seen and looked.seen.state in _MENDS:
            click.echo(here(f"    help: {_MENDS[looked.seen.state]}"))
    failures = [each.failed for each in found] + [each.failed for each in documents]
    codes = [complain(failed) for failed in failures if failed]
    differs = any(each.seen and not each.seen.same for each in found)
    differs = differs or any(each.seen and each.seen.state != "there" for each in documents)
    return max([*codes, int(differs)])


def _page_json(each: Compared) -> dict[str, Any]:
    return {
        "language": each.language,
        "same": each.seen.same if each.seen else None,
        "differences": list(each.differences),
        "failed": str(each.failed) if each.failed else None,
    }


def _document_json(each: Looked) -> dict[str, Any]:
    return {
        "document": each.document,
        "language": each.language,
        "state": each.seen.state if each.seen else None,
        "failed": str(each.failed) if each.failed else None,
    }


def _list(versions: list[Version], *, as_json: bool) -> int:
    if as_json:
        dump({"versions": [_json(each) for each in versions]})
        return 0
    for each in versions:
        accepted = f"  accepted: {', '.join(each.accepted)}" if each.accepted else ""
        click.echo(
            f"{each.number:>3}  {each.made_on}  {each.short}  {' '.join(each.languages)}{accepted}"
        )
    if not versions:
        click.echo(here("nothing is published yet: `ombud publish` makes the first version"))
    return 0


def _json(version: Version) -> dict[str, Any]:
    made: date = version.made_on
    return {
        "number": version.number,
        "digest": version.digest,
        "policy": version.policy,
        "made_on": made.isoformat(),
        "published_at": instant_text(version.at),
        "languages": list(version.languages),
        "tells": list(version.tells),
        "accepted": list(version.accepted),
        "entry": version.entry,
    }
