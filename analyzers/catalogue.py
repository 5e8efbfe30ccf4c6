"""Every rule, by hand and in reading order. A rule that is not listed here does not run."""

from __future__ import annotations

from analyzers.context import Context
from analyzers.rule import Rule
from analyzers.rules.timing import volume_invalid

OSU_RULES: tuple[Rule[Context], ...] = (
    volume_invalid.RULE,
)  # fmt: skip
