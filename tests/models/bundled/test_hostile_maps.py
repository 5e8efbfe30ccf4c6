from __future__ import annotations

import pytest

from formats.beatmap import Beatmap
from formats.timeline import Timeline
from models.bundled.fields import SETS
from models.bundled.scenes import SET_AT, scene_of_timeline
from tests.builder import osu_text


@pytest.mark.parametrize(("sample", "expected"), [("100000:0:0:0:", "drum"), ("-100000:0:0:0:", "normal"), ("2:0:0:0:", "soft")])
def test_a_sample_set_that_no_game_has_is_the_last_one_or_that_of_the_line(sample: str, expected: str) -> None:
    text = osu_text([f"100,100,1000,1,0,{sample}"], ["0,500,4,1,0,100,1,0"])
    [row] = scene_of_timeline(Timeline(Beatmap.from_text(text))).columns
    assert SETS[row[SET_AT]] == expected
