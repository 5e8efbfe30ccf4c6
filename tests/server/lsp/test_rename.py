from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap, part
from tests.server.lsp.strange import CHART, OSU, SONG
from tests.server.maps import put

pytestmark = pytest.mark.asyncio(loop_scope="session")

HARD, EASY, BOARD = f"Band - Song (Me) [{SONG} Hard].osu", "Band - Song (Me) [Easy].osu", "Band - Song (Me).osb"


def set_of_two(folder: Path) -> Path:
    for name in (f"{SONG}.jpg", f"{SONG}.png", f"{SONG}.wav", "audio.mp3", "taken.jpg"):
        put(folder, name, "")
    put(folder, EASY, OSU.replace(f"Version:{SONG} Hard", "Version:Easy"))
    put(folder, BOARD, f'[Events]\nSprite,Foreground,Centre,"{SONG}.jpg",320,240\n')
    return put(folder, HARD, OSU)


async def renamed(opened: OpenMap, wanted: str, new: str) -> types.WorkspaceEdit:
    params = types.RenameParams(opened.identifier, opened.range_of(wanted).start, new)
    answer = await opened.client.text_document_rename_async(params)
    assert answer is not None
    return answer


async def refused(opened: OpenMap, wanted: str, new: str) -> str:
    with pytest.raises(JsonRpcException) as trouble:
        await renamed(opened, wanted, new)
    assert trouble.value.code == types.LSPErrorCodes.RequestFailed
    return trouble.value.message


def carried_out(edit: types.WorkspaceEdit, texts: dict[str, str], encoding: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The texts by file name after the edit, and the files that it renames."""
    moves: list[tuple[str, str]] = []
    after = dict(texts)
    for change in edit.document_changes or ():
        if isinstance(change, types.RenameFile):
            moves.append((Path(to_fs_path(change.old_uri) or "").name, Path(to_fs_path(change.new_uri) or "").name))
            continue
        assert isinstance(change, types.TextDocumentEdit)
        name = unquote(change.text_document.uri).rsplit("/", 1)[-1]
        for each in reversed(change.edits):
            assert isinstance(each, types.TextEdit)
            head = part(texts[name], types.Range(types.Position(0, 0), each.range.start), encoding)
            gone = part(texts[name], each.range, encoding)
            after[name] = after[name][: len(head)] + each.new_text + after[name][len(head) + len(gone) :]
    return after, moves


def texts_in(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix in (".osu", ".osb")}


async def test_a_difficulty_gets_its_name_and_its_file_with_it(client: Client, tmp_path: Path) -> None:
    path = set_of_two(tmp_path)
    opened = OpenMap(client, OSU, path.as_uri())
    texts = texts_in(tmp_path)
    after, moves = carried_out(await renamed(opened, f"{SONG} Hard", f"{SONG}: Insane?"), texts, client.encoding)
    assert after[HARD] == OSU.replace(f"Version:{SONG} Hard", f"Version:{SONG}: Insane?")
    assert moves == [(HARD, f"Band - Song (Me) [{SONG} Insane].osu")]
    assert {name: after[name] for name in (EASY, BOARD)} == {name: texts[name] for name in (EASY, BOARD)}
    opened.close()


async def test_a_name_that_another_difficulty_has_is_refused(client: Client, tmp_path: Path) -> None:
    opened = OpenMap(client, OSU, set_of_two(tmp_path).as_uri())
    assert await refused(opened, f"{SONG} Hard", "easy") == "The set has a difficulty named easy already."
    assert "not empty" in await refused(opened, f"{SONG} Hard", " ")
    opened.close()


async def test_a_file_is_renamed_in_every_map_and_storyboard_that_names_it(client: Client, tmp_path: Path) -> None:
    opened = OpenMap(client, OSU, set_of_two(tmp_path).as_uri())
    texts = texts_in(tmp_path)
    after, moves = carried_out(await renamed(opened, f"{SONG}.jpg", "背景𝄞.jpg"), texts, client.encoding)
    assert after == {name: text.replace(f"{SONG}.jpg", "背景𝄞.jpg") for name, text in texts.items()}
    assert moves == [(f"{SONG}.jpg", "背景𝄞.jpg")]
    opened.close()


async def test_a_hit_sample_is_renamed_in_all_objects_that_play_it(client: Client, tmp_path: Path) -> None:
    opened = OpenMap(client, OSU, set_of_two(tmp_path).as_uri())
    texts = texts_in(tmp_path)
    after, _ = carried_out(await renamed(opened, f"{SONG}.wav", "drum.wav"), texts, client.encoding)
    assert after[HARD] == OSU.replace(f"{SONG}.wav", "drum.wav") and after[EASY].count("drum.wav") == 2
    opened.close()


async def test_names_that_are_taken_or_lead_away_are_refused(client: Client, tmp_path: Path) -> None:
    opened = OpenMap(client, OSU, set_of_two(tmp_path).as_uri())
    assert await refused(opened, f"{SONG}.jpg", "taken.jpg") == "There is a file named taken.jpg already."
    for name in ("../away.jpg", "C:\\away.jpg", "a,b.jpg", 'a"b.jpg', "", "..", "con?.jpg"):
        assert "stays in its folder" in await refused(opened, f"{SONG}.jpg", name)
    assert await refused(opened, f"{SONG}.jpg", "a.exe") == "The new name must end in .jpg as the old one does."
    other = OpenMap(client, OSU.replace("audio.mp3", "gone.mp3"), (tmp_path / "b.osu").as_uri())
    assert await refused(other, "gone.mp3", "a.mp3") == "There is no file gone.mp3 in the map's folder."
    other.close()
    opened.close()


async def test_a_map_in_another_encoding_is_never_touched(client: Client, tmp_path: Path) -> None:
    opened = OpenMap(client, OSU, set_of_two(tmp_path).as_uri())
    (tmp_path / EASY).write_bytes(osu_text(events=('0,0,"a.jpg",0,0',), metadata=("Title:曲",)).encode("cp932"))
    assert "UTF-8" in await refused(opened, "audio.mp3", "song.mp3")
    opened.close()


async def prepared(opened: OpenMap, wanted: str) -> str:
    params = types.PrepareRenameParams(opened.identifier, opened.range_of(wanted).start)
    answer = await opened.client.text_document_prepare_rename_async(params)
    assert isinstance(answer, types.PrepareRenamePlaceholder)
    assert part(opened.text, answer.range, opened.client.encoding) == answer.placeholder
    return answer.placeholder


async def test_what_can_be_renamed_is_shown_and_all_else_refused_with_a_sentence(client: Client) -> None:
    opened = OpenMap(client, OSU)
    assert await prepared(opened, f"{SONG} Hard") == f"{SONG} Hard"
    assert await prepared(opened, f"{SONG}.png") == f"{SONG}.png"
    for wanted in ("Mapper", "128,64,1250", "[Metadata]", "500,4"):
        with pytest.raises(JsonRpcException, match="Only a difficulty's name"):
            await prepared(opened, wanted)
    chart = OpenMap(client, CHART, f"untitled:{client.encoding}/notes.chart", "chart")
    with pytest.raises(JsonRpcException, match="Clone Hero finds a song's files by their names"):
        await prepared(chart, f"{SONG}.ogg")
    chart.close()
