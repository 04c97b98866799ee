"""Each spelling that Ombud uses is read and written back; near misses are told how to be right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.law import Citation, Misspelt

SPELT = [
    ("GDPR", "EU", "GDPR", "", ""),
    ("GDPR Art. 17(3)(b)", "EU", "GDPR", "Art. 17(3)(b)", "Art. 17"),
    ("GDPR Art. 33(3)(a)-(d)", "EU", "GDPR", "Art. 33(3)(a)-(d)", "Art. 33"),
    ("GDPR Arts. 15-21", "EU", "GDPR", "Arts. 15-21", "Arts. 15-21"),
    ("GDPR Rec. 43", "EU", "GDPR", "Rec. 43", "Rec. 43"),
    ("Reg. 1182/71 Art. 3(2)(c)", "EU", "Reg. 1182/71", "Art. 3(2)(c)", "Art. 3"),
    ("Dec. 2023/1795", "EU", "Dec. 2023/1795", "", ""),
    ("C-673/17", "EU", "C-673/17", "", ""),
    ("C-703/25 P", "EU", "C-703/25 P", "", ""),
    ("EDPB 01/2022 §§ 157-163", "EU", "EDPB 01/2022", "§§ 157-163", "§§ 157-163"),
    ("WP260", "EU", "WP260", "", ""),
    ("DK bogføringsloven § 12(1)", "DK", "bogføringsloven", "§ 12(1)", "§ 12"),
    ("DK tv-overvågningsloven § 4 c(4)-(5)", "DK", "tv-overvågningsloven", "§ 4 c(4)-(5)", "§ 4 c"),
    ("DK BEK 839/2025 § 29", "DK", "BEK 839/2025", "§ 29", "§ 29"),
    ("DK LBK 230/2024 Ch. 5", "DK", "LBK 230/2024", "Ch. 5", "Ch. 5"),
    ("NO bokføringsloven § 13(1) nr. 5-8", "NO", "bokføringsloven", "§ 13(1) nr. 5-8", "§ 13"),
    ("NO bokføringsforskriften § 8-5-6", "NO", "bokføringsforskriften", "§ 8-5-6", "§ 8-5-6"),
    ("NO FOR-2018-07-02-1107 § 6", "NO", "FOR-2018-07-02-1107", "§ 6", "§ 6"),
    ("NO Nav-loven § 4 a", "NO", "Nav-loven", "§ 4 a", "§ 4 a"),
    ("NO foreldelsesloven §§ 2-3", "NO", "foreldelsesloven", "§§ 2-3", "§§ 2-3"),
    ("SE bokföringslagen 7:2", "SE", "bokföringslagen", "7:2", "7:2"),
    ("SE penningtvättslagen 5:3-4", "SE", "penningtvättslagen", "5:3-4", "5:3"),
    ("SE SFS 2022:482 9:28", "SE", "SFS 2022:482", "9:28", "9:28"),
    ("FI kirjanpitolaki 1336/1997 2:10", "FI", "kirjanpitolaki 1336/1997", "2:10", "2:10"),
    ("IS lög 90/2018 Art. 10", "IS", "lög 90/2018", "Art. 10", "Art. 10"),
    ("DK Datatilsynet guidance: applicants", "DK", "Datatilsynet guidance: applicants", "", ""),
    (
        "DK Forbrugerombudsmanden guidance: spam § 11.3",
        "DK",
        "Forbrugerombudsmanden guidance: spam",
        "§ 11.3",
        "§ 11.3",
    ),
]


@pytest.mark.parametrize(("text", "country", "act", "place", "article"), SPELT)
def test_the_one_spelling_is_read_into_its_parts_and_written_back(
    text: str, country: str, act: str, place: str, article: str
) -> None:
    found = Citation.parse(text)

    assert (found.country, found.act, found.place, found.article) == (country, act, place, article)
    assert str(found) == text
    assert Citation(country, act, place) == found


@pytest.mark.parametrize(
    ("text", "help"),
    [
        pytest.param("GDPR 17(3)", "`Art.`", id="no-art"),
        pytest.param("GDPR art. 17", "`Art.`", id="small-art"),
        pytest.param("GDPR Art.17", "`Art.`", id="no-space"),
        pytest.param("GDPR § 3", "`Art.`", id="section-of-the-gdpr"),
        pytest.param("bogføringsloven § 12", "a country (DK, NO, SE, FI, IS)", id="no-country"),
        pytest.param("Art. 17", "a country (DK, NO, SE, FI, IS)", id="no-act"),
        pytest.param("DK bogføringsloven §12", "a space after `§`", id="section-without-space"),
        pytest.param("DK bogføringsloven § 12, stk. 1", "in brackets", id="danish-paragraph"),
        pytest.param("DK bogføringsloven § 12 ", "the space around it", id="space-after"),
        pytest.param("DK GDPR Art. 17", "act and place", id="a-country-for-the-gdpr"),
        pytest.param("DK § 7", "act and place", id="country-without-act"),
        pytest.param("GDPR Art. 017", "act and place", id="zero-first"),
        pytest.param("GDPR Arts. 21-15", "act and place", id="range-downwards"),
        pytest.param("GDPR Arts. 15-15", "act and place", id="range-of-one"),
        pytest.param("GDPR Art. 33(3)(d)-(a)", "act and place", id="points-downwards"),
        pytest.param("GDPR Art. 33(3)(d)-(3)", "act and place", id="points-to-paragraph"),
        pytest.param("GDPR Art. 17(3)(b), Art. 18", "act and place", id="two-places"),
        pytest.param("DK BEK 839", "act and place", id="no-year"),
        pytest.param("DK FOR-2018-07-02-1107 § 6", "act and place", id="norwegian-number-in-dk"),
        pytest.param("DK Datatilsynet guidance:", "act and place", id="guidance-on-nothing"),
        pytest.param("GDPR Art. 17()", "act and place", id="empty-brackets"),
        pytest.param("GDPR Art. ١٧", "act and place", id="other-digits"),
        pytest.param("", "a country (DK, NO, SE, FI, IS)", id="empty"),
    ],
)
def test_a_near_miss_is_refused_with_what_to_write(text: str, help: str) -> None:
    with pytest.raises(Misspelt) as refused:
        Citation.parse(text)

    assert refused.value.says == f"not a citation: `{text}`"
    assert help in refused.value.help


def test_letters_typed_as_two_characters_are_the_same_citation() -> None:
    """A Mac may write å as a and a ring."""
    apart = "DK tv-overva\u030agningsloven § 3"

    assert str(Citation.parse(apart)) == "DK tv-overvågningsloven § 3"


def test_parts_that_make_no_spelling_are_refused_too() -> None:
    with pytest.raises(Misspelt):
        Citation("DK", "GDPR", "Art. 6")


def test_citations_sort_the_union_first_and_numbers_as_numbers() -> None:
    texts = ["DK bogføringsloven § 4", "GDPR Art. 17(1)", "GDPR Art. 9", "DK bogføringsloven § 12"]

    in_order = sorted(map(Citation.parse, texts), key=Citation.order)

    assert [str(one) for one in in_order] == [
        "GDPR Art. 9",
        "GDPR Art. 17(1)",
        "DK bogføringsloven § 4",
        "DK bogføringsloven § 12",
    ]


numbers = st.integers(1, 999)
letters = st.sampled_from("abcdefghij")
levels = st.lists(st.one_of(numbers, letters).map("({})".format), max_size=4).map("".join)
articles = st.builds("Art. {}{}".format, numbers, levels)
sections = st.builds("§ {}{}".format, numbers, levels)
lettered = st.builds("§ {} {}{}".format, numbers, letters, levels)
hyphened = st.builds("§ {}-{}{}".format, numbers, numbers, levels)
ranges = st.builds(lambda a, n: f"§§ {a}-{a + n}", numbers, numbers)
chapters = st.builds("{}:{}".format, numbers, numbers)
acts = st.text("abcdefghijklmnopqrstuvwxyzæøåäöðþ", min_size=4, max_size=20)
eu = st.builds(" ".join, st.tuples(st.sampled_from(["GDPR", "Reg. 1182/71"]), articles))
nordic = st.builds(
    " ".join,
    st.tuples(
        st.sampled_from(["DK", "NO", "SE", "FI", "IS"]),
        acts,
        st.one_of(sections, lettered, hyphened, ranges, chapters, articles),
    ),
)


@given(st.one_of(eu, nordic))
def test_whatever_is_read_is_written_back_the_same(text: str) -> None:
    found = Citation.parse(text)

    assert str(found) == text
    assert Citation(found.country, found.act, found.place) == found


@given(st.text(max_size=40))
def test_any_other_text_is_refused_and_never_breaks(text: str) -> None:
    try:
        found = Citation.parse(text)
    except Misspelt as refused:
        assert refused.help
    else:
        assert Citation.parse(str(found)) == found
