from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from formats.document import Document, split_lines
from formats.osu import OSU
from server.draft import Draft

PIECES = ["a", ",", "[HitObjects]", "\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "𝄞"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
PLACES = st.tuples(st.integers(0, 8), st.integers(0, 8))


def offset(text: str, place: tuple[int, int]) -> int:
    """Where a place is, counted in the whole text: held in the text and in front of line endings."""
    lines = re.split("(\r\n|\r|\n)", text)
    number, column = place
    if 2 * number >= len(lines):
        return len(text)
    return sum(map(len, lines[: 2 * number])) + min(column, len(lines[2 * number]))


@given(before=TEXTS, changes=st.lists(st.lists(st.tuples(PLACES, PLACES, TEXTS), max_size=4), max_size=3))
def test_changes_of_places_are_changes_of_the_text(
    before: str, changes: list[list[tuple[tuple[int, int], tuple[int, int], str]]]
) -> None:
    text, document = before, Document.from_text(before, OSU)
    for batch in changes:
        draft = Draft(document)
        for one, other, new in batch:
            start, end = sorted((one, other))
            text = text[: offset(text, start)] + new + text[offset(text, end) :]
            draft.replace(start, end, new)
            assert list(draft.lines) == split_lines(text)
        document = draft.document()
        assert document.text == text
    fresh = Document.from_text(text, OSU)
    assert [(line.text, line.section, line.kind) for line in document.lines] == [
        (line.text, line.section, line.kind) for line in fresh.lines
    ]


def test_lines_that_no_change_touched_are_the_same_lines() -> None:
    before = Document.from_text("[HitObjects]\n1,2,3,1,0\n4,5,6,1,0\n7,8,9,1,0\n", OSU)
    draft = Draft(before)
    draft.replace((2, 0), (2, 1), "9")
    after = draft.document()
    assert [one is other for one, other in zip(before.lines, after.lines, strict=True)] == [True, True, False, True]


def test_no_change_is_no_edit() -> None:
    document = Document.from_text("[HitObjects]\n", OSU)
    assert Draft(document).edit() is None
    assert Draft(document).document() is document
