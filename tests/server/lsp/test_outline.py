"""Document symbols, folding ranges and selection ranges."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from lsprotocol import types

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap, part
from tests.server.lsp.strange import CHART, OSU, SONG

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def symbols(opened: OpenMap) -> list[types.DocumentSymbol]:
    answer = await opened.client.text_document_document_symbol_async(types.DocumentSymbolParams(opened.identifier))
    return [each for each in answer or () if isinstance(each, types.DocumentSymbol)]


def under(found: Sequence[types.DocumentSymbol], *names: str) -> list[types.DocumentSymbol]:
    level = list(found)
    for name in names:
        (one,) = [each for each in level if each.name.startswith(name)]
        level = list(one.children or ())
    return level


def held(symbol: types.DocumentSymbol, text: str, encoding: str) -> str:
    return part(text, symbol.range, encoding)


async def test_the_outline_of_a_difficulty_holds_settings_breaks_tempos_bookmarks_and_combos(client: Client) -> None:
    opened = OpenMap(client, OSU)
    found = await symbols(opened)
    assert [each.name for each in found][:3] == ["[General]", "[Editor]", "[Metadata]"]
    assert [each.name for each in under(found, "[Editor]", "Bookmarks")] == ["00:01:250", "00:03:500"]
    assert [each.name for each in under(found, "[Events]")] == ["Background", "Break 00:04:700", "Sprite"]
    tempos = under(found, "[TimingPoints]")
    assert [each.name for each in tempos] == ["00:00:000 120 BPM", "00:06:000 150 BPM"]
    assert [each.name for each in tempos[0].children or ()] == ["Kiai 00:01:400"]
    stretches = under(found, "[HitObjects]")
    assert [each.name for each in stretches] == [
        "00:01:000 start", "00:01:250 bookmark", "00:03:500 bookmark", "00:06:010 after the break",
    ]  # fmt: skip
    assert [each.name for each in stretches[1].children or ()] == ["00:01:250 (2,3)", "00:02:000 (1)"]


async def test_symbols_span_the_lines_that_they_speak_of(client: Client) -> None:
    opened = OpenMap(client, OSU)
    found = await symbols(opened)
    (bookmark, _) = under(found, "[Editor]", "Bookmarks")
    assert held(bookmark, OSU, client.encoding) == "1250"
    background, _, sprite = under(found, "[Events]")
    assert held(background, OSU, client.encoding) == f'0,0,"{SONG}.jpg",12,34'
    assert held(sprite, OSU, client.encoding).endswith("\n F,0,100,200,0,1")
    first = under(found, "[HitObjects]")[0]
    assert held(first, OSU, client.encoding) == f"64,64,1000,5,2,1:2:3:40:{SONG}.wav"


async def test_each_symbol_holds_its_children(client: Client) -> None:
    def check(symbol: types.DocumentSymbol) -> None:
        inside = (symbol.selection_range, *(each.range for each in symbol.children or ()))
        for one in inside:
            assert (symbol.range.start.line, symbol.range.start.character) <= (one.start.line, one.start.character)
            assert (one.end.line, one.end.character) <= (symbol.range.end.line, symbol.range.end.character)
        for child in symbol.children or ():
            check(child)

    for text, name in ((OSU, "a.osu"), (CHART, "notes.chart")):
        for symbol in await symbols(OpenMap(client, text, f"untitled:outline-{client.encoding}/{name}")):
            check(symbol)


async def test_the_outline_of_a_chart_holds_tempos_practice_sections_and_star_power(client: Client) -> None:
    opened = OpenMap(client, CHART, f"untitled:{client.encoding}/notes.chart", "chart")
    found = await symbols(opened)
    assert [each.name for each in found] == ["[Song]", "[SyncTrack]", "[Events]", "[ExpertSingle]", "[HardDrums]"]
    assert "00:03:840 150 BPM" in [each.name for each in under(found, "[SyncTrack]")]
    sections = under(found, "[ExpertSingle]")
    assert [each.name for each in sections] == [f"00:01:920 {SONG} Intro", "00:03:840 End"]
    assert [each.name for each in sections[0].children or ()] == ["00:02:160 star power"]
    assert held(sections[0], CHART, client.encoding).startswith("  768 = N 0 0")
    opened.close()


async def test_objects_out_of_order_are_one_section(client: Client) -> None:
    opened = OpenMap(client, osu_text(["0,0,2000,5,0", "0,0,1000,1,0"]))
    assert under(await symbols(opened), "[HitObjects]") == []


async def folds(opened: OpenMap) -> list[str]:
    answer = await opened.client.text_document_folding_range_async(types.FoldingRangeParams(opened.identifier))
    lines = opened.text.split("\n")
    return [lines[each.start_line] + " … " + lines[each.end_line] for each in answer or ()]


async def test_sections_stretches_and_combos_fold(client: Client) -> None:
    found = await folds(OpenMap(client, OSU))
    assert "[TimingPoints] … 6000,400,3,2,0,70,1,0" in found
    assert "0,500,4,1,0,60,1,0 … 5000,-100,4,2,0,70,0,0" in found
    assert "128,64,1250,1,0,0:0:0:0: … 192,64,1500,1,8,0:0:0:0:" in found
    assert "64,64,6010,5,2,0:0:0:0: … 64,64,6250,1,0,0:0:0:0:" in found
    opened = OpenMap(client, CHART, f"untitled:{client.encoding}/notes.chart", "chart")
    assert "[ExpertSingle] … }" in await folds(opened)
    opened.close()


async def selections(opened: OpenMap, wanted: str) -> list[str]:
    at = opened.range_of(wanted).start
    params = types.SelectionRangeParams(opened.identifier, [at])
    answer = await opened.client.text_document_selection_range_async(params)
    (each,) = list(answer or ())
    found: list[str] = []
    current: types.SelectionRange | None = each
    while current is not None:
        found.append(part(opened.text, current.range, opened.client.encoding))
        current = current.parent
    return found


async def test_a_selection_grows_from_the_part_over_line_combo_and_stretch_to_the_file(client: Client) -> None:
    found = await selections(OpenMap(client, OSU), "1250,1,0")
    assert found[:2] == ["1250", "128,64,1250,1,0,0:0:0:0:"]
    assert found[2] == "128,64,1250,1,0,0:0:0:0:\n192,64,1500,1,8,0:0:0:0:"
    assert all(each in other for each, other in pairwise(found))
    assert found[-2].startswith("[HitObjects]") and found[-1].startswith("osu file format")
    assert (await selections(OpenMap(client, OSU), f"{SONG}.png"))[0] == f"{SONG}.png"
    assert (await selections(OpenMap(client, OSU), "320,240"))[0] == "320"


async def test_a_selection_in_a_chart_grows_over_the_chord_and_the_practice_section(client: Client) -> None:
    opened = OpenMap(client, CHART, f"untitled:{client.encoding}/notes.chart", "chart")
    found = await selections(opened, "1 0\n  864")
    assert found[0] == "1" and found[1].strip() == "768 = N 1 0"
    assert [line.strip() for line in found[2].split("\n")] == ["768 = N 0 0", "768 = N 1 0"]
    assert found[3].strip().startswith("768 = N 0 0") and found[3].strip().endswith(f"1152 = E {SONG} solo")
    opened.close()
