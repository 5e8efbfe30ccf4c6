from __future__ import annotations

import asyncio

import pytest
from lsprotocol import types

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap
from tests.server.lsp.strange import CHART, OBJECTS, OSU, SONG

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def hints(opened: OpenMap, at: types.Range | None = None) -> list[tuple[str, str]]:
    """What stands in the line up to each hint, and the hint."""
    wanted = at or opened.range(0, len(opened.text))
    answer = await opened.client.text_document_inlay_hint_async(types.InlayHintParams(opened.identifier, wanted))
    found: list[tuple[str, str]] = []
    for hint in answer or ():
        line = opened.text.split("\n")[hint.position.line]
        codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[opened.client.encoding]
        width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[opened.client.encoding]
        before = line.encode(codec)[: hint.position.character * width].decode(codec)
        found.append((f"{before}|{line[len(before) :]}", str(hint.label)))
    return found


async def test_objects_show_when_they_come_and_on_which_tick(client: Client) -> None:
    found = await hints(OpenMap(client, OSU))
    assert ("|128,64,1250,1,0,0:0:0:0:", "00:01:250 (2) 1/2") in found
    assert (f"|{OBJECTS[4]}", "00:03:500 (1) 1/1") in found
    assert ("|64,64,6010,5,2,0:0:0:0:", "00:06:010 (1) 1/1 +10 ms") in found


async def test_hints_asked_for_just_before_the_map_is_opened_are_answered_once_it_is(client: Client) -> None:
    soon = types.TextDocumentIdentifier(f"untitled:{client.encoding}-soon.osu")
    at = types.Range(types.Position(0, 0), types.Position(1000, 0))
    asked = asyncio.ensure_future(client.text_document_inlay_hint_async(types.InlayHintParams(soon, at)))
    await asyncio.sleep(0)
    OpenMap(client, OSU, soon.uri)
    assert "120 BPM" in [hint.label for hint in await asked or ()]


async def test_a_file_that_is_never_opened_has_no_hints(client: Client) -> None:
    unknown = types.TextDocumentIdentifier("untitled:never.osu")
    at = types.Range(types.Position(0, 0), types.Position(1000, 0))
    assert await client.text_document_inlay_hint_async(types.InlayHintParams(unknown, at)) is None


async def test_red_lines_show_their_tempo_and_green_ones_their_velocity(client: Client) -> None:
    found = await hints(OpenMap(client, OSU))
    assert ("0,500|,4,1,0,60,1,0", "120 BPM") in found
    assert ("1400,-50|,4,1,0,60,0,1", "2×") in found


async def test_only_the_lines_that_were_asked_for_have_hints(client: Client) -> None:
    opened = OpenMap(client, OSU)
    assert await hints(opened, opened.range_of("128,64,1250")) == [("|128,64,1250,1,0,0:0:0:0:", "00:01:250 (2) 1/2")]


async def test_a_chart_shows_times_ticks_and_tempos(client: Client) -> None:
    opened = OpenMap(client, CHART, f"untitled:{client.encoding}/notes.chart", "chart")
    found = await hints(opened)
    assert ("  |864 = N 2 96", "00:02:160 1/2") in found
    assert ("  1536 = B 150000|", "150 BPM") in found
    assert ("  0 = TS 4|", "4/4") in found
    assert (f"  |1152 = E {SONG} solo", "00:02:880") in found
    opened.close()


async def test_hints_are_chosen_in_the_settings(client: Client) -> None:
    def choose(value: object) -> None:
        settings = types.DidChangeConfigurationParams({"maimod": {"surprisal": False, "inlayHints": value}})
        client.workspace_did_change_configuration(settings)

    opened = OpenMap(client, osu_text(["0,0,1000,5,0"]))
    choose({"time": False, "velocity": False})
    assert [hint for _, hint in await hints(opened)] == ["120 BPM", "1/1"]
    choose(value=False)
    assert await hints(opened) == []
    choose(value=True)
    assert len(await hints(opened)) == 3
