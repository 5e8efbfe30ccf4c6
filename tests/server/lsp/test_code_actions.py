from __future__ import annotations

import pytest
from lsprotocol import types

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap, dict_of, position

pytestmark = pytest.mark.asyncio(loop_scope="session")

TWO_FAULTS = osu_text(timing=["0,500,4,1,0,3,1,0", "1000,500,4,1,0,101,1,0"], metadata=["Title:𝄞", "Version:Hard"])


def applied(opened: OpenMap, action: types.CodeAction) -> str:
    """The text after the action's edit, which must be one for exactly this version."""
    assert action.edit is not None and action.edit.document_changes is not None
    (change,) = action.edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert (change.text_document.uri, change.text_document.version) == (opened.uri, opened.version)
    encoding = opened.client.encoding
    places = {(at.line, at.character): n for n in range(len(opened.text) + 1) for at in [position(opened.text, n, encoding)]}
    text = opened.text
    for edit in sorted(change.edits, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):
        assert isinstance(edit, types.TextEdit)
        start, end = (places[at.line, at.character] for at in (edit.range.start, edit.range.end))
        text = text[:start] + edit.new_text + text[end:]
    return text


async def test_a_safe_fix_is_the_preferred_quick_fix_of_its_finding(client: Client) -> None:
    opened = OpenMap(client, TWO_FAULTS)
    (action,) = await opened.actions(opened.range_of(",3,1,0"), "quickfix")
    assert (action.title, action.kind, action.is_preferred) == ("Set the volume to 5 %", types.CodeActionKind.QuickFix, True)
    assert [each.code for each in action.diagnostics or []] == ["T105"]
    opened.change_all(applied(opened, action))
    (left,) = await opened.finds("timing-volume-invalid")
    assert "101 %" in left.message


async def test_a_fix_is_offered_only_where_its_finding_stands(client: Client) -> None:
    opened = OpenMap(client, TWO_FAULTS)
    assert not [each for each in await opened.actions(opened.range_of("[TimingPoints]"), "quickfix") if each.edit]


async def test_a_fix_is_made_for_the_newest_version_although_it_was_just_typed(client: Client) -> None:
    opened = OpenMap(client, TWO_FAULTS)
    await opened.published()
    opened.change((0, 0, "\n\n🎵"))
    (action,) = await opened.actions(opened.range_of(",3,1,0"), "quickfix")
    assert ",5,1,0" in applied(opened, action)


async def test_fix_all_applies_every_safe_fix(client: Client) -> None:
    opened = OpenMap(client, TWO_FAULTS)
    (action,) = await opened.actions(opened.range(0, 0), "source.fixAll")
    assert action.kind == "source.fixAll.maimod"
    opened.change_all(applied(opened, action))
    assert not await opened.finds("timing-volume-invalid")


async def test_only_the_kinds_that_were_asked_for_are_offered(client: Client) -> None:
    opened = OpenMap(client, TWO_FAULTS)
    assert not await opened.actions(opened.range(0, len(opened.text)), "refactor")
    kinds = {each.kind for each in await opened.actions(opened.range(0, len(opened.text)))}
    assert kinds == {types.CodeActionKind.QuickFix, "source.fixAll.maimod"}


async def test_fix_all_is_worked_out_when_it_is_chosen(client: Client) -> None:
    opened = OpenMap(client, TWO_FAULTS)
    chosen = types.CodeAction("all", data={"fix": "all", "uri": opened.uri, "version": opened.version})
    action = await client.code_action_resolve_async(chosen)
    assert ",5,1,0" in applied(opened, action) and ",100,1,0" in applied(opened, action)
    opened.change((0, 0, "\n"))
    late = await client.code_action_resolve_async(chosen)
    assert late.edit is None


async def test_a_finding_can_be_dismissed_for_good(client: Client, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("set") / "a.osu"
    path.write_text(TWO_FAULTS, encoding="utf-8")
    opened = OpenMap(client, TWO_FAULTS, path.as_uri())
    await opened.pulled()
    (action,) = [each for each in await opened.actions(opened.range_of(",3,1,0"), "quickfix") if each.command]
    assert action.command is not None
    await client.workspace_execute_command_async(types.ExecuteCommandParams(action.command.command, action.command.arguments))
    (left,) = [each for each in await opened.pulled() if dict_of(each.data)["name"] == "timing-volume-invalid"]
    assert "101 %" in left.message
    assert "timing-volume-invalid" in (path.parent / ".maimod" / "dismissed.toml").read_text(encoding="utf-8")
