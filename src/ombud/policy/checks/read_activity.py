"""What does an as-written document say of one activity?"""

from __future__ import annotations

from typing import Final

from ombud.document import Node
from ombud.policy.checks.practice import kinds, services
from ombud.policy.checks.read_parts import Known, bases, keep, names, purposes, says
from ombud.policy.checks.words import SUBJECT, UNSAID
from ombud.policy.checks.written import Activity, AllowedBy, Part, Role

ACTIVITY_KEYS: Final = (
    "kind",
    "about",
    "role",
    "purposes",
    "data",
    "source",
    "bases",
    "allowed_by",
    "recipients",
    "services",
    "keep",
    "says",
)


def read_activity(known: Known, id: str, node: Node) -> Activity:
    """Return one activity; what is wrong in it was recorded."""
    fields = node.fields(*ACTIVITY_KEYS)
    path = ("activities", id)
    sources = (SUBJECT, UNSAID, *known.parties)
    return Activity(
        at=Part(node.named_at, path),
        id=id,
        kinds=names(fields.required("kind", "event"), kinds(), "kind of activity"),
        about=names(fields.optional("about"), known.people, "group of people", under="people"),
        role=_role(known, fields.optional("role")),
        purposes=purposes(fields.optional("purposes"), (*path, "purposes")),
        data=fields.optional("data").names(what="category"),
        source=names(fields.optional("source"), sources, "source", under="parties"),
        bases=bases(known, fields.optional("bases"), (*path, "bases")),
        allowed_by=_allowed_by(fields.optional("allowed_by")),
        recipients=names(
            fields.optional("recipients"), known.parties, "recipient", under="parties"
        ),
        services=names(fields.optional("services"), services(), "service"),
        keep=keep(known, fields.optional("keep"), (*path, "keep")),
        says=says(known, fields.optional("says"), (*path, "says")),
    )


def _role(known: Known, node: Node) -> Role:
    if not node.present:
        return Role()
    if not node.has_keys:
        node.one_of(("controller",), "controller")
        return Role("controller")
    which, value = node.fields("joint_with", "processor_for").one_key("joint_with", "processor_for")
    parties = names(value, known.parties, "party", under="parties")
    return Role("joint" if which == "joint_with" else "processor", parties)


def _allowed_by(node: Node) -> AllowedBy:
    fields = node.fields("special", "national_id", "criminal")
    return AllowedBy(
        special=fields.optional("special").text(),
        national_id=fields.optional("national_id").text(),
        criminal=fields.optional("criminal").text(),
    )
