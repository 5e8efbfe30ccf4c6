"""How hit sounds that the model writes agree with those that people put there, beside three plain ways of putting them.

    python -m benchmarks.hit_sounds --corpus DIR --manifest FILE --model FILE [--features DIR] [--split tune|valid] [--count 40]

Of maps with hit sounds, one of each set, additions are written twice: of 8 bars in the middle, the rest being known, and of all
the silenced map. Each with the song and without, beside claps on the second and fourth beat, the bar before the section again and
again, and the human additions of the section put on its clicks by chance. Told is the F1 against the human additions over
clicks (circles, slider heads, reverses, tails): that there is one at all, and each of the three; means over maps.
"""

from __future__ import annotations

import argparse
import statistics
from collections import defaultdict
from collections.abc import Iterator
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
BARS, FEWEST_CLICKS = 8, 12
TICKS = 12
SECTION, WHOLE = "8 bars", "whole map"
WITH, WITHOUT, BACKBEAT, BAR, CHANCE = "with the song", "without it", "claps on 2 and 4", "the bar before", "by chance"

Sounds = NDArray[np.int64]


def sounds(timeline: Timeline) -> Sounds:
    return np.array([click.sound for click in clicks_of(timeline)], np.int64)


def f1(one: Sounds, other: Sounds, bits: int) -> float:
    mine, theirs = one & bits > 0, other & bits > 0
    return 2 * float((mine & theirs).sum()) / max(float(mine.sum() + theirs.sum()), 1.0)


def after(timeline: Timeline, request: SoundRequest, scorer: Scorer, song: NDArray[np.uint8] | None) -> Sounds:
    edits = rewritten_sounds(timeline, request, scorer, song)
    return sounds(Timeline(Beatmap.from_text(apply_edits(timeline.beatmap.document.text, edits))))


def silenced(timeline: Timeline) -> Timeline:
    clicks = clicks_of(timeline)
    edits = sound_edits(timeline, clicks, {at: Sounding(sound=0) for at in range(len(clicks))})
    return Timeline(Beatmap.from_text(apply_edits(timeline.beatmap.document.text, edits)))


def places(timeline: Timeline) -> tuple[Sounds, Sounds]:
    """(N,) of each click: ticks within its bar, and ticks in a bar."""
    grid, inside, lasting = timeline.grid, list[int](), list[int]()
    for click in clicks_of(timeline):
        red = grid.red_at(click.time)
        bar = max(red.meter if red is not None else 4, 1) * TICKS
        inside.append(round(grid.beat_at(click.time) * TICKS) % bar)
        lasting.append(bar)
    return np.array(inside, np.int64), np.array(lasting, np.int64)


def backbeat(timeline: Timeline) -> Sounds:
    inside, _ = places(timeline)
    return np.where(inside % (2 * TICKS) == TICKS, CLAP, 0)


def section(timeline: Timeline, human: Sounds) -> tuple[float, float] | None:
    """From where to where: the 8 bars behind the middle that begin at a bar, or None where too little stands there."""
    grid, times = timeline.grid, [click.time for click in clicks_of(timeline)]
    middle = times[len(times) // 2]
    red = grid.red_at(middle)
    if red is None:
        return None
    beat = grid.beat_length_at(middle)
    start = middle - (grid.beat_at(middle) % max(red.meter, 1)) * beat - 2
    end = start + BARS * beat * max(red.meter, 1)
    chosen = [at for at, time in enumerate(times) if start <= time < end]
    return (start, end) if len(chosen) >= FEWEST_CLICKS and human[chosen].any() else None


def bar_before(timeline: Timeline, human: Sounds, start: float) -> Sounds:
    """What the clicks of the bar before `start` sound like, at the same places of every bar."""
    inside, _ = places(timeline)
    times = np.array([click.time for click in clicks_of(timeline)])
    red = timeline.grid.red_at(start)
    assert red is not None
    known = (times < start) & (times >= start - timeline.grid.beat_length_at(start) * max(red.meter, 1))
    of_place = dict(zip(inside[known].tolist(), human[known].tolist(), strict=True))
    return np.array([of_place.get(place, 0) for place in inside.tolist()], np.int64)


def measured(timeline: Timeline, scorer: Scorer, song: NDArray[np.uint8] | None) -> Iterator[tuple[str, str, Sounds, Sounds]]:
    """(what was written, how, human, other)."""
    human, rng = sounds(timeline), np.random.default_rng(0)
    bounds = section(timeline, human)
    if bounds is not None:
        chosen = np.array([bounds[0] <= click.time < bounds[1] for click in clicks_of(timeline)])
        request = SoundRequest(*bounds)
        told = {
            WITHOUT: after(timeline, request, scorer, None)[chosen],
            BACKBEAT: backbeat(timeline)[chosen],
            BAR: bar_before(timeline, human, bounds[0])[chosen],
            CHANCE: rng.permutation(human[chosen]),
        }
        if song is not None:
            told[WITH] = after(timeline, request, scorer, song)[chosen]
        yield from ((SECTION, how, human[chosen], each) for how, each in told.items())
    silent = silenced(timeline)
    told = {
        WITHOUT: after(silent, SoundRequest(), scorer, None),
        BACKBEAT: backbeat(timeline),
        CHANCE: rng.permutation(human),
    }
    if song is not None:
        told[WITH] = after(silent, SoundRequest(), scorer, song)
    yield from ((WHOLE, how, human, each) for how, each in told.items())


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
    found: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    taken = heard = 0
    for mode, path in references(corpus, args.split, 0):
        song = corpus.song(path)
        if mode not in MODES or taken == args.count or (song is None and args.features):
            continue
        subject = corpus.subject(path, "")
        assert isinstance(subject, OsuSubject)
        timeline = subject.difficulty.timeline
        if float((sounds(timeline) > 0).mean()) < LEAST_SHARE:
            continue
        taken, heard = taken + 1, heard + (song is not None)
        for what, how, human, other in measured(timeline, scorer, song):
            for name, bits in KINDS.items():
                if (human & bits).any():
                    found[what, how, name].append(f1(human, other, bits))
        print(f"{taken} {path}", flush=True)
    print(f"{taken} maps, {heard} with a song; F1 against the human additions")
    for what in (SECTION, WHOLE):
        for how in (WITH, WITHOUT, BAR, BACKBEAT, CHANCE):
            if found[what, how, "any"]:
                told = ", ".join(f"{name} {statistics.mean(found[what, how, name]):.3f}" for name in KINDS)
                print(f"{what:>9} {how:>16}: {told} ({len(found[what, how, 'any'])})")


if __name__ == "__main__":
    main()
