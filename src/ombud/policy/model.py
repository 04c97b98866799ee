"""What does the organisation promise? The policy as frozen values that only look things up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ombud.errors import Finding, Place
from ombud.law import CountedFrom, FinancialYear, Period, RetentionFact

Text = Mapping[str, str]
"""Language tag (`da`, `nb`, `nn`, `sv`, `en`) to text."""

CategoryKind = Literal["ordinary", "special", "criminal", "national_id"]
BasisKind = Literal[
    "consent",
    "contract",
    "legal_obligation",
    "vital_interests",
    "public_task",
    "legitimate_interests",
]
SpecialKind = Literal[
    "consent",
    "employment",
    "vital_interests",
    "association",
    "made_public",
    "legal_claims",
    "substantial_public_interest",
    "health_care",
    "public_health",
    "archiving_research",
]


AllowedBy = Literal["contract", "consent", "law"]


@dataclass(frozen=True)
class Category:
    """A kind of personal data.

    Law:
        GDPR Art. 9
        GDPR Art. 10
        GDPR Art. 87
    """

    id: str
    kind: CategoryKind
    title: Text


@dataclass(frozen=True)
class Basis:
    """On which legal basis an activity rests.

    Args:
        consent: Id of the consent, for kind `consent`.
        law: Citation as written, for `legal_obligation` and `public_task`.
        interest: The interest or contract named in words, for the other kinds.
        special: The condition of Art. 9(2) that special categories need besides; None without.
        special_consent: Id of the explicit consent, for special kind `consent`.
        special_law: Law or words (in the main language) named for the other special kinds.
        special_text: The words in every language.
        criminal_law: What allows data under Art. 10; empty without.
        national_id_law: What allows a national identification number (Art. 87); empty without.

    Law:
        GDPR Art. 6(1)
        GDPR Art. 9(2)
    """

    kind: BasisKind
    consent: str = ""
    law: str = ""
    interest: Text = field(default_factory=dict)
    assessed_on: date | None = None
    special: SpecialKind | None = None
    special_consent: str = ""
    special_law: str = ""
    special_text: Text = field(default_factory=dict)
    criminal_law: str = ""
    national_id_law: str = ""


@dataclass(frozen=True)
class Clocks:
    """One clock, or several of which the first or the last to strike counts.

    Args:
        names: Clock names of the policy, at least one.
        which: `only` with exactly one name; `first`: the earliest that has happened;
            `last`: the latest, and not before all have happened.
    """

    names: tuple[str, ...]
    which: Literal["only", "first", "last"] = "only"


@dataclass(frozen=True)
class After:
    """Kept for a period after a clock; the day with the clock's date is its first.

    Args:
        period: Calendar months and days.
        clocks: What starts it.
        fact: The fact of law that sets the period, also where only `keep` names it.
        counted_from: `event`, or the end of the organisation's financial year that contains the
            event, or the end of the calendar year in which that financial year ended.

    Law:
        Reg. 1182/71 Art. 3(2)(c)
    """

    period: Period
    clocks: Clocks
    counted_from: CountedFrom = "event"
    fact: RetentionFact | None = None


@dataclass(frozen=True)
class WhileConsent:
    """Kept as long as the consent that the activity rests on lives."""


@dataclass(frozen=True)
class WhileState:
    """Kept as long as a state of the row lasts; the map says what the state is."""

    state: str


@dataclass(frozen=True)
class NeededFrom:
    """Kept until a person decides that it is no longer needed.

    Args:
        clock: Rows whose clock lies before the date of the decision end with it.
        by: Role or staff that decides.
        every: A decision older than this is overdue, and the promise not kept.

    Law:
        GDPR Art. 5(1)(e)
        GDPR Art. 13(2)(a)
    """

    clock: str
    by: str
    every: Period


@dataclass(frozen=True)
class FirstOf:
    """Kept until the first of several ends."""

    parts: tuple[Keep, ...]


@dataclass(frozen=True)
class LastOf:
    """Kept until the last of several ends."""

    parts: tuple[Keep, ...]


Keep = After | WhileConsent | WhileState | NeededFrom | FirstOf | LastOf


@dataclass(frozen=True)
class Contact:
    """How to reach somebody; every part may be empty.

    Args:
        note: What people are to know before they write: that mail is not encrypted, for example.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    web: str = ""
    note: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Role:
    """Whose processing it is; `contract` is a processor's, `arrangement` joint controllers'.

    Args:
        contact: How to reach the other controller; the record names it.

    Law:
        GDPR Art. 26
        GDPR Art. 28
        GDPR Art. 30(2)(a)
    """

    kind: Literal["controller", "joint", "processor"] = "controller"
    party: str = ""
    contract: str = ""
    arrangement: Text = field(default_factory=dict)
    contact: Contact = Contact()


