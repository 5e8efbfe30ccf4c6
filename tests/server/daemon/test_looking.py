"""What is drawn around a finding: the notes near it in each mode, and what its fixes would make of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from formats.osu import Mode
from server.daemon.desk import Desk
from server.daemon.looking import MOST_NOTES
from server.daemon.questions import Check, Checked, Look, Noted, Propose, Proposed, Shown
from tests.builder import DIFFICULTY, osu_text
from tests.chart_builder import chart_text
from tests.server.daemon.served import check_schema
from tests.server.maps import put

Json = dict[str, Any]
OBJECTS = ["256,192,1000,1,0", "100,100,1513,1,2", "50,60,2000,2,0,L|150:60,1,100", "300,20,3000,5,4"]


def look(path: Path, rule: str) -> tuple[Json, Noted]:
    desk = Desk()
    checked = desk.answer(Check(str(path)))
    assert isinstance(checked, Checked), checked
    noted = next(each for each in checked.noted if each.finding.name == rule)
    shown = desk.answer(Look(str(path), {}, checked.digest, noted))
    assert isinstance(shown, Shown), shown
    assert shown.result is not None
    check_schema("look", {"map": "0" * 12, "finding": noted.key, "revision": 1, **shown.result})
    return shown.result, noted


def test_a_circle_is_shown_where_it_stands_and_where_its_fix_would_put_it(tmp_path: Path) -> None:
    seen, _ = look(put(tmp_path, "a.osu", osu_text(OBJECTS)), "object-unsnapped")
    assert seen["shape"] == "playfield"
    (focus,) = seen["focus"]
    note = seen["notes"][focus]
    assert (note["time_ms"], note["x"], note["y"], note["combo"], note["flags"]) == (1513, 100, 100, 2, ["whistle"])
    assert {"field": "snap", "value": "1/1, 13 ms late"} in seen["actual"]
    (outcome,) = seen["expected"]
    assert outcome["instead_of"] == [focus]
    assert [each["time_ms"] for each in outcome["notes"]] == [1500]
    assert outcome["probability"] is None
    assert seen["lines"][0]["kind"] in ("bar", "beat", "half", "quarter")


def test_a_slider_has_its_path_and_its_new_combo_another_colour(tmp_path: Path) -> None:
    seen, _ = look(put(tmp_path, "a.osu", osu_text(OBJECTS)), "object-unsnapped")
    slider = next(note for note in seen["notes"] if note["kind"] == "slider")
    assert slider["path"] == [[50, 60], [150, 60]]
    assert (slider["end_ms"], slider["repeats"]) == (2500, 1)
    colours = {note["new_combo"]: note["colour"] for note in seen["notes"]}
    assert colours[True] != colours[False]


@pytest.mark.parametrize(
    ("mode", "shape", "kinds"),
    [
        (Mode.OSU, "playfield", {"circle", "slider"}),
        (Mode.TAIKO, "drums", {"don", "kat", "drumroll"}),
        (Mode.CATCH, "fruits", {"fruit", "juice"}),
        (Mode.MANIA, "lanes", {"note"}),
    ],
)
def test_each_mode_has_its_own_shape(tmp_path: Path, mode: Mode, shape: str, kinds: set[str]) -> None:
    seen, _ = look(put(tmp_path, "a.osu", osu_text(OBJECTS, mode=mode)), "object-unsnapped")
    assert seen["shape"] == shape
    assert kinds <= {note["kind"] for note in seen["notes"]}
    assert all((note["lane"] is not None) == (shape in ("drums", "lanes")) for note in seen["notes"])
    assert all((note["x"] is not None) == (shape in ("playfield", "fruits")) for note in seen["notes"])


def test_a_chart_is_shown_in_the_lanes_of_its_track(tmp_path: Path) -> None:
    text = Path("examples/demo-chart/notes.chart").read_text(encoding="utf-8")
    seen, noted = look(put(tmp_path, "notes.chart", text), "chart-baby-sustain")
    assert noted.track == "ExpertSingle"
    assert [lane["name"] for lane in seen["lanes"]] == ["green", "red", "yellow", "blue", "orange"]
    assert seen["focus"]
    assert seen["expected"][0]["notes"][0]["end_ms"] < seen["notes"][seen["focus"][0]]["end_ms"]


def test_a_finding_without_a_time_shows_no_notes(tmp_path: Path) -> None:
    seen, _ = look(put(tmp_path, "a.osu", osu_text(OBJECTS)), "background-presence")
    assert seen["shape"] == "none"
    assert seen["notes"] == seen["expected"] == []
    chart, _ = look(put(tmp_path, "notes.chart", chart_text()), "chart-no-album-art")
    assert chart["shape"] == "none"


def test_a_crowd_is_shown_in_part(tmp_path: Path) -> None:
    objects: Sequence[str] = [f"256,192,{1000 + 10 * number},1,0" for number in range(200)]
    seen, noted = look(put(tmp_path, "a.osu", osu_text(objects)), "object-unsnapped")
    assert len(seen["notes"]) == MOST_NOTES
    assert noted.finding.time_ms in [note["time_ms"] for note in seen["notes"]]
    for outcome in seen["expected"]:
        assert len(outcome["notes"]) <= 2


def test_notes_that_cannot_be_drawn_are_no_end_of_it(tmp_path: Path) -> None:
    objects = ["1e9,-1e9,1013,1,0", "0,0,1500,2,0,B|99999:99999|-99999:5|1:1,9999,1e9", "256,192,2013,12,0,99999999"]
    timing = ["0,500,4,1,0,100,1,0", "900,NaN,4,1,0,100,0,0", "1200,1e-9,4,1,0,100,1,0"]
    path = put(
        tmp_path, "a.osu", osu_text(objects, timing, difficulty=[*DIFFICULTY[:4], "SliderMultiplier:1", "SliderTickRate:1"])
    )
    desk = Desk()
    checked = desk.answer(Check(str(path)))
    assert isinstance(checked, Checked), checked
    check_schema("song", checked.song)
    for noted in checked.noted:
        shown = desk.answer(Look(str(path), {}, checked.digest, noted))
        assert isinstance(shown, Shown), shown
        check_schema("look", {"map": "0" * 12, "finding": noted.key, "revision": 1, **(shown.result or {})})


def test_a_proposal_is_the_fix_and_nothing_else(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", osu_text(OBJECTS).replace("\n", "\r\n"))
    desk = Desk()
    checked = desk.answer(Check(str(path)))
    assert isinstance(checked, Checked)
    noted = next(each for each in checked.noted if each.finding.name == "object-unsnapped")
    proposed = desk.answer(Propose(str(path), {}, checked.digest, noted, 0))
    assert isinstance(proposed, Proposed), proposed
    assert proposed.before == path.read_bytes()
    assert proposed.after == path.read_bytes().replace(b",1513,", b",1500,")
    assert "-100,100,1513,1,2\n+100,100,1500,1,2\n" in proposed.diff
    assert proposed.hunks == ({"line": noted.line, "before": ["100,100,1513,1,2"], "after": ["100,100,1500,1,2"]},)
    (edit,) = proposed.edits
    assert (edit["start"]["line"], edit["text"]) == (noted.line - 1, "1500")
