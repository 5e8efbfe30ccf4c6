"""From what a model said of every note to the few that a remark is worth: neighbours with one cause are one suspect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Severity
from analyzers.surprising.rarity import OF_LINES, TAUGHT, evidence, rarities, severity_of, shown_from
from analyzers.surprising.scored import Suspect
from models.bundled.fields import COLUMN, MISTAKES, Family

if TYPE_CHECKING:
    from models.surprisal import Surprisal

# What one slip makes look wrong: measures of one group, up to so many moments before and after it.
_TIME, _MISSING, _SHAPE, _SOUND = "time", "missing", "shape", "sound"
_GROUPS = {
    **dict.fromkeys(("time", "extra"), _TIME),
    **dict.fromkeys(("length", "repeats", "curve"), _SHAPE),
    **dict.fromkeys(("hit sound", "tail_hitsound", "sample_set", "addition_set"), _SOUND),
    "slider_angle": "position",
}
_FARTHEST, NOWHERE = 2, (-1, -1)
_REACH = {_TIME: 1, _MISSING: 2, "position": 2, "kind": 1, "lane": 1}
# A slip of the first group explains suspects of the second, from so many moments before it to so many behind it.
_EXPLAINS = {
    (_TIME, "position"): (1, 1),
    (_TIME, "new combo"): (1, 1),
    (_TIME, "lane"): (0, 0),
    (_TIME, _SHAPE): (0, 0),
    (_TIME, "kind"): (0, 0),
    # Before a note that is missing the rhythm is longer, as before one at which a slider would end.
    (_MISSING, _TIME): (1, 1),
    (_MISSING, _SHAPE): (1, 1),
    (_MISSING, "kind"): (1, 1),
    (_MISSING, "position"): (1, 2),
    (_MISSING, "new combo"): (1, 1),
    (_MISSING, "lane"): (0, 0),
    (_TIME, _MISSING): (1, 1),
    (_SHAPE, _MISSING): (1, 1),
    ("kind", _MISSING): (1, 1),
    ("position", _MISSING): (1, 0),
    ("lane", _MISSING): (0, 0),
    ("position", _TIME): (1, 0),
    ("kind", _SHAPE): (0, 0),
    ("kind", _TIME): (0, 1),
    ("kind", "position"): (0, 1),
    ("kind", _SOUND): (0, 0),
    (_SHAPE, "position"): (0, 1),
    (_SHAPE, _TIME): (0, 1),
    (_SHAPE, "kind"): (0, 0),
    ("lane", _TIME): (0, 0),
    ("lane", "kind"): (0, 0),
}
# Which field holds what a kind of mistake is about, where it bears another name.
_VALUE_OF = {"hit sound": "hitsound", "new combo": "new_combo"}
# A value that is hinted at more often in one map, and at more than one note in so many, is a habit.
SELDOM, NOTES_A_HABIT = 4, 100
# Heads this near (ms) are struck together.
TOGETHER_MS = 1.0


class _Candidate(NamedTuple):
    rarity: float
    suspicion: float | None
    row: int
    measure: str


def suspects_of(surprisal: Surprisal, family: Family, least: float | None = None) -> dict[str, list[Suspect]]:
    """The suspects by measure; `least` bits of rarity, as calibrated by default."""
    if not len(surprisal):
        return {}
    bits = rarities(evidence(surprisal, family), family)
    floor = shown_from(family) if least is None else least
    found: dict[str, list[Suspect]] = {
        name: list(_stretches(surprisal, name, bits[name], floor)) for name in OF_LINES if name in bits
    }
    single: list[_Candidate] = []
    for name, rare in bits.items():
        if name not in OF_LINES:
            single += _single(surprisal, name, rare, floor, known=name in TAUGHT[family])
    for suspect in _but_habits(list(_one_for_each_cause(sorted(single, key=_strongest), surprisal)), surprisal):
        found.setdefault(suspect.measure, []).append(suspect)
    return found


def _strongest(candidate: _Candidate) -> tuple[float, float, int]:
    return -candidate.rarity, -(candidate.suspicion or 0.0), candidate.row


def _single(surprisal: Surprisal, name: str, rare: NDArray[np.float64], floor: float, *, known: bool) -> Iterator[_Candidate]:
    """`known` says that the detector knows such mistakes."""
    chances = surprisal.suspicion[:, MISTAKES.index(name)] if known else None
    for row in np.flatnonzero(rare >= floor):
        chance = None if chances is None else float(chances[row])
        if severity_of(chance) is not None:
            yield _Candidate(float(rare[row]), chance, int(row), name)


def _one_for_each_cause(candidates: Iterable[_Candidate], surprisal: Surprisal) -> Iterator[Suspect]:
    """The strongest candidate of each cause; the rows that it speaks for."""
    moments = _moments(surprisal)
    taken: dict[int, list[tuple[str, int]]] = {}
    kept: list[tuple[_Candidate, list[int]]] = []
    for candidate in candidates:
        moment, group = int(moments[candidate.row]), _GROUPS.get(candidate.measure, candidate.measure)
        cause = _cause(taken, moment, group)
        if cause is None:
            taken.setdefault(moment, []).append((group, len(kept)))
            kept.append((candidate, [candidate.row]))
        elif kept[cause][0].measure == candidate.measure:
            kept[cause][1].append(candidate.row)
    for candidate, rows in kept:
        grade = severity_of(candidate.suspicion) or Severity.HINT
        yield Suspect(candidate.row, candidate.measure, candidate.rarity, candidate.suspicion, min(rows), max(rows), grade)


def _but_habits(suspects: list[Suspect], surprisal: Surprisal) -> Iterator[Suspect]:
    """Without hints at what the map does again and again: that is its style, however seldom other maps do it."""
    said = Counter(_said(suspect, surprisal) for suspect in suspects if suspect.severity is Severity.HINT)
    most = max(SELDOM, len(surprisal) // NOTES_A_HABIT)
    for suspect in suspects:
        what = _said(suspect, surprisal)
        if suspect.severity is not Severity.HINT or what is None or said[what] <= most:
            yield suspect


def _said(suspect: Suspect, surprisal: Surprisal) -> tuple[str, int] | None:
    """The measure and the value that stands there; None where no single value is what surprises."""
    field = _VALUE_OF.get(suspect.measure, suspect.measure)
    return (field, int(surprisal.values[suspect.row, COLUMN[field]])) if field in COLUMN else None


def _moments(surprisal: Surprisal) -> NDArray[np.int64]:
    """(N,) which moment each note belongs to: chords are one."""
    times = np.array([note.time for note in surprisal.notes], float)
    moments: NDArray[np.int64] = np.concatenate(([0], np.cumsum(np.diff(times) > TOGETHER_MS)))
    return moments


def _cause(taken: dict[int, list[tuple[str, int]]], moment: int, group: str) -> int | None:
    """The number of the kept suspect whose slip explains this one as well."""
    for at in range(moment - _FARTHEST, moment + _FARTHEST + 1):
        for known, number in taken.get(at, ()):
            before, behind = _EXPLAINS.get((known, group), NOWHERE) if known != group else (_REACH.get(group, 0),) * 2
            if at - before <= moment <= at + behind:
                return number
    return None


def _stretches(surprisal: Surprisal, name: str, rare: NDArray[np.float64], floor: float) -> Iterator[Suspect]:
    """One suspect for each surprising change, for the notes that have its value; what only ends such a stretch is none."""
    values = surprisal.values[:, COLUMN[name]]
    starts = np.concatenate(([0], np.flatnonzero(np.diff(values)) + 1, [len(values)]))
    ended, before = -1, -1
    for row in map(int, np.flatnonzero(rare >= floor)):
        if row == ended and values[row] == before:
            continue
        ended = int(starts[np.searchsorted(starts, row, side="right")])
        before = int(values[row - 1])
        yield Suspect(row, name, float(rare[row]), None, row, ended - 1)
