"""Overall difficulty or health drain away from what suits the level.

The suggested overall difficulty is 3 for Kantan, 4 for Futsuu, 5 for Muzukashii and 5.5 for Oni. The suggested health
drain depends on how long the map is too: it falls with the drain time, since a longer map drains more in all.

Example: `OverallDifficulty:5` on a Kantan
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.guideline import ABBREVIATIONS
from analyzers.level import level_name
from analyzers.repairs import format_number, replace_value
from analyzers.rule import TAIKO, Issue, Level, Repair, Rule, Template
from formats.osu import Mode

OVERALL_DIFFICULTY = {Level.EASY: 3.0, Level.NORMAL: 4.0, Level.HARD: 5.0, Level.INSANE: 5.5}
# For drain times up to the first of these, up to the second, to the third, and beyond, in ms.
SHORT_MS, LONG_MS, LONGEST_MS = 60_000.0, 225_000.0, 285_000.0
HEALTH_DRAIN = {
    Level.EASY: (9.0, 8.0, 7.0, 6.0),
    Level.NORMAL: (8.0, 7.0, 6.0, 5.0),
    Level.HARD: (7.0, 6.0, 5.0, 4.0),
    Level.INSANE: (7.0, 5.5, 5.0, 4.0),
}
MOST_OFF = {"OverallDifficulty": 0.5, "HPDrainRate": 1.0}
_ROUNDING = 1e-6

_MESSAGE = "{setting} {value} is {off} {side} the {suggested} suggested for {level}{reason}."
DIFFERS = Template(
    "differs-from-suggested",
    Severity.INFORMATION,
    _MESSAGE,
    "OD is up to 0.5, or HP up to 1, from what is suggested for the level.",
)
DIFFERS_MUCH = Template(
    "differs-from-suggested",
    Severity.WARNING,
    _MESSAGE,
    "OD is more than 0.5, or HP more than 1, from what is suggested for the level.",
)


def check(context: Context) -> Iterator[Issue]:
    if context.level is None or context.level not in OVERALL_DIFFICULTY:
        return
    for key, suggestion in suggested(context.level, context.timeline.drain_time).items():
        yield from _compare(context, context.level, key, suggestion)


def suggested(level: Level, drain_time: float) -> dict[str, float]:
    """The settings for a level that has some, of a map of so many ms without breaks."""
    period = 0 if drain_time <= SHORT_MS else bisect_right((LONG_MS, LONGEST_MS), drain_time) + 1
    return {"OverallDifficulty": OVERALL_DIFFICULTY[level], "HPDrainRate": HEALTH_DRAIN[level][period]}


def _compare(context: Context, level: Level, key: str, suggestion: float) -> Iterator[Issue]:
    section = context.beatmap.difficulty
    entry = section.entry(key)
    value = min(max(section.number(key, suggestion), 0.0), 10.0)
    off = abs(value - suggestion)
    if entry is None or off <= _ROUNDING:
        return
    text = format_number(suggestion)
    yield (DIFFERS_MUCH if off > MOST_OFF[key] + _ROUNDING else DIFFERS)(
        at=context.key_place(section, key),
        setting=ABBREVIATIONS[key],
        value=format_number(value),
        off=format_number(round(off, 6)),
        side="above" if value > suggestion else "below",
        suggested=text,
        level=level_name(level, Mode.TAIKO),
        reason=" at this drain time" if key == "HPDrainRate" else "",
        repairs=[Repair(f"Set {ABBREVIATIONS[key]} to {text}", Safety.UNSAFE, (replace_value(entry.line, text),))],
    )


RULE = Rule(
    "S302", "taiko-difficulty-range", Category.SETTINGS, __doc__, (DIFFERS, DIFFERS_MUCH), check, modes=TAIKO, by_level=True
)  # fmt: skip
