"""A finding keeps its key while the map changes elsewhere."""

from __future__ import annotations

from pathlib import Path

from server.daemon.desk import Desk
from server.daemon.questions import Check, Checked
from tests.builder import osu_text
from tests.server.maps import put

UNSNAPPED = "100,100,1013,1,0"


def keys(path: Path, rule: str) -> list[str]:
    answer = Desk().answer(Check(str(path)))
    assert isinstance(answer, Checked)
    return [noted.key for noted in answer.noted if noted.finding.name == rule]


def test_a_key_survives_edits_elsewhere_and_a_renamed_file(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", osu_text(["256,192,500,1,0", UNSNAPPED]))
    before = keys(path, "object-unsnapped")
    assert len(before) == 1
    other = put(tmp_path / "else", "b.osu", osu_text(["200,192,250,1,0", "256,192,500,1,0", UNSNAPPED, "0,0,2000,1,0"]))
    assert keys(other, "object-unsnapped") == before


def test_a_key_ends_with_its_line(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", osu_text([UNSNAPPED]))
    before = keys(path, "object-unsnapped")
    put(tmp_path, "a.osu", osu_text(["100,100,1017,1,0"]))
    assert keys(path, "object-unsnapped") != before


def test_equal_lines_have_keys_of_their_own(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", osu_text([UNSNAPPED, UNSNAPPED]))
    found = keys(path, "object-unsnapped")
    assert len(found) == 2
    assert found[1] == f"{found[0]}-2"
