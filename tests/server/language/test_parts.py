from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.document import Document
from server.language.about_line import about_line
from server.language.about_part import about_part, part_meanings
from server.language.completion import cursor_at, proposals
from server.language.files import file_use
from server.language.hints import Wanted, hints
from server.language.parts import EVENTS, GREEN_LINE, HIT_OBJECT, HIT_SAMPLE, RED_LINE, parts_of
from server.language.view import View
from server.session import Kind, Session, grammar_of
from tests.server.lsp.strange import CHART, OSU

PIECES = st.sampled_from(
    (
        "1", "2", "-50", "1e9", ",", ",,", ":", "|", "B", "L|1:2", "0:0:0:0:", '"a.png"', "𝄞", " ", "N", "E", "=", "//", "$x",
        "[", "]", "\\",
    )
)  # fmt: skip
SECTIONS = {
    Kind.OSU: ["General", "Editor", "Colours", "Events", "TimingPoints", "HitObjects", "Variables", "Nowhere"],
    Kind.CHART: ["Song", "SyncTrack", "Events", "ExpertSingle", "HardDrums", "Nowhere"],
    Kind.SONG_INI: ["song"],
    Kind.SETTINGS: ["severity"],
}  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> tuple[Kind, str]:
    kind = draw(st.sampled_from(list(SECTIONS)))
    section = draw(st.sampled_from(SECTIONS[kind]))
    lines = draw(st.lists(st.lists(PIECES, max_size=14).map("".join), min_size=1, max_size=4))
    brace = "{\n" if kind is Kind.CHART else ""
    return kind, f"[{section}]\n{brace}" + "\n".join(lines)


@given(texts())
def test_the_parts_of_any_line_stand_in_order_within_it(given_text: tuple[Kind, str]) -> None:
    kind, text = given_text
    for line in Document.from_text(text, grammar_of(kind)).lines:
        parts = parts_of(line, kind)
        assert all(0 <= part.start < part.end <= len(line.content) for part in parts)
        assert all(one.end <= other.start for one, other in pairwise(parts))


@given(texts(), st.integers(0, 60))
def test_nothing_that_is_asked_about_any_line_fails(given_text: tuple[Kind, str], offset: int) -> None:
    kind, text = given_text
    name = {Kind.SONG_INI: "song.ini", Kind.SETTINGS: "maimod.toml"}.get(kind, f"a.{kind}")
    opened = Session().open(f"untitled:/{name}", None, "", 1, text)
    assert opened is not None
    view = View(opened.snapshot)
    assert view.outline
    for line in view.document.lines:
        about_line(view, line)
        file_use(line, kind)
        list(hints(view, line, Wanted()))
        for part in parts_of(line, kind):
            about_part(view, line, part)
    proposals(cursor_at(view, min(offset, len(text))), ["a.png", "b.wav"])


@pytest.mark.parametrize(("text", "kind"), [(OSU, Kind.OSU), (CHART, Kind.CHART)])
def test_every_line_that_is_read_has_parts_and_every_part_a_meaning(text: str, kind: Kind) -> None:
    meanings = {*part_meanings(kind), "key", "value", "section", "comment", "curve points"}
    for line in Document.from_text(text, grammar_of(kind)).lines:
        parts = parts_of(line, kind)
        assert bool(parts) == (line.record is not None or line.kind.value in ("header", "version"))
        assert {part.name for part in parts} <= meanings


def test_every_field_is_in_the_glossary() -> None:
    known = part_meanings(Kind.OSU)
    taken_apart = {"hit sample", "curve", "end time and hit sample"}
    for fields in (*HIT_OBJECT.values(), HIT_SAMPLE, RED_LINE, GREEN_LINE, *EVENTS.values()):
        assert {name for name, _ in fields} - taken_apart <= set(known)
