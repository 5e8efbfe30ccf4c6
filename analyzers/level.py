"""How hard a difficulty is meant to be, from its name, else from its star rating."""

from __future__ import annotations

from analyzers.rule import Level
from formats.mapset import Difficulty


def interpret_level(difficulty: Difficulty) -> Level | None:
    """The level; None where neither the name nor a star rating tells."""
    raise NotImplementedError
