"""Which category does a column's name speak of? A guess, from whole words in five languages.

Names are split into words, and only whole words count: `message` is no `age`. What speaks of the
address of a machine is looked at before what speaks of the address of a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ombud.systems.live import ColumnType, LiveColumn, LiveTable

Types = frozenset[ColumnType]

_TEXT: Final[Types] = frozenset({"text", "other", "array", "json"})
_NUMBERED: Final[Types] = frozenset({"text", "integer", "number", "other"})
_DATED: Final[Types] = frozenset({"text", "date", "local_timestamp", "instant", "integer", "other"})
_ANY: Final[Types] = frozenset({*_TEXT, *_NUMBERED, *_DATED, "enum", "binary", "uuid"})
_FREE_TEXT: Final = frozenset({"note", "message", "application", "cv", "health", "report"})


@dataclass(frozen=True)
class Guess:
    """What a column seems to hold.

    Args:
        category: Built-in category; empty: no personal data.
        sure: False where a person must look at it.
        mentions_others: Free text.
    """

    category: str
    sure: bool = True
    mentions_others: bool = False


@dataclass(frozen=True)
class _Rule:
    """Words that speak of a category; words that go together are joined by a blank."""

    category: str
    words: str
    types: Types = _TEXT
    sure: bool = True
    unless: str = ""

    def fits(self, tokens: tuple[str, ...]) -> bool:
        """Return whether a name has one of the words, or words that stand beside each other."""
        joined = f" {' '.join(tokens)} "
        if any(f" {word} " in joined for word in self.unless.split()):
            return False
        return any(f" {word.strip().replace('+', ' ')} " in joined for word in self.words.split())


_NO_PERSON: Final = "url uri link web host domain server file path template smtp"
_RULES: Final = (
    _Rule("national_id", "cpr cprnr cprnummer personnummer personnr fodselsnummer fødselsnummer"
          " foedselsnummer fødselsnr fodselsnr foedselsnr fnr ssn kennitala hetu henkilötunnus"
          " henkilotunnus samordningsnummer national+id social+security person+nr personal+number"
          " identity+number", _NUMBERED),
    _Rule("ip", "ip ipaddress ipaddr ipadresse ipadress ipv4 ipv6", _TEXT),
    _Rule("device_id", "imei idfa gaid useragent user+agent deviceid device+id mac"
          " macaddress", _ANY),
    _Rule("cookie_id", "cookie cookieid cookie+id visitorid visitor+id", _ANY),
    _Rule("cookie_id", "sessionkey session+key", _TEXT, sure=False),
    _Rule("email", "email emailaddress e+mail mail epost e+post epostadresse epostadress"
          " mailadresse mailadress emailadresse", _TEXT, unless="subject " + _NO_PERSON),
    _Rule("phone", "phone phonenumber telephone telefon telefonnr telefonnummer tlf tlfnr tel mobil"
          " mobile mobilnr mobilnummer mobiltelefon cellphone cell msisdn", _NUMBERED),
    _Rule("date_of_birth", "birthday birthdate dob born birth birthyear fodselsdato fødselsdato"
          " foedselsdato fødselsdag fodselsdag foedselsdag fødselsår født foedt fodt födelsedatum"
          " fodelsedatum född", _DATED),
    _Rule("date_of_birth", "age alder ålder", _DATED, sure=False),
    _Rule("gender", "gender sex kjonn kjønn kjoenn køn koen kön", _ANY),
    _Rule("bank_account", "iban kontonr kontonummer bankkonto bankkontonummer bankgiro plusgiro"
          " bankaccount bank+account account+number", _NUMBERED),
    _Rule("salary", "salary wage lønn lonn løn loen lön månedslønn manedslonn månedsløn", _ANY),
    _Rule("health", "health helse helbred hälsa diagnosis diagnose diagnos allergy allergies"
          " allergi allergier sygdom sykdom sjukdom disability medicin medisin medication"
          " sykmelding sygemelding", _ANY, sure=False),
    _Rule("absence", "absence fravær fravaer fraver sygefravær sykefravær frånvaro sick", _ANY,
          sure=False),
    _Rule("religion", "religion", _ANY, sure=False),
    _Rule("ethnicity", "ethnicity etnicitet etnisitet", _ANY, sure=False),
    _Rule("trade_union", "tradeunion trade+union fagforening fackförbund", _ANY, sure=False),
    _Rule("criminal_record", "straffeattest politiattest børneattest criminal+record", _ANY,
          sure=False),
    _Rule("username", "username user+name brugernavn brukernavn användarnamn login nickname"
          " screenname screen+name", _TEXT),
    _Rule("company_number", "cvr cvrnr cvrnummer orgnr orgnummer organisationsnummer"
          " organisasjonsnummer org+nr organisation+number organization+number", _NUMBERED,
          sure=False),
    _Rule("company", "company companyname firma firmanavn virksomhed virksomhedsnavn virksomhet"
          " bedrift företag foretag organisation organization employer arbejdsgiver arbeidsgiver"
          " arbetsgivare", _TEXT, sure=False, unless="id type"),
    _Rule("address", "address adresse adress street streetname gade vej vejnavn gate gatenavn gata"
          " gatuadress husnr husnummer etage postnr postnummer post+nr zip zipcode zip+code"
          " postcode postal+code postalcode bynavn by+navn poststed postort town city",
          _NUMBERED, unless=_NO_PERSON + " mac ip wallet"),
    _Rule("address", "line1 line2 line3 line4 address1 address2 address3", _TEXT, sure=False),
    _Rule("name", "fornavn efternavn etternavn mellemnavn mellomnavn fornamn förnamn efternamn"
          " mellannamn firstname lastname middlename surname forename fullname displayname"
          " first+name last+name middle+name full+name given+name family+name display+name"
          " contact+name contactname kontaktperson kontaktnavn maiden+name", _TEXT),
    _Rule("name", "addressee attention attn recipient modtager mottaker owner host visitor author"
          " signer", _TEXT, sure=False),
    _Rule("title", "jobtitle job+title stilling stillingsbetegnelse befattning occupation", _TEXT),
    _Rule("photo", "photo avatar picture portrait foto billede bilde profile+image", _ANY,
          sure=False),
    _Rule("cv", "cv resume résumé", _ANY),
    _Rule("application", "coverletter cover+letter ansøgning ansoegning søknad soknad ansökan",
          _ANY),
    _Rule("note", "note notes notat notater anteckning anteckningar kommentar kommentarer comment"
          " comments remark remarks bemærkning bemærkninger bemaerkning bemerkning merknad"
          " anmärkning andeninfo anneninfo", _TEXT),
    _Rule("message", "message besked melding meddelande body", _TEXT, sure=False),
)  # fmt: skip
_OF_A_PERSON: Final = (
    _Rule("name", "name navn namn nafn nimi", _TEXT, unless=_NO_PERSON + " company firm"),
    _Rule("title", "title titel tittel", _TEXT, sure=False),
    _Rule("address", "by sted ort", _TEXT, sure=False),
    _Rule("location", "latitude longitude lat lng lon gps", _ANY, sure=False),
)
"""What speaks of a person only where the table does."""

_PERSON_TABLES: Final = frozenset(
    "person people persons user users member members customer customers client clients contact"
    " contacts employee employees staff applicant applicants candidate candidates participant"
    " participants subscriber subscribers patient patients student students guest guests lead leads"
    " personer bruger brugere bruker brukere medlem medlemmer kunde kunder kontakt kontakter"
    " medarbejder medarbejdere ansat ansatte ansøger ansøgere søker søkere kandidat kandidater"
    " deltager deltagere deltaker deltakere borger borgere innbygger innbyggere elev elever"
    " användare medlemmar kund anställd anställda sökande deltagare".split()
)
_TELLS_A_PERSON: Final = frozenset({"email", "phone", "national_id", "date_of_birth", "name"})
_ABOUT_SOMETHING: Final = frozenset(
    "count verified sent type status enabled opened bounced flag valid confirmed hash at on"
    " template format length token".split()
)
"""Last words that speak of something else: `email_verified`, `phone_type`."""

_NUMBERED_BY: Final = frozenset("num number count antal antall nof".split())
"""First words of a column that counts what the others name: `num_orders_by_address`."""
_IDS_OF_PEOPLE: Final = frozenset("national_id device_id cookie_id ip contact_id".split())
"""Categories that a number or uuid called an id can hold; any other is a link to another table."""
_IDS: Final = frozenset({"id", "ids"})
_KEYED: Final = frozenset({"integer", "number", "uuid"})
_PLACES: Final = frozenset("state region county province fylke kommune landsdel".split())
"""What is a code in most tables, and a part of the address beside one."""
_OF_CARDS: Final = frozenset(
    "card bankcard creditcard debitcard kort betalingskort bankaccount konto passport pas licence"
    " license id identity".split()
)
"""Words of tables whose `number` tells a person apart."""

_OF_THINGS_TOO: Final = frozenset(
    "company company_number photo address date_of_birth note message".split()
)
"""What companies, places and things have too."""

_PLAIN_TYPES: Final = frozenset("boolean date local_timestamp instant enum uuid".split())
_CODES: Final = frozenset(
    "id ids status state kind type code currency language lang locale slug version unit format year"
    " month day quantity count position rank".split()
)
"""Last words of columns that tell rows apart or sort them, whatever they are about."""
_NUMBERS: Final = frozenset("number no nr".split())
"""The same, unless it is a text with a word before: `from_number` can be a telephone's."""


