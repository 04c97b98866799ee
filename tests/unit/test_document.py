"""What people write is read strictly, with places, and told whole where it is wrong.

Method: tables of texts with the findings as a person reads them; then any text at all, which must
come out as a document or as findings, and nothing else.
"""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ombud.document import CODES, Document, Node, read_document, reading
from ombud.errors import Place, WrittenWrong


def read(text: str | bytes) -> Document:
    return read_document(text, "f.yaml")


def shown(document: Document) -> str:
    return "\n".join(str(finding) for finding in document.findings.all())


def node(text: str) -> tuple[Document, Node]:
    """Return the value under `a`, with what collects its findings."""
    document = read(text)
    return document, document.root.fields("a").optional("a")


# ------------------------------------------------------------------ what cannot be read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "",
            "f.yaml: error[Y03]: the file is empty\n  help: write `key: value` lines",
            id="empty",
        ),
        pytest.param(
            "# only a comment\n",
            "f.yaml: error[Y03]: the file is empty\n  help: write `key: value` lines",
            id="comment-only",
        ),
        pytest.param(
            "- a\n- b\n",
            "f.yaml:1:1: error[Y03]: the file does not start with keys\n"
            "  help: write `key: value` lines",
            id="a-list",
        ),
        pytest.param(
            "just words",
            "f.yaml:1:1: error[Y03]: the file does not start with keys\n"
            "  help: write `key: value` lines",
            id="a-text",
        ),
        pytest.param(
            b"\x89PNG\r\n\x1a\n\x00",
            "f.yaml:1:1: error[Y04]: not UTF-8 text\n  help: save the file as UTF-8",
            id="binary",
        ),
        pytest.param(
            "a: æ\nb: ø\n".encode("latin-1"),
            "f.yaml:1:4: error[Y04]: not UTF-8 text\n  help: save the file as UTF-8",
            id="latin-1",
        ),
        pytest.param(
            "a: 1\nb: x\x00y\n",
            "f.yaml:2:5: error[Y04]: a character that is not text (U+0000)\n"
            "  help: take it out, and save the file as UTF-8 text",
            id="nul",
        ),
        pytest.param(
            "a: \ud800\n",
            "f.yaml:1:4: error[Y04]: a character that is not text (U+D800)\n"
            "  help: take it out, and save the file as UTF-8 text",
            id="half-a-character",
        ),
        pytest.param(
            "a: " + "x" * 5_000_000,
            "f.yaml: error[Y05]: the file is larger than 5 MB\n"
            "  help: keep what is not policy or map in files of its own",
            id="huge",
        ),
        pytest.param(
            "a: [" + "x, " * 250_001 + "x]",
            "f.yaml:1:749996: error[Y05]: the file has more than 250000 values\n"
            "  help: keep what is not policy or map in files of its own",
            id="many",
        ),
        pytest.param(
            "[" * 100_000,
            "f.yaml:1:1001: error[Y05]: values lie more than 50 deep in one another\n"
            "  help: write it flatter",
            id="very-deep",
        ),
        pytest.param(
            "a: " + "[" * 60 + "]" * 60,
            "f.yaml:1:53: error[Y05]: values lie more than 50 deep in one another\n"
            "  help: write it flatter",
            id="deep",
        ),
        pytest.param(
            "a: b: c\n",
            "f.yaml:1:5: error[Y01]: a `:` stands where no key can be\n"
            "  help: put text that holds `: ` in quotes, for example "
            '`title: "Mail: how we use it"`',
            id="colon-in-a-text",
        ),
        pytest.param(
            "a: [1, 2\nb: 3\n",
            "f.yaml:2:2: error[Y01]: a list is not closed\n  help: write it as `[a, b]`",
            id="list-open",
        ),
        pytest.param(
            "a: {b: 1\nc: 2\n",
            "f.yaml:2:2: error[Y01]: a `{` is not closed, or a comma is missing\n"
            "  help: write it as `{a: 1, b: 2}`",
            id="mapping-open",
        ),
        pytest.param(
            'a: "x\n',
            "f.yaml:2:1: error[Y01]: a quote is opened and not closed\n"
            '  help: end the text with the quote it starts with, for example `title: "Events"`',
            id="quote-open",
        ),
        pytest.param(
            "a:\n\tb: 1\n",
            "f.yaml:2:1: error[Y01]: a character stands where no value can start with it\n"
            "  help: indent with spaces, never tabs, and put text that starts with `@`, `%` "
            "or a backtick in quotes",
            id="tab",
        ),
        pytest.param(
            "a: @home\n",
            "f.yaml:1:4: error[Y01]: a character stands where no value can start with it\n"
            "  help: indent with spaces, never tabs, and put text that starts with `@`, `%` "
            "or a backtick in quotes",
            id="at-sign",
        ),
        pytest.param(
            "a:\n  b: 1\n c: 2\n",
            "f.yaml:3:2: error[Y01]: the line is not indented like the lines it belongs to, or a "
            "quote or bracket is open\n"
            "  help: indent keys of the same thing by the same number of spaces",
            id="indent",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str | bytes, found: str) -> None:
    with pytest.raises(WrittenWrong) as refused:
        read(text)
    assert str(refused.value) == found


