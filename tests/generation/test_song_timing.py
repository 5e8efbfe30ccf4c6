"""Synthesised songs get the tempo, beat and bars with which they were made."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from formats.beatmap import Beatmap
from formats.chart_lines import Tempo, TimeSignature
from formats.chart_tempo import Measures, TempoMap
from formats.document import Line
from formats.spans import apply_edits
from formats.timeline import Timeline
from generation.red_lines import replaced
from generation.song_timing import HEARD_LATE, Given, NoBeat, TempoSection, timing_of
from generation.timing_lines import Marker, markers, red_lines, sync_track
from models.bundled.audio import mel_features
from tests.builder import osu_text
from tests.generation.bands import RATE, Stretch, band
from tests.models.clicks import file_of

Features = NDArray[np.uint8]
# ms by which the onset network hears a sharp sound before its start.
HEARD_EARLY = 7.0


@cache
def song(*stretches: Stretch, kind: str = "WAV", subtype: str = "FLOAT") -> Features:
    samples = band(stretches, stretches[-1].end_ms / 1000 + 1)
    return mel_features(file_of(samples, RATE, kind, subtype))


def off(section: TempoSection, start: float) -> float:
    """ms from the nearest bar of the song to the section's start, as heard."""
    bar = section.beat_ms * section.meter
    return (section.start_ms + HEARD_LATE + HEARD_EARLY - start + bar / 2) % bar - bar / 2


@pytest.mark.parametrize(
    "made", [Stretch(174, 812, 40_000), Stretch(93, 2_000, 60_000, swing=0.16), Stretch(128.5, 1_500, 60_000)], ids=str
)
def test_a_steady_song_gets_its_tempo_and_its_bars(made: Stretch) -> None:
    found = timing_of(song(made))
    (section,) = found.sections
    assert section.bpm == pytest.approx(made.bpm, abs=0.01)
    assert abs(off(section, made.start_ms)) < 4
    assert section.start_ms == pytest.approx(made.start_ms - HEARD_LATE - HEARD_EARLY, abs=4)
    assert section.meter == 4
    assert section.confidence > 0.8


@pytest.mark.parametrize(("kind", "subtype"), [("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")])
def test_compressed_songs_are_heard_alike(kind: str, subtype: str) -> None:
    (section,) = timing_of(song(Stretch(150, 1_000, 33_000), kind=kind, subtype=subtype)).sections
    assert section.bpm == pytest.approx(150, abs=0.01)
    assert abs(off(section, 1_000)) < 6


def test_bars_of_three_are_heard() -> None:
    (section,) = timing_of(song(Stretch(140, 700, 45_000, meter=3))).sections
    assert section.meter == 3
    assert abs(off(section, 700)) < 4


def metronome(bpm: float, start_ms: float, accents: range | None = None) -> Features:
    """Clicks for 40 s; those of these numbers are higher and louder."""
    samples, beat = np.zeros(40 * RATE, np.float32), 60_000 / bpm
    age = np.arange(int(0.05 * RATE)) / RATE
    for number in range(int((39_900 - start_ms) / beat)):
        begin = round((start_ms + number * beat) * RATE / 1000)
        accent = accents is not None and number in accents
        click = (0.6 if accent else 0.4) * np.sin(2 * np.pi * (1_500 if accent else 1_000) * age) * np.exp(-age * 80)
        samples[begin : begin + len(age)] += click.astype(np.float32)
    return mel_features(file_of(samples, RATE))


# Starts at which bars of songs would begin on another click.
@pytest.mark.parametrize(("bpm", "start"), [(120, 500), (150, 240), (174, 785)])
@pytest.mark.parametrize(
    ("accents", "first", "meter"), [(None, 0, 4), (range(0, 200, 4), 0, 4), (range(2, 200, 4), 2, 4), (range(1, 200, 3), 1, 3)]
)
def test_bars_of_a_metronome_begin_with_its_accent_or_its_first_click(
    bpm: float, start: float, accents: range | None, first: int, meter: int
) -> None:
    (section,) = timing_of(metronome(bpm, start, accents)).sections
    assert section.bpm == pytest.approx(bpm, abs=0.01)
    assert section.meter == meter
    assert abs(off(section, start + first * 60_000 / bpm)) < 6
    assert (section.bar_confidence > 0.8) == (accents is not None)


@pytest.mark.parametrize("start", [600, 1_100])
def test_bars_of_a_metronome_with_every_other_click_accented_begin_with_its_first(start: float) -> None:
    (section,) = timing_of(metronome(100, start, range(0, 200, 2))).sections
    assert section.meter == 4
    assert abs(off(section, start)) < 6
    assert section.bar_confidence <= 0.5


def test_a_change_of_tempo_is_found_where_it_is() -> None:
    first, second = timing_of(song(Stretch(150, 1_000, 41_000), Stretch(120, 41_000, 81_000))).sections
    assert first.bpm == pytest.approx(150, abs=0.05)
    assert second.bpm == pytest.approx(120, abs=0.05)
    assert second.start_ms == pytest.approx(41_000 - HEARD_LATE - HEARD_EARLY, abs=5)


