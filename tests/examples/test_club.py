"""The club is the smallest example that shows what there is to see; docs and tests build on it.

Method: read its files and the marked rows of its data.
"""

from __future__ import annotations

import pytest
from _data.fill import EXAMPLES, chance, load

from examples.workspace import SEED, TODAY, proofs_of, written

LINES_MAX = 80  # it is read in one go


@pytest.mark.parametrize("file", ["policy.yaml", "systems.yaml"])
def test_a_file_is_read_in_one_go(file: str) -> None:
    assert len((EXAMPLES / "club" / file).read_text().splitlines()) <= LINES_MAX


@pytest.mark.parametrize(
    ("promise", "proof"),
    [
        pytest.param("CL-1", ("rule", "membership"), id="members"),
        pytest.param("CL-2", ("rule", "attendance"), id="attendance"),
        pytest.param("CL-3", ("keeps", "dues"), id="invoices"),
    ],
)
def test_each_promise_has_one_control(promise: str, proof: tuple[str, str]) -> None:
    policy, _ = written("club")
    assert proofs_of(policy, promise) == {proof}


def test_berit_kari_and_ola_are_in_it() -> None:
    """Berit keeps the list, Kari is a member, Ola left two years ago."""
    made = load("club").rows(chance(SEED), TODAY, 1)
    members = [values for table, values in made if table.name == "members"][:3]
    first_names = [str(values["name"]).partition(" ")[0] for values in members]
    assert first_names == ["Berit", "Kari", "Ola"]
    assert [values["left_on"] is None for values in members] == [True, True, False]
