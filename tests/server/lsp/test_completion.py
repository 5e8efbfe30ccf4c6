from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from lsprotocol import types

from tests.builder import osu_text
from tests.chart_builder import chart_text
from tests.server.lsp.editor import Client, OpenMap, part
from tests.server.lsp.strange import SONG
from tests.server.maps import put

pytestmark = pytest.mark.asyncio(loop_scope="session")

HERE = "‸"


async def offered(client: Client, text: str, uri: str = "") -> tuple[OpenMap, Mapping[str, types.CompletionItem]]:
    """The proposals where the caret stands in the text, by label."""
    at = text.index(HERE)
    opened = OpenMap(client, text.replace(HERE, "", 1), uri)
    params = types.CompletionParams(opened.identifier, opened.position(at))
    answer = await client.text_document_completion_async(params)
    assert isinstance(answer, types.CompletionList)
    return opened, {each.label: each for each in answer.items}


def edited(opened: OpenMap, item: types.CompletionItem) -> str:
    """The line after the proposal was taken."""
    assert isinstance(item.text_edit, types.TextEdit)
    start, end = item.text_edit.range.start, item.text_edit.range.end
    line = opened.text.split("\n")[start.line]

    def between(first: int, last: int) -> str:
        return part(line, types.Range(types.Position(0, first), types.Position(0, last)), opened.client.encoding)

    before, gone = between(0, start.character), between(start.character, end.character)
    return before + item.text_edit.new_text + line[len(before) + len(gone) :]


def about(item: types.CompletionItem) -> str:
    assert isinstance(item.documentation, str)
    return item.documentation


async def test_sections_that_are_missing_are_offered_with_what_they_are_for(client: Client) -> None:
    opened, found = await offered(client, f"osu file format v14\n\n[General]\nMode: 0\n\n[{HERE}")
    assert "[General]" not in found
    assert edited(opened, found["[HitObjects]"]) == "[HitObjects]"
    assert "played" in about(found["[HitObjects]"])


async def test_keys_that_a_section_lacks_are_offered(client: Client) -> None:
    opened, found = await offered(client, osu_text(general=(f"Count{HERE}",)))
    assert "Mode" not in found and "Title" not in found
    assert edited(opened, found["Countdown"]) == "Countdown: 0"


@pytest.mark.parametrize(
    ("line", "label", "after", "meaning"),
    [
        ("SampleSet: S‸", "Soft", "SampleSet: Soft", "The soft sample set."),
        ("SampleSet:‸", "Drum", "SampleSet:Drum", "The drum sample set."),
        ("Countdown: ‸0", "2", "Countdown: 2", "Half speed."),
        ("OverlayPosition: Ab‸ove", "Below", "OverlayPosition: Below", "The overlay is drawn under the number."),
    ],
)
async def test_values_are_offered_with_what_they_mean(client: Client, line: str, label: str, after: str, meaning: str) -> None:
    opened, found = await offered(client, osu_text(general=(line,)))
    assert edited(opened, found[label]) == after
    assert found[label].detail == meaning


@pytest.mark.parametrize(
    ("objects", "label", "meaning"),
    [
        ("64,64,1000,‸1,0", "5", "new combo"),
        ("64,64,1000,1,‸", "10", "Whistle + clap."),
        ("64,64,1000,1,0,0:‸0:0:0:", "2", "Soft."),
        ("64,64,1000,2,0,‸", "P", "arc"),
        ("64,64,1000,12,0,2000,‸:0:0:0:", "3", "Drum."),
    ],
)
async def test_the_fields_of_objects_are_offered_their_values(client: Client, objects: str, label: str, meaning: str) -> None:
    _, found = await offered(client, osu_text([objects]))
    assert meaning in (found[label].detail or "")


async def test_the_fields_of_timing_lines_and_events_are_offered_their_values(client: Client) -> None:
    _, found = await offered(client, osu_text(timing=["0,500,4,1,0,60,1,‸0"]))
    assert found["1"].detail == "Kiai."
    opened, found = await offered(client, osu_text(events=[f'Sprite,‸,Centre,"{SONG}.png",320,240']))
    assert edited(opened, found["Foreground"]) == f'Sprite,Foreground,Centre,"{SONG}.png",320,240'
    _, found = await offered(client, osu_text(events=["‸"]))
    assert "Break,start,end" in (found["Break"].detail or "")
    _, found = await offered(client, osu_text(events=["Sprite,Foreground,Centre,a.png,320,240", " ‸"]))
    assert (found["F"].detail or "").startswith("Fade")