@pytest.mark.parametrize(("before", "after", "start"), [(150, 120, 43_500), (140, 140, 43_300), (150, 128, 42_100)])
def test_a_change_behind_a_pause_begins_with_the_music(before: float, after: float, start: float) -> None:
    _, second = timing_of(song(Stretch(before, 1_000, 41_000), Stretch(after, start, 81_000))).sections
    assert second.bpm == pytest.approx(after, abs=0.05)
    assert second.start_ms == pytest.approx(start - HEARD_LATE - HEARD_EARLY, abs=5)


def test_a_beat_that_starts_anew_at_the_same_tempo_is_found() -> None:
    first, second = timing_of(song(Stretch(150, 1_000, 41_000), Stretch(150, 41_150, 81_000))).sections
    assert first.bpm == pytest.approx(second.bpm)
    assert second.start_ms == pytest.approx(41_150 - HEARD_LATE - HEARD_EARLY, abs=5)


def test_what_is_given_is_kept() -> None:
    heard = song(Stretch(174, 812, 40_000))
    (slow,) = timing_of(heard, [Given(beat_ms=60_000 / 87)]).sections
    assert slow.bpm == pytest.approx(87)
    assert slow.confidence == 1
    (started,) = timing_of(heard, [Given(start_ms=785.0, meter=3)]).sections
    assert started.start_ms == 785
    assert started.meter == 3
    assert started.bpm == pytest.approx(174, abs=0.01)
    one, other = timing_of(heard, [Given(785.0, 300.0, 4), Given(start_ms=20_000.0)]).sections
    assert (one.start_ms, one.beat_ms, one.meter) == (785, 300, 4)
    assert other.start_ms == 20_000
    assert other.bpm == pytest.approx(174, abs=0.1)


@pytest.mark.parametrize(
    ("features", "said"),
    [
        (np.zeros((3_000, 32), np.uint8), "the song is silent"),
        (np.full((200, 32), 90, np.uint8), "2.0 s, too short"),
        (np.zeros((0, 32), np.uint8), "0.0 s, too short"),
        (np.full((3_000, 32), 90, np.uint8), "no steady beat"),
        (np.random.default_rng(1).integers(60, 120, (3_000, 32)).astype(np.uint8), "no steady beat"),
    ],
)
def test_what_has_no_beat_is_one_sentence(features: Features, said: str) -> None:
    with pytest.raises(NoBeat, match=said):
        timing_of(features)


def test_red_lines_are_written_as_the_editor_does() -> None:
    assert red_lines([TempoSection(1234.4, 60_000 / 180, 3)]) == ["1234,333.333333333333,3,1,0,100,1,0"]


def times(found: list[Marker], ticks: list[int]) -> list[float]:
    line = Line.__new__(Line)
    tempo = TempoMap([Tempo(line, marker.tick, marker.milli_bpm) for marker in found], 192)
    return [tempo.time_at(tick) for tick in ticks]


def test_a_chart_starts_at_0_and_reaches_each_section_on_a_measure() -> None:
    sections = [TempoSection(1_732.5, 400.0), TempoSection(41_000.0, 500.0, 3), TempoSection(60_123.0, 345.6)]
    found = markers(sections)
    line = Line.__new__(Line)
    measures = Measures([TimeSignature(line, each.tick, each.meter) for each in found if each.meter is not None], 192)
    assert not measures.misaligned
    starts = [next(each.tick for each in found if each.milli_bpm == round(60_000_000 / section.beat_ms)) for section in sections]
    assert times(found, starts) == pytest.approx([1_732.5, 41_000.0, 60_123.0], abs=0.3)
    assert [measures.around(tick)[0] for tick in starts] == starts
    assert sync_track(sections)[:2] == ["0 = TS 4", "0 = B 138528"]


def test_a_start_before_the_song_is_led_into_by_a_whole_bar() -> None:
    found = markers([TempoSection(-20.0, 400.0)])
    assert found[-1].tick == 768
    assert times(found, [768]) == pytest.approx([1_580.0], abs=0.1)


def test_new_red_lines_leave_everything_else_in_force() -> None:
    text = osu_text(
        ["10,10,500,1,0"],
        ("500,400,4,2,1,70,1,0", "900,-50,4,2,1,40,0,0", "20500,400,4,3,0,55,1,1", "30000,-100,4,3,0,55,0,0"),
    )
    timeline = Timeline(Beatmap.from_text(text))
    after = apply_edits(text, replaced(timeline, [TempoSection(500, 300.0), TempoSection(10_000, 350.0, 3)]))
    lines = after.split("[TimingPoints]\n")[1].split("\n\n")[0].splitlines()
    assert lines == [
        "500,300,4,2,1,70,1,0",
        "900,-50,4,2,1,40,0,0",
        "10000,350,3,2,1,40,1,0",
        "10000,-50,4,2,1,40,0,0",
        "20500,-100,4,3,0,55,0,1",
        "30000,-100,4,3,0,55,0,0",
    ]
    assert after.split("[HitObjects]")[1] == text.split("[HitObjects]")[1]
