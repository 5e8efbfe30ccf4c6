import pytest

from formats.beatmap import Beatmap
from formats.document import Document, Line, LineKind
from formats.osu import (
    NO_SAMPLE,
    OSU,
    Background,
    Break,
    HitObject,
    HitSample,
    ObjectKind,
    Sprite,
    StoryboardCommand,
    StoryboardSample,
    TimingPoint,
    Video,
)
from tests.builder import osu_text


def line(section: str, text: str) -> Line:
    return Document.from_text(f"[{section}]\n{text}", OSU).lines[1]


def hit_object(text: str) -> HitObject:
    record = line("HitObjects", text).record
    assert isinstance(record, HitObject)
    return record


def timing_point(text: str) -> TimingPoint:
    record = line("TimingPoints", text).record
    assert isinstance(record, TimingPoint)
    return record


def event(text: str) -> object:
    return line("Events", text).record


def test_a_circle_with_its_sample() -> None:
    circle = hit_object("256,192.5,1000,5,10,1:2:3:40:clap.wav")
    assert (circle.kind, circle.x, circle.y, circle.time) == (ObjectKind.CIRCLE, 256, 192.5, 1000)
    assert (circle.new_combo, circle.colour_skip, circle.sound) == (True, 0, 10)
    assert circle.sample == HitSample(1, 2, 3, 40, "clap.wav")


def test_an_object_may_end_after_its_hit_sound() -> None:
    assert hit_object("256,192,1000,1,0").sample is NO_SAMPLE


def test_colours_to_skip_stand_in_three_bits_of_the_type() -> None:
    assert hit_object("0,0,0,117,0").colour_skip == 7


def test_a_slider_with_all_its_fields() -> None:
    slider = hit_object("100,100,1000,2,0,B|150:50|200:100,2,120.5,2|0|8,1:0|0:0|3:2,1:2:0:0:")
    assert slider.curves is not None
    assert (slider.slides, slider.length) == (2, 120.5)
    assert (slider.edge_sounds, slider.edge_sets) == ([2, 0, 8], [(1, 0), (0, 0), (3, 2)])
    assert slider.curves[0].points == [(150, 50), (200, 100)]


def runs(text: str) -> list[tuple[str, int, list[tuple[float, float]]]]:
    curves = hit_object(f"0,0,0,2,0,{text},1,100").curves or []
    return [(curve.type, curve.degree, curve.points) for curve in curves]


def test_the_point_behind_a_letter_inside_a_slider_ends_the_run_before_it() -> None:
    assert runs("B|1:1|2:2|P|3:3|4:4|5:5") == [("B", 0, [(1, 1), (2, 2), (3, 3)]), ("P", 0, [(4, 4), (5, 5)])]


def test_a_bezier_letter_may_carry_a_degree() -> None:
    assert runs("B4|1:1|2:2") == [("B", 4, [(1, 1), (2, 2)])]
    assert runs("Bx|1:1") == [("B", 0, [(1, 1)])]


def test_an_unknown_curve_letter_is_read_as_catmull_as_in_the_game() -> None:
    assert runs("X|1:1|2:2") == [("C", 0, [(1, 1), (2, 2)])]


def test_a_spinner_ends_where_its_sixth_field_says() -> None:
    spinner = hit_object("256,192,1000,12,0,3000,0:0:0:0:")
    assert (spinner.kind, spinner.end_time, spinner.new_combo) == (ObjectKind.SPINNER, 3000, True)


def test_a_hold_keeps_its_end_and_its_sample_in_one_field() -> None:
    hold = hit_object("64,192,1000,128,0,1500:1:0:2:30:")
    assert (hold.kind, hold.end_time, hold.sample) == (ObjectKind.HOLD, 1500, HitSample(1, 0, 2, 30))
    assert hit_object("64,192,1000,128,0").end_time == 1000


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("256,192,1000", (0, 12)),
        ("x,192,1000,1,0", (0, 1)),
        ("256,192,nan,1,0", (8, 11)),
        ("256,192,1e99,1,0", (8, 12)),
        ("256,999999,1000,1,0", (4, 10)),
        ("256,192,1000,4,0", (13, 14)),
        ("256,192,1000,1.5,0", (13, 16)),
        ("256,192,1000,2,0,B|0:0,9001,100", (23, 27)),
        ("256,192,1000,2,0,B|0,1,100", (17, 20)),
        ("256,192,1000,2,0,B|0:0", (0, 22)),
        ("256,192,1000,8,0", (0, 16)),
        ("256,192,1000,1,0,a:0", (17, 20)),
    ],
)
def test_an_object_that_the_game_skips_is_marked_where_it_fails(text: str, columns: tuple[int, int]) -> None:
    bad = line("HitObjects", text)
    assert (bad.kind, bad.record) == (LineKind.UNKNOWN, None)
    assert [(problem.start, problem.end) for problem in bad.problems] == [columns]


