"""Writing parts of a map anew through the editor: what is offered, proposed and applied, and what hinders."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from formats.beatmap import Beatmap
from tests.generation import maps
from tests.server.lsp.conftest import ENVIRONMENT
from tests.server.lsp.editor import Client, OpenMap, plain, position, run
from tests.server.maps import put

pytestmark = pytest.mark.asyncio(loop_scope="session")

SERVER = [sys.executable, "-m", "tests.server.lsp.writing_server"]
KIND = "refactor.rewrite.maimod"
# Characters of two and four units stand in front of what is inserted into the tags.
TAGS = "歌 𝄞"
OSU = maps.osu("osu", 120, 1).replace("Version:Hard\n", f"Version:Hard\nTags:{TAGS}\n")
SPAN = {"start": 9000, "end": 15000}


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["utf-8", "utf-16", "utf-32"])
async def writer(request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    async for client in _started(request.param):
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def alone() -> AsyncIterator[Client]:
    """With one encoding, for what has none."""
    async for client in _started("utf-16"):
        yield client


async def _started(encoding: str) -> AsyncIterator[Client]:
    client = Client()
    client.encoding = encoding
    await client.start_io(*SERVER, env=ENVIRONMENT)  # pyright: ignore[reportUnknownMemberType]
    edit = types.WorkspaceEditClientCapabilities(
        document_changes=True,
        resource_operations=[types.ResourceOperationKind.Create],
        change_annotation_support=types.ChangeAnnotationsSupportOptions(groups_on_label=True),
    )
    able = types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=[encoding]),
        workspace=types.WorkspaceClientCapabilities(workspace_edit=edit),
        window=types.WindowClientCapabilities(work_done_progress=True),
    )
    await client.initialize_session(types.InitializeParams(able, initialization_options={"surprisal": False}))
    yield client
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]


def applied_json(opened: OpenMap, edits: Sequence[Any]) -> str:
    """The text after the edits of a proposal."""
    changes = [
        types.TextEdit(types.Range(*(types.Position(**each["range"][end]) for end in ("start", "end"))), each["newText"])
        for each in edits
    ]
    return applied(opened, changes)


def applied(opened: OpenMap, changes: Sequence[types.TextEdit]) -> str:
    encoding, text = opened.client.encoding, opened.text
    places = {(at.line, at.character): n for n in range(len(text) + 1) for at in [position(text, n, encoding)]}
    # What comes at one place comes in the order in which it is told.
    for edit in reversed(sorted(changes, key=lambda each: (each.range.start.line, each.range.start.character))):  # noqa: C413
        start, end = (places[at.line, at.character] for at in (edit.range.start, edit.range.end))
        text = text[:start] + edit.new_text + text[end:]
    return text


def changes_of(params: types.ApplyWorkspaceEditParams) -> list[object]:
    return [*(params.edit.document_changes or ())]


def annotated(change: types.TextDocumentEdit) -> list[types.TextEdit]:
    """The change's edits, each of which must say what it is part of."""
    assert all(isinstance(each, types.AnnotatedTextEdit) for each in change.edits)
    return [types.TextEdit(each.range, each.new_text) for each in change.edits if isinstance(each, types.AnnotatedTextEdit)]


def outside(text: str, start: float = SPAN["start"], end: float = SPAN["end"]) -> list[str]:
    """The lines of a map without the notes in the section, and without its tags."""
    beatmap = Beatmap.from_text(text)
    inside = {id(each.line) for each in beatmap.hit_objects if start <= each.time < end}
    return [line.text for line in beatmap.document.lines if id(line) not in inside and not line.text.startswith("Tags:")]


def notes_in(text: str, start: float = SPAN["start"], end: float = SPAN["end"]) -> list[str]:
    return [each.line.text for each in Beatmap.from_text(text).hit_objects if start <= each.time < end]


async def edited(client: Client) -> types.ApplyWorkspaceEditParams:
    """What the server wants to have applied next."""
    told: asyncio.Future[types.ApplyWorkspaceEditParams] = asyncio.get_running_loop().create_future()
    client.answers = lambda params: None if told.done() else told.set_result(params)
    async with asyncio.timeout(60):
        return await told


