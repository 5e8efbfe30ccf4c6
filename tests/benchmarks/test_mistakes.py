"""Every kind of mistake changes what it says and nothing else, and the truth points at the lines where it shows."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from benchmarks.detection.catch_map import CatchMap
from benchmarks.detection.chart_track import ChartTrack, tracks_of
from benchmarks.detection.make import make, spoilt
from benchmarks.detection.mania_map import ManiaMap
from benchmarks.detection.mistake import Mistake, Scope, mistakes_of, written
from benchmarks.detection.osu_map import OsuMap
from benchmarks.detection.taiko_map import TaikoMap
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.document import Document
from formats.osu import HitObject, Mode
from formats.timeline import Timeline
from tests.builder import DIFFICULTY, osu_text
from tests.chart_builder import chart_text

COUNT = 300


def chance_of(seed: int) -> Random:
    return Random(seed)  # noqa: S311


def taiko_text() -> str:
    return osu_text([f"256,192,{1000 + 250 * i},1,{(0, 8, 4, 0, 12)[i % 5]},0:0:0:0:" for i in range(COUNT)], mode=Mode.TAIKO)


def catch_text() -> str:
    lines = (
        f"{200 + 40 * (i % 3)},192,{1000 + 500 * i},{6 if i % 8 == 0 else 2},0,L|300:192,1,50,2|0,0:0|0:0,0:0:0:0:"
        if i % 4 == 0
        else f"{200 + 40 * (i % 3)},192,{1000 + 500 * i},1,8,0:0:0:0:"
        for i in range(COUNT)
    )
    return osu_text(list(lines), mode=Mode.CATCH)


def mania_text() -> str:
    """Rows of one or two notes every half beat, each fifth note a hold."""
    lines = [
        f"{64 + 128 * column},192,{1000 + 250 * i},"
        + (f"128,0,{1200 + 250 * i}:0:0:0:0:" if i % 5 == 0 else f"1,{i % 3 and 2},0:0:0:0:")
        for i in range(COUNT)
        for column in ((i % 4, (i + 2) % 4) if i % 3 == 0 else (i % 4,))
    ]
    return osu_text(lines, mode=Mode.MANIA, difficulty=DIFFICULTY)


def frets_text() -> str:
    """Single notes and chords every half beat; some held, some forced."""
    lines: list[str] = []
    for i in range(COUNT):
        lines += [
            f"{768 + 96 * i} = N {lane} {48 if i % 4 == 0 else 0}" for lane in ((i % 5, (i + 2) % 5) if i % 3 == 0 else (i % 5,))
        ]
        lines += [f"{768 + 96 * i} = N 5 0"] * (i % 7 == 0)
    return chart_text(lines)


def drums_text() -> str:
    lines: list[str] = []
    for i in range(COUNT):
        lines += [f"{768 + 96 * i} = N {i % 5} 0", *([f"{768 + 96 * i} = N {64 + i % 5} 0"] * (i % 5 in (2, 3) and i % 2))]
    return chart_text(lines, track="ExpertDrums")


def scope(name: str) -> OsuMap | ChartTrack:
    maps = {"taiko": (TaikoMap, taiko_text), "catch": (CatchMap, catch_text), "mania": (ManiaMap, mania_text)}
    if name in maps:
        kind, text = maps[name]
        return kind(Beatmap.from_text(text()))
    (track,) = tracks_of(Chart.from_text({"frets": frets_text, "drums": drums_text}[name]()))
    return track


EVERY = [(name, kind) for name in ("taiko", "catch", "mania", "frets", "drums") for kind in scope(name).kinds]


def one(of: Scope, kind: str, seed: int = 1) -> Mistake:
    chance = chance_of(seed)
    for _ in range(2_000):
        mistake = of.corrupt(kind, 20 + chance.randrange(200), chance)
        if mistake is not None:
            return mistake
    raise AssertionError(f"{kind} was never possible")


def after(document: Document, mistake: Mistake) -> tuple[list[str], list[str]]:
    """The lines at which the mistake shows in the copy, and all lines of the copy."""
    data, numbers = written(document, [mistake])
    lines = data.decode().split("\n")
    return [lines[numbers[number] + place - 1] for number, place in mistake.shown], lines


def shown_and_was(name: str, kind: str, seed: int = 1) -> tuple[list[str], list[str]]:
    of = scope(name)
    mistake = one(of, kind, seed)
    was = [of.document.lines[number].content for number in sorted(mistake.lines)]
    return after(of.document, mistake)[0], was


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_every_kind_is_possible_and_leaves_all_other_lines_alone(name: str, kind: str) -> None:
    of = scope(name)
    mistake = one(of, kind)
    lines = after(of.document, mistake)[1]
    old = of.document.text.split("\n")
    assert lines != old
    new = [line.rstrip("\n") for texts in mistake.lines.values() for line in texts]
    gone = [old[number] for number in mistake.lines]
    assert Counter(lines) - Counter(old) == Counter(new) - Counter(gone)
    assert Counter(old) - Counter(lines) == Counter(gone) - Counter(new)


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_a_copy_stays_in_time_order(name: str, kind: str) -> None:
    of = scope(name)
    for seed in range(5):
        data, _ = written(of.document, [one(of, kind, seed)])
        if isinstance(of, OsuMap):
            times = [each.time for each in Beatmap.from_bytes(data).hit_objects]
        else:
            records = Chart.from_bytes(data).tracks[0].section.records
            times = [getattr(record, "tick") for record in records]  # noqa: B009
        assert times == sorted(times)


@pytest.mark.parametrize("name", ["taiko", "catch", "mania"])
@pytest.mark.parametrize(("kind", "least", "most"), [("unsnap", 8, 20), ("snap", 125, 125)])
def test_a_moved_object_is_off_by_so_many_ms(name: str, kind: str, least: int, most: int) -> None:
    (shown,), was = shown_and_was(name, kind)
    time = int(shown.split(",")[2])
    moved = min(abs(time - int(line.split(",")[2])) for line in was)
    assert least <= moved <= most


@pytest.mark.parametrize("name", ["frets", "drums"])
@pytest.mark.parametrize(("kind", "least", "most"), [("unsnap", 8 / 2.5 - 0.5, 20 / 2.5 + 0.5), ("snap", 48, 48)])
def test_a_moved_group_is_off_by_so_many_ticks_with_its_flags(name: str, kind: str, least: float, most: float) -> None:
    of = scope(name)
    mistake = one(of, kind)
    old = {number: int(of.document.lines[number].content.split()[0]) for number in mistake.lines}
    moved = {int(text[0].split()[0]) - old[number] for number, text in mistake.lines.items()}
    assert len(moved) == 1
    assert least <= abs(moved.pop()) <= most
    assert len(mistake.lines) == of.document.text.count(f"  {next(iter(old.values()))} = N")


def test_colour_turns_don_into_kat_and_back_and_keeps_the_finisher() -> None:
    for seed in range(8):
        (shown,), (was,) = shown_and_was("taiko", "colour", seed)
        assert int(shown.split(",")[4]) ^ int(was.split(",")[4]) == 8


def test_finishers_are_set_and_taken_away() -> None:
    signs: set[int] = set()
    for seed in range(12):
        (shown,), (was,) = shown_and_was("taiko", "finisher", seed)
        signs.add(int(shown.split(",")[4]) - int(was.split(",")[4]))
    assert signs == {4, -4}


def test_a_fruit_is_moved_aside_within_the_playfield() -> None:
    (shown,), (was,) = shown_and_was("catch", "position")
    assert 89 <= abs(int(shown.split(",")[0]) - int(was.split(",")[0])) <= 170
    assert 0 <= int(shown.split(",")[0]) <= 512


def test_new_combo_hit_sound_and_length_change_one_field_each() -> None:
    for kind, field in (("new-combo", 3), ("hitsound", 4), ("slider-length", 7)):
        (shown,), (was,) = shown_and_was("catch", kind)
        differing = [i for i, pair in enumerate(zip(shown.split(","), was.split(","), strict=True)) if len(set(pair)) > 1]
        assert differing == [field]


def test_a_missing_circle_shows_at_its_neighbours() -> None:
    of = scope("taiko")
    mistake = one(of, "missing")
    ((number, texts),) = mistake.lines.items()
    assert texts == ()
    shown, _ = after(of.document, mistake)
    assert shown == [of.document.lines[number - 1].content, of.document.lines[number + 1].content]


def test_an_extra_circle_stands_half_way_to_the_next() -> None:
    (shown,), (was,) = shown_and_was("catch", "extra")
    assert int(shown.split(",")[2]) - int(was.split(",")[2]) == 250


def test_a_note_changes_to_a_free_column() -> None:
    of = scope("mania")
    assert isinstance(of, ManiaMap)
    mistake = one(of, "column")
    data, _ = written(of.document, [mistake])
    notes = Timeline(Beatmap.from_bytes(data)).notes
    assert len({(note.time, note.lane) for note in notes}) == len(notes)
    assert Counter(note.lane for note in notes) != Counter(note.lane for note in of.notes)


def test_a_missing_note_of_a_chord_shows_at_the_rest_of_it() -> None:
    of = scope("mania")
    assert isinstance(of, ManiaMap)
    chord = next(at for at in range(20, 60) if len(of.row(at)) == 2 and of.is_circle(at))
    mistake = of.corrupt("missing", chord, chance_of(1))
    assert mistake is not None
    shown, _ = after(of.document, mistake)
    assert [line.split(",")[2] for line in shown] == [of.document.lines[of.numbers[chord]].content.split(",")[2]]


def test_holds_get_another_end_or_become_notes_and_the_reverse() -> None:
    (shown,), (was,) = shown_and_was("mania", "hold-length")
    assert abs(int(shown.split(",")[5].split(":")[0]) - int(was.split(",")[5].split(":")[0])) in (125, 250, 500)
    kinds: set[tuple[str, str]] = set()
    for seed in range(8):
        (shown,), (was,) = shown_and_was("mania", "hold-kind", seed)
        old, new = (Beatmap.from_text(osu_text([line], mode=Mode.MANIA)).hit_objects[0].kind for line in (was, shown))
        kinds.add((str(old), str(new)))
    assert kinds == {("circle", "hold"), ("hold", "circle")}


def test_hit_sounds_and_holds_are_left_alone_in_maps_without_them() -> None:
    lines = [f"{64 + 128 * (i % 4)},192,{1000 + 250 * i},1,0,0:0:0:0:" for i in range(COUNT)]
    plain = ManiaMap(Beatmap.from_text(osu_text(lines, mode=Mode.MANIA)))
    assert plain.kinds == ("column", "unsnap", "snap", "missing", "extra")


def test_a_fret_changes_and_its_chord_stays_without_doubles() -> None:
    (shown,), (was,) = shown_and_was("frets", "lane")
    assert shown.split()[2:3] == was.split()[2:3]
    assert shown.split()[3] != was.split()[3]


def test_a_sustain_changes_on_every_line_of_its_group() -> None:
    of = scope("frets")
    for seed in range(6):
        mistake = one(of, "length", seed)
        assert {number for number, _ in mistake.shown} == set(mistake.lines)
        for number, (text,) in mistake.lines.items():
            old, new = of.document.lines[number].content.split(), text.split()
            assert old[:4] == new[:4]
            assert old[4] != new[4]
            assert 0 <= int(new[4]) <= 96


@pytest.mark.parametrize(("name", "flags"), [("frets", {"5"}), ("drums", {"66", "67"})])
def test_flags_are_set_and_taken_away_and_show_at_the_note(name: str, flags: set[str]) -> None:
    added: set[int] = set()
    for seed in range(12):
        mistake = one(scope(name), "flag", seed)
        ((number, texts),) = mistake.lines.items()
        line = texts[1] if texts else scope(name).document.lines[number].text
        added.add(len(texts))
        assert line.split()[3] in flags
        assert all(each.split()[3] not in flags for each in after(scope(name).document, mistake)[0])
    assert added == {0, 2}


def test_the_kinds_come_in_equal_numbers_one_mistake_for_fifty_objects() -> None:
    made: Counter[str] = Counter()
    of = scope("taiko")
    for seed in range(6):
        assert len(mistakes_of(of, made, chance_of(seed))) == 6
    assert max(made.values()) - min(made[kind] for kind in of.kinds) <= 2


def test_the_same_seed_makes_the_same_copies(tmp_path: Path) -> None:
    path = tmp_path / "map.osu"
    path.write_text(taiko_text(), encoding="utf-8")
    first, again, other = (make([path], tmp_path / name, seed, 2) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert first == again != other
    assert len({row["file"] for row in first}) == 2
    assert (tmp_path / "a" / "0000-00-map.osu").read_bytes() != (tmp_path / "a" / "0000-01-map.osu").read_bytes()
    assert json.loads((tmp_path / "a" / "truth.jsonl").read_text(encoding="utf-8").splitlines()[0]) == first[0]


def test_truth_lines_of_several_mistakes_are_those_of_the_copy() -> None:
    data, rows = spoilt("map.osu", taiko_text().replace("\n", "\r\n").encode(), {}, chance_of(3))
    lines = data.decode().split("\r\n")
    old = taiko_text().split("\n")
    for row in rows:
        numbers: list[int] = json.loads(json.dumps(row["lines"]))
        shown = [lines[number - 1] for number in numbers]
        assert all(line in old for line in shown) == (row["kind"] == "missing")


def test_a_chart_names_the_track_and_its_lines() -> None:
    data, rows = spoilt("notes.chart", frets_text().encode(), {}, chance_of(3))
    lines = data.decode().split("\n")
    first, last = json.loads(json.dumps(rows[0]["within"]))
    assert (rows[0]["track"], lines[first - 1], lines[last - 1]) == ("ExpertSingle", "[ExpertSingle]", "}")


def test_a_track_that_repeats_another_and_maps_of_standard_are_left_alone() -> None:
    notes = [f"{768 + 96 * i} = N {i % 5} 0" for i in range(COUNT)]
    chart = Chart.from_text(chart_text(notes, tracks={"HardSingle": notes}))
    assert [track.name for track in tracks_of(chart)] == ["ExpertSingle"]
    assert spoilt("map.osu", taiko_text().replace("Mode: 1", "Mode: 0").encode(), {}, chance_of(1))[1] == []


def test_the_maps_of_these_tests_are_read_whole() -> None:
    for text in (taiko_text(), catch_text(), mania_text()):
        beatmap = Beatmap.from_text(text)
        assert len(beatmap.hit_objects) >= COUNT
        assert all(isinstance(each, HitObject) for each in beatmap.hit_objects)
