"""A timeline that keeps the notes of the one before an edit says the same as one built afresh."""

from __future__ import annotations

from random import Random

import pytest

from formats.beatmap import Beatmap
from formats.spans import Edit, Span
from formats.timeline import Note, Timeline
from tests.builder import osu_text

OBJECTS = (
    "{x},{y},{time},1,0",
    "{x},{y},{time},5,2",
    "{x},{y},{time},2,0,B|{y}:{x}|200:90,2,90,2|0|4",
    "{x},{y},{time},6,8,L|{y}:{x},1,120.5",
    "{x},{y},{time},12,0,2400",
)


def a_map(random: Random) -> str:
    objects = [
        random.choice(OBJECTS).format(x=random.randrange(512), y=random.randrange(384), time=number * 125) for number in range(40)
    ]
    lines = ["0,500,4,1,0,60,1,0", "1000,-50,4,1,0,60,0,1", "2000,400,4,2,0,50,1,0", "3000,-133,4,2,0,40,0,0"]
    return osu_text(objects, lines)


def facts(note: Note) -> tuple[object, ...]:
    return (
        note.kind, note.time, note.end, note.x, note.y, note.velocity, note.tick_distance, note.span_count, note.beat_length,
        note.edges, note.snaps, note.ticks, note.end_position,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_kept_notes_are_as_new_ones(seed: int) -> None:
    random = Random(seed)  # noqa: S311  the same edits each time
    document = Beatmap.from_text(a_map(random)).document
    timeline = Timeline(Beatmap(document))
    for _ in range(6):
        assert all(facts(note) for note in timeline.notes)
        at = random.randrange(max(document.text.find("[Difficulty]"), 0), len(document.text))
        taken = random.randrange(3)
        edit = Edit(Span(at, min(at + taken, len(document.text))), random.choice(["", "1", "9", "-", ",", "\n"]))
        document = document.edit([edit])
        timeline = Timeline(Beatmap(document), timeline)
        fresh = Timeline(Beatmap.from_text(document.text))
        assert [facts(note) for note in timeline.notes] == [facts(note) for note in fresh.notes]
        assert timeline.combo_number == fresh.combo_number


def test_an_excerpt_has_the_combos_of_the_whole() -> None:
    whole = Timeline(Beatmap.from_text(a_map(Random(1))))  # noqa: S311
    part = whole.excerpt(10, 20)
    assert part.notes == whole.notes[10:20]
    assert part.combo_number == whole.combo_number[10:20]
