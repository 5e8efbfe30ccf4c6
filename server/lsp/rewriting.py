"""The commands that write parts of a map anew: `maimod.regenerate`, `maimod.hitsounds`, `maimod.guest` and what they propose.

They run in a process of their own, so that the model answers meanwhile. Nothing is changed by asking: the editor applies
an edit, for exactly the text that it was made of.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, cast

from lsprotocol import types
from pygls.capabilities import get_capability

from analyzers.consensus import WRITTEN_TAG
from analyzers.finding import Finding
from formats.document import Document
from formats.spans import Edit, Span
from formats.timestamps import format_stamp
from server.changed_lines import edits_by_line
from server.language import sections
from server.language.sections import Section
from server.lsp.diagnostics import span_range
from server.lsp.edit_link import range_of
from server.lsp.progress import progress
from server.lsp.proposals import Proposed
from server.lsp.ranges import Json, touched
from server.lsp.server import Refusal, Server, command_token
from server.printable import plural
from server.rewrite_options import WrongOption, guest_question, section_request, sound_question, timing_question
from server.session import OpenFile
from server.uris import path_of, uri_of
from server.worker.process import WorkerFailed, WorkerGone
from server.worker.questions import GuestWritten, Sections, Sounds, TimingChecked, WriteSection, Writing

logger = logging.getLogger(__name__)

REGENERATE, HITSOUNDS, GUEST, TIMING = "maimod.regenerate", "maimod.hitsounds", "maimod.guest", "maimod.timing"
APPLY, REWRITE = "maimod.applyProposal", "maimod.rewrite"
# The annotation of what marks a map.
TAG = "maimod-tag"
NOT_OPEN = "open the map first; files on disk are rewritten by 'maimod regenerate', 'hitsounds' and 'guest'"
CHANGED = "maimod: the map was changed since, so nothing was applied; ask again."


async def regenerate(ls: Server, uri: str, place: Any, options: Any = None) -> Json | Refusal:  # noqa: ANN401  JSON
    """What may stand in a section instead. `place` is `{"start": ms, "end": ms}`, a position (its combo or bar), or a range."""
    try:
        file, section = _section(ls, uri, place)
        found, asked = await _sections(ls, file, section, _table(options))
    except (WorkerFailed, WorkerGone, WrongOption) as trouble:
        return _refused(trouble)
    proposals = [_section_json(ls, file, found, number) for number in range(len(found.proposals))]
    return {
        "uri": uri, "version": asked, "start": section.start, "end": section.end, "track": section.track,
        "song": found.song or None, "notices": list(found.notices), "proposals": proposals,
    }  # fmt: skip


async def hitsounds(ls: Server, uri: str, place: Any = None, options: Any = None) -> Json | Refusal:  # noqa: ANN401  JSON
    """What a section, or (`place` null) the whole map, may sound like instead; no proposal where nothing changes."""
    try:
        section = None
        file = _open(ls, uri)
        if place is not None:
            file, section = _section(ls, uri, place)
        found, asked = await _sounds(ls, file, section, _table(options))
    except (WorkerFailed, WorkerGone, WrongOption) as trouble:
        return _refused(trouble)
    proposals: list[Json] = []
    if found.edits:
        label = _sounds_label(section)
        proposals.append({
            "proposal": ls.rewriting.keep(Proposed(uri, file.snapshot.document, found.edits, label, found.told)),
            "title": label, "candidate": 1, "seed": 0,
            "edits": _edits_json(ls, file, found.edits),
            "causes": [_finding_json(each) for each in found.causes],
        })  # fmt: skip
    return {"uri": uri, "version": asked, "told": found.told, "notices": list(found.notices), "proposals": proposals}


async def guest(ls: Server, uri: str, stars: float, name: str, options: Any = None) -> Json | Refusal:  # noqa: ANN401  JSON
    """A new difficulty of the map's set, as the text of a file that is not there yet."""
    try:
        file = _saved(ls, uri)
        question = guest_question(uri, ls.review.ground(file).settings, stars, name, _table(options))
        found, _ = await _asked(ls, file, question, f"Writing [{question.name}]")
    except (WorkerFailed, WorkerGone, WrongOption) as trouble:
        return _refused(trouble)
    made = cast("GuestWritten", found)
    exists = await asyncio.to_thread(os.path.exists, made.path)
    label = f"Guest difficulty [{question.name}], {made.stars:.2f} stars"
    created = uri_of(made.path)
    number = ls.rewriting.keep(
        Proposed(uri, file.snapshot.document, (Edit(Span(0, 0), made.text),), label, plural(made.notes, "note"), created)
    )
    return {
        "proposal": number, "title": label, "uri": created, "exists": exists, "text": made.text,
        "stars": made.stars, "notes": made.notes, "follows": made.followed, "song": made.song or None,
        "notices": list(made.notices), "findings": [_finding_json(each) for each in made.findings],
    }  # fmt: skip


