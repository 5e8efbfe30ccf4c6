"""Overall difficulty or health drain too high for a low level.

On Easy neither should be above 7, on Normal 7.5, on Hard 8. For names beyond Expert the level is a guess, which is said.

Example: `OverallDifficulty:8` on a Normal
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.guideline import ABBREVIATIONS
from analyzers.level import level_name
from analyzers.repairs import format_number, replace_value
from analyzers.rule import MANIA, Issue, Level, Repair, Rule, Template
from formats.document import whole

LIMITS = {Level.EASY: 7.0, Level.NORMAL: 7.5, Level.HARD: 8.0}

OVER = Template(
    "over-limit",
    Severity.WARNING,
    "{setting} {value} is above {limit}, the highest that {level} should have.",
    "HP or OD is above the guideline of the level.",
)
AMBIGUOUS = Template(
    "ambiguous-difficulty",
    Severity.INFORMATION,
    "The level of this difficulty is not clear from its name, so its HP and OD are not judged.",
    "The difficulty counts as Ultra, for which there is no guideline.",
)


def check(context: Context) -> Iterator[Issue]:
    section = context.beatmap.difficulty
    if context.level is Level.ULTRA:
        yield AMBIGUOUS(at=whole(context.key_place(context.beatmap.metadata, "Version").line))
    if context.level is None or context.level not in LIMITS:
        return
    limit = LIMITS[context.level]
    for key in ("HPDrainRate", "OverallDifficulty"):
        entry, value = section.entry(key), section.number(key, 0.0)
        if entry and value > limit:
            text, setting = format_number(limit), ABBREVIATIONS[key]
            yield OVER(
                at=whole(entry.line), setting=setting, value=format_number(value), limit=text, level=level_name(context.level),
                repairs=[Repair(f"Set {setting} to {text}", Safety.UNSAFE, (replace_value(entry.line, text),))],
            )  # fmt: skip


RULE = Rule(
    "S502", "mania-difficulty-limit", Category.SETTINGS, __doc__, (OVER, AMBIGUOUS), check, modes=MANIA, by_level=True
)  # fmt: skip
