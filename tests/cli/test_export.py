"""An export of a system out of reach is read as the map says, and leaves nothing behind.

Method: write CSV files in every form that tools and spreadsheets give; have the keys of what is
due written, and confirm with the export; look into files, log and temporary folder.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from cli.desk import POLICY, Desk, Said, days_ago, today
from ombud.law import Period, cutoff

MAP = """
systems:
  survey:
    reach: outside
    serves: [membership]
    tasks: {tidy: {by: Leder, every: 1 month}}
    tables:
      answers:
        key: response
        serves: {membership: {clocks: {membership_ended: submitted}}}
        subjects: {member: {email: email}}
        columns: {answer: name, email: email}
        not_personal: [response, submitted]
"""
HEADER = "response,answer,email,submitted"
TASK = "survey.tidy"
OLD = days_ago(800)
NEW = days_ago(1)


@pytest.fixture
def desk(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The desk, with a survey out of reach and a temporary folder of its own."""
    desk.write(systems=MAP, policy=POLICY.replace("{rule: [membership]}", f"{{task: {TASK}}}"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return desk


def left_behind(desk: Desk) -> list[Path]:
    """Return what lies in the temporary folder."""
    return list((desk.folder.parent / "tmp").iterdir())


def export(desk: Desk, *lines: str, encoding: str = "utf-8", name: str = "answers.csv") -> Path:
    """Write an export."""
    folder = desk.folder.parent / "export"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes("\n".join([*lines, ""]).encode(encoding))
    return folder


def keys(desk: Desk, folder: Path) -> tuple[Said, list[str]]:
    """Have the keys of what is due written; return what was said, and the lines."""
    out = desk.folder.parent / "keys.csv"
    out.unlink(missing_ok=True)
    said = desk.ombud("duty", "keys", TASK, "--export", str(folder), "--out", str(out))
    return said, out.read_text("utf-8").splitlines() if out.exists() else []


def confirm(desk: Desk, folder: Path) -> Said:
    """Confirm the task with an export."""
    return desk.ombud("duty", "confirm", TASK, "--export", str(folder))


# ---------------------------------------------------------------- what is due


def test_the_keys_of_due_rows_are_written_for_the_person_who_erases(desk: Desk) -> None:
    rows = (f"r-1,Ja,ola@example.org,{OLD}", f"r-2,Nei,kari@example.org,{NEW}")
    said, lines = keys(desk, export(desk, HEADER, *rows))
    assert (said.code, lines) == (0, ["table,action,columns,key", "answers,erase,,r-1"])
    assert "answers: 1 row due of 2" in said.out


def test_the_file_is_its_owners_alone(desk: Desk) -> None:
    keys(desk, export(desk, HEADER, f"r-1,,,{OLD}"))
    mode = (desk.folder.parent / "keys.csv").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_file_that_is_there_is_not_overwritten(desk: Desk) -> None:
    folder = export(desk, HEADER, f"r-1,,,{OLD}")
    out = desk.folder.parent / "keys.csv"
    out.write_text("mine")
    said = desk.ombud("duty", "keys", TASK, "--export", str(folder), "--out", str(out))
    assert (said.code, out.read_text()) == (2, "mine")
    assert "`keys.csv` is there already" in said.err
    assert desk.log() == ""


def test_the_log_learns_numbers_and_nothing_else(desk: Desk) -> None:
    folder = export(desk, HEADER, f"r-1,Ja,ola@example.org,{OLD}")
    keys(desk, folder)
    confirm(desk, folder)
    log = desk.log()
    assert '"count":1' in log
    assert '"remaining":{"answers":1}' in log
    assert not [word for word in ("r-1", "Ja", "ola@", OLD) if word in log]


def test_what_remains_is_said_and_breaks_the_promise(desk: Desk) -> None:
    said = confirm(desk, export(desk, HEADER, f"r-1,Ja,ola@example.org,{OLD}"))
    assert said.code == 1
    assert "1 remain" in said.out
    assert desk.ombud("status").code == 1


def test_an_export_in_which_nothing_is_due_proves_the_task(desk: Desk) -> None:
    said = confirm(desk, export(desk, HEADER, f"r-2,Nei,kari@example.org,{NEW}"))
    assert said.code == 0
    assert "0 remain" in said.out
    assert "CL-1  kept" in desk.ombud("status").out


def test_without_an_export_it_is_said_that_nothing_was_read(desk: Desk) -> None:
    assert "it rests on your word" in desk.ombud("duty", "confirm", TASK).out


def test_what_a_hold_covers_is_not_due_in_an_export_either(desk: Desk) -> None:
    folder = export(desk, HEADER, f"r-1,Ja,ola@example.org,{OLD}")
    review = ("--review", today().isoformat(), "--reason", "Claim", "--kind", "legal_claim")
    desk.ombud("hold", "place", *review, "--person", "email=Ola@Example.org")
    assert keys(desk, folder)[1] == ["table,action,columns,key"]


def test_an_export_without_rows_is_doubted(desk: Desk) -> None:
    said = confirm(desk, export(desk, HEADER))
    assert said.code == 0
    assert "the export has no rows at all" in said.err


def test_rows_without_a_date_are_told(desk: Desk) -> None:
    desk.write(systems=MAP.replace(": submitted}}", ": {column: submitted, null: finding}}}"))
    said = confirm(desk, export(desk, HEADER, "r-1,Ja,,", f"r-2,Ja,,{NEW}"))
    assert "answers: 1 row without the date that starts their period" in said.err


def test_a_few_fields_that_are_due_are_named(desk: Desk) -> None:
    """Minimised, not erased: the name has another ground."""
    policy = POLICY.replace(
        "promises:",
        "  dues: {law: no_bok5, title: {nb: Kontingent}, purpose: {nb: Regnskap.}, about: members,"
        " data: [name], keep: {after: membership_ended}}\npromises:",
    )
    systems = MAP.replace("serves: {", "serves: {dues: {clocks: {membership_ended: submitted}}, ")
    desk.write(policy=policy, systems=systems)
    _, lines = keys(desk, export(desk, HEADER, f"r-1,Ja,ola@example.org,{OLD}"))
    assert lines[1:] == ["answers,blank,email,r-1"]


# ---------------------------------------------------------------- forms of files


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_files_of_tools_and_spreadsheets_are_read(
    desk: Desk, delimiter: str, encoding: str
) -> None:
    lines = [HEADER, f'"r-1","Ja, helt; sikkert",å@example.org,{OLD}']
    if delimiter == ";":
        lines = [HEADER.replace(",", ";"), f'"r-1";"Ja, helt; sikkert";å@example.org;{OLD}']
    _, found = keys(desk, export(desk, *lines, encoding=encoding))
    assert found[1:] == [delimiter.join(["answers", "erase", "", "r-1"])]


def test_the_one_table_may_be_named_as_a_file(desk: Desk) -> None:
    folder = export(desk, HEADER, f"r-1,,,{OLD}", name="download (2).csv")
    assert confirm(desk, folder / "download (2).csv").code == 1


def test_columns_may_stand_in_any_order_and_lines_be_empty(desk: Desk) -> None:
    folder = export(desk, "submitted,email,answer,response", "", f"{OLD},,,r-1", ",,,", "")
    assert keys(desk, folder)[1][1:] == ["answers,erase,,r-1"]


def test_columns_that_are_not_on_the_map_are_told_by_their_number(desk: Desk) -> None:
    said = confirm(desk, export(desk, f"{HEADER},ola@example.org", f"r-1,,,{NEW},x"))
    assert said.code == 0
    assert "columns not on the map in answers.csv, not read: 5" in said.err
    assert "ola" not in said.out + said.err


def day(form: str, days: int) -> str:
    """Return a date some days ago in a form."""
    y, m, d = days_ago(days).split("-")
    return form.format(y=y, m=m, d=d)


FORMS: Sequence[str] = (
    "{y}-{m}-{d}",
    "{y}-{m}-{d} 13:45",
    "{y}-{m}-{d}T13:45:10",
    "{y}-{m}-{d}T13:45:10.123Z",
    "{y}-{m}-{d} 13:45:10+02:00",
    "{d}-{m}-{y}",
    "{d}-{m}-{y} 13:45",
    "{d}.{m}.{y}",
    "{d}.{m}.{y} 13:45:10",
)


@pytest.mark.parametrize("form", FORMS)
def test_dates_are_read_in_every_form_that_means_one_day(desk: Desk, form: str) -> None:
    rows = (f"r-1,,,{day(form, 800)}", f"r-2,,,{day(form, 2)}")
    _, lines = keys(desk, export(desk, HEADER, *rows))
    assert lines[1:] == ["answers,erase,,r-1"]


def test_the_last_day_of_a_period_is_kept_and_the_day_before_is_not(desk: Desk) -> None:
    """Art. 5(1)(e): a year after the day, that day's anniversary included."""
    due = cutoff(today(), Period.parse("1 year"))
    rows = (f"r-1,,,{due}", f"r-2,,,{due + timedelta(days=1)}")
    assert keys(desk, export(desk, HEADER, *rows))[1][1:] == ["answers,erase,,r-1"]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("11/24/2019", id="slashes-mean-two-days"),
        pytest.param("24 nov 2019", id="words"),
        pytest.param("2019", id="year"),
        pytest.param("31-02-2019", id="no-such-day"),
        pytest.param("00-00-0000", id="year-0"),
        pytest.param("2019-11-24 25:00", id="no-such-hour"),
        pytest.param("2019-11-24T13:45:10 CET", id="zone-in-words"),
        pytest.param("24-11.2019", id="mixed"),
        pytest.param("٢٠١٩-١١-٢٤", id="other-digits"),
        pytest.param("ola@example.org", id="no-date"),
    ],
)
def test_a_date_that_can_mean_two_things_is_refused_without_its_value(
    desk: Desk, written: str
) -> None:
    said = confirm(desk, export(desk, HEADER, f"r-1,,,{NEW}", f"r-2,,,{written}"))
    assert said.code == 2
    assert "`answers.csv`, row 3: `submitted` is not a date" in said.err
    assert "24.11.2026" in said.err, "the help shows how"
    assert written not in said.err
    assert (desk.log(), left_behind(desk)) == ("", [])


