from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.uris import path_of, uri_of


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/songs/1 バンド - 歌/a [x].osu", "file:///songs/1%20%E3%83%90%E3%83%B3%E3%83%89%20-%20%E6%AD%8C/a%20%5Bx%5D.osu"),
        ("/songs/100%25 #1?;=.osu", "file:///songs/100%2525%20%231%3F%3B%3D.osu"),
        ("/songs/b\udc83\udcff.osu", "file:///songs/b%83%FF.osu"),
    ],
)
def test_a_path_is_a_uri_and_back(path: str, uri: str) -> None:
    assert uri_of(path, windows=False) == uri
    assert path_of(uri, windows=False) == path


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (r"c:\osu!\Songs\1 A - B\a [x].osu", "file:///c:/osu%21/Songs/1%20A%20-%20B/a%20%5Bx%5D.osu"),
        (r"\\nas\songs\1 A\a#.osu", "file://nas/songs/1%20A/a%23.osu"),
    ],
)
def test_a_path_of_windows_is_a_uri_and_back(path: str, uri: str) -> None:
    assert uri_of(path, windows=True) == uri
    assert path_of(uri, windows=True) == path


@pytest.mark.parametrize(
    "uri", ["file:///c%3A/Songs/a.osu", "file:///C:/Songs/a.osu", "file:///C%3a/Songs/a.osu", "file://localhost/c:/Songs/a.osu"]
)
def test_every_spelling_of_a_drive_names_one_file(uri: str) -> None:
    assert path_of(uri, windows=True) == r"c:\Songs\a.osu"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (r"C:\Songs\a.osu", "file:///c:/Songs/a.osu"),
        ("C:/Songs/a.osu", "file:///c:/Songs/a.osu"),
        (r"\\?\C:\Songs\a.osu", "file:///c:/Songs/a.osu"),
        (r"\\?\UNC\nas\songs\a.osu", "file://nas/songs/a.osu"),
    ],
)
def test_every_spelling_of_a_path_of_windows_is_one_uri(path: str, uri: str) -> None:
    assert uri_of(path, windows=True) == uri


def test_localhost_is_this_machine() -> None:
    assert path_of("file://localhost/songs/a.osu", windows=False) == "/songs/a.osu"


@pytest.mark.parametrize("uri", ["untitled:a.osu", "https://osu.ppy.sh/a.osu", "file://[/a.osu", "file:///a%00.osu", "file:", ""])
def test_what_names_no_file_has_no_path(uri: str) -> None:
    assert path_of(uri) is None


def test_bytes_that_spell_nothing_name_no_file_of_windows() -> None:
    assert path_of("file:///c:/Songs/%FF.osu", windows=True) is None


@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name))
def test_a_file_name_of_any_bytes_comes_back(name: bytes) -> None:
    path = "/" + name.decode("utf-8", "surrogateescape")
    uri = uri_of(path, windows=False)
    assert uri.isascii() and unquote(uri)
    assert path_of(uri, windows=False) == path


@given(st.text(st.characters(exclude_characters='\0<>:"/\\|?*', exclude_categories=["Cc"]), min_size=1))
def test_a_file_name_of_windows_comes_back(name: str) -> None:
    path = f"c:\\Songs\\{name}.osu"
    assert path_of(uri_of(path, windows=True), windows=True) == path


def test_this_system_is_the_usual_one() -> None:
    here = Path(__file__).resolve()
    assert Path(path_of(uri_of(str(here))) or "").samefile(here)
