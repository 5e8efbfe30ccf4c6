"""The maps of a set that are not open: judged too, pushed or pulled, and again whenever something changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from lsprotocol import types

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap, dict_of, part, run
from tests.server.maps import put

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUIET = "timing-volume-invalid"


def text(name: str, volume: int = 3, title: str = "Sóng 𝄞") -> str:
    metadata = [f"Title:{title}", "Artist:Band", "Creator:Mapper", f"Version:{name}"]
    return osu_text(["100,100,1000,1,0"], [f"0,500,4,1,0,{volume},1,0"], metadata=metadata)


def named(found: Sequence[types.Diagnostic], name: str) -> list[types.Diagnostic]:
    return [each for each in found if dict_of(each.data)["name"] == name]


async def said_of(client: Client, path: Path, number: int) -> Sequence[types.Diagnostic]:
    """The newest publication on a file once it holds so many findings of the rule."""

    def newest() -> list[types.PublishDiagnosticsParams] | None:
        said = client.published.get(path.as_uri(), [])
        return said[-1:] if said and len(named(said[-1].diagnostics, QUIET)) == number else None

    (found,) = await client.until(newest)
    return found.diagnostics


async def test_the_other_difficulties_of_the_set_are_judged_too(client: Client, folder: Path) -> None:
    other = put(folder, "b 日本.osu", text("Normal"))
    opened = OpenMap(client, text("Hard", 60), put(folder, "a.osu", text("Hard", 60)).as_uri())
    found = named(await said_of(client, other, 1), QUIET)
    assert part(text("Normal"), found[0].range, client.encoding) == "3"
    assert found[0].code == "T105" and found[0].code_description is not None
    opened.close()


async def test_what_is_typed_into_a_closed_file_from_elsewhere_counts(client: Client, folder: Path) -> None:
    other = put(folder, "b.osu", text("Normal"))
    opened = OpenMap(client, text("Hard", 60), put(folder, "a.osu", text("Hard", 60)).as_uri())
    await said_of(client, other, 1)
    put(folder, "b.osu", text("Normal", 60))
    changed = types.FileEvent(other.as_uri(), types.FileChangeType.Changed)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
    await said_of(client, other, 0)
    put(folder, "b.osu", text("Normal", 2))
    opened.save()
    await said_of(client, other, 1)
    other.unlink()
    opened.save()
    await said_of(client, other, 0)
    opened.close()


async def test_an_open_file_is_judged_as_it_stands_in_the_editor_and_closed_again_as_on_disk(
    client: Client, folder: Path
) -> None:
    path = put(folder, "a.osu", text("Hard"))
    opened = OpenMap(client, text("Normal", 60), put(folder, "b.osu", text("Normal", 60)).as_uri())
    await said_of(client, path, 1)
    second = OpenMap(client, text("Hard", 60), path.as_uri())
    await second.until_published(lambda found: not named(found, QUIET))
    second.close()
    await said_of(client, path, 1)
    opened.close()
    await said_of(client, path, 0)


async def test_a_chart_beside_an_open_song_ini_is_judged(client: Client, folder: Path) -> None:
    tracks = "[ExpertSingle]\n{\n  768 = N 0 0\n  768 = N 0 0\n}\n"
    chart = "[Song]\n{\n  Resolution = 192\n}\n[SyncTrack]\n{\n  0 = B 120000\n}\n" + tracks
    path = put(folder, "notes.chart", chart)
    opened = OpenMap(client, "[song]\nname = A\n", put(folder, "song.ini", "[song]\nname = A\n").as_uri(), "ini")

    def duplicates() -> list[types.Diagnostic]:
        said = client.published.get(path.as_uri(), [])
        return named(said[-1].diagnostics, "chart-duplicate-note") if said else []

    (found,) = await client.until(duplicates)
    assert list(found.tags or ()) == [types.DiagnosticTag.Unnecessary]
    opened.close()


async def test_a_difference_between_difficulties_names_the_line_in_the_closed_one(client: Client, folder: Path) -> None:
    red = "0,500,4,1,0,60,1,0"
    metadata = ["Title:𝄞", "Artist:Band", "Creator:Mapper", "Version:Hard"]
    first = osu_text(["100,100,1000,1,0"], [red, "8000,400,4,1,0,60,1,0"], metadata=metadata)
    second = first.replace("Version:Hard", "Version:Insane").replace("8000,400,4,1,0,60,1,0\n", "")
    path = put(folder, "a.osu", first)
    put(folder, "c.osu", first.replace("Version:Hard", "Version:Normal"))
    opened = OpenMap(client, second, put(folder, "b.osu", second).as_uri())
    (found,) = [each for each in await opened.finds("timing-inconsistent") if each.related_information]
    (related,) = list(found.related_information or [])
    assert related.location.uri == path.as_uri() and "00:08:000" in related.message
    assert part(first, related.location.range, client.encoding) == "8000,400,4,1,0,60,1,0"
    opened.close()


async def test_the_workspace_is_pulled_with_results_that_may_be_unchanged(client: Client, folder: Path) -> None:
    other = put(folder, "b.osu", text("Normal"))
    opened = OpenMap(client, text("Hard"), put(folder, "a.osu", text("Hard")).as_uri())
    first = await pulled(client, folder)
    assert {uri: len(named(items, QUIET)) for uri, (_, items) in first.items()} == {opened.uri: 1, other.as_uri(): 1}
    before = [types.PreviousResultId(uri, number) for uri, (number, _) in first.items()]
    answer = await client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(before))
    ours = [each for each in answer.items if each.uri.startswith(folder.as_uri())]
    assert {type(each) for each in ours} == {types.WorkspaceUnchangedDocumentDiagnosticReport} and len(ours) == 2
    opened.change_all(text("Hard", 60))
    again = await pulled(client, folder, before)
    assert list(again) == [opened.uri] and not named(again[opened.uri][1], QUIET)
    one = await client.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(types.TextDocumentIdentifier(other.as_uri()))
    )
    assert isinstance(one, types.RelatedFullDocumentDiagnosticReport) and one.result_id == first[other.as_uri()][0]
    opened.close()
    other.unlink()


async def pulled(
    client: Client, folder: Path, before: Sequence[types.PreviousResultId] = ()
) -> dict[str, tuple[str, Sequence[types.Diagnostic]]]:
    """Of each file whose result is new its number and diagnostics; other tests' folders left out."""
    answer = await client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(list(before)))
    full = [each for each in answer.items if isinstance(each, types.WorkspaceFullDocumentDiagnosticReport)]
    return {each.uri: (each.result_id or "", each.items) for each in full if each.uri.startswith(folder.as_uri())}


