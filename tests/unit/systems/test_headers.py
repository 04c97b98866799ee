"""A column's name speaks of a category by its whole words, in five languages.

Method: names as they stand in Nordic databases; the traps are those that other tools fell into.
"""

from __future__ import annotations

import pytest

from ombud.policy import CATEGORIES
from ombud.systems.headers import guess, guess_beside, is_of_people, names_people, tokens
from unit.systems.live import column, table


def seems(name: str, kind: str = "text", *, of_people: bool = True) -> str:
    return guess(column(f"{name} {kind}"), of_people=of_people).category


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("first_name", ("first", "name")),
        ("firstName", ("first", "name")),
        ("HR_CPRNR", ("hr", "cprnr")),
        ("post-nr", ("post", "nr")),
        ("fødselsDato", ("fødsels", "dato")),
        ("__x", ("x",)),
        ("_", ()),
    ],
)
def test_a_name_is_made_of_words(name: str, words: tuple[str, ...]) -> None:
    assert tokens(name) == words


NAMES = {
    "name": "fornavn efternavn etternavn mellemnavn navn namn förnamn first_name LastName surname",
    "email": "email e_mail epost e_post mail_adresse emailadresse contact_email EMail",
    "phone": "telefon telefonnr telefonnummer tlf mobil mobilnr mobilnummer phone_number cell",
    "national_id": "cpr cprnr HR_CPRNR personnr personnummer fodselsnummer fnr kennitala hetu",
    "date_of_birth": "fødselsdato foedselsdato birth_date birthday dob født born_on alder",
    "address": "adresse vejnavn husnummer etage postnr post_nr postnummer poststed bynavn by city",
    "ip": "ip ip_address last_ip client_ip ipadresse",
    "username": "brukernavn brugernavn username user_name login",
    "bank_account": "kontonr kontonummer iban bank_account",
    "salary": "manedslonn månedslønn lonn salary",
    "gender": "kjonn kjønn køn kön gender",
    "note": "kommentar notat bemærkning merknad notes anneninfo",
    "company": "firma virksomhed bedrift företag company_name",
    "cv": "cv resume",
    "application": "cover_letter ansøgning søknad",
    "device_id": "user_agent device_id imei",
    "health": "diagnose helse allergies",
}


@pytest.mark.parametrize(
    ("name", "category"), [(n, c) for c, names in NAMES.items() for n in names.split()]
)
def test_names_that_speak_of_a_category(name: str, category: str) -> None:
    assert seems(name) == category
    assert category in CATEGORIES


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("email_verified", "boolean", id="a flag"),
        pytest.param("email_count", "integer", id="a count"),
        pytest.param("email_sent_at", "instant", id="a time"),
        pytest.param("phone_type", "text", id="a kind"),
        pytest.param("email", "boolean", id="a flag of the name"),
        pytest.param("name", "date", id="a date"),
        pytest.param("mail_server", "text", id="a machine"),
        pytest.param("web_address", "text", id="an address of the web"),
        pytest.param("file_name", "text", id="a file"),
        pytest.param("package", "text", id="age within a word"),
        pytest.param("handicapadgang", "text", id="a way in for wheelchairs"),
        pytest.param("status", "text", id="a code"),
    ],
)
def test_names_that_only_sound_like_it(name: str, kind: str) -> None:
    assert seems(name, kind) == ""


@pytest.mark.parametrize(
    ("name", "kind"), [("phone", "integer"), ("cpr", "integer"), ("postnr", "integer")]
)
def test_numbers_of_people_are_found_in_number_columns(name: str, kind: str) -> None:
    assert seems(name, kind) != ""


@pytest.mark.parametrize("name", ["name", "navn", "title", "by", "longitude", "city", "company"])
def test_what_things_have_too_speaks_of_people_only_in_their_tables(name: str) -> None:
    assert seems(name, of_people=True) != ""
    assert seems(name, of_people=False) == ""


def test_free_text_can_mention_others() -> None:
    assert guess(column("notes text"), of_people=True).mentions_others
    assert not guess(column("email text"), of_people=True).mentions_others


@pytest.mark.parametrize(
    ("name", "kind", "sure"),
    [
        pytest.param("wording", "text", False, id="a text"),
        pytest.param("gross", "number", False, id="a number"),
        pytest.param("from_number", "text", False, id="a number in a text"),
        pytest.param("number", "text", True, id="the number"),
        pytest.param("status", "text", True, id="a code"),
        pytest.param("created_at", "instant", True, id="a time"),
        pytest.param("contact_id", "integer", True, id="a link"),
        pytest.param("active", "boolean", True, id="a flag"),
    ],
)
def test_what_does_not_tell_is_asked(name: str, kind: str, sure: bool) -> None:
    """A text nobody looked at must not pass for one that holds no personal data."""
    found = guess(column(f"{name} {kind}"), of_people=True)
    assert (found.category, found.sure) == ("", sure)


def test_which_tables_are_of_people() -> None:
    assert is_of_people(table("kunder", "id integer!"))
    assert is_of_people(table("x7", "id integer!, epost text"))
    assert not is_of_people(table("events", "id integer!, name text, city text"))


@pytest.mark.parametrize(
    ("name", "kind", "category"),
    [
        pytest.param("billing_address_id", "integer", "", id="a link to an address"),
        pytest.param("address_id", "uuid", "", id="a link by uuid"),
        pytest.param("device_id", "integer", "device_id", id="an id of a person's device"),
        pytest.param("num_orders_by_phone", "integer", "", id="how many"),
        pytest.param("antal_adresser", "integer", "", id="how many, in Danish"),
        pytest.param("number_of_phone", "text", "phone", id="a text is no count"),
        pytest.param("line1", "text", "address", id="a line of an address"),
        pytest.param("session_key", "text", "cookie_id", id="the cookie of a session"),
    ],
)
def test_links_and_counts_hold_nothing_of_what_they_name(
    name: str, kind: str, category: str
) -> None:
    assert seems(name, kind) == category


def beside(name: str, columns: str) -> dict[str, tuple[str, bool]]:
    there = table(name, columns)
    alone = {c: guess(each, of_people=True) for c, each in there.columns.items()}
    return {c: (g.category, g.sure) for c, g in guess_beside(there, alone).items()}


def test_a_state_is_a_part_of_an_address_beside_one() -> None:
    assert beside("x", "postcode text, state text")["state"] == ("address", False)
    assert beside("x", "email text, state text")["state"] == ("", True)


def test_the_number_of_a_card_is_asked() -> None:
    assert beside("payment_bankcard", "number text")["number"] == ("", False)
    assert beside("orders", "number text")["number"] == ("", True)


def test_which_tables_have_a_person_in_each_row() -> None:
    assert names_people(table("auth_user", "id integer!"))
    assert not names_people(table("user_addresses", "id integer!, email text"))
