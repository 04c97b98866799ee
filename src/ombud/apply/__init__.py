"""Do it, once, provably: the only package that has anything erased."""

from ombud.apply.run import Apply, Outcome

__all__ = ["Apply", "Outcome"]