@pytest.mark.parametrize(
    ("written", "due"),
    [
        pytest.param("9999-12-31", [], id="year-9999"),
        pytest.param("9999-12-31T23:59:59-02:00", None, id="year-10000"),
        pytest.param("0001-01-01", ["answers,erase,,r-1"], id="year-1"),
        pytest.param("0000-00-00", [], id="mariadb-zero-date"),
        pytest.param("0000-00-00 00:00:00", [], id="mariadb-zero-time"),
    ],
)
def test_dates_at_the_ends_of_the_calendar(desk: Desk, written: str, due: list[str] | None) -> None:
    said, lines = keys(desk, export(desk, HEADER, f"r-1,,,{written}"))
    assert (said.code, lines[1:] if due is not None else due) == (2 if due is None else 0, due)


# ---------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        pytest.param(("",), "`answers.csv` has no header row", id="empty"),
        pytest.param(("response,answer,email", "r-1,,"), "lacks `submitted`", id="column-missing"),
        pytest.param(
            (f"r-1,Ja,ola@example.org,{OLD}", f"r-2,,,{OLD}"), "lacks `response`", id="no-header"
        ),
        pytest.param((f"{HEADER},answer", f"r-1,,,{OLD},"), "has `answer` twice", id="twice"),
        pytest.param((HEADER, "r-1,Ja"), "row 2: 2 fields, 4 in the header", id="short-row"),
        pytest.param((HEADER, f",Ja,,{OLD}"), "row 2: the key `response` is empty", id="no-key"),
        pytest.param(
            (HEADER, f"r-1,,,{OLD}", f"r-1,,,{OLD}"),
            "row 3: a row above has the same key",
            id="key",
        ),
        pytest.param((HEADER, 'r-1,"Ja"x,,'), "row 2: not CSV", id="quotes"),
    ],
)
def test_what_cannot_be_read_is_said_by_row_and_column(
    desk: Desk, lines: tuple[str, ...], says: str
) -> None:
    folder = export(desk, *lines)
    for said in (confirm(desk, folder), keys(desk, folder)[0]):
        assert (said.code, says in said.err) == (2, True)
        assert not [word for word in ("ola", "Ja", "r-1", OLD) if word in said.out + said.err]
    assert not (desk.folder.parent / "keys.csv").exists()
    assert (desk.log(), left_behind(desk)) == ("", [])


