"""Periods and facts of law: what is not one is told, with what was meant.

Method: one part of a policy without findings is replaced; the findings are compared as read.
"""

from __future__ import annotations

import pytest

from unit.policy.written import CAPS, SMALL, changed, shown


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            "30 days",
            "five years",
            "policy.yaml:18:17: error[Y02]: not a period: `five years`\n"
            "  help: did you mean `5 years`?",
            id="five-years",
        ),
        pytest.param(
            "30 days",
            "1 yr",
            "policy.yaml:18:17: error[Y02]: not a period: `1 yr`\n  help: did you mean `1 year`?",
            id="1-yr",
        ),
        pytest.param(
            "30 days",
            "1 years",
            "policy.yaml:18:17: error[Y02]: not a period: `1 years`\n"
            "  help: did you mean `1 year`?",
            id="1-years",
        ),
        pytest.param(
            "30 days",
            "3 år",
            "policy.yaml:18:17: error[Y02]: not a period: `3 år`\n  help: did you mean `3 years`?",
            id="danish",
        ),
        pytest.param(
            "30 days",
            "P1M2W3",
            "policy.yaml:18:17: error[Y02]: not a period: `P1M2W3`\n"
            "  help: write numbers and units, the largest first, for example `3 years 6 "
            "months`, `1 year`, `30 days` or `P3Y6M`",
            id="p1m2w3",
        ),
        pytest.param(
            "30 days",
            "30",
            "policy.yaml:18:17: error[Y02]: not a period: `30`\n"
            "  help: write numbers and units, the largest first, for example `3 years 6 "
            "months`, `1 year`, `30 days` or `P3Y6M`",
            id="a-number",
        ),
        pytest.param(
            "30 days",
            "2.5 years",
            "policy.yaml:18:17: error[Y02]: not a period: `2.5 years`\n"
            "  help: write numbers and units, the largest first, for example `3 years 6 "
            "months`, `1 year`, `30 days` or `P3Y6M`",
            id="half",
        ),
        pytest.param(
            "30 days",
            "12 hours",
            "policy.yaml:18:17: error[Y02]: not a period: `12 hours`\n"
            "  help: write numbers and units, the largest first, for example `3 years 6 "
            "months`, `1 year`, `30 days` or `P3Y6M`",
            id="hours",
        ),
        pytest.param(
            "30 days",
            "-3 years",
            "policy.yaml:18:17: error[Y02]: not a period: `-3 years`\n"
            "  help: did you mean `3 years`?",
            id="negative",
        ),
        pytest.param(
            "30 days",
            "as long as necessary",
            "policy.yaml:18:17: error[Y02]: not a period: `as long as necessary`\n"
            "  help: write numbers and units, the largest first, for example `3 years 6 "
            "months`, `1 year`, `30 days` or `P3Y6M`",
            id="as-long-as-necessary",
        ),
    ],
)
def test_what_is_no_period_is_told(old: str, new: str, found: str) -> None:
    assert shown(changed(SMALL, old, new)) == found


