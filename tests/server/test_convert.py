from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.document import Document
from formats.osu import OSU
from formats.spans import Span
from server.convert import Measure, Places, character_at, column_of, units

# A tone sign beyond the basic plane, a lone surrogate as bytes that are no UTF-8 become, what is no line ending here.
TEXTS = st.lists(st.sampled_from(["a", "é", "日", "𝄞", "\udcff", "\v", "\x85", "\u2028", "\n", "\r", "\r\n"]), max_size=20).map(
    "".join
)


@pytest.mark.parametrize(
    ("text", "utf8", "utf16", "utf32"), [("a", 1, 1, 1), ("é", 2, 1, 1), ("日", 3, 1, 1), ("𝄞", 4, 2, 1), ("\udcff", 3, 1, 1)]
)
def test_a_character_is_as_long_as_its_code(text: str, utf8: int, utf16: int, utf32: int) -> None:
    assert [units(text, measure) for measure in (Measure.UTF8, Measure.UTF16, Measure.UTF32)] == [utf8, utf16, utf32]


@pytest.mark.parametrize("measure", Measure)
@given(text=TEXTS)
def test_every_offset_leads_to_a_position_and_back(measure: Measure, text: str) -> None:
    places = Places(Document.from_text(text, OSU), measure)
    for offset in range(len(text) + 1):
        inside_ending = text[offset - 1 : offset + 1] == "\r\n" if offset else False
        if not inside_ending:
            assert places.offset(places.position(offset)) == offset


def test_a_column_inside_a_character_is_its_beginning() -> None:
    assert character_at("a𝄞b", 2, Measure.UTF16) == 1
    assert character_at("aéb", 2, Measure.UTF8) == 1


def test_a_column_past_the_end_is_the_end() -> None:
    assert character_at("é", 9, Measure.UTF8) == 1
    assert Places(Document.from_text("ab\r\ncd", OSU)).offset((0, 9)) == 2
    assert Places(Document.from_text("ab\r\ncd", OSU)).offset((9, 0)) == 6


def test_the_end_of_a_text_that_ends_a_line_is_on_the_next() -> None:
    places = Places(Document.from_text("ab\n", OSU))
    assert places.range(Span(0, 3)) == ((0, 0), (1, 0))


@given(text=TEXTS, column=st.integers(0, 30), measure=st.sampled_from(list(Measure)))
def test_columns_and_characters_agree(text: str, column: int, measure: Measure) -> None:
    number = character_at(text, column, measure)
    assert column_of(text, number, measure) <= column
    assert number == len(text) or column_of(text, number + 1, measure) > column