@dataclass(frozen=True)
class Source:
    """From whom the data comes; `subject` stands for the person the data is about.

    Law:
        GDPR Art. 14(2)(f)
    """

    parties: tuple[str, ...] = ("subject",)
    public: bool = False


@dataclass(frozen=True)
class Automated:
    """A decision about people that no person takes, and that has legal or as serious effects.

    Args:
        decides: What is decided.
        logic: By what it is decided, and how that counts.
        consequences: What follows for the person.
        allowed_by: What of Art. 22(2) allows it; `contract` and `consent` are the activity's own.
        law: Citation, for `law`.

    Law:
        GDPR Art. 13(2)(f)
        GDPR Art. 22
    """

    decides: Text
    logic: Text
    consequences: Text
    allowed_by: AllowedBy
    law: str = ""

    @property
    def reviewed(self) -> bool:
        """Whether the regulation itself gives the right to a person's look and to contest it.

        Where a law allows the decision, that law says how people are protected.

        Law:
            GDPR Art. 22(3)
        """
        return self.allowed_by != "law"


@dataclass(frozen=True)
class Activity:
    """A processing activity, the unit of the record, and the ground it gives to data.

    Args:
        about: Ids of subject groups.
        data: Ids of categories, in the order written.
        begins: Name of the clock that starts it for a row; decisions end grounds that began
            before them. Empty: it began before any decision.
        marketing: A marketing objection ends it at once, whatever its basis.
        fact: The fact of law behind it where it was written `law: <id>`; None otherwise.
        automated: The decision that it takes without a person; None: it takes none of weight.

    Law:
        GDPR Art. 30(1)
    """

    id: str
    where: Place
    title: Text
    purpose: Text
    about: tuple[str, ...]
    data: tuple[str, ...]
    basis: Basis
    keep: Keep
    begins: str = ""
    marketing: bool = False
    role: Role = Role()
    owner: str = ""
    source: Source = Source()
    recipients: tuple[str, ...] = ()
    processors: tuple[str, ...] = ()
    fact: RetentionFact | None = None
    automated: Automated | None = None


@dataclass(frozen=True)
class Cap:
    """A limit to data whatever its grounds.

    Args:
        data: Categories it limits; empty means every category.
        keep: When it passes; `After` only.
        unless: Ids of activities and kinds of holds that may pass it.

    Law:
        GDPR Art. 5(1)(e)
    """

    id: str
    where: Place
    about: tuple[str, ...]
    data: tuple[str, ...]
    keep: After
    unless: tuple[str, ...] = ()
    fact: RetentionFact | None = None


@dataclass(frozen=True)
class Consent:
    """A purpose for which people are asked.

    Args:
        expires: Period after which a consent lapses unless given again; None: it does not.

    Law:
        GDPR Art. 7
    """

    id: str
    where: Place
    purpose: Text
    text: Text
    version: str = "1"
    expires: Period | None = None


@dataclass(frozen=True)
class Party:
    """A processor or recipient; `transfer` says on what a transfer to a third country rests.

    Law:
        GDPR Art. 28(3)
        GDPR Art. 30(1)(d)
    """

    id: str
    where: Place
    name: str
    does: Text = field(default_factory=dict)
    country: str = ""
    agreement: str = ""
    agreed_on: date | None = None
    transfer: Text = field(default_factory=dict)


@dataclass(frozen=True)
class OtherDocument:
    """Another text that the notice refers to: rules for pictures, the notice for employees.

    Args:
        file: Path in the workspace, `{lang}` for the language; it is given out with the notice.
            Empty: it is somewhere else.
        web: Where people read it, `{lang}` for the language; empty: beside the notice.
        about: Ids of the groups that it is for; empty: everybody.
    """

    id: str
    where: Place
    title: Text
    file: str = ""
    web: str = ""
    about: tuple[str, ...] = ()

    def file_in(self, language: str) -> str:
        """Return the path in the workspace of its text in a language; empty: it has none."""
        return self.file.replace("{lang}", language)

    def web_in(self, language: str) -> str:
        """Return the address of its text in a language; empty: it stands beside the notice."""
        return self.web.replace("{lang}", language)

    @property
    def name(self) -> str:
        """Name of the file that stands beside the notice of each language; empty: none does."""
        return f"{self.id}.{self.file.rpartition('.')[2]}" if self.file else ""


