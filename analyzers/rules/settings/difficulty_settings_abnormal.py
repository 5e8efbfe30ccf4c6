"""Difficulty settings that the game does not know.

Settings run from 0 to 10 in steps of 0.1; what lies outside is cut off when the map is loaded, and a second decimal
cannot be seen or set in the editor. A mania map has 4 to 18 keys. Settings that the mode does not use are let be.

Example: `ApproachRate:9.25`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import format_number, replace_value
from analyzers.rule import Issue, Repair, Rule, Standard, Template
from formats.document import entry_value
from formats.osu import Entry, Mode

LOWEST, HIGHEST = 0.0, 10.0
LOWEST_KEYS, HIGHEST_KEYS = 4, 18
# Old versions of the editor wrote 5.19999980926514 for 5.2.
NOISE = 1e-5
FIELDS = {
    Mode.OSU: ("HPDrainRate", "CircleSize", "OverallDifficulty", "ApproachRate"),
    Mode.TAIKO: ("HPDrainRate", "OverallDifficulty"),
    Mode.CATCH: ("HPDrainRate", "CircleSize", "ApproachRate"),
    Mode.MANIA: ("HPDrainRate", "OverallDifficulty"),
}

DECIMALS = Template(
    "more-than-one-decimal",
    Severity.ERROR,
    "{setting} {value} has more than one decimal.",
    "A difficulty setting has two decimals or more.",
)
OUT_OF_RANGE = Template(
    "out-of-range",
    Severity.WARNING,
    "{setting} {value} lies outside 0 to 10, so the game cuts it off.",
    "A difficulty setting is below 0 or above 10.",
)
KEY_COUNT = Template(
    "key-count",
    Severity.ERROR,
    "This difficulty has {value} keys, not 4 to 18.",
    "A mania difficulty has fewer than 4 or more than 18 keys.",
)


def check(context: Context) -> Iterator[Issue]:
    section = context.beatmap.difficulty
    for key in FIELDS[context.mode]:
        entry = section.entry(key)
        if entry is not None:
            yield from _check_value(entry, section.number(key, 5.0))
    keys = section.entry("CircleSize")
    # The Verify tab counts keys in a check of its own.
    if context.mode is Mode.MANIA and context.standard is Standard.RANKING and keys is not None:
        count = section.number("CircleSize", 5.0)
        if not LOWEST_KEYS <= count <= HIGHEST_KEYS:
            yield KEY_COUNT(at=entry_value(keys.line), value=format_number(count))


def _check_value(entry: Entry, value: float) -> Iterator[Issue]:
    place, shown = entry_value(entry.line), format_number(value)
    if not LOWEST <= value <= HIGHEST:
        nearest = format_number(min(max(value, LOWEST), HIGHEST))
        repair = Repair(f"Set {entry.key} to {nearest}", Safety.UNSAFE, (replace_value(entry.line, nearest),))
        yield OUT_OF_RANGE(at=place, setting=entry.key, value=shown, repairs=[repair])
    elif abs(value - round(value, 1)) > NOISE:
        nearest = format_number(round(value, 1))
        repair = Repair(f"Round {entry.key} to {nearest}", Safety.SAFE, (replace_value(entry.line, nearest),))
        yield DECIMALS(at=place, setting=entry.key, value=shown, repairs=[repair])


RULE = Rule(
    "S102", "difficulty-settings-abnormal", Category.SETTINGS, __doc__, (DECIMALS, OUT_OF_RANGE, KEY_COUNT), check
)  # fmt: skip
