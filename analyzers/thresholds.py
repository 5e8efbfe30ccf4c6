"""The numbers of the ranking criteria that change over time, read once from `thresholds.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from analyzers.rule import Level, Standard
from formats.osu import Mode


@dataclass(frozen=True, slots=True)
class DrainThresholds:
    """The shortest times in ms, by the level of the lowest difficulty, since a day."""

    mode: Mode
    standard: Standard | None
    since: date
    shortest: Mapping[Level, int]


def lowest_difficulty_drain(mode: Mode, standard: Standard, day: date | None = None) -> Mapping[Level, int]:
    """What held on `day`; by default on the day that this version's rules are of."""
    return max(
        (
            each
            for each in _drain_thresholds()
            if each.mode is mode and each.standard in (None, standard) and each.since <= (day or rules_of())
        ),
        key=lambda each: each.since,
    ).shortest


def rules_of() -> date:
    """The day whose ranking criteria the rules go by."""
    day = _data()["rules_of"]
    return day if isinstance(day, date) else date.max


@cache
def _drain_thresholds() -> tuple[DrainThresholds, ...]:
    return tuple(
        DrainThresholds(
            Mode[entry["mode"].upper()],
            Standard(entry["standard"]) if "standard" in entry else None,
            entry["since"],
            {level: _ms(entry[level.value]) for level in (Level.HARD, Level.INSANE, Level.EXPERT)},
        )
        for entry in _data()["lowest-difficulty-drain"]
    )


@cache
def _data() -> Mapping[str, Any]:
    # Data of the package, shipped beside this module.
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _ms(text: str) -> int:
    minutes, seconds = text.split(":")
    return (int(minutes) * 60 + int(seconds)) * 1000
