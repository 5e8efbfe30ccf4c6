"""How long an osu!standard spinner of a low level should last, and how long the rest behind it."""

from __future__ import annotations

from analyzers.rule import Level

# Level: ms that a spinner should last, ms of rest behind it.
WANTED = {Level.EASY: (1000.0, 1000.0), Level.NORMAL: (750.0, 500.0), Level.HARD: (500.0, 250.0)}
DEFAULT_REST_MS = 250.0
# Up to this much over the limit is worth a look.
MARGIN = 1.2


def rest_wanted(level: Level | None) -> float:
    """ms of rest to leave behind a spinner of that level, with the margin."""
    return WANTED[level][1] * MARGIN if level is not None and level in WANTED else DEFAULT_REST_MS
