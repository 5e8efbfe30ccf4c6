"""One difficulty's findings from its set and the user's choices: the single door that the server and the API go through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.catalogue import OSU_RULES
from analyzers.context import Context
from analyzers.engine import run, select, syntax_findings
from analyzers.finding import Finding
from analyzers.level import interpret_level
from analyzers.rule import Level, Rule, Standard
from formats.mapset import Difficulty, Mapset


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user asked for. `level` None = from the difficulty's name or stars; `select` empty = every rule."""

    standard: Standard | None = None
    level: Level | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def analyse_difficulty(difficulty: Difficulty, mapset: Mapset, choices: Choices) -> list[Finding]:
    """What the reader and the rules say about one difficulty of `mapset`, in text order."""
    rules = rules_for(difficulty, choices)
    context = context_for(difficulty, mapset, choices, rules)
    findings = run(rules, context, difficulty.beatmap.document)
    return sorted([*syntax_findings(difficulty.beatmap.document), *findings], key=lambda finding: finding.span.start)


def rules_for(difficulty: Difficulty, choices: Choices) -> list[Rule[Context]]:
    """The chosen rules that apply to a difficulty of this mode."""
    mode, standard = difficulty.beatmap.mode, _standard(choices)
    return [
        rule
        for rule in select(OSU_RULES, choices.select, choices.ignore)
        if mode in rule.modes and standard in rule.standards
    ]


def context_for(difficulty: Difficulty, mapset: Mapset, choices: Choices, rules: Sequence[Rule[Context]]) -> Context:
    """What these rules get to see of one difficulty of `mapset`; levels only where one of them asks for them."""
    levels: list[Level | None] | None = None
    if any(rule.by_level for rule in rules):
        levels = [choices.level or interpret_level(other) for other in mapset.difficulties]
    level = levels[list(mapset.difficulties).index(difficulty)] if levels else None
    return Context(difficulty, mapset, standard=_standard(choices), level=level, levels=levels)


def _standard(choices: Choices) -> Standard:
    return choices.standard if choices.standard in (Standard.RANKING, Standard.LAZER) else Standard.RANKING
