import pytest

from analyzers.finding import Safety
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RULE = "timing-line-unused"
RED = "0,500,4,2,0,100,1,0"
CIRCLE = "256,192,9000,1,0"
SLIDER = "256,192,9000,2,0,L|326:192,1,70"


def told(second: str, *objects: str, mode: Mode = Mode.OSU) -> list[str]:
    """The kinds of what is said of a line behind a red line at 0 ms (120 BPM, soft, 100 %)."""
    return [finding.kind for finding in findings(RULE, osu_text(objects or [CIRCLE], [RED, second], mode=mode))]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("8000,500,4,2,0,100,1,0", "red-changes-nothing"),
        ("8000,500,4,2,0,60,1,0", "red-changes-only-what-green-can"),
        ("8000,500,4,2,0,100,1,1", "red-changes-only-what-green-can"),
        ("2000,500,4,2,0,100,1,0", "red-only-resets-nightcore"),
        ("2000,500,4,2,0,60,1,0", "red-resets-nightcore-else-green"),
        ("8000,500,4,2,0,100,1,8", "red-only-omits-barline"),
        ("8000,500,4,2,0,60,1,8", "red-omits-barline-else-green"),
    ],
)
def test_a_red_line_on_a_downbeat_that_keeps_the_tempo(line: str, kind: str) -> None:
    assert told(line) == [kind]


@pytest.mark.parametrize(
    "line", ["8000,400,4,2,0,100,1,0", "8000,500,3,2,0,100,1,0", "7500,500,4,2,0,100,1,0", "8003,500,4,2,0,100,1,0"]
)
def test_a_red_line_that_changes_the_timing_is_used(line: str) -> None:
    assert told(line) == []


def test_a_red_line_off_by_rounding_is_on_the_downbeat() -> None:
    assert told("8000.4,500,4,2,0,100,1,0") == ["red-changes-nothing"]


def test_what_a_red_line_sets_counts_for_nothing_where_no_object_plays() -> None:
    assert told("16000,500,4,2,0,60,1,0") == ["red-changes-nothing"]


@pytest.mark.parametrize("mode", [Mode.TAIKO, Mode.MANIA])
def test_bar_lines_are_seen_in_taiko_and_mania(mode: Mode) -> None:
    assert told("8000,500,4,2,0,100,1,8", mode=mode) == []


def test_a_green_line_at_its_offset_leaves_a_red_line_nothing_but_the_tempo() -> None:
    timing = [RED, "4000,-50,4,2,0,60,0,0", "8000,500,4,2,0,100,1,0", "8000,-50,4,2,0,60,0,0"]
    found = findings(RULE, osu_text([SLIDER, "256,192,5000,2,0,L|326:192,1,70"], timing))
    assert kinds(found) == [("red-changes-nothing", "error", 8000)]


def test_the_return_to_slider_velocity_1_is_a_use() -> None:
    timing = [RED, "4000,-50,4,2,0,100,0,0", "8000,500,4,2,0,100,1,0"]
    found = findings(RULE, osu_text(["256,192,5000,2,0,L|326:192,1,70", SLIDER], timing))
    assert kinds(found) == [("red-changes-only-what-green-can", "error", 8000)]


def test_a_tempo_beyond_sense_is_a_trick_and_no_fault() -> None:
    assert findings(RULE, osu_text([CIRCLE], ["0,1E-46,4,2,0,100,1,0", "8000,1E-46,4,2,0,100,1,0"])) == []


@pytest.mark.parametrize(
    ("line", "objects", "kind"),
    [
        ("1000,-100,4,2,0,100,0,0", CIRCLE, "green-same-values"),
        ("9500,-50,4,2,0,100,0,0", SLIDER, "green-sv-affects-nothing"),
        ("8000,-50,4,2,0,100,0,0", CIRCLE, "green-sv-affects-nothing"),
        ("9500,-100,4,2,0,30,0,0", CIRCLE, "green-samples-affect-nothing"),
        ("9500,-100,4,3,0,100,0,0", CIRCLE, "green-samples-affect-nothing"),
        ("9500,-50,4,2,0,30,0,0", CIRCLE, "green-sv-and-samples-affect-nothing"),
    ],
)
def test_a_green_line_without_effect_is_a_remark(line: str, objects: str, kind: str) -> None:
    found = findings(RULE, osu_text([objects], [RED, line]))
    assert [(finding.kind, finding.severity.value) for finding in found] == [(kind, "information")]


@pytest.mark.parametrize(
    ("line", "objects"),
    [
        ("8000,-100,4,2,0,30,0,0", CIRCLE),
        ("9005,-100,4,2,0,30,0,0", CIRCLE),
        ("8000,-50,4,2,0,100,0,0", SLIDER),
        ("9200,-100,4,2,0,30,0,0", SLIDER),
        ("9200,-100,4,2,0,30,0,0", "256,192,9000,12,0,9500"),
        ("9500,-100,4,2,0,100,0,1", CIRCLE),
        ("8000,-100,4,2,1,100,0,0", CIRCLE),
        ("8000,NaN,4,2,0,100,0,0", SLIDER),
    ],
)
def test_a_green_line_that_something_uses_is_fine(line: str, objects: str) -> None:
    assert told(line, objects) == []


@pytest.mark.parametrize("mode", [Mode.TAIKO, Mode.MANIA])
def test_slider_velocity_scrolls_in_taiko_and_mania(mode: Mode) -> None:
    assert told("9500,-50,4,2,0,100,0,0", mode=mode) == []
    assert told("9500,-1000,4,2,0,100,0,0", mode=mode) == []


def test_the_default_sample_set_is_the_one_of_the_map() -> None:
    text = osu_text([CIRCLE], [RED, "8000,-100,4,0,0,100,0,0"], general=["SampleSet: Soft"])
    assert kinds(findings(RULE, text)) == [("green-same-values", "information", 8000)]


def test_a_line_that_the_next_one_repeats_is_judged_with_it() -> None:
    timing = [RED, "2000,-100,4,2,0,30,0,0", "8000,-100,4,2,0,30,0,0"]
    assert kinds(findings(RULE, osu_text([CIRCLE], timing))) == [("green-same-values", "information", 8000)]


def test_repeated_green_lines_are_deleted_safely() -> None:
    timing = [RED, "1000,-100,4,2,0,100,0,0", "2000,-100,4,2,0,100,0,0"]
    text = osu_text([CIRCLE], timing)
    found = findings(RULE, text)
    assert [finding.fixes[0].safety for finding in found] == [Safety.SAFE] * 2
    assert fixed(text, found) == osu_text([CIRCLE], [RED])


def test_a_red_line_becomes_green_on_request() -> None:
    text = osu_text([CIRCLE], [RED, "8000,500,4,2,0,60,1,9"])
    found = findings(RULE, text)
    assert found[0].fixes[0].safety is Safety.UNSAFE
    assert fixed(text, found) == osu_text([CIRCLE], [RED, "8000,-100,4,2,0,60,0,1"])


def test_the_first_red_line_and_lines_at_one_offset_are_left_alone() -> None:
    assert findings(RULE, osu_text([CIRCLE], [RED])) == []
    assert findings(RULE, osu_text([CIRCLE], [RED, RED])) == []
