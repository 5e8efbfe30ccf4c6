import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.spans import Edit, LineIndex, OverlappingEdits, Span, apply_edits, invert_edits, sort_edits


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text(max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = [Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    edits = [Edit(span, draw(st.text(max_size=5))) for span in spans]
    return text, draw(st.permutations(edits))


def test_a_span_never_runs_backwards() -> None:
    with pytest.raises(ValueError, match="from 3 to 2"):
        Span(3, 2)


def test_edits_name_offsets_of_the_text_before_any_of_them() -> None:
    edits = [Edit(Span(4, 5), "E"), Edit(Span(0, 2), "")]
    assert apply_edits("abcdefg", edits) == "cdEfg"


def test_an_insertion_may_touch_the_edit_before_it() -> None:
    assert apply_edits("abc", [Edit(Span(0, 1), "x"), Edit(Span(1, 1), "y")]) == "xybc"


def test_the_same_edit_twice_counts_once() -> None:
    assert sort_edits([Edit(Span(0, 1), "x"), Edit(Span(0, 1), "x")]) == (Edit(Span(0, 1), "x"),)


@pytest.mark.parametrize("other", [Span(1, 3), Span(0, 2), Span(0, 0)])
def test_edits_that_share_a_character_or_a_place_are_refused(other: Span) -> None:
    with pytest.raises(OverlappingEdits):
        apply_edits("abcd", [Edit(Span(0, 2), "x"), Edit(other, "y")])


def test_an_edit_past_the_end_is_refused() -> None:
    with pytest.raises(ValueError, match="the text at 3"):
        apply_edits("abc", [Edit(Span(3, 4), "x")])


@given(texts_with_edits())
def test_inverted_edits_lead_back(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    assert apply_edits(apply_edits(text, edits), invert_edits(text, edits)) == text


@given(texts_with_edits())
def test_the_order_of_edits_does_not_matter(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    assert apply_edits(text, edits) == apply_edits(text, sort_edits(edits))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), st.data())
def test_an_offset_lies_in_the_line_that_spans_it(lengths: list[int], data: st.DataObject) -> None:
    index = LineIndex(lengths)
    offset = data.draw(st.integers(0, sum(lengths)))
    line, column = index.position(offset)
    assert index.starts[line] + column == offset
    assert column < lengths[line] or offset == sum(lengths)
