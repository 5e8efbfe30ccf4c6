"""Hit sounds in the storyboard.

Storyboard samples play whether or not the player hits anything, so hit sounds placed there mislead: a miss sounds like a hit.
Samples that belong to the storyboard (voices, effects) are fine; this asks to look once.

Example: `Sample,1000,0,"clap.wav",70` in [Events]
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import CATCH, STD, TAIKO, Issue, Rule, Template
from formats.document import whole

FOUND = Template(
    "storyboard-samples",
    Severity.WARNING,
    "The storyboard plays {count}: make sure that no hit sounds are among them.",
    "The [Events] of the difficulty hold Sample events.",
)


def check(context: Context) -> Iterator[Issue]:
    samples = context.beatmap.samples
    if not samples:
        return
    first = min(samples, key=lambda sample: sample.time)
    count = f"{len(samples)} samples" if len(samples) > 1 else "1 sample"
    yield FOUND(whole(first.line), first.time + context.grid.offset, count=count)


RULE = Rule("E102", "storyboarded-hitsounds", Category.EVENTS, __doc__, (FOUND,), check, modes=STD | TAIKO | CATCH)