# ------------------------------------------------------------------ what is refused, reading on


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "a: 1\nb: 2\na: 3\n",
            "f.yaml:3:1: error[Y09]: key `a` is written twice, first at 1:1\n"
            "  help: take one of the two out",
            id="key-twice",
        ),
        pytest.param(
            'a: 1\n"a": 3\n',
            "f.yaml:2:1: error[Y09]: key `a` is written twice, first at 1:1\n"
            "  help: take one of the two out",
            id="key-twice-in-quotes",
        ),
        pytest.param(
            "a: &x [1]\nb: *x\n",
            "f.yaml:1:4: error[Y06]: an anchor `&x` is used\n"
            "  help: take `&x` out, and write the value again where it is needed\n"
            "f.yaml:2:4: error[Y06]: an alias `*x` is used\n"
            "  help: write the value again where it is needed",
            id="alias",
        ),
        pytest.param(
            "a: &x [*x]\n",
            "f.yaml:1:4: error[Y06]: an anchor `&x` is used\n"
            "  help: take `&x` out, and write the value again where it is needed\n"
            "f.yaml:1:8: error[Y06]: an alias `*x` is used\n"
            "  help: write the value again where it is needed",
            id="alias-circular",
        ),
        pytest.param(
            "a: {b: 1}\nc: {<<: {d: 1}, e: 2}\n",
            "f.yaml:2:5: error[Y06]: a merge key `<<` is used\n"
            "  help: write the value again where it is needed",
            id="merge",
        ),
        pytest.param(
            "a: !!python/object:os.system x\n",
            "f.yaml:1:4: error[Y07]: a tag `!!python/object:os.system` is used\n"
            "  help: take it out",
            id="tag",
        ),
        pytest.param(
            "a: !secret\n  b: 1\n",
            "f.yaml:1:4: error[Y07]: a tag `!secret` is used\n  help: take it out",
            id="tag-of-ones-own",
        ),
        pytest.param(
            "a: 1\n---\na: 2\n",
            "f.yaml:2:1: error[Y08]: a second document starts\n"
            "  help: keep one, and take the line `---` out",
            id="two-documents",
        ),
        pytest.param(
            "? [a, b]\n: 1\n",
            "f.yaml:1:3: error[Y10]: a key is not a word\n  help: write a word before the colon",
            id="key-is-a-list",
        ),
        pytest.param(
            "'': 1\n",
            "f.yaml:1:1: error[Y10]: a key is not a word\n  help: write a word before the colon",
            id="key-is-empty",
        ),
    ],
)
def test_what_is_refused_is_told_and_the_rest_is_read(text: str, found: str) -> None:
    assert shown(read(text)) == found


def test_everything_wrong_is_told_at_once_and_by_place() -> None:
    document = read("b: !x 1\na: 1\na: 2\nc: &y 3\n")
    assert [finding.code for finding in document.findings.all()] == ["Y07", "Y09", "Y06"]
    with pytest.raises(WrittenWrong) as refused:
        document.findings.refuse_errors()
    assert refused.value.findings == document.findings.all()


def test_a_bomb_of_aliases_is_refused_in_the_size_it_is_written() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for i in range(1, 30):
        lines.append(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]")
    codes = {finding.code for finding in read("\n".join(lines)).findings.all()}
    assert codes == {"Y06"}


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML was built without libyaml")
def test_the_fast_parser_is_used_where_it_is_there() -> None:
    assert reading._LOADER is yaml.CSafeLoader


def test_every_code_has_a_line_of_its_own() -> None:
    assert len(set(CODES.values())) == len(CODES)
    assert all(line[0].islower() and not line.endswith(".") for line in CODES.values())


