"""Every rule, by hand and in reading order. A rule that is not listed here does not run."""

from __future__ import annotations

from typing import Any

from analyzers.context import Context
from analyzers.rule import Rule
from analyzers.rules.catch import difficulty_range as catch_difficulty_range
from analyzers.rules.catch import (
    max_combo,
    no_spinner,
    spinner_gap,
)
from analyzers.rules.std import difficulty_range as std_difficulty_range
from analyzers.rules.std import (
    multiple_reverses,
    short_slider,
    slider_only_section,
    spinner_recovery,
    spinner_too_short,
)
from analyzers.rules.timing import volume_invalid

OSU_RULES: tuple[Rule[Context], ...] = (
    volume_invalid.RULE,
    spinner_too_short.RULE,
    slider_only_section.RULE,
    std_difficulty_range.RULE,
    multiple_reverses.RULE,
    short_slider.RULE,
    spinner_recovery.RULE,
    max_combo.RULE,
    no_spinner.RULE,
    spinner_gap.RULE,
    catch_difficulty_range.RULE,
)  # fmt: skip

CHART_RULES: tuple[Rule[Any], ...] = ()
