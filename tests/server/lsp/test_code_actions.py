from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap, position, run
from tests.server.maps import put

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


def edits(actions: Sequence[types.CodeAction]) -> list[types.CodeAction]:
    """The fixes of the finding itself."""
    return [each for each in actions if each.edit and "all" not in each.title]


async def chosen(client: Client, opened: OpenMap, at: str, title: str) -> None:
    """Chooses the action whose title begins so, which must be a command."""
    found = [each for each in await opened.actions(opened.range_of(at), "quickfix") if each.title.startswith(title)]
    (command,) = [each.command for each in found if each.command]
    await client.workspace_execute_command_async(types.ExecuteCommandParams(command.command, command.arguments))


def saved(client: Client, folder: Path, text: str, name: str = "a.osu") -> OpenMap:
    path = put(folder, name, text)
    return OpenMap(client, text, path.as_uri())


async def test_a_safe_fix_is_the_preferred_quick_fix_of_its_finding(client: Client) -> None:
    opened = OpenMap(client, TWO_FAULTS)
    (action,) = edits(await opened.actions(opened.range_of(",3,1,0"), "quickfix"))
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
    (action,) = edits(await opened.actions(opened.range_of(",3,1,0"), "quickfix"))
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


async def test_the_fix_of_a_rule_can_be_applied_to_all_that_it_found(client: Client) -> None:
    opened = OpenMap(client, TWO_FAULTS)
    actions = await opened.actions(opened.range_of(",3,1,0"), "quickfix")
    (action,) = [each for each in actions if each.edit and "all 2 findings" in each.title]
    text = applied(opened, action)
    assert ",5,1,0" in text and ",100,1,0" in text and action.is_preferred is None


async def test_a_finding_can_be_dismissed_for_good(client: Client, folder: Path) -> None:
    opened = saved(client, folder, TWO_FAULTS)
    await opened.pulled()
    await chosen(client, opened, ",3,1,0", "Dismiss timing-volume-invalid here")
    (left,) = await opened.finds("timing-volume-invalid")
    assert "101 %" in left.message
    assert "timing-volume-invalid" in (folder / ".maimod" / "dismissed.toml").read_text(encoding="utf-8")


async def test_a_rule_can_be_dismissed_in_one_map_and_restored(client: Client, folder: Path) -> None:
    opened, other = saved(client, folder, TWO_FAULTS), saved(client, folder, TWO_FAULTS, "b.osu")
    await opened.pulled()
    await chosen(client, opened, ",3,1,0", "Dismiss timing-volume-invalid in this map")
    assert not await opened.finds("timing-volume-invalid")
    assert len(await other.finds("timing-volume-invalid")) == 2
    listed = await run(client, "maimod.dismissals", opened.uri)
    assert [each["rule"] for each in listed] == ["timing-volume-invalid"]
    assert await run(client, "maimod.dismissals", other.uri) == []
    assert await run(client, "maimod.restore", opened.uri, listed[0]) == 1
    assert len(await opened.finds("timing-volume-invalid")) == 2
    assert await run(client, "maimod.restore", opened.uri) == 0


async def test_a_rule_can_be_switched_off_and_comments_stay(client: Client, folder: Path) -> None:
    settings = put(folder, "maimod.toml", "# ours\nsurprisal = false\n")
    opened = saved(client, folder, TWO_FAULTS)
    await opened.pulled()
    await chosen(client, opened, ",3,1,0", "Switch timing-volume-invalid off")
    assert not await opened.finds("timing-volume-invalid")
    assert settings.read_text(encoding="utf-8") == '# ours\nsurprisal = false\nignore = ["timing-volume-invalid"]\n'


async def test_a_dismissal_that_cannot_be_written_is_told_and_nothing_changes(client: Client, folder: Path) -> None:
    # A file where the folder of the dismissals would have to be.
    put(folder, ".maimod", "")
    opened = saved(client, folder, TWO_FAULTS)
    await opened.pulled()
    with pytest.raises(JsonRpcException, match="could not be written"):
        await chosen(client, opened, ",3,1,0", "Dismiss timing-volume-invalid here")
    assert len(await opened.finds("timing-volume-invalid")) == 2


async def test_findings_of_an_unsaved_map_are_explained_but_not_dismissed(client: Client) -> None:
    opened = OpenMap(client, TWO_FAULTS)
    titles = [each.title for each in await opened.actions(opened.range_of(",3,1,0"), "quickfix")]
    assert "Explain timing-volume-invalid" in titles
    assert not any(title.startswith(("Dismiss", "Switch")) for title in titles)


async def test_a_large_selection_is_not_asked_about_each_finding(client: Client) -> None:
    opened = OpenMap(client, osu_text(timing=["0,500,4,1,0,60,1,0", *(f"{n},-100,4,1,0,3,0,0" for n in range(100, 160))]))
    titles = [each.title for each in await opened.actions(opened.range(0, len(opened.text)), "quickfix")]
    assert any("all 60 findings of timing-volume-invalid" in title for title in titles)
    assert not any(title.startswith("Explain") for title in titles)
