"""What whole maps are like beside those of people: songs whose maps the model never saw, with the timing that people gave them.

    python -m benchmarks.whole_maps --corpus DIR --manifest FILE --features DIR [--model FILE] [--split tune|valid]
                                    [--per-mode 10] [--mode M] [--seed 0] [--json OUT] [--keep DIR]
    python -m benchmarks.whole_maps --parts …       kiai and preview of all songs of the split beside people's, without notes

From each set one map of a mode is drawn; its song (features in place of the audio) and its red lines are given, its stars are
the target. Told are: maps that cannot be read, errors of the rules at a time, stars within ±0.25, notes a second as a share of
the human map's, rhythm F1 to it (heads within 20 ms), seconds, those of the processor beside them, and how surprising the notes
behind a window's border are beside the others: the sampler reads anew what it wrote every 96 notes from the 256th on; and what
the maps are like beside people's (`benchmarks.manners`). Charts have no stars: their Expert track is written.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Severity
from analyzers.level import star_rating
from benchmarks.manners import Manner, compared, manner
from benchmarks.sections import Corpus, f1, scene_of
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.chart_lines import ChartDifficulty
from formats.osu import Mode
from formats.song_ini import SongIni
from formats.timeline import Timeline
from generation.blank_maps import About
from generation.difficulties import FEWEST_STARS, MOST_STARS, TOLERANCE
from generation.request import CannotWrite
from generation.song_parts import parts_of
from generation.song_timing import TempoSection
from generation.subjects import ChartSubject, OsuSubject
from generation.whole_charts import INSTRUMENTS, ChartRequest, whole_chart
from generation.whole_maps import Known, MapRequest, WholeMap, beats_of, whole_maps
from models.bundled.fields import FIELDS
from models.bundled.onsets import Song
from models.bundled.rows import rows_of
from models.bundled.sampling import BEFORE, DELAY_STEP, LONGEST, Sampler
from models.bundled.scenes import Scene, scene_of_timeline, scene_of_track
from models.bundled.scoring import Scorer
from models.training.corpus import Split

MODES = {"osu": Mode.OSU, "taiko": Mode.TAIKO, "catch": Mode.CATCH, "mania": Mode.MANIA, "frets": None, "drums": None}
FEWEST_NOTES = 60
# Notes behind a border that are its.
BORDER = 3


@dataclass(slots=True)
class Outcome:
    path: str
    mode: str
    target: float
    stars: float = 0.0
    notes: int = 0
    written: int = 0
    unreadable: bool = False
    errors: list[str] = field(default_factory=list[str])
    pace: float = 0.0
    f1: float = 0.0
    seconds: float = 0.0
    cpu: float = 0.0
    border: float = 0.0
    inside: float = 0.0
    ours: Manner = field(default_factory=dict[str, float])
    theirs: Manner = field(default_factory=dict[str, float])

    @property
    def reached(self) -> bool:
        return abs(self.stars - self.target) <= TOLERANCE


def tempos_of(timeline: Timeline) -> tuple[TempoSection, ...]:
    grid = timeline.grid
    return tuple(TempoSection(grid.time_of(red), red.beat_length, min(max(red.meter, 1), 16)) for red in grid.red)


def tempos_of_chart(chart: Chart) -> tuple[TempoSection, ...]:
    tempo = chart.tempo_map
    return tuple(TempoSection(tempo.time_at(tick) + chart.offset, 60_000 / tempo.bpm_at(tick)) for tick in tempo.ticks)


def songs(corpus: Corpus, split: Split, seed: int) -> Iterator[tuple[str, str, str]]:
    """(mode, path, track): of each set one map of a mode, in an order drawn by the seed."""
    by_set: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for mode, path, track, key in corpus.maps(split):
        if corpus.song_of(path) and (not track or track.startswith("Expert")):
            by_set[mode, key].append((path, track))
    rng = random.Random(seed)
    drawn = [(mode, *rng.choice(sorted(group))) for (mode, _), group in sorted(by_set.items())]
    rng.shuffle(drawn)
    yield from drawn


class Bench:
    def __init__(self, corpus: Corpus, sampler: Sampler, scorer: Scorer, keep: Path | None) -> None:
        self.corpus, self.sampler, self.scorer, self.keep = corpus, sampler, scorer, keep

    def measure(self, mode: str, path: str, track: str, seed: int) -> Outcome | None:
        features = self.corpus.song(path)
        if features is None:
            return None
        try:
            return self._chart(mode, path, track, seed, features) if track else self._osu(mode, path, seed, features)
        except CannotWrite as trouble:
            print(f"{path}: {trouble}", flush=True)
            return None

    def _osu(self, mode: str, path: str, seed: int, features: NDArray[np.uint8]) -> Outcome | None:
        subject = self.corpus.subject(path, "")
        assert isinstance(subject, OsuSubject)
        timeline, stars = subject.difficulty.timeline, star_rating(subject.difficulty)
        if (
            stars is None
            or not FEWEST_STARS <= stars <= MOST_STARS
            or not timeline.grid.red
            or len(timeline.notes) < FEWEST_NOTES
        ):
            return None
        outcome = Outcome(path, mode, round(stars, 2))
        known = Known(tempos_of(timeline), fixed=True)
        request = MapRequest(
            About("Song", "Band", "audio.mp3"),
            MODES[mode] or Mode.OSU,
            (outcome.target,),
            keys=timeline.beatmap.key_count,
            seed=seed,
        )
        began, used = time.perf_counter(), time.process_time()
        (made,) = whole_maps(request, known, features, self.sampler, self.scorer)
        outcome.seconds, outcome.cpu = time.perf_counter() - began, time.process_time() - used
        outcome.stars, outcome.notes, outcome.written = made.stars, made.notes, made.written
        outcome.errors = [each.name for each in made.findings if each.severity is Severity.ERROR and each.time_ms is not None]
        after = Beatmap.from_bytes(made.document.to_bytes())
        outcome.unreadable = any(line.problems for line in after.document.lines)
        mine, theirs = scene_of_timeline(Timeline(after)), scene_of_timeline(timeline)
        self._keep(f"{mode}-{stars:.1f}-{Path(path).stem[:40]}.osu", made)
        return self._compared(outcome, mine, theirs, features)

    def _chart(self, mode: str, path: str, track: str, seed: int, features: NDArray[np.uint8]) -> Outcome | None:
        subject = self.corpus.subject(path, track)
        assert isinstance(subject, ChartSubject)
        instrument = next(name for name, suffix in INSTRUMENTS.items() if track.endswith(suffix))
        outcome = Outcome(path, mode, 0.0)
        request = ChartRequest(About("Song", "Band", "song.ogg"), (instrument,), (ChartDifficulty.EXPERT,), seed=seed)
        known = Known(tempos_of_chart(subject.chart))
        began, used = time.perf_counter(), time.process_time()
        made = whole_chart(request, known, features, self.sampler)
        outcome.seconds, outcome.cpu = time.perf_counter() - began, time.process_time() - used
        outcome.notes, outcome.written = sum(count for _, count in made.tracks), 1
        outcome.errors = [each.name for each in made.findings if each.severity is Severity.ERROR and each.time_ms is not None]
        chart = Chart.from_bytes(made.document.to_bytes(), SongIni.from_text(made.ini).modifiers)
        outcome.unreadable = bool(chart.refusals) or any(line.problems for line in chart.document.lines)
        written = chart.track(f"Expert{INSTRUMENTS[instrument]}")
        assert written is not None
        theirs = scene_of(subject)
        # Where tick 0 lies in the song differs.
        theirs = moved(theirs, subject.chart.offset)
        if self.keep is not None:
            (self.keep / f"{mode}-{Path(path).parent.name[:40]}.chart").write_bytes(made.document.to_bytes())
        return self._compared(outcome, scene_of_track(chart, written), theirs, features)

    def _keep(self, name: str, made: WholeMap) -> None:
        if self.keep is not None:
            (self.keep / name).write_bytes(made.document.to_bytes())

    def _compared(self, outcome: Outcome, mine: Scene, theirs: Scene, features: NDArray[np.uint8]) -> Outcome:
        outcome.pace = pace(mine.time) / pace(theirs.time)
        outcome.f1 = f1(theirs.time, mine.time)
        outcome.ours, outcome.theirs = manner(mine), manner(theirs)
        song = Song.of(features)
        heard = song.heard(mine.time, mine.beat_lengths, round(song.delay(mine.time) / DELAY_STEP) * DELAY_STEP)
        rows = rows_of(mine)
        _, surprises, _ = self.scorer.answers(rows, heard)
        bits = np.where(rows.values > 0, surprises[:, : len(FIELDS)], 0.0).sum(axis=1)
        numbers = np.arange(len(bits)) - LONGEST
        border = (numbers >= 0) & (numbers % (LONGEST - BEFORE) < BORDER)
        outcome.inside = float(bits[~border].mean())
        outcome.border = float(bits[border].mean()) if border.any() else outcome.inside
        return outcome


def moved(scene: Scene, by: float) -> Scene:
    from dataclasses import replace

    return replace(scene, time=scene.time + by, end=scene.end + by)


def pace(times: NDArray[np.float64]) -> float:
    """Moments a second, longer pauses than 5 s left out."""
    gaps = np.diff(np.unique(np.round(times)))
    gaps = gaps[gaps < 5_000]
    return float(1000 * len(gaps) / gaps.sum()) if len(gaps) else 1.0


def compare_parts(corpus: Corpus, split: Split) -> None:
    """Kiai as the share that both have of what either has, and the preview within a bar, of one map of each set."""
    seen: set[str] = set()
    mine_all = theirs_all = 0.0
    overlaps: list[float] = []
    previews: list[bool] = []
    for _, path, track, key in corpus.maps(split):
        features = corpus.song(path) if not track and key not in seen else None
        if features is None:
            continue
        beatmap = Beatmap.from_bytes((corpus.root / path).read_bytes())
        timeline = Timeline(beatmap)
        if not timeline.grid.red:
            continue
        seen.add(key)
        song, beats = Song.of(features), beats_of(tempos_of(timeline))
        parts = parts_of(features, beats, song.delay(np.array(timeline.times, float)))
        frames = np.arange(0, 10 * len(features), 10)
        theirs = spans_of(timeline.grid.kiai_spans, frames)
        preview = beatmap.general.number("PreviewTime", -1)
        if preview > 0:
            bar = timeline.grid.beat_length_at(preview) * 4
            previews.append(abs(parts.preview - preview) < bar)
        if not theirs.any():
            continue
        mine = spans_of(parts.kiai, frames)
        overlaps.append(float((mine & theirs).sum() / max((mine | theirs).sum(), 1)))
        mine_all, theirs_all = mine_all + float(mine.mean()), theirs_all + float(theirs.mean())
    mean, median = statistics.mean(overlaps), statistics.median(overlaps)
    ours, people = (100 * each / len(overlaps) for each in (mine_all, theirs_all))
    print(f"{len(overlaps)} songs with kiai: shared {mean:.3f} of either (median {median:.3f})")
    print(f"kiai in {ours:.0f} % of a song, people's in {people:.0f} %")
    print(f"{len(previews)} previews: {100 * statistics.mean(previews):.0f} % within a bar of people's")


def spans_of(spans: Iterable[tuple[float, float]], frames: NDArray[np.int64]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.zeros(len(frames), bool)
    for begin, until in spans:
        found |= (frames >= begin) & (frames < until)
    return found


def table(outcomes: list[Outcome]) -> None:
    print("mode    maps unread errors stars±.25  notes/s     F1  border / inside bits  seconds (most)  of the processor")
    for name in (*MODES, ""):
        part = [each for each in outcomes if name in (each.mode, "")]
        if not part:
            continue
        steered = [each for each in part if each.target]
        reached = f"{sum(each.reached for each in steered)}/{len(steered)}" if steered else "-"
        borders = [each for each in part if each.border != each.inside]
        border, inside = (statistics.mean(found) if found else 0.0 for found in _pairs(borders))
        unread, errors = sum(each.unreadable for each in part), sum(len(each.errors) for each in part)
        paces, alike = statistics.median(each.pace for each in part), statistics.mean(each.f1 for each in part)
        used = statistics.median(each.cpu for each in part)
        seconds, most = statistics.median(each.seconds for each in part), max(each.seconds for each in part)
        print(
            f"{name or 'all':>6} {len(part):>5} {unread:>6} {errors:>6} {reached:>9} {paces:>8.2f} {alike:>6.3f} "
            f"{border:>8.2f} / {inside:<11.2f} {seconds:>7.1f} ({most:.1f}) {used:>7.1f}"
        )
        if name:
            print(compared([each.ours for each in part], [each.theirs for each in part]))


def _pairs(outcomes: list[Outcome]) -> tuple[list[float], list[float]]:
    return [each.border for each in outcomes], [each.inside for each in outcomes]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--model")
    parser.add_argument("--split", type=Split, default=Split.TUNE)
    parser.add_argument("--per-mode", type=int, default=10)
    parser.add_argument("--mode", choices=[*MODES])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for what is written")
    parser.add_argument("--parts", action="store_true")
    args = parser.parse_args()
    corpus = Corpus(args.corpus, args.manifest, args.features)
    if args.parts:
        compare_parts(corpus, args.split)
        return
    if args.keep is not None:
        args.keep.mkdir(parents=True, exist_ok=True)
    sampler = Sampler.load(args.model)
    bench = Bench(corpus, sampler, Scorer(sampler.graphs), args.keep)
    outcomes: list[Outcome] = []
    counts: dict[str, int] = defaultdict(int)
    for mode, path, track in songs(corpus, args.split, args.seed):
        if counts[mode] == args.per_mode or (args.mode and mode != args.mode):
            continue
        outcome = bench.measure(mode, path, track, args.seed)
        if outcome is None:
            continue
        counts[mode] += 1
        outcomes.append(outcome)
        print(
            f"{mode} {path} {outcome.target:.2f} -> {outcome.stars:.2f}, {outcome.notes} notes, {outcome.written} written, "
            f"pace {outcome.pace:.2f}, F1 {outcome.f1:.3f}, "
            f"{outcome.seconds:.1f} s, {outcome.cpu:.1f} of the processor {' '.join(outcome.errors)}",
            flush=True,
        )
    table(outcomes)
    if args.json:
        args.json.write_text(json.dumps([asdict(each) for each in outcomes], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
