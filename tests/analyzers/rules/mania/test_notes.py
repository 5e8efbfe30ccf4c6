"""Columns, long notes and chords."""

from collections.abc import Sequence

import pytest

from analyzers.rule import Level
from formats.osu import Mode
from tests.builder import DIFFICULTY, findings, fixed, kinds, osu_text


def mania(objects: Sequence[str], keys: int = 4, *general: str) -> str:
    difficulty = [line for line in DIFFICULTY if not line.startswith("CircleSize")]
    return osu_text(objects, mode=Mode.MANIA, difficulty=[f"CircleSize:{keys}", *difficulty], general=general)


def chord(time: int, *columns: int, keys: int = 4) -> list[str]:
    return [f"{int(512 * (column + 0.5) / keys)},192,{time},1,0,0:0:0:0:" for column in columns]


def columns(*counts: int) -> list[str]:
    return [
        note
        for column, count in enumerate(counts)
        for number in range(count)
        for note in chord(1000 + number * 100 + column, column, keys=len(counts))
    ]


def test_an_empty_column_is_an_error() -> None:
    assert kinds(findings("mania-column-distribution", mania(columns(10, 10, 10, 0))))[-1] == ("unused-column", "error", None)


@pytest.mark.parametrize(
    ("counts", "kind"),
    [((10, 10, 10, 10), []), ((11, 10, 10, 9), []), ((13, 9, 9, 9), ["uneven-column"]), ((16, 8, 8, 8), ["very-uneven-column"])],
)
def test_columns_differ_by_less_than_a_fifth(counts: Sequence[int], kind: list[str]) -> None:
    found = findings("mania-column-distribution", mania(columns(*counts)))
    assert [finding.kind for finding in found if "Column 1" in finding.message] == kind


def test_the_scratch_of_an_n_plus_1_map_is_not_counted() -> None:
    text = mania(columns(1, 10, 10, 10, 10), 5, "SpecialStyle: 1")
    assert findings("mania-column-distribution", text) == []


def hold(length: int, following: int = 5000) -> str:
    return mania([f"64,192,1000,128,0,{1000 + length}:0:0:0:0:", f"64,192,{following},1,0,0:0:0:0:"])


@pytest.mark.parametrize(("length", "severity"), [(0, "error"), (19, "error"), (20, "warning"), (29, "warning"), (30, None)])
def test_a_long_note_lasts_30_ms(length: int, severity: str | None) -> None:
    found = findings("mania-long-note-short", hold(length))
    assert kinds(found) == ([("too-short", severity, 1000)] if severity else [])


@pytest.mark.parametrize("fix", [0, 1])
def test_a_short_long_note_is_held_longer_or_becomes_a_normal_note(fix: int) -> None:
    text = hold(15)
    mended = fixed(text, findings("mania-long-note-short", text), fix)
    assert ("64,192,1000,128,0,1031:0:0:0:0:", "64,192,1000,1,0,0:0:0:0:")[fix] in mended
    assert findings("mania-long-note-short", mended) == []


def test_a_long_note_is_not_held_into_the_next_note() -> None:
    (found,) = findings("mania-long-note-short", hold(15, 1040))
    assert [fix.title for fix in found.fixes] == ["Make it a normal note"]


@pytest.mark.parametrize(
    ("level", "keys", "most"),
    [
        (Level.EASY, 4, 2),
        (Level.NORMAL, 4, 2),
        (Level.NORMAL, 7, 3),
        (Level.HARD, 4, 3),
        (Level.HARD, 7, 4),
        (Level.INSANE, 7, 6),
    ],
)
def test_chords_are_limited_by_level(level: Level, keys: int, most: int) -> None:
    allowed = mania(chord(1000, *range(most), keys=keys), keys)
    too_large = mania(chord(1000, *range(most + 1), keys=keys), keys)
    assert findings("mania-chord-size", allowed, level=level) == []
    assert kinds(findings("mania-chord-size", too_large, level=level)) == [("chord-too-large", "warning", 1000)]


def test_many_large_chords_are_one_finding() -> None:
    text = mania([note for time in range(1000, 9000, 500) for note in chord(time, 0, 1, 2)])
    (found,) = findings("mania-chord-size", text, level=Level.EASY)
    assert "16 places" in found.message


def test_settings_stay_within_the_limit_of_the_level() -> None:
    text = osu_text(mode=Mode.MANIA, difficulty=["HPDrainRate:7.5", "OverallDifficulty:8"])
    found = findings("mania-difficulty-limit", text, level=Level.NORMAL)
    assert kinds(found) == [("over-limit", "warning", None)]
    assert "OverallDifficulty:7.5" in fixed(text, found)
    assert findings("mania-difficulty-limit", text, level=Level.EXPERT) == []
    assert kinds(findings("mania-difficulty-limit", text, level=Level.ULTRA)) == [("ambiguous-difficulty", "information", None)]
