from __future__ import annotations

import errno
import multiprocessing
import os
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from analyzers.finding import Category, Finding, Severity
from formats.beatmap import Beatmap
from formats.document import Document
from formats.spans import Span
from server import dismissals
from server.dismissals import Dismissal, dismissal
from tests.server.maps import QUIET_LINE, put, quiet_text


def document(text: str) -> Document:
    return Beatmap.from_text(text).document


def finding(document: Document, at: str, message: str = "So it is.") -> Finding:
    start = document.text.index(at)
    return Finding("T999", "some-rule", "some-kind", Category.TIMING, Severity.ERROR, Span(start, start + 1), message)


def test_a_dismissal_survives_edits_elsewhere_and_ends_when_the_line_changes() -> None:
    before = document(quiet_text())
    kept = dismissals.Dismissed(frozenset({dismissal(finding(before, QUIET_LINE), before, "a.osu")}))
    moved = document(quiet_text().replace("[TimingPoints]\n", "[TimingPoints]\n-500,500,4,1,0,100,1,0\n"))
    assert kept.keep([finding(moved, QUIET_LINE)], moved, "a.osu") == []
    changed = document(quiet_text().replace(QUIET_LINE, "1000,-100,4,1,0,3,0,0"))
    other = finding(changed, "1000,-100,4,1,0,3")
    assert kept.keep([other], changed, "a.osu") == [other]
    assert kept.keep([finding(moved, QUIET_LINE)], moved, "b.osu") != []


def test_a_setting_is_known_by_its_key_and_a_whole_file_by_what_is_said() -> None:
    text = document(quiet_text())
    assert dismissal(finding(text, "Title:"), text, "a.osu").subject == "Title"
    assert dismissal(finding(text, "[TimingPoints]", "No kiai."), text, "a.osu").subject == "No kiai."


def test_what_is_written_is_read_again_whatever_it_holds(tmp_path: Path) -> None:
    odd = Dismissal('a "b" \\ [c].osu', "rule", "kind", "HitObjects", "tab\there, \x01, 日本 'q' \\u0041 \ufffd")
    assert dismissals.add(str(tmp_path), [odd, odd]) == [odd]
    assert dismissals.load(str(tmp_path)) == dismissals.Dismissed(frozenset({odd}))
    assert dismissals.add(str(tmp_path), [odd]) == []


def test_comments_in_the_file_stay(tmp_path: Path) -> None:
    one, two = (Dismissal("a.osu", "rule", kind, "", "line") for kind in ("one", "two"))
    dismissals.add(str(tmp_path), [one])
    path = tmp_path / ".maimod" / "dismissed.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# agreed with the BN", encoding="utf-8")
    dismissals.add(str(tmp_path), [two], "it is meant so")
    assert "# agreed with the BN\n" in path.read_text(encoding="utf-8")
    assert dismissals.load(str(tmp_path)).dismissals == {one, two}


def test_a_broken_file_is_told_and_dismisses_nothing(tmp_path: Path) -> None:
    put(tmp_path, ".maimod/dismissed.toml", "[[dismissed]\n")
    loaded = dismissals.load(str(tmp_path))
    assert loaded.dismissals == frozenset()
    assert "is not valid TOML" in loaded.problems[0]


def test_an_entry_that_lacks_something_is_told(tmp_path: Path) -> None:
    put(tmp_path, ".maimod/dismissed.toml", '[[dismissed]]\nmap = "a.osu"\n')
    assert "entry 1 needs map and rule" in dismissals.load(str(tmp_path)).problems[0]


def test_a_rule_can_be_dismissed_in_a_whole_map(tmp_path: Path) -> None:
    text = document(quiet_text())
    whole = dismissals.in_whole_map("some-rule", "a.osu")
    dismissals.add(str(tmp_path), [whole])
    kept = dismissals.load(str(tmp_path))
    assert kept == dismissals.Dismissed(frozenset({whole}))
    assert kept.keep([finding(text, QUIET_LINE), finding(text, "Title:")], text, "a.osu") == []
    assert kept.keep([finding(text, QUIET_LINE)], text, "b.osu") != []
    assert kept.by(finding(text, QUIET_LINE), text, "a.osu") == whole


def test_restoring_takes_an_entry_out_and_leaves_all_else(tmp_path: Path) -> None:
    one, two, three = (Dismissal("a.osu", "rule", kind, "", "line") for kind in ("one", "two", "three"))
    dismissals.add(str(tmp_path), [one])
    path = tmp_path / ".maimod" / "dismissed.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# the next is meant so\n", encoding="utf-8")
    dismissals.add(str(tmp_path), [two, three])
    assert dismissals.remove(str(tmp_path), [one, Dismissal("b.osu", "rule")]) == [one]
    text = path.read_text(encoding="utf-8")
    assert dismissals.load(str(tmp_path)).dismissals == {two, three}
    assert "# the next is meant so\n" in text and text.startswith(dismissals.INTRODUCTION)
    assert dismissals.remove(str(tmp_path), [one]) == []


def test_a_file_that_is_no_toml_or_oddly_written_is_not_shortened(tmp_path: Path) -> None:
    one = Dismissal("a.osu", "rule")
    path = put(tmp_path, ".maimod/dismissed.toml", 'dismissed = [{map = "a.osu", rule = "rule"}]\n')
    with pytest.raises(ValueError, match="by hand"):
        dismissals.remove(str(tmp_path), [one])
    put(tmp_path, ".maimod/dismissed.toml", "[[dismissed]\n")
    with pytest.raises(ValueError, match="not valid TOML"):
        dismissals.remove(str(tmp_path), [one])
    assert path.read_text(encoding="utf-8") == "[[dismissed]\n"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"[[dismissed]\n", "not valid TOML"),
        (b"# \xe9\n", "not UTF-8"),
        (b'dismissed = [{map = "a.osu", rule = "rule"}]\n', "by hand"),
    ],
)
def test_nothing_is_added_to_a_file_that_would_not_be_understood(tmp_path: Path, written: bytes, reason: str) -> None:
    path = tmp_path / ".maimod" / "dismissed.toml"
    path.parent.mkdir()
    path.write_bytes(written)
    with pytest.raises(ValueError, match=reason):
        dismissals.add(str(tmp_path), [Dismissal("b.osu", "rule")])
    assert path.read_bytes() == written


def test_a_disk_that_is_full_loses_no_dismissal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = Dismissal("a.osu", "one"), Dismissal("a.osu", "two")
    dismissals.add(str(tmp_path), [one])

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        dismissals.add(str(tmp_path), [two])
    assert dismissals.load(str(tmp_path)).dismissals == {one}
    assert [each.name for each in (tmp_path / ".maimod").iterdir()] == ["dismissed.toml"], "nothing half written is left"


def _dismiss_many(folder: str, start: Barrier, first: int) -> None:
    start.wait()
    for number in range(first, first + 25):
        dismissals.add(folder, [dismissals.in_whole_map(f"rule-{number}", "a.osu")])


def test_two_programs_that_dismiss_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    both = [context.Process(target=_dismiss_many, args=(str(tmp_path), start, first)) for first in (0, 100)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert [each.exitcode for each in both] == [0, 0]
    rules = {each.rule for each in dismissals.load(str(tmp_path)).dismissals}
    assert rules == {f"rule-{number}" for first in (0, 100) for number in range(first, first + 25)}