async def refused(work: Any) -> str:  # noqa: ANN401
    with pytest.raises(JsonRpcException) as trouble:
        await work
    return str(trouble.value)


def selection(opened: OpenMap, start: float = SPAN["start"], end: float = SPAN["end"]) -> types.Range:
    """The notes of a section, whole lines."""
    noted = notes_in(opened.text, start, end)
    return opened.range(opened.text.index(noted[0]), opened.text.index(noted[-1]) + len(noted[-1]))


async def test_a_section_is_proposed_in_candidates_and_nothing_is_changed(writer: Client) -> None:
    opened = OpenMap(writer, OSU)
    answer = await run(writer, "maimod.regenerate", opened.uri, SPAN, {"count": 2})
    assert (answer["version"], answer["start"], answer["end"], answer["song"]) == (1, 9000, 15000, None)
    assert [each["candidate"] for each in answer["proposals"]] == [1, 2]
    for each in answer["proposals"]:
        text = applied_json(opened, each["edits"])
        assert outside(text) == outside(OSU)
        assert notes_in(text) != notes_in(OSU)
        assert f"Tags:{TAGS} maimod\n" in text
        assert each["title"].startswith("Regenerate 00:09:000 – 00:15:000, candidate ")
        assert len(notes_in(text)) == each["after"]["notes"]
        assert not [one for one in each["causes"] if one["severity"] == "error"]


async def test_a_proposal_is_applied_to_the_text_that_it_was_made_of(writer: Client) -> None:
    opened = OpenMap(writer, OSU)
    answer = await run(writer, "maimod.regenerate", opened.uri, SPAN, {"count": 1})
    (proposal,) = answer["proposals"]
    edit = asyncio.ensure_future(edited(writer))
    assert await run(writer, "maimod.applyProposal", proposal["proposal"]) == opened.uri
    told = await edit
    assert told.label == proposal["title"]
    (change,) = changes_of(told)
    assert isinstance(change, types.TextDocumentEdit)
    assert (change.text_document.uri, change.text_document.version) == (opened.uri, 1)
    after = applied(opened, annotated(change))
    assert after == applied_json(opened, proposal["edits"])
    annotation = (told.edit.change_annotations or {})["maimod"]
    assert (annotation.label, annotation.needs_confirmation) == (proposal["title"], False)
    opened.change((0, 0, "\n"))
    assert "was changed since" in await refused(run(writer, "maimod.applyProposal", proposal["proposal"]))
    opened.change((0, 1, ""))
    edit = asyncio.ensure_future(edited(writer))
    await run(writer, "maimod.applyProposal", proposal["proposal"])
    (change,) = changes_of(await edit)
    assert isinstance(change, types.TextDocumentEdit) and change.text_document.version == 3
    assert "forgotten" in await refused(run(writer, "maimod.applyProposal", 99))


def confirmed(proposal: Any) -> tuple[int, bool]:  # noqa: ANN401
    return proposal["proposal"], True


async def test_a_proposal_that_is_to_be_confirmed_has_an_edit_for_each_line(writer: Client) -> None:
    opened = OpenMap(writer, OSU)
    (proposal,) = (await run(writer, "maimod.regenerate", opened.uri, SPAN, {"count": 1}))["proposals"]
    edit = asyncio.ensure_future(edited(writer))
    assert await run(writer, "maimod.applyProposal", *confirmed(proposal)) == opened.uri
    told = await edit
    annotation = (told.edit.change_annotations or {})["maimod"]
    assert annotation.needs_confirmation is True
    (change,) = changes_of(told)
    assert isinstance(change, types.TextDocumentEdit)
    rows = annotated(change)
    assert len(rows) > len(notes_in(OSU)) / 2
    tag = (told.edit.change_annotations or {})["maimod-tag"]
    assert not tag.needs_confirmation
    marked = [each for each in change.edits if isinstance(each, types.AnnotatedTextEdit) and each.annotation_id == "maimod-tag"]
    assert [each.new_text for each in marked] == [f"Tags:{TAGS} maimod"]
    assert all(len(row.new_text.splitlines()) <= 1 and row.range.end.line - row.range.start.line <= 1 for row in rows)
    starts = [(row.range.start.line, row.range.start.character) for row in rows]
    assert starts == sorted(starts)
    assert applied(opened, rows) == applied_json(opened, proposal["edits"])