def test_another_encoding_is_refused(desk: Desk) -> None:
    said = confirm(desk, export(desk, HEADER, f"r-1,Åse,,{OLD}", encoding="latin-1"))
    assert (said.code, "`answers.csv` is not UTF-8" in said.err) == (2, True)


def test_a_file_that_is_missing_is_named(desk: Desk) -> None:
    said = confirm(desk, export(desk, HEADER, name="other.csv"))
    assert (said.code, "the export has no file `answers.csv`" in said.err) == (2, True)


def test_a_folder_that_is_missing_is_named(desk: Desk) -> None:
    said = confirm(desk, desk.folder / "nowhere")
    assert (said.code, "`nowhere` is not there" in said.err) == (2, True)


def test_a_task_without_tables_has_no_export(desk: Desk) -> None:
    desk.write(systems=MAP[: MAP.index("    tables:")])
    said = confirm(desk, export(desk, HEADER))
    assert (said.code, "does not say what an export of `survey` holds" in said.err) == (2, True)


def test_a_map_that_the_export_cannot_fit_is_refused(desk: Desk) -> None:
    """A category that no activity covers would make every row due."""
    desk.write(systems=MAP.replace("answer: name", "answer: cv"))
    said = confirm(desk, export(desk, HEADER, f"r-1,,,{OLD}"))
    assert said.code == 3
    assert "error[Z12]" in said.out
    assert (desk.log(), left_behind(desk)) == ("", [])


