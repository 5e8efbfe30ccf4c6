"""Trains the onset network and learns what to report: `python benchmarks/train_onsets.py --mel MEL [--write FILE]`.

Every fifth set of the training split is left out and the network trained on the rest. On the maps left out stretches and
sections are moved at random, and logistic functions learn to tell what was moved from what was not; their weights are printed
for `models/bundled/drift.py`, with finds and false alarms at several thresholds (each set judged by weights learned on the
others). `--write` writes that network; with `--all` it learns from every training song before. The valid split is never read.
Needs torch.
"""

from __future__ import annotations

import argparse
import random
import sys
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import torch

from benchmarks.timing_shift import FEWEST, Case, by_song, from_corpus, notes_in, section_of, shifted, with_line
from models.bundled import drift, onset_network
from models.bundled.drift import SHIFTS, Song, Stretch
from models.bundled.onsets import song_delay
from models.training.onset_network import OnsetNetwork, song_of, train

FOLDS = 5
HEARD = ("gain", "gain_per_note", "clear_per_note", "notes", "shift", "song_level", "others")
SECTION = ("gain", "gain_per_note", "wander")
RIDGE = 1.0

Candidates = Callable[[Song], list[Stretch]]


class Example(NamedTuple):
    """A candidate: what is seen of it, whether it was moved, its weight, its group of sets, and its trial (−1 none)."""

    seen: np.ndarray
    moved: bool
    weight: float
    fold: int
    trial: int


def main() -> None:
    asked = arguments()
    torch.set_num_threads(asked.threads)
    features, cases = from_corpus(asked.mel, "train")
    learned = [case for case in cases if fold_of(case)]
    network = trained(features, learned, asked)
    use(network)
    held_out = [case for case in cases if not fold_of(case)]
    onsets = {name: onset_network.onset_logits(features[name]) for name in {case.song for case in held_out}}
    calibrate("HEARD_WEIGHTS", HEARD, drift.heard_stretches, stretch_trials, held_out, onsets)
    calibrate("SECTION_WEIGHTS", SECTION, drift.section_stretches, section_trials, held_out, onsets)
    if asked.write:
        shipped = trained(features, cases, asked) if asked.all else network
        np.savez_compressed(asked.write, **shipped.arrays())


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mel", type=Path, required=True, help="features of the corpus' songs: mel.tar.xz or its folder")
    parser.add_argument("--write", type=Path, help="where to write the network (.npz)")
    parser.add_argument("--all", action="store_true", help="let the network that is written learn from the sets left out too")
    parser.add_argument("--epochs", type=int, default=45)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def fold_of(case: Case) -> int:
    return zlib.crc32(case.set_key.encode()) % FOLDS


def trained(features: dict[str, np.ndarray], cases: Iterable[Case], asked: argparse.Namespace) -> OnsetNetwork:
    found = [
        song_of(features[name], np.concatenate([case.times for case in group])) for name, group in sorted(by_song(cases).items())
    ]
    songs = [song for song in found if song is not None]
    print(f"training on {len(songs)} songs", flush=True)
    return train(songs, epochs=asked.epochs, seed=asked.seed, report=lambda epoch, loss: print(epoch, f"{loss:.4f}", flush=True))


def use(network: OnsetNetwork) -> None:
    """Lets `onset_logits` answer with this network."""
    arrays = {name: value.astype(np.float32) for name, value in network.arrays().items()}
    onset_network.weights = lambda: arrays


def calibrate(
    name: str, columns: tuple[str, ...], candidates: Candidates, trials: Callable[..., list], cases: list[Case], onsets: dict
) -> None:
    examples: list[Example] = []
    stretches, weights = 0.0, []
    songs = by_song(cases)
    for case in cases:
        dice, weight = random.Random(case.path), 1 / len(songs[case.song])
        untouched = listened(case, onsets)
        windows = ten_seconds(case)
        stretches += weight * len(windows)
        for stretch in candidates(untouched):
            touched = sum(overlap(untouched, stretch, window) > 0 for window in windows)
            examples.append(Example(seen(stretch, columns), moved=False, weight=weight * touched, fold=group_of(case), trial=-1))
        for moved, place, shift in trials(case, dice):
            song = listened(moved, onsets)
            for stretch in candidates(song):
                length = song.times[stretch.stop - 1] - song.times[stretch.first]
                if overlap(song, stretch, place) > length / 2 and SHIFTS[stretch.state] * shift > 0:
                    examples.append(
                        Example(seen(stretch, columns), moved=True, weight=weight, fold=group_of(case), trial=len(weights))
                    )
            weights.append(weight)
    examples = [example for example in examples if example.weight]
    table(name, columns, examples, stretches, np.array(weights))


