import pytest

from analyzers.level import interpret_level, level_named, level_of_stars, star_rating
from analyzers.rule import Level
from formats.beatmap import Beatmap
from formats.mapset import Difficulty
from formats.osu import Mode
from tests.builder import osu_text


@pytest.mark.parametrize(
    ("name", "mode", "level"),
    [
        ("Easy", Mode.OSU, Level.EASY),
        ("Someone's Hard", Mode.OSU, Level.HARD),
        ("Light Insane", Mode.OSU, Level.INSANE),
        ("INSANE+", Mode.OSU, Level.INSANE),
        ("Inner Oni", Mode.TAIKO, Level.EXPERT),
        ("Oni", Mode.TAIKO, Level.INSANE),
        ("Cup", Mode.CATCH, Level.EASY),
        ("[4K] MX", Mode.MANIA, Level.INSANE),
        ("Hell Oni", Mode.TAIKO, Level.ULTRA),
    ],
)
def test_the_usual_names_tell_the_level(name: str, mode: Mode, level: Level) -> None:
    assert level_named(name, mode) is level


@pytest.mark.parametrize("name", ["Easygoing", "Hard Rock Fan's Journey", "Rain", "World's End", ""])
def test_other_words_tell_no_level(name: str) -> None:
    assert level_named(name, Mode.OSU) is None


def test_a_name_that_says_nothing_leaves_it_to_the_stars() -> None:
    objects = [f"{x % 400 + 50},100,{x * 1000},1,0,0:0:0:0:" for x in range(30)]
    slow = osu_text(objects, metadata=["Version:Kitten"])
    assert interpret_level(Difficulty("a.osu", Beatmap.from_text(slow))) is Level.EASY


def test_the_star_bounds_belong_to_the_level_above() -> None:
    stars = [0, 1.99, 2.0, 2.69, 2.7, 4.0, 5.3, 6.49, 6.5, 20]
    assert [level_of_stars(star).rank for star in stars] == [0, 0, 1, 1, 2, 3, 4, 4, 5, 5]


def test_a_map_made_to_hurt_is_not_rated() -> None:
    hostile = osu_text(["0,0,0,1,0", "512,384,2000000000,1,0"] + ["0,0,1,2,0,L|1:1,9000,131072"] * 50)
    assert star_rating(Difficulty("a.osu", Beatmap.from_text(hostile))) is None


def test_a_map_without_objects_has_no_stars() -> None:
    assert interpret_level(Difficulty("a.osu", Beatmap.from_text(osu_text(metadata=["Version:?"])))) is None