async def test_checking_the_mapset_counts_every_difficulty(client: Client, folder: Path) -> None:
    other = put(folder, "b.osu", text("Normal"))
    opened = OpenMap(client, text("Hard", 60), put(folder, "a.osu", text("Hard")).as_uri())
    answer = await run(client, "maimod.checkMapset", opened.uri)
    assert [(each["uri"], each["difficulty"]) for each in answer["files"]] == [(opened.uri, "Hard"), (other.as_uri(), "Normal")]
    hard, normal = (each["counts"] for each in answer["files"])
    assert set(hard) == {"error", "warning", "information", "hint"}
    assert normal["error"] == hard["error"] + 1
    opened.close()


async def test_a_mod_post_holds_time_stamps_and_escaped_titles(client: Client, folder: Path) -> None:
    evil = text("Hard", title="<b>[x](javascript:1)")
    opened = OpenMap(client, evil, put(folder, "a.osu", evil).as_uri())
    put(folder, "b.osu", text("Normal", title="<b>[x](javascript:1)"))
    post = await run(client, "maimod.modPost", opened.uri)
    assert "osu://edit/00:00:000" in post and "`timing-volume-invalid`" in post
    assert r"\<b\>\[x\](javascript:1)" in post and "<b>" not in post
    assert "Normal" not in post
    assert "Normal" in await run(client, "maimod.modPost", opened.uri, *[True])
    opened.close()


async def test_a_place_is_explained_by_what_stands_there_and_what_is_found(client: Client, folder: Path) -> None:
    opened = OpenMap(client, text("Hard"), put(folder, "a.osu", text("Hard")).as_uri())
    at = opened.range_of(",3,1,0").start
    said = await run(client, "maimod.explain", opened.uri, {"line": at.line, "character": at.character})
    assert "Red line" in said and "timing-volume-invalid" in said and "Set the volume to 5 %" in said
    assert await run(client, "maimod.explain", "untitled:nowhere.osu", {"line": 0, "character": 0}) is None
    opened.close()


async def test_all_safe_fixes_are_applied_through_the_editor(client: Client) -> None:
    opened = OpenMap(client, text("Hard"))
    asked: list[types.ApplyWorkspaceEditParams] = []
    client.answers = asked.append
    assert await run(client, "maimod.fixAll", opened.uri) >= 1
    (edit,) = asked
    assert edit.edit.document_changes is not None and edit.label
    opened.change_all(text("Hard", 60))
    assert await run(client, "maimod.fixAll", opened.uri) in (0, 1)
    opened.close()


async def test_a_command_with_the_wrong_arguments_is_refused(client: Client) -> None:
    for command, arguments in (("maimod.explain", ["untitled:a.osu"]), ("maimod.fixAll", []), ("maimod.dismiss", ["x", "y"])):
        with pytest.raises(Exception, match=command):
            await run(client, command, *arguments)
