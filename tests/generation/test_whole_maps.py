from __future__ import annotations

from functools import cache
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from analyzers.analysis import Choices, analyse_difficulty
from analyzers.finding import Severity
from formats.beatmap import Beatmap
from formats.document import Document
from formats.mapset import Difficulty, Mapset
from formats.osu import Mode
from formats.timeline import Timeline
from generation.blank_maps import About, Frame, romanised, timing_lines
from generation.difficulties import TOLERANCE
from generation.request import CannotWrite
from generation.song_parts import SongParts
from generation.song_timing import TempoSection
from generation.whole_maps import WRITING, Known, MapRequest, WholeMap, difficulty_names, rated, spins_of, whole_maps
from models.bundled.sampling import Cancelled, Sampler
from models.bundled.scoring import Scorer
from tests.generation import songs

ABOUT = About("Titel für Ärzte", "バンド", "audio.mp3", romanised_artist="Bando", background="bg.jpg", tags=("happy",))
TEMPOS = (TempoSection(500.0, 500.0),)
SONG = [0.6] * 6 + [1.0] * 6 + [0.05] * 4 + [0.8] * 6


@cache
def sampler(*, trained: bool = False) -> Sampler:
    """A network that learned nothing: what it writes is bad, but notes. `trained`: the one that is shipped."""
    return Sampler.load(None if trained else str(Path(__file__).parents[1] / "models" / "tiny.zip"))


@cache
def scorer(*, trained: bool = False) -> Scorer:
    return Scorer(sampler(trained=trained).graphs)


def made(
    *stars: float, mode: Mode = Mode.OSU, known: Known | None = None, seed: int = 0, trained: bool = False
) -> list[WholeMap]:
    request = MapRequest(ABOUT, mode, stars, seed=seed)
    song = songs.features(SONG)
    return whole_maps(request, known or Known(TEMPOS), song, sampler(trained=trained), scorer(trained=trained))


def timeline(document: Document) -> Timeline:
    return Timeline(Beatmap.from_bytes(document.to_bytes()))


@pytest.mark.parametrize("mode", [*Mode])
def test_a_map_reaches_its_stars_without_errors_on_the_grid(mode: Mode) -> None:
    stars = {Mode.OSU: 2.2, Mode.TAIKO: 2.0, Mode.CATCH: 1.8, Mode.MANIA: 2.0}[mode]
    (one,) = made(stars, mode=mode, trained=True)
    assert one.stars == pytest.approx(rated(one.document))
    assert abs(one.stars - stars) <= TOLERANCE
    assert not one.errors
    after = timeline(one.document)
    assert after.beatmap.mode is mode
    assert not any(line.problems for line in one.document.lines)
    assert len(after.notes) == one.notes > 20
    assert all(abs(snap.error) <= 1.01 for snap in after.snaps[1])


def test_difficulties_of_a_song_share_timing_kiai_and_metadata() -> None:
    easy, hard = (timeline(each.document) for each in made(1.2, 2.0))
    assert [point.line.content for point in easy.grid.red] == [point.line.content for point in hard.grid.red]
    assert easy.grid.kiai_spans == hard.grid.kiai_spans != []
    keys = ("Title", "TitleUnicode", "Artist", "ArtistUnicode", "Creator", "Tags", "Source")
    assert [easy.beatmap.metadata.text(key) for key in keys] == [hard.beatmap.metadata.text(key) for key in keys]
    assert easy.beatmap.general.text("PreviewTime") == hard.beatmap.general.text("PreviewTime")
    assert len(easy.notes) < len(hard.notes)


def test_a_map_says_what_it_is() -> None:
    (one,) = made(2.0)
    beatmap = Beatmap(one.document)
    assert {"maimod", "generated", "happy"} <= {*beatmap.tags}
    assert beatmap.metadata.text("Version") == one.name == "maimod's Normal"
    assert beatmap.metadata.text("Creator") == "maimod"
    assert (beatmap.metadata.text("Title"), beatmap.metadata.text("TitleUnicode")) == ("Titel fur Arzte", "Titel für Ärzte")
    assert (beatmap.metadata.text("Artist"), beatmap.metadata.text("ArtistUnicode")) == ("Bando", "バンド")