ProofKind = Literal[
    "rule",
    "cap",
    "keeps",
    "hold",
    "setting",
    "task",
    "only",
    "absent",
    "attest",
    "gate",
    "document",
    "case",
]


@dataclass(frozen=True)
class Proof:
    """What proves a promise.

    Args:
        kind: `rule`: data of these activities is gone when due. `cap`: nothing passes these caps.
            `keeps`: what the law says must be kept is there. `hold`: held rows are there and each
            hold has a reason and a review date. `setting`: a setting of a system out of reach is
            read and at most what was promised. `task`: a task of a system out of reach is
            confirmed. `only`: a table holds these categories and no others. `absent`: no system
            holds these tables. `attest`: a named person states it in so many days. `document`:
            what the notice refers to is where it says. `gate`, `case`: shown by what Ombud blocks
            or handles.
        names: Ids of activities, caps, hold kinds, `system.setting`, systems, tables, gates,
            documents or rights, by kind.
        data: Categories, for `only`.
        by: Who attests.
        every: How often it is attested.
    """

    kind: ProofKind
    names: tuple[str, ...]
    data: tuple[str, ...] = ()
    by: str = ""
    every: Period | None = None


@dataclass(frozen=True)
class Promise:
    """One thing the organisation must keep, with its sentence and its kinds of proof.

    A promise with several proofs is kept when each of them is.
    """

    id: str
    where: Place
    says: Text
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class Organisation:
    """The organisation whose policy it is.

    Args:
        zone: IANA name of the controller's local time; dates are counted in it.
        languages: Language tags in which it publishes, the first is the main one.
        dpo: None: there is none.
    """

    name: str
    number: str
    country: str
    zone: str
    financial_year: FinancialYear
    languages: tuple[str, ...]
    contact: Contact
    dpo: Contact | None = None
    rights: Contact = Contact()

    @property
    def ways(self) -> tuple[Contact, ...]:
        """The ways in which people reach it, the one for most things first."""
        return (self.contact, self.rights, *((self.dpo,) if self.dpo else ()))


@dataclass(frozen=True)
class Policy:
    """What the organisation decided and promises; mappings keep the order of the file.

    Args:
        categories: Built-in ones and its own; `hold_kinds` likewise; `clocks` of law where used.
        warnings: What was found in the file that does not keep it from being used.
        source_digest: SHA-256 (hex) of the meaning of the file: equal for two files that differ
            only in comments and white space.
        security: Technical and organisational measures in general words, for the record.
        names: Name in the main language to what it is in each, of parties, sources and contracts
            that are called otherwise in another language; a proper name is not among them.
    """

    file: str
    organisation: Organisation
    subjects: Mapping[str, Text]
    categories: Mapping[str, Category]
    clocks: Mapping[str, Text]
    activities: Mapping[str, Activity]
    consents: Mapping[str, Consent]
    caps: Mapping[str, Cap]
    processors: Mapping[str, Party]
    recipients: Mapping[str, Party]
    hold_kinds: Mapping[str, Text]
    promises: Mapping[str, Promise]
    source_digest: str
    warnings: tuple[Finding, ...] = field(default=(), compare=False)
    security: tuple[Text, ...] = ()
    names: Mapping[str, Text] = field(default_factory=dict)
    documents: Mapping[str, OtherDocument] = field(default_factory=dict)

    def clock_names(self, keep: Keep) -> Iterator[str]:
        """Yield the names of the clocks a retention rule needs, in the order written."""
        if isinstance(keep, After):
            yield from keep.clocks.names
        elif isinstance(keep, NeededFrom):
            yield keep.clock
        elif isinstance(keep, FirstOf | LastOf):
            for part in keep.parts:
                yield from self.clock_names(part)


def parts_of(keep: Keep) -> Iterator[Keep]:
    """Yield the simple rules that a retention rule is made of, in the order written."""
    if isinstance(keep, FirstOf | LastOf):
        for part in keep.parts:
            yield from parts_of(part)
    else:
        yield keep