async def timing(ls: Server, uri: str, options: Any = None) -> Json | Refusal:  # noqa: ANN401  JSON
    """The red lines (or tempo markers) of a map beside its song, and a proposal that mends what is wrong with them."""
    try:
        file = _open(ls, uri)
        question = timing_question(uri, ls.review.ground(file).settings, _table(options))
        answer, asked = await _asked(ls, file, question, "Checking the timing")
    except (WorkerFailed, WorkerGone, WrongOption) as trouble:
        return _refused(trouble)
    found = cast("TimingChecked", answer)
    proposals: list[Json] = []
    if found.edits:
        label = "Write the timing anew" if question.anew or question.bpm is not None else "Correct the timing"
        proposed = Proposed(uri, file.snapshot.document, found.edits, label, found.title)
        proposals.append({
            "proposal": ls.rewriting.keep(proposed), "title": label, "candidate": 1, "seed": 0,
            "edits": _edits_json(ls, file, found.edits), "causes": [], "solved": len(found.findings),
        })  # fmt: skip
    return {
        "uri": uri, "version": asked, "title": found.title, "rows": list(found.rows), "song": found.song or None,
        "findings": [_finding_json(each) for each in found.findings], "notices": list(found.notices), "proposals": proposals,
    }  # fmt: skip


async def apply_proposal(ls: Server, proposal: int, confirm: bool = False) -> str | Refusal | None:
    """Applies a proposal through the editor, as one step to be undone; the URI that was changed or created.

    With `confirm` its user chooses line by line where the editor knows that; None where nothing was chosen.
    """
    kept = ls.rewriting.get(proposal)
    if kept is None:
        return Refusal("maimod: this proposal is forgotten; ask again.")
    return await _applied(ls, kept, confirm=confirm)


async def rewrite(ls: Server, uri: str, options: Any) -> None:  # noqa: ANN401  JSON
    """What code actions and lenses run: writes and has the best candidate applied. Answered at once, for some editors stand still
    until a command has answered; what hinders is shown as a message. `options` as code actions make them."""
    ls.rewriting.begin(asyncio.get_running_loop().create_task(_rewritten(ls, uri, dict(_table(options)))))


async def _rewritten(ls: Server, uri: str, options: dict[str, object]) -> None:
    command_token.set(None)
    what, sounds = str(options.pop("what", "section")), options.pop("whole", False)
    try:
        file, section = (_open(ls, uri), None) if sounds is True else _section(ls, uri, options)
        options = {key: value for key, value in options.items() if key not in ("start", "end", "track")}
        kept = await _best_sounds(ls, file, section, options) if what == "hitsounds" else await _best(ls, file, section, options)
        answer = await _applied(ls, kept, confirm=True) if kept is not None else Refusal("maimod: nothing changes here.")
    except (WorkerFailed, WorkerGone, WrongOption) as trouble:
        answer = _refused(trouble)
    except Exception as trouble:  # noqa: BLE001  nobody waits for the task
        ls.fail(trouble)
        return
    if isinstance(answer, Refusal):
        ls.say_again(answer.sentence, types.MessageType.Error)


async def _best(ls: Server, file: OpenFile, section: Section | None, options: dict[str, object]) -> Proposed | None:
    """The best candidate for a section; asked again, the next seed's."""
    if section is None:
        return None
    uri = file.snapshot.uri
    seed = ls.rewriting.seed(uri, section.times, section.track, str(sorted(options.items(), key=str)))
    found, _ = await _sections(ls, file, section, {"seed": seed, **options})
    for notice in found.notices:
        ls.say(f"maimod: {notice}.", types.MessageType.Info)
    if not found.proposals:
        return None
    best = found.proposals[0]
    label = _label(found, 0)
    return Proposed(uri, file.snapshot.document, best.edits, label, _told(best.causes))


async def _best_sounds(ls: Server, file: OpenFile, section: Section | None, options: dict[str, object]) -> Proposed | None:
    found, _ = await _sounds(ls, file, section, options)
    for notice in found.notices:
        ls.say(f"maimod: {notice}.", types.MessageType.Info)
    if not found.edits:
        return None
    return Proposed(file.snapshot.uri, file.snapshot.document, found.edits, _sounds_label(section), found.told)


# Asking


async def _sections(ls: Server, file: OpenFile, section: Section, options: Mapping[str, object]) -> tuple[Sections, int]:
    request, audio = section_request(section.start, section.end, section.track, options)
    question = WriteSection(file.snapshot.uri, ls.review.ground(file).settings, request, audio)
    found, version = await _asked(ls, file, question, f"Regenerating {section.times}")
    return cast("Sections", found), version