async def test_whoever_takes_no_line_is_told_of_no_fault(writer: Client) -> None:
    opened = OpenMap(writer, OSU)
    (proposal,) = (await run(writer, "maimod.regenerate", opened.uri, SPAN, {"count": 1}))["proposals"]
    writer.applies = False
    assert await run(writer, "maimod.applyProposal", *confirmed(proposal)) is None
    assert "did not apply it" in await refused(run(writer, "maimod.applyProposal", proposal["proposal"]))
    writer.applies = True


async def test_an_action_on_a_selection_rewrites_it_once_it_is_confirmed(writer: Client) -> None:
    opened = OpenMap(writer, OSU)
    actions = await opened.actions(selection(opened), "refactor")
    kinds = [each.kind for each in actions]
    assert kinds == [
        f"{KIND}.regenerate", f"{KIND}.regenerate.rhythm", f"{KIND}.regenerate.positions", f"{KIND}.regenerate.combos",
        f"{KIND}.add", f"{KIND}.hitsounds", f"{KIND}.hitsounds",
    ]  # fmt: skip
    assert all(each.edit is None and each.command for each in actions)
    command = actions[0].command
    assert command is not None and actions[0].title.startswith("Regenerate 00:09:")
    edit = asyncio.ensure_future(edited(writer))
    assert await run(writer, command.command, *map(plain, command.arguments or ())) is None
    told = await edit
    assert told.label and "candidate 1 of 3" in told.label and told.label.endswith("bits a note")
    annotation = (told.edit.change_annotations or {})["maimod"]
    assert annotation.needs_confirmation is True
    (change,) = changes_of(told)
    assert isinstance(change, types.TextDocumentEdit)
    after = applied(opened, annotated(change))
    assert outside(after, 0, SPAN["end"] + 1000) == outside(OSU, 0, SPAN["end"] + 1000)
    assert notes_in(after, 0, SPAN["start"]) == notes_in(OSU, 0, SPAN["start"])
    # Asked again it is another proposal.
    edit = asyncio.ensure_future(edited(writer))
    await run(writer, command.command, *map(plain, command.arguments or ()))
    (again,) = changes_of(await edit)
    assert again != change


async def test_only_what_an_action_names_changes(alone: Client) -> None:
    opened = OpenMap(alone, OSU)
    answer = await run(alone, "maimod.regenerate", opened.uri, SPAN, {"count": 1, "keep": ["rhythm"]})
    after = applied_json(opened, answer["proposals"][0]["edits"])
    times = [[line.split(",")[2] for line in notes_in(text)] for text in (OSU, after)]
    assert times[0] == times[1] and notes_in(OSU) != notes_in(after)
    answer = await run(alone, "maimod.regenerate", opened.uri, SPAN, {"count": 1, "only": ["combos"]})
    (proposal,) = answer["proposals"]
    strip = [[(*line.split(",")[:3], int(line.split(",")[3]) & ~4, *line.split(",")[4:]) for line in notes_in(text)]
             for text in (OSU, applied_json(opened, proposal["edits"]))]  # fmt: skip
    assert strip[0] == strip[1]


