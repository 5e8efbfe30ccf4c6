from cmath import rect
from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.curves import SliderPath
from formats.osu import Curve
from generation.slider_paths import BEZIER, CATMULL, LINEAR, PERFECT, PLAYFIELD, RED, DrawnPath, draw_path, fits

HEADS = st.builds(complex, st.integers(0, 512), st.integers(0, 384))


def as_read(head: complex, drawn: DrawnPath) -> SliderPath:
    """The path as the game reads the text."""
    letter, *points = drawn.text.split("|")
    places = [(float(x), float(y)) for x, y in (point.split(":") for point in points)]
    return SliderPath(head.real, head.imag, [Curve(letter, places)], drawn.length, whole_pixels=True)


@given(
    HEADS,
    st.floats(5, 900),
    st.floats(0, 2 * pi),
    st.floats(0, 1),
    st.sampled_from((LINEAR, PERFECT, BEZIER, RED, CATMULL)),
    st.sampled_from((1, 2, 3, 4, 5, 6, 8, 11)),
)
def test_a_path_is_as_long_as_asked_and_stays_in_the_playfield(
    head: complex, length: float, angle: float, ratio: float, curve: int, anchors: int
) -> None:
    drawn = draw_path(head, head + rect(length * ratio, angle), length, curve, anchors)
    assert drawn is not None
    path = as_read(head, drawn)
    assert fits(path)
    assert path.length == length
    assert path.natural_length >= length - 1e-6, "the game would stretch it"
    assert path.natural_length <= length + 24, "the line would hold more curve than is travelled"


@pytest.mark.parametrize(
    ("curve", "anchors", "letter"), [(LINEAR, 1, "L"), (PERFECT, 2, "P"), (BEZIER, 3, "B"), (RED, 4, "B"), (CATMULL, 3, "C")]
)
def test_a_path_with_room_ends_where_it_is_led_and_has_the_wanted_shape(curve: int, anchors: int, letter: str) -> None:
    head, tail = complex(150, 200), complex(230, 200)
    drawn = draw_path(head, tail, 80.0 if curve == LINEAR else 100.0, curve, anchors)
    assert drawn is not None
    assert drawn.letter == letter
    assert len(drawn.points) == anchors
    assert abs(drawn.end - tail) < 2


def test_a_red_anchor_stands_twice_and_no_other_point_does() -> None:
    cornered = draw_path(complex(100, 100), complex(200, 100), 140.0, RED, 5)
    smooth = draw_path(complex(100, 100), complex(104, 100), 6.0, BEZIER, 11)
    assert cornered is not None and smooth is not None
    assert sum(one == other for one, other in zip(cornered.points, cornered.points[1:], strict=False)) == 1
    assert len(set(smooth.points)) == len(smooth.points)


def test_a_curve_begins_along_the_movement_that_leads_to_it() -> None:
    head, tail = complex(200, 200), complex(300, 200)
    above = draw_path(head, tail, 120.0, PERFECT, 2, came=complex(50, -50))
    below = draw_path(head, tail, 120.0, PERFECT, 2, came=complex(50, 50))
    assert above is not None and below is not None
    assert above.points[0].imag < 200 < below.points[0].imag


def test_a_path_that_would_leave_the_playfield_turns_as_little_as_it_must() -> None:
    drawn = draw_path(complex(256, 380), complex(356, 420), 108.0, LINEAR, 1)
    assert drawn is not None
    assert PLAYFIELD.holds(drawn.end)
    assert drawn.end.real > 340


def test_no_path_begins_outside_or_is_longer_than_there_is_room() -> None:
    assert draw_path(complex(-20, 100), complex(50, 100), 70.0, LINEAR, 1) is None
    assert draw_path(complex(100, 100), complex(150, 100), 50_000.0, LINEAR, 1) is None
