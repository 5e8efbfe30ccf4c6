"""How sections written anew compare with what people wrote there, and with three plain ways of filling a gap.

    python -m benchmarks.sections --corpus DIR --manifest FILE --model FILE [--judge FILE] [--features DIR] [--split tune|valid]
                                  [--per-mode 100] [--mode M] [--seed 0] [--json OUT] [--quick] [--table]

Sections of 5 to 15 s are picked by a fixed seed, at most `--each` from a map. Each is written anew with and without its song, and
filled with the bar before it, by an n-gram over the map's own notes, and with any notes that the masks allow. Of all: rhythm F1
against the human notes (heads within 20 ms), notes a second against the notes around, and the fit: mean bits a note, told by
`--judge`, which should be another training's weights than `--model`. What is measured of the regenerated ones is the best of
three proposals, read back from its text: outputs that cannot be read, new findings of severity error, notes off the snap grid,
bytes changed outside of the section (but for the tag). `--quick` measures one candidate that was never text, with `--wishes`.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import statistics
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analyzers.analysis import Choices
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.document import LineKind
from formats.mapset import Difficulty, Mapset
from formats.spans import apply_edits
from generation.pages import Sheet
from generation.request import CannotWrite, Request
from generation.sections import Generator
from generation.subjects import ChartSubject, OsuSubject, Subject
from models.bundled.fields import COLUMN, FIELDS, SNAPS
from models.bundled.habits import LANED
from models.bundled.onsets import Song
from models.bundled.rows import rows_of
from models.bundled.sampling import DELAY_STEP, Listener, Sampler, Wishes
from models.bundled.scenes import LANE_AT, Scene, joined, scene_of_timeline, scene_of_track
from models.bundled.scoring import Scorer
from models.bundled.stepping import Asked, Numbers, Steps
from models.training.corpus import Split, split_of

MODES = ("osu", "taiko", "catch", "mania", "frets", "drums")
SHORTEST, LONGEST = 5_000.0, 15_000.0
FEWEST_NOTES, FEWEST_IN_SECTION, FEWEST_AROUND = 120, 8, 16
SAME_MS = 20.0
SEAM = 3
HUMAN, OURS, SILENT, BAR, NGRAM, RANDOM = "human", "ours", "ours, no song", "bar before", "n-gram", "random legal"


@dataclass(frozen=True, slots=True)
class Place:
    """A section of a map in the corpus."""

    mode: str
    path: str
    track: str
    start: float
    end: float


@dataclass(slots=True)
class Outcome:
    f1: float
    density: float
    bits: float
    seam: float
    inside: float
    notes: int
    seconds: float = 0.0
    unreadable: bool = False
    errors: Sequence[str] = ()
    off_grid: int = 0
    outside: bool = False
    refused: str = ""


class Corpus:
    def __init__(self, root: Path, manifest: Path, features: Path | None) -> None:
        self.root, self.features = root, features
        self._index: dict[str, str] = json.loads((features / "index.json").read_text()) if features else {}
        self._entries = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]

    def song_of(self, path: str) -> str:
        """The name of its features, empty where there are none."""
        return self._index.get(path, "")

    def song(self, path: str) -> NDArray[np.uint8] | None:
        name = self._index.get(path)
        found: NDArray[np.uint8] | None = np.load(self.features / f"{name}.npy") if name and self.features else None
        return found

    def maps(self, split: Split) -> Iterator[tuple[str, str, str, str]]:
        """(mode, path, track, set) of what people made."""
        for entry in self._entries:
            if entry.get("category") != "human" or not (self.root / entry["path"]).exists():
                continue
            if split_of(entry["set_key"], valid=entry["split"] == "valid") is not split:
                continue
            if entry["kind"] == "chart":
                for track, count in entry["tracks"].items():
                    if count >= FEWEST_NOTES and track.endswith(("Single", "Drums")):
                        yield ("drums" if track.endswith("Drums") else "frets"), entry["path"], track, entry["set_key"]
            elif entry.get("mode") in MODES and (entry.get("n_objects") or 0) >= FEWEST_NOTES:
                yield entry["mode"], entry["path"], "", entry["set_key"]

    def subject(self, path: str, track: str) -> Subject:
        data = (self.root / path).read_bytes()
        if track:
            return ChartSubject(path, Chart.from_bytes(data), track, None, None, Choices())
        difficulty = Difficulty(path, Beatmap.from_bytes(data))
        return OsuSubject(difficulty, Mapset((difficulty,)), Choices())


def scene_of(subject: Subject) -> Scene:
    if isinstance(subject, ChartSubject):
        return scene_of_track(subject.chart, subject.track)
    assert isinstance(subject, OsuSubject)
    return scene_of_timeline(subject.difficulty.timeline)


def places(corpus: Corpus, split: Split, per_mode: int, each: int, seed: int, modes: Sequence[str]) -> list[Place]:
    """Sections by a fixed seed: of every set in turn, so that no set counts for many."""
    by_mode: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for mode, path, track, key in corpus.maps(split):
        if mode in modes:
            by_mode[mode][key].append((path, track))
    found: list[Place] = []
    for mode in modes:
        rng = random.Random(f"{seed} {mode}")
        sets = list(by_mode[mode].values())
        for group in sets:
            rng.shuffle(group)
        rng.shuffle(sets)
        queue = [pair for turn in range(max(map(len, sets), default=0)) for group in sets for pair in group[turn : turn + 1]]
        taken: list[Place] = []
        for turn in range(each):
            for path, track in queue:
                if len(taken) >= per_mode:
                    break
                place = _place(corpus, mode, path, track, random.Random(f"{seed} {path} {track} {turn}"))
                if place is not None:
                    taken.append(place)
        found += taken
    return found


def _place(corpus: Corpus, mode: str, path: str, track: str, rng: random.Random) -> Place | None:
    try:
        scene = scene_of(corpus.subject(path, track))
    except (CannotWrite, ValueError):
        return None
    count = len(scene)
    if count < FEWEST_NOTES:
        return None
    for _ in range(20):
        at = rng.randrange(FEWEST_AROUND, count - FEWEST_AROUND)
        beat, stretch = scene.beats.at(scene.time[at : at + 1])
        length, meter = float(scene.beats.lengths[stretch[0]]), float(scene.beats.meters[stretch[0]])
        bar = float(scene.time[at]) - (float(beat[0]) - float(scene.beats.origins[stretch[0]])) % meter * length
        start, end = bar - 2.0, bar - 2.0 + rng.uniform(SHORTEST, LONGEST)
        first, stop = bisect_left(scene.time, start), bisect_left(scene.time, end)
        if first >= FEWEST_AROUND and count - stop >= FEWEST_AROUND and stop - first >= FEWEST_IN_SECTION:
            return Place(mode, path, track, round(start), round(end))
    return None


class Judge:
    """The model that tells the fit."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer

    def bits(self, scene: Scene, listener: Listener | None) -> NDArray[np.float64]:
        """(N,) of each note."""
        heard = None
        if listener is not None:
            heard = listener.song.heard(scene.time, scene.beat_lengths, listener.delay)
        rows = rows_of(scene)
        _, surprises, _ = self._scorer.answers(rows, heard)
        bits: NDArray[np.float64] = np.where(rows.values > 0, surprises[:, : len(FIELDS)], 0.0).sum(axis=1)
        return bits


