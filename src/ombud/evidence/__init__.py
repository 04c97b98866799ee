"""What can we prove? The log, its signed head, and how each promise stands."""

from ombud.evidence.decisions import Decisions
from ombud.evidence.entry import Draft, Entry, Payload
from ombud.evidence.holds import Holds
from ombud.evidence.log import Head, Log
from ombud.evidence.plans import Approval, KeptPlan, Plans, Preapproval, Watermark

__all__ = [
    "Approval",
    "Decisions",
    "Draft",
    "Entry",
    "Head",
    "Holds",
    "KeptPlan",
    "Log",
    "Payload",
    "Plans",
    "Preapproval",
    "Watermark",
]
