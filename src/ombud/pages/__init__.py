"""What people read: the notice, made from the policy alone, in five languages and four formats."""

from ombud.pages.edition import publish
from ombud.pages.lix import Lix, reading_level
from ombud.pages.model import Notice
from ombud.pages.notice import make_notice
from ombud.pages.pdf import can_print
from ombud.pages.render import FORMATS, Format, render
from ombud.pages.site import VERSIONS, Past, site
from ombud.pages.words import LANGUAGES

__all__ = [
    "FORMATS",
    "LANGUAGES",
    "VERSIONS",
    "Format",
    "Lix",
    "Notice",
    "Past",
    "can_print",
    "make_notice",
    "publish",
    "reading_level",
    "render",
    "site",
]
