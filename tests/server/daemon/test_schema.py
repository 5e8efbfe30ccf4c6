"""The schema and the daemon know the same messages, and the documentation's examples are of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from server.daemon.protocol import Code
from tests.server.daemon.served import ROOT, SCHEMA, Client, check_schema, run, serving

DOCUMENT = (ROOT / "docs" / "bridge.md").read_text(encoding="utf-8")
CLIENT = [name.removeprefix("client.") for name in SCHEMA["$defs"] if name.startswith("client.")]
SERVER = [name.removeprefix("server.") for name in SCHEMA["$defs"] if name.startswith("server.")]


def test_the_daemon_knows_each_message_of_a_client(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            for kind in CLIENT:
                reply = await client.ask({"type": kind})
                if not reply["ok"]:
                    assert reply["error"]["code"] != "unknown-type", kind
            assert await client.refused({"type": "anything"}) == "unknown-type"

    run(scenario())


def test_the_schema_knows_each_code_of_a_refusal() -> None:
    assert SCHEMA["$defs"]["errorCode"]["enum"] == [code.value for code in Code]


@pytest.mark.parametrize("kind", [*CLIENT, *SERVER])
def test_each_message_is_documented(kind: str) -> None:
    assert f'"type": "{kind}"' in DOCUMENT or f"`{kind}`" in DOCUMENT


def test_what_a_client_is_documented_to_say_is_of_the_schema() -> None:
    places = {
        "ID": '"0123456789ab"',
        "KEY": '"0123456789abcdef"',
        "PID": '"0123456789abcdef"',
        "PATH…": '"/a"',
        "PATH": '"/a"',
        "N": "1",
        "…": '"x"',
    }
    said = re.findall(r"^\| `(\{.*?\})`(?:, `(\{.*?\})`)? \|", DOCUMENT, re.MULTILINE)
    found: list[dict[str, Any]] = [json.loads(_filled(text, places)) for row in said for text in row if text]
    for message in found:
        check_schema("client", message)
    assert {message["type"] for message in found} == set(CLIENT)


def _filled(text: str, places: dict[str, str]) -> str:
    """The example with values in the places of words."""
    for place, value in places.items():
        text = re.sub(rf"(?<=[\s\[]){place}(?=[,}}\]\s])", value, text)
    return text
