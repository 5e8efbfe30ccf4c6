"""Slider velocity from level to level, suggested settings, background offset and skin sets."""

from collections.abc import Sequence

import pytest

from analyzers.rule import Level
from formats.mapset import FileFact
from formats.osu import Mode
from tests.builder import DIFFICULTY, findings, fixed, kinds, osu_text

NOTES = [f"256,192,{time},1,0,0:0:0:0:" for time in (1000, 2000, 101_000)]
LEVELS = list(Level)


def settings(**values: float) -> str:
    kept = [line for line in DIFFICULTY if line.split(":")[0] not in values]
    return osu_text(NOTES, mode=Mode.TAIKO, difficulty=[*kept, *(f"{key}:{value:g}" for key, value in values.items())])


def progression(*velocities: float) -> list[int]:
    """The numbers of the difficulties, from Kantan up, that break the progression."""
    texts = [settings(SliderMultiplier=value) for value in velocities]
    broken: list[int] = []
    for number, text in enumerate(texts):
        others = [(other, level) for at, (other, level) in enumerate(zip(texts, LEVELS, strict=False)) if at != number]
        levels = [LEVELS[number], *(level for _, level in others)]
        if findings("taiko-base-sv-progression", text, *(other for other, _ in others), level=levels[0], levels=levels):
            broken.append(number)
    return broken


@pytest.mark.parametrize(
    ("velocities", "broken"),
    [
        ((1.4, 1.4, 1.6, 1.8), []),
        ((1.4, 1.4, 1.2, 1.0), []),
        ((1.4, 1.1, 1.2, 1.4), [1]),
        ((1.4, 1.4, 1.4, 1.6, 1.4), [4]),
        ((1.4, 1.0), []),
    ],
)
def test_base_slider_velocity_goes_one_way(velocities: Sequence[float], broken: list[int]) -> None:
    assert progression(*velocities) == broken


def test_guest_difficulties_of_one_level_have_no_order_among_them() -> None:
    texts = [settings(SliderMultiplier=value) for value in (1.6, 1.4, 1.5, 1.7)]
    levels = [Level.INSANE, Level.INSANE, Level.HARD, Level.EXPERT]
    assert findings("taiko-base-sv-progression", texts[0], *texts[1:], level=levels[0], levels=levels) == []


def test_settings_off_the_suggestion_are_named_and_set() -> None:
    text = settings(OverallDifficulty=5, HPDrainRate=8.5)
    found = findings("taiko-difficulty-range", text, level=Level.EASY)
    assert [finding.severity.value for finding in found] == ["warning", "information"]
    mended = fixed(text, found)
    assert "OverallDifficulty:3\n" in mended
    assert "HPDrainRate:8\n" in mended
    assert findings("taiko-difficulty-range", mended, level=Level.EASY) == []


def test_inner_oni_has_no_suggestion() -> None:
    assert findings("taiko-difficulty-range", settings(OverallDifficulty=10), level=Level.EXPERT) == []


def background(x: int, y: int, mode: Mode = Mode.TAIKO) -> str:
    return osu_text(NOTES, mode=mode, events=[f'0,0,"bg.jpg",{x},{y}'])


def test_the_background_that_stands_elsewhere_is_moved() -> None:
    text = background(0, 0)
    found = findings("taiko-bg-offset", text, background(0, 20), background(0, 20))
    assert kinds(found) == [("inconsistent-offset", "warning", None)]
    assert '0,0,"bg.jpg",0,20' in fixed(text, found)


def test_the_offset_of_another_mode_does_not_matter() -> None:
    assert findings("taiko-bg-offset", background(0, 0), background(0, 20, Mode.OSU)) == []


def test_a_sideways_background_is_set_straight() -> None:
    text = background(5, 0)
    found = findings("taiko-bg-offset", text)
    assert kinds(found) == [("horizontal-offset", "warning", None)]
    assert '0,0,"bg.jpg",0,0' in fixed(text, found)


def skin(*names: str, objects: Sequence[str] = NOTES, siblings: Sequence[str] = ()) -> list[tuple[str, str, float | None]]:
    files = [FileFact(name, 1) for name in names]
    return kinds(findings("taiko-skin-sets", osu_text(objects, mode=Mode.TAIKO), *siblings, files=files))


CIRCLES = ("taikobigcircle.png", "taikobigcircleoverlay.png", "taikohitcircle.png", "taikohitcircleoverlay-0.png")
ROLL = "256,192,1000,2,0,L|356:192,1,100"


def test_one_hit_burst_asks_for_all() -> None:
    assert skin("taiko-hit0.png") == [("incomplete-set", "error", None)]
    assert skin(*(f"taiko-hit{each}.png" for each in ("0", "100", "100k", "300", "300k"))) == []


def test_drum_roll_images_are_asked_for_where_there_are_drum_rolls() -> None:
    assert skin(*CIRCLES) == []
    assert skin(*CIRCLES, objects=[ROLL]) == [("incomplete-set", "error", None)]


def test_the_slider_tick_belongs_to_osu_difficulties_too() -> None:
    assert skin("sliderscorepoint.png", objects=[ROLL]) == [("incomplete-set", "error", None)]
    assert skin("sliderscorepoint.png", objects=[ROLL], siblings=[osu_text(NOTES)]) == []


def test_a_jpg_is_no_skin_element() -> None:
    names = [f"taiko-hit{each}.png" for each in ("0", "100", "100k", "300")]
    assert ("non-png", "warning", None) in skin(*names, "taiko-hit300k.jpg")


def test_without_a_list_of_files_nothing_is_said() -> None:
    assert findings("taiko-skin-sets", osu_text(NOTES, mode=Mode.TAIKO)) == []
