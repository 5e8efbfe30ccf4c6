"""Sample that a note plays and the folder does not hold.

A note that names a file, or whose timing line has a custom index of 2 or more, plays a sample of the map. Where that file
is missing, players hear nothing or their skin's sound.

Example: `64,192,1000,1,0,0:0:0:70:bell.wav` without a `bell.wav`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import MANIA, Issue, Rule, Template
from formats.document import field
from formats.samples import Sample, head_samples, stem
from formats.timeline import Note

# Index 1 is what the editor writes for every map with a sample of its own; what it lacks is taken from the skin on purpose.
FIRST_NUMBERED = 2

NAMED = Template(
    "missing-named-sample",
    Severity.ERROR,
    "The sample {sample}, named by {count} notes, is not in the folder.",
    "A note names a sample file that the folder does not hold.",
)
INDEXED = Template(
    "missing-indexed-sample",
    Severity.WARNING,
    "The sample {sample}, asked for by {count} notes, is not in the folder.",
    "A note plays with a custom index of 2 or more for which the folder has no file.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.mapset.files is None:
        return
    stems = {stem(path) for path in context.mapset.files}
    names = stems | {each.rpartition("/")[2] for each in stems}
    played: dict[Sample, list[Note]] = {}
    for note in context.notes:
        for sample in head_samples(note, context.grid):
            if sample.filename or sample.index >= FIRST_NUMBERED:
                played.setdefault(sample, []).append(note)
    for sample, notes in played.items():
        if stem(sample.name).removeprefix("/") not in names:
            yield (NAMED if sample.filename else INDEXED)(
                at=field(notes[0].line, 5 if sample.filename else 4), time=notes[0].time,
                selection=context.selection(notes[0]), sample=sample.name, count=len(notes),
            )  # fmt: skip


RULE = Rule(
    "H504", "mania-hitsound-file-missing", Category.HIT_SOUNDS, __doc__, (NAMED, INDEXED), check, modes=MANIA, whole_set=True
)  # fmt: skip
