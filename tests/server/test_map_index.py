from __future__ import annotations

import os
from pathlib import Path
from threading import Event

from server.map_index import MapIndex
from tests.chart_builder import chart_text
from tests.server.maps import put, sound_text


def names(index: MapIndex, folder: Path, query: str = "") -> list[str]:
    return [named.name for named in index.search([str(folder)], query, Event())]


def test_maps_are_found_by_all_words_of_name_maker_and_file(tmp_path: Path) -> None:
    put(tmp_path / "one", "a.osu", sound_text("Hard", "曲𝄞"))
    put(tmp_path / "two", "b.osu", sound_text("Easy"))
    put(tmp_path / "three", "notes.chart", chart_text())
    put(tmp_path / ".hidden", "c.osu", sound_text())
    index = MapIndex()
    assert sorted(names(index, tmp_path)) == ["Band - Song", "Band - Song [Easy]", "Band - 曲𝄞 [Hard]"]
    assert names(index, tmp_path, "曲𝄞 me") == ["Band - 曲𝄞 [Hard]"]
    assert names(index, tmp_path, "EASY band two") == ["Band - Song [Easy]"]
    assert names(index, tmp_path, "easy three") == []


def test_a_map_is_read_again_after_it_changed(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", sound_text("Hard"))
    index = MapIndex()
    assert names(index, tmp_path) == ["Band - Song [Hard]"]
    put(tmp_path, "a.osu", sound_text("Insane"))
    os.utime(path, (1, 1))
    assert names(index, tmp_path) == ["Band - Song [Insane]"]


def test_maps_that_cannot_be_read_and_folders_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "gone.osu").symlink_to(tmp_path / "nowhere.osu")
    put(tmp_path, "odd.osu", "\0\0\0")
    assert names(MapIndex(), tmp_path) == ["odd.osu"]
    assert names(MapIndex(), tmp_path / "missing") == []


def test_a_search_that_nobody_waits_for_ends(tmp_path: Path) -> None:
    put(tmp_path, "a.osu", sound_text())
    stop = Event()
    stop.set()
    assert MapIndex().search([str(tmp_path)], "", stop) == []
