from tests.builder import findings, kinds, osu_text

RULE = "metadata-unicode-romanised"


def test_title_artist_and_creator_are_romanised() -> None:
    text = osu_text(metadata=["Title:歌", "TitleUnicode:歌", "Artist:café", "Creator:M", "Version:V"])
    assert [found.message for found in findings(RULE, text)] == [
        "Title should be romanised, but holds '歌'.",
        "Artist should be romanised, but holds 'é'.",
    ]


def test_a_difficulty_name_is_only_looked_at() -> None:
    text = osu_text(metadata=["Title:T", "Artist:A", "Creator:M", "Version:★"])
    assert kinds(findings(RULE, text)) == [("unicode-difficulty-name", "warning", None)]


def test_bytes_of_another_encoding_are_no_ascii_and_do_no_harm() -> None:
    text = osu_text(metadata=["Title:\udc82\udcb3", "Artist:A"])
    assert "'??'" in findings(RULE, text)[0].message
