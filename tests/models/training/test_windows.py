from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from models.bundled.fields import COLUMN, FIELDS, MISTAKES, RELATIVE, TURNS, Family
from models.bundled.onsets import Song
from models.bundled.rows import Rows, rows_of
from models.training.corpus import Piece, Split
from models.training.windows import LENGTH, Variety, Window, window_of
from tests.models.maps import KEYS
from tests.models.training.test_mistakes import lasting_scene

PLAIN = Variety(mistakes=0, stretch=0, permute=0, louder=0, forget=0, silence=0, unconditioned=0, one_sided=0, swap=0, spans=0)
SEEDS = range(8)
PLACED = ("distance", "angle", "slider_angle", "shift")


def piece_of(family: Family = Family.OSU, count: int = 200) -> Piece:
    return Piece("a.osu", "set", Split.TRAIN, lasting_scene(family, count=count))


def drawn(piece: Piece, variety: Variety, seed: int = 1) -> Window:
    return window_of(piece, np.random.default_rng(seed), variety)


def unlike(one: Rows, other: Rows) -> set[str]:
    """The fields in which the rows differ anywhere."""
    return {FIELDS[column].name for column in np.flatnonzero((one.values != other.values).any(axis=0))}


def of(rows: Rows, field: str) -> NDArray[np.int64]:
    return rows.values[:, COLUMN[field]].astype(np.int64)


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_mirrored_or_turned_map_keeps_all_but_its_directions(family: Family, seed: int) -> None:
    piece = piece_of(family)
    found, plain = drawn(piece, PLAIN, seed).rows, rows_of(piece.scene)
    moved = {Family.OSU: set(PLACED), Family.CATCH: {"shift"}, Family.MANIA: {"lane"}}
    assert unlike(found, plain) <= moved.get(family, set())
    assert np.abs(of(found, "distance") - of(plain, "distance")).max() <= 1
    assert not (of(found, "shift")[plain.values[:, COLUMN["shift"]] == 0]).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_angles_of_a_map_stay_or_are_mirrored_as_a_whole(seed: int) -> None:
    piece = piece_of()
    found, plain = of(drawn(piece, PLAIN, seed).rows, "angle"), of(rows_of(piece.scene), "angle")
    one, other = (np.array(TURNS)[angles[plain > 0] - 1] for angles in (found, plain))
    off = [np.abs((one - sign * other + 180) % 360 - 180).max() for sign in (1, -1)]
    assert min(off) <= 15 < max(off)


@pytest.mark.parametrize("seed", SEEDS)
def test_mirrored_columns_are_those_from_the_other_side(seed: int) -> None:
    piece = piece_of(Family.MANIA)
    found, plain = of(drawn(piece, PLAIN, seed).rows, "lane"), of(rows_of(piece.scene), "lane")
    assert np.array_equal(found, plain) or np.array_equal(found, KEYS + 1 - plain)


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("seed", SEEDS)
def test_another_tempo_keeps_the_rhythm(family: Family, seed: int) -> None:
    piece = piece_of(family)
    found, plain = drawn(piece, replace(PLAIN, stretch=1), seed).rows, rows_of(piece.scene)
    assert not unlike(found, plain) - {*PLACED, "lane"}
    assert np.array_equal((found.phase, found.bar), (plain.phase, plain.bar))
    assert not np.allclose(found.own, plain.own)


@pytest.mark.parametrize("seed", SEEDS)
def test_another_scheme_of_hit_sounds_is_the_same_scheme(seed: int) -> None:
    piece = piece_of(Family.CATCH)
    found, plain = drawn(piece, replace(PLAIN, permute=1), seed).rows, rows_of(piece.scene)
    assert unlike(found, plain) <= {"shift", "hitsound", "tail_hitsound", "sample_set", "addition_set"}
    for field in ("hitsound", "sample_set"):
        pairs = set(zip(of(plain, field).tolist(), of(found, field).tolist(), strict=True))
        assert len(pairs) == len({before for before, _ in pairs}) == len({after for _, after in pairs})
    assert np.array_equal(of(found, "hitsound") == 1, of(plain, "hitsound") == 1)


