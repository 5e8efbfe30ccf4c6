"""Slider velocity or scroll speed that the model did not expect.

Timing lines make the sliders, or in taiko and mania the notes, of a stretch faster or slower than the song and the sections
around lead to. The remark stands at the first object of the stretch, in osu! and catch a slider: told is only a change, and none
that another difficulty of the set makes too. The fix keeps the times at which sliders end.

Example: `12000,-50,4,2,1,60,0,0` (twice as fast) in the middle of a calm verse
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

from analyzers.finding import Category, Severity
from analyzers.repairs import format_number
from analyzers.rule import Issue, Repair, Rule, Template
from analyzers.surprising.line_stretches import BEAT_LENGTH, Stretch, stretched_sliders
from analyzers.surprising.scored import ScoredDifficulty, Suspect, remark, unsafe
from analyzers.wording import noun
from formats.document import whole

# Speeds as mappers write them.
STEP = 0.05
# The model tells speeds apart in eighths of an octave.
EIGHTHS = 8

SPEED = Template(
    "other-speed",
    Severity.HINT,
    "The {noun} is {speed}x from this {what} on; {instead}.",
    "A timing line sets a speed that the objects around do not lead to.",
)


def check(scored: ScoredDifficulty) -> Iterator[Issue]:
    for suspect in scored.suspected("slider_velocity"):
        row = suspect.row
        note = scored.notes[suspect.first]
        yield remark(
            scored,
            suspect,
            SPEED,
            whole(note.line),
            rows=(suspect.first,),
            end=scored.notes[suspect.last].end,
            expected=scored.expected(row, "slider_velocity"),
            repairs=_faster_or_slower(scored, suspect),
            noun=noun("slider_velocity", scored.family),
            speed=format_number(round(scored.grid.slider_velocity_at(note.time), 2)),
            what=scored.what(suspect.first),
            instead=scored.instead(suspect, "slider_velocity"),
        )


def _faster_or_slower(scored: ScoredDifficulty, suspect: Suspect) -> Iterator[Repair]:
    now = scored.grid.slider_velocity_at(scored.notes[suspect.first].time)
    for each in scored.likelier(suspect.row, "slider_velocity"):
        speed = as_written(float(each.value))
        text = format_number(round(-100 / speed, 10))
        changes = Stretch(scored, suspect).set(BEAT_LENGTH, text, lambda point: point.slider_velocity == now)
        if changes:
            title = f"Set the {noun('slider_velocity', scored.family)} to {format_number(speed)}x"
            yield unsafe(title, *changes, *stretched_sliders(scored, suspect, speed))


def as_written(speed: float) -> float:
    """The round number that the model takes for the same speed."""
    rounded = round(round(speed / STEP) * STEP, 2)
    return rounded if rounded > 0 and round(EIGHTHS * log2(rounded)) == round(EIGHTHS * log2(speed)) else speed


RULE: Rule[ScoredDifficulty] = Rule("U108", "surprising-scroll-speed", Category.SURPRISAL, __doc__, (SPEED,), check)
