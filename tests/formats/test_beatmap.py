import pytest

from formats.beatmap import Beatmap, difficulty_range
from formats.osu import Mode
from tests.builder import osu_text
from tests.near import near


def beatmap(*lines: str) -> Beatmap:
    return Beatmap.from_text("osu file format v14\n" + "\n".join(lines))


def test_the_last_of_two_equal_keys_counts() -> None:
    assert beatmap("[Metadata]", "Title:a", "Title:b").metadata.text("Title") == "b"


def test_a_finding_about_a_missing_key_belongs_to_the_header() -> None:
    metadata = beatmap("[Metadata]", "Title:a").metadata
    assert metadata.line("Artist") is metadata.header
    assert beatmap().metadata.line("Artist") is None


@pytest.mark.parametrize(("value", "number"), [("3.5", 3.5), ("x", 7), ("nan", 7), ("inf", 7), ("", 7)])
def test_a_setting_that_is_no_number_takes_its_default(value: str, number: float) -> None:
    assert beatmap("[Difficulty]", f"CircleSize:{value}").difficulty.number("CircleSize", 7) == number


def test_settings_are_held_in_the_range_of_the_game() -> None:
    high = beatmap("[Difficulty]", "HPDrainRate:11", "OverallDifficulty:-1", "SliderMultiplier:9", "SliderTickRate:0.1")
    assert (high.hp_drain, high.overall_difficulty, high.slider_multiplier, high.tick_rate) == (10, 0, 3.6, 0.5)


def test_an_old_map_without_approach_rate_uses_its_overall_difficulty() -> None:
    assert beatmap("[Difficulty]", "OverallDifficulty:8").approach_rate == 8


@pytest.mark.parametrize(("rate", "ms"), [(0, 1800), (5, 1200), (7.5, 825), (10, 450)])
def test_objects_appear_earlier_at_a_low_approach_rate(rate: float, ms: float) -> None:
    assert beatmap("[Difficulty]", f"ApproachRate:{rate}").preempt == ms
    assert difficulty_range(rate, 1800, 1200, 450) == ms


@pytest.mark.parametrize(("size", "radius"), [(0, 54.4), (4, 36.48), (10, 9.6), (30, 9.6)])
def test_the_circle_radius_follows_the_circle_size(size: float, radius: float) -> None:
    assert beatmap("[Difficulty]", f"CircleSize:{size}").radius == near(radius)


def test_an_unknown_mode_is_read_as_standard() -> None:
    assert beatmap("[General]", "Mode: 3").mode is Mode.MANIA
    assert beatmap("[General]", "Mode: 9").mode is Mode.OSU


@pytest.mark.parametrize(("version", "offset"), [(3, 24), (4, 24), (5, 0), (14, 0)])
def test_times_of_the_first_versions_are_played_24_ms_later(version: int, offset: int) -> None:
    assert Beatmap.from_text(osu_text(version=version)).time_offset == offset


def test_bookmarks_that_are_no_numbers_are_left_out() -> None:
    assert beatmap("[Editor]", "Bookmarks: 100,x,300").bookmarks == [100, 300]


def test_colours_that_are_none_are_left_out() -> None:
    colours = beatmap("[Colours]", "Combo1 : 1,2,3", "Combo2: 1,2", "Combo3:300,0,0", "SliderBorder:9,9,9")
    assert [colour for _, colour in colours.combo_colours] == [(1, 2, 3), (255, 0, 0)]
    assert colours.slider_border is not None
    assert colours.slider_border[1] == (9, 9, 9)
