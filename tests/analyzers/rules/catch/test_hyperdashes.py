from analyzers.rule import Level
from formats.osu import Mode
from tests.builder import findings, kinds, osu_text

# At CS 4 half of the catcher is 60.8 px wide and it dashes 1 px per ms.
SLIDER_BACK = "0,192,0,2,0,L|400:192,2,400"
# 2 px per ms: the way back is too far for a dash.
FAST = ["0,500,4,1,0,100,1,0", "0,-10,4,1,0,100,0,0"]


def fruits(*places: tuple[int, int]) -> str:
    return osu_text([f"{x},192,{time},1,0" for time, x in places], mode=Mode.CATCH)


def row(count: int, gap: int) -> str:
    return fruits(*[(number * gap, number % 2 * 500) for number in range(count)])


def test_a_salad_has_no_hyperdash() -> None:
    far, near = fruits((0, 0), (200, 400)), fruits((0, 0), (200, 250))
    assert kinds(findings("catch-has-hyperdash", far, level=Level.NORMAL)) == [("hyperdash", "error", 0)]
    assert findings("catch-has-hyperdash", near, level=Level.NORMAL) == []
    assert findings("catch-has-hyperdash", far, level=Level.HARD) == []


def test_a_platter_has_none_on_a_repeat() -> None:
    quick, slow = osu_text([SLIDER_BACK], FAST, mode=Mode.CATCH), osu_text([SLIDER_BACK], mode=Mode.CATCH)
    assert kinds(findings("catch-has-hyperdash", quick, level=Level.HARD)) == [("hyperdash-on-slider-part", "error", 200)]
    assert findings("catch-has-hyperdash", slow, level=Level.HARD) == []


def test_a_platter_s_hyperdash_takes_125_ms() -> None:
    assert kinds(findings("catch-hyperdash-snap", row(2, 124), level=Level.HARD)) == [("hyperdash-too-quick", "error", 0)]
    assert findings("catch-hyperdash-snap", row(2, 125), level=Level.HARD) == []
    assert findings("catch-hyperdash-snap", row(2, 62), level=Level.INSANE) == []


def test_a_platter_has_two_basic_hyperdashes_in_a_row_and_one_quick_one() -> None:
    rule = "catch-consecutive-hyperdash"
    assert findings(rule, row(3, 260), level=Level.HARD) == []
    assert kinds(findings(rule, row(4, 260), level=Level.HARD)) == [("too-many-in-a-row", "error", 0)]
    assert findings(rule, row(2, 200), level=Level.HARD) == []
    assert kinds(findings(rule, row(3, 200), level=Level.HARD)) == [("too-many-in-a-row", "error", 0)]


def test_a_rain_has_four() -> None:
    assert findings("catch-consecutive-hyperdash", row(5, 200), level=Level.INSANE) == []
    assert len(findings("catch-consecutive-hyperdash", row(6, 200), level=Level.INSANE)) == 1


def test_an_edge_dash_is_worse_on_easier_levels() -> None:
    edge = fruits((0, 0), (200, 250))
    severities = [findings("catch-edge-dash", edge, level=level) for level in (Level.NORMAL, Level.INSANE, Level.EXPERT)]
    assert [found[0].severity.value for found in severities] == ["error", "warning", "information"]
    assert findings("catch-edge-dash", edge, level=Level.EASY) == []


def test_a_strong_dash_is_noted_on_a_platter_alone() -> None:
    strong = fruits((0, 0), (200, 215))
    assert kinds(findings("catch-edge-dash", strong, level=Level.HARD)) == [("strong-dash", "information", 0)]
    assert findings("catch-edge-dash", strong, level=Level.INSANE) == []


def test_a_quick_hyperdash_should_not_be_followed_by_a_turn() -> None:
    rule = "catch-platter-higher-snap-antiflow"
    assert kinds(findings(rule, fruits((0, 0), (200, 400), (400, 250)), level=Level.HARD)) == [
        ("turn-after-hyperdash", "warning", 0)
    ]
    assert findings(rule, fruits((0, 0), (200, 400), (400, 500)), level=Level.HARD) == []
    assert findings(rule, fruits((0, 0), (200, 400), (400, 370)), level=Level.HARD) == []
    assert findings(rule, fruits((0, 0), (260, 500), (520, 250)), level=Level.HARD) == []


def test_hyperdashes_in_a_row_share_their_snap_on_a_rain() -> None:
    rule = "catch-rain-hyperdash-snap-consistency"
    assert kinds(findings(rule, fruits((0, 0), (200, 500), (320, 0)), level=Level.INSANE)) == [("different-snaps", "warning", 0)]
    assert findings(rule, fruits((0, 0), (200, 500), (404, 0)), level=Level.INSANE) == []


def test_a_hyperdash_on_a_repeat_of_a_rain_is_worth_a_look() -> None:
    rule, stream = "catch-rain-slider-hyperdash", osu_text([SLIDER_BACK], FAST, mode=Mode.CATCH)
    assert kinds(findings(rule, stream, level=Level.INSANE)) == [("hyperdash-on-slider-part", "warning", 200)]
    assert findings(rule, stream, level=Level.EXPERT) == []
