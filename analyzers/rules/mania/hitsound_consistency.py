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
from itertools import groupby
from math import inf
from typing import cast

from analyzers.consensus import same_song
from analyzers.context import Context, time_place
from analyzers.finding import Category, Related, Safety, Severity
from analyzers.head_samples import samples_of
from analyzers.repairs import replace_field
from analyzers.rule import MANIA, Change, Issue, Repair, Rule, Template
from formats.document import Place, field, whole
from formats.mapset import Difficulty
from formats.osu import Additions
from formats.samples import Sample
from formats.timeline import Note

SAME_TIME_MS = 2.0
# A mania map has no more columns; a longer chord is piled up in one.
MOST_KEYS = 18
# A difficulty with this many shared times at which it lacks what most have, and with more than this share, stands alone.
FEWEST_ALONE, SHARE_ALONE = 8, 1 / 4
# With more times than this of one sample they are named together.
MOST_NAMED, MOST_RELATED = 3, 20
_KEPT = "mania-chords"
_SILENT: frozenset[Sample] = frozenset()

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
    notes: tuple[Note, ...]
    samples: frozenset[Sample]


# What the difficulties play at one time.
Moment = dict[Difficulty, Chord]


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
    shared: Counter[Difficulty] = Counter()
    moments = list(_moments(peers, shared))
    alone = _alone(peers, moments, shared)
    if context.difficulty in alone:
        at = whole(context.key_place(context.beatmap.metadata, "Version").line)
        yield OWN_WAY(at=at, count=alone[context.difficulty], shared=shared[context.difficulty])
        return
    lacks: dict[tuple[Sample, bool], list[Lack]] = {}
    for moment in moments:
        for lack in _lacks(context.difficulty, {each: chord for each, chord in moment.items() if each not in alone}):
            lacks.setdefault((lack.sample, lack.most), []).append(lack)
    for found in lacks.values():
        yield from _issues(context, found)


def _chords(difficulty: Difficulty) -> list[Chord]:
    kept = difficulty.derived.get(_KEPT)
    if kept is None:
        kept = difficulty.derived[_KEPT] = list(_read_chords(difficulty))
    return cast("list[Chord]", kept)


def _read_chords(difficulty: Difficulty) -> Iterator[Chord]:
    stored = {int(sample.time): Sample(0, Additions.NORMAL, 0, sample.filename) for sample in difficulty.beatmap.samples}
    pairs = zip(difficulty.timeline.notes, samples_of(difficulty), strict=True)
    for time, group in groupby(pairs, key=lambda pair: pair[0].time):
        chord = list(group)
        samples = {
            sample for _, played in chord for sample in played if sample.filename or sample.addition is not Additions.NORMAL
        }
        if int(time) in stored:
            samples.add(stored[int(time)])
        yield Chord(time, tuple(note for note, _ in chord[:MOST_KEYS]), frozenset(samples) if samples else _SILENT)


def _moments(peers: Sequence[Difficulty], shared: Counter[Difficulty]) -> Iterator[Moment]:
    """Times at which difficulties play different samples; all times at which any plays one are counted in `shared`."""
    moments: dict[float, Moment] = {}
    for peer in peers:
        for chord in _chords(peer):
            moments.setdefault(chord.time, {})[peer] = chord
    for moment in _joined(moments):
        if len(moment) < 2:
            continue
        sounds = {chord.samples for chord in moment.values()}
        if sounds != {_SILENT}:
            shared.update(moment.keys())
        if len(sounds) > 1:
            yield moment


def _joined(moments: dict[float, Moment]) -> Iterator[Moment]:
    """Moments that lie within `SAME_TIME_MS` of each other become one."""
    start, joined = -inf, Moment()
    for time in sorted(moments):
        if time - start <= SAME_TIME_MS:
            joined = {**moments[time], **joined}
            continue
        yield joined
        start, joined = time, moments[time]
    yield joined


def _lacks(difficulty: Difficulty, moment: Moment) -> Iterator[Lack]:
    own = moment.get(difficulty)
    if own is None:
        return
    counted = Counter(sample for chord in moment.values() if chord is not own for sample in chord.samples)
    for sample, count in counted.items():
        if sample not in own.samples and _room(own.notes, sample):
            by = tuple(each for each, chord in moment.items() if sample in chord.samples)
            yield Lack(own, sample, by, count * 2 > len(moment) - 1)


def _room(notes: Sequence[Note], sample: Sample) -> Note | None:
    """A note that could play the sample beside what it plays: a note has one file, and one set for its additions."""
    if sample.filename:
        return next((note for note in notes if not note.object.sample.filename), None)
    return next((note for note in notes if not note.object.sound & 14), notes[0] if _same_set(notes[0], sample) else None)


def _same_set(note: Note, sample: Sample) -> bool:
    return note.object.sample.addition_set in (0, sample.set)


def _alone(peers: Sequence[Difficulty], moments: Sequence[Moment], shared: Counter[Difficulty]) -> dict[Difficulty, int]:
    """The difficulties hit sounded in their own way: at how many times they lack what most have."""
    lacking: Counter[Difficulty] = Counter()
    for moment in moments:
        for difficulty in moment:
            lacking[difficulty] += any(lack.most for lack in _lacks(difficulty, moment))
    average = lacking.total() / len(peers)
    return {
        peer: lacking[peer]
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
            repairs=_repairs(context, lacks if together else [lack], names),
            related=[Related(context.path, each.chord.time, "missing here too") for each in lacks[1:MOST_RELATED] if together],
        )


def _repairs(context: Context, lacks: Sequence[Lack], names: str) -> Iterator[Repair]:
    """One fix for all of the places, offered where it can mend each of them."""
    rooms = [(_room(lack.chord.notes, lack.sample), lack.sample) for lack in lacks]
    changes = [_add(context, note, sample) for note, sample in rooms if note]
    done = tuple(change for change in changes if change)
    if len(done) == len(lacks):
        places = f" in {len(done)} places" if len(done) > 1 else ""
        yield Repair(f"Play {lacks[0].sample.name} as in {names}{places}", Safety.UNSAFE, done)


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
