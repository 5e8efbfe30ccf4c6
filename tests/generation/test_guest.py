from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from analyzers.analysis import Choices, analyse_difficulty
from analyzers.finding import Finding
from analyzers.level import level_name, level_of_stars, star_rating
from formats.beatmap import Beatmap
from formats.document import Document
from formats.mapset import Difficulty, Mapset
from formats.osu import Mode
from formats.timeline import Timeline
from generation.guest import TOLERANCE, Guest, GuestRequest, blank_difficulty, guest_difficulty
from generation.levels import level_for, usual
from generation.request import CannotWrite
from models.bundled.sampling import Sampler
from tests.builder import osu_text

RED = "0,500,4,2,1,70,1,0"
LINES = (RED, "4000,-50,4,2,1,70,0,0", "8000,-125,4,2,1,40,0,1", "16000,-100,4,2,1,70,0,0")


@cache
def sampler() -> Sampler:
    """A network that learned little: what it writes is bad, but notes."""
    return Sampler.load(str(Path(__file__).parents[1] / "models" / "tiny.zip"))


def reference(count: int = 80, *, mode: Mode = Mode.OSU, step: int = 250) -> Timeline:
    rng = np.random.default_rng(4)
    places = rng.integers((0, 0), (512, 384), (count, 2)).tolist()
    objects = [f"{x},{y},{1000 + step * at},{5 if at % 8 == 0 else 1},{at % 3 * 4},0:0:0:0:" for at, (x, y) in enumerate(places)]
    return Timeline(Beatmap.from_text(osu_text(objects, LINES, mode=mode, events=("2,9100,9900",), editor=("Bookmarks: 5000",))))


def stars(document: Document) -> float:
    return star_rating(Difficulty("guest.osu", Beatmap(document))) or 0.0


def findings(document: Document) -> Sequence[Finding]:
    difficulty = Difficulty("guest.osu", Beatmap(document))
    return analyse_difficulty(difficulty, Mapset([difficulty]), Choices())


def made(timeline: Timeline, request: GuestRequest) -> Guest:
    return guest_difficulty(timeline, request, sampler(), stars, findings)


@pytest.mark.parametrize("target", [1.4, 2.0, 2.6])
def test_a_guest_difficulty_reaches_its_stars(target: float) -> None:
    guest = made(reference(), GuestRequest(target, "Guest"))
    assert guest.stars == pytest.approx(stars(guest.document))
    assert abs(guest.stars - target) <= TOLERANCE


@pytest.mark.parametrize("mode", Mode)
def test_a_guest_difficulty_of_any_mode_is_legal(mode: Mode) -> None:
    guest = made(reference(), GuestRequest(1.5, "Guest", mode, keys=5 if mode is Mode.MANIA else None))
    timeline = Timeline(Beatmap(guest.document))
    assert timeline.beatmap.mode is mode
    assert timeline.beatmap.key_count == 5 or mode is not Mode.MANIA
    assert guest.notes == len(timeline.notes) > 0
    assert all(abs(snap.error) <= 1e-6 for note in timeline.notes for snap in note.snaps)
    assert not [each for each in findings(guest.document) if each.severity == "error" and each.time_ms is not None]


def test_a_blank_difficulty_keeps_timing_kiai_volumes_and_events() -> None:
    theirs = reference().beatmap
    blank = Beatmap(blank_difficulty(theirs, "Ann's Hard", Mode.TAIKO, usual(Mode.TAIKO, 3.0)))
    lines = [point.line.content for point in blank.timing_points]
    assert lines == [RED, "8000,-100,4,2,1,40,0,1", "16000,-100,4,2,1,70,0,0"]
    assert blank.hit_objects == []
    assert (blank.metadata.text("Version"), blank.metadata.text("BeatmapID"), blank.mode) == ("Ann's Hard", "0", Mode.TAIKO)
    assert "maimod" in blank.tags
    assert [(pause.start, pause.end) for pause in blank.breaks] == [(9100, 9900)]
    assert blank.bookmarks == [5000]
    assert blank.metadata.text("Creator") == theirs.metadata.text("Creator")


def test_an_easier_difficulty_stands_where_the_reference_is_heard() -> None:
    theirs = reference()
    guest = made(theirs, GuestRequest(1.5, "Easy", rhythm=True))
    assert guest.followed
    times = {note.time for note in Timeline(Beatmap(guest.document)).notes}
    assert times <= {note.time for note in theirs.notes}


def test_additions_are_those_of_the_reference() -> None:
    theirs = reference()
    after = Timeline(Beatmap(made(theirs, GuestRequest(1.5, "Easy", rhythm=True)).document))
    sounds = {note.time: note.object.sound & 14 for note in theirs.notes}
    circles = [note for note in after.notes if not note.is_slider and not note.is_spinner]
    assert circles
    assert all(note.object.sound & 14 == sounds[note.time] for note in circles)


def test_the_same_request_is_answered_alike() -> None:
    one, other = (made(reference(), GuestRequest(1.8, "Guest", seed=2)) for _ in range(2))
    assert one.document.text == other.document.text


def test_no_note_stands_in_a_break() -> None:
    after = Timeline(Beatmap(made(reference(), GuestRequest(2.0, "Guest")).document))
    shown = 9900 + after.beatmap.preempt
    assert not [note for note in after.notes if 9100 <= note.time < shown or note.time < 9100 < note.end]


def test_what_cannot_be_done_is_said_in_a_sentence() -> None:
    with pytest.raises(CannotWrite, match="out of reach"):
        made(reference(), GuestRequest(40, "x"))
    with pytest.raises(CannotWrite, match="no red line"):
        made(Timeline(Beatmap.from_text(osu_text(["0,0,0,1,0", "0,0,500,1,0"], ()))), GuestRequest(2, "x"))
    with pytest.raises(CannotWrite, match="no notes"):
        made(Timeline(Beatmap.from_text(osu_text([], LINES))), GuestRequest(2, "x"))


def test_what_is_usual_rises_with_the_stars() -> None:
    for mode in Mode:
        paces = [usual(mode, each).pace for each in np.arange(0.5, 9, 0.25)]
        assert paces == sorted(paces)


@pytest.mark.parametrize("mode", [*Mode])
@pytest.mark.parametrize("drain_s", [50, 100, 240, 300])
def test_settings_keep_to_the_guideline_of_the_level(mode: Mode, drain_s: int) -> None:
    names = {
        "": np.arange(0.5, 9, 0.1).tolist(),
        "Ann's Normal": [1.6, 2.9],
        "Hard": [2.5, 4.2],
        "Insane": [3.7, 5.5],
        "Extra": [5.1],
    }
    notes = ["256,192,1000,1,0", f"256,192,{1000 * drain_s + 1000},1,0"]
    reference = Beatmap.from_text(osu_text((), mode=mode))
    rules = ("std-difficulty-range", "taiko-difficulty-range", "catch-difficulty-range", "mania-difficulty-limit")
    for name, ratings in names.items():
        for stars in ratings:
            level = level_for(mode, stars, name, 1000.0 * drain_s)
            named = name or level_name(level_of_stars(stars), mode)
            blank = blank_difficulty(reference, named, mode, level)
            difficulty = Difficulty("a.osu", Beatmap.from_text(blank.text + "\n".join(notes)))
            found = analyse_difficulty(difficulty, Mapset((difficulty,)), Choices(select=rules))
            assert [each.message for each in found if each.kind != "ambiguous-difficulty"] == [], (name, stars)
