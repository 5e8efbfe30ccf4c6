from formats.mapset import FileFact
from tests.builder import findings, kinds, osu_text

RULE = "background-presence"
TEXT = osu_text(events=['0,0,"SB\\Bg.jpg",0,0'])


def test_no_background_line() -> None:
    assert kinds(findings(RULE, osu_text())) == [("not-set", "error", None)]


def test_the_file_is_found_in_any_case_and_with_either_slash() -> None:
    assert findings(RULE, TEXT, files=[FileFact("sb/BG.JPG", 1)]) == []


def test_a_file_that_is_missing() -> None:
    assert kinds(findings(RULE, TEXT, files=[FileFact("bg.jpg", 1)])) == [("file-missing", "error", None)]


def test_nothing_is_missing_in_a_folder_that_was_not_listed() -> None:
    assert findings(RULE, TEXT) == []
