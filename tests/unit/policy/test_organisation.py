"""Whose policy it is, what it declares, with whom it shares: what is wrong is told with a help.

Method: one part of a policy without findings is replaced; the findings are compared as read.
"""

from __future__ import annotations

import pytest

from unit.policy.written import CONSENTS, SMALL, changed, shown


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            "country: DK",
            "country: GB",
            "policy.yaml:4:12: error[Y15]: `country` cannot be `GB`\n"
            "  help: write one of `DK`, `NO`, `SE`, `FI`, `IS`",
            id="country-unknown",
        ),
        pytest.param(
            "country: DK",
            "country: Danmark",
            "policy.yaml:4:12: error[Y15]: `country` cannot be `Danmark`\n"
            "  help: write one of `DK`, `NO`, `SE`, `FI`, `IS`",
            id="country-in-words",
        ),
        pytest.param(
            "  country: DK\n",
            "",
            "policy.yaml:1:1: error[Y12]: `organisation` lacks `country`\n"
            "  help: add `country: DK`",
            id="country-missing",
        ),
        pytest.param(
            "[en]",
            "[en, no, xx]",
            "policy.yaml:5:19: error[Y24]: unknown language `no`\n"
            "  help: write `nb` for bokmål or `nn` for nynorsk\n"
            "policy.yaml:5:23: error[Y24]: unknown language `xx`\n"
            "  help: write one of `da`, `nb`, `nn`, `sv`, `fi`, `is`, `en`",
            id="language-unknown",
        ),
        pytest.param(
            "[en]",
            "[en, en]",
            "policy.yaml:5:19: error[Y22]: `en` is named twice\n  help: take one out",
            id="language-twice",
        ),
        pytest.param(
            "[en]",
            "[]",
            "policy.yaml:5:3: error[Y13]: `languages` is empty\n  help: write a value",
            id="no-languages",
        ),
        pytest.param(
            "{email: post@holme.example}",
            "{phone: 12345678}",
            "policy.yaml:6:3: error[Y12]: `contact` lacks `email`\n  help: add `email: …`",
            id="contact-without-email",
        ),
        pytest.param(
            "post@holme.example",
            "post(at)holme",
            "policy.yaml:6:20: error[Y44]: not an e-mail address: `post(at)holme`\n"
            "  help: write one address, for example `post@example.org`",
            id="email-is-none",
        ),
        pytest.param(
            "country: DK",
            "country: DK\n  zone: Europe/Kobenhavn",
            "policy.yaml:5:9: error[Y45]: unknown time zone `Europe/Kobenhavn`\n"
            "  help: did you mean `Europe/Copenhagen`?",
            id="zone-unknown",
        ),
        pytest.param(
            "country: DK",
            "country: DK\n  zone: ../../etc/passwd",
            "policy.yaml:5:9: error[Y45]: unknown time zone `../../etc/passwd`\n"
            "  help: write for example `Europe/Copenhagen`",
            id="zone-is-a-path",
        ),
        pytest.param(
            "country: DK",
            "country: DK\n  financial_year_end: 02-30",
            "policy.yaml:5:23: error[Y28]: not a day of the year: `02-30`\n"
            "  help: write month and day of its last day, for example `12-31`, `06-30`, or "
            "`02-29` for the last day of February",
            id="financial-year-has-no-such-day",
        ),
        pytest.param(
            "country: DK",
            "country: DK\n  dpo: nobody",
            "policy.yaml:5:8: error[Y15]: `dpo` cannot be `nobody`\n"
            "  help: write `none`, or how to reach them: `{email: …}`",
            id="dpo-is-nobody",
        ),
        pytest.param(
            "country: DK",
            "country: DK\n  lagnuages: [da]",
            "policy.yaml:5:3: error[Y11]: unknown key `lagnuages`\n"
            "  help: write one of `zone`, `financial_year_end`, `dpo`, `rights`",
            id="key-unknown",
        ),
        pytest.param(
            "{email: post@holme.example}",
            "{email: post@holme.example, address: Havnegade 1, 9999 Holme}",
            "policy.yaml:6:62: error[Y11]: unknown key `9999 Holme`\n"
            '  help: put a text with commas in quotes: `address: "Havnegade 1, 9999 Holme"`',
            id="key-cut-by-comma",
        ),
        pytest.param(
            "contact: {email: post@holme.example}",
            "contact: post@holme.example",
            "policy.yaml:6:12: error[Y20]: `contact` needs keys of its own, not "
            "`post@holme.example`\n"
            "  help: write `contact: {email: …}`",
            id="is-a-text",
        ),
    ],
)
def test_what_is_wrong_in_the_organisation_is_told(old: str, new: str, found: str) -> None:
    assert shown(changed(SMALL, old, new)) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            "{title: Guests}",
            "{}",
            "policy.yaml:8:3: error[Y12]: `guests` lacks `title`\n  help: add `title: {en: …}`",
            id="subject-without-title",
        ),
        pytest.param(
            "clocks:",
            "categories: {diet: {kind: specail, title: Diet}}\nclocks:",
            "policy.yaml:9:27: error[Y15]: `kind` cannot be `specail`\n"
            "  help: did you mean `special`?",
            id="category-kind-unknown",
        ),
        pytest.param(
            "clocks:",
            "categories: {health: {kind: ordinary, title: Health}}\nclocks:",
            "policy.yaml:9:29: error[Y43]: `health` is `special` by law\n"
            "  help: take `kind:` out, or give the category another name",
            id="category-made-less-protected",
        ),
        pytest.param(
            "clocks:",
            "clocks:\n  went home: the guest went home",
            "policy.yaml:10:3: error[Y16]: not a name: `went home`\n"
            "  help: use letters, digits, `_` and `-`, for example `went_home`",
            id="name-with-space",
        ),
        pytest.param(
            "clocks:",
            "clocks:\n  arrived: the guest arrived",
            "policy.yaml:10:3: warning[Y40]: clock `arrived` is declared, and nothing uses it\n"
            "  help: take it out, or write it after `after:` or `begins:`",
            id="clock-unused",
        ),
        pytest.param(
            "clocks:",
            "clocks:\n  consent_given: the consent",
            "policy.yaml:10:3: error[Y42]: `consent_given` is built in, and cannot be a clock "
            "of your own\n"
            "  help: take it out",
            id="clock-built-in",
        ),
        pytest.param(
            "left: the guest left",
            "left:",
            "policy.yaml:10:3: error[Y13]: `left` is empty\n"
            "  help: write a value, or take the key out",
            id="clock-without-text",
        ),
        pytest.param(
            "clocks:",
            "hold_kinds: {visits: Visits}\nclocks:",
            "policy.yaml:9:14: error[Y42]: `visits` is an activity, and cannot be a kind of "
            "hold too\n"
            "  help: call it `visits_hold`",
            id="hold-named-like-an-activity",
        ),
    ],
)
def test_what_is_wrong_in_what_is_declared_is_told(old: str, new: str, found: str) -> None:
    assert shown(changed(SMALL, old, new)) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            "clocks:",
            "processors: {mailer: {name: Mailer, country: dk}}\nclocks:",
            "policy.yaml:9:46: error[Y46]: not a country: `dk`\n  help: did you mean `DK`?",
            id="country-lower",
        ),
        pytest.param(
            "clocks:",
            "recipients: {mailer: {name: Mailer, country: UK}}\nclocks:",
            "policy.yaml:9:46: error[Y46]: not a country: `UK`\n  help: did you mean `GB`?",
            id="country-uk",
        ),
        pytest.param(
            "clocks:",
            "processors: {mailer: {name: Mailer, agreed_on: 1 May 2026}}\nclocks:",
            "policy.yaml:9:48: error[Y19]: not a date: `1 May 2026`\n"
            "  help: write year-month-day, for example `2026-01-31`",
            id="date-wrong",
        ),
    ],
)
def test_what_is_wrong_in_processors_and_recipients_is_told(old: str, new: str, found: str) -> None:
    assert shown(changed(SMALL, old, new)) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            ", text: Send me letters",
            "",
            "policy.yaml:20:3: error[Y12]: `letters` lacks `text`\n"
            "  law:  GDPR Art. 7(2)\n"
            "  help: add `text: {en: …}`",
            id="text-missing",
        ),
        pytest.param(
            ", text: Send me letters",
            ", text: Send me letters, expires: two yrs",
            "policy.yaml:20:63: error[Y02]: not a period: `two yrs`\n"
            "  help: did you mean `2 years`?",
            id="expires-wrongly",
        ),
    ],
)
def test_what_is_wrong_in_consents_is_told(old: str, new: str, found: str) -> None:
    assert shown(changed(SMALL + CONSENTS, old, new)) == found
