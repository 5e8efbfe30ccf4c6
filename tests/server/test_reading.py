from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from server import reading
from server.reading import Batch, DiskFolder, Unreadable, archive_around, find, list_files, open_archive, read_batch, split
from tests.server.maps import put, sound_text


def paths(*arguments: Path | str) -> list[str]:
    return [wanted.path for batch in find([str(each) for each in arguments]).batches for wanted in batch.wanted]


def reasons(*arguments: Path | str) -> list[str]:
    return [trouble.reason for _, trouble in find([str(each) for each in arguments]).unreadable]


def archive(path: Path, entries: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, text in entries.items():
            file.writestr(name, text)
    return path


def test_a_folder_is_searched_at_all_depths_in_order(tmp_path: Path) -> None:
    for name in ("b/two.osu", "a/deep/one.OSU", "notes.txt", "c/notes.chart", ".git/hidden.osu"):
        put(tmp_path, name, "")
    found = [os.path.relpath(path, tmp_path).replace(os.sep, "/") for path in paths(tmp_path)]
    assert found == ["a/deep/one.OSU", "b/two.osu", "c/notes.chart"]


def test_a_map_named_twice_is_read_once_and_paths_stay_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.osu", "")
    monkeypatch.chdir(tmp_path)
    assert paths("./a.osu", "a.osu", tmp_path) == ["./a.osu"]


def test_a_bad_path_is_told_in_a_sentence(tmp_path: Path) -> None:
    song = put(tmp_path, "empty/song.mp3", "")
    assert reasons(tmp_path / "none.osu") == ["does not exist"]
    assert reasons(song)[0].startswith("is no map")
    assert reasons(tmp_path / "empty") == ["holds no .osu, .chart or .osz file"]
    assert reasons("bad\0name.osu")[0].startswith("cannot be read")


def test_links_that_lead_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/secret.osu", sound_text())
    inside = tmp_path / "inside"
    put(inside, "map.osu", sound_text())
    (inside / "link.osu").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    assert paths(inside) == [str(inside / "map.osu")]
    assert set(DiskFolder(str(inside)).files or ()) == {"map.osu"}


def test_a_single_map_comes_with_its_set_and_the_folders_files(tmp_path: Path) -> None:
    for name in ("Easy", "Hard"):
        put(tmp_path, f"{name}.osu", sound_text(name))
    put(tmp_path, "other.osu", sound_text(title="Another song").replace("audio.mp3", "b.mp3"))
    put(tmp_path, "sb/star.png", "12345")
    [batch] = find([str(tmp_path / "Hard.osu")]).batches
    [(_, difficulty, mapset)] = read_batch(batch).difficulties
    assert difficulty.name == "Hard"
    assert [each.name for each in mapset.difficulties] == ["Easy", "Hard"]
    assert mapset.files is not None
    assert mapset.files["sb/star.png"].size == 5


def test_standard_input_stands_for_the_file_on_disk(tmp_path: Path) -> None:
    put(tmp_path, "a.osu", sound_text("Old"))
    put(tmp_path, "b.osu", sound_text("Easy"))
    [batch] = find(["-"], sound_text("New").encode(), str(tmp_path / "a.osu")).batches
    [(_, difficulty, mapset)] = read_batch(batch).difficulties
    assert difficulty.path == str(tmp_path / "a.osu")
    assert [each.name for each in mapset.difficulties] == ["New", "Easy"]


def test_nameless_standard_input_is_read_by_its_first_words() -> None:
    [chart] = find(["-"], b"\xef\xbb\xbf[Song]\n{\n}\n").batches
    [osu] = find(["-"], b"osu file format v14\n").batches
    assert [len(read_batch(chart).charts), len(read_batch(osu).difficulties)] == [1, 1]
    assert read_batch(osu).difficulties[0][2].files is None


def test_a_chart_comes_with_its_song_ini(tmp_path: Path) -> None:
    path = put(tmp_path, "notes.chart", "[Song]\n{\n}\n")
    put(tmp_path, "Song.ini", "[song]\nname = X\n")
    [(_, source)] = read_batch(find([str(path)]).batches[0]).charts
    assert source.ini == b"[song]\nname = X\n"
    assert source.ini_path == str(tmp_path / "Song.ini")


def test_an_archive_is_read_in_memory_folder_by_folder(tmp_path: Path) -> None:
    path = archive(tmp_path / "set.osz", {"a.osu": sound_text(), "audio.mp3": "xyz", "b/notes.chart": "[Song]\n{\n}\n"})
    result = read_batch(find([str(path)]).batches[0])
    [(_, difficulty, mapset)] = result.difficulties
    assert difficulty.path == f"{path}/a.osu"
    assert mapset.files is not None
    assert mapset.files["audio.mp3"].size == 3
    assert [source.path for _, source in result.charts] == [f"{path}/b/notes.chart"]
    assert list(tmp_path.iterdir()) == [path]


def test_names_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    names = ("../up.osu", "/root.osu", "C:/windows.osu", "a/../../b.osu", "..\\back.osu", "good.osu")
    folders = open_archive(str(archive(tmp_path / "set.zip", dict.fromkeys(names, "osu file format v14\n"))))
    assert [list(folder.names) for folder in folders] == [["good.osu"]]


def test_a_link_in_an_archive_counts_for_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        link = zipfile.ZipInfo("link.osu")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
        file.writestr("map.osu", "")
    [folder] = open_archive(str(tmp_path / "set.zip"))
    assert list(folder.files or ()) == ["map.osu"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"\0" * 100])