def test_there_is_a_break_where_the_song_rests() -> None:
    after = timeline(made(2.2, trained=True)[0].document)
    (pause,) = after.beatmap.breaks
    assert pause.start <= 500 + 12 * 2000 + 1500
    assert 500 + 16 * 2000 - 2000 <= pause.end <= 500 + 16 * 2000
    assert not [note for note in after.notes if pause.start < note.time < pause.end]


def test_sliders_are_quicker_in_kiai_and_slower_in_calm_parts() -> None:
    frame = Frame(
        (TempoSection(500.0, 500.0), TempoSection(8500.0, 400.0)), ((4500.0, 12_500.0),), 0.0, 20_000.0, (), ((500.0, 2500.0),)
    )
    lines = [line.split(",") for line in timing_lines(frame, 2, (0.8, 1.25))]
    assert [(int(line[0]), float(line[1]), line[7]) for line in lines] == [
        (500, 500, "0"), (500, -125, "0"), (2500, -100, "0"), (4500, -80, "1"),
        (8500, 400, "1"), (8500, -80, "1"), (12_500, -100, "0"),
    ]  # fmt: skip
    assert len(timing_lines(frame, 2)) == 4


def test_no_line_stands_before_the_first_red_one() -> None:
    frame = Frame((TempoSection(2500.0, 500.0),), ((500.0, 12_500.0),), 0.0, 20_000.0)
    assert [line.split(",")[0] for line in timing_lines(frame, 2)] == ["2500", "12500"]


def test_no_two_lines_stand_at_one_time_nor_say_the_same() -> None:
    frame = Frame((TempoSection(500.0, 500.0),), ((4500.4, 12_500.0),), 0.0, 20_000.0, (), ((500.0, 4500.0), (4501.0, 6500.0)))
    assert [line.split(",")[:2] for line in timing_lines(frame, 2, (0.8, 1.25))] == [
        ["500", "500"], ["500", "-125"], ["4500", "-80"], ["12500", "-100"],
    ]  # fmt: skip


def test_nothing_spins_before_the_map_begins_or_where_it_rests() -> None:
    bars = np.arange(0.0, 40_001.0, 2000.0)
    held = (0.0, 2000.0), (12_000.0, 14_000.0), (20_000.0, 22_000.0)
    parts = SongParts(bars, np.zeros(20), (), (), 0.0, 40_000.0, 0.0, 4.0, (), held)
    blank = timeline(made(2.0)[0].document)
    assert spins_of(parts, blank, 2500.0, [(11_000.0, 13_000.0)], always=True) == [(20_000.0, 21_500.0)]
    assert not spins_of(parts, blank, 2500.0, [(11_000.0, 40_000.0)], always=True)


def test_a_map_spins_where_something_is_held() -> None:
    song = songs.features([0.8] * 18)
    song[round((500 + 17 * 2000) / 10) + 5 :] = song[round((500 + 17 * 2000) / 10) + 5]
    (one,) = whole_maps(MapRequest(ABOUT, Mode.OSU, (2.2,)), Known(TEMPOS), song, sampler(trained=True), scorer(trained=True))
    last = timeline(one.document).notes[-1]
    assert last.is_spinner
    assert (last.time, last.end) == (500 + 17 * 2000, 500 + 18 * 2000)
    assert not one.errors


@pytest.mark.parametrize(
    ("mode", "stars", "spins"), [(Mode.OSU, 2.0, 1), (Mode.OSU, 3.2, 0), (Mode.CATCH, 2.0, 1), (Mode.TAIKO, 2.0, 0)]
)
def test_easy_maps_and_catch_end_with_a_spinner(mode: Mode, stars: float, spins: int) -> None:
    request = MapRequest(ABOUT, mode, (stars,))
    (one,) = whole_maps(request, Known(TEMPOS), songs.features([0.8] * 18), sampler(trained=True), scorer(trained=True))
    spinners = [note for note in timeline(one.document).notes if note.is_spinner]
    assert len(spinners) == spins
    assert all(note.time >= 500 + 17 * 2000 for note in spinners)
    assert not one.errors


