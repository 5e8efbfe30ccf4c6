from tests.builder import findings, fixed, kinds, osu_text

RULE = "preview-time"


def preview(time: int, name: str = "Hard", song: str = "audio.mp3") -> str:
    return osu_text(general=[f"PreviewTime: {time}", f"AudioFilename: {song}"], metadata=["Title:Song", f"Version:{name}"])


def test_a_preview_point_that_is_not_set() -> None:
    assert kinds(findings(RULE, preview(-1))) == [("preview-missing", "error", None)]
    assert kinds(findings(RULE, osu_text())) == [("preview-missing", "error", None)]


def test_a_difficulty_that_differs_from_most_is_told_and_takes_their_value() -> None:
    text = preview(5)
    found = findings(RULE, text, preview(10, "Easy"), preview(10, "Normal"))
    assert kinds(found) == [("conflict", "error", None)]
    assert "[Easy] it is 10 ms" in found[0].message
    assert found[0].related[0].path == "1.osu"
    assert fixed(text, found) == preview(10)


def test_those_that_agree_with_most_are_not_told() -> None:
    assert findings(RULE, preview(10), preview(10, "Easy"), preview(5, "Normal")) == []


def test_a_difficulty_without_one_is_told_once_and_its_value_counts_for_nothing() -> None:
    assert [finding.kind for finding in findings(RULE, preview(-1), preview(10, "Easy"))] == ["preview-missing"]
    assert findings(RULE, preview(10), preview(-1, "Easy"), preview(-1, "Normal")) == []


def test_another_song_of_the_set_has_another_preview_point() -> None:
    assert findings(RULE, preview(5), preview(10, "Easy", "other.mp3"), preview(10, "Normal", "other.mp3")) == []
