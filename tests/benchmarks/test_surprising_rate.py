from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from analyzers.surprising import rarity
from benchmarks import surprising_rate
from models.bundled.fields import Family


def test_the_table_holds_what_one_in_so_many_notes_reaches() -> None:
    notes = np.arange(2.0**16)
    levels = surprising_rate.quantiles(notes)
    assert [round(2**16 - level) for level in levels[:10]] == [2**12, 2**11, 2**10, 2**9, 2**8, 2**7, 2**6, 2**5, 2**4, 2**3]


def test_notes_without_the_field_count_among_the_many() -> None:
    notes = np.concatenate((np.arange(2.0**10), np.full(2**16 - 2**10, np.nan)))
    assert round(2**10 - surprising_rate.quantiles(notes)[4]) == 2**8


def test_what_few_notes_cannot_tell_goes_on_rising() -> None:
    levels = surprising_rate.quantiles(np.arange(64.0))
    assert all(low < high for low, high in pairwise(levels))


def test_written_tables_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "rarity.toml"
    table.write_text(surprising_rate.TABLE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(surprising_rate, "TABLE", table)
    row = [float(level) for level in range(11)]
    surprising_rate.write({Family.OSU: {"new combo": row}}, dict.fromkeys(Family, 8.25))
    read = tomllib.loads(table.read_text(encoding="utf-8"))
    assert (read["osu"], read["shown_from"]["drums"]) == ({"new combo": row}, 8.25)
    assert read["severity"] == rarity.data()["severity"]
    assert read["default"] == rarity.data()["default"]
