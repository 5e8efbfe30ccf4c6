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


def test_what_a_rule_says_of_a_place_is_the_same_however_worded() -> None:
    forgotten = replace(finding("No clap here, unlike [Easy] and most others."), severity=Severity.WARNING)
    missing = replace(finding("No clap here, unlike [Easy]."), kind="missing", severity=Severity.INFORMATION)
    assert caused([forgotten], [missing]) == ([], 0)
    second = finding("Silent for 11.5 s.")
    assert caused([finding()], [finding(), second]) == ([second], 0)
    elsewhere, by_another = finding(time=1500.0), replace(finding(), code="H102")
    assert caused([finding()], [elsewhere]) == ([elsewhere], 1)
    assert caused([finding()], [by_another]) == ([by_another], 1)


def test_what_became_severer_is_caused_and_nothing_is_solved_by_it() -> None:
    warning = replace(finding("Nearly bare."), kind="short", severity=Severity.WARNING)
    assert caused([warning], [finding()]) == ([finding()], 0)
    assert caused([finding()], [warning]) == ([], 0)


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
    apart = replace(many, code="H102")
    assert caused([many], [apart]) == ([apart], 1)


def merged(times: list[float]) -> Finding:
    """What rules say that name the first twelve of many places."""
    related = tuple(Related("map.osu", time, "bare") for time in times[1:12])
    return replace(finding(f"{len(times)} places are bare, the first here.", times[0]), kind="many", related=related)


def test_what_was_merged_into_one_is_not_solved() -> None:
    singles = [finding(time=1000.0 * number) for number in range(1, 10)]
    others = [500.0 + 1000.0 * number for number in range(1, 10)]
    whole = merged(sorted([*others, *(1000.0 * number for number in range(1, 10))]))
    assert caused(singles, [whole]) == ([whole], 0)
    # The second of them is not among the places that are named, the last may be one of those that are not.
    but_one = merged(sorted([*others, *(1000.0 * number for number in (1, 3, 4, 5, 6, 7, 8, 9))]))
    assert caused(singles, [but_one]) == ([but_one], 1)
    # Nothing was merged into what stands as it stood.
    assert caused([*singles, whole], [whole]) == ([], 9)


def test_what_was_merged_without_another_place_is_not_caused() -> None:
    singles = [finding(time=1000.0 * number) for number in range(1, 6)]
    assert caused(singles, [merged([1000.0 * number for number in range(1, 6)])]) == ([], 0)
    one_more = merged([1000.0 * number for number in range(1, 7)])
    assert caused(singles, [one_more]) == ([one_more], 0)


def test_what_was_parted_is_new_only_at_other_moments() -> None:
    whole = merged([1000.0 * number for number in range(1, 9)])
    parts = [finding(time=1000.0 * number) for number in range(1, 4)]
    assert caused([replace(whole, severity=Severity.ERROR)], parts) == ([], 1)
    new = finding(time=2500.0)
    assert caused([whole], [*parts, new]) == ([new], 1)
    severe = [replace(each, severity=Severity.ERROR) for each in parts]
    assert caused([replace(whole, severity=Severity.WARNING)], severe) == (severe, 1)


def test_a_stretch_holds_what_was_listed_in_it() -> None:
    singles = [finding(time=1000.0), finding(time=5000.0), finding(time=9000.0)]
    stretch = replace(finding("Bare from here on.", 900.0, 6000.0), kind="stretch")
    assert caused(singles, [stretch]) == ([stretch], 1)
    # The end of a long note makes no stretch of what is said of it.
    note = finding(time=900.0, end=6000.0)
    assert caused(singles, [note]) == ([note], 3)


def test_what_is_said_of_the_whole_map_instead_of_each_place_solves_none() -> None:
    of_all = replace(finding("Bare all over.", None), kind="all over")
    singles = [finding(time=1000.0), finding(time=5000.0)]
    assert caused(singles, [of_all]) == ([of_all], 0)
    assert caused([of_all], singles) == ([], 1)
    # What stands on both sides swallowed nothing, and speaks of no place.
    assert caused([of_all, *singles], [of_all]) == ([], 2)
    assert caused([of_all], [of_all, merged([1000.0, 2000.0, 3000.0, 4000.0])])[0] != []


def test_a_witness_is_no_place_of_a_finding() -> None:
    singles = [replace(finding(time=time), related=(Related("other.osu", time + 0.4, "clap"),)) for time in (1000.0, 2000.0)]
    whole = merged([1000.0 * number for number in range(1, 8)])
    assert caused(singles, [whole]) == ([whole], 0)
