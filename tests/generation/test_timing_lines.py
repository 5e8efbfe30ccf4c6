"""A [SyncTrack] keeps time with the sections that it was made of, however short some of them are."""

from __future__ import annotations

from itertools import pairwise

import pytest

from formats.chart import Chart
from generation.song_timing import TempoSection
from generation.timing_lines import sync_track


def chart(sections: list[TempoSection]) -> Chart:
    lines = "".join(f"  {line}\n" for line in sync_track(sections, 192))
    return Chart.from_text(f"[Song]\n{{\n  Resolution = 192\n}}\n[SyncTrack]\n{{\n{lines}}}\n[Events]\n{{\n}}\n")


@pytest.mark.parametrize(
    "sections",
    [
        [(5, 336, 7), (1032, 332, 7), (27279, 907, 3), (27574, 295, 4), (28361, 478, 3)],
        [(391, 436, 7), (3106, 250, 4)],
        [(33, 648, 5), (1058, 328, 5), (30354, 943, 4)],
        [(534, 370, 3), (21564, 289, 5), (39395, 271, 5), (39477, 550, 3)],
        [(0, 500, 4), (100, 500, 4), (200, 400, 3)],
    ],
)
def test_beats_of_every_section_lie_on_beats_of_the_chart(sections: list[tuple[int, int, int]]) -> None:
    asked = [TempoSection(float(start), float(beat), meter) for start, beat, meter in sections]
    made = chart(asked)
    assert not made.measures.misaligned
    ticks = [tempo.tick for tempo in made.tempos]
    assert ticks == sorted(set(ticks)), "one tempo at a tick"
    for section, after in pairwise([*asked, TempoSection(asked[-1].start_ms + 20_000, 1.0)]):
        # A first bar may be needed to lead in.
        time = section.start_ms + section.meter * section.beat_ms * 2
        while time < after.start_ms - section.beat_ms:
            beat = made.tempo_map.tick_at(time + 3) // 192 * 192
            assert made.tempo_map.time_at(beat) == pytest.approx(time, abs=2.5)
            time += section.beat_ms
