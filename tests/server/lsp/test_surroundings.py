from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from lsprotocol import types

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap, dict_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

FAULT = ["0,500,4,1,0,3,1,0"]


def difficulty(name: str, source: str = "Game") -> str:
    return osu_text(metadata=["Title:Song", "Artist:Band", "Creator:Mapper", f"Version:{name}", f"Source:{source}"], timing=FAULT)


def opened(client: Client, path: Path, text: str) -> OpenMap:
    path.write_text(text, encoding="utf-8")
    return OpenMap(client, text, path.as_uri())


def names(found: Sequence[types.Diagnostic]) -> set[str]:
    return {dict_of(each.data)["name"] for each in found}


async def test_the_difficulties_on_disk_count_as_context(client: Client, folder: Path) -> None:
    (folder / "hard.osu").write_text(difficulty("Hard", "Another game"), encoding="utf-8")
    normal = opened(client, folder / "normal.osu", difficulty("Normal"))
    assert "metadata-inconsistent" in names(await normal.pulled())


async def test_the_open_text_of_another_difficulty_wins_over_its_file(client: Client, folder: Path) -> None:
    hard = opened(client, folder / "hard.osu", difficulty("Hard", "Another game"))
    normal = opened(client, folder / "normal.osu", difficulty("Normal"))
    assert "metadata-inconsistent" in names(await normal.pulled())
    hard.replace("Source:Another game", "Source:Game")
    await normal.until_published(lambda found: "metadata-inconsistent" not in names(found))
    assert "Another game" in (folder / "hard.osu").read_text(encoding="utf-8")


async def test_a_finding_about_the_set_stays_while_the_set_is_not_looked_at_again(client: Client, folder: Path) -> None:
    (folder / "hard.osu").write_text(difficulty("Hard", "Another game"), encoding="utf-8")
    normal = opened(client, folder / "normal.osu", difficulty("Normal"))
    await normal.pulled()
    normal.change((0, 0, "// first\n"))
    assert "metadata-inconsistent" in names(await normal.published())


async def test_a_change_on_disk_that_the_editor_tells_of_counts(client: Client, folder: Path) -> None:
    normal = opened(client, folder / "normal.osu", difficulty("Normal"))
    assert "metadata-inconsistent" not in names(await normal.pulled())
    hard = folder / "hard.osu"
    hard.write_text(difficulty("Hard", "Another game"), encoding="utf-8")
    event = types.FileEvent(hard.as_uri(), types.FileChangeType.Created)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    await normal.until_published(lambda found: "metadata-inconsistent" in names(found))


async def test_the_folders_settings_are_honoured_and_read_again_on_saving(client: Client, folder: Path) -> None:
    (folder / "maimod.toml").write_text('ignore = ["timing-volume-invalid"]\n', encoding="utf-8")
    normal = opened(client, folder / "normal.osu", difficulty("Normal"))
    assert "timing-volume-invalid" not in names(await normal.pulled())
    (folder / "maimod.toml").unlink()
    event = types.FileEvent((folder / "maimod.toml").as_uri(), types.FileChangeType.Deleted)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    assert "timing-volume-invalid" in names(await normal.pulled())


async def test_a_settings_file_that_is_wrong_is_told_once(client: Client, folder: Path) -> None:
    (folder / "maimod.toml").write_text("ignore = 5\n", encoding="utf-8")
    normal = opened(client, folder / "normal.osu", difficulty("Normal"))
    await normal.published()
    normal.change((0, 0, "\n"))
    await normal.published()
    said = [each.message for each in client.messages if str(folder) in each.message]
    assert len(said) == 1 and "ignore" in said[0]


async def test_a_chart_is_judged_with_the_open_song_ini(client: Client, folder: Path) -> None:
    ini = opened(client, folder / "song.ini", "[song]\nname = Song\nno equals sign\n")
    chart = opened(client, folder / "notes.chart", "[Song]\n{\n  Resolution = 192\n}\n[SyncTrack]\n{\n  0 = B 120000\n}\n")
    assert await chart.pulled()
    assert "X001" in {each.code for each in await ini.pulled()}
    ini.replace("no equals sign\n", "")
    assert "X001" not in {each.code for each in await ini.pulled()}
