"""The single door from a model's surprisal to findings: which notes are worth a remark, what it says, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analyzers.analysis import Choices
from analyzers.catalogue import SURPRISAL_RULES
from analyzers.context import Context
from analyzers.engine import run, select
from analyzers.finding import Finding
from analyzers.rule import CLONE_HERO, OSU_STANDARDS, Rule
from analyzers.surprising import timing
from analyzers.surprising.line_changes import of_this_map_alone
from analyzers.surprising.scored import ScoredDifficulty, ScoredTrack
from analyzers.surprising.suspects import suspects_of
from formats.chart import Chart
from formats.chart_tracks import Track
from formats.mapset import Difficulty
from models.bundled.fields import FAMILY_OF
from models.bundled.scenes import scored_family

if TYPE_CHECKING:
    from models.bundled.drift import Drift
    from models.surprisal import Surprisal


def surprising_findings(
    difficulty: Difficulty,
    surprisal: Surprisal,
    choices: Choices,
    drifts: Sequence[Drift] = (),
    others: Sequence[Difficulty] = (),
) -> list[Finding]:
    """What is surprising in one `.osu` difficulty, in text order. `surprisal` is of the difficulty's own timeline.

    `others` are the other difficulties of the song: what their timing lines set as well is not told.
    """
    rules = [rule for rule in _chosen(choices) if difficulty.beatmap.mode in rule.modes and rule.standards & OSU_STANDARDS]
    suspects = suspects_of(surprisal, FAMILY_OF[difficulty.beatmap.mode], choices.min_surprisal)
    scored = ScoredDifficulty(Context(difficulty), surprisal, suspects, drifts)
    scored.suspects = of_this_map_alone(scored, suspects, others)
    return run(rules, scored, difficulty.beatmap.document)


def surprising_chart_findings(chart: Chart, scored: Sequence[tuple[Track, Surprisal]], choices: Choices) -> list[Finding]:
    """What is surprising in the scored tracks of a chart, in text order; tracks that no model knows are left out."""
    rules = [rule for rule in _chosen(choices) if rule.standards & CLONE_HERO]
    findings: list[Finding] = []
    for track, surprisal in scored:
        family = scored_family(track)
        if family is not None:
            suspects = suspects_of(surprisal, family, choices.min_surprisal)
            findings += run(rules, ScoredTrack(chart, track, surprisal, suspects), chart.document)
    return sorted(findings, key=lambda finding: finding.span.start)


def drift_findings(difficulty: Difficulty, drifts: Sequence[Drift]) -> list[Finding]:
    """What is said of notes and red lines of one `.osu` that do not keep time with the music, and of nothing else."""
    import numpy as np

    from models.bundled.fields import FIELDS, MISTAKES, SIZES
    from models.surprisal import Surprisal

    none, wide = np.zeros(0, np.float32), np.zeros((0, len(FIELDS)), np.float32)
    suspicion, chances = np.zeros((0, len(MISTAKES)), np.float32), np.zeros((0, sum(SIZES)), np.float16)
    unasked = Surprisal("", (), none, suspicion, wide, wide, chances, np.zeros((0, len(FIELDS)), np.int16))
    scored = ScoredDifficulty(Context(difficulty), unasked, {}, drifts)
    return run([timing.RULE], scored, difficulty.beatmap.document)


def _chosen(choices: Choices) -> list[Rule[Any]]:
    return select(SURPRISAL_RULES, choices.select, choices.ignore)
