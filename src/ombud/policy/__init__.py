"""What we promise: the organisation's policy, read whole or refused with everything that is wrong.

A policy names activities with their legal basis and how long data lives for each, the consents,
caps and parties around them, and the promises that all of it must keep.
"""

from ombud.policy.builtin import CATEGORIES, HOLD_KINDS
from ombud.policy.codes import CODES
from ombud.policy.model import Policy
from ombud.policy.parse import parse_policy
from ombud.policy.schema import policy_schema

__all__ = ["CATEGORIES", "CODES", "HOLD_KINDS", "Policy", "parse_policy", "policy_schema"]
