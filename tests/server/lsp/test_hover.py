from __future__ import annotations

import pytest

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap

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
    for part in ("00:01:250 (2)", "osu://edit/00:01:250", "120 BPM", "1/2", "number 2"):
        assert part in text


async def test_over_a_slider_stands_its_end(client: Client) -> None:
    text = await OpenMap(client, osu_text(OBJECTS)).hover("256,64,2000")
    assert "ends 00:03:000" in text and "1 reverse" in text


async def test_over_a_timing_line_stands_its_tempo_or_velocity(client: Client) -> None:
    opened = OpenMap(client, osu_text(OBJECTS, ["0,500,4,1,0,60,1,0", "1000,-50,4,1,0,60,0,1"]))
    assert "120 BPM" in await opened.hover("0,500,4")
    text = await opened.hover("1000,-50")
    assert "SV 2×" in text and "kiai" in text


@pytest.mark.parametrize(
    ("text", "name", "key", "part"),
    [
        (osu_text(general=["StackLeniency: 0.7"]), "a.osu", "StackLeniency", "stacked"),
        ("[Song]\n{\n  Resolution = 192\n}\n", "a.chart", "Resolution", "quarter note"),
        ("[song]\nPro_Drums = 1\n", "b/song.ini", "Pro_Drums", "cymbals"),
    ],
)
async def test_over_a_key_stands_what_it_means(client: Client, text: str, name: str, key: str, part: str) -> None:
    opened = OpenMap(client, text, f"untitled:{client.encoding}/{name}")
    assert part in await opened.hover(key)
    opened.close()


async def test_over_nothing_stands_nothing(client: Client) -> None:
    opened = OpenMap(client, osu_text(OBJECTS, general=["// a remark"]))
    assert await opened.hover("// a remark") == ""
