"""What is read after a save is what a fresh start would read; what an editor has open wins over the disk."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.daemon.desk import Desk
from server.daemon.questions import Check, CheckArchive, Checked, CheckedArchive, Missed
from server.daemon.subjects import Subjects, Unsettled, read_settled
from server.reading import Unreadable
from tests.builder import osu_text
from tests.chart_builder import chart_text
from tests.server.maps import put

LINES = ["256,192,1000,1,0", "100,100,1500,1,4", "50,60,2000,2,0,L|150:60,1,100", "300,20,2513,1,0", "12,5,3000,1,0"]


def told(answer: object) -> list[tuple[str, int, str]]:
    assert isinstance(answer, Checked), answer
    return [(each.key, each.line, each.finding.message) for each in answer.noted]


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from(LINES), max_size=6), min_size=1, max_size=5))
def test_saves_lead_to_what_a_fresh_start_finds(tmp_path_factory: pytest.TempPathFactory, saves: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("set")
    desk = Desk()
    for objects in saves:
        path = put(folder, "a.osu", osu_text(objects))
        assert told(desk.answer(Check(str(path)))) == told(Desk().answer(Check(str(path))))


def test_the_text_of_an_editor_wins_over_the_disk(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", osu_text(["256,192,1000,1,0"]))
    other = put(
        tmp_path, "b.osu", osu_text(["256,192,1013,1,0"], metadata=("Title:Song", "Artist:Band", "Creator:Me", "Version:Easy"))
    )
    subjects = Subjects()
    typed = osu_text(["256,192,1250,1,0", "0,0,2000,1,0"]).encode()
    subject = subjects.read(str(path), {"a.osu": typed})
    assert subject.document.to_bytes() == typed
    beside = subjects.read(str(other), {"a.osu": typed})
    assert sorted(len(each.timeline.notes) for each in beside.mapset.difficulties) == [1, 2]
    assert subjects.read(str(path), {}).document.to_bytes() == path.read_bytes()


def test_an_open_song_ini_counts(tmp_path: Path) -> None:
    path = put(tmp_path, "notes.chart", chart_text())
    put(tmp_path, "song.ini", "[song]\nname = Disk\n")
    subject = Subjects().read(str(path), {"song.ini": b"[song]\nname = Editor\n"})
    assert subject.ini is not None
    assert subject.ini.text("name") == "Editor"


def test_siblings_are_read_again_after_they_changed(tmp_path: Path) -> None:
    metadata = ("Title:Song", "Artist:Band", "Creator:Me")
    path = put(tmp_path, "a.osu", osu_text(["256,192,1000,1,0"], metadata=(*metadata, "Version:A")))
    other = put(tmp_path, "b.osu", osu_text(["256,192,1000,1,0"], metadata=(*metadata, "Version:B")))
    subjects = Subjects()
    subjects.read(str(other), {})
    subjects.read(str(path), {})
    put(tmp_path, "b.osu", osu_text(["256,192,1000,1,0", "0,0,3000,1,0"], metadata=(*metadata, "Version:B")))
    assert sorted(len(each.timeline.notes) for each in subjects.read(str(path), {}).mapset.difficulties) == [1, 2]


def test_a_file_that_is_replaced_while_it_is_read_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from server.daemon import subjects
    from server.reading import read_bytes as whole

    path = put(tmp_path, "a.osu", osu_text())

    def replaced(name: str, most: int | None = None) -> bytes:
        data = whole(name, most)
        put(tmp_path, "a.tmp", osu_text([LINES[0]]) + " " * len(data))
        (tmp_path / "a.tmp").replace(path)
        return data[: len(data) // 2]

    monkeypatch.setattr(subjects, "read_bytes", replaced)
    with pytest.raises(Unsettled):
        read_settled(str(path))
    answer = Desk().answer(Check(str(path)))
    assert isinstance(answer, Missed)
    assert answer.again


def test_maps_of_an_archive_are_sets_of_their_own_and_nothing_is_unpacked(tmp_path: Path) -> None:
    metadata = ("Title:Song", "Artist:Band", "Creator:Me")
    with zipfile.ZipFile(tmp_path / "x.osz", "w") as archive:
        archive.writestr("a.osu", osu_text(metadata=(*metadata, "Version:A")))
        archive.writestr("b.osu", osu_text(["256,192,1013,1,0"], metadata=(*metadata, "Version:B")))
        archive.writestr("../evil.osu", osu_text())
    answer = Desk().answer(CheckArchive(str(tmp_path / "x.osz")))
    assert isinstance(answer, CheckedArchive)
    assert sorted(Path(each.path).name for each in answer.maps) == ["a.osu", "b.osu"]
    assert len({each.facts.set_name for each in answer.maps}) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["x.osz"]
    assert Subjects().one(str(tmp_path / "x.osz" / "a.osu"), {}).difficulty is not None
    with pytest.raises(Unreadable):
        Subjects().one(str(tmp_path / "x.osz" / "c.osu"), {})


def test_only_so_much_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from server.daemon import subjects as module

    monkeypatch.setattr(module, "MOST_CHARACTERS", 2_000)
    subjects = Subjects()
    for number in range(20):
        subjects.read(str(put(tmp_path / str(number), "a.osu", osu_text())), {})
    kept = subjects._parsed  # pyright: ignore[reportPrivateUsage]
    assert 1 <= len(kept) < 10
    assert sum(each.length for each in kept.values()) == subjects._characters  # pyright: ignore[reportPrivateUsage]
