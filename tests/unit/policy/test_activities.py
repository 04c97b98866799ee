"""Activities, bases, retention rules and caps: what is wrong is told with place, law and help.

Method: one part of a policy without findings is replaced; the findings are compared as read.
"""

from __future__ import annotations

import pytest

from unit.policy.written import CAPS, CONSENTS, SMALL, changed, shown


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            "    title: Visits\n",
            "",
            "policy.yaml:12:3: error[Y12]: `visits` lacks `title`\n  help: add `title: {en: …}`",
            id="title-missing",
        ),
        pytest.param(
            "    purpose: Knowing who is in the house\n",
            "",
            "policy.yaml:12:3: error[Y12]: `visits` lacks `purpose`\n"
            "  law:  GDPR Art. 13(1)(c)\n"
            "  help: add `purpose: {en: …}`",
            id="purpose-missing",
        ),
        pytest.param(
            "    data: [name]\n",
            "",
            "policy.yaml:12:3: error[Y12]: `visits` lacks `data`\n"
            "  law:  GDPR Art. 30(1)(c)\n"
            "  help: add `data: [name, email]`",
            id="data-missing",
        ),
        pytest.param(
            "data: [name]",
            "data: []",
            "policy.yaml:16:5: error[Y13]: `data` is empty\n  help: write a value",
            id="data-empty",
        ),
        pytest.param(
            "data: [name]",
            "data: [name, email, name]",
            "policy.yaml:16:25: error[Y22]: `name` is named twice\n  help: take one out",
            id="data-twice",
        ),
        pytest.param(
            "data: [name]",
            "data: [name, emial]",
            "policy.yaml:16:18: error[Y26]: unknown category `emial`\n"
            "  help: did you mean `email`?",
            id="category-unknown",
        ),
        pytest.param(
            "about: guests",
            "about: guest",
            "policy.yaml:15:12: error[Y26]: unknown group of people `guest`\n"
            "  help: did you mean `guests`?",
            id="subject-unknown",
        ),
        pytest.param(
            "keep:",
            "kepp: {}\n    keep:",
            "policy.yaml:18:5: error[Y11]: unknown key `kepp`\n"
            "  help: write one of `law`, `source`, `role`, `owner`, `begins`, `marketing`, "
            "`automated`, `processors`, `recipients`",
            id="key-unknown",
        ),
        pytest.param(
            "keep:",
            "marketing: yes\n    keep:",
            "policy.yaml:18:16: error[Y18]: neither true nor false: `yes`\n  help: write `true`",
            id="marketing-yes",
        ),
        pytest.param(
            "keep:",
            "begins: arived\n    keep:",
            "policy.yaml:18:13: error[Y26]: unknown clock `arived`\n"
            "  help: declare it under `clocks:`, or write one of `left`",
            id="begins-unknown",
        ),
        pytest.param(
            "keep:",
            "begins: consent_given\n    keep:",
            "policy.yaml:18:13: error[Y36]: `consent_given` where the activity does not rest "
            "on a consent\n"
            "  law:  GDPR Art. 7(3)\n"
            "  help: write `basis: {consent: …}` with the consent, or another end",
            id="begins-consent-without-consent",
        ),
        pytest.param(
            "keep:",
            "processors: [mailer]\n    keep:",
            "policy.yaml:18:18: error[Y26]: unknown processor `mailer`\n"
            "  help: declare it under `processors:`",
            id="processor-unknown",
        ),
        pytest.param(
            "keep:",
            "recipients: hubs\n    keep:",
            "policy.yaml:18:17: error[Y26]: unknown recipient `hubs`\n"
            "  help: declare it under `recipients:`",
            id="recipient-unknown",
        ),
        pytest.param(
            "keep:",
            "role: procesor\n    keep:",
            "policy.yaml:18:11: error[Y15]: `role` cannot be `procesor`\n"
            "  help: write `controller`, or `{processor_for: …, contract: …}`",
            id="role-unknown",
        ),
        pytest.param(
            "keep:",
            "role: {processor_for: NAV}\n    keep:",
            "policy.yaml:18:5: error[Y12]: `role` lacks `contract`\n"
            "  law:  GDPR Art. 28(3)\n"
            "  help: add `contract: …`",
            id="role-without-contract",
        ),
        pytest.param(
            "keep:",
            "role: {processor_for: NAV, joint_with: NAV}\n    keep:",
            "policy.yaml:18:5: error[Y23]: `role` has `joint_with`, `processor_for` where only "
            "one can be\n"
            "  help: write exactly one",
            id="role-with-both",
        ),
        pytest.param(
            "keep:",
            "role: {joint_with: NAV, arrangement: We share, contract: A}\n    keep:",
            "policy.yaml:18:52: error[Y11]: `contract` does not go with `joint_with`\n"
            "  help: take it out",
            id="role-joint-with-contract",
        ),
        pytest.param(
            "keep:",
            "source: NAV\n    keep:",
            "policy.yaml:18:13: error[Y20]: `source` is `subject`, or needs keys of its own\n"
            "  help: write `source: {from: [NAV]}`",
            id="source-is-a-name",
        ),
        pytest.param(
            "title: Visits",
            "title: {en: Visits, no: Besøk}",
            "policy.yaml:13:25: error[Y24]: unknown language `no`\n"
            "  help: write `nb` for bokmål or `nn` for nynorsk",
            id="text-in-unknown-language",
        ),
        pytest.param(
            "[en]",
            "[da, en]",
            "policy.yaml:8:12: warning[Y25]: `title` has no text in `en`\n"
            '  help: add `en: "…"` beside the others\n'
            "policy.yaml:10:3: warning[Y25]: `left` has no text in `en`\n"
            '  help: add `en: "…"` beside the others\n'
            "policy.yaml:13:5: warning[Y25]: `title` has no text in `en`\n"
            '  help: add `en: "…"` beside the others\n'
            "policy.yaml:14:5: warning[Y25]: `purpose` has no text in `en`\n"
            '  help: add `en: "…"` beside the others\n'
            "policy.yaml:17:13: warning[Y25]: `legitimate_interests` has no text in `en`\n"
            '  help: add `en: "…"` beside the others',
            id="text-missing-in-a-language",
        ),
        pytest.param(
            "purpose: Knowing who is in the house",
            "purpose: {en: Knowing who is in, for fire}",
            "policy.yaml:14:38: error[Y24]: unknown language `for fire`\n"
            '  help: put a text with commas in quotes: `en: "Knowing who is in, for fire"`',
            id="text-cut-by-comma",
        ),
        pytest.param(
            "title: Visits",
            "title: true",
            'policy.yaml:13:12: error[Y14]: not a text: `true`\n  help: write it in quotes: "true"',
            id="text-is-true",
        ),
        pytest.param(
            "title: Visits",
            "title: [Visits]",
            "policy.yaml:13:12: error[Y27]: `title` must be a single value",
            id="text-is-a-list",
        ),
        pytest.param(
            "subjects:",
            "subjects: guests\nx:",
            "policy.yaml:7:11: error[Y20]: `subjects` needs keys of its own, not `guests`\n"
            "  help: write `subjects: {name_1: …}`\n"
            "policy.yaml:8:1: error[Y11]: unknown key `x`\n"
            "  help: write one of `categories`, `consents`, `caps`, `processors`, "
            "`recipients`, `security`, `documents`, `hold_kinds`, `promises`\n"
            "policy.yaml:16:12: error[Y26]: unknown group of people `guests`\n"
            "  help: declare it under `subjects:`",
            id="is-a-text",
        ),
    ],
)
def test_what_is_wrong_in_an_activity_is_told(old: str, new: str, found: str) -> None:
    assert shown(changed(SMALL, old, new)) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            "    basis: {legitimate_interests: Fire safety}\n",
            "",
            "policy.yaml:12:3: error[Y12]: `visits` lacks `basis`\n"
            "  law:  GDPR Art. 6(1)\n"
            "  help: add `basis: {consent: …}`",
            id="missing",
        ),
        pytest.param(
            "{legitimate_interests: Fire safety}",
            "{legitimate_interest: Fire safety}",
            "policy.yaml:17:13: error[Y11]: unknown key `legitimate_interest`\n"
            "  help: did you mean `legitimate_interests`?",
            id="unknown",
        ),
        pytest.param(
            "{legitimate_interests: Fire safety}",
            "{legitimate_interests: Fire safety, contract: Visit}",
            "policy.yaml:17:5: error[Y23]: `basis` has `contract`, `legitimate_interests` "
            "where only one can be\n"
            "  help: write exactly one",
            id="two",
        ),
        pytest.param(
            "{legitimate_interests: Fire safety}",
            "{consent: visits}",
            "policy.yaml:17:22: error[Y26]: unknown consent `visits`\n"
            "  help: declare it under `consents:`",
            id="consent-unknown",
        ),
        pytest.param(
            "{legitimate_interests: Fire safety}",
            "{public_task: erhvervsfremmeloven § 14}",
            "policy.yaml:17:26: error[Y30]: not a citation: `erhvervsfremmeloven § 14`\n"
            "  help: begin with GDPR, Reg., Dir., Dec. or a country (DK, NO, SE, FI, IS), for "
            "example `GDPR Art. 17(3)(b)`, `Reg. 1182/71 Art. 3(4)`, `DK bogføringsloven § "
            "12(1)`, `NO FOR-2018-07-02-1107 § 6`",
            id="not-a-citation",
        ),
        pytest.param(
            "{legitimate_interests: Fire safety}",
            "{legitimate_interests: {interest: Fire safety, assessed_on: 2026-02-30}}",
            "policy.yaml:17:72: error[Y19]: not a date: `2026-02-30`\n"
            "  help: write year-month-day, for example `2026-01-31`",
            id="no-date",
        ),
        pytest.param(
            "[name]",
            "[name, health]",
            "policy.yaml:16:18: error[Y33]: `health` is of a special category, and the basis "
            "names no condition for it\n"
            "  law:  GDPR Art. 9(2)\n"
            "  help: add `special:` to `basis:`, for example `special: {consent: …}` with an "
            "explicit consent",
            id="special-without-condition",
        ),
        pytest.param(
            "[name]",
            "[name, criminal_record]",
            "policy.yaml:16:18: error[Y34]: `criminal_record` is on criminal convictions, and "
            "the basis names no law that allows it\n"
            "  law:  GDPR Art. 10\n"
            '  help: add `criminal:` to `basis:` with the law, for example `criminal: "DK '
            'databeskyttelsesloven § 8(3)"`',
            id="criminal-without-law",
        ),
        pytest.param(
            "[name]",
            "[name, national_id]",
            "policy.yaml:16:18: error[Y35]: `national_id` is a national identification number, "
            "and the basis names no law that allows it\n"
            "  law:  GDPR Art. 87\n"
            "  help: add `national_id:` to `basis:` with the law, for example `national_id: "
            '"DK databeskyttelsesloven § 11(2)"`',
            id="national-id-without-law",
        ),
        pytest.param(
            "{legitimate_interests: Fire safety}",
            "{legitimate_interests: Fire safety, special: {helth_care: x}}",
            "policy.yaml:17:58: error[Y11]: unknown key `helth_care`\n"
            "  help: did you mean `health_care`?",
            id="special-unknown",
        ),
    ],
)
def test_what_is_wrong_in_a_basis_is_told(old: str, new: str, found: str) -> None:
    assert shown(changed(SMALL, old, new)) == found