# ------------------------------------------------------------------ what words mean


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("NO", "NO", id="norway"),
        pytest.param("yes", "yes", id="yes"),
        pytest.param("on", "on", id="on"),
        pytest.param("True", "True", id="capital-true"),
        pytest.param("true", True, id="true"),
        pytest.param("false", False, id="false"),
        pytest.param("012", "012", id="leading-zero"),
        pytest.param("1:30", "1:30", id="sexagesimal"),
        pytest.param("1_000", "1_000", id="underscore"),
        pytest.param("0x1F", "0x1F", id="hexadecimal"),
        pytest.param("1e3", "1e3", id="exponent"),
        pytest.param(".inf", ".inf", id="infinity"),
        pytest.param("12", 12, id="whole"),
        pytest.param("-12", -12, id="negative"),
        pytest.param("+45", 45, id="plus"),
        pytest.param("9" * 5000, "9" * 5000, id="more-digits-than-a-number-has"),
        pytest.param("1.5", 1.5, id="point"),
        pytest.param("2026-01-31", date(2026, 1, 31), id="date"),
        pytest.param("2026-02-30", "2026-02-30", id="no-such-date"),
        pytest.param("2026-1-31", "2026-1-31", id="date-without-zero"),
        pytest.param("2026-01-31 10:00:00", "2026-01-31 10:00:00", id="timestamp"),
        pytest.param("~", None, id="tilde"),
        pytest.param("null", None, id="null"),
        pytest.param("", None, id="nothing"),
        pytest.param("'12'", "12", id="number-in-quotes"),
        pytest.param('"true"', "true", id="true-in-quotes"),
        pytest.param("=", "=", id="equals"),
    ],
)
def test_a_value_means_what_it_says(written: str, value: object) -> None:
    _, found = node(f"a: {written}\n")
    assert found.value == value
    assert type(found.value) is type(value)


def test_keys_are_texts_as_they_are_written() -> None:
    assert read("NO: 1\n012: 2\ntrue: 3\n2026-01-31: 4\n").root.keys() == (
        "NO",
        "012",
        "true",
        "2026-01-31",
    )


def test_places_count_characters_from_one_also_after_a_byte_order_mark() -> None:
    document = read("\ufeffæøå: [én, to]\n".encode())
    items = document.root.fields("æøå").optional("æøå").items()
    assert [str(item.where) for item in items] == ["f.yaml:1:7", "f.yaml:1:11"]
    assert items[0].named_at == Place("f.yaml", 1, 7)


# ------------------------------------------------------------------ reading as what it should be


@pytest.mark.parametrize(
    ("written", "text"),
    [
        pytest.param("1.10", "1.10", id="number-with-point"),
        pytest.param("+4512345678", "+4512345678", id="phone"),
        pytest.param("2026-01-31", "2026-01-31", id="date"),
        pytest.param('"  x  "', "x", id="white-space-around"),
        pytest.param("|\n  two\n  lines\n", "two\nlines", id="two-lines"),
    ],
)
def test_a_text_is_read_as_it_is_written(written: str, text: str) -> None:
    document, found = node(f"a: {written}")
    assert found.text() == text
    assert not document.findings.all()


