"""Rules on [SyncTrack]."""

from __future__ import annotations

from analyzers.finding import Safety
from tests.builder import kinds
from tests.chart_builder import chart_findings, chart_text, repaired


def test_120_bpm_and_common_time_alone_were_not_mapped() -> None:
    expected = [("isDefaultBPM", "warning", None)]
    assert kinds(chart_findings("chart-default-tempo", chart_text(sync=["0 = TS 4", "0 = B 120000"]))) == expected
    assert kinds(chart_findings("chart-default-tempo", chart_text(sync=[]))) == expected


def test_another_tempo_or_measure_was_mapped() -> None:
    assert chart_findings("chart-default-tempo", chart_text(sync=["0 = B 121000"])) == []
    for line in ("768 = B 120500", "0 = TS 3", "0 = TS 4 3"):
        assert chart_findings("chart-default-tempo", chart_text(sync=["0 = B 120000", line])) == []


def test_a_time_signature_inside_a_measure_moves_to_either_side() -> None:
    text = chart_text(sync=["0 = TS 4", "0 = B 125000", "960 = TS 3"])
    found = chart_findings("chart-ts-misaligned", text)
    assert kinds(found) == [("misalignedTimeSignature", "warning", 2400)]
    assert found[0].message == "This 3/4 time signature stands 1 beats into a measure, so the game ignores it."
    assert [fix.safety for fix in found[0].fixes] == [Safety.UNSAFE, Safety.UNSAFE]
    assert repaired("chart-ts-misaligned", text, 0) == chart_text(sync=["0 = TS 4", "0 = B 125000", "768 = TS 3"])
    assert repaired("chart-ts-misaligned", text, 1) == chart_text(sync=["0 = TS 4", "0 = B 125000", "1536 = TS 3"])


def test_a_moved_time_signature_keeps_the_lines_in_order() -> None:
    text = chart_text(sync=["0 = TS 4", "0 = B 125000", "800 = B 130000", "960 = TS 3"])
    moved = chart_text(sync=["0 = TS 4", "0 = B 125000", "768 = TS 3", "800 = B 130000"])
    assert repaired("chart-ts-misaligned", text, 0) == moved


def test_no_move_is_offered_that_puts_a_later_time_signature_out_of_place() -> None:
    text = chart_text(sync=["0 = TS 4", "0 = B 125000", "800 = TS 5", "1536 = TS 3"])
    (finding,) = chart_findings("chart-ts-misaligned", text)
    assert finding.fixes == ()


def test_a_time_signature_on_the_measure_of_seven_eighths_is_fine() -> None:
    assert chart_findings("chart-ts-misaligned", chart_text(sync=["0 = TS 7 3", "672 = TS 4"])) == []
    assert len(chart_findings("chart-ts-misaligned", chart_text(sync=["0 = TS 7 3", "768 = TS 4"]))) == 1


def test_of_two_tempos_on_a_tick_the_first_goes() -> None:
    text = chart_text(sync=["0 = B 120000", "0 = B 140000"])
    assert kinds(chart_findings("chart-tempo-range", text)) == [("tempoTwice", "warning", 0)]
    assert repaired("chart-tempo-range", text) == chart_text(sync=["0 = B 140000"])


def test_a_million_beats_a_minute_are_the_most() -> None:
    assert chart_findings("chart-tempo-range", chart_text(sync=["0 = B 1000000000"])) == []
    assert kinds(chart_findings("chart-tempo-range", chart_text(sync=["0 = B 1000000001"]))) == [("tempoTooFast", "warning", 0)]


def test_an_anchor_off_its_tick_is_hinted_at() -> None:
    text = chart_text(sync=["0 = B 125000", "768 = A 1950000", "768 = B 130000"])
    (finding,) = chart_findings("chart-anchor-mismatch", text)
    assert finding.message == "The anchor ties this tick to 00:01:950, but the tempos put it at 00:01:920 (-30 ms)."
    assert chart_findings("chart-anchor-mismatch", text.replace("1950000", "1920500")) == []


def test_an_anchor_without_a_tempo_holds_nothing() -> None:
    text = chart_text(sync=["0 = B 125000", "768 = A 1920000"])
    assert kinds(chart_findings("chart-anchor-mismatch", text)) == [("anchorWithoutTempo", "hint", 1920)]
