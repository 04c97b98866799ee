"""What people get wrong ends in one clear finding or error, and changes nothing.

Method: for each kind of bad input call the command that meets it first; compare the club's
database before and after; look for the shape of style.md 4.1 and for a traceback, which the desk
raises. Files of every wrong kind are in tests/unit/policy and tests/unit/systems, too.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cli.desk import POLICY, SYSTEMS, TABLES, Desk, days_ago, today

FINDING = re.compile(r"(policy|systems)\.yaml(:\d+:\d+)?: (error|warning|info)\[[A-Z]\d\d\]: \S.*")


def assert_findings(out: str, *, says: str) -> None:
    """Assert that everything said is findings in their shape, one of which says this."""
    lines = [line for line in out.splitlines() if not line.startswith(("  law:  ", "  help: "))]
    for line in lines[:-1]:
        assert FINDING.fullmatch(line), line
    assert re.fullmatch(r"\d+ errors?, \d+ warnings?", lines[-1])
    assert says in out


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        pytest.param(b"organisation: [", "error[Y", id="malformed"),
        pytest.param(b"", "error[Y", id="empty"),
        pytest.param(b"\x00\x01\xfe\xff" * 100, "error[Y", id="binary"),
        pytest.param("organisation: {name: Åse}".encode("latin-1"), "error[Y", id="latin-1"),
        pytest.param(b"a: &a [*a]\n", "error[Y", id="circular"),
        pytest.param(b"a: &a [x, x]\nb: [*a, *a]\n", "error[Y", id="aliases"),
        pytest.param(b"a: !!python/object:os.system {}\n", "error[Y", id="tag"),
        pytest.param(b"[" * 100_000, "error[Y", id="deep"),
        pytest.param(b"organisation:\n  name: " + b"x" * 6_000_000, "error[Y", id="huge"),
        pytest.param(b"- 1\n- 2\n", "error[Y", id="a-list"),
    ],
)
def test_a_file_of_the_wrong_kind(desk: Desk, policy: bytes, says: str) -> None:
    (desk.folder / "policy.yaml").write_bytes(policy)
    said = desk.ombud("check")
    assert (said.code, said.err) == (1, "")
    assert_findings(said.out, says=says)
    assert len(said.out) < 20_000


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        pytest.param("1 year", "five years", "not a period: `five years`", id="five-years"),
        pytest.param("1 year", "1 yr", "not a period: `1 yr`", id="1-yr"),
        pytest.param("1 year", "P1M2W3", "not a period: `P1M2W3`", id="p1m2w3"),
        pytest.param("1 year", "-1 year", "not a period: `-1 year`", id="negative"),
        pytest.param("1 year", "999 years", "not a period: `999 years`", id="999-years"),
        pytest.param(
            "after: membership_ended", "after: membership_end", "did you mean", id="clock"
        ),
        pytest.param("email, phone]", "email, fone]", "did you mean `phone`?", id="category"),
        pytest.param(
            "keep: {for: 1 year, after: membership_ended}",
            "keep: {law: no_bok9, after: membership_ended}",
            "did you mean `no_bok",
            id="law",
        ),
    ],
)
def test_an_unknown_word_of_the_policy(desk: Desk, written: str, instead: str, says: str) -> None:
    desk.write(policy=POLICY.replace(written, instead))
    said = desk.ombud("check")
    assert said.code == 1
    assert_findings(said.out, says=says)


def test_two_systems_of_one_name(desk: Desk) -> None:
    desk.write(systems=SYSTEMS + SYSTEMS.partition("systems:\n")[2])
    said = desk.ombud("check")
    assert said.code == 1
    assert_findings(said.out, says="`club`")


@pytest.mark.parametrize("command", ["plan", "sweep", "status", "hold", "duty", "bind"])
def test_no_command_goes_on_with_a_file_that_has_findings(desk: Desk, command: str) -> None:
    desk.write(policy=POLICY.replace("1 year", "five years"))
    before = desk.dump()
    said = desk.ombud(command)
    assert said.code == 1
    assert FINDING.match(said.out)
    assert (desk.dump(), desk.log()) == (before, "")


@pytest.mark.parametrize("command", ["plan", "sweep", "status", "hold", "duty", "bind"])
def test_findings_that_stop_a_command_are_json_where_json_is_asked_for(
    desk: Desk, command: str
) -> None:
    desk.write(policy=POLICY.replace("1 year", "five years"))
    said = desk.ombud(command, "--json")
    assert (said.code, [each["code"] for each in said.json["findings"]]) == (1, ["Y02"])


def test_findings_of_binding_are_json_where_json_is_asked_for(desk: Desk) -> None:
    desk.script("ALTER TABLE members ADD COLUMN nickname TEXT")
    said = desk.ombud("plan", "--json")
    assert (said.code, [each["code"] for each in said.json["findings"]]) == (3, ["Z10"])


# ---------------------------------------------------------------- systems


@pytest.mark.parametrize(
    ("url", "says"),
    [
        pytest.param("sqlite:////nowhere/club.sqlite", "has no such file", id="wrong-path"),
        pytest.param("club.sqlite", "is not one of a database", id="no-url"),
        pytest.param("oracle://u:secret@h/club", "driver is not installed", id="missing-driver"),
        pytest.param("mssql+pyodbc://u:secret@h/x", "driver is not installed", id="another-driver"),
        pytest.param(
            "nosuch://u:secret@h/club",
            "has an address of a kind that no installed driver speaks",
            id="unknown-kind",
        ),
        pytest.param("postgresql://u:secret@127.0.0.1:9/x", "does not answer", id="nobody-there"),
        pytest.param("mariadb://u:secret@127.0.0.1:9/x", "does not answer", id="nobody-there-2"),
        pytest.param("postgresql://u:secret@h:x/x", "is not one of a database", id="port"),
    ],
)
@pytest.mark.parametrize("command", [("plan",), ("bind",), ("why", "club.members", "1")])
def test_an_address_that_leads_nowhere(
    desk: Desk, url: str, says: str, command: tuple[str, ...]
) -> None:
    said = desk.ombud(*command, env={"CLUB_URL": url})
    assert said.code == 4
    assert said.err.startswith(f"error: system `club` {says}") or says in said.err
    assert "secret" not in said.err + said.out


def test_a_table_without_a_key(desk: Desk) -> None:
    desk.script(f"DROP TABLE members; {TABLES.replace('id INTEGER PRIMARY KEY', 'id INTEGER')}")
    said = desk.ombud("plan")
    assert (said.code, "error[Z23]: table `members` has no key" in said.out) == (3, True)
    assert said.err.startswith("error: the map and the live schema disagree")


def test_a_clock_of_text_type(desk: Desk) -> None:
    desk.script(f"DROP TABLE members; {TABLES.replace('left_on DATE', 'left_on TEXT')}")
    said = desk.ombud("plan")
    assert (said.code, "error[Z40]" in said.out) == (3, True)
    assert "reads_as: iso_text" in said.out


def test_a_column_that_nobody_mapped(desk: Desk) -> None:
    desk.script("ALTER TABLE members ADD COLUMN nickname TEXT")
    said = desk.ombud("plan")
    assert (said.code, "error[Z10]: column `members.nickname`" in said.out) == (3, True)


def test_a_table_that_is_gone(desk: Desk) -> None:
    desk.script("DROP TABLE members")
    said = desk.ombud("plan")
    assert (said.code, "error[Z20]: table `members` is not in the database" in said.out) == (
        3,
        True,
    )


@pytest.mark.parametrize(
    ("written", "erased"),
    [
        pytest.param("0000-00-00", False, id="zero-date"),
        pytest.param("", False, id="empty"),
        pytest.param("0001-01-01", True, id="year-1"),
        pytest.param("9999-12-31", False, id="year-9999"),
        pytest.param("9999-12-31 23:59:59", False, id="end-of-9999"),
        pytest.param("not a date", False, id="words"),
    ],
)
def test_dates_at_the_ends_of_the_calendar(desk: Desk, written: str, erased: bool) -> None:
    desk.sql("INSERT INTO members VALUES (3, 'Berit', NULL, NULL, ?)", written)
    desk.ombud("apply", desk.plan())
    there = {key for (key,) in desk.sql("SELECT id FROM members")}
    assert there == ({1} if erased else {1, 3})
    assert desk.ombud("why", "club.members", "3").code == (2 if erased else 0)
    assert desk.ombud("status").code == 0


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar(desk: Desk, day: str) -> None:
    assert desk.ombud("plan", "--as-of", day).code == 0
    assert desk.ombud("why", "club.members", "2", "--as-of", day).code == 0


@pytest.mark.parametrize("day", ["0000-01-01", "2026-02-30", "24.11.2026", "tomorrow", ""])
def test_a_day_that_is_none(desk: Desk, day: str) -> None:
    said = desk.ombud("plan", "--as-of", day)
    assert (said.code, "write it as 2026-11-24" in said.err) == (2, True)


# ---------------------------------------------------------------- plans


def test_a_digest_that_names_no_plan(desk: Desk) -> None:
    desk.plan()
    before = desk.dump()
    said = desk.ombud("apply", "0123456789ab")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: no plan has the digest `0123456789ab`")
    assert desk.dump() == before


@pytest.mark.parametrize("length", [0, 1, 11, 12, 64])
def test_a_plan_is_approved_by_as_much_of_its_digest_as_people_are_shown(
    desk: Desk, length: int
) -> None:
    """An empty one, from a variable that a script forgot to set, would approve any plan."""
    digest = desk.plan()[:length]
    before = desk.dump()
    assert desk.ombud("apply", digest).code == (0 if length >= 12 else 2)
    assert (desk.dump() == before) is (length < 12)


@pytest.mark.parametrize("digest", ["%" * 12, "_" * 12, "'; DROP TABLE plans; --"])
def test_a_digest_is_no_pattern(desk: Desk, digest: str) -> None:
    desk.plan()
    before = desk.dump()
    assert desk.ombud("apply", digest).code == 2
    assert desk.dump() == before


def test_a_plan_of_another_policy(desk: Desk) -> None:
    digest = desk.plan()
    desk.write(policy=POLICY.replace("for: 1 year", "for: 2 years"))
    before = desk.dump()
    said = desk.ombud("apply", digest)
    assert (said.code, said.out) == (3, "")
    assert "the policy, the map or the law changed since the plan was made" in said.err
    assert desk.dump() == before


def test_a_plan_of_a_policy_that_only_has_another_comment_is_applied(desk: Desk) -> None:
    digest = desk.plan()
    desk.write(policy=POLICY.replace("promises:", "# nothing new\npromises:"))
    assert desk.ombud("apply", digest).code == 0


def test_a_table_that_grew_after_the_plan_was_made(desk: Desk) -> None:
    """The count that a person approved is a ceiling; the step stops there."""
    digest = desk.plan()
    desk.sql("INSERT INTO members VALUES (3, 'Berit', NULL, NULL, ?)", days_ago(900))
    before = desk.dump()
    said = desk.ombud("apply", digest)
    assert said.code == 3
    assert "`club.members`: 2 rows are due, 1 was approved" in said.err
    assert "run `ombud plan` again" in said.err
    assert desk.dump() == before


def test_a_plan_for_a_day_to_come(desk: Desk) -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()
    told = desk.ombud("plan", "--as-of", tomorrow).out
    assert f"approve and do it on {tomorrow}, not before: ombud apply" in told
    digest = desk.ombud("plan", "--as-of", tomorrow, "--json").json["digest"]
    before = desk.dump()
    said = desk.ombud("apply", digest)
    assert (said.code, "which is not yet" in said.err) == (3, True)
    assert desk.dump() == before


def test_a_database_of_ombuds_own_that_is_lost(desk: Desk) -> None:
    """An empty one would have forgotten every hold; only a person makes a new one."""
    digest = desk.plan()
    (desk.folder / "ombud.db").unlink()
    before = desk.dump()
    for command in (("apply", digest), ("sweep",), ("hold", "release", "0123456789ab")):
        said = desk.ombud(*command)
        assert (said.code, "Ombud's database `ombud.db` is not there" in said.err) == (3, True)
    assert desk.dump() == before


@pytest.mark.parametrize(
    "url", ["mysql://h/x", "nonsense", "sqlite:////nowhere/at/all/ombud.db", "postgresql://h:x/y"]
)
def test_a_database_of_ombuds_own_that_cannot_be(desk: Desk, url: str) -> None:
    said = desk.ombud("plan", env={"OMBUD_DATABASE": url})
    assert said.code in (2, 3, 4)
    assert said.err.startswith("error: ")


def test_a_system_that_is_down_is_never_one_in_which_nothing_is_due(desk: Desk) -> None:
    said = desk.ombud("plan", env={"CLUB_URL": "sqlite:////nowhere/club.sqlite"})
    assert (said.code, said.out.startswith("no system answered: nobody knows what is due")) == (
        4,
        True,
    )


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("mariadb://root:hunter2@127.0.0.1:1/x?ssl_ca=/nope", id="no-such-file"),
        pytest.param("mariadb://root:hunter2@127.0.0.1:1/x?ssl_cert=/etc/fstab", id="wrong-file"),
        pytest.param("mariadb://root:hunter2@127.0.0.1:1/x?nosuch=hunter2", id="mariadb-unknown"),
        pytest.param("mariadb://root:hunter2@127.0.0.1:1/x?charset=nope", id="charset"),
        pytest.param("mariadb://root:hunter2@127.0.0.1:1/x?read_timeout=soon", id="no-number"),
        pytest.param("postgresql+psycopg://hunter2@127.0.0.1:1/x?nosuch=1", id="postgres-unknown"),
        pytest.param("sqlite:///{file}?nosuch=hunter2", id="sqlite-unknown"),
        pytest.param("sqlite:///file:{file}?uri=true&mode=hunter2", id="sqlite-mode"),
    ],
)
def test_an_option_of_an_address_that_its_driver_refuses(desk: Desk, url: str) -> None:
    """What a driver then raises need not be an error of the driver's; no server is asked."""
    said = desk.ombud("bind", env={"CLUB_URL": url.format(file=desk.file)})
    error, help = said.err.splitlines()
    assert said.code == 4
    assert error == "error: system `club` has an address with an option that its driver refuses"
    assert help.startswith("  help: look at what stands after `?` in what the environment sets")
    assert "hunter2" not in said.out + said.err


def test_a_system_that_is_not_there_is_never_one_in_which_nothing_is_due(desk: Desk) -> None:
    said = desk.ombud("plan", "--system", "clubs")
    assert (said.code, said.out) == (2, "")
    assert "did you mean `club`?" in said.err


# ---------------------------------------------------------------- rows


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param(("club.members", "99"), "has no row with that key", id="no-row"),
        pytest.param(("club.members", "kari"), "has no row with that key", id="no-number"),
        pytest.param(("club.member", "1"), "is not a table of a system in reach", id="table"),
        pytest.param(("members", "1"), "is not a table of a system in reach", id="no-system"),
    ],
)
def test_a_row_that_is_not_there(desk: Desk, call: tuple[str, ...], says: str) -> None:
    said = desk.ombud("why", *call)
    assert (said.code, says in said.err) == (2, True)


def test_a_policy_without_a_map_is_checked_alone(desk: Desk) -> None:
    (desk.folder / "systems.yaml").unlink()
    said = desk.ombud("check")
    assert "there is no `systems.yaml`" in said.err
    assert "error[" not in said.err
    with_map = desk.ombud("check", "policy.yaml")
    assert (said.code, said.out) == (with_map.code, with_map.out)
