from itertools import product

import pytest

from formats.beatmap import Beatmap
from formats.document import field
from formats.timeline import Timeline
from tests.builder import DIFFICULTY, findings, kinds, osu_text

RULE = "std-offscreen"


def at(cs: float, *objects: str, leniency: float = 0) -> str:
    settings = [line if "Circle" not in line else f"CircleSize:{cs:g}" for line in DIFFICULTY]
    return osu_text(objects, difficulty=settings, general=[f"StackLeniency: {leniency:g}"])


def test_a_large_circle_at_the_bottom_edge_leaves_the_screen() -> None:
    assert kinds(findings(RULE, at(0, "256,384,3000,1,0"))) == [("offscreen-circle", "error", 3000)]
    assert findings(RULE, at(0, "256,373,3000,1,0")) == []


def test_a_slider_is_flagged_where_it_first_leaves_the_screen() -> None:
    text = at(0, "256,192,3000,2,0,L|256:384,1,192")
    assert kinds(findings(RULE, text)) == [("offscreen-slider", "error", 3925)]


def test_a_written_length_beyond_the_last_anchor_counts() -> None:
    text = at(4, "480,192,0,2,0,L|500:192,1,20", "480,192,1000,2,0,L|500:192,1,100")
    assert kinds(findings(RULE, text)) == [("offscreen-slider", "error", 1325)]


def test_a_tail_between_two_looks_counts_at_the_end() -> None:
    text = at(4, "480,192,0,2,0,L|543:192,1,63")
    assert kinds(findings(RULE, text)) == [("offscreen-slider", "error", 315)]


def test_an_arc_may_leave_between_anchors_on_the_screen() -> None:
    assert len(findings(RULE, at(4, "20,20,0,2,0,P|256:-10|490:20,1,480"))) == 0
    assert len(findings(RULE, at(4, "20,0,0,2,0,P|250:-20|480:0,1,470"))) == 0
    assert len(findings(RULE, at(4, "120,-10,0,2,0,P|260:-22|400:0,1,300"))) == 0
    assert len(findings(RULE, at(4, "100,60,0,2,0,P|60:10|160:-20,1,160"))) == 1


def test_a_bezier_anchor_outside_does_not_pull_the_path_out() -> None:
    assert findings(RULE, at(4, "200,20,0,2,0,B|250:-60|300:20,1,110")) == []


def test_what_only_stacking_keeps_inside_is_worth_a_look() -> None:
    text = at(4, "256,392,0,1,0", "256,392,100,1,0", leniency=1)
    assert kinds(findings(RULE, text)) == [("offscreen-without-stacking", "warning", 0), ("offscreen-circle", "error", 100)]


@pytest.mark.parametrize("curve", ["B|{0}:{1}|{2}:{3}", "L|{0}:{1}|{2}:{3}", "P|{0}:{1}|{2}:{3}", "C|{0}:{1}|{2}:{3}"])
def test_the_quick_way_agrees_with_looking_every_5_px(curve: str) -> None:
    sliders = [
        f"{x},380,{number * 1000},2,0,{curve.format(x + 40, y, x - 30, 370)},1,{length}"
        for number, (x, y, length) in enumerate(product((0, 60, 470, 512), (300, 375, 384), (20, 80, 130)))
    ]
    text = at(4, *sliders)
    assert {finding.span.start for finding in findings(RULE, text)} == _by_looking(text)


def _by_looking(text: str) -> set[int]:
    beatmap = Beatmap.from_text(text)
    outside: set[int] = set()
    for note in Timeline(beatmap).notes:
        length = note.path.length
        looks = [px / length for px in range(0, int(length) + 1, 5) if px < length]
        if any(_outside(*note.path.position_at(look), beatmap.radius) for look in [*looks, 1]):
            outside.add(beatmap.document.span(field(note.line, 5)).start)
    return outside


def _outside(x: float, y: float, radius: float) -> bool:
    return x < -67 + radius or x > 579 - radius or y < -60 + radius or y > 428 - radius
