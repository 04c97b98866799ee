"""Who are the people in the examples? Nobody: every name, address and number here is made up.

- Last names, streets and companies are joined from syllables; towns are invented, with postcodes
  that are not in use.
- E-mail addresses are at example.org, example.com, example.net or under `.example` (RFC 2606).
- Telephone numbers have eight digits and begin with 1: no subscriber in Denmark or Norway has
  such a number, short codes (112, 113) begin with it.
- Danish personal numbers have 60 added to the day, as replacement numbers have, so no person is
  registered under one. Norwegian ones have 80 added to the month, as the tax administration's
  synthetic test people have, with right check digits.

A person is computed from the seed and a number, never stored: the same number is the same person
in every system of an organisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final, Literal

Country = Literal["DK", "NO"]

_FIRST: Final[dict[Country, tuple[Sequence[str], Sequence[str]]]] = {
    "DK": (
        (
            "Agnete Alberte Anja Asta Birgitte Bodil Cecilie Dagny Ditte Edith Ellen Else Frida "
            "Gerda Gry Hanne Inger Johanne Karla Kirsten Laura Lis Maja Malene Merete Nanna Oda "
            "Rikke Ronja Signe Sofie Tove Ulla Vibeke Åse"
        ).split(),
        (
            "Aksel Anders Arne Asger Bent Bjarke Carl Daniel Ebbe Emil Erik Frode Gorm Hans "
            "Holger Ivar Jeppe Jonas Kaj Karsten Lasse Leif Mads Mikkel Niels Ole Palle Rasmus "
            "Rune Simon Svend Søren Thorkild Viggo Åge"
        ).split(),
    ),
    "NO": (
        (
            "Anne Astrid Aud Berit Bjørg Dagny Eli Elin Eva Gro Gunhild Guri Hege Hilde Ida "
            "Ingeborg Jorunn Kari Lene Liv Mari Marit Nora Oddny Ragnhild Randi Sigrid Silje "
            "Siv Solveig Tone Torill Turid Unni Vigdis"
        ).split(),
        (
            "Arne Asbjørn Bjørn Dag Egil Eirik Even Finn Geir Gunnar Halvor Harald Ivar Jan "
            "Jostein Kjell Knut Lars Magne Morten Odd Ola Olav Per Roar Sigurd Stein Sverre "
            "Terje Tor Tore Trond Ulf Vidar Øystein"
        ).split(),
    ),
}
_HEAD: Final[dict[Country, Sequence[str]]] = {
    "DK": (
        "Ager Brom Bregne Dug Fjeld Frost Gran Halm Havre Hyld Kjær Klit Kvist Ler Lyng Mjød "
        "Mose Nød Pil Rav Rug Siv Sne Sol Tang Tjørn Tørv Ugle Vind Ørne"
    ).split(),
    "NO": (
        "Bjønn Brenn Elve Fjell Foss Furu Gras Grov Haug Hegg Kleiv Kvern Lauv Mose Myr Nype "
        "Orre Rein Rogn Røys Selje Skar Snø Stein Tind Tyri Ulve Ur Vass Øyr"
    ).split(),
}
_TAIL: Final[dict[Country, Sequence[str]]] = {
    "DK": "bæk dal gærde holt høj kær løkke mark ris skov toft vang vig ås".split(),
    "NO": "bakk bu dal heim li lia mo nes rud stø tun vang voll ås".split(),
}
_STREET: Final[dict[Country, Sequence[str]]] = {
    "DK": "vænget stien engen bakken lunden parken".split(),
    "NO": "veien stien bakken lia svingen tunet".split(),
}
_TOWN: Final[dict[Country, Sequence[str]]] = {
    # Danish postcodes below 0500 and Norwegian ones above 9991 are not in use.
    "DK": ("0110 Tværsund", "0120 Lerkøb", "0130 Rugsted Strand", "0140 Ørneslev", "0150 Pilsø"),
    "NO": ("9992 Fossvåg", "9993 Kvernes", "9994 Røysdal", "9995 Tyrifjell", "9996 Seljestø"),
}
_TRADE: Final[dict[Country, Sequence[str]]] = {
    "DK": (
        "Tømrer Smedje Bageri Revision Transport El VVS Gartneri Rengøring Tryk Fysioterapi "
        "Arkitekter Foto Kaffe Hudpleje Møbler"
    ).split(),
    "NO": (
        "Snekkeri Mekaniske Bakeri Regnskap Transport Elektro Rør Gartneri Renhold Trykk "
        "Fysioterapi Arkitekter Foto Kaffe Hudpleie Møbler"
    ).split(),
}
_FORM: Final[dict[Country, Sequence[str]]] = {
    "DK": ("ApS", "ApS", "A/S", "I/S", "v/"),
    "NO": ("AS", "AS", "AS", "ANS", "ENK"),
}
_PREFIX: Final[dict[Country, str]] = {"DK": "45", "NO": "47"}
_PRIVATE_MAIL: Final = ("example.org", "example.com", "example.net", "post.example", "mail.example")
_ASCII: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "/": "", " ": "-"})
_BORN_FROM: Final = date(1952, 1, 1)
_BORN_DAYS: Final = 19_700  # to the end of 2005
_MASK: Final = (1 << 64) - 1


def _mixed(seed: int, number: int) -> int:
    """Return 64 bits that look random (splitmix64): the same for the same arguments, anywhere."""
    z = (seed * 0x9E3779B97F4A7C15 + (number + 1) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def _in_address(text: str) -> str:
    return text.lower().translate(_ASCII)


class Company:
    """A made-up company; a sole trader's bears the owner's own name.

    Args:
        number: Which one; companies of one seed and number are equal.
    """

    __slots__ = ("_bits", "country", "number")

    def __init__(self, country: Country, seed: int, number: int) -> None:
        self.country: Country = country
        self.number = number
        self._bits = _mixed(seed ^ 0xC0, number)

    @property
    def _first_word(self) -> str:
        head, tail = _HEAD[self.country], _TAIL[self.country]
        return head[self._bits % 30] + tail[(self._bits >> 8) % 14]

    @property
    def _trade(self) -> str:
        return _TRADE[self.country][(self._bits >> 16) % 16]

    @property
    def name(self) -> str:
        """Name with legal form; `v/` stands for a sole trader, who follows."""
        form = _FORM[self.country][(self._bits >> 24) % 5]
        if form == "v/":
            return f"{self._trade} v/ {_FIRST['DK'][0][self._bits % 35]} {self._first_word}"
        return f"{self._first_word} {self._trade} {form}"

    @property
    def domain(self) -> str:
        """Its own domain, under `.example`."""
        return _in_address(f"{self._first_word}-{self._trade}{self.number}.example")


class Person:
    """A person who does not exist.

    Args:
        number: Which one; the same number is the same person in every system.
    """

    __slots__ = ("_bits", "_seed", "country", "number")

    def __init__(self, country: Country, seed: int, number: int) -> None:
        self.country: Country = country
        self.number = number
        self._seed = seed
        self._bits = _mixed(seed, number)

    @property
    def woman(self) -> bool:
        """Whether the first name is one that women bear."""
        return bool(self._bits & 1)

    @property
    def first(self) -> str:
        """First name."""
        return _FIRST[self.country][0 if self._bits & 1 else 1][(self._bits >> 1) % 35]

    @property
    def last(self) -> str:
        """Last name."""
        head, tail = _HEAD[self.country], _TAIL[self.country]
        return head[(self._bits >> 8) % 30] + tail[(self._bits >> 14) % 14]

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def company(self) -> Company:
        """Where the person works: about one company to three people."""
        return Company(self.country, self._seed, self.number // 3)

    @property
    def email(self) -> str:
        """Address in its usual spelling; no two people share one."""
        who = f"{self.first}.{self.last}{self.number}".lower().translate(_ASCII)
        if (self._bits >> 20) & 1:
            return f"{who}@{self.company.domain}"
        return f"{who}@{_PRIVATE_MAIL[(self._bits >> 21) % 5]}"

    @property
    def phone(self) -> str:
        """Number in E.164; eight digits that begin with 1."""
        digits = (self.number * 7_368_787 + self._seed) % 10_000_000  # a prime: no two are equal
        return f"+{_PREFIX[self.country]}1{digits:07d}"

    @property
    def born_on(self) -> date:
        """Day of birth, 1952 to 2005; no two with the same last four digits of number share it."""
        days = _mixed(self._seed, self.number % 10_000) + self.number // 10_000
        return _BORN_FROM + timedelta(days=days % _BORN_DAYS)

    @property
    def street(self) -> str:
        """Street and house number."""
        head = _HEAD[self.country][(self._bits >> 40) % 30]
        tail = _STREET[self.country][(self._bits >> 45) % 6]
        return f"{head}{tail} {1 + (self._bits >> 48) % 120}"

    @property
    def town(self) -> str:
        """Postcode and town."""
        return _TOWN[self.country][(self._bits >> 55) % 5]

    @property
    def address(self) -> str:
        """Street, house number, postcode and town on one line."""
        return f"{self.street}, {self.town}"

    @property
    def national_id(self) -> str:
        """Ten digits with a hyphen (DK; no two are equal), or eleven (NO).

        See the module for why nobody has such a number.
        """
        if self.country == "DK":
            return _cpr(self.born_on, self.number % 10_000)
        return _fodselsnummer(self.born_on, (self._bits >> 50) % 500)


class People:
    """The people of one example, by number.

    Args:
        seed: The same seed gives the same people.
    """

    def __init__(self, country: Country, seed: int) -> None:
        self._country: Country = country
        self._seed = seed

    def person(self, number: int) -> Person:
        """Return the person with this number."""
        return Person(self._country, self._seed, number)

    def company(self, number: int) -> Company:
        """Return the company with this number."""
        return Company(self._country, self._seed, number)


def _cpr(born_on: date, serial: int) -> str:
    return f"{born_on.day + 60:02d}{born_on:%m%y}-{serial:04d}"


def _check(digits: Sequence[int], weights: Sequence[int]) -> int:
    return -sum(d * w for d, w in zip(digits, weights, strict=True)) % 11


def _fodselsnummer(born_on: date, serial: int) -> str:
    # Born before 2000: individual numbers 000-499; after: 500-999.
    base = 500 if born_on.year >= 2000 else 0
    for step in range(500):
        individual = base + (serial + step) % 500
        text = f"{born_on.day:02d}{born_on.month + 80:02d}{born_on:%y}{individual:03d}"
        digits = [int(c) for c in text]
        first = _check(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2))
        second = _check([*digits, first], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
        if first < 10 and second < 10:  # a check digit of 10 cannot be written
            return f"{text}{first}{second}"
    raise AssertionError("one in eleven numbers at most has no check digit")


# ------------------------------------------------------------------ as people write it


def written_email(rng: Random, email: str) -> str:
    """Return the address as people type it: some with capitals, some with a space too many."""
    roll = rng.random()
    if roll < 0.88:
        return email
    if roll < 0.93:
        return email[0].upper() + email[1:]
    if roll < 0.96:
        return email.upper()
    return f" {email}" if roll < 0.98 else f"{email} "


def written_phone(rng: Random, phone: str) -> str:
    """Return a number in E.164 as people type it: with or without country code and spaces."""
    country, local = phone[:3], phone[3:]
    spaced = f"{local[:2]} {local[2:4]} {local[4:6]} {local[6:]}"
    roll = rng.random()
    if roll < 0.4:
        return local
    if roll < 0.7:
        return spaced
    if roll < 0.85:
        return f"{country} {spaced}"
    return phone if roll < 0.95 else f"00{country[1:]}{local}"


def written_national_id(rng: Random, number: str) -> str:
    """Return a personal number as people type it: with or without separator."""
    plain = number.replace("-", "")
    if rng.random() < 0.7:
        return number
    return plain if "-" in number else f"{plain[:6]} {plain[6:]}"
