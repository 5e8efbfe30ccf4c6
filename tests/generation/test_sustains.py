from __future__ import annotations

import pytest

from analyzers.analysis import Choices
from formats.chart import Chart
from generation.chart_notes import nearest_tick
from generation.request import Request
from generation.subjects import ChartSubject
from generation.sustains import sustained
from models.bundled.sampling import Written
from models.bundled.scenes import scene_of_track
from tests.chart_builder import chart_text
from tests.generation import maps

BEAT, BEAT_MS = 192, 480.0


def test_notes_before_long_pauses_are_held() -> None:
    notes = ("0 = N 0 0", "192 = N 1 0", "288 = N 1 0", "384 = N 2 0", "384 = N 3 0", "1152 = N 4 0")
    chart = Chart.from_text(chart_text(notes))
    track = chart.track("ExpertSingle")
    assert track is not None
    held = sustained(scene_of_track(chart, track), chart, 0.4, 0.0)
    ticks = [nearest_tick(chart.tempo_map, time) for time in held.end.tolist()]
    assert ticks == [192 - 48, 192, 288, 384 + 3 * 192 + 96, 384 + 3 * 192 + 96, 1152]


@pytest.mark.parametrize("resolution", [1, 2, 7, 480])
def test_no_note_is_held_to_the_next_one(resolution: int) -> None:
    notes = [f"{resolution * beat} = N {beat % 5} 0" for beat in (1, 2, 3, 6, 7, 12)]
    chart = Chart.from_text(chart_text(notes, song=(f"Resolution = {resolution}",)))
    track = chart.track("ExpertSingle")
    assert track is not None
    held = sustained(scene_of_track(chart, track), chart, 1.0, 0.0)
    assert (held.end[:-1] < held.time[1:]).all()
    assert (held.end > held.time).any()


def test_the_last_note_is_held_until_what_comes_behind() -> None:
    chart = Chart.from_text(chart_text([f"{BEAT * beat} = N 0 0" for beat in (1, 2, 3)]))
    track = chart.track("ExpertSingle")
    assert track is not None
    scene = scene_of_track(chart, track)
    for behind, beats in ((5, 1.75), (20, 4.0)):
        held = sustained(scene, chart, 0.34, chart.time_at(BEAT * behind))
        assert [nearest_tick(chart.tempo_map, time) / BEAT for time in held.end.tolist()] == [1, 2, 3 + beats]
    alone = sustained(scene.taken(slice(2, 3)), chart, 1.0, chart.time_at(BEAT * 5))
    assert nearest_tick(chart.tempo_map, float(alone.end[0])) == 4.75 * BEAT


@pytest.mark.parametrize(("behind", "beats"), [(36, 3.5), (None, 0.75)])
def test_a_section_may_end_with_a_held_note(behind: int | None, beats: float) -> None:
    """Held until the next note of the track, or within the section where none comes."""
    numbers = [*range(4, 33), *(range(behind, behind + 8) if behind is not None else ())]
    text = chart_text([f"{BEAT * number} = N 0 {0 if 20 <= number < 33 else 96}" for number in numbers])
    subject = ChartSubject("notes.chart", Chart.from_text(text), maps.TRACKS["frets"], None, None, Choices())
    request = Request(20 * BEAT_MS, 33 * BEAT_MS, subject.name)
    sheet = subject.sheet(request)
    rows = sheet.page.scene.taken(slice(sheet.page.first, sheet.page.stop))
    written = Written(rows, [-1] * len(rows), 0.0)
    last = subject.edited(subject.edits(sheet, written, request)).track.notes[28]
    assert (last.tick / BEAT, last.length / BEAT) == (32, beats)
