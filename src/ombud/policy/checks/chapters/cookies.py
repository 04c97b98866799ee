"""Do cookies wait for a choice, and are people told what they are for, whose, and how long?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import put, take
from ombud.policy.checks.meaning import PASSIVE, cookie_consents, unneeded_cookies
from ombud.policy.checks.mend import document_says
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.words import ADVERTISING, ESSENTIAL, US
from ombud.policy.checks.written import Written


@check(
    "K01",
    "error",
    "Non-essential cookies without active prior consent",
    says="cookies for {purposes} are set before anybody has agreed to them",
    help="ask before they are set",
    before="""
        cookies:
          statistics: {by: [us], keep: {for: 1 year, after: visited}}
    """,
)
def set_unasked(written: Written, practice: Practice) -> Iterator[Found]:
    """What the service does not need is stored on a device only after a clear yes.

    Law:
        DK BEK 1148/2011 § 3
        NO ekomloven § 3-15
        GDPR Art. 4(11)
        C-673/17
    """
    uses = unneeded_cookies(written)
    consents = cookie_consents(written)
    passive = [consent for consent in consents if {*PASSIVE} & {*consent.given_by}]
    if uses and (passive or not consents):
        asked = {"to": ["cookies"], "given_by": ["banner"], "withdrawal": "in_place"}
        edits = [put(consent.at.path, "given_by", value=["banner"]) for consent in passive]
        edits = edits or [put(("consents", "cookies"), value=asked)]
        yield Found(uses[0].at, {"purposes": [use.purpose for use in uses]}, tuple(edits))


@check(
    "K02",
    "error",
    "Refusal only via the browser",
    says="cookies are refused in the browser's settings only",
    help="let people refuse, and change their mind, on the site",
    before="""
        consents:
          cookies: {to: [cookies], given_by: [banner], withdrawal: browser}
        rights:
          {access: clear, rectification: clear, erasure: clear, restriction: clear,
          portability: clear, objection: clear, objection_marketing: clear, withdrawal: clear}
    """,
)
def refused_in_browser(written: Written, practice: Practice) -> Iterator[Found]:
    """Refusing and withdrawing must be at hand on the site itself.

    Law:
        DK BEK 1148/2011 § 3(2) nr. 4
        GDPR Art. 7(3)
    """
    for consent in cookie_consents(written):
        if consent.withdrawal == "browser":
            mend = put(consent.at.path, "withdrawal", value="in_place")
            yield Found(consent.at, edits=(mend,))


@check(
    "K03",
    "error",
    "Cookie lifetimes missing",
    says="the text does not say how long cookies for {purposes} live",
    help="say it for each of them",
    before="""
        consents:
          cookies: {to: [cookies], given_by: [banner], withdrawal: in_place}
        cookies:
          statistics: {by: [us]}
    """,
)
def lifetimes_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """How long a cookie stays is told with everything else about it.

    Law:
        C-673/17
        GDPR Art. 13(2)(a)
    """
    uses = [use for use in (written.cookies or {}).values() if use.keep is None]
    if uses:
        lives = {"for": "1 year", "after": "visited"}
        edits = tuple(put(use.at.path, "keep", value=lives) for use in uses)
        yield Found(uses[0].at, {"purposes": [use.purpose for use in uses]}, edits)


@check(
    "K04",
    "error",
    "Who sets and reads cookies missing",
    says="the text does not say who sets and reads the cookies",
    help="name everybody who does",
    before="""
        consents:
          cookies: {to: [cookies], given_by: [banner], withdrawal: in_place}
        cookies:
          statistics: {keep: {for: 1 year, after: visited}}
    """,
)
def parties_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """A yes is given to somebody; people are told to whom.

    Law:
        DK BEK 1148/2011 § 3(2) nr. 3
        NO ekomloven § 3-15
        C-673/17
    """
    uses = [*(written.cookies or {}).values()]
    if uses and not any(use.by for use in uses):
        edits = tuple(put(use.at.path, "by", value=[US]) for use in uses)
        yield Found(uses[0].at, edits=edits)


@check(
    "K05",
    "warning",
    "Cookie purposes vague or mixed",
    says="cookies for {purpose} serve more than one purpose, or none that can be named",
    help="name each purpose by itself, so that people can choose",
    before="""
        consents:
          cookies: {to: [cookies], given_by: [banner], withdrawal: in_place}
        cookies:
          experience: {by: [us], keep: {for: 1 year, after: visited}, wording: vague}
    """,
)
def cookie_purpose_vague(written: Written, practice: Practice) -> Iterator[Found]:
    """“The best experience” is not something one can agree to by itself.

    Law:
        GDPR Art. 4(11)
        DK BEK 1148/2011 § 3(2) nr. 2
    """
    for use in (written.cookies or {}).values():
        if "vague" in use.wording:
            clear = put(use.at.path, "wording", value="clear")
            yield Found(use.at, {"purpose": use.purpose}, (clear,))


@check(
    "K06",
    "error",
    "Targeted advertising without vendors and consent",
    says="cookies serve targeted advertising, and nobody who does it is named",
    help="name the advertisers, and let their cookies wait for a consent",
    before="""
        consents:
          cookies: {to: [cookies], given_by: [banner], withdrawal: in_place}
        cookies:
          statistics: {by: [us], keep: {for: 1 year, after: visited}}
          advertising: {keep: {for: 1 year, after: visited}}
    """,
)
def advertisers_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """People may know who follows them, and object.

    Law:
        GDPR Art. 13(1)(e)
        GDPR Art. 21(2)
        GDPR Art. 4(11)
    """
    use = (written.cookies or {}).get(ADVERTISING)
    if use and not use.by:
        named = {"kind": "controller", "name": "Name of the network", "country": practice.country}
        edits = (
            put(("parties", "advertiser"), value=named),
            put(use.at.path, "by", value=["advertiser"]),
        )
        yield Found(use.at, edits=edits)


@check(
    "K07",
    "warning",
    "Outdated technical description",
    says="cookies are described as they no longer are, or never were",
    help="describe what is in use today",
    before="""
        says:
          - {about: cookies, wording: outdated}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def described_as_before(written: Written, practice: Practice) -> Iterator[Found]:
    """A description of a tool that ended tells people what is not so.

    Law:
        GDPR Art. 5(1)(a)
        GDPR Art. 5(1)(d)
    """
    for statement in written.all_on("cookies"):
        if "outdated" in statement.wording:
            yield Found(statement.at, edits=(take(statement.at.path),))


