"""Promises and what proves them: a proof that names nothing proves nothing.

Method: one part of a policy without findings is replaced; the findings are compared as read.
"""

from __future__ import annotations

import pytest

from unit.policy.written import PROMISES, SMALL, changed, shown


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            "- {id: HO-1, says: We erase, proof: {rule: visits}}",
            "HO-1: We erase",
            "policy.yaml:20:3: error[Y21]: `promises` is not a list\n  help: start each with `- `",
            id="not-a-list",
        ),
        pytest.param(
            "rule: visits}}",
            "rule: visits}}\n  - {id: HO-1, says: More, proof: {rule: visits}}",
            "policy.yaml:21:10: error[Y41]: promise `HO-1` is written twice, first at 20:5\n"
            "  help: give one of the two another id",
            id="id-twice",
        ),
        pytest.param(
            "HO-1",
            "HO 1",
            "policy.yaml:20:10: error[Y16]: not a name: `HO 1`\n"
            "  help: use letters, digits, `_` and `-`, for example `HO_1`",
            id="id-with-space",
        ),
        pytest.param(
            ", proof: {rule: visits}",
            "",
            "policy.yaml:20:5: error[Y12]: `promises` lacks `proof`\n"
            "  law:  GDPR Art. 5(2)\n"
            "  help: add `proof: {rule: [events]}`",
            id="proof-missing",
        ),
        pytest.param(
            "{rule: visits}",
            "{}",
            "policy.yaml:20:39: error[Y13]: a proof that names nothing\n"
            "  help: write for example `rule: [events]`",
            id="proof-of-nothing",
        ),
        pytest.param(
            "{rule: visits}",
            "{rule: []}",
            "policy.yaml:20:40: error[Y13]: `rule` is empty\n"
            "  help: write a value, or take the key out",
            id="proof-of-no-name",
        ),
        pytest.param(
            "{rule: visits}",
            "{rules: visits}",
            "policy.yaml:20:40: error[Y11]: unknown key `rules`\n  help: did you mean `rule`?",
            id="proof-unknown",
        ),
        pytest.param(
            "{rule: visits}",
            "{rule: [visit]}",
            "policy.yaml:20:47: error[Y26]: unknown activity `visit`\n"
            "  help: did you mean `visits`?",
            id="activity-unknown",
        ),
        pytest.param(
            "{rule: visits}",
            "{cap: visits_max}",
            "policy.yaml:20:45: error[Y26]: unknown cap `visits_max`\n"
            "  help: declare it under `caps:`",
            id="cap-unknown",
        ),
        pytest.param(
            "{rule: visits}",
            "{hold: legal_clam}",
            "policy.yaml:20:46: error[Y26]: unknown kind of hold `legal_clam`\n"
            "  help: did you mean `legal_claim`?",
            id="hold-unknown",
        ),
        pytest.param(
            "{rule: visits}",
            "{case: acess}",
            "policy.yaml:20:46: error[Y26]: unknown right `acess`\n  help: did you mean `access`?",
            id="right-unknown",
        ),
        pytest.param(
            "{rule: visits}",
            "{setting: retention}",
            "policy.yaml:20:49: error[Y48]: `retention` does not say the system and its part\n"
            "  help: write the system and a point before it, for example `crm.retention`",
            id="setting-without-system",
        ),
        pytest.param(
            "{rule: visits}",
            "{only: {table: crm.contacts}}",
            "policy.yaml:20:40: error[Y12]: `only` lacks `data`\n  help: add `data: [name, email]`",
            id="only-without-data",
        ),
        pytest.param(
            "{rule: visits}",
            "{attest: {by: Leader}}",
            "policy.yaml:20:40: error[Y12]: `attest` lacks `every`\n  help: add `every: 12 months`",
            id="attest-without-every",
        ),
    ],
)
def test_what_is_wrong_in_a_promise_is_told(old: str, new: str, found: str) -> None:
    assert shown(changed(SMALL + PROMISES, old, new)) == found
