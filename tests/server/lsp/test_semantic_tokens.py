from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from lsprotocol import types

from server.language.tokens import MODIFIERS, TYPES
from tests.server.lsp.editor import Client, OpenMap, part
from tests.server.lsp.strange import CHART, OBJECTS, OSU, SONG

pytestmark = pytest.mark.asyncio(loop_scope="session")

Token = tuple[str, str, int]


def tokens(data: Sequence[int], text: str, encoding: str) -> list[Token]:
    """The text, type and modifiers of each token."""
    found: list[Token] = []
    line = start = 0
    for at in range(0, len(data), 5):
        below, right, length, kind, modifiers = data[at : at + 5]
        line, start = (line + below, right) if below else (line, start + right)
        place = types.Range(types.Position(line, start), types.Position(line, start + length))
        found.append((part(text, place, encoding), TYPES[kind], modifiers))
    return found


async def full(opened: OpenMap) -> types.SemanticTokens:
    answer = await opened.client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(opened.identifier))
    assert answer is not None
    return answer


async def test_each_part_of_a_line_has_its_colour(client: Client) -> None:
    opened = OpenMap(client, OSU)
    found = tokens((await full(opened)).data, OSU, client.encoding)
    at = found.index(("64", "variable", 0))
    assert [each[:2] for each in found[at : at + 5]] == [
        ("64", "variable"), ("64", "variable"), ("1000", "number"), ("5", "enumMember"), ("2", "parameter"),
    ]  # fmt: skip
    assert (f"{SONG}.wav", "string", 0) in found
    assert found[found.index((f"{SONG}.jpg", "string", 0)) + 1][:2] == ("12", "variable")
    assert ("[Metadata]", "namespace", 0) in found and ("Title", "property", 0) in found


async def test_new_combos_red_lines_and_kiai_are_marked(client: Client) -> None:
    found = tokens((await full(OpenMap(client, OSU))).data, OSU, client.encoding)
    bit = {name: 1 << at for at, name in enumerate(MODIFIERS)}
    assert ("6", "enumMember", bit["newCombo"]) in found
    assert ("500", "number", bit["redLine"]) in found
    assert ("-50", "number", bit["greenLine"] | bit["kiai"]) in found


async def test_a_chart_has_colours_too(client: Client) -> None:
    opened = OpenMap(client, CHART, f"untitled:{client.encoding}/notes.chart", "chart")
    found = tokens((await full(opened)).data, CHART, client.encoding)
    at = found.index((f"{SONG} solo", "string", 0))
    assert [each[:2] for each in found[at - 2 : at + 1]] == [("1152", "number"), ("E", "keyword"), (f"{SONG} solo", "string")]
    opened.close()


async def test_a_range_holds_the_tokens_of_its_lines(client: Client) -> None:
    opened = OpenMap(client, OSU)
    wanted = opened.range_of(OBJECTS[1])
    answer = await client.text_document_semantic_tokens_range_async(types.SemanticTokensRangeParams(opened.identifier, wanted))
    assert answer is not None
    assert [each[0] for each in tokens(answer.data, OSU, client.encoding)] == ["128", "64", "1250", "1", "0", "0", "0", "0", "0"]


async def test_deltas_lead_to_what_a_full_answer_says(client: Client) -> None:
    opened = OpenMap(client, OSU)
    first = await full(opened)
    data, name = list(first.data), first.result_id
    lottery = random.Random(5)  # noqa: S311  the same edits each time
    for _ in range(25):
        start = lottery.randrange(len(opened.text))
        end = min(start + lottery.choice((0, 0, 3, 40)), len(opened.text))
        opened.change((start, end, lottery.choice(("", "7", "\n", f"\n// {SONG}\n", "64,64,5000,1,0\n", "[", "𝄞"))))
        params = types.SemanticTokensDeltaParams(opened.identifier, name or "")
        answer = await client.text_document_semantic_tokens_full_delta_async(params)
        assert isinstance(answer, types.SemanticTokensDelta)
        for edit in answer.edits:
            data[edit.start : edit.start + edit.delete_count] = edit.data or ()
        name = answer.result_id
        other = OpenMap(client, opened.text)
        assert data == list((await full(other)).data)
        other.close()


async def test_an_unknown_result_is_answered_in_full(client: Client) -> None:
    opened = OpenMap(client, OSU)
    params = types.SemanticTokensDeltaParams(opened.identifier, "never")
    answer = await client.text_document_semantic_tokens_full_delta_async(params)
    assert isinstance(answer, types.SemanticTokens) and list(answer.data) == list((await full(opened)).data)
