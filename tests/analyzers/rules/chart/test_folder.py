"""Rules on the files beside a chart."""

from __future__ import annotations

import pytest

from tests.builder import kinds
from tests.chart_builder import FILES, INI, chart_findings, chart_text, ini_findings


def found(rule: str, *files: str, ini: str | None = INI, path: str = "songs/notes.chart") -> list[tuple[str, str, float | None]]:
    return kinds(chart_findings(rule, chart_text(), ini=ini, files=files, path=path))


@pytest.mark.parametrize(
    ("rule", "kind", "severity", "files"),
    [
        ("chart-invalid-ini", "invalidIni", "error", ("songs.ini",)),
        ("chart-multiple-ini-files", "multipleIniFiles", "error", ("song.ini", "song (1).ini")),
        ("chart-no-album-art", "noAlbumArt", "information", ("cover.png",)),
        ("chart-multiple-album-art", "multipleAlbumArt", "warning", ("album.png", "album.jpg")),
        ("chart-no-audio", "noAudio", "error", ("preview.ogg", "crowd.opus", "Song.ogg", "stems/song.ogg")),
        ("chart-invalid-audio", "invalidAudio", "warning", ("Song.ogg",)),
        ("chart-multiple-audio", "multipleAudio", "warning", ("song.ogg", "song.mp3")),
        ("chart-multiple-chart", "multipleChart", "warning", ("notes.chart", "notes.mid")),
        ("chart-invalid-chart", "invalidChart", "warning", ("notes.chart", "old.chart")),
        ("chart-bad-video", "badVideo", "warning", ("video.mp4",)),
        ("chart-multiple-video", "multipleVideo", "warning", ("video.webm", "video.vp8")),
    ],
)
def test_what_the_folder_lacks_or_has_too_much(rule: str, kind: str, severity: str, files: tuple[str, ...]) -> None:
    assert found(rule, *files) == [(kind, severity, None)]


@pytest.mark.parametrize(
    "rule",
    [
        "chart-no-metadata", "chart-invalid-ini", "chart-multiple-ini-files", "chart-no-album-art", "chart-multiple-album-art",
        "chart-no-audio", "chart-invalid-audio", "chart-multiple-audio", "chart-multiple-chart", "chart-invalid-chart",
        "chart-bad-video", "chart-multiple-video",
    ],
)  # fmt: skip
def test_a_whole_folder_and_an_unknown_one_are_fine(rule: str) -> None:
    assert found(rule, *FILES, "video.webm", "desktop.ini", "extra/old.chart") == []
    assert chart_findings(rule, chart_text(), ini=INI) == []


def test_a_folder_without_ini_has_no_metadata() -> None:
    assert found("chart-no-metadata", "notes.chart", ini=None) == [("noMetadata", "error", None)]
    assert found("chart-no-metadata", "notes.chart", "songs.ini", ini=None) == []


def test_audio_that_the_chart_itself_names_counts() -> None:
    text = chart_text(song=["Resolution = 192", 'MusicStream = "My Song.ogg"'])
    assert chart_findings("chart-no-audio", text, files=["notes.chart", "My Song.ogg"]) == []
    assert len(chart_findings("chart-no-audio", text, files=["notes.chart"])) == 1


def test_a_misnamed_chart_says_so_itself() -> None:
    assert len(found("chart-invalid-chart", "notes.chart", "a.chart", "b.chart", path="songs/a.chart")) == 1


def test_a_song_ini_alone_lacks_its_chart() -> None:
    assert kinds(ini_findings("chart-no-chart", INI, files=["song.ini", "song.ogg"])) == [("noChart", "error", None)]
    assert ini_findings("chart-no-chart", INI, files=["song.ini", "notes.mid"]) == []
    assert ini_findings("chart-no-chart", INI) == []
