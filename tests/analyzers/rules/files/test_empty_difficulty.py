from tests.builder import findings, kinds, osu_text


def test_a_file_of_blank_lines_is_empty() -> None:
    assert kinds(findings("file-empty-difficulty", "\r\n \r\n")) == [("empty-difficulty", "error", None)]
    assert len(findings("file-empty-difficulty", "")) == 1


def test_a_difficulty_without_objects_is_not_empty() -> None:
    assert findings("file-empty-difficulty", osu_text()) == []
