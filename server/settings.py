"""`maimod.toml`: what a folder of maps is checked for. The nearest file at or above a map counts; the command line overrides it.

The JSON Schema of the file is `docs/schemas/config-v1.json`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import cast

from analyzers.analysis import Choices
from analyzers.finding import Finding, Severity
from analyzers.rule import Level, Standard
from server.choosing import named

FILE_NAME = "maimod.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user wants of a check. `standard` and `level` None = decided by the map.

    `surprisal` says whether the model is asked, `weights` where another one than the bundled one lies, `min_surprisal` is the
    fewest bits worth a remark (None = as calibrated).
    `severities` holds (name of a rule, severity in place of its own).
    """

    standard: Standard | None = None
    level: Level | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.WARNING
    surprisal: bool = True
    min_surprisal: float | None = None
    severities: tuple[tuple[str, Severity], ...] = ()
    weights: str | None = None

    @property
    def choices(self) -> Choices:
        return Choices(self.standard, self.level, self.select, self.ignore, self.min_surprisal)

    def graded(self, findings: Sequence[Finding]) -> Sequence[Finding]:
        """The findings with the severities that the user gave their rules."""
        if not self.severities:
            return findings
        wanted = dict(self.severities)
        return [replace(each, severity=wanted[each.name]) if each.name in wanted else each for each in findings]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings with the file they came from, and one sentence for each thing in it that was not understood."""

    settings: Settings = field(default_factory=Settings)
    path: str | None = None
    problems: tuple[str, ...] = ()


def find_file(folder: str) -> str | None:
    """The nearest `maimod.toml` in `folder` or above it."""
    here = os.path.abspath(folder or ".")
    while True:
        path = os.path.join(here, FILE_NAME)
        if os.path.isfile(path):
            return path
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above


def load_for(folder: str) -> Loaded:
    """The settings that hold for the maps of `folder`; the defaults where no file stands above it."""
    path = find_file(folder)
    return load(path) if path else Loaded()


def load(path: str) -> Loaded:
    """The settings of one file. What it does not understand keeps its default and becomes a problem; nothing raises."""
    import tomllib

    try:
        with open(path, "rb") as file:
            table = tomllib.load(file)
    except OSError as trouble:
        return Loaded(path=path, problems=(f"{path}: cannot be read ({trouble.strerror or trouble}), so the defaults are used",))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        return Loaded(path=path, problems=(f"{path}: is not valid TOML ({trouble}), so the defaults are used",))
    settings, problems = understand(table)
    return Loaded(settings, path, tuple(f"{path}: {problem}" for problem in problems))


def understand(table: Mapping[str, object], base: Settings | None = None) -> tuple[Settings, list[str]]:
    """`base` with keys and values (of the file, or of an editor), and one sentence for each that is wrong."""
    settings = base or Settings()
    problems: list[str] = []
    for key, value in table.items():
        try:
            settings = _with(settings, key, value)
        except ValueError as trouble:
            problems.append(str(trouble))
    return settings, problems


def _with(settings: Settings, key: str, value: object) -> Settings:
    match key:
        case "standard":
            return replace(settings, standard=Standard(_one_of(key, value, Standard)))
        case "level":
            return replace(settings, level=Level(_one_of(key, value, Level)))
        case "fail-on":
            return replace(settings, fail_on=Severity(_one_of(key, value, Severity)))
        case "select":
            return replace(settings, select=_rules(key, value))
        case "ignore":
            return replace(settings, ignore=_rules(key, value))
        case "surprisal":
            return replace(settings, surprisal=_switch(key, value))
        case "min-surprisal":
            return replace(settings, min_surprisal=_bits(key, value))
        case "severity":
            return replace(settings, severities=_severities(key, value))
        case _:
            raise ValueError(f"the key {key!r} is unknown; known are {', '.join(KEYS)}")


KEYS = ("standard", "level", "select", "ignore", "fail-on", "surprisal", "min-surprisal", "severity")


def _one_of(key: str, value: object, known: Iterable[str]) -> str:
    names = [str(each) for each in known]
    if not isinstance(value, str) or value not in names:
        raise ValueError(f"the key {key!r} must be one of {', '.join(names)}, not {value!r}")
    return value


def _switch(key: str, value: object) -> bool:
    if value is not True and value is not False:
        raise ValueError(f"the key {key!r} must be true or false, not {value!r}")
    return value


def _bits(key: str, value: object) -> float:
    if type(value) not in (int, float) or not isfinite(cast("float", value)) or cast("float", value) < 0:
        raise ValueError(f"the key {key!r} must be a number of bits, 0 or more, not {value!r}")
    return float(cast("float", value))


def _severities(key: str, value: object) -> tuple[tuple[str, Severity], ...]:
    table = cast("dict[object, object]", value) if isinstance(value, dict) else None
    if table is None:
        raise ValueError(f"the key {key!r} must be a table of rule names and severities, not {value!r}")
    off = next((word for word, grade in table.items() if grade is False or grade in ("off", "none", "ignore")), None)
    if off is not None:
        raise ValueError(f"the key '{key}.{off}' cannot switch a rule off; name it in ignore: ignore = [\"{off}\"]")
    grades = [(_rules(key, [word]), Severity(_one_of(f"{key}.{word}", grade, Severity))) for word, grade in table.items()]
    return tuple((name, grade) for names, grade in grades for name in names)


def _rules(key: str, value: object) -> tuple[str, ...]:
    words = cast("list[object]", value) if isinstance(value, list) else []
    if not isinstance(value, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"the key {key!r} must be a list of rule names, not {value!r}")
    try:
        return tuple(name for word in words for name in named(str(word)))
    except ValueError as trouble:
        raise ValueError(f"in the key {key!r} {trouble}") from None