async def _sounds(ls: Server, file: OpenFile, section: Section | None, options: Mapping[str, object]) -> tuple[Sounds, int]:
    start, end = (None, None) if section is None else (section.start, section.end)
    question = sound_question(file.snapshot.uri, ls.review.ground(file).settings, start, end, options)
    if question.source:
        source = path_of(question.source) if "://" in question.source else question.source
        if source is None or not os.path.isabs(source):
            raise WrongOption("from must be the path or URI of an .osu file")
        question = replace(question, source=source)
    where = "" if section is None else f" of {section.times}"
    found, version = await _asked(ls, file, question, f"Rewriting the hit sounds{where}")
    return cast("Sounds", found), version


async def _asked(ls: Server, file: OpenFile, question: Writing, title: str) -> tuple[object, int]:
    """The writer's answer and the version that it is for. Raises `WorkerFailed` where the map was changed meanwhile."""
    asked = file.snapshot

    def make() -> Writing:
        nonlocal asked
        asked = file.snapshot
        return question

    async with progress(ls, title, command_token.get()) as shown:
        answer = await ls.rewriting.worker.ask(make, told=shown.share)
    if ls.session.get(asked.uri) is not file or file.snapshot.document is not asked.document:
        raise WorkerFailed("the map was changed while it was being rewritten, so nothing was applied; ask again")
    return answer, file.snapshot.version


def _refused(trouble: WorkerFailed | WorkerGone | WrongOption) -> Refusal:
    if isinstance(trouble, WorkerFailed) and trouble.story:
        logger.error("%s\n%s", trouble, trouble.story)
        return Refusal(f"maimod: this could not be written ({trouble}); the server's output holds the details.")
    return Refusal(f"maimod: {str(trouble).rstrip('.')}.")


# Places


def _open(ls: Server, uri: str) -> OpenFile:
    """Raises `WrongOption`."""
    file = ls.session.get(uri)
    if file is None:
        raise WrongOption(NOT_OPEN)
    if file.snapshot.difficulty is None and file.snapshot.chart is None:
        raise WrongOption("only .osu and .chart files are rewritten")
    return file


def _saved(ls: Server, uri: str) -> OpenFile:
    """Raises `WrongOption`."""
    file = _open(ls, uri)
    if file.snapshot.path is None:
        raise WrongOption("save the map first: a guest difficulty is laid beside it")
    return file


def _section(ls: Server, uri: str, place: object) -> tuple[OpenFile, Section]:
    """What a client means by a place. Raises `WrongOption`."""
    file, view = _open(ls, uri), ls.view(uri)
    table = _table(place)
    start, end = table.get("start"), table.get("end")
    if view is None:
        raise WrongOption(NOT_OPEN)
    if isinstance(start, int | float) and isinstance(end, int | float):
        track = table.get("track")
        if not math.isfinite(start) or not math.isfinite(end):
            raise WrongOption("start and end must be times in ms")
        return file, sections.around(view, float(start), float(end), track if isinstance(track, str) else "")
    wanted = range_of(place)
    if wanted is None:
        raise WrongOption('the place must be {"start": ms, "end": ms}, a position or a range')
    lines = touched(view, wanted)
    if (start is None or start == end) and len(lines) and (around := sections.at_line(view, lines[0])):
        return file, around[0]
    section = sections.selected(view, lines)
    if section is None:
        what = "hit object" if view.difficulty is not None else "note of a five-fret or drum track"
        raise WrongOption(f"there is no {what} here: select some, or put the cursor on one")
    return file, section


def _table(value: object) -> Mapping[str, object]:
    """A JSON object, however the library hands it over."""
    as_dict = getattr(value, "_asdict", None)
    value = as_dict() if callable(as_dict) else value
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


# Answers


def _label(found: Sections, number: int) -> str:
    """`Regenerate 00:12:000 – 00:20:000, candidate 1 of 3, 5.1 bits a note`."""
    each = found.proposals[number]
    title = each.title.partition(" (")[0]
    return f"{title}, candidate {each.candidate} of {len(found.proposals)}, {each.after.bits:.1f} bits a note"


def _sounds_label(section: Section | None) -> str:
    return "Rewrite the hit sounds of the whole map" if section is None else f"Rewrite the hit sounds of {section.times}"


def _told(causes: tuple[Finding, ...]) -> str:
    return f"would cause {plural(len(causes), 'finding')}" if causes else "would cause no finding"


def _section_json(ls: Server, file: OpenFile, found: Sections, number: int) -> Json:
    each = found.proposals[number]
    label = _label(found, number)
    proposed = Proposed(file.snapshot.uri, file.snapshot.document, each.edits, label, _told(each.causes))
    scores = {
        name: {key: round(value, 3) for key, value in asdict(score).items()}
        for name, score in (("before", each.before), ("after", each.after))
    }
    return {
        "proposal": ls.rewriting.keep(proposed), "title": label, "candidate": each.candidate, "seed": each.seed,
        "edits": _edits_json(ls, file, each.edits),
        **scores,
        "causes": [_finding_json(one) for one in each.causes],
        "solved": each.solved, "left_out": each.left_out,
    }  # fmt: skip