@pytest.mark.parametrize(
    ("policy", "old", "new", "found"),
    [
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{law: dk_bogff, after: left}",
            "policy.yaml:18:17: error[Y38]: unknown fact of law `dk_bogff`\n"
            "  help: did you mean `dk_bogf`?",
            id="fact-unknown",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{law: dk_tv, after: left}",
            "policy.yaml:18:17: error[Y37]: `dk_tv` says how long at most, and no reason to "
            "keep\n"
            "  law:  DK tv-overvågningsloven § 4 c(4)-(5)\n"
            "  help: say how long it is needed with `for:`, and limit it with `caps: "
            "{visits_max: {law: dk_tv, about: …}}`",
            id="a-limit-is-no-ground",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{law: no_nav, after: left}",
            "policy.yaml:18:17: error[Y37]: `no_nav` has no period of its own\n"
            "  law:  NO Nav contract: databehandleravtale\n"
            "  help: say how long with `keep: {for: 1 year, after: …}`\n"
            "policy.yaml:18:17: warning[Y39]: `no_nav` is law of NO, the organisation is in DK\n"
            "  help: see that this law applies to the organisation",
            id="a-fact-without-a-period",
        ),
        pytest.param(
            SMALL,
            "{for: 30 days, after: left}",
            "{law: no_foreld, after: left}",
            "policy.yaml:18:17: warning[Y39]: `no_foreld` is law of NO, the organisation is in "
            "DK\n"
            "  help: see that this law applies to the organisation",
            id="another-country",
        ),
        pytest.param(
            SMALL,
            "    basis: {legitimate_interests: Fire safety}\n"
            "    keep: {for: 30 days, after: left}\n"
            "",
            "    law: dk_ansøger\n    keep: {after: left}\n",
            "policy.yaml:17:10: error[Y37]: `dk_ansøger` is no duty to keep\n"
            "  law:  DK Datatilsynet guidance: applicants\n"
            "  help: say with `basis:` on what it rests, and write `keep: {law: dk_ansøger}`",
            id="activity-of-guidance",
        ),
        pytest.param(
            SMALL,
            "    basis: {legitimate_interests: Fire safety}\n"
            "    keep: {for: 30 days, after: left}\n"
            "",
            "    law: dk_tv\n    keep: {after: left}\n",
            "policy.yaml:17:10: error[Y37]: `dk_tv` is no duty to keep\n"
            "  law:  DK tv-overvågningsloven § 4 c(4)-(5)\n"
            "  help: say with `basis:` and `keep:` why and how long, and limit it with `caps: "
            "{visits_max: {law: dk_tv, about: …}}`",
            id="activity-of-a-limit",
        ),
        pytest.param(
            SMALL,
            "    basis: {legitimate_interests: Fire safety}\n"
            "    keep: {for: 30 days, after: left}\n"
            "",
            "    law: dk_skatindb\n    keep: {after: left}\n",
            "policy.yaml:17:10: error[Y37]: `dk_skatindb` has no period of its own\n"
            "  law:  DK skatteindberetningsloven § 56\n"
            "  help: say how long with `keep: {for: 1 year, after: …}`",
            id="activity-of-a-duty-without-period",
        ),
        pytest.param(
            SMALL,
            "basis:",
            "law: dk_bogf\n    basis:",
            "policy.yaml:18:13: error[Y47]: the basis is the duty that `law:` names\n"
            "  help: take `legitimate_interests` out\n"
            "policy.yaml:19:12: error[Y47]: `for` is said by the law that `law:` names\n"
            "  help: take it out",
            id="activity-with-a-basis-too",
        ),
        pytest.param(
            SMALL + CAPS,
            "for: 1 year, after: left",
            "law: dk_bogf",
            "policy.yaml:20:36: error[Y37]: `dk_bogf` says how long at least, and limits "
            "nothing\n"
            "  law:  DK bogføringsloven § 12(1)\n"
            "  help: write it in an activity: `law: dk_bogf`",
            id="cap-of-a-duty",
        ),
        pytest.param(
            SMALL + CAPS,
            "for: 1 year, after: left",
            "law: dk_tv, for: 14 days",
            "policy.yaml:20:43: error[Y11]: `for` is said by `dk_tv`: `30 days`\n"
            "  help: take it out",
            id="cap-of-law-with-a-period",
        ),
        pytest.param(
            SMALL + CAPS,
            "for: 1 year, after: left",
            "law: no_epost",
            "policy.yaml:20:36: error[Y32]: cap `visits_max` does not say how long\n"
            "  help: `no_epost` gives no number: add `for: 1 month`\n"
            "policy.yaml:20:36: warning[Y39]: `no_epost` is law of NO, the organisation is in "
            "DK\n"
            "  help: see that this law applies to the organisation",
            id="cap-of-law-without-number",
        ),
    ],
)
def test_what_is_no_law_here_is_told(policy: str, old: str, new: str, found: str) -> None:
    assert shown(changed(policy, old, new)) == found
