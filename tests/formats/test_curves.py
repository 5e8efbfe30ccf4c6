from cmath import phase
from itertools import pairwise
from math import comb, hypot, pi, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.curves import SliderPath
from formats.osu import Curve
from tests.near import near

Points = list[tuple[float, float]]

PIXELS = st.integers(-200, 700).map(float)
ANCHORS = st.lists(st.tuples(PIXELS, PIXELS), min_size=1, max_size=8)
HUGE = st.floats(-131_072, 131_072)


def path(kind: str, *points: tuple[float, float], length: float | None = None, degree: int = 0) -> SliderPath:
    return SliderPath(0, 0, [Curve(kind, list(points), degree)], length)


def bezier(anchors: Points, t: float) -> tuple[float, float]:
    degree = len(anchors) - 1
    weights = [comb(degree, k) * t**k * (1 - t) ** (degree - k) for k in range(degree + 1)]
    x = sum(weight * x for weight, (x, _) in zip(weights, anchors, strict=True))
    return x, sum(weight * y for weight, (_, y) in zip(weights, anchors, strict=True))


def distance(points: Points, x: float, y: float) -> float:
    """From a place to the nearest of many points."""
    return min(hypot(px - x, py - y) for px, py in points)


def test_a_linear_path_follows_its_points() -> None:
    line = path("L", (100, 0), (100, 50))
    assert line.natural_length == line.length == 150
    assert line.position_at(0.5) == (75, 0)
    assert line.position_at(0.9) == (100, 35)
    assert line.end == (100, 50)


@pytest.mark.parametrize(("progress", "place"), [(-1, (0, 0)), (2, (100, 0))])
def test_progress_is_held_between_head_and_tail(progress: float, place: tuple[float, float]) -> None:
    assert path("L", (100, 0)).position_at(progress) == place


def test_a_path_is_cut_to_its_written_length() -> None:
    line = path("L", (100, 0), (100, 50), length=120)
    assert (line.length, line.end, line.natural_length) == (120, (100, 20), 150)
    assert line.points == [(0, 0), (100, 0), (100, 20)]


def test_a_path_is_stretched_along_its_last_direction() -> None:
    line = path("L", (100, 0), (100, 50), length=250)
    assert (line.length, line.end) == (250, (100, 150))


def test_a_path_that_ends_on_two_equal_points_is_cut_but_never_stretched() -> None:
    assert path("L", (100, 0), (100, 0), length=300).length == 100
    assert path("L", (100, 0), (100, 0), length=30).end == (30, 0)
    assert path("L", (0, 0), length=30).length == 0


def test_a_path_without_points_stays_at_its_head() -> None:
    nothing = SliderPath(5, 6, [], 100)
    assert (nothing.length, nothing.end, nothing.position_at(1)) == (0, (5, 6), (5, 6))


@pytest.mark.parametrize("side", [1, -1])
def test_a_perfect_curve_is_the_arc_through_its_three_points(side: int) -> None:
    half = path("P", (50, 50 * side), (100, 0))
    assert half.natural_length == near(50 * pi, rel=2e-3)
    assert half.position_at(0.5) == near((50, 50 * side), within=0.2)
    assert half.end == (100, 0)


def test_an_arc_may_be_most_of_a_circle() -> None:
    around = path("P", (100, 0), (0, 1e-2))
    assert around.natural_length == near(100 * pi, rel=3e-3)


def test_three_points_on_a_line_make_no_arc() -> None:
    assert path("P", (50, 0), (100, 0)).points == [(0, 0), (50, 0), (100, 0)]
    assert path("P", (100, 0), (50, 0)).natural_length == 150


@pytest.mark.parametrize("points", [[(100, 50)], [(50, 50), (100, 0), (150, 50)]])
def test_a_perfect_curve_of_another_number_of_points_is_a_bezier(points: Points) -> None:
    assert path("P", *points).points == path("B", *points).points


def test_an_arc_of_an_enormous_circle_is_a_bezier() -> None:
    wide = [(100_000.0, 100_000.0), (0.0, 200_000.0)]
    assert path("P", *wide).points == path("B", *wide).points


@settings(max_examples=60)
@given(ANCHORS)
def test_a_bezier_path_stays_on_its_curve(anchors: Points) -> None:
    drawn = path("B", *anchors)
    full = [(0.0, 0.0), *anchors]
    if any(one == two for one, two in pairwise(full)):
        return
    curve = [bezier(full, step / 1_000) for step in range(1_001)]
    spread = max(hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(curve))
    for x, y in drawn.points:
        assert distance(curve, x, y) < 0.5 + spread
    assert drawn.end == near(anchors[-1])


