"""Thin proxies around the real parts of a run: each call of theirs is counted, and may fail.

    calls = Calls(); parts = calls.around(world)     the parts to give to `Apply`
    calls.names                                       what was called, in order
    Calls(at=7, when="after")                         the eighth call fails after its effect

The real parts run underneath. A `visit` is called on the way into each call, outside of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, TypeVar

from crash.world import World
from ombud.errors import ConnectorFailed, OmbudError, Stopped
from ombud.evidence.tally import Tally

T = TypeVar("T")
When = Literal["before", "after"]

SESSION = ("put", "survey", "piece", "change", "remaining", "freshen")
LOG = ("append", "latest", "entries")
TALLY = ("announce", "count", "announce_along", "count_along", "prove", "tell")
INPUTS = ("state", "read")


def quiet(number: int, name: str) -> None:
    """Do nothing on the way into a call."""


@dataclass
class Calls:
    """Counts calls and makes one fail.

    Args:
        at: Number of the call that fails, from 0; -1: none.
        visit: Called with number and name before each call.
    """

    at: int = -1
    when: When = "before"
    visit: Callable[[int, str], None] = quiet
    names: list[str] = field(default_factory=list)
    locked: dict[str, int] = field(default_factory=dict)

    def around(self, world: World) -> dict[str, Any]:
        """Return the parts of a world, wrapped."""
        ombud = world.ombud
        connectors = {s: _Connector(c, self) for s, c in ombud.connectors.items()}
        return {
            "connectors": connectors,
            "log": _Proxy(ombud.log, self, "log", LOG, Stopped),
            "tally": _Proxy(Tally(ombud.log), self, "tally", TALLY, Stopped),
            "inputs": _Inputs(ombud.inputs, self, "inputs", INPUTS, Stopped),
        }

    def call(self, name: str, error: Callable[[], OmbudError], real: Callable[[], T]) -> T:
        """Make one call, or fail before or after it."""
        number = len(self.names)
        self.names.append(name)
        self.visit(number, name)
        if number == self.at and self.when == "before":
            raise error()
        result = real()
        if number == self.at and self.when == "after":
            raise error()
        return result


class _Proxy:
    """An object some of whose methods are counted."""

    def __init__(
        self, real: Any, calls: Calls, name: str, methods: tuple[str, ...], error: Any
    ) -> None:
        self._real, self._calls, self._name = real, calls, name
        self._methods, self._error = methods, error

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name not in self._methods:
            return found

        def called(*args: Any, **options: Any) -> Any:
            def real() -> Any:
                result = found(*args, **options)
                return iter(list(result)) if name == "entries" else result

            return self._calls.call(f"{self._name}.{name}", self._fail, real)

        return called

    def _fail(self) -> OmbudError:
        return self._error("a planted fault")


class _Inputs(_Proxy):
    """Holds and decisions, whose lock is counted when it is taken and when it is let go."""

    @contextmanager
    def system_lock(self, system: str, timeout_s: float) -> Iterator[Any]:
        calls = self._calls
        lock = self._real.system_lock(system, timeout_s)
        took = False

        def take() -> Any:
            nonlocal took
            held = lock.__enter__()
            took = True
            calls.locked[system] = threading.get_ident()
            return held

        def let_go() -> None:
            nonlocal took
            took = False
            calls.locked.pop(system, None)
            lock.__exit__(None, None, None)

        try:
            yield calls.call(f"lock.take {system}", self._fail, take)
            calls.call(f"lock.let_go {system}", self._fail, let_go)
        finally:
            if took:  # the process that dies lets go, too
                let_go()


class _Connector(_Proxy):
    """A way in, whose sessions are counted."""

    def __init__(self, real: Any, calls: Calls) -> None:
        super().__init__(real, calls, real.system.id, (), None)

    @contextmanager
    def session(self) -> Iterator[Any]:
        system = self._name

        def fail(says: str = "") -> OmbudError:
            return ConnectorFailed(system, "lost its connection", sqlstate="08006", transient=True)

        with ExitStack() as open_ones:
            enter = partial(open_ones.enter_context, self._real.session())
            session = self._calls.call(f"{system}.session", fail, enter)
            yield _Proxy(session, self._calls, system, SESSION, fail)


def systems_of(outcomes: list[Any]) -> Mapping[str, bool]:
    """Return, per system, whether each of its steps is done."""
    found: dict[str, bool] = {}
    for each in outcomes:
        done = each.failed is None and not each.remaining
        found[each.step.system] = found.get(each.step.system, True) and done
    return found
