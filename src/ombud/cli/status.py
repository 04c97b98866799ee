"""`ombud status`: how each promise stands, and on what evidence."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import click

from ombud.app import Ombud
from ombud.apply.observe import Observer, observe_all
from ombud.cli.gaps import tell_gaps
from ombud.cli.lines import columns, folded
from ombud.cli.progress import asking
from ombud.cli.say import (
    Day,
    as_of_option,
    complain,
    dump,
    finding_json,
    here,
    json_option,
    rows,
    spoken,
    workspace,
)
from ombud.duties.documents import read_documents
from ombud.duties.notice import look_at_policy, look_at_web
from ombud.errors import BindingRefused, Finding, OmbudError, Refused
from ombud.evidence import Shown, Standing, shown, standings
from ombud.evidence.glance import glance
from ombud.evidence.part import Word
from ombud.evidence.running import running
from ombud.plan.retention import map_digest
from ombud.plan.time import far_day
from ombud.plan.words import clock_doubts, number_of
from ombud.systems.connector import ClockDoubts

WORDS: Final[Mapping[Word, tuple[str, str]]] = {
    "kept": ("kept", "green"),
    "not_kept": ("not kept", "red"),
    "nothing_due": ("nothing due", "blue"),
    "not_provable": ("not provable", "yellow"),
}
"""How each standing is said, and its colour."""

SAYS_LENGTH: Final = 56  # characters of a promise's sentence in a line that is piped


@click.command(name="status")
@json_option
@as_of_option
@click.option("--no-measure", is_flag=True, help="Ask no system; say what the log shows.")
@click.option(
    "--gaps",
    "gaps_since",
    type=Day(),
    help="Say instead in which times from this local date on nothing was proved of a system.",
)
@click.pass_obj
@spoken
def command(
    folder: Path, as_json: bool, as_of: date | None, no_measure: bool, gaps_since: date | None
) -> int:
    """Measure every system, log what was measured, and say how each promise stands.

    Exits with 1 when one promise is not kept. What the law asks of everybody and no promise speaks
    of follows as findings: a policy that is not what people read, an interest that nobody weighed.
    Of the log its end and its heads are looked at first: where they do not belong together, that
    is said and nothing is measured; `ombud verify` reads all of it. With a date in the past nothing
    is measured: it says how the promises stood at the end of that day, as far as the log shows.

    With `--gaps` nothing is measured either: of each system in reach it says from when to when
    nobody had looked for longer than its `check_every`, up to now or to the end of `--as-of`.
    """
    with workspace(folder) as ombud:
        today = ombud.timing().as_of
        if as_of is not None and as_of > today:
            raise Refused(
                f"{as_of} is not yet: nothing is known of it",
                help="`ombud plan --as-of` says what will be due then",
            )
        past = as_of is not None and as_of < today
        glance(ombud.log)
        if gaps_since is not None:
            until = ombud.timing(as_of).at if past else ombud.clock()
            return tell_gaps(ombud, gaps_since, until, as_json=as_json)
        failed = {} if past or no_measure else measure(ombud, quiet=as_json)
        now = ombud.timing(as_of).at if past else ombud.clock()
        seen = shown(ombud.log, ombud.policy, ombud.systems, now)
        found = standings(ombud.policy, ombud.systems, seen, now)
        lacks = () if past else running(ombud.policy, seen)
        if as_json:
            promises = [each.as_json() for each in found]
            dump({"promises": promises, "findings": [finding_json(each) for each in lacks]})
        else:
            tell(found, seen, ombud.policy.organisation.languages, failed, lacks)
        codes = [complain(error) for error in failed.values()]
    broken = any(each.standing == "not_kept" for each in found)
    return 1 if broken else max(codes, default=0)


def measure(ombud: Ombud, *, quiet: bool = False) -> dict[str, OmbudError]:
    """Observe every system in reach and sign the log's head; return what did not work, by system.

    The head is signed where `OMBUD_KEY` is set; why it could not be stands under the empty name.
    """
    basis = map_digest(ombud.policy, ombud.systems)
    observer = Observer(ombud.policy, ombud.inputs, ombud.log, basis)
    with asking(len(ombud.connectors), quiet=quiet) as asked:
        failed = observe_all(observer, ombud.systems, ombud.connectors, ombud.timing, asked=asked)
    failed |= _look_at_pages(ombud)
    try:
        if ombud.config.key:
            ombud.checkpoints().sign_head(at=ombud.clock())
    except OmbudError as error:
        failed[""] = error
    return failed


def _look_at_pages(ombud: Ombud) -> dict[str, OmbudError]:
    """Look at policy, live pages and documents, where a promise rests on them; return failures."""
    log, policy, at = ombud.log, ombud.policy, ombud.clock()
    kinds = {proof.kind for promise in policy.promises.values() for proof in promise.proofs}
    if kinds & {"gate", "document"}:
        there = read_documents(ombud.folder, policy)
        look_at_policy(log, policy, ombud.systems, at=at, documents=there)
    return look_at_web(log, policy, ombud.config.notice, at=at)


def tell(
    found: Sequence[Standing],
    seen: Shown,
    languages: Sequence[str],
    failed: Mapping[str, OmbudError],
    lacks: Sequence[Finding] = (),
) -> None:
    """Print how each promise stands, their sum, the backlog and what a person must look at.

    Args:
        lacks: What the organisation lacks besides its promises.
    """
    _tell_promises(found, languages)
    click.echo(summary(found))
    for line in backlog(seen):
        click.echo(click.style(folded(line, 0, hanging=2), fg="red", bold=True))
    for line in open_questions(seen):
        click.echo(click.style(folded(here(line), 0, hanging=2), fg="yellow"))
    for lack in lacks:
        click.echo(here(str(lack)))
    for error in failed.values():
        for finding in error.findings if isinstance(error, BindingRefused) else ():
            click.echo(here(str(finding)))


def summary(found: Sequence[Standing]) -> str:
    """Return how many promises stand how: `4 kept, 1 not kept, 2 nothing due, 0 not provable`."""
    counts = {word: sum(each.standing == word for each in found) for word in WORDS}
    return ", ".join(f"{count} {WORDS[word][0]}" for word, count in counts.items())


def backlog(seen: Shown) -> Iterator[str]:
    """Yield, per rule and per cap, how many rows are overdue and where."""
    places: dict[str, dict[str, int]] = {}
    for system, observation in seen.observations.items():
        for table, each in observation.tables.items():
            overdue = {rule: counts.overdue for rule, counts in each.rules.items()}
            overdue |= {cap: counts.overdue for cap, counts in each.caps.items()}
            for rule, count in overdue.items():
                if count:
                    places.setdefault(rule, {})[f"{system}.{table}"] = count
    for rule, where in places.items():
        named = ", ".join(f"{place} {count:,}" for place, count in where.items())
        yield f"backlog: {rows(sum(where.values()))} overdue under `{rule}` ({named})"


def open_questions(seen: Shown) -> Iterator[str]:
    """Yield what only people can settle: missing clocks, rows that wait, columns nobody mapped."""
    for system, observation in seen.observations.items():
        for table, each in observation.tables.items():
            place = f"{system}.{table}"
            for rule, counts in each.rules.items():
                doubts = ClockDoubts(
                    counts.clock_missing, counts.clock_unreadable, counts.clock_far
                )
                for says in clock_doubts(rule, doubts, far_day(observation.as_of)):
                    yield f"`{place}`: {says}"
                if counts.undecided:
                    waiting = rows(counts.undecided)
                    yield f"`{place}`: {waiting} of `{rule}` wait: `ombud duty decide {rule}`"
            if each.without_rule:
                due = number_of(each.without_rule, "row", "is", "are")
                yield f"`{place}`: {due} due that no rule names, so no sweep erases: `ombud plan`"
            if each.unmapped:
                columns = ", ".join(f"`{column}`" for column in each.unmapped)
                yield f"`{place}`: nobody has said what {columns} holds: `ombud bind`"


def _tell_promises(found: Sequence[Standing], languages: Sequence[str]) -> None:
    """Print how each promise stands: on a terminal whole, in lines that fit; else in one line.

    Where all of them fit into one line each, a terminal shows them so too.
    """
    wide = columns()
    says = {each.promise: _sentence(each, languages) for each in found}
    if wide is None:
        says = {promise: shortened(text, SAYS_LENGTH) for promise, text in says.items()}
    names, longest = (max(map(len, texts), default=0) for texts in (says, says.values()))
    before = names + len(f"  {'':<12}  ")
    one_line = wide is None or all(
        before + longest + 2 + len(_evidence(each)) <= wide for each in found
    )
    for each in found:
        word, colour = WORDS[each.standing]
        standing = click.style(f"{word:<12}", fg=colour, bold=each.standing == "not_kept")
        start, evidence = f"{each.promise:<{names}}  {standing}  ", _evidence(each)
        if one_line:
            click.echo(f"{start}{says[each.promise]:<{longest}}  {click.style(evidence, dim=True)}")
        else:
            click.echo(start + folded(says[each.promise], before).lstrip())
            click.echo(click.style(folded(evidence, names + 2), dim=True))


def _sentence(each: Standing, languages: Sequence[str]) -> str:
    """Return what is promised, in the organisation's first language that it is written in."""
    says = next((each.says[tag] for tag in languages if each.says.get(tag)), "")
    return " ".join((says or next(iter(each.says.values()), "")).split())


def shortened(text: str, length: int) -> str:
    """Return a text of at most so many characters, cut between words."""
    return textwrap.shorten(text, length, placeholder=" …")


def _evidence(each: Standing) -> str:
    """Return the evidence in words: the first piece, and how many there are besides."""
    said = list(dict.fromkeys(piece.says for piece in each.evidence))
    more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
    since = f", since {each.since.date()}" if each.standing == "not_kept" and each.since else ""
    return here(f"{said[0]}{more}{since}") if said else ""
