"""How rare a surprise is, in bits: of b bits, one note in 2^b of published maps looks at least as wrong in that respect.

That is the scale of `--min-surprisal`: it means the same for every mode and every kind of remark, and one bit more
halves what is told.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Severity
from analyzers.surprising.scored import FREE
from models.bundled.fields import COLUMN, FIELDS, MISTAKES, Family

if TYPE_CHECKING:
    from models.surprisal import Surprisal

Floats = NDArray[np.float64]

# The rarities at which the table holds the evidence.
LEVELS = np.arange(4.0, 15.0)
_EVERYWHERE = ("time", "extra", "missing")
# The kinds of mistakes that the detector was taught for each family; of other kinds its answers mean nothing.
TAUGHT: Mapping[Family, frozenset[str]] = {
    Family.OSU: frozenset((*_EVERYWHERE, "new combo", "position", "hit sound", "length", "repeats")),
    Family.TAIKO: frozenset((*_EVERYWHERE, "kind")),
    Family.CATCH: frozenset((*_EVERYWHERE, "position", "new combo", "hit sound", "length")),
    Family.MANIA: frozenset((*_EVERYWHERE, "lane", "length", "kind", "hit sound")),
    Family.FRETS: frozenset((*_EVERYWHERE, "lane", "length", "modifier")),
    Family.DRUMS: frozenset((*_EVERYWHERE, "lane", "modifier")),
}
# Fields whose own surprisal speaks where the detector knows no such mistake.
OWN_SURPRISAL = (
    *("kind", "repeats", "curve", "slider_angle"),
    *("tail_hitsound", "sample_set", "addition_set", "volume", "slider_velocity", "kiai"),
)
# A mistake in a field can only be where the field is.
_FIELD_OF = {
    "new combo": "new_combo",
    "hit sound": "hitsound",
    **{name: name for name in ("length", "repeats", "lane", "kind", "modifier")},
}
_PLACED_BY = {Family.OSU: "distance", Family.CATCH: "shift"}
# What timing lines set: told only where it changes. An object's sample sets are written or the line's: likewise.
OF_LINES = ("volume", "slider_velocity", "kiai")
_CHANGING = (*OF_LINES, "sample_set", "addition_set")
# A map of fewer notes has no habit in what its lines set.
FEWEST_NOTES = 16
# Kinds that have a slider velocity where not every note has a scroll speed.
_SLIDING = {Family.OSU: "slider", Family.CATCH: "slider"}
# Probabilities nearer to 0 or 1 than this tell nothing more.
CERTAIN = 1e-6


def evidence(surprisal: Surprisal, family: Family) -> dict[str, Floats]:
    """(N,) evidence of each of the family's measures: log2 odds of a mistake, or bits above the entropy (NaN = no such field)."""
    chances = surprisal.suspicion.astype(np.float64).clip(CERTAIN, 1 - CERTAIN)
    odds = np.log2(chances / (1 - chances))
    found = {name: odds[:, at] for at, name in enumerate(MISTAKES) if name in TAUGHT[family]}
    for name, values in found.items():
        field = _PLACED_BY[family] if name == "position" else _FIELD_OF.get(name)
        if field is not None:
            values[surprisal.values[:, COLUMN[field]] < 0] = np.nan
    for name in OWN_SURPRISAL:
        if name not in found and family in FIELDS[COLUMN[name]].families:
            column = COLUMN[name]
            found[name] = _bits(surprisal, name) - surprisal.entropy[:, column]
            found[name][~_worth_telling(surprisal, family, name)] = np.nan
    return found


def _bits(surprisal: Surprisal, name: str) -> Floats:
    """(N,) bits of what stands in the field; of a free number those of the values beside it count as well."""
    column = COLUMN[name]
    bits: Floats = surprisal.bits[:, column].astype(np.float64)
    if name in FREE and len(surprisal):
        chances = np.pad(surprisal.table(name).astype(np.float64), ((0, 0), (1, 1)))
        rows, at = np.arange(len(surprisal)), surprisal.values[:, column].astype(np.intp) + 1
        near = chances[rows, at - 1] + chances[rows, at] + chances[rows, at + 1]
        bits = np.where(np.isnan(bits), bits, np.minimum(bits, -np.log2(near.clip(CERTAIN, 1))))
    return bits


def _worth_telling(surprisal: Surprisal, family: Family, name: str) -> NDArray[np.bool_]:
    """(N,) where a surprising value of the field can be a mistake of its own."""
    count = len(surprisal)
    if name in OF_LINES and count < FEWEST_NOTES:
        return np.zeros(count, bool)
    telling = np.ones(count, bool)
    if name in _CHANGING:
        telling[:1] = False
        telling[1:] = np.diff(surprisal.values[:, COLUMN[name]]) != 0
    if name == "slider_velocity" and family in _SLIDING:
        telling &= surprisal.values[:, COLUMN["kind"]] == FIELDS[COLUMN["kind"]].values.index(_SLIDING[family])
    if name == "curve":
        # With one anchor behind its head a slider is straight, whatever it is called.
        telling &= surprisal.values[:, COLUMN["anchors"]] != 0
    return telling


def rarities(measured: Mapping[str, Floats], family: Family) -> dict[str, Floats]:
    """(N,) bits of every measure, less its handicap; −inf where it does not apply."""
    return {name: _rarity(values, table(family, name)) - handicap(name) for name, values in measured.items()}


def _rarity(values: Floats, levels: Floats) -> Floats:
    bits = np.interp(values, levels, LEVELS, left=0.0)
    beyond = values - levels[-1]
    bits = np.where(beyond > 0, LEVELS[-1] + beyond, bits)
    rare: Floats = np.where(np.isnan(values), -np.inf, bits)
    return rare


@cache
def table(family: Family, measure: str) -> Floats:
    """The evidence at each of LEVELS, rising."""
    default = data()["default"]["mistake" if measure in TAUGHT[family] else "field"]
    levels = data().get(family.name.lower(), {}).get(measure, default)
    # Equal steps would leave open which rarity an evidence has.
    rising: Floats = np.array(levels, np.float64)
    return np.maximum.accumulate(rising) + np.arange(len(LEVELS), dtype=np.float64) * 1e-6


def shown_from(family: Family) -> float:
    """The rarity from which a surprise is told by default."""
    return float(data()["shown_from"][family.name.lower()])


def handicap(measure: str) -> float:
    """Bits by which a measure counts as less rare than it is."""
    return float(data().get("handicap", {}).get(measure, 0.0))


def severity_of(suspicion: float | None) -> Severity | None:
    """None where the probability of a mistake is too low for a remark."""
    bands = data()["severity"]
    if suspicion is None:
        return Severity.HINT
    grades = (Severity.WARNING, Severity.INFORMATION, Severity.HINT)
    return next((grade for grade in grades if suspicion >= bands[grade.value]), None)


@cache
def data() -> Mapping[str, Any]:
    # Data of the package, shipped beside this module.
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