def test_a_timing_point_with_all_its_fields() -> None:
    point = timing_point("1000.5,-50,3,2,1,60,0,9")
    assert (point.time, point.beat_length, point.meter) == (1000.5, -50, 3)
    assert (point.sample_set, point.sample_index, point.volume) == (2, 1, 60)
    assert (point.uninherited, point.kiai, point.omits_barline, point.slider_velocity) == (False, True, True, 2)


def test_an_old_timing_point_of_two_fields_is_a_red_line_at_full_volume() -> None:
    point = timing_point("1000,500")
    assert (point.uninherited, point.meter, point.volume) == (True, 4, 100)


@pytest.mark.parametrize(("beat_length", "velocity"), [("-5", 10), ("-2000", 0.1), ("-100", 1), ("100", 1), ("NaN", 1), ("0", 1)])
def test_slider_velocity_stays_between_a_tenth_and_ten(beat_length: str, velocity: float) -> None:
    assert timing_point(f"0,{beat_length},4,1,0,100,0,0").slider_velocity == velocity


@pytest.mark.parametrize("text", ["1000", "nan,500", "0,inf", "0,nan", "0,nan,4,1,0,100,1,0", "0,500,-1", "0,500,4,1,0,5.5"])
def test_a_timing_point_that_the_game_skips_is_marked(text: str) -> None:
    assert line("TimingPoints", text).problems


def test_a_green_line_may_have_no_number_to_make_sliders_without_ticks() -> None:
    assert timing_point("0,NaN,4,1,0,100,0,0").beat_length != 0


def test_a_comment_may_follow_on_a_line_but_not_in_a_title() -> None:
    assert hit_object("1,2,3,1,0 // here").time == 3
    assert Beatmap.from_text("[Metadata]\nTitle:a // b").metadata.text("Title") == "a // b"


@pytest.mark.parametrize("text", ["// 1,2,3,1,0", "  //", "", "   "])
def test_comments_and_blank_lines_say_nothing(text: str) -> None:
    nothing = line("HitObjects", text) if text else Document.from_text("[HitObjects]\n\n", OSU).lines[1]
    assert nothing.kind in (LineKind.COMMENT, LineKind.BLANK)
    assert not nothing.problems


def test_events_of_every_kind() -> None:
    kinds = [
        event('0,0,"a\\b.jpg",0,0'),
        event("Video,-100,v.mp4"),
        event("2,1000,2000"),
        event('Sprite,Foreground,Centre,"s.png",320,240'),
        event('5,100,0,"s.wav",70'),
        event(" F,0,0,1000,1"),
    ]
    assert [type(each) for each in kinds] == [Background, Video, Break, Sprite, StoryboardSample, StoryboardCommand]
    assert isinstance(kinds[0], Background)
    assert kinds[0].filename == "a/b.jpg"


def test_a_picture_named_as_a_video_is_the_background() -> None:
    assert isinstance(event("1,0,bg.jpg"), Background)


def test_variables_of_a_storyboard_are_filled_in() -> None:
    text = '[Variables]\n$pic="star.png"\n$x=320\n[Events]\nSprite,Pass,Centre,$pic,$x,240\n_M,0,0,,$x,240\n'
    beatmap = Beatmap.from_text(text)
    (sprite,) = beatmap.sprites
    assert (sprite.filename, sprite.x) == ("star.png", 320)
    assert sprite.line.text.startswith("Sprite,Pass,Centre,$pic")
    assert not any(line.problems for line in beatmap.document.lines)


def test_a_section_that_the_game_does_not_know_is_left_in_peace() -> None:
    odd = line("Mania", "Keys: 7")
    assert odd.kind is LineKind.UNKNOWN
    assert not odd.problems


@pytest.mark.parametrize("version", [*range(3, 15), 128])
def test_every_file_version_is_read(version: int) -> None:
    assert Beatmap.from_text(osu_text(version=version)).version == version


def test_a_version_that_is_no_number_is_marked_and_taken_for_14() -> None:
    beatmap = Beatmap.from_text("osu file format vX\n")
    assert beatmap.version == 14
    assert beatmap.document.lines[0].problems
