"""What does the map tell the record? Which activities a system serves, and how it erases."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.pages.model import Line, Said
from ombud.pages.phrases import period_in_words
from ombud.pages.record.model import Cell
from ombud.pages.record.teller import Teller
from ombud.systems.model import System


def served(system: System) -> frozenset[str]:
    """Return the ids of the activities and caps that a system holds data for."""
    tables = system.tables.values()
    return frozenset((*system.serves, *(id for table in tables for id in table.serves)))


def reach_and_erasure(teller: Teller, system: System, kind: str) -> tuple[Cell, Cell]:
    """Return how Ombud reaches a system, how data is erased there, and what is left for how long.

    Args:
        kind: Of its database, as `connectors.sql.kind_of` has it; empty: not known.
    """
    words = teller.words
    reach = Said(words(f"record.reach.{system.reach}"))
    how: list[Line] = []
    if system.reach == "database":
        how.append((Said(words("record.how.sweep")),))
        if kind:
            how.append((Said(words(f"record.on_disk.{kind}")),))
    for setting in system.settings.values():
        how.append(
            words.line(
                "record.how.setting",
                period=period_in_words(words, setting.at_most),
                by=teller.main(setting.by),
                every=period_in_words(words, setting.every),
            )
        )
    for task in system.tasks.values():
        every = period_in_words(words, task.every)
        how.append(words.line("record.how.task", by=teller.main(task.by), every=every))
    if system.gone_within is not None:
        within = period_in_words(words, system.gone_within)
        how.append(words.line("record.on_disk.gone", period=within))
    elif how:
        how.append((Said(words("record.on_disk.unknown")),))
    return ((reach,),), tuple(how) or teller.missing


def measures_of(teller: Teller) -> Iterator[Line]:
    """Yield the organisation's own measures, then those that come with Ombud.

    Law:
        GDPR Art. 30(1)(g)
        GDPR Art. 32(1)
    """
    for text in teller.policy.security:
        yield (teller.said(text),)
    if not teller.policy.security:
        yield from teller.missing
    if teller.systems and any(s.reach == "database" for s in teller.systems.systems.values()):
        for key in ("approved", "logged", "held"):
            yield (Said(teller.words(f"record.measures.{key}")),)
