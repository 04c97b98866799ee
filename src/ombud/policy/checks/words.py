"""Which words can an as-written document use, and what does each mean?

They are closed lists: a word that is not here is a finding. What belongs to a kind of activity, to
a service or to people stands in `practice.yaml`, for law and practice say more of those.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from ombud.policy.model import BasisKind

Wording = Literal[
    "clear",
    "vague",
    "open_ended",
    "absolute",
    "empty",
    "hedged",
    "short",
    "narrow",
    "wide",
    "buried",
    "mixed_up",
    "unfinished",
    "outdated",
    "missing",
    "denied",
    "reserved",
]
WORDINGS: Final[Mapping[Wording, str]] = {
    "clear": "says what it should; the same as no wording at all",
    "vague": "names nothing that can be checked: “good service”, “as long as necessary”",
    "open_ended": "a list that goes on: “among other things”, “other relevant information”",
    "absolute": "promises without any exception: “always”, “all systems”",
    "empty": "sounds like a promise and holds none: “we take it seriously”",
    "hedged": "only as a rule: “as a starting point”, “unless circumstances…”",
    "short": "“a short time”, without a number",
    "narrow": "less than the law gives or demands",
    "wide": "more than the law gives",
    "buried": "stands among other things where the law wants it apart",
    "mixed_up": "merges two things, or describes one as another",
    "unfinished": "a blank field, or a sentence that breaks off",
    "outdated": "describes what is no longer so",
    "missing": "announced, and not there",
    "denied": "said not to happen, or not to be there",
    "reserved": "kept open as a freedom, without purpose",
}

Topic = Literal[
    "answer_period",
    "arrangement",
    "backups",
    "changes",
    "child_age",
    "complaint",
    "contact",
    "cookie_law",
    "cookies",
    "core_activity",
    "cpr_list",
    "customer_exception",
    "data",
    "disclosure",
    "discussed_with_staff",
    "free_choice",
    "impact_assessment",
    "lawfulness",
    "location",
    "new_purposes",
    "opt_out",
    "other_document",
    "overlapping_periods",
    "page_furniture",
    "periods",
    "processing_agreements",
    "profiling",
    "purposes",
    "required",
    "review",
    "security",
    "services",
    "signs",
    "special_categories",
    "transfer",
    "turn_to_controller",
    "us",
]
TOPICS: Final[Mapping[Topic, str]] = {
    "answer_period": "by when people are answered",
    "arrangement": "what joint controllers agreed between them, in essence",
    "backups": "how data leaves the backups",
    "changes": "how people learn that the text changes; `names` the ways",
    "child_age": "from which age a child consents itself; `period` is that age",
    "complaint": "complaining, other than to whom",
    "contact": "how to reach the organisation, as the text words it",
    "cookie_law": "what the law on cookies demands",
    "cookies": "cookies, as the text describes them",
    "core_activity": "that this is what the organisation mainly does, and on a large scale",
    "cpr_list": "that the CPR list is checked before data is passed on for marketing",
    "customer_exception": "that only customers are written to, about similar goods",
    "data": "which data is held, as the text words it",
    "disclosure": "passing data on; `of` which activities",
    "discussed_with_staff": "that a control measure was discussed with the staff's representatives",
    "free_choice": "that refusing has no consequence at all",
    "impact_assessment": "that the need for an assessment of Art. 35 was looked at",
    "lawfulness": "that all of it is lawful, without a basis",
    "location": "where data lies; `names` the regions",
    "new_purposes": "what happens before data is used for something new",
    "opt_out": "how to stop marketing; `names` the places: `in_each_message`, `at_collection`",
    "other_document": "another text that is referred to; `names` it, or the people it is for",
    "overlapping_periods": "which period counts where several could",
    "page_furniture": "text that belongs to the web page: menus, buttons for sharing",
    "periods": "how long data is kept, for everything at once",
    "processing_agreements": "that processors have an agreement; `names` them, or all",
    "profiling": "how profiling or a personality test works, and what follows from it",
    "purposes": "what data is used for, for everything at once",
    "required": "whether data must be given, and what follows if it is not",
    "review": "that the text is gone through regularly; `period` is how often",
    "security": "how data is protected",
    "services": "services that are used, or `denied`; `names` them",
    "signs": "that signs tell of the cameras",
    "special_categories": "special categories of data; `names` on what alone they are handled",
    "transfer": "whether data leaves the EEA, and on what",
    "turn_to_controller": "where people reach the controller for whom this is done",
    "us": "who “we” is; `names` what the text calls itself",
}

Right = Literal[
    "access",
    "rectification",
    "erasure",
    "restriction",
    "portability",
    "objection",
    "objection_marketing",
    "withdrawal",
    "automated_decisions",
]
RIGHTS: Final[Mapping[Right, str]] = {
    "access": "Art. 15",
    "rectification": "Art. 16",
    "erasure": "Art. 17",
    "restriction": "Art. 18",
    "portability": "Art. 20",
    "objection": "Art. 21(1)",
    "objection_marketing": "Art. 21(2)",
    "withdrawal": "Art. 7(3)",
    "automated_decisions": "Art. 22",
}

GivenBy = Literal["box", "banner", "signature", "visit", "browser", "registration"]
GIVEN_BY: Final[Mapping[GivenBy, str]] = {
    "box": "a box that was not ticked before, or another active choice for this alone",
    "banner": "a choice on the site, refused as easily as given",
    "signature": "a declaration of its own, signed or said",
    "visit": "visiting or using the site",
    "browser": "how the browser is set",
    "registration": "signing up for something else",
}

Withdrawal = Literal["in_place", "link", "contact", "browser", "unsaid"]
WITHDRAWALS: Final[Mapping[Withdrawal, str]] = {
    "in_place": "where it was given: the same box, banner or page",
    "link": "a link in every message",
    "contact": "by writing to the organisation",
    "browser": "in the browser's settings only",
    "unsaid": "the text says that one may, and not how",
}

Mailbox = Literal["privacy", "own", "general", "department", "personal"]
MAILBOXES: Final[Mapping[Mailbox, str]] = {
    "privacy": "for questions on personal data",
    "own": "the data protection officer's own",
    "general": "the organisation's general one",
    "department": "one of a department with other work",
    "personal": "one named person's",
}

PartyKind = Literal[
    "controller", "public_authority", "processor", "sub_processor", "tool", "others"
]
PARTY_KINDS: Final[Mapping[PartyKind, str]] = {
    "controller": "a body that decides itself what it does with data",
    "public_authority": "the same, and part of the state or a municipality",
    "processor": "works for the organisation and under its instructions",
    "sub_processor": "the text calls it so",
    "tool": "a product the text names, without saying whose processor is behind it",
    "others": "a category of recipients or sources, not one body",
}

BASES: Final[tuple[BasisKind, ...]] = get_args(BasisKind)
"""Legal bases, under the names that a policy gives them.

Law:
    GDPR Art. 6(1)
"""

SUBJECT: Final = "subject"
"""As a source: the person the data is about."""
UNSAID: Final = "unsaid"
"""As a source: somebody else, and the text does not say who."""
EVERYTHING: Final = "everything"
"""What a consent is to, when it is to the text as a whole."""
COOKIES: Final = "cookies"
"""What a consent is to, when it is to cookies."""
US: Final = "us"
"""The organisation itself, as one who sets cookies or takes complaints."""
AUTHORITY: Final = "authority"
"""The supervisory authority, as one who takes complaints."""
ESSENTIAL: Final = "function"
"""What a cookie is used for when the service that was asked for needs it."""
ADVERTISING: Final = "advertising"
"""What a cookie is used for when it serves advertisements."""