@check(
    "K08",
    "warning",
    "Cookie law described as information only",
    says="the text does not show that the law on cookies asks for consent",
    help="say that cookies the service does not need wait for a consent",
    before="""
        as_written: {country: "NO", updated_on: 2026-06-01}
        authority: {web: https://www.datatilsynet.no}
        consents:
          cookies: {to: [cookies], given_by: [banner], withdrawal: in_place}
        cookies:
          statistics: {by: [us], keep: {for: 1 year, after: visited}}
        says:
          - {about: cookie_law, wording: narrow}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def law_less_than_it_is(written: Written, practice: Practice) -> Iterator[Found]:
    """Where the law came to ask for consent, a text from before it asks for less.

    Law:
        NO ekomloven § 3-15
        GDPR Art. 4(11)
    """
    said = written.on("cookie_law")
    if said and "narrow" in said.wording:
        yield Found(said.at, edits=(put(said.at.path, "wording", value="clear"),))
        return
    changed = practice.law("cookies")
    since = changed.valid_from if changed else None
    from_before = since and (written.updated_on is None or written.updated_on < since)
    if written.cookies and from_before and not said:
        at = next(iter(written.cookies.values())).at
        yield Found(at, edits=(document_says("cookie_law"),))


@check(
    "K09",
    "error",
    "Site in use but no cookie information",
    says="{activity} is done on a website, and nothing is said on cookies",
    help="say which cookies there are, or that there are none",
    before="""
        parties:
          host: {kind: processor, name: Skyhave Drift ApS, country: DK}
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            services: [website]
            recipients: [host]
            keep: {for: 6 months, after: event_held}
        says:
          - processing_agreements
          - {about: transfer, wording: denied}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def cookies_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """What a site stores is told on the site, for as long as it does.

    Law:
        DK BEK 1148/2011 § 3(2) nr. 5
        NO ekomloven § 3-15
        GDPR Art. 13
    """
    told = written.cookies is not None or written.on("cookies")
    on_site = (a for a in written.own if "website" in a.services)
    for activity in on_site if not told else ():
        function = {"by": [US], "keep": {"for": "1 day", "after": "visited"}}
        mend = put(("cookies", ESSENTIAL), value=function)
        yield Found(activity.at, {"activity": activity.id}, (mend,))
        return
