"""Red lines written anew leave volume, kiai and slider velocity where they were."""

from __future__ import annotations

import pytest

from formats.beatmap import Beatmap
from formats.timeline import Timeline
from generation.red_lines import replaced
from generation.song_timing import TempoSection
from tests.builder import osu_text


def lines(timing: tuple[str, ...], *starts: float) -> list[str]:
    """The timing lines after red lines of 400 ms a beat took the place of those that stood."""
    beatmap = Beatmap.from_text(osu_text(["256,192,100,1,0"], timing))
    after = beatmap.document.edit(replaced(Timeline(beatmap), [TempoSection(start, 400.0) for start in starts]))
    return [line.content for line in after.lines if line.section == "TimingPoints"][1:-1]


@pytest.mark.parametrize(
    ("timing", "start", "expected"),
    [
        (("31,500,4,2,0,32,1,0",), 1000, ["1000,400,4,2,0,32,1,0"]),
        (
            ("31,500,4,2,0,32,1,0", "738,-50,4,2,0,42,0,0"),
            1000,
            ["31,-100,4,2,0,32,0,0", "738,-50,4,2,0,42,0,0", "1000,400,4,2,0,42,1,0", "1000,-50,4,2,0,42,0,0"],
        ),
        (("678,500,4,1,0,70,1,1",), 0, ["0,400,4,1,0,70,1,0", "678,-100,4,1,0,70,0,1"]),
        (("678,500,4,1,0,70,1,1",), 678, ["678,400,4,1,0,70,1,1"]),
    ],
)
def test_what_is_heard_before_the_new_lines_stays(timing: tuple[str, ...], start: float, expected: list[str]) -> None:
    assert lines(timing, start) == expected


def test_a_note_on_the_old_line_keeps_the_slider_velocity_beside_it() -> None:
    timing = ("1000,500,4,1,0,70,1,0", "1000,-50,4,1,0,70,0,0", "3000,-200,4,1,0,70,0,0")
    before = Timeline(Beatmap.from_text(osu_text(["0,0,1000,1,0", "0,0,2500,1,0", "0,0,3000,1,0"], timing)))
    edits = replaced(before, [TempoSection(0.0, 333.2)], along=True)
    after = Timeline(Beatmap(before.beatmap.document.edit(edits)))
    # The nearest bar begins at 1332.8 ms, which the editor cuts off.
    assert [note.time for note in after.notes] == [1332, 2332, 2665]
    assert [after.grid.slider_velocity_at(note.time) for note in after.notes] == [2, 2, 0.5]
