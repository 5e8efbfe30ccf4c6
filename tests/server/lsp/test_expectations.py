"""Hover with the bundled model: what it expected of a note stands below what the note is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from lsprotocol import types

from tests.builder import osu_text
from tests.chart_builder import chart_text
from tests.server.lsp.conftest import ENVIRONMENT, SERVER
from tests.server.lsp.editor import PATIENCE_SECONDS, Client, OpenMap

pytestmark = pytest.mark.asyncio

# A steady run of circles with one far off.
STEADY = [
    f"{100 + 20 * (number % 8)},{100 + 10 * (number % 3)},{1000 + 250 * number},{5 if number % 8 == 0 else 1},0"
    for number in range(40)
]
ODD = "500,380,6237,1,4"


@pytest_asyncio.fixture
async def started() -> AsyncIterator[Client]:
    client = Client()
    await client.start_io(*SERVER, env=ENVIRONMENT)  # pyright: ignore[reportUnknownMemberType]
    await client.initialize_session(types.InitializeParams(types.ClientCapabilities()))
    yield client
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]


async def expected(opened: OpenMap, wanted: str) -> str:
    """What hover says as soon as the model has read the map."""
    async with asyncio.timeout(4 * PATIENCE_SECONDS):
        # Each question waits a while for the model, so this does not spin.
        while "What the model expected" not in (text := await opened.hover(wanted)):
            pass
    return text


async def test_over_a_note_stands_what_the_model_expected_field_by_field(started: Client) -> None:
    opened = OpenMap(started, osu_text(sorted([*STEADY, ODD], key=lambda line: int(line.split(",")[2]))))
    text = await expected(opened, "6237,1,4")
    assert "of 41 notes" in text and "**Circle**" in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert rows[0] == "| field | here | expected | bits |" and 2 <= len(rows) <= 6
    assert all(float(row.split("|")[-2]) >= 1 for row in rows[1:])


async def test_over_a_charts_note_too(started: Client) -> None:
    notes = [f"{768 + 96 * number} = N {number % 4} 0" for number in range(40)]
    opened = OpenMap(started, chart_text([*notes, "4700 = N 4 700"]), "untitled:a/notes.chart", "chart")
    assert "of Expert Guitar by suspicion" in await expected(opened, "4700 = N")


async def test_without_the_model_there_is_no_table(started: Client) -> None:
    started.workspace_did_change_configuration(types.DidChangeConfigurationParams({"maimod": {"surprisal": False}}))
    text = await OpenMap(started, osu_text(STEADY)).hover("1250,1,0")
    assert "**Circle**" in text and "What the model expected" not in text