def test_the_same_request_is_answered_alike_and_another_seed_otherwise() -> None:
    one, again, other = (made(1.5, seed=seed)[0].document.text for seed in (3, 3, 4))
    assert one == again != other


def test_kiai_breaks_and_preview_may_be_given() -> None:
    known = Known(TEMPOS, kiai=[(4500.0, 12_500.0)], rests=[], preview=2500.0)
    after = timeline(made(1.5, known=known)[0].document)
    assert after.grid.kiai_spans == [(4500, 12_500)]
    assert after.beatmap.general.text("PreviewTime") == "2500"


def test_bars_are_counted_from_the_first_one_of_the_song() -> None:
    after = timeline(made(1.5, known=Known((TempoSection(20_500.0, 500.0),)))[0].document)
    assert after.grid.red_times == [500]
    assert after.notes[0].time < 10_000
    kept = timeline(made(1.5, known=Known((TempoSection(8500.0, 500.0),), fixed=True))[0].document)
    assert kept.grid.red_times == [8500]
    assert kept.notes[0].time >= 8500


def test_findings_are_those_of_the_set() -> None:
    both = made(1.2, 2.0)
    difficulties = tuple(Difficulty(f"{at}.osu", Beatmap(each.document)) for at, each in enumerate(both))
    for each, one in zip(both, difficulties, strict=True):
        assert list(each.findings) == analyse_difficulty(one, Mapset(difficulties), Choices(ignore=("file-naming",)))
        assert not [finding for finding in each.findings if finding.severity is Severity.ERROR and finding.time_ms is not None]


def test_names_are_unlike_each_other() -> None:
    assert difficulty_names(MapRequest(ABOUT, Mode.OSU, (3.0, 3.1, 1.0), names=())) == [
        "maimod's Hard", "maimod's Hard (2)", "maimod's Easy",
    ]  # fmt: skip
    assert difficulty_names(MapRequest(ABOUT, Mode.TAIKO, (3.0, 4.5), names=("Mine",))) == ["Mine", "maimod's Oni"]


def test_what_cannot_be_done_is_said_in_a_sentence() -> None:
    with pytest.raises(CannotWrite, match="out of reach"):
        made(40.0)
    for bars, reason in (([0.0] * 10, "silent"), ([0.9] * 2, "is heard for")):
        with pytest.raises(CannotWrite, match=reason):
            whole_maps(MapRequest(ABOUT, Mode.OSU, (2.0,)), Known(TEMPOS), songs.features(bars), sampler(), scorer())


# While notes are written, and while they get their sounds: some looks after the last note.
@pytest.mark.parametrize(("share", "looks"), [(0.1, 0), (WRITING, 3)])
def test_it_can_be_cancelled(share: float, looks: int) -> None:
    asked, looked = list[float](), count()
    with pytest.raises(Cancelled):
        whole_maps(
            MapRequest(ABOUT, Mode.OSU, (2.0,)), Known(TEMPOS), songs.features(SONG), sampler(), scorer(),
            asked.append, lambda: bool(asked and asked[-1] >= share) and next(looked) >= looks,
        )  # fmt: skip
    assert share <= asked[-1] < 1


def test_progress_only_rises() -> None:
    told: list[float] = []
    whole_maps(MapRequest(ABOUT, Mode.OSU, (1.5, 1.0)), Known(TEMPOS), songs.features(SONG), sampler(), scorer(), told.append)
    assert np.all(np.diff(told) >= 0)
    assert told[-1] == 1.0


@pytest.mark.parametrize(("text", "expected"), [("Ärger – “x”", 'Arger - "x"'), ("曲", ""), ("Ａ１", "A1"), ("曲 2", "2")])
def test_letters_are_romanised_as_far_as_that_goes(text: str, expected: str) -> None:
    assert romanised(text) == expected
