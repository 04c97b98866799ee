"""What have people decided that a run must heed? Holds and decisions, read again and again."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from ombud.evidence import Decisions, Holds
from ombud.plan.hold import Decision, Hold
from ombud.store import Held, Store


@dataclass(frozen=True)
class Inputs:
    """Holds and decisions of Ombud's own database, and the locks that order them with batches."""

    store: Store
    holds: Holds
    decisions: Decisions

    def state(self) -> object:
        """Return something that differs when a hold or decision came or went."""
        with self.store.reading() as tx:
            return self.holds.mark(tx=tx), self.decisions.mark(tx=tx)

    def read(self) -> tuple[tuple[Hold, ...], tuple[Decision, ...]]:
        """Return the active holds and all decisions, as of one moment."""
        with self.store.reading() as tx:
            return tuple(self.holds.active(tx=tx)), tuple(self.decisions.all(tx=tx))

    def system_lock(self, system: str, timeout_s: float) -> AbstractContextManager[Held]:
        """Hold a system against batches and against holds that are being placed."""
        return self.store.system_lock(system, timeout_s=timeout_s)
