"""The checks themselves, a file for each chapter; importing this package registers all of them."""

from ombud.policy.checks.chapters import (
    basis,
    consents,
    controller,
    cookies,
    governance,
    laws,
    marketing,
    notice,
    officer,
    recipients,
    retention,
    rights,
    special,
    statutory,
    surveillance,
    transfers,
)

__all__ = [
    "basis",
    "consents",
    "controller",
    "cookies",
    "governance",
    "laws",
    "marketing",
    "notice",
    "officer",
    "recipients",
    "retention",
    "rights",
    "special",
    "statutory",
    "surveillance",
    "transfers",
]
