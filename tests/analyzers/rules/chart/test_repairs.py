"""What every fix of every rule on charts keeps, on charts that nobody would write."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.analysis import Choices, analyse_chart
from analyzers.engine import FAILED_KIND
from analyzers.finding import Finding, Safety
from formats.chart import Chart
from formats.spans import apply_edits
from tests.chart_builder import chart_text

TICKS = st.integers(0, 90)
NOTES = st.builds(
    "{} = N {} {}".format, TICKS, st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, 32, 66]), st.sampled_from([0, 5, 45, 80])
)
PHRASES = st.builds("{} = S {} {}".format, TICKS, st.sampled_from([2, 64, 65]), st.integers(0, 40))
SOLOS = st.builds("{} = E {}".format, TICKS, st.sampled_from(["solo", "soloend"]))
TRACK = st.lists(st.one_of(NOTES, NOTES, PHRASES, SOLOS), max_size=12)
SYNC = st.lists(
    st.one_of(
        st.builds("{} = TS {}".format, st.integers(0, 8).map(lambda beat: beat * 192), st.integers(1, 5)),
        st.builds("{} = B {}".format, TICKS, st.sampled_from([60_000, 125_000, 300_000])),
    ),
    max_size=5,
)
EVENTS = st.lists(st.builds('{} = E "{}"'.format, TICKS, st.sampled_from(["end", "section A", "phrase_start"])), max_size=4)


def chart(notes: list[str], track: str, sync: list[str], events: list[str], newline: str) -> str:
    return chart_text(notes, track=track, sync=sync, events=events, newline=newline)


NAMES = st.sampled_from(["ExpertSingle", "ExpertDrums", "EasyGHLBass"])
CHARTS = st.builds(chart, TRACK, NAMES, SYNC, EVENTS, st.sampled_from(["\n", "\r\n"]))


def findings(text: str) -> list[Finding]:
    return analyse_chart("notes.chart", Chart.from_text(text), None, None, Choices())


def ordered(text: str) -> str:
    """The text with every section in the order of its ticks: what an editor writes."""
    for _ in range(len(findings(text))):
        unsorted = [finding for finding in findings(text) if finding.name == "chart-unsorted"]
        if not unsorted:
            break
        text = apply_edits(text, unsorted[0].fixes[0].edits)
    return text


@settings(max_examples=40, deadline=None)
@given(CHARTS)
def test_a_fix_takes_findings_of_its_rule_away_and_a_safe_one_causes_none_as_grave(text: str) -> None:
    before = findings(text)
    counts = Counter(finding.name for finding in before)
    for finding in before:
        for fix in finding.fixes:
            after = findings(apply_edits(text, fix.edits))
            assert sum(other.name == finding.name for other in after) < counts[finding.name], f"{fix.title}: {finding.message}"
            new = Counter(other.name for other in after if other.severity.rank <= finding.severity.rank) - counts
            assert fix.safety is not Safety.SAFE or not new, f"{fix.title} causes {new}"


@settings(max_examples=20, deadline=None)
@given(CHARTS)
def test_sorted_charts_stay_sorted(text: str) -> None:
    text = ordered(text)
    for finding in findings(text):
        for fix in finding.fixes:
            left = [other.name for other in findings(apply_edits(text, fix.edits))]
            assert "chart-unsorted" not in left, fix.title


def test_a_record_may_be_moved_behind_the_last_line_of_a_section_that_nothing_closes() -> None:
    text = chart_text([], sync=[]).split("[SyncTrack]")[0] + "[SyncTrack]\n{\n  0 = TS 4\n  100 = TS 3\n  300 = B 120000"
    (found,) = [each for each in findings(text) if each.name == "chart-ts-misaligned"]
    assert [apply_edits(text, fix.edits).split("{\n")[-1] for fix in found.fixes] == [
        "  0 = TS 4\n  300 = B 120000\n  768 = TS 3\n"
    ]


@settings(max_examples=100, deadline=None)
@given(CHARTS, st.integers(0, 1_000))
def test_no_rule_fails_on_a_chart_that_breaks_off(text: str, length: int) -> None:
    assert not [finding.message for finding in findings(text[:length]) if finding.kind == FAILED_KIND]
