from formats.mapset import FileFact
from tests.builder import findings, osu_text

RULE = "file-zero-bytes"


def test_each_empty_file_is_named() -> None:
    files = [FileFact("a.png", 0), FileFact("sb/b.wav", 0), FileFact("c.mp3", 1)]
    assert [found.message.split("'")[1] for found in findings(RULE, osu_text(), files=files)] == ["a.png", "sb/b.wav"]


def test_an_unlisted_folder_has_no_empty_files() -> None:
    assert findings(RULE, osu_text()) == []


def test_a_folder_of_many_sets_is_left_alone() -> None:
    assert findings(RULE, osu_text(), files=[FileFact("0.osu", 1), FileFact("other/map.osu", 0)]) == []
