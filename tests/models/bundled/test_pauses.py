"""Whoever waits while a large map is read may call that off soon."""

from __future__ import annotations

from itertools import count, pairwise

import numpy as np
import pytest

from formats.beatmap import Beatmap
from formats.timeline import Timeline
from generation.request import Request
from models.bundled.fields import FIELDS
from models.bundled.onsets import Song
from models.bundled.pens import memories
from models.bundled.pens.memories import memory_of
from models.bundled.pens.pen import Pen
from models.bundled.rows import rows_of
from models.bundled.sampling import Cancelled, Sampler, Wishes
from models.bundled.scenes import AT_ONCE, scene_of_timeline
from tests.generation import maps, songs
from tests.models import tiny


class Waiting:
    """Has waited long enough after so many pauses."""

    def __init__(self, patience: int) -> None:
        self.left = patience

    def __call__(self) -> None:
        if self.left == 0:
            raise Cancelled
        self.left -= 1


@pytest.mark.parametrize("family", maps.MODES)
def test_notes_are_read_a_few_hundred_at_a_time(family: str) -> None:
    timeline = Timeline(Beatmap.from_text(maps.osu(family, 4 * AT_ONCE, 1)))
    waiting = Waiting(100)
    read = scene_of_timeline(timeline, waiting)
    assert 100 - waiting.left >= len(read) // AT_ONCE
    with pytest.raises(Cancelled):
        scene_of_timeline(timeline, Waiting(3))


def test_other_bars_are_compared_a_few_at_a_time() -> None:
    scene = scene_of_timeline(Timeline(Beatmap.from_text(maps.osu("mania", 6_000, 1))))
    waiting = Waiting(100)
    rows_of(scene, pause=waiting)
    asked = 100 - waiting.left
    assert asked > 4
    with pytest.raises(Cancelled):
        rows_of(scene, pause=Waiting(asked - 1))


@pytest.mark.parametrize("family", maps.FAMILIES)
def test_a_sheet_is_not_made_when_nobody_waits(family: str) -> None:
    subject, request = maps.subject(family, 4 * AT_ONCE), Request(9_000.0, 15_000.0, maps.TRACKS.get(family, ""))
    waiting = Waiting(100)
    subject.sheet(request, waiting)
    assert waiting.left < 99
    for patience in range(100 - waiting.left):
        with pytest.raises(Cancelled):
            subject.sheet(request, Waiting(patience))


def test_other_bars_are_not_looked_at_when_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    page = maps.subject("osu").sheet(Request(9_000.0, 15_000.0)).page
    song = Song.of(songs.features([0.5] * 30))
    waiting = Waiting(100)
    memory_of(page, song, 0.0, waiting)
    for patience in range(100 - waiting.left):
        with pytest.raises(Cancelled):
            memory_of(page, song, 0.0, Waiting(patience))

    def unasked(*_: object) -> object:
        raise AssertionError

    monkeypatch.setattr(memories, "beat_ticks", unasked)
    with pytest.raises(Cancelled):
        Sampler(tiny.WEIGHTS.read_bytes()).written(page, Wishes(), cancelled=lambda: True)


def test_many_candidates_are_written_a_field_and_tried_a_copy_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    page = maps.subject("osu").sheet(Request(9_000.0, 12_000.0)).page
    looks, told, copied = count(), list[float](), list[int]()
    copy = Pen.copied

    def counted(pen: Pen, rng: np.random.Generator) -> Pen:
        copied.append(next(looks))
        return copy(pen, rng)

    monkeypatch.setattr(Pen, "copied", counted)
    Sampler(tiny.WEIGHTS.read_bytes()).written(page, Wishes(4), None, told.append, lambda: next(looks) < 0)
    assert next(looks) > len(FIELDS) * (len(told) - 4)
    assert copied
    assert all(other > one + 1 for one, other in pairwise(copied))
