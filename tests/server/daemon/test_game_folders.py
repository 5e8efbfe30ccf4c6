"""Where the game keeps its maps is found on each system, as its own settings say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from server.daemon import game_folders
from server.daemon.game_folders import edited_externally, find_game
from tests.builder import osu_text
from tests.server.daemon.served import Client, run, serving
from tests.server.daemon.songs import HARD
from tests.server.maps import put


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for name in ("XDG_DATA_HOME", "WINEPREFIX", "APPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "AppData" / "Local"))
    return tmp_path


@pytest.mark.parametrize(
    ("system", "place"),
    [
        ("linux", ".local/share/osu-wine/osu!"),
        ("linux", ".wine/drive_c/users/me/AppData/Local/osu!"),
        ("linux", "Games/osu/drive_c/osu!"),
        ("darwin", "Applications/osu!.app/Contents/Resources/drive_c/osu!"),
        ("darwin", "Library/Application Support/osu-stable"),
        ("win32", "AppData/Local/osu!"),
    ],
)
def test_the_songs_folder_is_found(home: Path, monkeypatch: pytest.MonkeyPatch, system: str, place: str) -> None:
    (home / place / "Songs").mkdir(parents=True)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(game_folders, "_registered", lambda: iter(()))
    assert find_game().songs == (str(home / place / "Songs"),)


def test_a_songs_folder_that_was_moved_is_found_by_the_games_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    game = home / ".local/share/osu-wine/osu!"
    (game / "Songs").mkdir(parents=True)
    (home / "Maps").mkdir()
    (game / "osu!.me.cfg").write_text(f"Username = me\nBeatmapDirectory = {home / 'Maps'}\n", encoding="utf-8")
    monkeypatch.setattr(sys, "platform", "linux")
    assert find_game().songs == (str(home / "Maps"),)


def test_lazers_store_is_told_of_in_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert find_game().about_lazer is None
    put(home / ".local" / "share" / "osu", "client.realm", "")
    said = find_game().about_lazer
    assert said is not None
    assert said.count(". ") == 0
    assert "Edit externally" in said


def test_folders_that_lazer_edits_externally_are_known_by_their_names(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    put(temporary / ("ab" * 32), "a.osu", osu_text())
    put(temporary / ("cd" * 32), "no map.txt", "")
    put(temporary / "other", "a.osu", osu_text())
    assert edited_externally(str(temporary)) == {str(temporary.resolve() / ("ab" * 32))}
    assert edited_externally(str(tmp_path / "nothing")) == set()


def test_a_folder_that_lazer_edits_externally_is_followed_while_it_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio
    import shutil

    from server.daemon import serving as module
    from tests.server.daemon import songs

    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(module, "edited_externally", lambda: edited_externally(str(temporary)))

    async def scenario() -> None:
        async with serving() as (engine, bridge), Client(bridge) as client:
            task = asyncio.create_task(module._follow_lazer(engine))  # pyright: ignore[reportPrivateUsage]
            for name in ("ab" * 32, "cd" * 32):
                put(temporary / name, "maimod.toml", "surprisal = false\n")
                put(temporary / name, HARD, songs.text())
                await client.follow(HARD)
                shutil.rmtree(temporary / name)
                await client.sees(lambda: not client.headers)
            await client.sees(lambda: engine.watcher.roots == [])
            task.cancel()

    run(scenario())
