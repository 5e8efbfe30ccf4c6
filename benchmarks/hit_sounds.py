"""How hit sounds that the model writes agree with those that people put there.

    python -m benchmarks.hit_sounds --corpus DIR --manifest FILE --model FILE [--features DIR] [--split tune|valid] [--count 40]

Of maps with hit sounds all additions are written anew, once knowing how many of each the map has, once on the silenced map. F1
of the clicks (circles, slider heads, reverses, tails) that have an addition at all, and each of the three, beside the F1 of
the human additions put on clicks by chance.
"""

from __future__ import annotations

import argparse
import statistics
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.guests import references
from benchmarks.sections import Corpus
from formats.beatmap import Beatmap
from formats.spans import apply_edits
from formats.timeline import Timeline
from generation.drafts import ADDITIONS, CLAP, FINISH, WHISTLE
from generation.hitsounds import Sounding, SoundRequest, clicks_of, rewritten_sounds, sound_edits
from generation.subjects import OsuSubject
from models.bundled.scoring import Scorer
from models.training.corpus import Split

KINDS = {"any": ADDITIONS, "whistle": WHISTLE, "finish": FINISH, "clap": CLAP}
LEAST_SHARE = 0.15
MODES = ("osu", "catch")


def sounds(timeline: Timeline) -> NDArray[np.int64]:
    return np.array([click.sound for click in clicks_of(timeline)], np.int64)


def f1(one: NDArray[np.int64], other: NDArray[np.int64], bits: int) -> float:
    mine, theirs = one & bits > 0, other & bits > 0
    return 2 * float((mine & theirs).sum()) / max(float(mine.sum() + theirs.sum()), 1.0)


def after(timeline: Timeline, scorer: Scorer, song: NDArray[np.uint8] | None) -> NDArray[np.int64]:
    edits = rewritten_sounds(timeline, SoundRequest(), scorer, song)
    return sounds(Timeline(Beatmap.from_text(apply_edits(timeline.beatmap.document.text, edits))))


def silenced(timeline: Timeline) -> Timeline:
    clicks = clicks_of(timeline)
    edits = sound_edits(timeline, clicks, {at: Sounding(sound=0) for at in range(len(clicks))})
    return Timeline(Beatmap.from_text(apply_edits(timeline.beatmap.document.text, edits)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--features", type=Path)
    parser.add_argument("--split", type=Split, default=Split.TUNE)
    parser.add_argument("--count", type=int, default=40)
    args = parser.parse_args()
    corpus, scorer = Corpus(args.corpus, args.manifest, args.features), Scorer.load(args.model)
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    taken = 0
    for mode, path in references(corpus, args.split, 0):
        if mode not in MODES or taken == args.count:
            continue
        subject = corpus.subject(path, "")
        assert isinstance(subject, OsuSubject)
        timeline = subject.difficulty.timeline
        human = sounds(timeline)
        if float((human > 0).mean()) < LEAST_SHARE:
            continue
        taken += 1
        song = corpus.song(path)
        told = {
            "written anew": after(timeline, scorer, song),
            "onto silence": after(silenced(timeline), scorer, song),
            "by chance": np.random.default_rng(0).permutation(human),
        }
        for name, bits in KINDS.items():
            if (human & bits).any():
                for how, each in told.items():
                    found[how, name].append(f1(human, each, bits))
    print(f"{taken} maps; F1 against the human additions")
    for how in ("written anew", "onto silence", "by chance"):
        print(f"{how:>13}: " + ", ".join(f"{name} {statistics.mean(found[how, name]):.3f}" for name in KINDS))


if __name__ == "__main__":
    main()