def tokens(name: str) -> tuple[str, ...]:
    """Return the words of a name, in small letters: `HR_CPRNr`, `firstName`, `post-nr`."""
    apart = re.sub(r"(?<=[a-zæøåäöéð])(?=[A-ZÆØÅÄÖ])", "_", name)
    return tuple(word for word in re.split(r"[\W_]+", apart.lower()) if word)


def is_of_people(table: LiveTable) -> bool:
    """Return whether a table's rows seem to be about people."""
    if _PERSON_TABLES & set(tokens(table.name)):
        return True
    found = {_by_rules(column, _RULES) for column in table.columns.values()}
    return any(guess and guess.category in _TELLS_A_PERSON for guess in found)


def names_people(table: LiveTable) -> bool:
    """Return whether a table's name says that each row is a person: `auth_user`, `kunder`."""
    return bool(_PERSON_TABLES & {*tokens(table.name)[-1:]})


def guess_beside(table: LiveTable, seems: dict[str, Guess]) -> dict[str, Guess]:
    """Return the guesses, with what only the columns beside one and the table's name tell."""
    addressed = any(found.category == "address" for found in seems.values())
    carded = bool(_OF_CARDS & {*tokens(table.name)})
    told = dict(seems)
    for name, found in seems.items():
        words = tokens(name)
        if found.category or table.columns[name].type != "text":
            continue
        if addressed and len(words) == 1 and _PLACES & {*words}:
            told[name] = Guess("address", sure=False)
        if carded and _NUMBERS & {*words[-1:]}:
            told[name] = Guess("", sure=False)
    return told


