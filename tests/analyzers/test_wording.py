from __future__ import annotations

import pytest

from analyzers.wording import Aspect, aspect_of, can_happen, mistake, noun, phrase, title, words
from models.bundled.fields import FIELDS, MISTAKES, Family, Value


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("gap", "1/4", "1/4"),
        ("gap", "3/2", "1 1/2 beats"),
        ("gap", "1", "1 beat"),
        ("snap", "off", "off the grid"),
        ("error", -10, "10 ms early"),
        ("error", 25, "25 ms or more late"),
        ("angle", -45, "45° counterclockwise"),
        ("angle", -180, "straight back"),
        ("hitsound", "whistle+clap", "whistle + clap"),
        ("hitsound", "normal", "no addition"),
        ("repeats", 1, "no reverse"),
        ("repeats", 6, "5 reverses or more"),
        ("new_combo", False, "no new combo"),
        ("slider_velocity", 1.0, "1x"),
    ],
)
def test_values_are_said_as_a_mapper_says_them(field: str, value: Value, said: str) -> None:
    assert words(field, value, Family.OSU) == said


def test_a_lane_has_the_name_that_its_players_know() -> None:
    assert words("lane", 2, Family.MANIA) == "column 3"
    assert [words("lane", lane, Family.FRETS) for lane in (0, 7)] == ["green fret", "open note"]
    assert words("lane", 0, Family.DRUMS) == "kick"
    assert [words("lane", 4, Family.DRUMS, five_lane=wide) for wide in (False, True)] == ["green pad", "orange pad"]


def test_a_chart_without_a_sustain_has_no_length_of_zero_beats() -> None:
    assert words("length", "0", Family.FRETS) == "no sustain"


def test_every_value_of_every_field_has_words_in_every_family() -> None:
    for field in FIELDS:
        for family in field.families:
            said = [words(field.name, value, family) for value in field.values]
            assert all(said), field.name
            assert noun(field.name, family)
            assert title(aspect_of(field.name, family), family)


def test_values_of_a_field_read_apart() -> None:
    for field in FIELDS:
        for family in field.families - {Family.FRETS, Family.DRUMS}:
            said = [words(field.name, value, family) for value in field.values]
            assert len(set(said)) == len(said), field.name


def test_kinds_belong_to_what_they_mean_in_the_mode() -> None:
    aspects = [aspect_of("kind", family) for family in (Family.OSU, Family.TAIKO, Family.MANIA)]
    assert aspects == [Aspect.RHYTHM, Aspect.KIND, Aspect.SLIDER]


def test_every_kind_of_mistake_has_words() -> None:
    assert all(mistake(name, family) != name for name in MISTAKES for family in Family)
    assert mistake("lane", Family.MANIA) == "wrong column"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("hitsound", "clap", "hit sound clap"),
        ("gap", "1/4", "rhythm 1/4"),
        ("new_combo", True, "new combo"),
        ("kind", "slider", "slider"),
        ("snap", "off", "off the grid"),
        ("snap", 4, "snap 1/4"),
        ("sample_set", "soft", "sample set soft"),
        ("kiai", False, "no kiai"),
    ],
)
def test_a_phrase_names_the_field_where_the_value_does_not(field: str, value: Value, said: str) -> None:
    assert phrase(field, value, Family.OSU) == said


def test_only_mistakes_that_can_happen_are_spoken_of() -> None:
    impossible = {family: {name for name in MISTAKES if not can_happen(name, family)} for family in Family}
    assert impossible[Family.OSU] == {"lane", "modifier"}
    assert impossible[Family.TAIKO] == {"new combo", "position", "hit sound", "repeats", "lane", "modifier"}
    assert impossible[Family.FRETS] == {"new combo", "position", "hit sound", "repeats", "kind"}
