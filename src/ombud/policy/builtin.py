"""What has a name in every policy without being declared: categories, holds, clocks of the law."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from ombud.policy.model import Category, CategoryKind, Text

_LANGUAGES: Final = ("da", "nb", "nn", "sv", "en")


def _text(titles: str) -> Text:
    return MappingProxyType(dict(zip(_LANGUAGES, titles.split(" | "), strict=True)))


# Danish | bokmål | nynorsk | Swedish | English
_ORDINARY: Final = {
    "name": "Navn | Navn | Namn | Namn | Name",
    "company": "Virksomhed | Virksomhet | Verksemd | Företag | Company",
    "title": "Stilling | Stilling | Stilling | Befattning | Job title",
    "email": "E-mailadresse | E-postadresse | E-postadresse | E-postadress | E-mail address",
    "phone": "Telefonnummer | Telefonnummer | Telefonnummer | Telefonnummer | Phone number",
    "address": "Adresse | Adresse | Adresse | Adress | Address",
    "date_of_birth": "Fødselsdato | Fødselsdato | Fødselsdato | Födelsedatum | Date of birth",
    "gender": "Køn | Kjønn | Kjønn | Kön | Gender",
    "photo": "Billede | Bilde | Bilete | Bild | Photo",
    "video": "Videooptagelse | Videoopptak | Videoopptak | Videoinspelning | Video recording",
    "note": "Note | Notat | Notat | Anteckning | Note",
    "message": "Besked | Melding | Melding | Meddelande | Message",
    "username": "Brugernavn | Brukernavn | Brukarnamn | Användarnamn | User name",
    "ip": "IP-adresse | IP-adresse | IP-adresse | IP-adress | IP address",
    "device_id": "Enheds-id | Enhets-ID | Einings-ID | Enhets-id | Device identifier",
    "location": "Placering | Posisjon | Posisjon | Plats | Location",
    "usage": "Adfærd på hjemmesiden | Bruk av nettstedet | Bruk av nettstaden"
    " | Användning av webbplatsen | Use of the website",
    "cookie_id": "Cookie-id | Informasjonskapsel-ID | Informasjonskapsel-ID | Cookie-id"
    " | Cookie identifier",
    "invoice_lines": "Fakturalinjer | Fakturalinjer | Fakturalinjer | Fakturarader | Invoice lines",
    "order_lines": "Ordrelinjer | Ordrelinjer | Ordrelinjer | Orderrader | Order lines",
    "purchase_history": "Købshistorik | Kjøpshistorikk | Kjøpshistorikk | Köphistorik"
    " | Purchase history",
    "payment": "Betaling | Betaling | Betaling | Betalning | Payment",
    "bank_account": "Bankkonto | Bankkonto | Bankkonto | Bankkonto | Bank account",
    "salary": "Løn | Lønn | Løn | Lön | Pay",
    "employment": "Ansættelsesforhold | Ansettelsesforhold | Tilsetjingsforhold | Anställning"
    " | Employment",
    "working_time": "Arbejdstid | Arbeidstid | Arbeidstid | Arbetstid | Working time",
    "absence": "Fravær | Fravær | Fråvær | Frånvaro | Absence",
    "cv": "CV | CV | CV | CV | CV",
    "application": "Ansøgning | Søknad | Søknad | Ansökan | Application",
    "reference": "Reference | Referanse | Referanse | Referens | Reference",
    "test_result": "Testresultat | Testresultat | Testresultat | Testresultat | Test result",
    "survey_answer": "Spørgeskemasvar | Svar på undersøkelse | Svar på undersøking | Enkätsvar"
    " | Survey answer",
    "attendance": "Fremmøde | Oppmøte | Oppmøte | Närvaro | Attendance",
    "plan": "Plan | Plan | Plan | Plan | Plan",
    "report": "Rapport | Rapport | Rapport | Rapport | Report",
    "contact_id": "Kontakt-id | Kontakt-ID | Kontakt-ID | Kontakt-id | Contact identifier",
    "company_number": "CVR-nummer | Organisasjonsnummer | Organisasjonsnummer"
    " | Organisationsnummer | Company number",
    "case_note": "Sagsnotat | Saksnotat | Saksnotat | Ärendeanteckning | Case note",
    "correspondence": "Korrespondance | Korrespondanse | Korrespondanse | Korrespondens"
    " | Correspondence",
    "call_log": "Opkaldslog | Samtalelogg | Samtalelogg | Samtalslogg | Call log",
    "calendar_entry": "Kalenderaftale | Kalenderavtale | Kalenderavtale | Kalenderpost"
    " | Calendar entry",
}
_PROTECTED: Final[dict[str, tuple[CategoryKind, str]]] = {
    "health": ("special", "Helbred | Helse | Helse | Hälsa | Health"),
    "ethnicity": (
        "special",
        "Race eller etnisk oprindelse | Rase eller etnisk opprinnelse"
        " | Rase eller etnisk opphav | Ras eller etniskt ursprung | Racial or ethnic origin",
    ),
    "political": (
        "special",
        "Politisk overbevisning | Politisk oppfatning | Politisk oppfatning | Politiska åsikter"
        " | Political opinions",
    ),
    "religion": (
        "special",
        "Religiøs eller filosofisk overbevisning | Religion eller livssyn"
        " | Religion eller livssyn | Religiös eller filosofisk övertygelse"
        " | Religious or philosophical beliefs",
    ),
    "trade_union": (
        "special",
        "Fagforeningsmæssigt tilhørsforhold | Fagforeningsmedlemskap"
        " | Fagforeiningsmedlemskap | Medlemskap i fackförening | Trade union membership",
    ),
    "genetic": (
        "special",
        "Genetiske data | Genetiske opplysninger | Genetiske opplysningar"
        " | Genetiska uppgifter | Genetic data",
    ),
    "biometric": (
        "special",
        "Biometriske data | Biometriske opplysninger | Biometriske opplysningar"
        " | Biometriska uppgifter | Biometric data",
    ),
    "sex_life": (
        "special",
        "Seksuelle forhold eller seksuel orientering | Seksuelle forhold eller seksuell orientering"
        " | Seksuelle forhold eller seksuell orientering | Sexualliv eller sexuell läggning"
        " | Sex life or sexual orientation",
    ),
    "criminal_record": (
        "criminal",
        "Straffedomme og lovovertrædelser | Straffedommer og lovovertredelser"
        " | Straffedommar og lovbrot | Fällande domar och lagöverträdelser"
        " | Criminal convictions and offences",
    ),
    "national_id": (
        "national_id",
        "Personnummer (CPR) | Fødselsnummer | Fødselsnummer | Personnummer"
        " | National identification number",
    ),
}

RECORDED: Final = frozenset({"ip", "device_id", "location", "usage", "cookie_id", "video"})
"""Categories that nobody gives: they are recorded while people use or pass something."""

CATEGORIES: Final = MappingProxyType(
    {id_: Category(id_, "ordinary", _text(titles)) for id_, titles in _ORDINARY.items()}
    | {id_: Category(id_, kind, _text(titles)) for id_, (kind, titles) in _PROTECTED.items()}
)
"""Categories that every policy has, by id; the law has decided what kind they are.