def guess(column: LiveColumn, *, of_people: bool, near_people: bool = True) -> Guess:
    """Return what a column seems to hold; a text that says nothing of itself is never sure.

    Args:
        column: As the database describes it.
        of_people: The table's rows seem to be about people.
        near_people: Or they refer to rows that are.
    """
    found = _by_rules(column, _RULES) or (_by_rules(column, _OF_A_PERSON) if of_people else None)
    if found is not None:
        if of_people or found.category not in _OF_THINGS_TOO:
            return found
        free = found.mentions_others
        return Guess(found.category if free else "", sure=False, mentions_others=free)
    return Guess("", sure=_is_plain(column, near_people=of_people or near_people))


def _is_plain(column: LiveColumn, *, near_people: bool) -> bool:
    words = tokens(column.name)
    alone = len(words) == 1 or column.type != "text"
    if column.type in _PLAIN_TYPES or {*words[-1:]} & (_CODES | _NUMBERS if alone else _CODES):
        return True
    return column.type in ("integer", "number", "time") and not near_people


def _by_rules(column: LiveColumn, rules: tuple[_Rule, ...]) -> Guess | None:
    words = tokens(column.name)
    if not words or column.type == "boolean":
        return None
    if len(words) > 1 and words[-1] in _ABOUT_SOMETHING and words[:1] != ("born",):
        return None
    if len(words) > 1 and words[0] in _NUMBERED_BY and column.type in ("integer", "number"):
        return None
    links = column.type in _KEYED and words[-1] in _IDS
    for rule in rules:
        if links and rule.category not in _IDS_OF_PEOPLE:
            continue
        if column.type in rule.types and rule.fits(words):
            free = rule.category in _FREE_TEXT and column.type == "text"
            return Guess(rule.category, rule.sure, free)
    return None
