"""Whether guest difficulties reach their stars, in every mode, and what the rules find in them.

    python -m benchmarks.guests --corpus DIR --manifest FILE --model FILE [--features DIR] [--split tune|valid]
                                [--count 50] [--seed 0] [--json OUT]

A reference is drawn from another set each time, the target from 0.45 to 1.25 times its stars (1.2 to 6), and in two cases of five
another mode. Told are the shares within ±0.25 stars, errors of the rules at a time, and seconds.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

from analyzers.analysis import Choices, analyse_difficulty
from analyzers.finding import Finding, Severity
from analyzers.level import star_rating
from benchmarks.sections import Corpus
from formats.beatmap import Beatmap
from formats.document import Document
from formats.mapset import Difficulty, Mapset
from formats.osu import Mode
from generation.guest import TOLERANCE, GuestRequest, guest_difficulty
from generation.proposal import caused
from generation.subjects import OsuSubject
from models.bundled.sampling import Sampler
from models.training.corpus import Split

MODES = {"osu": Mode.OSU, "taiko": Mode.TAIKO, "catch": Mode.CATCH, "mania": Mode.MANIA}
EASIEST, HARDEST, LEAST, MOST = 0.45, 1.25, 1.2, 6.0
CONVERTED = 0.4


@dataclass(frozen=True, slots=True)
class Outcome:
    path: str
    reference: str
    mode: str
    reference_stars: float
    target: float
    stars: float
    notes: int
    written: int
    followed: bool
    errors: tuple[str, ...]
    seconds: float

    @property
    def reached(self) -> bool:
        return abs(self.stars - self.target) <= TOLERANCE


def rated(document: Document) -> float:
    return star_rating(Difficulty("guest.osu", Beatmap(document))) or 0.0


def found(document: Document) -> list[Finding]:
    difficulty = Difficulty("guest.osu", Beatmap(document))
    return analyse_difficulty(difficulty, Mapset((difficulty,)), Choices())


def references(corpus: Corpus, split: Split, seed: int) -> list[tuple[str, str]]:
    """(mode, path), one of each set, in an order drawn by the seed."""
    by_set: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for mode, path, track, key in corpus.maps(split):
        if not track:
            by_set[key].append((mode, path))
    rng = random.Random(seed)
    drawn = [rng.choice(sorted(group)) for _, group in sorted(by_set.items())]
    rng.shuffle(drawn)
    return drawn


def measure(corpus: Corpus, sampler: Sampler, mode: str, path: str, rng: random.Random) -> Outcome | None:
    subject = corpus.subject(path, "")
    assert isinstance(subject, OsuSubject)
    timeline = subject.difficulty.timeline
    stars = star_rating(subject.difficulty)
    if stars is None or not timeline.grid.red or len(timeline.notes) < 60:
        return None
    target = round(min(max(stars * rng.uniform(EASIEST, HARDEST), LEAST), MOST), 1)
    wanted = rng.choice(sorted(MODES)) if rng.random() < CONVERTED else mode
    began = time.perf_counter()
    guest = guest_difficulty(timeline, GuestRequest(target, "Guest", MODES[wanted]), sampler, rated, found, corpus.song(path))
    seconds = time.perf_counter() - began
    # What the timing lines of the reference are at fault for is not the writer's doing.
    blank = Beatmap.from_text(guest.document.text.partition("[HitObjects]")[0] + "[HitObjects]\n").document
    caused_here, _ = caused(found(blank), found(guest.document))
    errors = [each.name for each in caused_here if each.severity is Severity.ERROR and each.time_ms is not None]
    return Outcome(
        path, mode, wanted, stars, target, guest.stars, guest.notes, guest.written, guest.followed, tuple(errors), seconds
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--features", type=Path)
    parser.add_argument("--split", type=Split, default=Split.TUNE)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    corpus, sampler = Corpus(args.corpus, args.manifest, args.features), Sampler.load(args.model)
    rng = random.Random(args.seed)
    outcomes: list[Outcome] = []
    for mode, path in references(corpus, args.split, args.seed):
        if len(outcomes) == args.count:
            break
        outcome = measure(corpus, sampler, mode, path, rng)
        if outcome is not None:
            outcomes.append(outcome)
            print(
                f"{outcome.reference} {outcome.reference_stars:.2f} -> {outcome.mode} {outcome.target:.1f}: {outcome.stars:.2f}, "
                f"{outcome.notes} notes, {outcome.written} written, {outcome.seconds:.1f} s {' '.join(outcome.errors)}",
                flush=True,
            )
    for name in (*MODES, ""):
        part = [each for each in outcomes if name in (each.mode, "")]
        if part:
            reached = sum(each.reached for each in part)
            seconds = statistics.median(each.seconds for each in part)
            faulty = sum(bool(each.errors) for each in part)
            print(
                f"{name or 'all':>6}: {reached} of {len(part)} within ±{TOLERANCE}, {faulty} with errors, {seconds:.1f} s median"
            )
    if args.json:
        args.json.write_text(json.dumps([asdict(each) for each in outcomes], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