def test_a_broken_archive_is_told_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "set.osz"
    path.write_bytes(data)
    [(_, trouble)] = read_batch(find([str(path)]).batches[0]).unreadable
    assert "is no archive that can be read" in trouble.reason


def test_a_damaged_map_in_an_archive_leaves_the_others(tmp_path: Path) -> None:
    path = archive(tmp_path / "set.osz", {"a.osu": sound_text("Easy"), "b.osu": sound_text("Hard"), "c.osu": ""})
    data = path.read_bytes()
    at = data.index(b"[Metadata]")
    path.write_bytes(data[:at] + b"?" + data[at + 1 :])
    found = read_batch(find([str(path)]).batches[0])
    assert [(trouble.path, trouble.reason[:22]) for _, trouble in found.unreadable] == [
        (f"{path}/a.osu", "cannot be unpacked (Ba")
    ]
    assert [difficulty.file_name for _, difficulty, _ in found.difficulties] == ["b.osu", "c.osu"]


def test_an_archive_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ARCHIVE_BYTES", 1000)
    path = archive(tmp_path / "bomb.osz", {f"{number}.osu": " " * 400 for number in range(3)})
    with pytest.raises(Unreadable, match="of maps"):
        open_archive(str(path))


def test_a_file_too_large_for_a_map_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_MAP_BYTES", 100)
    path = put(tmp_path, "a.osu", "x" * 101)
    assert read_batch(find([str(path)]).batches[0]).unreadable[0][1].reason.startswith("is larger than")


def test_a_folder_with_too_many_files_is_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_LISTED_FILES", 3)
    for number in range(5):
        put(tmp_path, f"{number}.osu", "")
    assert list_files(str(tmp_path)) is None
    assert len(DiskFolder(str(tmp_path)).names) == 5


def test_loose_maps_are_shared_out_by_set(tmp_path: Path) -> None:
    for title in ("One", "Two"):
        for name in ("Easy", "Hard"):
            put(tmp_path, f"{title} [{name}].osu", sound_text(name, title).replace("audio.mp3", f"{title}.mp3"))
    [batch] = find([str(tmp_path)]).batches
    parts = split(batch, 2)
    assert [[wanted.number for wanted in part.wanted] for part in parts] == [[0, 1], [2, 3]]
    assert split(batch, 4) == [batch]


def test_a_head_that_is_long_is_read_whole(tmp_path: Path) -> None:
    long = sound_text("Easy").replace("[Metadata]", "Bookmarks: " + "1," * reading.HEAD_BYTES + "\n[Metadata]")
    put(tmp_path, "Easy.osu", long)
    put(tmp_path, "Hard.osu", sound_text("Hard").replace("audio.mp3", "b.mp3"))
    result = read_batch(Batch(str(tmp_path), find([str(tmp_path / "Hard.osu")]).batches[0].wanted))
    assert len(result.difficulties[0][2].difficulties) == 2


def test_the_storyboard_of_the_folder_belongs_to_the_set(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", sound_text())
    put(tmp_path, "a.osb", '[Events]\nSample,500,0,"clap.wav",70\n')
    ((_, _, mapset),) = read_batch(find([str(path)]).batches[0]).difficulties
    assert mapset.storyboards is not None
    assert [len(board.samples) for board in mapset.storyboards.values()] == [1]


def test_a_storyboard_too_large_to_read_in_passing_counts_as_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.reading.MOST_STORYBOARD_BYTES", 10)
    path = put(tmp_path, "a.osu", sound_text())
    put(tmp_path, "a.osb", "[Events]\n" * 3)
    ((_, _, mapset),) = read_batch(find([str(path)]).batches[0]).difficulties
    assert mapset.storyboards is None


def test_a_drive_that_is_not_there_holds_no_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    def there(path: str) -> bool:  # noqa: ARG001  nothing is
        return False

    monkeypatch.setattr(os.path, "exists", there)
    assert archive_around("/songs/set.osz/a.osu") is None


def test_what_a_killed_maimod_left_behind_is_no_file_of_the_set(tmp_path: Path) -> None:
    put(tmp_path, ".maimod-abc.tmp", "half")
    put(tmp_path, "a.osu", sound_text())
    assert set(list_files(str(tmp_path)) or {}) == {"a.osu"}