def test_a_doubled_point_starts_a_new_bezier() -> None:
    corner = path("B", (100, 0), (100, 0), (100, 100))
    assert corner.points == [(0, 0), (100, 0), (100, 100)]
    assert path("B", (50, 0), (100, 50), (100, 50), (150, 0), (200, 0)).position_at(0) == (0, 0)


def test_a_doubled_point_at_the_end_of_a_bezier_starts_none() -> None:
    assert path("B", (100, 0), (100, 100), (100, 100)).points != path("B", (100, 0), (100, 100)).points


def test_many_anchors_are_sampled_on_the_same_curve() -> None:
    anchors = [(0.0, 0.0)] + [(step * 10.0, 80.0 * (step % 7)) for step in range(1, 120)]
    drawn = path("B", *anchors[1:])
    for step in range(11):
        assert distance(drawn.points, *bezier(anchors, step / 10)) < 3


def test_a_catmull_path_goes_through_its_points() -> None:
    drawn = path("C", (100, 0), (100, 100), (0, 100))
    for x, y in [(100, 0), (100, 100), (0, 100)]:
        assert distance(drawn.points, x, y) < 1e-6
    assert drawn.position_at(0.5) == near((112.5, 50), within=0.5)


def test_a_b_spline_of_a_degree_beyond_its_anchors_is_a_bezier() -> None:
    points = [(100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
    assert path("B", *points, degree=3).points == path("B", *points).points


def test_a_b_spline_keeps_nearer_to_its_anchors_than_a_bezier() -> None:
    points = [(100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 200.0), (100.0, 200.0)]
    spline = path("B", *points, degree=2)
    assert spline.end == (100, 200)
    assert path("L", *points).length > spline.natural_length > path("B", *points).natural_length
    # A quadratic B-spline touches the middle of each inner leg of its anchors.
    for x, y in [(100, 50), (50, 100), (0, 150)]:
        assert distance(spline.points, x, y) < 1e-6


def test_runs_of_several_kinds_follow_each_other() -> None:
    mixed = SliderPath(0, 0, [Curve("L", [(100, 0)]), Curve("P", [(150, 50), (200, 0)])], None)
    assert mixed.natural_length == near(100 + 50 * pi, rel=2e-3)
    assert mixed.end == (200, 0)


def test_points_may_be_cut_off_to_whole_pixels() -> None:
    assert SliderPath(0, 0, [Curve("L", [(99.9, -0.5)])], None, whole_pixels=True).points == [(0, 0), (99, 0)]


def test_the_length_is_known_without_drawing_the_curve() -> None:
    drawn = path("B", (10, 20), (30, 5), length=50)
    assert drawn.length == 50
    assert "_natural" not in vars(drawn)


def test_a_curve_of_next_to_no_length_is_stretched_to_a_place() -> None:
    assert path("L", (0.0, 2e-313), length=50).end == (0.0, 50.0)


@given(st.sampled_from("BCLP"), st.lists(st.tuples(HUGE, HUGE), max_size=6), st.floats(0, 100_000), st.integers(0, 5))
def test_the_tail_lies_at_the_written_length_whatever_the_curve(kind: str, points: Points, length: float, degree: int) -> None:
    drawn = path(kind, *points, length=length, degree=degree)
    walked = sum(hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(drawn.points))
    assert walked == near(drawn.length, rel=1e-6, within=1e-6)
    assert drawn.position_at(1) == near(drawn.end, rel=1e-9)


@pytest.mark.parametrize("size", [500.0, 131_072.0])
@pytest.mark.parametrize(("kind", "degree"), [("B", 0), ("B", 4), ("B", 49), ("C", 0), ("L", 0)])
def test_thousands_of_anchors_cost_little(kind: str, degree: int, size: float) -> None:
    zigzag = [(size * (number % 3 - 1), size * (number % 5 - 2) / 2) for number in range(10_000)]
    drawn = path(kind, *zigzag, length=100_000, degree=degree)
    assert drawn.length == 100_000
    assert len(drawn.points) < 60_000


def test_directions_do_not_flip_on_a_quarter_arc() -> None:
    quarter = path("P", (100 / sqrt(2), 100 - 100 / sqrt(2)), (100, 100))
    (x1, y1), (x2, y2) = quarter.points[:2]
    assert phase(complex(x2 - x1, y2 - y1)) == near(0, within=0.1)
