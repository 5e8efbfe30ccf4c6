from __future__ import annotations

import pytest

from generation.masks import settled
from generation.parts import Part
from generation.request import CannotWrite, Request
from models.bundled.fields import Family


def request(**wishes: object) -> Request:
    return Request(0, 1000, **wishes)  # type: ignore[arg-type]


def names(*words: str) -> frozenset[str]:
    return frozenset(words)


def test_lanes_of_charts_are_named_and_counted() -> None:
    assert settled(request(lane_names=names("green", "open")), Family.FRETS).lanes == frozenset({0, 7})
    assert settled(request(lane_names=names("kick", "green")), Family.DRUMS).lanes == frozenset({0, 4})
    assert settled(request(lane_names=names("kick", "green")), Family.DRUMS, five_lane=True).lanes == frozenset({0, 5})
    assert settled(request(lanes=frozenset({1}), lane_names=names("green")), Family.FRETS).lanes == frozenset({0, 1})
    assert settled(request(lanes=frozenset({3})), Family.MANIA, 4).lanes == frozenset({3})
    assert settled(request(), Family.OSU).lanes is None


@pytest.mark.parametrize(
    ("wish", "family", "sentence"),
    [
        ({"lanes": frozenset({4})}, Family.MANIA, "the map has 4 columns, so there is no column 5"),
        ({"lane_names": names("red")}, Family.MANIA, "have no names such as red"),
        ({"lanes": frozenset({0})}, Family.OSU, "notes of osu! have no lanes"),
        ({"lane_names": names("kick")}, Family.FRETS, "there is no lane kick on a five-fret track: its lanes are green, red"),
        ({"lanes": frozenset({6})}, Family.DRUMS, "there is no lane 7 on a drum track"),
        ({"kinds": names("don")}, Family.OSU, "osu! has no don: its kinds are circle, slider, spinner"),
        ({"kinds": names("note")}, Family.DRUMS, "a drum track has no note: its notes are of one kind"),
        ({"keep": frozenset(Part) - {Part.COMBOS}}, Family.TAIKO, "notes of osu!taiko have rhythm and positions"),
        ({"keep": frozenset(Part) - {Part.HITSOUNDS}}, Family.FRETS, "nothing would be written anew"),
        ({"keep": frozenset(Part)}, Family.OSU, "notes of osu! have rhythm, positions, hitsounds and combos, and all"),
    ],
)
def test_what_the_map_does_not_have_is_said(wish: dict[str, object], family: Family, sentence: str) -> None:
    with pytest.raises(CannotWrite, match=sentence):
        settled(request(**wish), family, 4)


def test_notes_are_added_whatever_is_kept() -> None:
    assert settled(request(add=True, keep=frozenset(Part)), Family.OSU).add
