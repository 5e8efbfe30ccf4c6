from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.bundled.fields import Family
from models.training.corpus import (
    FAMILY_SHARES,
    FEWEST_NOTES,
    Piece,
    Source,
    Split,
    pieces_of,
    read_pieces,
    set_key,
    split_of,
    weights,
)
from tests.builder import osu_text
from tests.chart_builder import SONG, chart_text
from tests.models.maps import drawn_scene

CIRCLES = [f"{100 + 9 * number},{80 + 7 * number},{1000 + 250 * number},1,0" for number in range(FEWEST_NOTES)]
NOTES = [f"{768 + 96 * number} = N {number % 5} 0" for number in range(FEWEST_NOTES)]
MANY_SETS = 5_000


def source(text: str, path: str = "a.osu") -> Source:
    return Source(path, text.encode())


def split_pieces(*sets: tuple[str, int], family: Family = Family.OSU, notes: int = 100) -> list[Piece]:
    """So many difficulties of each set."""
    return [
        Piece(f"{key} {number}", key, Split.TRAIN, drawn_scene(notes, family, number))
        for key, count in sets
        for number in range(count)
    ]


@pytest.mark.parametrize("line", ["robots: disallow", "Robots:Disallow", "ROBOTS :\tDISALLOW", "please, robots: disallow!"])
def test_who_opts_out_is_not_trained_on(line: str) -> None:
    assert pieces_of(source(osu_text(CIRCLES)))
    tagged = osu_text(CIRCLES, metadata=("Title:Song", "Artist:Band", f"Tags:drum {line}"))
    for text in (f"// {line}\n{osu_text(CIRCLES)}", f"{osu_text(CIRCLES)}//{line}", tagged):
        assert pieces_of(source(text)) == []
    charts = (chart_text(NOTES, song=(*SONG, f'Charter = "{line}"')), chart_text(NOTES, events=(f'0 = E "{line}"',)))
    for text in charts:
        assert pieces_of(source(text, "notes.chart")) == []


@pytest.mark.parametrize("line", ["robots: allow", "Tags:robots disallow", "// disallow robots"])
def test_who_says_something_else_of_robots_is_trained_on(line: str) -> None:
    assert len(pieces_of(source(f"{osu_text(CIRCLES)}{line}"))) == 1


def test_every_scored_track_of_a_chart_is_a_piece() -> None:
    text = chart_text(NOTES, tracks={"ExpertDrums": NOTES, "ExpertGHLGuitar": NOTES})
    found = pieces_of(source(text, "song/notes.chart"))
    assert [piece.name for piece in found] == ["song/notes.chart#ExpertSingle", "song/notes.chart#ExpertDrums"]
    assert [piece.scene.family for piece in found] == [Family.FRETS, Family.DRUMS]
    assert {piece.set_key for piece in found} == {"bandsong"}


def test_valid_sets_stay_valid_whatever_their_hash() -> None:
    keys = [f"set {number}" for number in range(200)]
    assert {split_of(key, valid=True) for key in keys} == {Split.VALID}
    [piece] = pieces_of(replace(source(osu_text(CIRCLES)), valid=True))
    assert piece.split is Split.VALID


def test_the_same_sets_are_held_out_always() -> None:
    """By hash of the key, so that neither other sets nor the machine play a part."""
    held_out = {number for number in range(60) if split_of(f"set {number}", valid=False) is Split.TUNE}
    assert held_out == {7, 41, 42, 59}


def test_about_a_twelfth_is_held_out() -> None:
    splits = [split_of(f"set {number}", valid=False) for number in range(MANY_SETS)]
    assert 0.07 < splits.count(Split.TUNE) / MANY_SETS < 0.09
    assert Split.VALID not in splits


def test_difficulties_of_a_song_belong_together_however_it_is_written() -> None:
    assert set_key("The Band", "A Song!") == set_key("the band", "a song") == "thebandasong"
    assert set_key("Band", "Song") != set_key("Band", "Other")


def test_fragments_and_copies_are_left_out() -> None:
    whole, fragment = osu_text(CIRCLES), osu_text(CIRCLES[1:])
    found = read_pieces([source(whole), source(fragment, "b.osu"), source(whole, "copy.osu")])
    assert [piece.name for piece in found] == ["a.osu"]


def test_a_set_of_twelve_does_not_count_twelve_fold() -> None:
    chances = weights(split_pieces(("one", 1), ("twelve", 12)))
    assert chances.sum() == pytest.approx(1)
    assert chances[0] < chances[1:].sum() < 2 * chances[0]


def test_long_difficulties_of_a_set_are_drawn_more_often() -> None:
    short, long = split_pieces(("set", 1), notes=100)[0], split_pieces(("set", 1), notes=300)[0]
    chances = weights([short, long])
    assert chances[1] == pytest.approx(3 * chances[0])


def test_families_get_their_shares() -> None:
    pieces = split_pieces(("a", 9), ("b", 3)) + split_pieces(("c", 1), family=Family.TAIKO)
    chances = weights(pieces)
    shares = FAMILY_SHARES[Family.OSU], FAMILY_SHARES[Family.TAIKO]
    assert chances[-1] / chances[:-1].sum() == pytest.approx(shares[1] / shares[0])


def test_a_song_gives_the_delay_by_which_it_lags() -> None:
    song = np.zeros((2_000, 32), np.uint8)
    for number in range(FEWEST_NOTES):
        song[102 + 25 * number :][:5] = 220
    [piece] = pieces_of(replace(source(osu_text(CIRCLES)), song=song))
    assert piece.song is not None and piece.song.features is song
    assert 10 < piece.delay < 35
