"""Which other texts does the notice refer to, and where are they?"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from ombud.document import Node, quoted
from ombud.policy.model import OtherDocument
from ombud.policy.parse.names import Known

DOCUMENT_KEYS: Final = ("title", "file", "web", "about")
FILE_ENDINGS: Final = ("pdf", "txt", "md")
"""Forms in which a document can be given out with the notice: they hold no script."""

NOTICE: Final = "notice"
"""Name of the notice's own files beside its pages; no document can have it."""

WEB_PATTERN: Final = r"https?://[^\s<>\"'`\\/?#@]+([/?#][^\s<>\"'`\\]*)?"
_WEB: Final = re.compile(WEB_PATTERN)


def read_other_document(known: Known, id: str, node: Node) -> OtherDocument:
    """Return a document that the notice refers to; what is wrong in it was recorded."""
    fields = node.fields(*DOCUMENT_KEYS)
    title = known.text(fields.required("title", "{en: …}", law=("GDPR Art. 12(1)",)))
    if node.has_keys and "file" not in fields and "web" not in fields:
        help = f"write `file: documents/{id}.pdf`, or `web: https://www.example.org/{id}/`"
        node.wrong_key("Y12", f"{quoted(id)} needs {quoted('file')} or {quoted('web')}", help)
    if "file" in fields and id.casefold() == NOTICE:
        help = "call it otherwise, for example `staff_notice`"
        node.wrong_key("Y42", f"{quoted(id)} is the name of the notice itself", help)
    about = fields.optional("about")
    return OtherDocument(
        id=id,
        where=node.named_at,
        title=title,
        file=_file(fields.optional("file")),
        web=_web(fields.optional("web")),
        about=about.names(known.subjects, "group of people", under="subjects")
        if about.present
        else (),
    )


def _file(node: Node) -> str:
    """Return a path that cannot lead out of the workspace."""
    path = node.text()
    if not path:
        return ""
    parts = PurePosixPath(path).parts
    outside = "\\" in path or ":" in path or path.startswith("/") or ".." in parts
    if outside or not path.isprintable() or path != path.strip():
        help = "write where it lies below the workspace, for example `documents/pictures.pdf`"
        node.wrong("Y54", f"not a file of the workspace: {quoted(path)}", help)
        return ""
    if path.rpartition(".")[2] not in FILE_ENDINGS or not PurePosixPath(path).stem:
        help = f"end it in {', '.join(FILE_ENDINGS)}, or name a page on the web with `web:`"
        node.wrong("Y54", f"not a document that can be given out: {quoted(path)}", help)
        return ""
    return path


def _web(node: Node) -> str:
    address = node.text()
    if not address or _can_be_asked(address):
        return address
    if "@" in address.partition("://")[2].partition("/")[0]:
        help = "leave out what stands before the `@`; everybody can read the notice"
        node.wrong("Y55", "an address on the web with a name or a password in it", help)
        return ""
    help = "write all of it, for example `https://www.example.org/pictures/`"
    node.wrong("Y55", f"not an address on the web: {quoted(address)}", help)
    return ""


def _can_be_asked(address: str) -> bool:
    try:
        urlsplit(address).port  # noqa: B018  it is read when it is asked for
    except ValueError:
        return False
    return address.isprintable() and _WEB.fullmatch(address) is not None
