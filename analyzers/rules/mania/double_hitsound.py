"""The same sample played twice at one time.

When two notes of a chord carry the same addition or name the same file, it sounds twice at once: louder than meant, with
no other gain. One note of the chord is enough.

Example: two notes at 1000, both with a clap
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from analyzers.context import Context
from analyzers.finding import Category, Related, Safety, Severity
from analyzers.head_samples import samples_of
from analyzers.repairs import replace_field
from analyzers.rule import MANIA, Change, Issue, Repair, Rule, Template
from formats.document import field
from formats.osu import Additions
from formats.samples import Sample
from formats.timeline import Note

# With more chords than this of one sample the doubling is a habit of the map, which one finding says better.
MOST_NAMED, MOST_RELATED = 5, 20

DOUBLE = Template(
    "double-sample",
    Severity.WARNING,
    "{sample} is played by {count} notes at once.",
    "Two notes at one time carry the same addition or name the same file.",
)
HABIT = Template(
    "double-sample",
    Severity.WARNING,
    "{sample} is played by {count} notes at once, and samples are doubled like this in {places} places of the map.",
    "Two notes at one time carry the same addition or name the same file, in more than five places.",
)


def check(context: Context) -> Iterator[Issue]:
    doubled: dict[str, list[tuple[Sample, list[Note]]]] = {}
    for sample, notes in _doubled(context):
        doubled.setdefault(sample.name, []).append((sample, notes))
    if len(doubled) > MOST_NAMED:
        # Key sounds copied onto whole chords: no finding for each of them.
        first = next(iter(doubled.values()))
        doubled = {first[0][0].name: [place for places in doubled.values() for place in places]}
    for places in doubled.values():
        if len(places) <= MOST_NAMED:
            for sample, notes in places:
                yield _issue(context, DOUBLE, sample, notes, places)
        else:
            yield _issue(context, HABIT, *places[0], places)


def _doubled(context: Context) -> Iterator[tuple[Sample, list[Note]]]:
    pairs = zip(context.notes, samples_of(context.difficulty), strict=True)
    # Most notes play hitnormal alone, which may sound twice.
    heard = [(note, samples) for note, samples in pairs if len(samples) > 1 or note.object.sample.filename]
    for _, chord in groupby(heard, key=lambda pair: pair[0].time):
        played: dict[Sample, list[Note]] = {}
        for note, samples in chord:
            for sample in samples:
                if sample.filename or sample.addition is not Additions.NORMAL:
                    played.setdefault(sample, []).append(note)
        yield from ((sample, by) for sample, by in played.items() if len(by) > 1)


def _issue(
    context: Context, template: Template, sample: Sample, notes: list[Note], places: list[tuple[Sample, list[Note]]]
) -> Issue:
    several = template is HABIT
    changes = tuple(_drop(places if several else [(sample, notes)]))
    title = "Play each sample by one note of its chord" if several else f"Play {sample.name} by one note only"
    return template(
        at=field(notes[1].line, 5 if sample.filename else 4),
        time=notes[0].time,
        selection=context.selection(*notes),
        sample=sample.name,
        count=len(notes),
        places=len(places),
        repairs=[Repair(title, Safety.UNSAFE, changes)] if changes else [],
        related=[Related(context.path, by[0].time, "doubled here too") for _, by in places[1:MOST_RELATED] if several],
    )


def _drop(places: list[tuple[Sample, list[Note]]]) -> Iterator[Change]:
    """Leaves each sample to the first note that plays it."""
    additions: dict[Note, int] = {}
    for sample, notes in places:
        for note in notes[1:]:
            if sample.filename:
                place = field(note.line, 5)
                yield Change(place, place.text[: place.text.rfind(note.object.sample.filename)])
            else:
                additions[note] = additions.get(note, note.object.sound) & ~sample.addition
    for note, sound in additions.items():
        yield replace_field(note.line, 4, str(sound))


RULE = Rule("H501", "mania-double-hitsound", Category.HIT_SOUNDS, __doc__, (DOUBLE, HABIT), check, modes=MANIA)
