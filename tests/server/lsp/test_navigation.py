"""Definitions, references, highlights, links, the edit link and workspace symbols."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from lsprotocol import types

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap, dict_of, part
from tests.server.lsp.strange import CHART, OBJECTS, OSU, SONG, TIMING
from tests.server.maps import put

pytestmark = pytest.mark.asyncio(loop_scope="session")


def chart(client: Client) -> OpenMap:
    return OpenMap(client, CHART, f"untitled:{client.encoding}/notes.chart", "chart")


def set_of_two(folder: Path) -> tuple[Path, Path]:
    """Two difficulties, one storyboard, and the files that they name."""
    for name in (f"{SONG}.jpg", f"{SONG}.png", f"{SONG}.wav", "audio.mp3"):
        put(folder, name, "")
    first = put(folder, "Band - Song (Me) [Hard].osu", OSU)
    second = put(folder, "Band - Song (Me) [Easy].osu", OSU.replace(f"Version:{SONG} Hard", "Version:Easy"))
    put(folder, "Band - Song (Me).osb", f'[Events]\nSprite,Foreground,Centre,"{SONG}.jpg",320,240\n')
    return first, second


async def defined(opened: OpenMap, wanted: str) -> list[types.Location]:
    params = types.DefinitionParams(opened.identifier, opened.range_of(wanted).start)
    answer = await opened.client.text_document_definition_async(params)
    assert answer is None or isinstance(answer, Sequence)
    return [cast("types.Location", each) for each in answer or ()]


async def defined_lines(opened: OpenMap, wanted: str) -> list[str]:
    return [part(opened.text, each.range, opened.client.encoding).strip() for each in await defined(opened, wanted)]


async def test_an_object_is_defined_by_its_green_and_its_red_line(client: Client) -> None:
    opened = OpenMap(client, OSU)
    assert await defined_lines(opened, "1500,1,8") == [TIMING[1], TIMING[0]]
    assert await defined_lines(opened, "1250,1,0") == [TIMING[0]]
    assert await defined_lines(opened, f"{SONG}.wav\n64") == []
    assert await defined_lines(opened, TIMING[1]) == [TIMING[0]]


async def test_a_bookmark_leads_to_its_object(client: Client) -> None:
    assert await defined_lines(OpenMap(client, OSU), "3500\n") == [OBJECTS[4]]


async def test_a_note_of_a_chart_is_defined_by_tempo_signature_and_section(client: Client) -> None:
    opened = chart(client)
    found = await defined_lines(opened, "864 = N")
    assert found == ["0 = B 125000", "0 = TS 4", f'768 = E "section {SONG} Intro"']
    opened.close()


async def test_a_files_name_leads_to_the_file(client: Client, tmp_path: Path) -> None:
    first, _ = set_of_two(tmp_path)
    opened = OpenMap(client, OSU, first.as_uri())
    for wanted, name in ((f"{SONG}.jpg", f"{SONG}.jpg"), (f"{SONG}.wav", f"{SONG}.wav"), ("audio.mp3", "audio.mp3")):
        (found,) = await defined(opened, wanted)
        assert found.uri.endswith(Path(tmp_path / name).as_uri().rsplit("/", 1)[-1])
    opened.close()


async def referred(opened: OpenMap, wanted: str, *, declaration: bool = False) -> list[types.Location]:
    context = types.ReferenceContext(include_declaration=declaration)
    params = types.ReferenceParams(context, opened.identifier, opened.range_of(wanted).start)
    return list(await opened.client.text_document_references_async(params) or ())


async def referred_lines(opened: OpenMap, wanted: str, *, declaration: bool = False) -> list[str]:
    found = await referred(opened, wanted, declaration=declaration)
    return [part(opened.text, each.range, opened.client.encoding).strip() for each in found]


async def test_a_timing_line_is_used_by_the_objects_under_it(client: Client) -> None:
    opened = OpenMap(client, OSU)
    assert await referred_lines(opened, TIMING[1]) == list(OBJECTS[2:5])
    assert await referred_lines(opened, TIMING[0], declaration=True) == [TIMING[0], *OBJECTS[:5]]
    assert await referred_lines(opened, "1500,1,8", declaration=True) == [TIMING[1], *OBJECTS[2:5]]


async def test_a_hit_sound_is_used_by_the_objects_that_sound_alike(client: Client) -> None:
    opened = OpenMap(client, osu_text(["0,0,1000,5,2", "0,0,1500,1,0", "0,0,2000,1,10"]))
    at = opened.text.index("1000,5,2") + 7
    params = types.ReferenceParams(types.ReferenceContext(include_declaration=False), opened.identifier, opened.position(at))
    found = await client.text_document_references_async(params)
    assert [part(opened.text, each.range, client.encoding) for each in found or ()] == ["0,0,1000,5,2", "0,0,2000,1,10"]


async def test_a_file_is_used_by_all_maps_and_storyboards_that_name_it(client: Client, tmp_path: Path) -> None:
    first, second = set_of_two(tmp_path)
    opened = OpenMap(client, OSU, first.as_uri())
    found = await referred(opened, f"{SONG}.jpg")
    assert len(found) == 3
    others = {each.uri: each.range for each in found if each.uri != opened.uri}
    texts = [second.read_text(encoding="utf-8"), (tmp_path / "Band - Song (Me).osb").read_text(encoding="utf-8")]
    assert [part(text, place, client.encoding) for text, place in zip(texts, others.values(), strict=True)] == [f"{SONG}.jpg"] * 2
    opened.close()


async def test_a_tempo_is_used_by_the_notes_under_it(client: Client) -> None:
    opened = chart(client)
    assert await referred_lines(opened, "1536 = B") == ["1536 = N 4 0", "1536 = N 1 0"]
    opened.close()


async def highlighted(opened: OpenMap, wanted: str) -> list[str]:
    params = types.DocumentHighlightParams(opened.identifier, opened.range_of(wanted).start)
    answer = await opened.client.text_document_document_highlight_async(params)
    return [part(opened.text, each.range, opened.client.encoding).strip() for each in answer or ()]


async def test_the_combo_the_chord_and_equal_keys_light_up(client: Client) -> None:
    opened = OpenMap(client, OSU)
    assert await highlighted(opened, "128,64,1250") == list(OBJECTS[:3])
    assert await highlighted(opened, TIMING[3]) == [TIMING[3], *OBJECTS[5:]]
    twice = OpenMap(client, osu_text(general=(f"Source:{SONG}", "AudioLeadIn: 0", "AudioLeadIn: 5")))
    assert await highlighted(twice, "AudioLeadIn: 5") == ["AudioLeadIn: 0", "AudioLeadIn: 5"]
    other = chart(client)
    assert await highlighted(other, "768 = N 1 0") == ["768 = N 0 0", "768 = N 1 0"]
    other.close()


async def test_files_bookmarks_breaks_and_the_preview_are_links(client: Client, tmp_path: Path) -> None:
    first, _ = set_of_two(tmp_path)
    opened = OpenMap(client, OSU, first.as_uri())
    answer = await client.text_document_document_link_async(types.DocumentLinkParams(opened.identifier))
    found = {part(OSU, each.range, client.encoding): each.target or "" for each in answer or ()}
    links = {"1250": "00:01:250", "3500": "00:03:500", "2000": "00:02:000", "4700": "00:04:700", "5900": "00:05:900"}
    assert {name: target for name, target in found.items() if name in links} == {
        name: f"osu://edit/{time}" for name, time in links.items()
    }
    assert found[f"{SONG}.jpg"] == from_fs(tmp_path / f"{SONG}.jpg")
    assert set(found) == {*links, "audio.mp3", f"{SONG}.jpg", f"{SONG}.png", f"{SONG}.wav"}
    opened.close()


async def edit_link(opened: OpenMap, place: types.Position | types.Range) -> dict[str, object] | None:
    params = types.ExecuteCommandParams("maimod.editLink", [opened.uri, place])
    answer: object = await opened.client.workspace_execute_command_async(params)
    return None if answer is None else dict_of(answer)


async def test_the_edit_link_names_the_objects_that_are_selected(client: Client) -> None:
    opened = OpenMap(client, OSU)
    assert await edit_link(opened, opened.range_of("1250,1,0").start) == {
        "timestamp": "00:01:250 (2)", "link": "osu://edit/00:01:250%20(2)",
    }  # fmt: skip
    start, end = opened.text.index(OBJECTS[0]), opened.text.index(OBJECTS[3])
    assert (await edit_link(opened, opened.range(start, end)) or {})["timestamp"] == "00:01:000 (1,2,3)"
    assert (await edit_link(opened, opened.range_of(TIMING[1]).start) or {})["timestamp"] == "00:01:400"
    assert await edit_link(opened, opened.range_of("[Metadata]").start) is None
    other = chart(client)
    assert await edit_link(other, other.range_of("864 = N").start) == {"timestamp": "00:02:160", "link": None}
    other.close()


async def test_mania_is_named_by_time_and_column(client: Client) -> None:
    from formats.osu import Mode

    opened = OpenMap(client, osu_text(["64,192,1000,1,0", "448,192,1000,1,0"], mode=Mode.MANIA))
    start = opened.text.index("64,192")
    found = await edit_link(opened, opened.range(start, len(opened.text)))
    assert (found or {})["timestamp"] == "00:01:000 (1000|0,1000|3)"


async def test_the_difficulties_around_open_maps_are_found_by_name(client: Client, tmp_path: Path) -> None:
    first, second = set_of_two(tmp_path)
    put(tmp_path / "chart", "notes.chart", CHART)
    opened = OpenMap(client, OSU, first.as_uri())
    answer = await client.workspace_symbol_async(types.WorkspaceSymbolParams(f"{SONG[0]} easy {tmp_path.name}"))
    (found,) = [cast("types.WorkspaceSymbol", each) for each in answer or ()]
    assert found.name == f"{SONG} - {SONG} [Easy]" and found.container_name == "Mapper · osu!"
    assert found.location.uri == (from_fs(second))
    answer = await client.workspace_symbol_async(types.WorkspaceSymbolParams(f"notes.chart {tmp_path.name}"))
    assert [each.name for each in answer or ()] == [SONG]
    opened.close()


def from_fs(path: Path) -> str:
    from pygls.uris import from_fs_path

    return from_fs_path(str(path)) or ""


async def test_a_storyboards_picture_is_found_in_the_difficulties_too(client: Client, tmp_path: Path) -> None:
    first, second = set_of_two(tmp_path)
    path = tmp_path / "Band - Song (Me).osb"
    opened = OpenMap(client, path.read_text(encoding="utf-8"), path.as_uri(), "osb")
    found = await referred(opened, f"{SONG}.jpg")
    assert {each.uri for each in found} == {opened.uri, from_fs(first), from_fs(second)}
    opened.close()