def f1(human: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Of moments with notes, each matched once with one at most SAME_MS away."""
    mine, theirs = np.unique(np.round(human)), np.unique(np.round(other))
    hits = at = 0
    for moment in mine.tolist():
        while at < len(theirs) and theirs[at] < moment - SAME_MS:
            at += 1
        if at < len(theirs) and theirs[at] <= moment + SAME_MS:
            hits, at = hits + 1, at + 1
    return 2 * hits / max(len(mine) + len(theirs), 1)


def around(scene: Scene, first: int, stop: int) -> float:
    """Moments with notes a second in the 64 notes on either side, long pauses left out."""
    count, lasting = 0, 0.0
    for side in (scene.time[max(first - 64, 0) : first], scene.time[stop : stop + 64]):
        gaps = np.diff(np.unique(side))
        gaps = gaps[gaps < 3_000]
        count, lasting = count + len(gaps), lasting + float(gaps.sum())
    return 1000 * count / max(lasting, 1.0)


class Bench:
    def __init__(self, sampler: Sampler, scorer: Scorer, judge: Scorer, corpus: Corpus, wishes: Wishes, *, quick: bool) -> None:
        self.sampler, self.corpus, self.wishes, self.quick = sampler, corpus, wishes, quick
        self.judge = Judge(judge)
        self.generator = Generator(sampler, scorer)
        self.flat = copy.copy(sampler)
        self.flat.steps = copy.copy(sampler.steps)
        self.flat.steps.__class__ = _Flat

    def outcomes(self, place: Place, number: int) -> dict[str, Outcome]:
        subject, features = self.corpus.subject(place.path, place.track), self.corpus.song(place.path)
        request = Request(place.start, place.end, place.track, seed=number)
        sheet = subject.sheet(request)
        page = sheet.page
        scene, human = page.scene, page.scene.taken(slice(page.first, page.stop))
        listener = None
        if features is not None:
            song = Song.of(features)
            listener = Listener(song, subject.offset + round(song.delay(scene.time + subject.offset) / DELAY_STEP) * DELAY_STEP)
        rng = np.random.default_rng(number)
        wishes = replace(self.wishes, seed=number)
        found: dict[str, Outcome] = {}

        def weigh(name: str, write: Callable[[], Scene]) -> None:
            began = time.perf_counter()
            section = write()
            spent = time.perf_counter() - began
            found[name] = self._weighed(page.first, page.stop, scene, human, section, listener, place)
            found[name].seconds = spent

        weigh(HUMAN, lambda: human)
        if self.quick:
            weigh(OURS, lambda: self.sampler.written(page, wishes, listener)[0].notes)
            if listener is not None:
                weigh(SILENT, lambda: self.sampler.written(page, wishes)[0].notes)
        else:
            told: list[_Told] = []
            weigh(OURS, lambda: self._proposed(subject, request, features, told))
            found[OURS] = replace(found[OURS], **told[0]._asdict())
            if listener is not None:
                weigh(SILENT, lambda: self._proposed(subject, request, None, []))
        weigh(BAR, lambda: bar_before(sheet))
        weigh(NGRAM, lambda: ngram(sheet, rng))
        free = replace(wishes, temperature=1.0, rhythm=1.0, nucleus=1.0, steady=1.0, recall=0.0)
        weigh(RANDOM, lambda: self.flat.written(page, free)[0].notes)
        return found

    def _weighed(
        self, first: int, stop: int, scene: Scene, human: Scene, section: Scene, listener: Listener | None, place: Place
    ) -> Outcome:
        whole = joined((scene.taken(slice(0, first)), section, scene.taken(slice(stop, None))))
        bits = self.judge.bits(whole, listener)[first : first + len(section)]
        ends = np.arange(len(section)) < SEAM
        seam = ends | ends[::-1]
        density = 1000 * len(np.unique(np.round(section.time))) / (place.end - place.start)
        return Outcome(
            f1(human.time, section.time),
            density / max(around(scene, first, stop), 0.1),
            float(bits.mean()) if len(bits) else np.nan,
            float(bits[seam].mean()) if seam.any() else np.nan,
            float(bits[~seam].mean()) if (~seam).any() else np.nan,
            len(section),
        )

    def _proposed(self, subject: Subject, request: Request, features: NDArray[np.uint8] | None, told: list[_Told]) -> Scene:
        """The notes of the best proposal, read from its text, and what is to be `told` of that; none where all are refused."""
        try:
            proposal = self.generator.proposals(subject, request, features)[0]
        except CannotWrite as trouble:
            told.append(_Told(refused=str(trouble)))
            return scene_of(subject).taken(slice(0, 0))
        text = apply_edits(subject.document.text, proposal.edits)
        after = subject.edited(proposal.edits)
        known, now = ([each.code for each in one.findings() if each.severity == "error"] for one in (subject, after))
        told.append(
            _Told(
                after.document.text != text or _unread(after) > _unread(subject),
                sorted({code for code in now if now.count(code) > known.count(code)}),
                _off_grid(after, request),
                _outside(subject, request) != _outside(after, request),
            )
        )
        scene = scene_of(after)
        return scene.taken(np.flatnonzero((scene.time >= request.start - 1e-6) & (scene.time < request.end - 1e-6)))


class _Told(NamedTuple):
    """What the text of a proposal gives."""

    unreadable: bool = False
    errors: Sequence[str] = ()
    off_grid: int = 0
    outside: bool = False
    refused: str = ""


def _unread(subject: Subject) -> int:
    return sum(line.kind is LineKind.UNKNOWN for line in subject.document.lines)


def _off_grid(subject: Subject, request: Request) -> int:
    """Notes of the section of which a head, reverse or end is off the grid: by more than 1 ms, in a chart by a tick."""
    if isinstance(subject, ChartSubject):
        resolution = subject.chart.resolution
        grid = {round(count * resolution / divisor) for divisor in SNAPS for count in range(divisor)}
        struck = [note for note in subject.track.notes if request.start <= note.time < request.end]
        return sum(any(tick % resolution not in grid for tick in (note.tick, note.tick + note.length)) for note in struck)
    assert isinstance(subject, OsuSubject)
    notes = subject.difficulty.timeline.between(request.start, request.end)
    return sum(any(abs(snap.error) > 1 for snap in note.snaps) for note in notes)


def _outside(subject: Subject, request: Request) -> list[str]:
    """The lines that are none of the section's notes, green lines within it, or the tags."""
    if isinstance(subject, ChartSubject):
        own = {id(note.record.line) for note in subject.track.notes if request.start <= note.time < request.end}
        ticks = [subject.track.tempo_map.tick_at(at) for at in (request.start, request.end)]
        body = subject.track.section.lines
        own |= {id(line) for line in body if ticks[0] <= getattr(line.record, "tick", -1) < ticks[1] + 1}
        return [line.text for line in subject.document.lines if id(line) not in own]
    assert isinstance(subject, OsuSubject)
    timeline = subject.difficulty.timeline
    own = {id(note.line) for note in timeline.between(request.start, request.end)}
    grid = timeline.grid
    # What holds behind the section is put back at the note behind it at the latest.
    until = next((note.time for note in timeline.notes if note.time >= request.end), request.end) + 10
    own |= {id(point.line) for point in grid.green if request.start - 10 <= grid.time_of(point) <= until}
    return [line.text for line in subject.document.lines if id(line) not in own and not line.text.startswith("Tags")]


class _Flat(Steps):
    """The same network that holds everything for equally likely."""

    def logits(self, asked: Asked, field: int, known: Numbers) -> Numbers:
        return super().logits(asked, field, known) * np.float32(0)


def bar_before(sheet: Sheet) -> Scene:
    """The bar before the section again and again."""
    page, scene = sheet.page, sheet.page.scene
    _, stretch = scene.beats.at(np.array([page.start]))
    bar = float(scene.beats.lengths[stretch[0]] * scene.beats.meters[stretch[0]])
    parts: list[Scene] = []
    source = np.flatnonzero((scene.time >= page.start - bar) & (scene.time < page.start))
    for turn in range(1, int((page.end - page.start) // bar) + 2):
        part = scene.taken(source)
        part = replace(part, time=part.time + turn * bar, end=part.end + turn * bar)
        parts.append(part.taken(np.flatnonzero(part.time < page.end)))
    return joined(parts) if parts else scene.taken(slice(0, 0))


def ngram(sheet: Sheet, rng: np.random.Generator) -> Scene:
    """Notes drawn by the two before them, from the notes of the map outside of the section."""
    page, scene = sheet.page, sheet.page.scene
    rows = rows_of(scene)
    columns = [COLUMN[name] for name in ("gap", "kind", "lane", "length")]
    tokens = [tuple(row) for row in rows.values[:, columns].tolist()]
    following: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at in range(2, len(scene)):
        if not page.first - 1 <= at <= page.stop + 1:
            for order in (2, 1, 0):
                following[tuple(tokens[at - order : at])].append(at)
    made = [tokens[page.first - 2], tokens[page.first - 1]]
    when, picked, times = float(scene.time[page.first - 1]), list[int](), list[float]()
    while len(picked) < 2_000:
        key = next(key for key in (tuple(made[-2:]), tuple(made[-1:]), ()) if following.get(key))
        at = int(rng.choice(following[key]))
        when += float(scene.time[at] - scene.time[at - 1])
        if when >= page.end:
            break
        if when >= page.start:
            picked.append(at)
            times.append(when)
        made.append(tokens[at])
    section = scene.taken(np.array(picked, np.intp))
    shift = np.array(times) - section.time
    section = replace(section, time=section.time + shift, end=section.end + shift)
    if scene.family in LANED:
        section = section.taken(np.lexsort((section.columns[:, LANE_AT], np.round(section.time))))
    return section


def shown(found: dict[str, list[dict[str, Outcome]]]) -> str:
    lines: list[str] = []
    for mode, sections in found.items():
        lines.append(f"{mode}: {len(sections)} sections")
        for name in (HUMAN, OURS, SILENT, BAR, NGRAM, RANDOM):
            told = [each[name] for each in sections if name in each]
            if told:
                lines.append(_row(name, told, [each[HUMAN] for each in sections if name in each]))
        lines += _with_song([each for each in sections if SILENT in each])
        ours = [each[OURS] for each in sections]
        lines.append(
            f"  text: unreadable {sum(one.unreadable for one in ours)}, with errors {sum(bool(one.errors) for one in ours)}, "
            f"off grid {sum(one.off_grid for one in ours)}, outside {sum(one.outside for one in ours)}, "
            f"refused {sum(bool(one.refused) for one in ours)}"
        )
        lines += [f"    refused: {one.refused}" for one in ours if one.refused][:6]
        lines += [f"    errors: {one.errors}" for one in ours if one.errors][:6]
    return "\n".join(lines)


def _row(name: str, told: Sequence[Outcome], human: Sequence[Outcome]) -> str:
    pairs = [(one.bits, other.bits) for one, other in zip(told, human, strict=True) if one.notes]
    bits = _mean([one for one, _ in pairs])
    ratio = bits / _mean([other for _, other in pairs])
    seam, inside = _mean([one.seam for one in told]), _mean([one.inside for one in told])
    density, off = (statistics.median(each) for each in ([one.density for one in told], [abs(one.density - 1) for one in told]))
    return (
        f"  {name:14s} F1 {_mean([one.f1 for one in told]):.3f}  bits {bits:6.2f} ({ratio:.2f} of human)  seam {seam:6.2f} "
        f"inside {inside:6.2f}  density {density:.2f} (off {off:.2f})  {statistics.median(one.seconds for one in told):.2f} s"
    )


def _with_song(sections: Sequence[dict[str, Outcome]]) -> list[str]:
    """The sections whose song is known, written with and without it."""
    if not sections:
        return []
    f1s, bits = (
        [_mean([getattr(each[name], value) for each in sections]) for name in (OURS, SILENT)] for value in ("f1", "bits")
    )
    return [f"  {len(sections)} with a song: F1 {f1s[0]:.3f}, without it {f1s[1]:.3f}; bits {bits[0]:.2f}, {bits[1]:.2f}"]


def _mean(values: Sequence[float]) -> float:
    """Of those that are numbers."""
    known = [value for value in values if value == value]
    return statistics.mean(known) if known else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--features", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--judge")
    parser.add_argument("--split", choices=("tune", "valid"), default="tune")
    parser.add_argument("--per-mode", type=int, default=100)
    parser.add_argument("--each", type=int, default=4)
    parser.add_argument("--mode", choices=MODES, action="append")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--wishes", default="", help="temperature=0.9,nucleus=0.95,… of models.bundled.sampling.Wishes")
    asked = parser.parse_args()
    corpus = Corpus(asked.corpus, asked.manifest, asked.features)
    sampler = Sampler.load(asked.model)
    judge = Scorer.load(asked.judge or asked.model)
    pairs = (pair.split("=") for pair in asked.wishes.split(",") if pair)
    wishes = Wishes(**{name: float(value) for name, value in pairs})  # type: ignore[arg-type]
    bench = Bench(sampler, Scorer(sampler.graphs), judge, corpus, wishes, quick=asked.quick)
    found: dict[str, list[dict[str, Outcome]]] = defaultdict(list)
    for mode in asked.mode or MODES:
        for number, place in enumerate(places(corpus, Split(asked.split), asked.per_mode, asked.each, asked.seed, [mode])):
            try:
                found[mode].append(bench.outcomes(place, number))
            except CannotWrite as trouble:
                print(f"{place}: {trouble}")
            if asked.json:
                asked.json.write_text(json.dumps(_plain(found)))
        print(shown({mode: found[mode]}), flush=True)


def _plain(found: dict[str, list[dict[str, Outcome]]]) -> dict[str, list[dict[str, dict[str, object]]]]:
    return {mode: [{name: asdict(one) for name, one in each.items()} for each in sections] for mode, sections in found.items()}


if __name__ == "__main__":
    main()
