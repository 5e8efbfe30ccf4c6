"""A difficulty's settings against the range that the ranking criteria name for its level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

from analyzers.context import Context
from analyzers.finding import Safety, Severity
from analyzers.level import level_name
from analyzers.repairs import format_number, replace_value
from analyzers.rule import Issue, Level, Repair, Template

# Setting: lowest and highest value, ±inf where the criteria leave it open.
Ranges = Mapping[str, tuple[float, float]]
ABBREVIATIONS = {"ApproachRate": "AR", "OverallDifficulty": "OD", "HPDrainRate": "HP", "CircleSize": "CS"}

OUT_OF_GUIDELINE = Template(
    "out-of-guideline",
    Severity.INFORMATION,
    "{setting} {value} is outside the guideline for {level}: {range}.",
    "A setting lies outside the range that the ranking criteria recommend for the difficulty's level. That is the level of its "
    "name, else of its stars; --level, or level in maimod.toml, says otherwise.",
)


def outside(context: Context, guidelines: Mapping[Level, Ranges]) -> Iterator[Issue]:
    """An issue for each setting outside the range of the difficulty's level; settings that the map leaves out are let be."""
    if context.level is None or context.level not in guidelines:
        return
    section = context.beatmap.difficulty
    for key, (lowest, highest) in guidelines[context.level].items():
        entry = section.entry(key)
        value = section.number(key, lowest)
        if entry is None or lowest <= value <= highest:
            continue
        nearest = format_number(lowest if value < lowest else highest)
        setting = ABBREVIATIONS[key]
        yield OUT_OF_GUIDELINE(
            at=context.key_place(section, key),
            setting=setting,
            value=format_number(value),
            level=level_name(context.level, context.mode),
            range=_describe(lowest, highest),
            repairs=[Repair(f"Set {setting} to {nearest}", Safety.UNSAFE, (replace_value(entry.line, nearest),))],
        )


def _describe(lowest: float, highest: float) -> str:
    if lowest == -inf:
        return f"at most {format_number(highest)}"
    if highest == inf:
        return f"at least {format_number(lowest)}"
    return f"{format_number(lowest)} to {format_number(highest)}"
