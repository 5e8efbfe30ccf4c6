"""No hitnormal sample of the map's own behind the notes.

Players of mania rely on what they hear when they hit. A map should bring a hitnormal sample of its own; where it does,
every stretch with notes should use it, so no timing line there should leave the sample set open (Auto) or point at a set
and number without such a file.

Example: `soft-hitnormal.wav` in the folder and `0,500,4,1,2,100,1,0`, which asks for normal-hitnormal2
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import speaks_for_mode
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import MANIA, Issue, Rule, Template
from formats.document import field, whole
from formats.osu import Additions, TimingPoint
from formats.samples import SET_NAMES, Sample, stem

NONE_AT_ALL = Template(
    "no-hitnormal",
    Severity.WARNING,
    "The folder holds no hitnormal sample, so notes sound like the player's skin.",
    "The folder holds no file named normal-, soft- or drum-hitnormal.",
)
AUTO = Template(
    "auto-sample-set",
    Severity.ERROR,
    "Notes from here play with the sample set Auto ({count} lines like this), not with the map's own hitnormal.",
    "Notes play with a timing line whose sample set is Auto, though the map brings a hitnormal.",
)
NO_FILE = Template(
    "no-hitnormal-file",
    Severity.ERROR,
    "Notes from here ask for {sample}, which the folder does not hold ({count} lines like this).",
    "Notes play with a timing line whose set and index have no hitnormal file, though the map brings another.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.mapset.files is None or not context.notes:
        return
    stems = {stem(path) for path in context.mapset.files}
    if not any(each.startswith(f"{name}-hitnormal") for each in stems for name in SET_NAMES.values()):
        # The folder is one for all difficulties, so it is judged once.
        if speaks_for_mode(context):
            yield NONE_AT_ALL(at=whole(context.first_line))
        return
    lines: dict[str, list[TimingPoint]] = {}
    for point in _lines_played(context):
        lines.setdefault(_wanted(point), []).append(point)
    for sample, points in lines.items():
        if sample in stems:
            continue
        yield (NO_FILE if sample else AUTO)(
            at=field(points[0].line, 3), time=context.grid.time_of(points[0]), sample=sample, count=len(points)
        )  # fmt: skip


def _wanted(point: TimingPoint) -> str:
    """The hitnormal that the line asks for, without an ending; empty for a set left open."""
    if point.sample_set not in SET_NAMES:
        return ""
    return Sample(point.sample_set, Additions.NORMAL, point.sample_index).name


def _lines_played(context: Context) -> Iterator[TimingPoint]:
    """The lines, in time order, that decide the hitnormal of some note."""
    seen: set[int] = set()
    for note in context.notes:
        sample = note.object.sample
        if sample.filename or (sample.normal_set and sample.index):
            continue
        point = context.grid.sample_point_at(note.time)
        if point and id(point) not in seen:
            seen.add(id(point))
            yield point


RULE = Rule(
    "H502", "mania-hitnormal-missing", Category.HIT_SOUNDS, __doc__, (NONE_AT_ALL, AUTO, NO_FILE), check,
    modes=MANIA, whole_set=True,
)  # fmt: skip