@pytest.mark.parametrize(
    ("policy", "old", "new", "found"),
    [
        pytest.param(
            SMALL,
            "    keep: {for: 30 days, after: left}\n",
            "",
            "policy.yaml:12:3: error[Y12]: `visits` lacks `keep`\n"
            "  law:  GDPR Art. 13(2)(a)\n"
            "  help: add `keep: {for: 3 years, after: left}`",
            id="missing",
        ),
        pytest.param(
            SMALL,
            "keep: {for: 30 days, after: left}",
            "keep:",
            "policy.yaml:18:5: error[Y13]: `keep` is empty\n  help: write a value",
            id="empty",
        ),
        pytest.param(
            SMALL,
            "keep: {for: 30 days, after: left}",
            "keep: 30 days",
            "policy.yaml:18:11: error[Y20]: `keep` needs keys of its own, not `30 days`\n"
            "  help: write `keep: {for: 30 days, after: left}`",
            id="a-period-only",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{for: 30 days}",
            "policy.yaml:18:11: error[Y31]: retention rule of `visits` does not say what "
            "starts its period\n"
            "  law:  GDPR Art. 13(2)(a)\n"
            "  help: add `after:` with a clock, for example `after: left`",
            id="no-clock",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{for: 30 days, from: left}",
            "policy.yaml:18:11: error[Y31]: retention rule of `visits` does not say what "
            "starts its period\n"
            "  law:  GDPR Art. 13(2)(a)\n"
            "  help: add `after:` with a clock, for example `after: left`\n"
            "policy.yaml:18:26: error[Y11]: unknown key `from`\n"
            "  help: did you mean `after`?",
            id="from-is-not-after",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{after: left}",
            "policy.yaml:18:11: error[Y32]: retention rule of `visits` does not say how long\n"
            "  law:  GDPR Art. 13(2)(a)\n"
            "  help: add `for:` with a period, for example `for: 3 years`",
            id="no-period",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{for: 30 days, after: lef}",
            "policy.yaml:18:33: error[Y26]: unknown clock `lef`\n  help: did you mean `left`?",
            id="clock-unknown",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{for: 30 days, after: consent_withdrawn}",
            "policy.yaml:18:33: error[Y26]: unknown clock `consent_withdrawn`\n"
            "  help: write `keep: {until: consent_withdrawn}` to keep as long as the consent "
            "lives",
            id="clock-is-withdrawal",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{for: 30 days, until: left}",
            "policy.yaml:18:5: error[Y23]: `keep` has `for`, `until` where only one can be\n"
            "  help: write exactly one",
            id="two-kinds",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{until: left, after: left}",
            "policy.yaml:18:25: error[Y11]: `after` does not go with `until`\n  help: take it out",
            id="key-of-another-kind",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{until: consent_withdrawn}",
            "policy.yaml:18:19: error[Y36]: `consent_withdrawn` where the activity does not "
            "rest on a consent\n"
            "  law:  GDPR Art. 7(3)\n"
            "  help: write `basis: {consent: …}` with the consent, or another end",
            id="withdrawal-without-consent",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{first_of: [{until: consent_withdrawn}, {until: left}]}",
            "policy.yaml:18:31: error[Y36]: `consent_withdrawn` where the activity does not "
            "rest on a consent\n"
            "  law:  GDPR Art. 7(3)\n"
            "  help: write `basis: {consent: …}` with the consent, or another end",
            id="withdrawal-deep-without-consent",
        ),
        pytest.param(
            SMALL,
            "{legitimate_interests: Fire safety}\n    keep: {for: 30 days, after: left}",
            "{consnt: letters}\n    keep: {until: consent_withdrawn}",
            "policy.yaml:17:13: error[Y11]: unknown key `consnt`\n  help: did you mean `consent`?",
            id="withdrawal-where-the-basis-is-misspelt",
        ),
        pytest.param(
            SMALL + CONSENTS,
            "{legitimate_interests: Fire safety}\n    keep: {for: 30 days, after: left}",
            "{consent: letter}\n    keep: {until: consent_withdrawn}",
            "policy.yaml:17:22: error[Y26]: unknown consent `letter`\n"
            "  help: did you mean `letters`?",
            id="withdrawal-of-an-unknown-consent",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{first_of: [{until: left}]}",
            "policy.yaml:18:22: error[Y49]: `first_of` with only one\n"
            "  help: name two or more, or write the one without it",
            id="first-of-one",
        ),
        pytest.param(
            SMALL,
            "after: left}",
            "after: {first_of: [left]}}",
            "policy.yaml:18:44: error[Y49]: `first_of` with only one\n"
            "  help: name two or more, or write the one without it",
            id="first-of-one-clock",
        ),
        pytest.param(
            SMALL,
            "after: left}",
            "after: {first_of: [left, left]}}",
            "policy.yaml:18:51: error[Y22]: `left` is named twice\n  help: take one out",
            id="the-same-clock-twice",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{needed_from: left}",
            "policy.yaml:18:5: error[Y12]: `keep` lacks `decide`\n"
            "  help: add `decide: {by: …, every: 12 months}`",
            id="criterion-without-decision",
        ),
        pytest.param(
            SMALL,
            "after: left}",
            "after: left, counted_from: year_end}",
            "policy.yaml:18:53: error[Y15]: `counted_from` cannot be `year_end`\n"
            "  help: did you mean `financial_year_end`?",
            id="counted-from-unknown",
        ),
    ],
)
def test_what_is_wrong_in_a_retention_rule_is_told(
    policy: str, old: str, new: str, found: str
) -> None:
    assert shown(changed(policy, old, new)) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            "for: 1 year, ",
            "",
            "policy.yaml:20:3: error[Y12]: `visits_max` lacks `for`\n  help: add `for: 3 years`",
            id="no-period",
        ),
        pytest.param(
            "after: left, ",
            "",
            "policy.yaml:20:15: error[Y31]: retention rule of `visits_max` does not say what "
            "starts its period\n"
            "  law:  GDPR Art. 13(2)(a)\n"
            "  help: add `after:` with a clock, for example `after: left`",
            id="no-clock",
        ),
        pytest.param(
            "legal_claim",
            "[legal_claims, visit]",
            "policy.yaml:20:66: error[Y26]: unknown activity or kind of hold `legal_claims`\n"
            "  help: did you mean `legal_claim`?\n"
            "policy.yaml:20:80: error[Y26]: unknown activity or kind of hold `visit`\n"
            "  help: did you mean `visits`?",
            id="unless-nothing-known",
        ),
        pytest.param(
            "{about: guests, for: 1",
            "{about: gusts, for: 1",
            "policy.yaml:20:23: error[Y26]: unknown group of people `gusts`\n"
            "  help: did you mean `guests`?",
            id="about-unknown",
        ),
        pytest.param(
            "after: left, unless",
            "after: gone, unless",
            "policy.yaml:20:51: error[Y26]: unknown clock `gone`\n"
            "  help: declare it under `clocks:`, or write one of `left`",
            id="after-nothing",
        ),
    ],
)
def test_what_is_wrong_in_a_cap_is_told(old: str, new: str, found: str) -> None:
    assert shown(changed(SMALL + CAPS, old, new)) == found


