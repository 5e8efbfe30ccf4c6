from __future__ import annotations

import pytest
from lsprotocol import types

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap, dict_of, part

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUIET_LINE = "1000,500,4,1,0,3,1,0"


def with_fault() -> str:
    return osu_text(["100,100,1000,1,0"], ["0,500,4,1,0,60,1,0", QUIET_LINE])


async def test_findings_are_published_for_the_version_they_were_made_of(client: Client) -> None:
    opened = OpenMap(client, with_fault())
    assert "timing-volume-invalid" in {dict_of(each.data)["name"] for each in await opened.published()}
    opened.replace(QUIET_LINE, "1000,500,4,1,0,30,1,0")
    assert "timing-volume-invalid" not in {dict_of(each.data)["name"] for each in await opened.published()}


async def test_a_diagnostic_says_what_where_how_bad_and_by_which_rule(client: Client) -> None:
    opened = OpenMap(client, with_fault())
    (found,) = await opened.finds("timing-volume-invalid")
    assert part(opened.text, found.range, client.encoding) == "3"
    assert (found.code, found.source, found.severity) == ("T105", "maimod", types.DiagnosticSeverity.Error)
    assert found.code_description is not None and found.code_description.href.startswith("https://osu.ppy.sh/wiki/")
    data = dict_of(found.data)
    assert (data["name"], data["kind"], data["stamp"]) == ("timing-volume-invalid", "volume-out-of-range", "00:01:000")


async def test_quick_changes_are_judged_once_they_stop(client: Client) -> None:
    opened = OpenMap(client, with_fault())
    await opened.published()
    for volume in ("4", "2", "1", "0"):
        at = opened.text.index("1000,500,4,1,0,") + len("1000,500,4,1,0,")
        opened.change((at, at + 1, volume))
    (found,) = [each for each in await opened.published() if each.code == "T105"]
    assert "0 %" in found.message
    versions = [each.version for each in client.published[opened.uri]]
    assert versions == sorted(versions, key=lambda version: version or 0)


async def test_an_unchanged_answer_is_not_sent_twice(client: Client) -> None:
    opened = OpenMap(client, with_fault())
    first = await client.text_document_diagnostic_async(types.DocumentDiagnosticParams(opened.identifier))
    assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
    ask = types.DocumentDiagnosticParams(opened.identifier, previous_result_id=first.result_id)
    assert isinstance(await client.text_document_diagnostic_async(ask), types.RelatedUnchangedDocumentDiagnosticReport)
    opened.replace(QUIET_LINE, "1000,500,4,1,0,2,1,0")
    assert isinstance(await client.text_document_diagnostic_async(ask), types.RelatedFullDocumentDiagnosticReport)


async def test_a_line_that_cannot_be_read_is_marked(client: Client) -> None:
    opened = OpenMap(client, "osu file format v14\n\n[HitObjects]\n100,100,abc,1,0\n")
    found = [each for each in await opened.pulled() if each.code == "X001"]
    assert [part(opened.text, each.range, client.encoding) for each in found] == ["abc"]


async def test_a_storyboard_is_read_but_not_judged_as_a_difficulty(client: Client) -> None:
    opened = OpenMap(client, "[Events]\nSprite,Pass\n", uri="untitled:board.osb", language="plaintext")
    assert {each.code for each in await opened.pulled()} == {"X001"}
