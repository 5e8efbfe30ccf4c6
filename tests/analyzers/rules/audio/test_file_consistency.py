from analyzers.rule import Standard
from formats.mapset import FileFact
from tests.builder import findings, fixed, kinds, osu_text

RULE = "audio-file-consistency"
TEXT = osu_text()
OTHER = TEXT.replace("audio.mp3", "song.mp3")


def test_another_song_than_most_is_copied_from_them() -> None:
    found = findings(RULE, OTHER, TEXT, TEXT)
    assert kinds(found) == [("inconsistent", "error", None)]
    assert found[0].related[0].path == "1.osu"
    assert fixed(OTHER, found) == TEXT


def test_letter_case_makes_no_other_song() -> None:
    assert findings(RULE, TEXT.replace("audio.mp3", "Audio.MP3"), TEXT, TEXT) == []


def test_a_song_that_is_not_set_or_not_there() -> None:
    assert kinds(findings(RULE, TEXT.replace("audio.mp3", ""))) == [("not-set", "error", None)]
    assert kinds(findings(RULE, TEXT, files=[FileFact("song.mp3", 1)])) == [("file-missing", "error", None)]


def test_lazer_compares_only() -> None:
    assert findings(RULE, TEXT.replace("audio.mp3", ""), standard=Standard.LAZER) == []


def test_a_map_away_from_its_set_is_not_told_that_its_song_is_away_too() -> None:
    assert findings(RULE, TEXT, files=[FileFact("Song [Hard].osu", 1), FileFact("maimod.toml", 1)]) == []