async def test_the_combo_and_the_bar_at_the_cursor_are_offered(alone: Client) -> None:
    opened = OpenMap(alone, OSU)
    line = notes_in(OSU)[3]
    at = opened.range_of(line).start
    actions = await opened.actions(types.Range(at, at), KIND)
    assert [each.title.partition(" (")[0] for each in actions if each.kind == f"{KIND}.regenerate"] == [
        "Regenerate this combo", "Regenerate this bar",
    ]  # fmt: skip
    named = await run(alone, "maimod.regenerate", opened.uri, {"line": at.line, "character": 0}, {"count": 1})
    combo = plain((actions[0].command or types.Command("", "")).arguments)[1]
    assert (named["start"], named["end"]) == (combo["start"], combo["end"])
    params = types.CodeActionParams(
        opened.identifier, types.Range(at, at), types.CodeActionContext([], trigger_kind=types.CodeActionTriggerKind.Automatic)
    )
    found = await alone.text_document_code_action_async(params) or ()
    offered = [each for each in found if isinstance(each, types.CodeAction) and str(each.kind).startswith(KIND)]
    assert bool(offered) == any(_holds(each.range, at) for each in await opened.pulled())
    heading = opened.range_of("[HitObjects]")
    assert not await opened.actions(heading, KIND)


def _holds(range_: types.Range, at: types.Position) -> bool:
    start, end = ((each.line, each.character) for each in (range_.start, range_.end))
    return start <= (at.line, at.character) <= end


async def test_a_lens_stands_above_the_first_note_of_each_part(alone: Client) -> None:
    text = OSU.replace("[Editor]\n", "[Editor]\nBookmarks: 9000,20000\n").replace(
        "0,500,4,1,0,100,1,0\n", "0,500,4,1,0,100,1,0\n20000,-100,4,1,0,100,0,1\n26000,-100,4,1,0,100,0,0\n"
    )
    opened = OpenMap(alone, text)
    answer = await alone.text_document_code_lens_async(types.CodeLensParams(opened.identifier)) or ()
    lines = text.split("\n")
    commands = [(lines[each.range.start.line], each.command) for each in answer if each.command]
    found = [(line, command) for line, command in commands if command.command == "maimod.rewrite"]
    assert len(found) == 4
    for line, command in found:
        options = plain(command.arguments)[1]
        assert float(line.split(",")[2]) == options["start"]
    assert next(command.title for _, command in found if "kiai" in command.title).startswith("Regenerate kiai 00:20:")
    plainly = OpenMap(alone, OSU)
    answer = await alone.text_document_code_lens_async(types.CodeLensParams(plainly.identifier)) or ()
    assert not [each for each in answer if each.command and each.command.command == "maimod.rewrite"]


async def test_a_track_of_a_chart_is_rewritten(alone: Client) -> None:
    text = maps.chart("frets", 120, 1)
    opened = OpenMap(alone, text, "untitled:notes.chart", "chart")
    note = next(line for line in text.split("\n") if " = N " in line)
    at = opened.range_of(note).start
    (bar, *more) = [each for each in await opened.actions(types.Range(at, at), KIND) if each.kind == f"{KIND}.regenerate"]
    assert not more and bar.title.startswith("Regenerate this bar (")
    answer = await run(alone, "maimod.regenerate", opened.uri, SPAN, {"count": 1, "track": "ExpertSingle"})
    after = applied_json(opened, answer["proposals"][0]["edits"])
    assert after != text
    before, now = (each.partition("[ExpertSingle]") for each in (text, after))
    assert now[0] == before[0]


async def test_hit_sounds_are_rewritten_and_nothing_else(writer: Client) -> None:
    opened = OpenMap(writer, OSU)
    answer = await run(writer, "maimod.hitsounds", opened.uri, None, {"share": 0.8})
    (proposal,) = answer["proposals"]
    after = applied_json(opened, proposal["edits"])
    assert after != OSU and "written without a song" in answer["told"]
    places = [[line.split(",")[:4] for line in notes_in(text, 0, 1e9)] for text in (OSU, after)]
    assert places[0] == places[1]


