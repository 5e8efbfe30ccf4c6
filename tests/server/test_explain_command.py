from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import Result

from models.bundled.fields import FIELDS, MISTAKES
from server.explaining import explain
from server.moments import split_place
from server.printers.as_explanation import bar, text
from tests.builder import osu_text
from tests.chart_builder import chart_text
from tests.server.maps import maimod, put
from tests.server.scored import MODEL, use_drawn

CIRCLES = [f"{100 + 10 * number},192,{1000 + 250 * number},1,2" for number in range(12)]
TEXT = osu_text(CIRCLES)
FIRST = TEXT.split("\n").index(CIRCLES[0]) + 1


@pytest.fixture(autouse=True)
def _model(monkeypatch: pytest.MonkeyPatch) -> None:
    use_drawn(monkeypatch)


def explained(place: str, *options: str) -> Result:
    return maimod("explain", place, "--audio", "off", *options)


def test_a_line_and_a_time_name_the_same_note(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", TEXT)
    by_line = explained(f"{path}:{FIRST + 2}")
    assert by_line.exit_code == 0
    assert by_line.stdout == explained(f"{path}:00:01:500").stdout == explained(f"{path}:00:01:500 (3)").stdout
    assert f"  00:01:500 (3) · line {FIRST + 2} · number " in by_line.stdout


def test_every_field_that_applies_is_told_with_what_stands_there_marked(tmp_path: Path) -> None:
    told = explained(f"{put(tmp_path, 'a.osu', TEXT)}:{FIRST + 2}").stdout
    assert "  hit sound  " in told
    assert "  > whistle" in told
    assert "  slider shape" not in told
    assert told.count(" to be expected\n") == told.count("\n  > ") - told.count("  > 00:01:500")


def test_the_notes_around_are_shown(tmp_path: Path) -> None:
    told = explained(f"{put(tmp_path, 'a.osu', TEXT)}:{FIRST}").stdout
    around = told.partition("around it  with their suspicion\n")[2].splitlines()
    assert [line.split()[0] for line in around if line] == [">", "00:01:250", "00:01:500", "00:01:750", "00:02:000"]


def test_rounded_times_are_explained(tmp_path: Path) -> None:
    told = explained(f"{put(tmp_path, 'a.osu', TEXT)}:{FIRST + 2}").stdout
    error = told.partition("  distance from the tick")[2].partition("\n\n")[0]
    assert error.endswith("Editors cut times off to whole ms: 1 ms early is on the tick as well.")


def test_charts_count_in_ticks_so_nothing_is_rounded(tmp_path: Path) -> None:
    written = chart_text(["768 = N 0 0", "960 = N 2 0"])
    line = next(number for number, each in enumerate(written.splitlines(), 1) if "960 = N 2 0" in each)
    told = explained(f"{put(tmp_path, 'notes.chart', written)}:{line}").stdout
    assert "  distance from the tick" in told
    assert "cut times off" not in told


def test_json_holds_the_whole_distribution(tmp_path: Path) -> None:
    loaded = json.loads(explained(f"{put(tmp_path, 'a.osu', TEXT)}:{FIRST + 2}", "--format", "json").stdout)
    [note] = loaded["notes"]
    assert (loaded["model"], note["line"], note["notes"]) == (MODEL, FIRST + 2, 12)
    assert set(note["suspicion"]) == set(MISTAKES)
    assert set(note["fields"]) <= {field.name for field in FIELDS}
    for field in note["fields"].values():
        assert sum(each["probability"] for each in field["expected"]) == pytest.approx(1, abs=0.03)
    assert [each["line"] for each in note["around"]] == [FIRST, FIRST + 1, *range(FIRST + 3, FIRST + 7)]


def test_a_line_without_a_note_names_the_nearest(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", TEXT)
    result = explained(f"{path}:1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"maimod: {path}: line 1 is no note; the nearest one is in line {FIRST}, at 00:01:000\n"
    assert "no note begins at 00:02:600; the nearest one is in line" in explained(f"{path}:00:02:600").stderr


def test_a_place_without_a_note_is_said_so(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", osu_text())
    assert "the map has no notes that the model scores" in explained(f"{path}:5").stderr
    assert explained(str(path)).stderr == f"maimod: {path}: say which note, as FILE:LINE or FILE:00:12:345\n"
    assert explained(f"{tmp_path / 'none.osu'}:5").stderr == f"maimod: {tmp_path / 'none.osu'}: does not exist\n"
    assert "holds several maps; name one of them" in explained(f"{tmp_path}:5").stderr


def test_a_drive_letter_is_no_line() -> None:
    assert split_place(r"C:\maps\x.osu:12") == (r"C:\maps\x.osu", 12, None)
    assert split_place(r"C:\maps\x.osu:00:12:345 (1,2)") == (r"C:\maps\x.osu", None, "00:12:345")
    assert split_place(r"C:\maps\x.osu") == (r"C:\maps\x.osu", None, None)


def test_a_chord_is_explained_note_by_note(tmp_path: Path) -> None:
    path = put(tmp_path, "notes.chart", chart_text(["768 = N 0 0", "768 = N 2 96"]))
    told = explained(f"{path}:00:01:920").stdout
    assert told.count("Band - Song [Expert Guitar]") == 2
    assert "  > green fret" in told
    assert "  > yellow fret" in told


def test_a_map_in_an_archive_can_be_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.osz", "w") as archive:
        archive.writestr("a.osu", osu_text(CIRCLES[:2]))
        archive.writestr("b.osu", TEXT)
    [found], _ = explain(f"{tmp_path / 'set.osz'}/b.osu:{FIRST + 5}", "off")
    assert (found.line, len(found.part.surprisal)) == (FIRST + 5, 12)


def test_plain_terminals_get_plain_characters(tmp_path: Path) -> None:
    [found], _ = explain(f"{put(tmp_path, 'a.osu', TEXT)}:{FIRST + 2}", "off")
    plain = "".join(piece for line in text(found, plain=True) for piece, _ in line)
    assert plain.isascii()
    assert "#" in plain


def test_bars_are_as_long_as_what_they_stand_for() -> None:
    assert bar(0.5, plain=True) == "#" * 12 + "." * 12
    assert bar(1.2, plain=False) == "█" * 24
