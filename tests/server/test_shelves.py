from __future__ import annotations

from analyzers.finding import Category, Finding, Fix, Safety, Severity
from formats.spans import Edit, Span
from server.shelves import Shelves


def finding(start: int, end: int, message: str = "here", *edits: Edit) -> Finding:
    fixes = (Fix("mend", Safety.SAFE, edits),) if edits else ()
    return Finding("T1", "a-rule", "a-kind", Category.TIMING, Severity.WARNING, Span(start, end), message, fixes=fixes)


def test_what_all_sources_say_comes_in_text_order() -> None:
    shelves = Shelves()
    shelves.put("slow", 0, [finding(5, 6, "second")])
    shelves.put("quick", 0, [finding(1, 2, "first"), finding(9, 9, "third")])
    assert [each.message for each in shelves.merged()] == ["first", "second", "third"]


def test_a_source_that_is_slow_is_heard_where_its_findings_stand_now_but_mends_nothing() -> None:
    shelves = Shelves()
    shelves.put("slow", 0, [finding(1, 2), finding(4, 6), finding(8, 9, "here", Edit(Span(8, 9), ""))])
    shelves.edited(1, Edit(Span(4, 5), "xyz"))
    shelves.put("quick", 1, [])
    assert [(each.span.start, each.fixes) for each in shelves.merged()] == [(1, ()), (10, ())]


def test_fixes_move_along_for_those_who_know_that_they_hold() -> None:
    shelves = Shelves()
    shelves.put("local", 0, [finding(8, 9, "here", Edit(Span(8, 9), "x"))])
    shelves.edited(1, Edit(Span(0, 0), "ab"))
    (moved,) = shelves.moved("local")
    assert moved.fixes[0].edits == (Edit(Span(10, 11), "x"),)


def test_several_edits_are_followed_in_order() -> None:
    shelves = Shelves()
    shelves.put("slow", 0, [finding(4, 5)])
    shelves.edited(1, Edit(Span(0, 0), "abc"))
    assert [each.span for each in shelves.merged()] == [Span(7, 8)]
    shelves.edited(2, Edit(Span(0, 3), ""))
    shelves.edited(3, Edit(Span(9, 9), "later"))
    assert [each.span for each in shelves.merged()] == [Span(4, 5)]


def test_a_source_is_up_to_date_when_it_saw_the_whole_of_the_newest_text() -> None:
    shelves = Shelves()
    shelves.put("rule", 3, [], whole=False)
    assert (shelves.whole("rule", 3), shelves.since("rule", 3), shelves.since("rule", 4)) == (False, True, False)
    shelves.put("rule", 3, [])
    assert shelves.whole("rule", 3)


def test_a_rule_that_was_switched_off_falls_silent() -> None:
    shelves = Shelves()
    shelves.put("rule", 0, [finding(0, 1)])
    shelves.keep_only(["other"])
    assert not shelves.merged()
