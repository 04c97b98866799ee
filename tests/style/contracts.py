"""Import-linter contracts that skip modules which do not exist yet.

The contracts in pyproject.toml name every package of the layout. The linter's own kinds refuse a
name that is not there, so that a package could only be named after it was written; these let the
rule be there first.
"""

from __future__ import annotations

import grimp
from importlinter import ContractCheck
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.protected import ProtectedContract


class Forbidden(ForbiddenContract):
    """No source module that exists imports a forbidden one."""

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Check the source modules that exist."""
        self.source_modules = _present(self.source_modules, graph)
        return super().check(graph, verbose)


class Protected(ProtectedContract):
    """Only the allowed importers that exist import a protected module."""

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Check with the allowed importers that exist."""
        self.allowed_importers = _present(self.allowed_importers, graph)
        self.protected_modules = _present(self.protected_modules, graph)
        return super().check(graph, verbose)


def _present(expressions: set, graph: grimp.ImportGraph) -> set:
    return {e for e in expressions if e.expression in graph.modules}
