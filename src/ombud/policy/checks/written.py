"""What does an organisation's document tell people today, flaws included?

A model of a text, not of what should be: a privacy notice as it was found, or a policy as it
stands. Every part knows where it was written. A part that is missing is missing in the text, and
how a text words a thing (`Wording`) is kept apart from what it says.

Law:
    GDPR Art. 13
    GDPR Art. 14
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ombud.errors import Place
from ombud.law import Country, Period
from ombud.policy.checks.words import (
    COOKIES,
    EVERYTHING,
    SUBJECT,
    GivenBy,
    Mailbox,
    PartyKind,
    Right,
    Topic,
    Withdrawal,
    Wording,
)
from ombud.policy.model import BasisKind

Path = tuple[str | int, ...]
"""Keys from the top of the file to a part; a whole number is an item of a list, from 0."""

Wordings = tuple[Wording, ...]


@dataclass(frozen=True)
class Part:
    """Where something stands: a place to show, and a path by which a decision names it."""

    place: Place
    path: Path

    def __str__(self) -> str:
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return "".join(steps).lstrip(".")


@dataclass(frozen=True)
class Reach:
    """How somebody is reached; every field may be empty.

    Args:
        mailbox: Whose mailbox the e-mail address is; None where it was not told.
        post: The job the text gives to whoever answers there.
    """

    at: Part = field(repr=False, compare=False)
    email: str = ""
    phone: str = ""
    address: str = ""
    web: str = ""
    mailbox: Mailbox | None = None
    post: str = ""

    @property
    def reachable(self) -> bool:
        """Whether there is any way to reach them."""
        return bool(self.email or self.phone or self.address or self.web)


@dataclass(frozen=True)
class Controller:
    """Who the text says is the controller.

    Args:
        public: It is part of the state or a municipality.

    Law:
        GDPR Art. 13(1)(a)
    """

    at: Part = field(repr=False, compare=False)
    reach: Reach
    name: str = ""
    number: str = ""
    public: bool = False


@dataclass(frozen=True)
class CalledController:
    """A job or another body that the text calls controller.

    Args:
        post: The job, where it is one; `party` is empty then.
        of: Activities or groups of people; empty: of everything.
        acts_for: The text adds that the job acts for the organisation.

    Law:
        GDPR Art. 4(7)
    """

    at: Part = field(repr=False, compare=False)
    post: str = ""
    party: str = ""
    of: tuple[str, ...] = ()
    acts_for: bool = False


@dataclass(frozen=True)
class Officer:
    """What the text says of a data protection officer.

    Args:
        said: `unsaid`: the text is silent; `none`: it says that there is none.
        wording: `vague` where the title could mean an officer or just somebody to ask.

    Law:
        GDPR Art. 37
    """

    at: Part = field(repr=False, compare=False)
    said: Literal["unsaid", "none", "appointed"] = "unsaid"
    reach: Reach | None = None
    wording: Wordings = ()


@dataclass(frozen=True)
class Group:
    """A group of people that the text mentions.

    Args:
        relation: What they are to the organisation, one of the words of `practice.yaml`.
    """

    at: Part = field(repr=False, compare=False)
    id: str
    relation: str = ""


@dataclass(frozen=True)
class Transfer:
    """On what a transfer to a third country rests.

    Args:
        by: A word of `practice.yaml`, or whatever the text names.
        checked_on: When somebody last saw that it holds.

    Law:
        GDPR Arts. 44-49
    """

    at: Part = field(repr=False, compare=False)
    by: str = ""
    checked_on: date | None = None


@dataclass(frozen=True)
class Party:
    """A body or a category of bodies that the text names.

    Args:
        name: Empty where the text does not tell it.
        country: Two letters; empty where nobody knows.
    """

    at: Part = field(repr=False, compare=False)
    id: str
    kind: PartyKind
    name: str = ""
    country: str = ""
    transfer: Transfer | None = None
    wording: Wordings = ()

    @property
    def processes_for_us(self) -> bool:
        """Whether the text presents it as a processor, under either name."""
        return self.kind in ("processor", "sub_processor")

    @property
    def decides_itself(self) -> bool:
        """Whether it is a controller in its own right."""
        return self.kind in ("controller", "public_authority")

    @property
    def shown(self) -> str:
        """Its name, or the id where the text gives none."""
        return self.name or self.id


@dataclass(frozen=True)
class Basis:
    """A legal basis that the text names.

    Args:
        law: The law, as the text names it.
        contract: The contract, as the text names it, also where it only hands a task on.
        interest: The legitimate interest in words.
        consent: Id of the consent.

    Law:
        GDPR Art. 6(1)
    """

    at: Part = field(repr=False, compare=False)
    kind: BasisKind
    law: str = ""
    contract: str = ""
    interest: str = ""
    consent: str = ""
    wording: Wordings = ()


@dataclass(frozen=True)
class Consent:
    """A consent that the text says people give.

    Args:
        to: Activities, `cookies` or `everything`.
        given_by: What the text takes for the consent.
        withdrawal: How it is withdrawn; None where the text says nothing for this consent.

    Law:
        GDPR Art. 4(11)
        GDPR Art. 7
    """

    at: Part = field(repr=False, compare=False)
    id: str
    to: tuple[str, ...]
    given_by: tuple[GivenBy, ...] = ()
    withdrawal: Withdrawal | None = None

    @property
    def for_cookies(self) -> bool:
        """Whether it is a consent to cookies."""
        return COOKIES in self.to

    @property
    def for_everything(self) -> bool:
        """Whether it is a consent to the text as a whole."""
        return EVERYTHING in self.to


@dataclass(frozen=True)
class Statement:
    """Something that the text says, or words in a way worth knowing.

    Args:
        of: Activities it is about; empty: all of them.
        names: What it names: regions, ways, documents.
        period: How long or how often.
    """

    at: Part = field(repr=False, compare=False)
    about: Topic
    wording: Wordings = ()
    of: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    period: Period | None = None


@dataclass(frozen=True)
class Purpose:
    """What data is used for, in words."""

    at: Part = field(repr=False, compare=False)
    text: str
    wording: Wordings = ()


@dataclass(frozen=True)
class Unless:
    """What prolongs a period.

    Args:
        law: The act that demands it.
        data: Categories it is about; empty where the text does not tell.
        ground: What has happened, where no act demands it.
    """

    at: Part = field(repr=False, compare=False)
    law: str = ""
    data: tuple[str, ...] = ()
    ground: str = ""


@dataclass(frozen=True)
class Keep:
    """How long the text says that data is kept.

    Args:
        up_to: The period is written as a ceiling, “up to”.
        after: What starts it; empty where the text does not tell.
        until: What ends it, where that is an event: `withdrawal`, `asked`, `expiry`.
        law: The act that sets it, as the text names it.
        no_longer_than: A last end, whatever else starts anew.
        wording: `vague` or `short` where there is no number, `hedged` where there is one.
        told: The period in the words of the text; empty where it is told by a law's.

    Law:
        GDPR Art. 13(2)(a)
    """

    at: Part = field(repr=False, compare=False)
    period: Period | None = None
    up_to: bool = False
    after: str = ""
    until: str = ""
    law: str = ""
    no_longer_than: Period | None = None
    unless: tuple[Unless, ...] = ()
    wording: Wordings = ()
    told: str = ""

    @property
    def shown(self) -> str:
        """The longest period, in the words of the text where it has any."""
        return self.told or str(self.longest)

    @property
    def longest(self) -> Period | None:
        """The longest period it names without what prolongs it."""
        return self.no_longer_than or self.period

    @property
    def has_duty(self) -> bool:
        """Whether it makes an exception for what an act demands, or is one."""
        return bool(self.law) or any(item.law for item in self.unless)


@dataclass(frozen=True)
class AllowedBy:
    """What allows data that needs more than a basis, as the text names it.

    Args:
        special: Special categories: `consent`, `explicit_consent`, another condition or a law.
        national_id: National identification numbers.
        criminal: Convictions and offences.

    Law:
        GDPR Art. 9(2)
        GDPR Art. 10
        GDPR Art. 87
    """

    special: str = ""
    national_id: str = ""
    criminal: str = ""


@dataclass(frozen=True)
class Role:
    """Whose processing the text says it is; `unstated` where it does not tell."""

    kind: Literal["unstated", "controller", "joint", "processor"] = "unstated"
    parties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Activity:
    """Something that the text says is done with data about people.

    Args:
        kinds: What sort of activity, in words of `practice.yaml`.
        about: Ids of groups of people.
        data: Categories; empty where the text lists none.
        source: `subject`, `unsaid`, or ids of parties; empty means the person.
        recipients: Ids of parties.
        services: Kinds of services it is done with, in words of `practice.yaml`.
        keep: None where the text says nothing.
        says: What the text says of this activity alone.

    Law:
        GDPR Art. 30(1)
    """

    at: Part = field(repr=False, compare=False)
    id: str
    kinds: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    role: Role = Role()
    purposes: tuple[Purpose, ...] = ()
    data: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    bases: tuple[Basis, ...] = ()
    allowed_by: AllowedBy = AllowedBy()
    recipients: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    keep: Keep | None = None
    says: tuple[Statement, ...] = ()

    @property
    def from_others(self) -> bool:
        """Whether data comes from anybody but the person."""
        return any(source != SUBJECT for source in self.source)

    def on(self, topic: Topic) -> Statement | None:
        """Return what the text says of this activity on a topic."""
        return next((each for each in self.says if each.about == topic), None)

    def rests_on(self, kind: BasisKind) -> bool:
        """Return whether the text names this basis for it."""
        return any(basis.kind == kind for basis in self.bases)


@dataclass(frozen=True)
class CookieUse:
    """What cookies are used for.

    Args:
        by: Parties that set or read them; `us` for the organisation.
        keep: How long they live.
    """

    at: Part = field(repr=False, compare=False)
    purpose: str
    by: tuple[str, ...] = ()
    keep: Keep | None = None
    wording: Wordings = ()


@dataclass(frozen=True)
class RightSaid:
    """A right that the text mentions."""

    at: Part = field(repr=False, compare=False)
    right: Right
    wording: Wordings = ()


@dataclass(frozen=True)
class LawNamed:
    """An act that the text names, in its own words."""

    at: Part = field(repr=False, compare=False)
    text: str


@dataclass(frozen=True)
class Written:
    """A document as it is written.

    Args:
        at: The document itself.
        country: Whose law it is under.
        updated_on: The day the text says it is of; None where it says none.
        turn_to: Where people turn with their rights; None where the text does not say.
        complaints_to: `us` and `authority`, in the order of the text.
        bases: Bases that the text names for everything at once.
        cookies: By purpose; None where the text does not describe any.
        rights: Those it mentions.
        laws: Those it names for everything at once.
        says: What it says of everything at once.
        rolling_clocks: Clocks that others' events start anew, besides those of `practice.yaml`.
        from_policy: It was made of a policy, so that advice speaks of that file's keys.
    """

    at: Part = field(repr=False, compare=False)
    country: Country
    controller: Controller
    updated_on: date | None = None
    called_controller: tuple[CalledController, ...] = ()
    officer: Officer | None = None
    turn_to: Reach | None = None
    complaints_to: tuple[str, ...] = ()
    authority: Reach | None = None
    people: Mapping[str, Group] = field(default_factory=dict)
    parties: Mapping[str, Party] = field(default_factory=dict)
    bases: tuple[Basis, ...] = ()
    consents: Mapping[str, Consent] = field(default_factory=dict)
    activities: Mapping[str, Activity] = field(default_factory=dict)
    cookies: Mapping[str, CookieUse] | None = None
    rights: Mapping[Right, RightSaid] = field(default_factory=dict)
    laws: tuple[LawNamed, ...] = ()
    says: tuple[Statement, ...] = ()
    rolling_clocks: frozenset[str] = frozenset()
    from_policy: bool = False

    @property
    def own(self) -> tuple[Activity, ...]:
        """The activities that the organisation must tell people of: not those of a processor."""
        return tuple(a for a in self.activities.values() if a.role.kind != "processor")

    def on(self, topic: Topic) -> Statement | None:
        """Return the first thing the text says on a topic for everything at once."""
        return next(self.all_on(topic), None)

    def all_on(self, topic: Topic) -> Iterator[Statement]:
        """Yield all that the text says on a topic for everything at once, in its order."""
        return (each for each in self.says if each.about == topic)

    def tells(self, activity: Activity, topic: Topic) -> bool:
        """Return whether the text says something on a topic, for the activity or for all."""
        everywhere = (each for each in self.all_on(topic) if not each.of or activity.id in each.of)
        return activity.on(topic) is not None or any(everywhere)

    def party_of(self, id: str) -> Party | None:
        """Return the party of an id; None for the subject and for who is not told."""
        return self.parties.get(id)

    def relations(self, activity: Activity) -> Iterator[str]:
        """Yield what the people an activity is about are to the organisation."""
        return (self.people[id].relation for id in activity.about if id in self.people)
