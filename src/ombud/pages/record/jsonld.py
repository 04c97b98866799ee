"""How does a program read a record? As JSON-LD in the words of the Data Privacy Vocabulary 2.3."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

from ombud.pages.clean import clean
from ombud.pages.phrases import rule_in_words, sentence
from ombud.pages.record.words import record_words
from ombud.pages.voice import outside
from ombud.pages.words import LANGUAGES
from ombud.policy.model import (
    Activity,
    After,
    Automated,
    BasisKind,
    CategoryKind,
    Contact,
    Keep,
    NeededFrom,
    Party,
    Policy,
    SpecialKind,
    Text,
    parts_of,
)

Json = dict[str, Any]

# Frozen: nothing is fetched to read it.
_CONTEXT: Final = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_BASES: Final[dict[BasisKind, str]] = {
    "consent": "eu-gdpr:A6-1-a",
    "contract": "eu-gdpr:A6-1-b",
    "legal_obligation": "eu-gdpr:A6-1-c",
    "vital_interests": "eu-gdpr:A6-1-d",
    "public_task": "eu-gdpr:A6-1-e",
    "legitimate_interests": "eu-gdpr:A6-1-f",
}
_SPECIAL: Final[dict[SpecialKind, str]] = {
    "consent": "eu-gdpr:A9-2-a",
    "employment": "eu-gdpr:A9-2-b",
    "vital_interests": "eu-gdpr:A9-2-c",
    "association": "eu-gdpr:A9-2-d",
    "made_public": "eu-gdpr:A9-2-e",
    "legal_claims": "eu-gdpr:A9-2-f",
    "substantial_public_interest": "eu-gdpr:A9-2-g",
    "health_care": "eu-gdpr:A9-2-h",
    "public_health": "eu-gdpr:A9-2-i",
    "archiving_research": "eu-gdpr:A9-2-j",
}
_DATA: Final[dict[CategoryKind, str]] = {
    "ordinary": "dpv:PersonalData",
    "special": "dpv:SpecialCategoryPersonalData",
    "criminal": "dpv:SensitivePersonalData",
    "national_id": "dpv:IdentifyingPersonalData",
}


def to_jsonld(policy: Policy, *, on: date) -> bytes:
    """Return a record as JSON-LD, with every text in each language that the organisation has.

    Ids are names inside the document; it fetches nothing and names no address of Ombud's.

    Args:
        on: Local day on which it says what the policy says.
    """
    organisation = policy.organisation
    controller: Json = {
        "@id": "#organisation",
        "@type": ["dpv:DataController"],
        "dpv:hasName": clean(organisation.name),
        "dpv:hasIdentifier": clean(organisation.number),
        "dpv:hasCountry": organisation.country,
        **_reached(organisation.contact),
    }
    if organisation.dpo is not None:
        controller["dpv:hasDataProtectionOfficer"] = {
            "@type": ["dpv:DataProtectionOfficer"],
            "dpv:hasName": clean(organisation.dpo.name),
            **_reached(organisation.dpo),
        }
    record: Json = {
        "@context": _CONTEXT,
        "@id": f"urn:sha256:{policy.source_digest}",
        "@type": ["dpv:DataProcessingRecord"],
        "dct:issued": {"@type": "xsd:date", "@value": on.isoformat()},
        "dct:conformsTo": "https://w3id.org/dpv/2.3",
        "dpv:hasDataController": controller,
        "dpv:hasProcess": [_described(policy, each) for each in policy.activities.values()],
    }
    if policy.security:
        record["dpv:hasTechnicalOrganisationalMeasure"] = [
            {"@type": ["dpv:TechnicalOrganisationalMeasure"], "dct:description": _texts(text)}
            for text in policy.security
        ]
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def _described(policy: Policy, activity: Activity) -> Json:
    own = [{"@id": "#organisation"}] if activity.role.kind == "processor" else []
    kind = "DataSubProcessor" if own else "DataProcessor"
    processors = [
        *own,
        *(_party(policy, policy.processors[id], kind) for id in activity.processors),
    ]
    recipients = [_party(policy, policy.recipients[id], "Recipient") for id in activity.recipients]
    made: Json = {
        "@id": f"#activity-{activity.id}",
        "@type": ["dpv:PersonalDataProcess"],
        "dct:title": _texts(activity.title),
        "dpv:hasPurpose": {"@type": ["dpv:Purpose"], "dct:description": _texts(activity.purpose)},
        "dpv:hasDataSubject": [
            {"@type": ["dpv:DataSubject"], "dct:title": _texts(policy.subjects[id])}
            for id in activity.about
            if id in policy.subjects
        ],
        "dpv:hasPersonalData": [
            {
                "@type": [_DATA[policy.categories[id].kind]],
                "dct:title": _texts(
                    {
                        tag: text
                        for tag, text in policy.categories[id].title.items()
                        if tag in policy.organisation.languages
                    }
                ),
            }
            for id in activity.data
        ],
        "dpv:hasStorageCondition": _storage(policy, activity),
    }
    made |= _role(policy, activity)
    if activity.automated is not None:
        made |= _automated(activity.automated)
    if processors:
        made["dpv:hasDataProcessor"] = processors
    if recipients:
        made["dpv:hasRecipient"] = recipients
    return made


def _role(policy: Policy, activity: Activity) -> Json:
    """Return who decides, and on what basis where that is the organisation's to say."""
    role, basis = activity.role, activity.basis
    other: Json = {"dpv:hasName": _name(policy, role.party), **_reached(role.contact)}
    if role.kind == "processor":
        return {"dpv:hasDataController": {"@type": ["dpv:DataController"], **other}}
    bases = [_BASES[basis.kind], *([_SPECIAL[basis.special]] if basis.special else [])]
    made: Json = {"dpv:hasLegalBasis": [{"@id": each} for each in bases]}
    if role.kind == "joint":
        made["dpv:hasJointDataControllers"] = {
            "@type": ["dpv:JointDataControllers"],
            "dpv:hasDataController": [
                {"@id": "#organisation"},
                {"@type": ["dpv:DataController"], **other},
            ],
        }
    else:
        made["dpv:hasDataController"] = {"@id": "#organisation"}
    return made