def test_louder_maps_are_louder_everywhere() -> None:
    piece = piece_of(Family.TAIKO)
    shifts = [of(drawn(piece, replace(PLAIN, louder=1), seed).rows, "volume") - 15 for seed in SEEDS]
    assert all(len(set(shift.tolist())) == 1 for shift in shifts)
    assert len({int(shift[0]) for shift in shifts}) > 2


@pytest.mark.parametrize("seed", SEEDS)
def test_forgotten_fields_are_gone_from_both_sides(seed: int) -> None:
    window = drawn(piece_of(), replace(PLAIN, forget=1), seed)
    plain = drawn(piece_of(), PLAIN, seed).rows
    assert 0 <= len(unlike(window.rows, plain)) <= 4
    for field in unlike(window.rows, plain):
        assert not of(window.rows, field).any()
        assert COLUMN[field] >= 3
        assert field not in RELATIVE or not window.rows.behind[:, RELATIVE.index(field)].any()


def test_what_is_said_of_the_whole_map_and_the_sight_are_taken_at_times() -> None:
    plain, blind = drawn(piece_of(), PLAIN), drawn(piece_of(), replace(PLAIN, unconditioned=1, one_sided=1))
    assert plain.rows.after.any() and not blind.rows.after.any()
    assert plain.rows.condition.any() and not blind.rows.condition.any()


def test_a_window_is_a_part_of_its_map() -> None:
    piece = piece_of(Family.FRETS, 900)
    whole = rows_of(piece.scene)
    for seed in SEEDS:
        rows = drawn(piece, PLAIN, seed).rows
        assert len(rows) == LENGTH
        [start] = [at for at in range(900 - LENGTH + 1) if np.array_equal(whole.own[at : at + LENGTH], rows.own)][:1]
        assert np.array_equal(whole.values[start + 3 : start + LENGTH - 3], rows.values[3:-3])
        np.testing.assert_allclose(whole.echo[start : start + LENGTH], rows.echo, atol=1e-6)
        np.testing.assert_allclose(rows.beat, whole.beat[start : start + LENGTH] - whole.beat[start], atol=1e-6)


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_wrong_is_labelled_and_not_to_be_predicted(family: Family, seed: int) -> None:
    window = drawn(piece_of(family, 400), replace(PLAIN, mistakes=1, spacing=(12, 12)), seed)
    count = len(window.rows)
    assert window.labels.shape == (count, len(MISTAKES))
    assert window.labels[:, -1].any()
    assert np.array_equal(window.asked, ~window.labels[:, -1])
    arrays = (window.rows.behind, window.rows.phase, window.rows.bridge, window.rows.echo, window.rows.beat)
    assert {len(array) for array in arrays} == {count}


def test_a_song_is_heard_at_most_notes_places_unless_it_is_silenced() -> None:
    song = np.random.default_rng(1).integers(0, 255, (9_000, 32)).astype(np.uint8)
    piece = replace(piece_of(), song=Song.of(song), delay=20.0)
    heard, silent = drawn(piece, PLAIN).heard, drawn(piece, replace(PLAIN, silence=1)).heard
    assert heard is not None and len(heard.around) == 200 and heard.around.any() and heard.ahead.any()
    assert silent is None
    stretched = drawn(piece, replace(PLAIN, stretch=1)).heard
    assert stretched is not None
    np.testing.assert_allclose(stretched.around, heard.around, atol=1e-3)
    np.testing.assert_allclose(stretched.ahead, heard.ahead, atol=2e-3)


def test_the_same_seed_draws_the_same_window() -> None:
    one, again, other = (drawn(piece_of(), Variety(), seed) for seed in (3, 3, 4))
    assert np.array_equal(one.rows.values, again.rows.values)
    assert np.array_equal(one.labels, again.labels)
    assert not np.array_equal(one.rows.own[:50], other.rows.own[:50])


def test_drawing_leaves_the_piece_as_it_was() -> None:
    piece, untouched = piece_of(), piece_of()
    for seed in SEEDS:
        drawn(piece, Variety(mistakes=1, stretch=1, permute=1, louder=1, forget=1), seed)
    assert np.array_equal(piece.scene.columns, untouched.scene.columns)
    assert np.array_equal(piece.scene.time, untouched.scene.time)
    assert np.array_equal(piece.scene.x, untouched.scene.x)
