from __future__ import annotations

import pytest
from lsprotocol import types

from formats.osu import Mode
from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap, part
from tests.server.lsp.strange import CHART, OSU, SONG

pytestmark = pytest.mark.asyncio(loop_scope="session")

OBJECTS = ["64,64,1000,5,0", "128,64,1250,1,0", "192,64,1502,1,0", "256,64,2000,2,0,L|356:64,2,100"]


async def test_over_a_finding_stands_the_rule_with_its_reason(client: Client) -> None:
    opened = OpenMap(client, osu_text(timing=["0,500,4,1,0,3,1,0"]))
    text = await opened.hover("3,1,0")
    assert "This timing line's volume is 3 %" in text
    assert "The game plays every volume below 5 % as 5 %" in text
    assert "`timing-volume-invalid`" in text


async def test_over_an_object_stand_its_time_combo_number_tempo_and_snap(client: Client) -> None:
    text = await OpenMap(client, osu_text(OBJECTS)).hover("128,64,1250")
    for said in ("00:01:250 (2)", "osu://edit/00:01:250", "120 BPM", "1/2", "number 2"):
        assert said in text


async def test_over_a_slider_stands_its_end(client: Client) -> None:
    text = await OpenMap(client, osu_text(OBJECTS)).hover("256,64,2000")
    assert "ends 00:03:000" in text and "1 reverse" in text


async def test_over_a_timing_line_stands_its_tempo_or_velocity(client: Client) -> None:
    opened = OpenMap(client, osu_text(OBJECTS, ["0,500,4,1,0,60,1,0", "1000,-50,4,1,0,60,0,1"]))
    assert "120 BPM" in await opened.hover("0,500,4")
    text = await opened.hover("1000,-50")
    assert "SV 2×" in text and "kiai" in text


@pytest.mark.parametrize(
    ("text", "name", "key", "said"),
    [
        (osu_text(general=["StackLeniency: 0.7"]), "a.osu", "StackLeniency", "stacked"),
        ("[Song]\n{\n  Resolution = 192\n}\n", "a.chart", "Resolution", "quarter note"),
        ("[song]\nPro_Drums = 1\n", "b/song.ini", "Pro_Drums", "cymbals"),
    ],
)
async def test_over_a_key_stands_what_it_means(client: Client, text: str, name: str, key: str, said: str) -> None:
    opened = OpenMap(client, text, f"untitled:{client.encoding}/{name}")
    assert said in await opened.hover(key)
    opened.close()


async def test_over_nothing_stands_nothing(client: Client) -> None:
    opened = OpenMap(client, osu_text(OBJECTS, general=["// a remark"]))
    assert await opened.hover("// a remark") == ""


async def test_over_a_part_of_a_line_stands_which_part_it_is_and_what_it_says(client: Client) -> None:
    opened = OpenMap(client, OSU)
    for wanted, name, said in (
        ("5,2,1:2", "type", "circle, new combo"),
        ("2,1:2:3", "hit sound", "whistle"),
        ("1:2:3:40", "normal set", "Normal"),
        ("40:", "sample volume", "0 takes the timing line's"),
        (f"{SONG}.wav", "sample file", "sounds in place of hitnormal"),
        ("L|356", "curve type", "Straight"),
        ("2|0|8", "edge sounds", "whistle → no addition → clap"),
        ("400,3,2", "beat length", "150 BPM"),
        ("-50,4", "slider velocity", "2×"),
        ("240\n F", "sprite y", "480 high"),
        ("F,0,100", "command", "Fade"),
    ):
        text = await opened.hover(wanted)
        assert f"**{name}**" in text and said in text, wanted


async def test_over_a_setting_stands_what_its_value_means(client: Client) -> None:
    opened = OpenMap(client, osu_text(general=("Countdown: 2", "OverlayPosition: Above")))
    assert "Half speed" in await opened.hover("2\nOverlay")
    assert "over the number" in await opened.hover("OverlayPosition")
    assert "green lines set slider velocity" in await opened.hover("[TimingPoints]")


async def test_over_an_object_stand_its_spacing_and_its_sounds(client: Client) -> None:
    text = await OpenMap(client, OSU).hover("192,64,1500")
    assert "64 px (spacing 1.28×) and 1/2 after the object before" in text
    assert "kiai" in text and "`normal-hitclap`" in text and "volume 60 %" in text and "stars in all" in text


async def test_the_hovered_part_is_marked_behind_wide_letters_too(client: Client) -> None:
    opened = OpenMap(client, OSU)
    answer = await client.text_document_hover_async(types.HoverParams(opened.identifier, opened.range_of("12,34").start))
    assert answer is not None and answer.range is not None
    assert part(OSU, answer.range, client.encoding) == "12"


async def test_over_a_charts_notes_tempos_and_phrases_stands_what_they_are(client: Client) -> None:
    opened = OpenMap(client, CHART, f"untitled:{client.encoding}/notes.chart")
    for wanted, said in (
        ("768 = N 1", "Green fret + red fret"),
        ("864 = N", "in star power"),
        ("864 = S", "**Star power**"),
        ("1536 = B", "150 BPM"),
        (f"{SONG} solo", "**event text**"),
        ("MusicStream", "audio file"),
        ("[HardDrums]", "The notes of Drums, Hard."),
    ):
        assert said in await opened.hover(wanted), wanted
    assert "1/2" in await opened.hover("864 = N") and "sustained 1/2" in await opened.hover("864 = N")
    opened.close()


async def test_over_the_empty_line_at_the_end_stands_nothing(client: Client) -> None:
    opened = OpenMap(client, osu_text(OBJECTS))
    end = opened.position(len(opened.text))
    assert await client.text_document_hover_async(types.HoverParams(opened.identifier, end)) is None


@pytest.mark.parametrize(
    ("mode", "line", "said"),
    [
        (Mode.TAIKO, "256,192,1000,1,12,0:0:0:0:", "**Big kat**"),
        (Mode.CATCH, "256,192,1000,1,0,0:0:0:0:", "**Fruit**"),
        (Mode.MANIA, "448,192,1000,1,0,0:0:0:0:", "column 4 of 4"),
        (Mode.MANIA, "448,192,1000,128,0,1500:0:0:0:0:", "ends 00:01:500"),
    ],
)
async def test_each_mode_speaks_its_own_words(client: Client, mode: Mode, line: str, said: str) -> None:
    assert said in await OpenMap(client, osu_text([line], mode=mode)).hover(line)


async def test_over_a_rule_in_maimod_toml_stands_what_it_says(client: Client) -> None:
    opened = OpenMap(client, f'# {SONG}\nignore = ["object-unsnapped"]  # {SONG}\n', f"untitled:{client.encoding}/maimod.toml")
    assert "timing grid" in await opened.hover("object-unsnapped")
    assert "These rules do not run" in await opened.hover("ignore")
    opened.close()