@pytest.mark.parametrize(
    ("written", "reads", "found"),
    [
        pytest.param(
            "true",
            lambda n: n.text(),
            'f.yaml:1:4: error[Y14]: not a text: `true`\n  help: write it in quotes: "true"',
            id="text-true",
        ),
        pytest.param(
            '""',
            lambda n: n.text(),
            "f.yaml:1:1: error[Y13]: `a` is empty\n  help: write a value, or take the key out",
            id="text-empty",
        ),
        pytest.param(
            "[x]",
            lambda n: n.text(),
            "f.yaml:1:4: error[Y27]: `a` must be a single value",
            id="text-list",
        ),
        pytest.param(
            "yes",
            lambda n: n.boolean(),
            "f.yaml:1:4: error[Y18]: neither true nor false: `yes`\n  help: write `true`",
            id="boolean-yes",
        ),
        pytest.param(
            "False",
            lambda n: n.boolean(),
            "f.yaml:1:4: error[Y18]: neither true nor false: `False`\n  help: write `false`",
            id="boolean-capital",
        ),
        pytest.param(
            "maybe",
            lambda n: n.boolean(),
            "f.yaml:1:4: error[Y18]: neither true nor false: `maybe`\n"
            "  help: write `true` or `false`",
            id="boolean-maybe",
        ),
        pytest.param(
            "3.5",
            lambda n: n.whole(),
            "f.yaml:1:4: error[Y17]: not a whole number: `3.5`\n  help: write for example `1`",
            id="whole-point",
        ),
        pytest.param(
            "012",
            lambda n: n.whole(),
            "f.yaml:1:4: error[Y17]: not a whole number: `012`\n  help: write for example `1`",
            id="whole-leading-zero",
        ),
        pytest.param(
            "true",
            lambda n: n.whole(),
            "f.yaml:1:4: error[Y17]: not a whole number: `true`\n  help: write for example `1`",
            id="whole-true",
        ),
        pytest.param(
            "11",
            lambda n: n.whole(least=1, most=10),
            "f.yaml:1:4: error[Y17]: `11` is out of range\n  help: write a number from 1 to 10",
            id="whole-too-much",
        ),
        pytest.param(
            "31/1/2026",
            lambda n: n.day(),
            "f.yaml:1:4: error[Y19]: not a date: `31/1/2026`\n"
            "  help: write year-month-day, for example `2026-01-31`",
            id="date-slashes",
        ),
        pytest.param(
            "erse",
            lambda n: n.one_of(("erase", "statistics"), "erase"),
            "f.yaml:1:4: error[Y15]: `a` cannot be `erse`\n  help: did you mean `erase`?",
            id="word-misspelt",
        ),
        pytest.param(
            "x",
            lambda n: n.items(),
            "f.yaml:1:4: error[Y21]: `a` is not a list\n  help: write `[x]`",
            id="list-single",
        ),
        pytest.param(
            "[x, y, x]",
            lambda n: n.names(),
            "f.yaml:1:11: error[Y22]: `x` is named twice\n  help: take one out",
            id="names-twice",
        ),
        pytest.param(
            "[contacs]",
            lambda n: n.names(["contacts"], "table"),
            "f.yaml:1:5: error[Y26]: unknown table `contacs`\n  help: did you mean `contacts`?",
            id="names-unknown",
        ),
        pytest.param(
            "{b c: 1}",
            lambda n: n.entries(),
            "f.yaml:1:5: error[Y16]: not a name: `b c`\n"
            "  help: use letters, digits, `_` and `-`, for example `b_c`",
            id="name-with-space",
        ),
        pytest.param(
            "{colour: red}",
            lambda n: n.fields("color", "size"),
            "f.yaml:1:5: error[Y11]: unknown key `colour`\n  help: did you mean `color`?",
            id="key-unknown",
        ),
        pytest.param(
            "red",
            lambda n: n.fields("color", example="{color: red}"),
            "f.yaml:1:4: error[Y20]: `a` needs keys of its own, not `red`\n"
            "  help: write `a: {color: red}`",
            id="keys-missing",
        ),
        pytest.param(
            "{size: 1}",
            lambda n: n.fields("color", "size").required("color", "red"),
            "f.yaml:1:1: error[Y12]: `a` lacks `color`\n  help: add `color: red`",
            id="key-missing",
        ),
        pytest.param(
            "{}",
            lambda n: n.fields("color", "size").one_key("color", "size"),
            "f.yaml:1:1: error[Y23]: `a` has none of `color`, `size`\n  help: write exactly one",
            id="one-key-none",
        ),
        pytest.param(
            "{color: 1, size: 2}",
            lambda n: n.fields("color", "size").one_key("color", "size"),
            "f.yaml:1:1: error[Y23]: `a` has `color`, `size` where only one can be\n"
            "  help: write exactly one",
            id="one-key-two",
        ),
        pytest.param(
            "{colr: 1}",
            lambda n: n.fields("color", "size").one_key("color", "size"),
            "f.yaml:1:5: error[Y11]: unknown key `colr`\n  help: did you mean `color`?",
            id="one-key-misspelt-is-one-finding",
        ),
        pytest.param(
            "12 apples",
            lambda n: n.read(int),
            "f.yaml:1:4: error[Y28]: `a` cannot be `12 apples`",
            id="another-reader",
        ),
    ],
)
def test_what_it_is_not_is_a_finding_and_never_raises(
    written: str, reads: object, found: str
) -> None:
    document, value = node(f"a: {written}\n")
    assert callable(reads)
    reads(value)
    assert shown(document) == found


