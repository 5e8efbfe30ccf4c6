"""The public Python API: plain values, stable as the JSON of `maimod check` is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from os import PathLike, fspath
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from maimod.scored import Scored
    from server.report import Remark, Report

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Fix:
    """`safety`: safe, unsafe, or display (never applied by a command)."""

    title: str
    safety: str


@dataclass(frozen=True, slots=True)
class Expected:
    """A value that the model expected in place of what stands there, with its probability 0 to 1."""

    value: str
    probability: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a map. Times in ms as played; `line` and `column` 0-based, the column in UTF-16 code units.

    `bits` and `expected` are there where the surprisal model speaks: how rare the surprise is, and what was expected.
    """

    code: str
    name: str
    kind: str
    category: str
    severity: str
    message: str
    time_ms: float | None
    end_ms: float | None
    selection: str
    line: int
    column: int
    fixes: tuple[Fix, ...]
    bits: float | None = None
    expected: tuple[Expected, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedMap:
    """One map's findings in text order. `mode` (osu, taiko, catch, mania) and `difficulty` are None for a `.chart`."""

    path: str
    format: str
    mode: str | None
    artist: str
    title: str
    difficulty: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class UnreadablePath:
    """A path that could not be read, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer of `check`; iterating over it gives the maps. `notices` are sentences about what was not judged, and why."""

    maps: tuple[CheckedMap, ...]
    unreadable: tuple[UnreadablePath, ...]
    notices: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[CheckedMap]:
        return iter(self.maps)


def check(
    *paths: str | PathLike[str],
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    standard: str | None = None,
    level: str | None = None,
    surprisal: bool | None = None,
    min_surprisal: float | None = None,
    audio: str | PathLike[str] | None = None,
    model: str | PathLike[str] | None = None,
    jobs: int = 1,
) -> Checked:
    """What is wrong in the maps, archives and folders that `paths` name, as `maimod check` says it.

    `select` and `ignore` take rule names, codes, starts of codes and categories; `standard` is ranking, lazer or
    clone-hero, `level` easy to ultra. `surprisal` says whether the model is asked which notes it did not expect,
    `min_surprisal` how rare (in bits) a surprise must be, `audio` is a song to be heard in place of each map's own, or
    "off", `model` the weights of another model than the bundled one. What is not given comes from `maimod.toml`. With `jobs`
    above 1 the calling module must be safe to import again (`if __name__ == "__main__":`). Raises `ValueError` for an unknown
    name.
    """
    from analyzers.rule import Level, Standard
    from server.check import Asked, Run
    from server.choosing import named

    asked = Asked(
        _one_of(Standard, standard) if standard else None,
        _one_of(Level, level) if level else None,
        tuple(name for word in select for name in named(word)),
        tuple(name for word in ignore for name in named(word)),
        surprisal=surprisal,
        min_surprisal=min_surprisal,
        audio=None if audio is None else fspath(audio),
        weights=None if model is None else fspath(model),
    )
    run = Run([fspath(path) for path in paths], asked, jobs=jobs)
    maps = tuple(_checked(report) for report in run)
    unreadable = tuple(UnreadablePath(each.path, each.reason) for each in run.unreadable)
    return Checked(maps, unreadable, tuple(run.notices))


def surprisal(
    *paths: str | PathLike[str],
    text: str | bytes | None = None,
    name: str = "",
    audio: str | PathLike[str] | None = None,
    model: str | PathLike[str] | None = None,
    jobs: int = 1,
) -> Scored:
    """How little a model that has read many maps expected each note, as `maimod surprisal` says it.

    `paths` name maps, archives and folders; `text` is what a map holds, `name` what its file would be called. `audio` is
    a song to be heard in place of each map's own, or "off", `model` the weights of another model than the bundled one. With
    `jobs` above 1 the calling module must be safe to import again. Raises `RuntimeError` where the model cannot be asked.
    """
    from maimod.scored import Scored, plain
    from models.errors import MaimodError
    from server.surprisal_run import SurprisalRun

    given = [fspath(path) for path in paths] + (["-"] if text is not None else [])
    stdin = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    song, weights = (None if path is None else fspath(path) for path in (audio, model))
    run = SurprisalRun(given, plain, audio=song, weights=weights, jobs=jobs, stdin=stdin, stdin_name=name)
    try:
        maps = tuple(run)
    except MaimodError as trouble:
        raise RuntimeError(str(trouble)) from trouble
    return Scored(maps, tuple(UnreadablePath(each.path, each.reason) for each in run.unreadable), tuple(run.notices))


def _one_of(kind: type[Word], value: str) -> Word:
    """The member of that name, or a `ValueError` that names them all."""
    if value in {str(member) for member in kind}:
        return kind(value)
    raise ValueError(f"there is no {kind.__name__.lower()} {value!r}; there are {', '.join(map(str, kind))}")


def _checked(report: Report) -> CheckedMap:
    findings = tuple(map(_finding, report.remarks))
    return CheckedMap(report.path, report.format, report.mode, report.artist, report.title, report.difficulty, findings)


def _finding(remark: Remark) -> Finding:
    found, (line, column) = remark.finding, remark.range.start
    return Finding(
        found.code,
        found.name,
        found.kind,
        found.category.value,
        found.severity.value,
        found.message,
        found.time_ms,
        found.end_ms,
        found.selection,
        line,
        column,
        tuple(Fix(fix.title, fix.safety.value) for fix in found.fixes),
        found.surprisal.bits if found.surprisal else None,
        tuple(Expected(each.value, each.probability) for each in found.surprisal.expected) if found.surprisal else (),
    )
