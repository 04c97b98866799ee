"""What does a policy look like before it is written? A skeleton that parses, to be filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from ombud.document import did_you_mean, quoted
from ombud.errors import Unknown


class _Words(NamedTuple):
    """The texts of the skeleton in one language."""

    language: str
    people: str
    last_contact: str
    title: str
    purpose: str
    interest: str
    promise: str


_WORDS: Final[Mapping[str, _Words]] = {
    "DK": _Words(
        "da",
        "Personer, der henvender sig",
        "den seneste henvendelse",
        "Henvendelser",
        "Svare dem, der henvender sig til os.",
        "At kunne svare den, der spørger",
        "Et år efter din seneste henvendelse sletter vi den.",
    ),
    "NO": _Words(
        "nb",
        "Personer som henvender seg",
        "den siste henvendelsen",
        "Henvendelser",
        "Svare dem som henvender seg til oss.",
        "Å kunne svare den som spør",
        "Ett år etter din siste henvendelse sletter vi den.",
    ),
    "SE": _Words(
        "sv",
        "Personer som hör av sig",
        "den senaste kontakten",
        "Förfrågningar",
        "Svara dem som hör av sig till oss.",
        "Att kunna svara den som frågar",
        "Ett år efter din senaste kontakt raderar vi uppgifterna.",
    ),
    "FI": _Words(
        "fi",
        "Yhteydenottajat",
        "viimeisin yhteydenotto",
        "Yhteydenotot",
        "Vastaamme meihin yhteyttä ottaneille.",
        "Mahdollisuus vastata kysyjälle",
        "Poistamme tiedot vuoden kuluttua viimeisimmästä yhteydenotostasi.",
    ),
    "IS": _Words(
        "is",
        "Þau sem hafa samband",
        "síðustu samskipti",
        "Fyrirspurnir",
        "Að svara þeim sem hafa samband við okkur.",
        "Að geta svarað þeim sem spyrja",
        "Ári eftir síðustu samskipti eyðum við upplýsingunum.",
    ),
}

_SKELETON: Final = """\
# What {name} promises about personal data. A beginning: look at every line that says `check`.
organisation:
  name: {quoted_name}
  number: "00000000"                # check: the registration number; zeros count as none
  country: "{country}"
  languages: [{tag}, en]            # check: the languages you publish in, the main one first
  contact:
    email: privacy@example.org      # check: where people write about their data
    # address: "Torvet 1, 1000 By"  # check: the postal address, without the `#` in front
  dpo: none                         # check: none, or how to reach the data protection officer

subjects:                           # groups of people
  enquirers: {{title: {{{tag}: "{people}", en: People who contact us}}}}

clocks:                             # events that start a period
  last_contact: {{{tag}: "{last_contact}", en: the last contact}}

activities:                         # check: this one is an example; write your own
  enquiries:
    title: {{{tag}: "{title}", en: Enquiries}}
    purpose: {{{tag}: "{purpose}", en: Answering people who contact us.}}
    about: enquirers
    data: [name, email, phone, message]
    basis:
      legitimate_interests: {{{tag}: "{interest}", en: Being able to answer people who ask}}
    keep: {{for: 1 year, after: last_contact}}

promises:
  - id: P-1
    says:
      {tag}: "{promise}"
      en: One year after your last enquiry we erase it.
    proof: {{rule: [enquiries]}}
"""


def draft_policy(country: str, name: str) -> str:
    """Return a policy with one example in it, as YAML for a person to fill in.

    Args:
        country: Two letters of the country whose law the organisation is under.
        name: Name of the organisation.

    Raises:
        Unknown: Ombud does not know the country; nothing was made.
    """
    words = _WORDS.get(country)
    if words is None:
        raise Unknown(f"unknown country {quoted(country)}", help=did_you_mean(country, [*_WORDS]))
    one_line = " ".join(name.split()) or "The organisation"
    escaped = one_line.replace("\\", "\\\\").replace('"', '\\"')
    return _SKELETON.format(
        name=one_line,
        quoted_name=f'"{escaped}"',
        country=country,
        tag=words.language,
        people=words.people,
        last_contact=words.last_contact,
        title=words.title,
        purpose=words.purpose,
        interest=words.interest,
        promise=words.promise,
    )
