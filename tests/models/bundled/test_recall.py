from __future__ import annotations

import numpy as np
import pytest

from models.bundled.onsets import Song
from models.bundled.recall import PER_BEAT, UNKNOWN, Moments, Parallels, alike, beat_ticks, lags_of, times_of
from models.bundled.refrains import refrains
from models.bundled.scenes import Beats

BAR = 4 * PER_BEAT
# Two bars in turns: on the beats, and off them.
ON, OFF = np.arange(4) * PER_BEAT, np.arange(4) * PER_BEAT + PER_BEAT // 2


def moments(bars: str) -> list[int]:
    return [int(tick) + number * BAR for number, bar in enumerate(bars) for tick in (ON if bar == "a" else OFF)]


def beats(*stretches: tuple[float, float]) -> Beats:
    starts, lengths = (np.array(each, float) for each in zip(*stretches, strict=True))
    nothing = np.zeros(len(starts))
    return Beats(starts, lengths, nothing, nothing, np.full(len(starts), 4.0))


def test_times_and_ticks_lead_to_each_other_over_changes_of_tempo() -> None:
    tempo = beats((100.0, 500.0), (2100.0, 250.0))
    times = np.array([100.0, 600.0, 2100.0, 2350.0, 3100.0])
    ticks = beat_ticks(tempo, times)
    assert (ticks / PER_BEAT).tolist() == [0, 1, 4, 5, 8]
    assert times_of(tempo, ticks).tolist() == times.tolist()


def test_lags_are_whole_bars_as_far_as_the_map_goes() -> None:
    assert lags_of(3.0, 7 * PER_BEAT).tolist() == [-3 * PER_BEAT, -6 * PER_BEAT, 3 * PER_BEAT, 6 * PER_BEAT]


def test_a_stretch_agrees_with_itself_and_not_with_what_lies_beyond_the_map() -> None:
    known = np.array(moments("abababab"), np.int64)
    here = known[8:16]
    assert alike(known, here, np.array([0, 2 * BAR, BAR, 40 * BAR])).tolist() == [1.0, 1.0, 0.0, UNKNOWN]


@pytest.mark.parametrize("missing", [8, 9])
def test_what_the_bars_alike_have_is_recalled(missing: int) -> None:
    """The bar that is missing is the one that stands there in all others."""
    bars = "ab" * 8
    before, behind = moments(bars[:missing]), [tick for tick in moments(bars) if tick >= (missing + 1) * BAR]
    parallels = Parallels.of(before, behind, behind[0], 4.0, None, 0)
    known = np.array([*before, *behind], np.int64)
    echoes, same = parallels.at(Moments(known), len(before))
    assert same is echoes
    assert len(echoes.lags)
    assert echoes.lags[echoes.weight.argmax()] % (2 * BAR) == 0
    odd = echoes.weight[echoes.lags % (2 * BAR) != 0]
    assert odd.sum() < 0.1 * echoes.weight.sum()
    assert ((echoes.trust > 0) & (echoes.trust < 1)).all()


def test_where_the_notes_are_the_same_too_what_follows_is_likelier_to_be() -> None:
    """Every bar has the same rhythm; the lanes come again every fourth bar."""
    before, behind = moments("a" * 13), [tick for tick in moments("a" * 20) if tick >= 16 * BAR]
    known = np.array([*before, *behind], np.int64)
    parallels = Parallels.of(before, behind, behind[0], 4.0, None, 0)
    following, there = parallels.at(Moments(known, known // BAR % 4), len(before))
    assert len(following.lags) > len(there.lags)
    assert set((there.lags % (4 * BAR)).tolist()) == {0}
    assert there.trust.min() > 0.7
    _, nowhere = parallels.at(Moments(known, np.arange(len(known))), len(before))
    assert nowhere.trust.max() < 0.3


def test_bars_that_are_not_written_yet_tell_nothing() -> None:
    bars = "a" * 16
    before, behind = moments(bars[:6]), [tick for tick in moments(bars) if tick >= 10 * BAR]
    parallels = Parallels.of(before, behind, behind[0], 4.0, None, 0)
    echoes, _ = parallels.at(Moments(np.array([*before, *behind], np.int64)), len(before))
    here = before[-1]
    assert not [lag for lag in echoes.lags.tolist() if here < here + lag < 10 * BAR]


def song_of_bars(bars: str, beat_ms: float = 400.0) -> Song:
    """Each letter a bar of four beats of sounds of its own."""
    rng = np.random.default_rng(0)
    sounds = {letter: rng.integers(0, 255, (round(4 * beat_ms / 10), 32), np.uint8) for letter in sorted(set(bars))}
    return Song.of(np.concatenate([sounds[letter] for letter in bars]))


def test_the_song_is_alike_where_its_bars_are() -> None:
    song, tempo = song_of_bars("abcdabcdabcd"), beats((0.0, 400.0))
    lags = np.array([-4, -3, 1, 4]) * BAR
    found = refrains(song, 0.0, tempo, 5 * BAR, 6 * BAR, lags)
    assert found.shape[0] == len(lags)
    assert (found[[0, 3]] > 0.9).all()
    assert (found[[1, 2]] < 0.3).all()


def test_beyond_the_song_nothing_is_alike() -> None:
    song, tempo = song_of_bars("ab"), beats((0.0, 400.0))
    assert (refrains(song, 0.0, tempo, 0, BAR, np.array([20 * BAR])) == UNKNOWN).all()


def test_the_song_tells_which_bars_to_recall() -> None:
    """Before the gap stands what stands everywhere; only the song says that it goes on as in the second part."""
    bars = "aaaabbbbaaaabbbb"
    song, tempo = song_of_bars("wxyzWXYZwxyzWXYZ"), beats((0.0, 400.0))
    before, behind = moments(bars[:12]), [tick for tick in moments(bars) if tick >= 15 * BAR]
    lags = lags_of(4.0, behind[-1] - before[0])
    sounds = refrains(song, 0.0, tempo, 11 * BAR, 15 * BAR, lags)
    heard = Parallels.of(before, behind, behind[0], 4.0, sounds, 11 * BAR)
    unheard = Parallels.of(before, behind, behind[0], 4.0, None, 0)
    known = np.array([*before, *behind], np.int64)

    def share(parallels: Parallels) -> float:
        echoes, _ = parallels.at(Moments(known), len(before))
        return float(echoes.weight[echoes.lags == -8 * BAR].sum() / echoes.weight.sum())

    assert share(heard) > share(unheard)
