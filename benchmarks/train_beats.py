"""Learns how people count songs: `python -m benchmarks.train_beats --mel DIR [--write FILE]`.

From the training songs with one tempo: which of the pulses of `models.bundled.beats` is the beat of the human map, and which of
four beats the first of the bar. Prints how often each is right on songs that were left out (five folds by set); `--write` writes
the readers learned from all of them. The valid split is never read.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.song_timing import Reference, references
from models.bundled.beats import BAR, Reader, Sound, bar_looks, pulses

FOLDS = 5
NEAR_BPM, NEAR_MS = 0.05, 10.0
STEPS, RATE = 600, 0.05
RIDGE = {"pulse": 12.0, "bar": 6.0}


class Question(NamedTuple):
    """The ways to count one song and which of them are right."""

    fold: int
    seen: np.ndarray
    right: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mel", type=Path, required=True, help="features of the corpus' songs: mel.tar.xz or its folder")
    parser.add_argument("--write", type=Path, help="where to write the readers (.npz)")
    asked = parser.parse_args()
    songs = [song for split in ("train", "tune") for song in references(asked.mel, split) if len(song.sections) == 1]
    asking = {"pulse": [pulse_question(song) for song in songs], "bar": [bar_question(song) for song in songs]}
    arrays: dict[str, np.ndarray] = {}
    for name, questions in asking.items():
        answerable = [question for question in questions if question is not None and question.right.any()]
        right = 0
        for fold in range(FOLDS):
            reader = learned([each for each in answerable if each.fold != fold], RIDGE[name])
            tried = [each for each in answerable if each.fold == fold]
            right += sum(bool(each.right[reader.chances(each.seen).argmax()]) for each in tried)
        print(f"{name}: {right} of {len(answerable)} right, {len(questions)} songs")
        reader = learned(answerable, RIDGE[name])
        arrays |= {f"{name}_{part}": value.astype(np.float32) for part, value in reader._asdict().items()}
    if asked.write:
        np.savez_compressed(asked.write, **arrays)


def pulse_question(song: Reference) -> Question | None:
    found = pulses(Sound(song.features, song.onsets))
    if not found:
        return None
    right = [abs(60_000 / each.beat_ms - song.bpm) <= NEAR_BPM and abs(song.off(each.phase_ms)) <= NEAR_MS for each in found]
    return Question(fold_of(song), np.array([each.seen for each in found]), np.array(right))


def bar_question(song: Reference) -> Question | None:
    section = song.sections[0]
    if section.meter != BAR or song.charted:
        return None
    phase = (section.start + song.delay) % section.beat
    first = round((section.start + song.delay - phase) / section.beat) % BAR
    return Question(
        fold_of(song), np.array(bar_looks(Sound(song.features, song.onsets), section.beat, phase)), np.arange(BAR) == first
    )


def fold_of(song: Reference) -> int:
    return zlib.crc32(song.set_key.encode()) % FOLDS


def learned(questions: Sequence[Question], ridge: float) -> Reader:
    """Softmax regression, so that the right ways get the chances (Adam over all songs at once)."""
    rows = np.concatenate([each.seen for each in questions])
    mean, scale = rows.mean(axis=0), 1 / (rows.std(axis=0) + 1e-3)
    seen = [(each.seen - mean) * scale for each in questions]
    weights, first, second = (np.zeros(rows.shape[1]) for _ in range(3))
    for step in range(1, STEPS + 1):
        slope = ridge * weights
        for look, question in zip(seen, questions, strict=True):
            scores = look @ weights
            chances = np.exp(scores - np.logaddexp.reduce(scores))
            wanted = chances * question.right
            slope += look.T @ (chances - wanted / max(wanted.sum(), 1e-12))
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        weights = weights - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return Reader(mean, scale, weights)


if __name__ == "__main__":
    main()
