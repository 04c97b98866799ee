"""What does a map say? Text to `Systems`, or everything that is wrong in it at once."""

from __future__ import annotations

from ombud.document import read_document
from ombud.policy.model import Policy
from ombud.systems.model import Systems
from ombud.systems.parse.system import read_system

__all__ = ["parse_systems"]


def parse_systems(text: str | bytes, file: str, policy: Policy) -> Systems:
    """Return the map that a file says, with every path as links and columns.

    What keeps nobody from using it (a clock that no rule uses) is in its `warnings`. The live
    schemas are not looked at: `bind` does.

    Args:
        text: The file, as text or as its bytes in UTF-8.
        file: Name as the writer knows it, relative to the workspace.
        policy: What the names of activities, caps, clocks, consents and categories refer to.

    Raises:
        WrittenWrong: The file has errors; it carries all findings, sorted by place.
    """
    document = read_document(text, file)
    node = document.root.fields("systems").required("systems", "{crm: {url: …}}")
    systems = {id: read_system(policy, id, written) for id, written in node.entries()}
    warnings = document.findings.refuse_errors()
    return Systems(file, systems, document.digest(), warnings)
