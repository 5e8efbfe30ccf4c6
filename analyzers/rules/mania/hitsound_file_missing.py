"""Sample that a note plays and the folder does not hold.

A note that names a file, or whose timing line has a custom index of 2 or more, plays a sample of the map. Where that file
is missing, players hear nothing or their skin's sound.

Example: `64,192,1000,1,0,0:0:0:70:bell.wav` without a `bell.wav`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Related, Severity
from analyzers.head_samples import samples_of
from analyzers.rule import MANIA, Issue, Rule, Template
from formats.document import field
from formats.samples import Sample, stem
from formats.timeline import Note

# Index 1 is what the editor writes for every map with a sample of its own; what it lacks is taken from the skin on purpose.
FIRST_NUMBERED = 2
# With more missing files than this the samples as such are missing, which one finding tells better.
MOST_NAMED, MOST_RELATED = 5, 20

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
MANY_NAMED = Template(
    "missing-named-sample",
    Severity.ERROR,
    "{samples} samples that notes name are not in the folder, the first {sample} (named by {count} notes).",
    "Notes name more than five sample files that the folder does not hold.",
)
MANY_INDEXED = Template(
    "missing-indexed-sample",
    Severity.WARNING,
    "{samples} samples that notes ask for are not in the folder, the first {sample} (asked for by {count} notes).",
    "Notes play more than five numbered samples for which the folder has no file.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.mapset.files is None:
        return
    stems = {stem(path) for path in context.mapset.files}
    names = stems | {each.rpartition("/")[2] for each in stems}
    played: dict[Sample, list[Note]] = {}
    for note, samples in zip(context.notes, samples_of(context.difficulty), strict=True):
        for sample in samples:
            if sample.index >= FIRST_NUMBERED or sample.filename:
                played.setdefault(sample, []).append(note)
    missing = [(sample, notes) for sample, notes in played.items() if stem(sample.name).removeprefix("/") not in names]
    yield from _issues(context, [pair for pair in missing if pair[0].filename], NAMED, MANY_NAMED)
    yield from _issues(context, [pair for pair in missing if not pair[0].filename], INDEXED, MANY_INDEXED)


def _issues(context: Context, missing: list[tuple[Sample, list[Note]]], one: Template, many: Template) -> Iterator[Issue]:
    often = len(missing) > MOST_NAMED
    for sample, notes in missing[:1] if often else missing:
        yield (many if often else one)(
            at=field(notes[0].line, 5 if sample.filename else 4), time=notes[0].time, selection=context.selection(notes[0]),
            sample=sample.name, count=len(notes), samples=len(missing),
            related=[Related(context.path, by[0].time, other.name) for other, by in missing[1:MOST_RELATED] if often],
        )  # fmt: skip


RULE = Rule(
    "H504", "mania-hitsound-file-missing", Category.HIT_SOUNDS, __doc__, (NAMED, INDEXED, MANY_NAMED, MANY_INDEXED), check,
    modes=MANIA, whole_set=True,
)  # fmt: skip