DECIDES = """\
    automated:
      decides: Who comes in
      logic: A list
      consequences: Who is not on it stays outside
      allowed_by: """
BASIS = "{legitimate_interests: Fire safety}"
OWN_LAW = (
    'write `allowed_by: {law: "…"}` with the law that allows it, or make the decision an activity'
)


@pytest.mark.parametrize(
    ("basis", "written", "found"),
    [
        pytest.param(
            BASIS,
            "    automated: {decides: Who comes in}\n",
            "policy.yaml:18:5: error[Y12]: `automated` lacks `allowed_by`\n"
            "  law:  GDPR Art. 22(2)\n"
            '  help: add `allowed_by: {law: "DK … § 1"}`\n'
            "policy.yaml:18:5: error[Y12]: `automated` lacks `consequences`\n"
            "  law:  GDPR Art. 13(2)(f)\n"
            "  help: add `consequences: {en: …}`\n"
            "policy.yaml:18:5: error[Y12]: `automated` lacks `logic`\n"
            "  law:  GDPR Art. 13(2)(f)\n"
            "  help: add `logic: {en: …}`",
            id="says-too-little",
        ),
        pytest.param(
            BASIS,
            "    automated: true\n",
            "policy.yaml:18:16: error[Y20]: `automated` needs keys of its own, not `true`\n"
            "  help: write `automated: {decides: …}`",
            id="only-that-there-is-one",
        ),
        pytest.param(
            BASIS,
            DECIDES + "legitimate_interests\n",
            "policy.yaml:22:19: error[Y15]: `allowed_by` cannot be `legitimate_interests`\n"
            '  help: write `contract`, `consent`, or `{law: "…"}` with the law',
            id="on-an-interest",
        ),
        pytest.param(
            BASIS,
            DECIDES + "consent\n",
            "policy.yaml:22:19: error[Y52]: a decision by `consent` where the activity does not "
            "rest on one\n"
            "  law:  GDPR Art. 22(2)(c)\n"
            f"  help: {OWN_LAW} of its own with `basis: {{consent: …}}`",
            id="on-a-consent-to-nothing",
        ),
        pytest.param(
            '{legal_obligation: "DK bogføringsloven § 12"}',
            DECIDES + "contract\n",
            "policy.yaml:22:19: error[Y52]: a decision by `contract` where the activity does not "
            "rest on one\n"
            "  law:  GDPR Art. 22(2)(a)\n"
            f"  help: {OWN_LAW} of its own with `basis: {{contract: …}}`",
            id="on-a-contract-there-is-not",
        ),
        pytest.param(
            '{contract: The stay, special: {employment: "DK databeskyttelsesloven § 12(1)"}}',
            DECIDES + "contract\n    begins: left\n",
            "policy.yaml:16:18: error[Y51]: `health` is of a special category, and its condition "
            "does not allow an automated decision\n"
            "  law:  GDPR Art. 22(4)\n"
            "  help: write `special: {consent: …}` with an explicit consent, or take `health` out "
            "and let a person decide with it",
            id="with-health-for-employment",
        ),
        pytest.param(
            BASIS,
            DECIDES + "contract\n    role: {processor_for: NAV, contract: Agreement 4}\n",
            "policy.yaml:18:5: error[Y53]: an automated decision is told by the controller, and "
            "this is done for another\n"
            "  law:  GDPR Art. 13(2)(f)\n"
            "  help: take `automated:` out",
            id="for-another-controller",
        ),
        pytest.param("{contract: The stay}", DECIDES + "contract\n", "", id="by-contract"),
        pytest.param(
            '{contract: Stay, special: {substantial_public_interest: "DK beredskabsloven § 1"}}',
            DECIDES + '{law: "DK beredskabsloven § 1"}\n    begins: left\n',
            "",
            id="with-health-by-law",
        ),
    ],
)
def test_a_decision_without_a_person_is_told_whole_and_allowed(
    basis: str, written: str, found: str
) -> None:
    """GDPR Art. 13(2)(f), 22(2), 22(4)."""
    text = changed(SMALL, BASIS, basis)
    if "special" in basis:
        text = changed(text, "data: [name]", "data: [name, health]")
    assert shown(changed(text, "    keep:", written + "    keep:")) == found