async def test_files_of_the_folder_are_offered_behind_wide_letters_too(client: Client, tmp_path: Path) -> None:
    for name in (f"{SONG}.jpg", "song.mp3", "hit.wav"):
        put(tmp_path, name, "")
    uri = (tmp_path / "a.osu").as_uri()
    opened, found = await offered(client, osu_text(events=["0,0,‸,0,0"]), uri)
    assert list(found) == [f"{SONG}.jpg"]
    assert edited(opened, found[f"{SONG}.jpg"]) == f'0,0,"{SONG}.jpg",0,0'
    opened.close()
    opened, found = await offered(client, osu_text([f"1,2,3,1,0,0:0:0:0:{SONG}‸"]), uri)
    assert edited(opened, found["hit.wav"]) == "1,2,3,1,0,0:0:0:0:hit.wav"
    opened.close()


async def test_a_chart_is_offered_sections_keys_events_and_notes(client: Client) -> None:
    async def at(text: str) -> tuple[OpenMap, Mapping[str, types.CompletionItem]]:
        opened, found = await offered(client, text, f"untitled:{client.encoding}/notes.chart")
        opened.close()
        return opened, found

    opened, found = await at(chart_text() + f"[Ex{HERE}")
    assert "[ExpertSingle]" not in found and edited(opened, found["[ExpertDrums]"]) == "[ExpertDrums]"
    _, found = await at(chart_text(song=('Name = "x"', f"Res{HERE}")))
    assert "Name" not in found and "quarter note" in about(found["Resolution"])
    _, found = await at(chart_text(sync=(f"0 = {HERE}",)))
    assert set(found) == {"B", "TS", "A"}
    opened, found = await at(chart_text(events=(f'0 = E "section {SONG}"', f"9 = E{HERE}")))
    assert edited(opened, found['E "phrase_start"']) == '  9 = E "phrase_start"'
    _, found = await at(chart_text((f"768 = N {HERE}",)))
    assert found["7"].detail == "Open note."
    _, found = await at(chart_text((f"768 = N {HERE}",), track="ExpertDrums"))
    assert found["0"].detail == "Kick."
    _, found = await at(chart_text((f"768 = S {HERE}",)))
    assert found["2"].detail == "Star power."


async def test_song_ini_is_offered_keys_and_values(client: Client) -> None:
    uri = f"untitled:{client.encoding}/song.ini"
    opened, found = await offered(client, f"[song]\nname = {SONG}\npro{HERE}\n", uri)
    assert "name" not in found and edited(opened, found["pro_drums"]) == "pro_drums = True"
    opened.close()
    opened, found = await offered(client, f"[song]\nname = {SONG}\nmodchart = {HERE}\n", uri)
    assert set(found) == {"True", "False"}
    opened.close()


async def test_maimod_toml_is_offered_keys_rules_and_severities(client: Client) -> None:
    uri = f"untitled:{client.encoding}/maimod.toml"
    for text, label, after in (
        (f"# {SONG}\nstan{HERE}", "standard", 'standard = "ranking"'),
        (f'standard = "{HERE}"', '"lazer"', 'standard = "lazer"'),
        (f'ignore = [  # {SONG}\n  "obj{HERE}"', "object-unsnapped", '  "object-unsnapped"'),
        (f"[severity]\n{HERE}", "object-unsnapped", '"object-unsnapped" = '),
        (f'[severity]\n"object-unsnapped" = {HERE}', '"warning"', '"object-unsnapped" = "warning"'),
    ):
        opened, found = await offered(client, text, uri)
        assert edited(opened, found[label]) == after
        opened.close()


async def test_nothing_is_offered_where_everything_may_stand(client: Client) -> None:
    for text in (osu_text(metadata=(f"Title:{SONG}‸",)), osu_text(["64,64,‸1000,1,0"])):
        _, found = await offered(client, text)
        assert not found