Law:
    GDPR Art. 9(1)
    GDPR Art. 10
    GDPR Art. 87
"""

HOLD_KINDS: Final = MappingProxyType(
    {
        "legal_claim": _text("Retskrav | Rettskrav | Rettskrav | Rättsligt anspråk | Legal claim"),
        "police_report": _text(
            "Politianmeldelse | Politianmeldelse | Politimelding | Polisanmälan | Police report"
        ),
        "concrete_dispute": _text(
            "Konkret tvist | Konkret tvist | Konkret tvist | Konkret tvist | Concrete dispute"
        ),
        "incident": _text("Hændelse | Hendelse | Hending | Händelse | Incident"),
        "restriction": _text(
            "Begrænsning af behandling | Begrensning av behandling | Avgrensing av behandling"
            " | Begränsning av behandling | Restriction of processing"
        ),
        "investigation": _text(
            "Undersøgelse | Undersøkelse | Undersøking | Utredning | Investigation"
        ),
    }
)
"""Kinds of holds that every policy has, by id."""

CONSENT_GIVEN: Final = "consent_given"
CONSENT_WITHDRAWN: Final = "consent_withdrawn"

CLOCKS: Final = MappingProxyType(
    {
        CONSENT_GIVEN: _text(
            "samtykket er givet | samtykket ble gitt | samtykket vart gitt"
            " | samtycket gavs | the consent was given"
        ),
        "booked": _text(
            "transaktionen er bogført | transaksjonen ble bokført | transaksjonen vart bokført"
            " | affärshändelsen bokfördes | the transaction was booked"
        ),
        "reported": _text(
            "oplysningen er indberettet | opplysningen ble rapportert"
            " | opplysninga vart rapportert | uppgiften rapporterades | the figure was reported"
        ),
        "recorded": _text(
            "oplysningen er optaget | opptaket ble gjort | opptaket vart gjort"
            " | uppgiften spelades in | the recording was made"
        ),
        "reference_period_ended": _text(
            "referenceperioden er slut | referanseperioden er slutt | referanseperioden er slutt"
            " | referensperioden är slut | the reference period ended"
        ),
        "relationship_ended": _text(
            "kundeforholdet er ophørt | kundeforholdet ble avsluttet"
            " | kundeforholdet vart avslutta | kundförhållandet upphörde"
            " | the business relationship ended"
        ),
        "breach_or_due": _text(
            "kravet er forfaldet eller misligholdt | kravet forfalt eller ble misligholdt"
            " | kravet forfall eller vart misleghalde | fordran förföll eller avtalet bröts"
            " | the claim fell due or the breach happened"
        ),
        "due": _text(
            "kravet er forfaldet | kravet forfalt | kravet forfall | fordran förföll"
            " | the claim fell due"
        ),
        "claim_arose": _text(
            "kravet er opstået | kravet oppsto | kravet oppstod | fordran uppkom | the claim arose"
        ),
        "recruitment_ended": _text(
            "rekrutteringen er afsluttet | rekrutteringen ble avsluttet"
            " | rekrutteringa vart avslutta | rekryteringen avslutades | recruitment ended"
        ),
        "employment_ended": _text(
            "ansættelsen er ophørt | ansettelsen tok slutt | tilsetjinga tok slutt"
            " | anställningen upphörde | employment ended"
        ),
        "stopped_working": _text(
            "medarbejderen er fratrådt | medarbeideren sluttet | medarbeidaren slutta"
            " | medarbetaren slutade | the employee stopped working"
        ),
        "last_used": _text(
            "samtykket er sidst brugt | samtykket ble sist brukt | samtykket vart sist brukt"
            " | samtycket användes senast | the consent was last used"
        ),
        "report_sent": _text(
            "rapporten er sendt | rapporten ble sendt | rapporten vart send"
            " | rapporten skickades | the report was sent"
        ),
    }
)
"""Titles of clocks that nobody has to declare: the consent's own and those of facts of law."""