def _finding_json(finding: Finding) -> Json:
    stamp = None if finding.time_ms is None else format_stamp(finding.time_ms, finding.selection)
    return {
        "code": finding.code, "name": finding.name, "severity": finding.severity.value, "message": finding.message,
        "time_ms": finding.time_ms, "timestamp": stamp,
    }  # fmt: skip


def _edits_json(ls: Server, file: OpenFile, edits: tuple[Edit, ...]) -> list[Json]:
    places = file.snapshot.places(ls.session.measure)
    found: list[Json] = []
    for edit in sorted(edits):
        start, end = places.range(Span(edit.span.start, edit.span.end))
        ends = [{"line": place[0], "character": place[1]} for place in (start, end)]
        found.append({"range": {"start": ends[0], "end": ends[1]}, "newText": edit.text})
    return found


# Applying


async def _applied(ls: Server, kept: Proposed, *, confirm: bool) -> str | Refusal | None:
    file = ls.session.get(kept.uri)
    if kept.created:
        if not _creates(ls):
            return Refusal("maimod: this editor cannot create files for a language server; use 'maimod guest'.")
        edit = _creation(ls, kept, confirm=confirm)
    elif file is None or not _same_text(file.snapshot.document, kept.document):
        return Refusal(CHANGED)
    else:
        edit = _change(ls, file, kept, confirm=confirm)
    answer = await ls.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, kept.label))
    if not answer.applied and confirm and answer.failure_reason is None and _annotates(ls):
        # Who is asked may say no.
        return None
    if not answer.applied:
        return Refusal(f"maimod: the editor did not apply it ({answer.failure_reason or 'it gave no reason'}).")
    return kept.created or kept.uri


def _same_text(one: Document, other: Document) -> bool:
    return one is other or one.text == other.text


def _creates(ls: Server) -> bool:
    able = get_capability(ls.client_capabilities, "workspace.workspace_edit.resource_operations") or ()
    return ls.versioned_edits and types.ResourceOperationKind.Create in able


def _change(ls: Server, file: OpenFile, kept: Proposed, *, confirm: bool) -> types.WorkspaceEdit:
    places = file.snapshot.places(ls.session.measure)
    annotates = _annotates(ls)
    edits = edits_by_line(kept.document, kept.edits) if confirm and annotates else sorted(kept.edits)
    changes = [types.TextEdit(span_range(places, each.span), each.text) for each in edits]
    if not annotates:
        return ls.edit_of(file, changes)
    annotated = [types.AnnotatedTextEdit(TAG if _says_so(each) else "maimod", each.range, each.new_text) for each in changes]
    document = types.OptionalVersionedTextDocumentIdentifier(uri=kept.uri, version=file.snapshot.version)
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(document, annotated)], change_annotations=_annotations(kept, confirm=confirm)
    )


def _creation(ls: Server, kept: Proposed, *, confirm: bool) -> types.WorkspaceEdit:
    """A new file with its text; never over one that is there."""
    named = "maimod" if _annotates(ls) else None
    options = types.CreateFileOptions(overwrite=False, ignore_if_exists=False)
    document = types.OptionalVersionedTextDocumentIdentifier(uri=kept.created, version=None)
    nowhere = types.Range(types.Position(0, 0), types.Position(0, 0))
    text = kept.edits[0].text
    filled = types.TextEdit(nowhere, text) if named is None else types.AnnotatedTextEdit(named, nowhere, text)
    return types.WorkspaceEdit(
        document_changes=[
            types.CreateFile(kept.created, options=options, annotation_id=named),
            types.TextDocumentEdit(document, [filled]),
        ],
        change_annotations=_annotations(kept, confirm=confirm) if named else None,
    )


def _annotates(ls: Server) -> bool:
    return (
        ls.versioned_edits
        and get_capability(ls.client_capabilities, "workspace.workspace_edit.change_annotation_support") is not None
    )


def _annotations(kept: Proposed, *, confirm: bool) -> dict[str, types.ChangeAnnotation]:
    told = types.ChangeAnnotation(kept.label, needs_confirmation=confirm, description=kept.detail)
    return {"maimod": told, TAG: types.ChangeAnnotation("Say in the map that maimod wrote it")}


def _says_so(edit: types.TextEdit) -> bool:
    """Whether the edit marks the map, which is done whatever lines are chosen."""
    return WRITTEN_TAG in re.split(r"[\s:]", edit.new_text)
