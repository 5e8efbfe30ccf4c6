from __future__ import annotations

from dataclasses import replace

from analyzers.finding import Category, Finding, Related, Severity
from formats.spans import Span
from generation.proposal import caused


def finding(message: str = "Bare for 12.0 s (8 hits).", time: float | None = 1000.0, end: float | None = None) -> Finding:
    return Finding("H101", "bare", "long", Category.HIT_SOUNDS, Severity.ERROR, Span(3, 9), message, time, end)


def test_what_stood_before_is_not_caused() -> None:
    assert caused([finding()], [finding()]) == ([], 0)
    assert caused([finding()], []) == ([], 1)
    assert caused([], [finding()]) == ([finding()], 0)
    assert caused([finding()], [finding(), finding()]) == ([finding()], 0)


def test_other_numbers_are_no_other_finding() -> None:
    assert caused([finding()], [finding("Bare for 11.5 s (7 hits).")]) == ([], 0)
    other = finding("Silent for 11.5 s.")
    assert caused([finding()], [other]) == ([other], 1)


def test_what_is_said_of_the_whole_map_is_the_same_however_worded() -> None:
    assert caused([finding(time=None)], [finding("Quite other words.", None)]) == ([], 0)


def test_a_stretch_that_grew_or_shrank_is_the_same() -> None:
    old = finding(time=1000.0, end=60_000.0)
    assert caused([old], [finding(time=9000.0, end=61_000.0)]) == ([], 0)
    apart = finding(time=61_000.0, end=90_000.0)
    assert caused([old], [apart]) == ([apart], 1)
    otherwise = replace(old, kind="notable", time_ms=2000.0)
    assert caused([old], [otherwise]) == ([otherwise], 1)


def test_what_is_said_of_many_places_may_begin_at_another() -> None:
    related = tuple(Related("map.osu", 2000.0 + number, "bare") for number in range(11))
    many = replace(finding("12 places are bare, the first here (12 s)."), related=related)
    fewer = replace(many, message="11 places are bare, the first here (10 s).", time_ms=1500.0, related=related[1:])
    assert caused([many], [fewer]) == ([], 0)
    one_by_one = [finding(time=3000.0 + number) for number in range(9)]
    assert caused([many], one_by_one)[0] == []
    assert caused(one_by_one, [many])[0] == [many]
    assert len(caused([many], [finding(time=3000.0 + number) for number in range(14)])[0]) == 2
