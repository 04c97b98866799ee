"""Where the data lies: the organisation's map of its systems, and what their schemas say to it.

    systems = parse_systems(text, "systems.yaml", policy)     # raises WrittenWrong with findings
    findings = bind(policy, systems, {"crm": live_schema})    # promise and data, both ways
    statements = grants(systems, {"crm": live_schema}, "crm") # what Ombud's account may do

Nothing here reads a database: connectors bring the live schema along, as values.
"""

from ombud.systems.binding import bind, grants
from ombud.systems.codes import BINDING_CODES, CODES
from ombud.systems.draft import draft_systems
from ombud.systems.draft_policy import draft_policy
from ombud.systems.live import LiveSchema
from ombud.systems.model import System, Systems, Table
from ombud.systems.parse import parse_systems
from ombud.systems.schema import systems_schema

__all__ = [
    "BINDING_CODES",
    "CODES",
    "LiveSchema",
    "System",
    "Systems",
    "Table",
    "bind",
    "draft_policy",
    "draft_systems",
    "grants",
    "parse_systems",
    "systems_schema",
]