def test_nothing_is_left_behind_when_keys_cannot_be_written(desk: Desk) -> None:
    folder = export(desk, HEADER, f"r-1,,,{OLD}")
    out = desk.folder.parent / "nowhere" / "keys.csv"
    said = desk.ombud("duty", "keys", TASK, "--export", str(folder), "--out", str(out))
    assert (said.code, "`keys.csv` cannot be written" in said.err) == (2, True)
    assert (desk.log(), left_behind(desk)) == ("", [])


def test_a_termination_signal_leaves_nothing_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = export(desk, HEADER, f"r-1,,,{OLD}")

    def stopped(*args: object) -> None:
        os.kill(os.getpid(), 15)

    monkeypatch.setattr("ombud.apply.outside._write_keys", stopped)
    said, lines = keys(desk, folder)
    assert (said.code, lines) == (143, [])
    assert (desk.log(), left_behind(desk)) == ("", [])


# ---------------------------------------------------------------- what else a map can say

SEVERAL = """
systems:
  survey:
    reach: outside
    serves: [membership]
    tasks: {tidy: {by: Leder, every: 1 month}}
    tables:
      people:
        key: [team, no]
        serves:
          membership:
            when: {all: [{column: active, is: true}, {column: kind, is: 3}]}
            clocks: {membership_ended: {latest: answers.at, else: made}}
        columns: {name: name, email: email}
        not_personal: [team, no, active, kind, made]
      answers:
        belongs_to: {people: [team, no]}
        columns: {answer: name}
        not_personal: [id, team, no, at]
"""


def test_several_tables_with_links_conditions_and_keys_of_two_columns(desk: Desk) -> None:
    desk.write(systems=SEVERAL)
    export(desk, "id,answer,team,no,at", f"1,Ja,A,1,{OLD}", f"2,Nei,A,2,{NEW}")
    rows = (
        f"A,1,Kari,k@example.org,ja,3,{OLD}",
        f"A,2,Ola,o@example.org,TRUE,3,{OLD}",
        f"B,1,Berit,b@example.org,1,3,{NEW}",
    )
    folder = export(desk, "team,no,name,email,active,kind,made", *rows, name="PEOPLE.CSV")
    said, lines = keys(desk, folder)
    assert said.code == 0, said.err
    assert lines == [
        "table,action,columns,key_1,key_2",
        "answers,erase,,1",
        "people,erase,,A,1",
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        pytest.param("A,1,Kari,,perhaps,3,", "`active` is not yes or no", id="flag"),
        pytest.param("A,1,Kari,,yes,3.5,", "`kind` is not a whole number", id="number"),
        pytest.param("A,1,Kari,,yes,1_000,", "`kind` is not a whole number", id="python-number"),
    ],
)
def test_what_conditions_compare_is_read_strictly(desk: Desk, row: str, says: str) -> None:
    desk.write(systems=SEVERAL)
    export(desk, "id,answer,team,no,at")
    folder = export(desk, "team,no,name,email,active,kind,made", row, name="people.csv")
    said = confirm(desk, folder)
    assert (said.code, says in said.err) == (2, True)


def test_seconds_since_1970_are_read_where_the_map_says_so(desk: Desk) -> None:
    reads = "{column: submitted, reads_as: unix_seconds}"
    desk.write(systems=MAP.replace(": submitted}}", f": {reads}}}}}"))
    _, lines = keys(desk, export(desk, HEADER, "r-1,,,0", "r-2,,,99999999999"))
    assert lines[1:] == ["answers,erase,,r-1"]
    said = confirm(desk, export(desk, HEADER, f"r-1,,,{OLD}"))
    assert (said.code, "is not a number of seconds" in said.err) == (2, True)
