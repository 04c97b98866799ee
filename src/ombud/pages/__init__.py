"""What people read: the notice, made from the policy alone, in five languages and four formats."""

from ombud.pages.edition import publish
from ombud.pages.lix import Lix, reading_level
from ombud.pages.message import MESSAGES, Message, message
from ombud.pages.model import Notice
from ombud.pages.notice import make_notice
from ombud.pages.pdf import can_print
from ombud.pages.published import Published, published
from ombud.pages.render import FORMATS, Format, render
from ombud.pages.site import VERSIONS, Files, site
from ombud.pages.style import content_policy
from ombud.pages.words import LANGUAGES

__all__ = [
    "FORMATS",
    "LANGUAGES",
    "MESSAGES",
    "VERSIONS",
    "Files",
    "Format",
    "Lix",
    "Message",
    "Notice",
    "Published",
    "can_print",
    "content_policy",
    "make_notice",
    "message",
    "publish",
    "published",
    "reading_level",
    "render",
    "site",
]