def test_what_is_missing_gives_defaults_and_no_finding() -> None:
    document = read("a: 1\n")
    missing = document.root.fields("a", "b").optional("b")
    assert not missing.present
    assert missing.text("x") == "x"
    assert missing.texts(["da", "en"]) == {}
    assert missing.boolean(True) is True
    assert missing.whole(7) == 7
    assert missing.day() is None
    assert missing.scalar() is None
    assert missing.read(int) is None
    assert missing.items() == []
    assert missing.names(["x"]) == ()
    assert missing.entries() == []
    assert missing.fields("c").required("c").text() == ""
    assert missing.fields("c").one_key("c")[0] == ""
    assert not document.findings.all()


def test_a_value_found_wrong_gives_no_second_finding() -> None:
    document, value = node("a: *x\n")
    value.text()
    value.fields("b").required("b")
    assert [finding.code for finding in document.findings.all()] == ["Y06"]


def test_a_text_that_is_missing_in_a_language_is_a_warning() -> None:
    document, value = node("a: {en: Events}\n")
    assert value.texts(["da", "en"]) == {"en": "Events"}
    assert shown(document) == (
        'f.yaml:1:1: warning[Y25]: `a` has no text in `da`\n  help: add `da: "…"` beside the others'
    )
    assert document.findings.refuse_errors() == document.findings.all()


def test_texts_come_in_the_organisations_order_of_languages() -> None:
    _, value = node("a: {en: Events, sv: Evenemang, da: Arrangementer}\n")
    assert list(value.texts(["da", "en"])) == ["da", "en", "sv"]
    _, plain = node("a: Arrangementer\n")
    assert plain.texts(["da"]) == {"da": "Arrangementer"}


def test_a_text_that_its_own_comma_cut_is_told_as_that() -> None:
    document, value = node("a: {da: Folk, der skriver, en: People}\n")
    value.texts(["da", "en"])
    assert shown(document) == (
        "f.yaml:1:15: error[Y24]: unknown language `der skriver`\n"
        '  help: put a text with commas in quotes: `da: "Folk, der skriver"`'
    )


def test_what_the_writer_wrote_stays_on_one_line() -> None:
    document, value = node(f'a: "one\\ntwo ` {"long " * 100}"\n')
    value.one_of(("x",), "x")
    [finding] = document.findings.all()
    assert "\n" not in finding.says
    assert len(finding.says) < 100


# ------------------------------------------------------------------ any file at all

SAME = "a: [1, x, 'NO']\nb: {c: 2026-01-31, d: [true, ~]}\n"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("a:\n- 1\n- x\n- NO\nb:\n  c: 2026-01-31\n  d:\n  - true\n  -\n", id="block"),
        pytest.param(f"# hello\n---\n{SAME}...\n", id="markers"),
        pytest.param(SAME.replace("\n", "   # why\r\n\r\n"), id="comments"),
        pytest.param("\ufeff" + SAME.replace("a:", '"a":'), id="quotes"),
        pytest.param(SAME.replace("2026-01-31", '"2026-01-31"'), id="date-in-quotes"),
    ],
)
def test_the_digest_is_that_of_the_meaning(other: str) -> None:
    assert read(other).digest() == read(SAME).digest()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a: 1\nb: 2\n", "b: 2\na: 1\n", id="order-of-keys"),
        pytest.param("a: [1, 2]\n", "a: [2, 1]\n", id="order-of-items"),
        pytest.param("a: 1\n", "a: '1'\n", id="number-and-text"),
        pytest.param("a: 1.1\n", "a: 1.10\n", id="version-numbers"),
        pytest.param("a: true\n", "a: 'true'\n", id="boolean-and-text"),
        pytest.param("a:\n", "a: ''\n", id="nothing-and-empty"),
        pytest.param("a: []\n", "a: {}\n", id="list-and-mapping"),
        pytest.param("a: 1\n", "a: 1\nb: 1\n", id="more"),
    ],
)
def test_the_digest_tells_meanings_apart(one: str, other: str) -> None:
    assert read(one).digest() != read(other).digest()


YAML_LETTERS = st.text(alphabet="ab:-?[]{},&*!|>'\"%@`#~\n\t 01.\ufeff\x85é", max_size=60)


@given(st.one_of(YAML_LETTERS, st.text(), st.binary()))
def test_any_text_is_a_document_or_findings(text: str | bytes) -> None:
    try:
        document = read(text)
    except WrittenWrong as refused:
        assert refused.findings
    else:
        assert len(document.digest()) == 64
