"""Sample that other difficulties play at the same time, and this one does not.

Hit sounds belong to the song, so where two mania difficulties have notes at one time they should play the same samples.
A sample that most of the others play is missing; one that only some play may be. Notes that have no room for one more
sample are let be, and storyboarded samples count as played. A difficulty that is hit sounded in its own way throughout
(guest difficulties often are) is named once, and the others are not held against it.

Example: a clap at 1000 in three difficulties, and a note without one in the fourth
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzers.consensus import same_song
from analyzers.context import Context, time_place
from analyzers.finding import Category, Related, Safety, Severity
from analyzers.repairs import replace_field
from analyzers.rule import MANIA, Change, Issue, Repair, Rule, Template
from formats.document import Place, field, whole
from formats.mapset import Difficulty
from formats.osu import Additions
from formats.samples import Sample, head_samples
from formats.timeline import Note
from formats.timing import TimingGrid

SAME_TIME_MS = 2.0
# A difficulty with this many shared times at which it lacks what most have, and with more than this share, stands alone.
FEWEST_ALONE, SHARE_ALONE = 8, 1 / 4
# With more times than this of one sample they are named together.
MOST_NAMED, MOST_RELATED = 3, 20
_KEPT = "mania-chords"

MISSING = Template(
    "missing-sample",
    Severity.WARNING,
    "{sample} is not played here, though most other difficulties do ({names}){places}.",
    "Most other difficulties with a note at this time play a sample that this one does not.",
)
PERHAPS_MISSING = Template(
    "perhaps-missing-sample",
    Severity.INFORMATION,
    "{sample} is not played here, though some other difficulties do ({names}){places}.",
    "Some, but not most, other difficulties with a note at this time play a sample that this one does not.",
)
OWN_WAY = Template(
    "unique-hitsounding",
    Severity.WARNING,
    "This difficulty is hit sounded in its own way: at {count} of {shared} shared times it lacks what the others play.",
    "A difficulty lacks samples of the others at more than a quarter of the times it shares with them.",
)


@dataclass(frozen=True, slots=True)
class Chord:
    """The notes of a difficulty at one time (ms), and the samples they play apart from hitnormal."""

    time: float
    difficulty: Difficulty
    notes: tuple[Note, ...]
    samples: frozenset[Sample]


@dataclass(frozen=True, slots=True)
class Lack:
    """A sample that `chord` does not play and the difficulties `by` do; `most` of those with a note there."""

    chord: Chord
    sample: Sample
    by: tuple[Difficulty, ...]
    most: bool


def check(context: Context) -> Iterator[Issue]:
    peers = same_song(context)
    if len(peers) < 2:
        return
    moments = _moments(peers)
    alone = _alone(peers, moments)
    if context.difficulty in alone:
        count, shared = alone[context.difficulty]
        at = whole(context.key_place(context.beatmap.metadata, "Version").line)
        yield OWN_WAY(at=at, count=count, shared=shared)
        return
    lacks: dict[tuple[Sample, bool], list[Lack]] = {}
    for moment in moments:
        for lack in _lacks(context.difficulty, [chord for chord in moment if chord.difficulty not in alone]):
            lacks.setdefault((lack.sample, lack.most), []).append(lack)
    for found in lacks.values():
        yield from _issues(context, found)


def _chords(difficulty: Difficulty) -> list[Chord]:
    kept = difficulty.derived.get(_KEPT)
    if isinstance(kept, list):
        return kept
    grid = difficulty.timeline.grid
    stored = {int(sample.time): Sample(0, Additions.NORMAL, 0, sample.filename) for sample in difficulty.beatmap.samples}
    by_time: dict[float, list[Note]] = {}
    for note in difficulty.timeline.notes:
        by_time.setdefault(note.time, []).append(note)
    chords = [
        Chord(time, difficulty, tuple(notes), frozenset(_played(notes, grid)) | {stored[int(time)]})
        if int(time) in stored
        else Chord(time, difficulty, tuple(notes), frozenset(_played(notes, grid)))
        for time, notes in by_time.items()
    ]
    difficulty.derived[_KEPT] = chords
    return chords


def _played(notes: Sequence[Note], grid: TimingGrid) -> Iterator[Sample]:
    for note in notes:
        if note.object.sound & 14 or note.object.sample.filename:
            for sample in head_samples(note, grid):
                if sample.filename or sample.addition is not Additions.NORMAL:
                    yield sample


def _moments(peers: Sequence[Difficulty]) -> list[list[Chord]]:
    """Chords of two difficulties or more at one time, where any of them plays a sample."""
    chords = sorted((chord for peer in peers for chord in _chords(peer)), key=lambda chord: chord.time)
    moments: list[list[Chord]] = []
    for chord in chords:
        if moments and chord.time - moments[-1][0].time <= SAME_TIME_MS:
            moments[-1].append(chord)
        else:
            moments.append([chord])
    return [moment for moment in moments if len(moment) > 1 and any(chord.samples for chord in moment)]


def _lacks(difficulty: Difficulty, moment: Sequence[Chord]) -> Iterator[Lack]:
    own = next((chord for chord in moment if chord.difficulty is difficulty), None)
    others = [chord for chord in moment if chord.difficulty is not difficulty]
    if own is None or not others:
        return
    counted = Counter(sample for chord in others for sample in chord.samples)
    for sample, count in counted.items():
        if sample not in own.samples and _room(own.notes, sample):
            by = tuple(chord.difficulty for chord in others if sample in chord.samples)
            yield Lack(own, sample, by, count * 2 > len(others))


def _room(notes: Sequence[Note], sample: Sample) -> Note | None:
    """A note that could play the sample beside what it plays: a note has one file, and one set for its additions."""
    if sample.filename:
        return next((note for note in notes if not note.object.sample.filename), None)
    return next((note for note in notes if not note.object.sound & 14), notes[0] if _same_set(notes[0], sample) else None)


def _same_set(note: Note, sample: Sample) -> bool:
    return note.object.sample.addition_set in (0, sample.set)


def _alone(peers: Sequence[Difficulty], moments: Sequence[Sequence[Chord]]) -> dict[Difficulty, tuple[int, int]]:
    """The difficulties hit sounded in their own way: at how many of how many shared times they lack what most have."""
    lacking: Counter[Difficulty] = Counter()
    shared: Counter[Difficulty] = Counter()
    for moment in moments:
        for chord in moment:
            shared[chord.difficulty] += 1
            lacking[chord.difficulty] += any(lack.most for lack in _lacks(chord.difficulty, moment))
    average = sum(lacking.values()) / len(peers)
    return {
        peer: (lacking[peer], shared[peer])
        for peer in peers
        if lacking[peer] >= max(FEWEST_ALONE, average) and lacking[peer] > shared[peer] * SHARE_ALONE
    }


def _issues(context: Context, lacks: Sequence[Lack]) -> Iterator[Issue]:
    together = len(lacks) > MOST_NAMED
    for lack in lacks[:1] if together else lacks:
        note = lack.chord.notes[0]
        names = ", ".join(other.name for other in lack.by[:3])
        yield (MISSING if lack.most else PERHAPS_MISSING)(
            at=time_place(note),
            time=note.time,
            selection=context.selection(*lack.chord.notes),
            sample=lack.sample.name,
            names=names,
            places=f", nor at {len(lacks) - 1} other times" if together else "",
            repairs=_repairs(context, lack, names),
            related=[Related(context.path, each.chord.time, "missing here too") for each in lacks[1:MOST_RELATED] if together],
        )


def _repairs(context: Context, lack: Lack, names: str) -> Iterator[Repair]:
    note = _room(lack.chord.notes, lack.sample)
    change = note and _add(context, note, lack.sample)
    if change:
        yield Repair(f"Play {lack.sample.name} as in {names}", Safety.UNSAFE, (change,))


def _add(context: Context, note: Note, sample: Sample) -> Change | None:
    place = field(note.line, 5)
    if sample.filename:
        return Change(Place(note.line, place.end, place.end), sample.filename) if place.text.endswith(":") else None
    # Only the bit is set, so the note's own set and index have to give that very sample.
    source, line = note.object.sample, context.grid.sample_point_at(note.time)
    own_set = source.addition_set or source.normal_set or (line.sample_set if line else 0) or 1
    own_index = source.index or (line.sample_index if line else 0)
    if (own_set, own_index) != (sample.set, sample.index):
        return None
    return replace_field(note.line, 4, str(note.object.sound | sample.addition))


RULE = Rule(
    "H503", "mania-hitsound-consistency", Category.HIT_SOUNDS, __doc__, (MISSING, PERHAPS_MISSING, OWN_WAY), check,
    modes=MANIA, whole_set=True,
)  # fmt: skip
