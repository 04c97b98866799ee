"""What can we prove? The log, its signed head, and how each promise stands."""

from ombud.evidence.checkpoint import Checkpoints
from ombud.evidence.decisions import Decisions
from ombud.evidence.entry import Draft, Entry, Payload
from ombud.evidence.holds import Holds
from ombud.evidence.log import Head, Log
from ombud.evidence.observation import CapSeen, Observation, RuleSeen, TableSeen
from ombud.evidence.observe import Shown, gaps, latest_observation, observe, shown
from ombud.evidence.part import Evidence
from ombud.evidence.plans import Approval, KeptPlan, Plans, Preapproval, Watermark
from ombud.evidence.said import Attested, HoldPlaced, PageSeen, SettingRead, StepDone, TaskConfirmed
from ombud.evidence.standing import ProofStanding, Standing, standings
from ombud.evidence.verify import Verified, verify_export
from ombud.evidence.verify_store import VerifiedStore, verify_store
from ombud.evidence.versions import Version, Versions

__all__ = [
    "Approval",
    "Attested",
    "CapSeen",
    "Checkpoints",
    "Decisions",
    "Draft",
    "Entry",
    "Evidence",
    "Head",
    "HoldPlaced",
    "Holds",
    "KeptPlan",
    "Log",
    "Observation",
    "PageSeen",
    "Payload",
    "Plans",
    "Preapproval",
    "ProofStanding",
    "RuleSeen",
    "SettingRead",
    "Shown",
    "Standing",
    "StepDone",
    "TableSeen",
    "TaskConfirmed",
    "Verified",
    "VerifiedStore",
    "Version",
    "Versions",
    "Watermark",
    "gaps",
    "latest_observation",
    "observe",
    "shown",
    "standings",
    "verify_export",
    "verify_store",
]
