"""What must staff do by hand? Readings, tasks, decisions, statements: due date and state."""

from ombud.duties.listing import Duty, State, duties

__all__ = ["Duty", "State", "duties"]