def table(name: str, columns: tuple[str, ...], examples: list[Example], stretches: float, weights: np.ndarray) -> None:
    """Prints finds and false alarms by cross-validation, then the weights learned from all examples."""
    by_fold = {fold: fitted([example for example in examples if example.fold != fold]) for fold in {e.fold for e in examples}}
    chances = np.array([logistic(example.seen, by_fold[example.fold]) for example in examples])
    print(f"{name}: {len(weights)} trials, {stretches:.0f} untouched stretches (songs weigh the same)")
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        over = [example for example, chance in zip(examples, chances, strict=True) if chance >= threshold]
        alarms = sum(example.weight for example in over if not example.moved) / stretches
        found = sorted({example.trial for example in over if example.moved})
        print(f"  from {threshold:.1f}: found {weights[found].sum() / weights.sum():.1%}, false alarms {alarms:.1%}")
    print(f"  {dict(zip((*columns, 'constant'), fitted(examples).round(3).tolist(), strict=True))}")


def listened(case: Case, onsets: dict[str, np.ndarray]) -> Song:
    curve = onsets[case.song]
    times = case.times[(case.times > -1_000) & (case.times < len(curve) * 10)]
    return drift.listen(curve, times, song_delay(curve, times), case.red_lines)


def stretch_trials(case: Case, dice: random.Random) -> list[tuple[Case, tuple[float, float], float]]:
    """Six stretches: three of 10 s by 15 ms, three of 6 to 25 s by 10 to 35 ms."""
    made = []
    for number in range(6):
        length = 10_000.0 if number < 3 else dice.uniform(6_000, 25_000)
        start = dice.uniform(case.times[0], max(case.times[-1] - length, case.times[0]))
        shift = 15.0 if number < 3 else dice.choice((-1, 1)) * dice.choice((10.0, 12.0, 15.0, 18.0, 22.0, 28.0, 35.0))
        if notes_in(case, (start, start + length)) >= FEWEST and length * 1.5 < case.times[-1] - case.times[0]:
            made.append((shifted(case, (start, start + length), shift), (start, start + length), shift))
    return made


def section_trials(case: Case, dice: random.Random) -> list[tuple[Case, tuple[float, float], float]]:
    """At most three sections, each moved with its red line by 10 to 30 ms."""
    sections = [(number, section_of(case, number)) for number in range(len(case.red_lines))]
    sections = [
        (number, place) for number, place in sections if drift.FEWEST_IN_SECTION <= notes_in(case, place) < len(case.times) / 2
    ]
    made = []
    for number, place in dice.sample(sections, min(3, len(sections))):
        shift = dice.choice((-1, 1)) * dice.choice((10.0, 12.0, 12.0, 12.0, 15.0, 20.0, 30.0))
        made.append((with_line(shifted(case, place, shift), number, shift), place, shift))
    return made


def ten_seconds(case: Case) -> list[tuple[float, float]]:
    windows = [(start, start + 10_000) for start in np.arange(case.times[0], case.times[-1] - 10_000, 10_000).tolist()]
    return [window for window in windows if notes_in(case, window) >= FEWEST]


def overlap(song: Song, stretch: Stretch, place: tuple[float, float]) -> float:
    return float(min(song.times[stretch.stop - 1], place[1]) - max(song.times[stretch.first], place[0]))


def seen(stretch: Stretch, columns: tuple[str, ...]) -> np.ndarray:
    return np.array([*(stretch.evidence[column] for column in columns), 1.0])


def group_of(case: Case) -> int:
    """Five groups of the sets left out, to judge each by the others."""
    return zlib.crc32(case.set_key.encode()) // FOLDS % 5


def fitted(examples: list[Example]) -> np.ndarray:
    """Logistic regression by Newton's method, columns scaled, a little ridge."""
    table, truth = np.array([example.seen for example in examples]), np.array([example.moved for example in examples], float)
    weight = np.array([example.weight for example in examples])
    weight /= weight.mean()
    scale = np.append(table[:, :-1].std(axis=0) + 1e-9, 1.0)
    scaled, found = table / scale, np.zeros(table.shape[1])
    ridge = np.diag([*[RIDGE] * (len(found) - 1), 1e-3])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-scaled @ found))
        slope = scaled.T @ (weight * (truth - chance)) - ridge @ found
        bend = (scaled.T * (weight * chance * (1 - chance))) @ scaled + ridge
        found = found + np.linalg.solve(bend, slope)
    return found / scale


def logistic(seen: np.ndarray, weights: np.ndarray) -> float:
    return float(1 / (1 + np.exp(-seen @ weights)))


if __name__ == "__main__":
    main()
