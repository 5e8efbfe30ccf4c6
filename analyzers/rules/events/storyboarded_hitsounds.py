"""Hit sounds in the storyboard.

Storyboard samples play whether or not the player hits anything, so hit sounds placed there mislead: a miss sounds like a hit.
Samples that belong to the storyboard (voices, effects) are fine; this asks to look once.

Example: `Sample,1000,0,"clap.wav",70` in [Events]
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import speaks_for_set
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import CATCH, STD, TAIKO, Issue, Rule, Template
from formats.document import whole
from formats.osu import StoryboardSample

FOUND = Template(
    "storyboard-samples",
    Severity.WARNING,
    "The storyboard plays {count}: make sure that no hit sounds are among them.",
    "The [Events] of the difficulty hold Sample events.",
)
FOUND_BESIDE = Template(
    "storyboard-file-samples",
    Severity.WARNING,
    "The storyboard '{path}' plays {count}: make sure that no hit sounds are among them.",
    "The set's .osb file holds Sample events.",
)


def check(context: Context) -> Iterator[Issue]:
    samples = context.beatmap.samples
    if samples:
        first = min(samples, key=lambda sample: sample.time)
        yield FOUND(whole(first.line), first.time + context.grid.offset, count=_count(samples))
    if not speaks_for_set(context):
        return
    for path, storyboard in sorted((context.mapset.storyboards or {}).items()):
        if storyboard.samples:
            yield FOUND_BESIDE(whole(context.first_line), path=path, count=_count(storyboard.samples))


def _count(samples: list[StoryboardSample]) -> str:
    return f"{len(samples)} samples" if len(samples) > 1 else "1 sample"


RULE = Rule(
    "E102",
    "storyboarded-hitsounds",
    Category.EVENTS,
    __doc__,
    (FOUND, FOUND_BESIDE),
    check,
    modes=STD | TAIKO | CATCH,
    whole_set=True,
)