def _automated(decision: Automated) -> Json:
    """Return the decision, its logic and, where the regulation gives them, the rights against it.

    Law:
        GDPR Art. 22(3)
    """
    logic = {"@type": ["dpv:AlgorithmicLogic"], "dct:description": _texts(decision.logic)}
    made: Json = {
        "dpv:hasContext": {
            "@type": ["dpv:AutomatedDecisionMaking"],
            "dct:title": _texts(decision.decides),
            "dct:description": _texts(decision.consequences),
            "dpv:hasContext": logic,
        }
    }
    if decision.reviewed:
        made["dpv:hasRight"] = [{"@id": f"eu-gdpr:A22-3-{letter}"} for letter in "abc"]
    return made


def _storage(policy: Policy, activity: Activity) -> Json:
    """Return how long data is kept: each part of the rule, and the whole in words."""
    consent = policy.consents.get(activity.basis.consent)
    said = {
        tag: sentence(rule_in_words(record_words(tag), policy, activity.keep, consent))
        for tag in policy.organisation.languages
        if tag in LANGUAGES
    }
    return {
        "@type": ["dpv:StorageDuration"],
        "dct:description": _texts(said),
        "dpv:hasDuration": [_duration(each) for each in parts_of(activity.keep)],
    }


def _duration(keep: Keep) -> Json:
    if isinstance(keep, NeededFrom):
        return {"@type": ["dpv:IndeterminateDuration"]}
    if isinstance(keep, After) and (keep.period.months or keep.period.days):
        months, days = keep.period.months, keep.period.days
        lasts = "P" + (f"{months}M" if months else "") + (f"{days}D" if days else "")
        value = {"@type": "xsd:duration", "@value": lasts}
        return {"@type": ["dpv:TemporalDuration"], "rdf:value": value}
    return {"@type": ["dpv:UntilEventDuration"]}


def _name(policy: Policy, name: str) -> str | list[Json]:
    """Return what somebody is called, in each language where that differs."""
    return _texts(policy.names[name]) if name in policy.names else clean(name)


def _party(policy: Policy, party: Party, kind: str) -> Json:
    made: Json = {"@type": [f"dpv:{kind}"], "dpv:hasName": _name(policy, party.name)}
    if party.country:
        away = outside(party)
        made["dpv:hasThirdCountry" if away else "dpv:hasCountry"] = party.country
    if party.transfer:
        made["dct:description"] = _texts(party.transfer)
    return made


def _reached(contact: Contact) -> Json:
    ways = [clean(way) for way in (contact.email, contact.phone, contact.web) if way]
    made: Json = {"dpv:hasContact": ways} if ways else {}
    if contact.address:
        made["dpv:hasAddress"] = clean(contact.address)
    return made


def _texts(text: Text) -> list[Json]:
    return [{"@language": tag, "@value": clean(said)} for tag, said in text.items() if said]
