"""Does data leave the EEA, on what, and is that told?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ombud.law import last_day
from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import put, take
from ombud.policy.checks.meaning import inside_and_outside
from ombud.policy.checks.mend import document_says
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Party, Written


@check(
    "X01",
    "error",
    "Third-country tool used, no transfer information",
    says="{party} is in {country}, and nothing is said on the transfer",
    help="say on what the transfer rests and how to get a copy",
    in_policy="add `transfer:` to the processor: on what it rests, and how to get a copy",
    before="""
        parties:
          letters: {kind: tool, name: Letterbox Inc., country: US}
    """,
)
def transfer_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """People are told that data goes to a third country, and what protects it there.

    Law:
        GDPR Art. 13(1)(f)
        GDPR Art. 44
        GDPR Art. 46
    """
    for party in _outside(written, practice):
        if party.transfer is None:
            names = {"party": party.shown, "country": party.country}
            mend = put(party.at.path, "transfer", value={"by": "scc"})
            yield Found(party.at, names, (mend,))


@check(
    "X02",
    "error",
    "Transfer without valid mechanism",
    says="the transfer to {party} rests on {means}, which allows none",
    help="rest it on an adequacy decision, standard clauses or binding rules",
    before="""
        parties:
          letters: {kind: tool, name: Letterbox Inc., country: US, transfer: {by: privacy_shield}}
    """,
)
def transfer_on_nothing(written: Written, practice: Practice) -> Iterator[Found]:
    """Data leaves the EEA only on one of the ways of chapter V.

    Law:
        GDPR Arts. 44-49
        C-311/18
    """
    means = practice.words("transfer_means")
    for party in _outside(written, practice):
        if party.transfer and party.transfer.by and party.transfer.by not in means:
            names = {"party": party.shown, "means": party.transfer.by}
            mend = put(party.transfer.at.path, "by", value="scc")
            yield Found(party.transfer.at, names, (mend,))


@check(
    "X03",
    "warning",
    "DPF reliance not checked",
    says="the transfer to {party} rests on the list of the EU-US framework, last checked {when}",
    help="look the company up in the list, and note the day",
    before="""
        parties:
          letters:
            kind: tool
            name: Letterbox Inc.
            country: US
            transfer: {by: dpf, checked_on: 2025-01-15}
    """,
)
def list_not_checked(written: Written, practice: Practice) -> Iterator[Found]:
    """The framework holds for listed companies only, and an appeal against it is pending.

    Law:
        Dec. 2023/1795
        C-703/25 P
    """
    for party in _outside(written, practice):
        transfer = party.transfer
        if transfer and transfer.by == "dpf" and _too_long_ago(transfer.checked_on, practice):
            when = transfer.checked_on.isoformat() if transfer.checked_on else "never"
            mend = put(transfer.at.path, "checked_on", value=practice.on)
            yield Found(transfer.at, {"party": party.shown, "when": when}, (mend,))


def _too_long_ago(checked_on: date | None, practice: Practice) -> bool:
    limit = practice.period("transfer_list_checked")
    return checked_on is None or last_day(checked_on, limit) < practice.on


@check(
    "X04",
    "warning",
    "Location claim not legally meaningful",
    says="data is said to lie in {region}, which the law does not know",
    help="say whether it is the EEA, and who owns the provider",
    before="""
        says:
          - {about: location, names: [Europe]}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def region_of_no_law(written: Written, practice: Practice) -> Iterator[Found]:
    """Europe has countries outside the EEA, to which a transfer needs a basis.

    Law:
        GDPR Art. 44
    """
    for statement in written.all_on("location"):
        for region in statement.names:
            if region in practice.words("regions_of_no_law"):
                mend = put(statement.at.path, "names", value=["EEA"])
                yield Found(statement.at, {"region": region}, (mend,))


@check(
    "X05",
    "error",
    "EU-only claim contradicts a named tool",
    says="data is said to stay in {regions}, and {party} is in {country}",
    help="say which data leaves, and on what",
    in_policy="take the promise out, or put a party inside the EEA in the other's place",
    before="""
        parties:
          letters: {kind: tool, name: Letterbox Inc., country: US, transfer: {by: scc}}
        says:
          - {about: location, names: [EU]}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def outside_after_all(written: Written, practice: Practice) -> Iterator[Found]:
    """A promise that the same text breaks is unfair and not transparent.

    Law:
        GDPR Art. 5(1)(a)
        GDPR Art. 13(1)(f)
    """
    for statement, party in inside_and_outside(written, practice):
        names = {"regions": statement.names, "party": party.shown, "country": party.country}
        yield Found(statement.at, names, (take(statement.at.path),))


@check(
    "X06",
    "warning",
    "Nothing said about transfers",
    says="{activity} uses {services}, and the text does not say whether data leaves the EEA",
    help="say whether data leaves the EEA",
    in_policy="write `country:` for every processor and recipient",
    before="""
        parties:
          host: {kind: processor, name: Skyhave Drift ApS}
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            services: [calendar]
            recipients: [host]
            keep: {for: 6 months, after: event_held}
        says:
          - processing_agreements
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def transfers_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """What lies in a cloud may lie anywhere, so people are told where it does not.

    Law:
        GDPR Art. 13(1)(f)
    """
    told = written.on("transfer") or written.on("location")
    if told or any(_outside(written, practice)):
        return
    for activity in written.own:
        online = [s for s in activity.services if practice.service(s, "online")]
        if online:
            mend = document_says({"about": "transfer", "wording": "denied"})
            yield Found(activity.at, {"activity": activity.id, "services": online}, (mend,))
            return


def _outside(written: Written, practice: Practice) -> Iterator[Party]:
    for party in written.parties.values():
        if practice.outside_eea(party.country):
            yield party
