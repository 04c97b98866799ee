"""`ombud changes`: what becomes otherwise for people, and who has to be told what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from ombud.app import now, open_log, read_source
from ombud.cli.say import Day, as_of_option, dump, json_option, rows, spoken
from ombud.config import read_config, read_env_file
from ombud.duties.documents import read_documents, rewritten
from ombud.errors import Refused, WrittenWrong, WrongUse
from ombud.evidence import Observation, Versions, latest_observation
from ombud.evidence.concerned import Concerned, concerned
from ombud.evidence.log import Log
from ombud.evidence.versions import document_digests
from ombud.pages.changes import Message, change_in_words, message
from ombud.policy import Policy, parse_policy
from ombud.policy.changes import Change, Tell, changes
from ombud.systems import Systems, parse_systems

_NOW: Final = "policy.yaml"
_HEADS: Final[Mapping[Tell, str]] = {
    "before": "people must be told before it begins (GDPR Art. 13(3), 14(4))",
    "tell": "people should be told (GDPR Art. 5(1)(a), 12(1))",
    "site": "the notice itself is enough",
}


@dataclass(frozen=True)
class _Side:
    """One of the two policies.

    Args:
        name: As it is told: `version 1 of 2026-11-24`, or a file.
        documents: Path below the site to the digest of the document given out there.
    """

    name: str
    policy: Policy
    documents: Mapping[str, str]


@click.command(name="changes")
@click.argument("before", required=False)
@click.argument("after", required=False)
@click.option("--message", "draft", is_flag=True, help="Draft the message to people instead.")
@click.option("--lang", metavar="TAG", help="Language of the message; else every one.")
@click.option("--starts", type=Day(), help="When the change begins to apply, for the message.")
@json_option
@as_of_option
@click.pass_obj
@spoken
def command(
    folder: Path,
    before: str | None,
    after: str | None,
    draft: bool,
    lang: str | None,
    starts: date | None,
    as_json: bool,
    as_of: date | None,
) -> int:
    """Say what changes for people from one policy to another, and who has to be told.

    BEFORE and AFTER are published versions (a number, or the beginning of a digest) or files.
    Without AFTER it is policy.yaml as it is now; without BEFORE the version published last. How
    many people are concerned is what `ombud status` counted last.
    """
    on = as_of or now().date()
    old, new, counted = _sides(folder, before, after, on)
    anew = rewritten(new.policy, old.documents, new.documents)
    found = changes(old.policy, new.policy, on, rewritten=anew)
    languages = new.policy.organisation.languages
    if lang is not None and lang not in languages:
        raise WrongUse(f"the policy publishes nothing in `{lang}`", help=f"it has {languages}")
    wanted = (lang,) if lang else languages
    address = read_config(read_env_file(folder / ".env")).notice
    texts = [
        message(old.policy, new.policy, found, tag, on, starts=starts, address=address)
        for tag in wanted
    ]
    messages = [each for each in texts if each is not None]
    if as_json:
        dump(_json(old, new, found, counted, messages, on))
    elif draft:
        _tell_messages(messages)
    else:
        _tell(old, new, found, counted, on)
    return 0


def _sides(
    folder: Path, before: str | None, after: str | None, on: date
) -> tuple[_Side, _Side, Callable[[Change], Concerned]]:
    """Return the two policies, and what counts whom a change concerns.

    Two files need neither Ombud's database nor a system; nothing is counted then.
    """
    paths = [folder / name for name in (before, after) if name is not None]
    if before is not None and all(path.is_file() for path in paths):
        old = _of_file(folder, before, on)
        return old, _of_file(folder, after or _NOW, on), lambda change: Concerned({}, None)
    with open_log(folder) as (_, log):
        versions = Versions(log)
        latest = versions.latest()
        if before is None and latest is None:
            raise Refused(
                "nothing is published yet", help="`ombud publish` makes the first version"
            )
        old = _named(folder, versions, before or str(latest.number if latest else 0), on)
        new = _named(folder, versions, after, on) if after else _of_file(folder, _NOW, on)
        systems = _map(folder, new.policy)
        seen = _seen(log, systems) if systems else {}
    if systems is None:
        return old, new, lambda change: Concerned({}, None)
    return old, new, lambda change: concerned(old.policy, systems, seen, change.about)


def _named(folder: Path, versions: Versions, name: str, on: date) -> _Side:
    if (folder / name).is_file():
        return _of_file(folder, name, on)
    version = versions.named(name)
    source = versions.kept(version).source
    if not source:
        raise Refused(f"the policy of version {version.number} was erased")
    told = f"version {version.number} of {version.made_on}"
    return _Side(told, parse_policy(source, told, version.made_on), version.documents)


def _of_file(folder: Path, name: str, on: date) -> _Side:
    text = read_source(folder) if name == _NOW else (folder / name).read_bytes()
    policy = parse_policy(text, name, on)
    there = read_documents((folder / name).parent, policy)
    return _Side(name, policy, document_digests(there))


def _map(folder: Path, policy: Policy) -> Systems | None:
    """Return the map; None where there is none, or it is of another policy than this."""
    path = folder / "systems.yaml"
    try:
        return parse_systems(path.read_bytes(), path.name, policy) if path.exists() else None
    except WrittenWrong:
        return None


def _seen(log: Log, systems: Systems) -> dict[str, Observation]:
    """Return the latest observation of each system that was measured."""
    found = {id: latest_observation(log, id) for id in systems.systems}
    return {id: seen for id, seen in found.items() if seen is not None}


# ------------------------------------------------------------------ told


def _tell(
    old: _Side,
    new: _Side,
    found: Sequence[Change],
    counted: Callable[[Change], Concerned],
    on: date,
) -> None:
    click.echo(f"from {old.name} to {new.name}")
    languages = new.policy.organisation.languages
    language = "en" if "en" in languages else languages[0]
    for level, head in _HEADS.items():
        mine = [change for change in found if change.tell == level]
        if mine:
            click.echo(f"\n{head}:")
        for change in mine:
            click.echo(f"  {change_in_words(old.policy, new.policy, change, language, on)}")
            click.echo(click.style(f"    {_who(new, change, counted(change), language)}", dim=True))
    if not found:
        click.echo("nothing changes for people")


def _who(new: _Side, change: Change, many: Concerned, language: str) -> str:
    if change.controller:
        return f"{change.controller} is the controller: tell it, and it tells people"
    titles = [new.policy.subjects.get(group, {}) for group in change.about]
    names = [t.get(language) or next(iter(t.values()), "") for t in titles]
    who = ", ".join(name for name in names if name) or "everybody"
    if many.at is None:
        return f"{who}: not counted yet"
    others = f", and whoever stands in {', '.join(many.uncounted)}" if many.uncounted else ""
    if not many.rows:
        return f"{who}: nobody as counted on {many.at.date()}{others}"
    where = ", ".join(f"{place} {count:,}" for place, count in many.rows.items())
    number = f"at most {many.at_most:,} people"
    if not many.persons:
        number = f"the people in {rows(many.at_most)}"
    return f"{who}: {number} ({where}), counted on {many.at.date()}{others}"


def _tell_messages(messages: Sequence[Message]) -> None:
    if not messages:
        click.echo("nobody has to be told: the notice itself is enough", err=True)
    for number, each in enumerate(messages):
        if number:
            click.echo()
        click.echo(f"[{each.language}] {each.subject}\n\n{each.text}", nl=False)


def _json(
    old: _Side,
    new: _Side,
    found: Sequence[Change],
    counted: Callable[[Change], Concerned],
    messages: Sequence[Message],
    on: date,
) -> dict[str, Any]:
    languages = new.policy.organisation.languages

    def one(change: Change) -> dict[str, Any]:
        many = counted(change)
        return {
            "kind": change.kind,
            "tell": change.tell,
            "activity": change.activity,
            "about": list(change.about),
            "name": change.name,
            "controller": change.controller,
            "rows": dict(many.rows),
            "persons": many.persons,
            "uncounted": list(many.uncounted),
            "says": {
                tag: change_in_words(old.policy, new.policy, change, tag, on) for tag in languages
            },
        }

    return {
        "before": old.name,
        "after": new.name,
        "changes": [one(change) for change in found],
        "messages": [
            {"language": each.language, "subject": each.subject, "text": each.text}
            for each in messages
        ],
    }
