"""Slider tick rate that fits no rhythm.

Ticks should fall where the music has something: a whole number of ticks per beat, or 0.5, 1.333 or 1.5 of them.

Example: `SliderTickRate:1.3`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import format_number, replace_value
from analyzers.rule import Issue, Repair, Rule, Template
from formats.document import entry_value

ODD_RATES = (0.5, 1.333, 1.5)
WHOLE_RATES = (1.0, 2.0, 3.0, 4.0)

INVALID_TICK_RATE = Template(
    "invalid-tick-rate",
    Severity.ERROR,
    "Slider tick rate {rate} is neither a whole number nor 0.5, 1.333 or 1.5.",
    "The slider tick rate is no whole number, 0.5, 1.333 or 1.5.",
)


def check(context: Context) -> Iterator[Issue]:
    section = context.beatmap.difficulty
    entry = section.entry("SliderTickRate")
    rate = section.number("SliderTickRate", 1.0)
    if entry is None or rate == int(rate) or round(rate, 3) in ODD_RATES:
        return
    nearest = format_number(min((*ODD_RATES, *WHOLE_RATES), key=lambda valid: abs(valid - rate)))
    yield INVALID_TICK_RATE(
        at=entry_value(entry.line),
        rate=format_number(rate),
        repairs=[Repair(f"Set the tick rate to {nearest}", Safety.UNSAFE, (replace_value(entry.line, nearest),))],
    )


RULE = Rule("S105", "slider-tick-rate", Category.SETTINGS, __doc__, (INVALID_TICK_RATE,), check)
