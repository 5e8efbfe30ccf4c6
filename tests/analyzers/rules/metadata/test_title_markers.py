import pytest

from analyzers.rule import Standard
from tests.builder import findings, fixed, kinds, osu_text

RULE = "metadata-title-markers"


def titled(title: str, original: str | None = None, tags: str = "") -> str:
    return osu_text(metadata=[f"Title:{title}", f"TitleUnicode:{title if original is None else original}", f"Tags:{tags}"])


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Song -TV version-", "Song (TV Size)"),
        ("Song(TV size)", "Song (TV Size)"),
        ("Song TV Size", "Song (TV Size)"),
        ("Song [Short Version]", "Song (Short Ver.)"),
        ("Song (Speed Up Ver.)", "Song (Sped Up Ver.)"),
        ("Song (cut & sped up)", "Song (Sped Up & Cut Ver.)"),
        ("Song (Vocal Version)", "Song (Vocal Ver.)"),
        ("Song (Nightcore)", "Song (Nightcore Mix)"),
    ],
)
def test_another_form_is_rewritten_and_then_fine(title: str, wanted: str) -> None:
    found = findings(RULE, titled(title))
    assert len(found) == 2
    assert fixed(titled(title), found) == titled(wanted)
    assert findings(RULE, titled(wanted)) == []


@pytest.mark.parametrize(
    "title",
    [
        "Song (TV Size)",
        "song (tv size)",
        "SONG (TV SIZE)",
        "Uncut",
        "Movie Version of Me",
        "Game Size Matters",
        "Nightcore",
        "Song (Original Mix)",
        "Paper cut",
        "Song (2020 Tour Live Ver.)",
        "clarity (someone remix) (cut ver.)",
    ],
)
def test_standard_forms_and_plain_words_are_fine(title: str) -> None:
    assert findings(RULE, titled(title)) == []


def test_lower_case_may_not_be_kept_in_a_mixed_title() -> None:
    assert kinds(findings(RULE, titled("Song (tv size)", "歌 (tv size)"))) == [("nonstandard-marker", "error", None)] * 2


def test_a_marker_stands_in_both_titles() -> None:
    text = titled("Song (TV Size)", "歌")
    found = findings(RULE, text)
    assert kinds(found) == [("marker-missing-in-other-title", "error", None)]
    assert fixed(text, found) == titled("Song (TV Size)", "歌 (TV Size)")


def test_a_marker_stands_at_the_end() -> None:
    assert {found.kind for found in findings(RULE, titled("Song (TV Size) Remix"))} == {"marker-not-at-end"}
    assert findings(RULE, titled("Song (TV Size) (Nightcore Mix)")) == []


def test_a_sped_up_song_tagged_nightcore_gets_the_other_marker() -> None:
    text = titled("Song (Sped Up Ver.)", tags="nightcore")
    assert fixed(text, findings(RULE, text)) == titled("Song (Nightcore Mix)", tags="nightcore")


def test_lazer_knows_one_spelling_whatever_the_title() -> None:
    assert kinds(findings(RULE, titled("song (tv size)"), standard=Standard.LAZER)) == [("wrong-format", "error", None)] * 2
    assert findings(RULE, titled("Song (Movie Version)"), standard=Standard.LAZER) == []
