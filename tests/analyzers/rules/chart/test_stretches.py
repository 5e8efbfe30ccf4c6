"""Rules on star power, solos, fills, lanes and vocal phrases."""

from __future__ import annotations

import pytest

from tests.builder import kinds
from tests.chart_builder import chart_findings, chart_text, repaired

LONG = [f"{768 + 384 * number} = N {1 + number % 4} 0" for number in range(66)]


def test_a_long_track_wants_star_power() -> None:
    assert kinds(chart_findings("chart-no-star-power", chart_text(LONG))) == [("noStarPower", "information", None)]
    assert chart_findings("chart-no-star-power", chart_text([*LONG, "768 = S 2 384"])) == []
    assert chart_findings("chart-no-star-power", chart_text(LONG[:50])) == []
    assert chart_findings("chart-no-star-power", chart_text(LONG, track="ExpertDrums")) == []


def test_long_drums_with_star_power_want_fills() -> None:
    powered = [*LONG, "768 = S 2 384"]
    text = chart_text(powered, track="ExpertDrums")
    assert kinds(chart_findings("chart-no-drum-fills", text)) == [("noDrumActivationLanes", "information", None)]
    assert chart_findings("chart-no-drum-fills", chart_text([*powered, "5376 = S 64 384"], track="ExpertDrums")) == []
    assert chart_findings("chart-no-drum-fills", chart_text(LONG, track="ExpertDrums")) == []
    assert chart_findings("chart-no-drum-fills", chart_text(powered)) == []


@pytest.mark.parametrize(
    ("rule", "kind", "lines"),
    [
        ("chart-empty-star-power", "emptyStarPower", ["1536 = S 2 192"]),
        ("chart-empty-lane", "emptyFlexLane", ["1536 = S 65 192"]),
        ("chart-empty-lane", "emptyFlexLane", ["1536 = S 66 0"]),
        ("chart-empty-solo", "emptySoloSection", ["1536 = E solo", "1920 = E soloend"]),
    ],
)
def test_an_empty_stretch_goes_with_its_lines(rule: str, kind: str, lines: list[str]) -> None:
    text = chart_text(["768 = N 0 0", *lines])
    assert kinds(chart_findings(rule, text)) == [(kind, "warning", 3840)]
    assert repaired(rule, text) == chart_text(["768 = N 0 0"])


def test_a_note_on_the_last_tick_fills_a_solo_and_no_phrase() -> None:
    assert len(chart_findings("chart-empty-star-power", chart_text(["768 = S 2 192", "960 = N 0 0"]))) == 1
    assert chart_findings("chart-empty-solo", chart_text(["768 = E solo", "960 = E soloend", "960 = N 0 0"])) == []


def test_a_phrase_of_no_length_covers_its_tick() -> None:
    assert chart_findings("chart-empty-star-power", chart_text(["768 = S 2 0", "768 = N 0 0"])) == []


def test_a_lone_solo_event_is_named_with_what_it_lacks() -> None:
    text = chart_text(["768 = N 0 0", "768 = E soloend", "960 = E solo"])
    assert [finding.message for finding in chart_findings("chart-solo-unpaired", text)] == [
        "This soloend on Expert Guitar has no solo before it.",
        "This solo on Expert Guitar has no soloend behind it.",
    ]
    assert repaired("chart-solo-unpaired", text) == chart_text(["768 = N 0 0", "960 = E solo"])


def test_two_solos_without_star_power_are_hinted_at() -> None:
    notes = ["768 = E solo", "768 = N 0 0", "800 = E soloend", "960 = E solo", "960 = N 0 0", "1000 = E soloend"]
    assert kinds(chart_findings("chart-solos-without-star-power", chart_text(notes))) == [("solosWithoutStarPower", "hint", 1920)]
    assert chart_findings("chart-solos-without-star-power", chart_text([*notes, "960 = S 2 10"])) == []
    assert chart_findings("chart-solos-without-star-power", chart_text(notes[:3])) == []


def test_star_power_whose_notes_a_solo_divides_is_hinted_at() -> None:
    notes = ["768 = N 0 0", "960 = N 1 0", "1152 = N 2 0", "768 = S 2 400", "960 = E solo", "1500 = E soloend"]
    (finding,) = chart_findings("chart-star-power-over-solo", chart_text(notes))
    assert finding.message == "This star power phrase on Expert Guitar runs across the start of the solo at 00:02:400."
    inside = ["768 = N 0 0", "960 = N 1 0", "768 = S 2 400", "768 = E solo", "1500 = E soloend"]
    assert chart_findings("chart-star-power-over-solo", chart_text(inside)) == []


def test_phrases_want_a_start_and_an_end() -> None:
    events = ['0 = E "phrase_end"', '192 = E "phrase_start"', '384 = E "phrase_start"']
    assert kinds(chart_findings("chart-lyric-phrases", chart_text(events=events))) == [
        ("phraseEndWithoutStart", "warning", 0),
        ("phraseStartWithoutEnd", "warning", 960),
    ]


def test_a_lyric_between_two_phrases_is_not_shown() -> None:
    events = [
        '0 = E "phrase_start"', '0 = E "lyric a"', '192 = E "phrase_end"', '192 = E "lyric b"', '200 = E "lyric c"',
        '384 = E "phrase_start"', '400 = E "phrase_end"',
    ]  # fmt: skip
    (finding,) = chart_findings("chart-lyric-phrases", chart_text(events=events))
    assert (finding.kind, finding.time_ms) == ("lyricOutsidePhrase", 500)
    assert chart_findings("chart-lyric-phrases", chart_text(events=['0 = E "lyric a"'])) == []