async def test_a_guest_difficulty_is_a_new_file_beside_the_map(writer: Client, tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", OSU)
    opened = OpenMap(writer, OSU, path.as_uri())
    made = await run(writer, "maimod.guest", opened.uri, 2.5, "Ann's Hard: 1/2")
    assert made["uri"].startswith(tmp_path.as_uri()) and made["exists"] is False
    guest = Beatmap.from_text(made["text"])
    assert (guest.metadata.text("Version"), "maimod" in guest.tags) == ("Ann's Hard: 1/2", True)
    edit = asyncio.ensure_future(edited(writer))
    asked = [made["proposal"], True]
    assert await run(writer, "maimod.applyProposal", *asked) == made["uri"]
    create, change = changes_of(await edit)
    assert isinstance(create, types.CreateFile) and create.uri == made["uri"]
    assert create.options is not None and not create.options.overwrite
    assert isinstance(change, types.TextDocumentEdit) and change.text_document.version is None
    assert files(tmp_path) == ["a.osu"], "the server writes no file"
    assert "one line" in await refused(run(writer, "maimod.guest", opened.uri, 2.5, "x\nArtist:y"))
    unsaved = OpenMap(writer, OSU)
    assert "save the map first" in await refused(run(writer, "maimod.guest", unsaved.uri, 2.5, "x"))


@pytest.mark.parametrize(
    ("text", "place", "options", "sentence"),
    [
        (OSU, SPAN, {"count": 0}, "count must be a number from 1 to 16"),
        (OSU, SPAN, {"seed": -1}, "seed must be a number from 0 to 2147483648, not -1"),
        (OSU, SPAN, {"count": 1.5}, "count must be a whole number"),
        (OSU, SPAN, {"density": True}, "density must be a number"),
        (OSU, SPAN, {"density": "same"}, "density must be a number or 'own', not 'same'"),
        (OSU, SPAN, {"keep": ["rythm"]}, "keep must be some of rhythm, positions"),
        (OSU, SPAN, {"keep": ["rhythm"], "only": ["combos"]}, "cannot be asked for together"),
        (OSU, SPAN, {"add": True, "only": ["combos"]}, "only has nothing to change"),
        (OSU, SPAN, {"colour": "red"}, "there is no option 'colour'"),
        (OSU, SPAN, {"track": "ExpertSingle"}, "one difficulty and no tracks"),
        (OSU, {"start": 9000, "end": 5000}, None, "not after its start"),
        (OSU, {"start": 9000}, None, "the place must be"),
        (OSU, {"line": 0, "character": 0}, None, "there is no hit object here"),
        (OSU.replace("0,500,4,1,0,100,1,0", "0,-100,4,1,0,100,0,0"), SPAN, None, "no red line"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence(
    alone: Client, text: str, place: object, options: object, sentence: str
) -> None:
    opened = OpenMap(alone, text)
    said = await refused(run(alone, "maimod.regenerate", opened.uri, place, options))
    assert sentence in said
    assert "\n" not in said.strip()
    assert "open the map first" in await refused(run(alone, "maimod.regenerate", "file:///nowhere.osu", SPAN))


async def test_an_action_that_cannot_be_done_says_so(alone: Client) -> None:
    opened = OpenMap(alone, OSU.replace("0,500,4,1,0,100,1,0", "0,-100,4,1,0,100,0,0"))
    await run(alone, "maimod.rewrite", opened.uri, {"what": "section", **SPAN})
    async with asyncio.timeout(60):
        while not (said := [each.message for each in alone.messages if "no red line" in each.message]):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert said == ["maimod: the map has no red line, so there is no grid to put notes on: set the timing first."]


def waiting(how: str, gate: Path) -> str:
    return OSU.replace(f"Tags:{TAGS}", f"Tags:{how}:{gate}")


async def begun(client: Client, before: set[types.ProgressToken]) -> types.ProgressToken:
    """The token of what is shown to be going on, and was not `before`."""
    async with asyncio.timeout(60):
        while (found := _writing(client, before)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return found


def _writing(client: Client, before: set[types.ProgressToken]) -> types.ProgressToken | None:
    for token, told in client.progress_reports.items():
        first = told[0] if told else None
        if token not in before and isinstance(first, types.WorkDoneProgressBegin) and first.title.startswith("Regenerating"):
            return token
    return None


async def test_a_map_that_changes_meanwhile_is_left_alone(alone: Client, tmp_path: Path) -> None:
    opened = OpenMap(alone, waiting("gate", tmp_path / "gate"))
    before = {*alone.progress_reports}
    asked = asyncio.ensure_future(run(alone, "maimod.regenerate", opened.uri, SPAN))
    await begun(alone, before)
    opened.change((0, 0, "\n"))
    (tmp_path / "gate").touch()
    assert "was changed while" in await refused(asked)


@pytest.mark.parametrize("how", ["gate", "stuck"])
async def test_work_is_cancelled_at_once_and_the_next_is_done(alone: Client, tmp_path: Path, how: str) -> None:
    opened = OpenMap(alone, waiting(how, tmp_path / "gate"))
    before = {*alone.progress_reports}
    asked = asyncio.ensure_future(run(alone, "maimod.regenerate", opened.uri, SPAN))
    token = await begun(alone, before)
    began = time.monotonic()
    alone.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    with pytest.raises((JsonRpcException, asyncio.CancelledError)):
        await asked
    assert time.monotonic() - began < 1, "a cancel was not answered at once"
    other = OpenMap(alone, OSU)
    answer = await run(alone, "maimod.regenerate", other.uri, SPAN, {"count": 1})
    assert answer["proposals"]
    assert not [each.message for each in alone.messages if "ended" in each.message]


async def test_the_surprisal_model_answers_while_a_section_is_written(alone: Client, tmp_path: Path) -> None:
    alone.workspace_did_change_configuration(types.DidChangeConfigurationParams({"maimod": {"surprisal": True}}))
    opened = OpenMap(alone, waiting("gate", tmp_path / "gate"))
    before = {*alone.progress_reports}
    asked = asyncio.ensure_future(run(alone, "maimod.regenerate", opened.uri, SPAN))
    await begun(alone, before)
    explained = await run(alone, "maimod.explain", opened.uri, plain_position(opened, notes_in(OSU)[0]))
    assert "combo" in explained and not asked.done()
    (tmp_path / "gate").touch()
    assert (await asked)["proposals"]
    alone.workspace_did_change_configuration(types.DidChangeConfigurationParams({"maimod": {"surprisal": False}}))


def plain_position(opened: OpenMap, part: str) -> dict[str, int]:
    at = opened.range_of(part).start
    return {"line": at.line, "character": at.character}


DEMO = Path(__file__).parents[3] / "examples" / "demo"


def demo(folder: Path) -> tuple[Path, str]:
    """A map with its song, and its text."""
    shutil.copytree(DEMO, folder, dirs_exist_ok=True)
    (path,) = folder.glob("*.osu")
    return path, path.read_bytes().decode("utf-8")


async def test_the_timing_is_told_beside_the_song_and_written_anew_where_it_is_wanted(alone: Client, tmp_path: Path) -> None:
    path, text = demo(tmp_path)
    opened = OpenMap(alone, text, path.as_uri())
    told = await run(alone, "maimod.timing", opened.uri)
    assert (told["song"], told["proposals"]) == ("audio.ogg", [])
    assert "beside audio.ogg" in told["title"] and len(told["rows"]) >= 2
    anew = await run(alone, "maimod.timing", opened.uri, {"bpm": 150, "anew": True})
    after = applied_json(opened, anew["proposals"][0]["edits"])
    assert [point.beat_length for point in Beatmap.from_text(after).timing_points if point.uninherited] == [400.0]
    assert notes_in(after, 0, 1e9) == notes_in(text, 0, 1e9)
    assert "is not beside it" in await refused(run(alone, "maimod.timing", OpenMap(alone, OSU).uri))
    assert "bpm must be a number from 20 to 600" in await refused(run(alone, "maimod.timing", opened.uri, {"bpm": 0}))


def files(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def loaded_by(pid: int) -> str:
    return Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="what a process has loaded is read from /proc")
async def test_the_server_itself_loads_neither_numpy_nor_the_network(alone: Client) -> None:
    opened = OpenMap(alone, OSU)
    await run(alone, "maimod.regenerate", opened.uri, SPAN, {"count": 1})
    await run(alone, "maimod.hitsounds", opened.uri)
    server = alone._server  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType]
    loaded = loaded_by(server.pid)  # type: ignore[union-attr]
    assert "numpy" not in loaded and "onnxruntime" not in loaded
