"""Proposals line by line, for those who take some of it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from formats.beatmap import Beatmap
from formats.spans import Edit, Span
from server.changed_lines import changed_lines, edits_by_line
from tests.builder import osu_text

NOTES = [f"100,100,{time},1,0,0:0:0:0:" for time in (1000, 1500, 1500, 2000, 2500)]


def made(text: str, edits: list[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def between(text: str, old: str, new: str) -> Edit:
    start = text.index(old)
    return Edit(Span(start, start + len(old)), new)


def rows(text: str, *edits: Edit) -> list[tuple[str, str]]:
    found = edits_by_line(Beatmap.from_text(text).document, edits)
    return [(text[edit.span.start : edit.span.end].strip(), edit.text.strip()) for edit in found]


def test_lines_that_change_places_go_from_one_and_come_at_the_other() -> None:
    text = osu_text(NOTES[:4])
    before = Beatmap.from_text(text).document
    moved = [between(text, "\n".join(NOTES[1:4]), "\n".join([NOTES[3], "9,9,2000,1,0,0:0:0:0:", *NOTES[1:3]]))]
    after = before.edit(moved)
    lines = [line.text for line in before.lines]
    for old, new in reversed(changed_lines(before, after)):
        lines[old.start : old.stop] = [line.text for line in after.lines[new.start : new.stop]]
    assert "".join(lines) == after.text
    assert made(text, edits_by_line(before, moved)) == after.text
    assert len(edits_by_line(before, moved)) == 3


def test_lines_of_the_same_moment_become_each_other_and_others_go_and_come() -> None:
    text = osu_text(NOTES)
    edit = between(text, "\n".join(NOTES[1:4]), "9,9,1250,1,0,0:0:0:0:\n8,8,1500,1,0,0:0:0:0:\n7,7,2000,1,0,0:0:0:0:")
    assert rows(text, edit) == [
        ("", "9,9,1250,1,0,0:0:0:0:"),
        (NOTES[1], ""),
        (NOTES[2], "8,8,1500,1,0,0:0:0:0:"),
        (NOTES[3], "7,7,2000,1,0,0:0:0:0:"),
    ]


def test_characters_are_whole_lines() -> None:
    text = osu_text(NOTES)
    assert rows(text, between(text, "100,100,1000", "10,100,1000")) == [(NOTES[0], NOTES[0].replace("100", "10", 1))]
    text = text.replace("[Metadata]", "[Metadata]\nTags:one")
    assert rows(text, between(text, "Tags:one", "Tags:one two")) == [("Tags:one", "Tags:one two")]


@given(
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60), st.text("0,1|\n\r=x[]", max_size=40)), max_size=5),
)
def test_together_they_are_the_change(newline: str, ended: bool, wanted: list[tuple[int, int, str]]) -> None:
    text = osu_text(NOTES).strip("\n").replace("\n", newline) + newline * ended
    edits: list[Edit] = []
    at = 0
    for skip, length, new in wanted:
        start, end = min(at + skip, len(text)), min(at + skip + length, len(text))
        edits.append(Edit(Span(start, end), new))
        at = end + 1
        if at > len(text):
            break
    document = Beatmap.from_text(text).document
    found = edits_by_line(document, edits)
    assert made(text, found) == document.edit(edits).text
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))


def test_what_differs_is_told_in_stretches() -> None:
    text = osu_text(NOTES)
    document = Beatmap.from_text(text).document
    after = document.edit([between(text, NOTES[0], "x"), between(text, NOTES[3] + "\n", "")])
    first = next(number for number, line in enumerate(document.lines) if line.content == NOTES[0])
    assert changed_lines(document, after) == [
        (range(first, first + 1), range(first, first + 1)),
        (range(first + 3, first + 4), range(first + 3, first + 3)),
    ]
