from __future__ import annotations

import pytest
from lsprotocol import types

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap
from tests.server.lsp.strange import CHART, OSU

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def lenses(opened: OpenMap) -> list[tuple[str, str]]:
    """The line under each lens, and the lens."""
    answer = await opened.client.text_document_code_lens_async(types.CodeLensParams(opened.identifier))
    lines = opened.text.split("\n")
    return [(lines[each.range.start.line], each.command.title) for each in answer or () if each.command]


async def test_above_a_map_stand_its_stars_length_and_tempo(client: Client) -> None:
    found = dict(await lenses(OpenMap(client, OSU)))
    (head,) = [title for _, title in await lenses(OpenMap(client, OSU)) if "stars" in title]
    assert head.endswith("7 objects · 0:05 · 120 to 150 BPM")
    assert found["[TimingPoints]"] == "2 red lines, 2 green"
    assert found["[HitObjects]"] == "5 circles, 1 slider, 1 spinner, 4 combos"
    assert found["[Events]"] == "1 break, 1 sprite"


async def test_above_a_map_stand_its_findings_by_severity(client: Client) -> None:
    opened = OpenMap(client, osu_text(["0,0,1000,5,0"], timing=["0,500,4,1,0,3,1,0"]))
    severities = [each.severity for each in await opened.pulled()]
    nouns = {1: "error", 2: "warning", 3: "remark", 4: "hint"}
    counts = [(severities.count(types.DiagnosticSeverity(number)), noun) for number, noun in nouns.items()]
    wanted = ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count)
    assert wanted and ("osu file format v14", wanted) in await lenses(opened)


async def test_above_a_charts_tracks_stand_their_notes(client: Client) -> None:
    opened = OpenMap(client, CHART, f"untitled:{client.encoding}/notes.chart", "chart")
    found = await lenses(opened)
    assert ("[Song]", "Expert Guitar, Hard Drums · 0:04 · 125 to 150 BPM") in found
    assert ("[ExpertSingle]", "3 notes, 1.6 a second, 1 star power phrase") in found
    assert ("[Events]", "2 practice sections") in found
    opened.close()


async def test_lenses_can_be_switched_off(client: Client) -> None:
    opened = OpenMap(client, OSU)
    for value, expected in ((False, False), (True, True)):
        settings = types.DidChangeConfigurationParams({"maimod": {"surprisal": False, "codeLens": value}})
        client.workspace_did_change_configuration(settings)
        assert bool(await lenses(opened)) is expected
