"""Findings as an editor shows them: pushed (publishDiagnostics) or pulled (textDocument/diagnostic, workspace/diagnostic)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lsprotocol import types

from analyzers.finding import Category, Finding, Related, Severity
from formats.spans import Span
from formats.timestamps import format_stamp
from server.closed_files import ClosedFile
from server.convert import Places
from server.lsp.progress import progress
from server.lsp.server import Server
from server.report import MODE_NAMES, Range, Report, related_range
from server.session import OpenFile, Stage
from server.uris import path_of, uri_of

OPTIONS = types.DiagnosticOptions(
    inter_file_dependencies=True, workspace_diagnostics=True, identifier="maimod", work_done_progress=True
)

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}
# What the rules go by is written down there.
_CRITERIA = {
    "osu": "https://osu.ppy.sh/wiki/en/Ranking_criteria/osu%21",
    "taiko": "https://osu.ppy.sh/wiki/en/Ranking_criteria/osu%21taiko",
    "catch": "https://osu.ppy.sh/wiki/en/Ranking_criteria/osu%21catch",
    "mania": "https://osu.ppy.sh/wiki/en/Ranking_criteria/osu%21mania",
}
# What these find changes nothing in the game: editors show it faded.
_UNNECESSARY = frozenset({
    "timing-line-unused", "chart-bad-ini-line", "chart-duplicate-note", "chart-empty-lane", "chart-empty-solo",
    "chart-empty-star-power", "chart-extra-value", "chart-stray-flag", "chart-unknown-track",
})  # fmt: skip
_NOWHERE = types.Range(types.Position(0, 0), types.Position(0, 0))
# Results of a server that ran before are not those of this one.
_RUN = secrets.token_hex(4)


def publish(ls: Server, file: OpenFile) -> None:
    """Pushes what is known of the newest version."""
    found = diagnostics(ls, file)
    ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(file.snapshot.uri, found, file.snapshot.version))


def publish_closed(ls: Server, path: str) -> None:
    """Pushes what is known of a file that is not open; nothing, where it is in scope no more."""
    uri = uri_of(path)
    if not ls.takes_pulls and ls.session.at(path) is None:
        closed = ls.closed.get(path)
        found = closed_diagnostics(closed.report) if closed else []
        ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found))


def clear(ls: Server, uri: str) -> None:
    """A file that was closed has no diagnostics until it is judged as it stands on disk."""
    if not ls.takes_pulls:
        ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


async def pull(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    # An editor that can be told to ask again gets the quick rules' answer at once.
    stage = Stage.QUICK if ls.takes_pulls else Stage.WHOLE
    async with progress(ls, "Checking the map", params.work_done_token):
        file = await ls.review.known(params.text_document.uri, stage)
    if file is None:
        return _pulled_closed(ls, params)
    number = _number(file)
    if params.previous_result_id == number:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=number)
    return types.RelatedFullDocumentDiagnosticReport(items=diagnostics(ls, file), result_id=number)


def _pulled_closed(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    path = path_of(params.text_document.uri)
    closed = ls.closed.get(path) if path is not None else None
    if closed is None:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    number = _closed_number(closed)
    if params.previous_result_id == number:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=number)
    return types.RelatedFullDocumentDiagnosticReport(items=closed_diagnostics(closed.report), result_id=number)


async def pull_workspace(ls: Server, params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
    """Every open file and every closed one in scope; those whose result the editor has are unchanged.

    Where the editor takes partial results it gets at once what is known, and the rest when it is.
    """
    before = {each.uri: each.value for each in params.previous_result_ids}
    async with progress(ls, "Checking the maps of the workspace", params.work_done_token):
        if params.partial_result_token is not None:
            first = _workspace_reports(ls, before)
            ls.progress(types.ProgressParams(params.partial_result_token, types.WorkspaceDiagnosticReportPartialResult(first)))
            before |= {each.uri: each.result_id or "" for each in first}
        for file in ls.session:
            await ls.review.known(file.snapshot.uri, Stage.WHOLE)
        await ls.closed.settled()
    found = _workspace_reports(ls, before)
    if params.partial_result_token is None:
        return types.WorkspaceDiagnosticReport(found)
    rest = [each for each in found if isinstance(each, types.WorkspaceFullDocumentDiagnosticReport)]
    return types.WorkspaceDiagnosticReport(list(rest))


def _workspace_reports(ls: Server, before: Mapping[str, str]) -> list[types.WorkspaceDocumentDiagnosticReport]:
    found: list[types.WorkspaceDocumentDiagnosticReport] = []
    for file in ls.session:
        uri, version, number = file.snapshot.uri, file.snapshot.version, _number(file)
        if before.get(uri) == number:
            found.append(types.WorkspaceUnchangedDocumentDiagnosticReport(uri, number, version=version))
        else:
            items = diagnostics(ls, file)
            found.append(types.WorkspaceFullDocumentDiagnosticReport(uri, items, version=version, result_id=number))
    there: set[str] = {each.uri for each in found}
    for closed in ls.closed:
        uri, number = uri_of(closed.path), _closed_number(closed)
        there.add(uri)
        if before.get(uri) == number:
            found.append(types.WorkspaceUnchangedDocumentDiagnosticReport(uri, number))
        else:
            items = closed_diagnostics(closed.report)
            found.append(types.WorkspaceFullDocumentDiagnosticReport(uri, items, result_id=number))
    # What the editor still shows of files that are gone.
    gone = [uri for uri, number in before.items() if uri not in there and not number.endswith(_GONE)]
    found += [types.WorkspaceFullDocumentDiagnosticReport(uri, [], result_id=f"{_RUN}{_GONE}") for uri in gone]
    return found


_GONE = ".gone"


def _number(file: OpenFile) -> str:
    return f"{_RUN}.{file.number}.{file.snapshot.version}.{file.shelves.revision}"


def _closed_number(closed: ClosedFile) -> str:
    return f"{_RUN}.closed.{closed.revision}"


def diagnostics(ls: Server, file: OpenFile) -> list[types.Diagnostic]:
    """One for each finding of an open file, in the same order."""
    places, find = file.snapshot.places(ls.session.measure), ls.review.neighbourhood.difficulty
    difficulty = file.snapshot.difficulty
    about = _about(MODE_NAMES[difficulty.beatmap.mode]) if difficulty else None
    return [
        _diagnostic(
            finding,
            span_range(places, finding.span),
            [related_range(each, ls.session.measure, find) for each in finding.related],
            about,
        )
        for finding in file.findings()
    ]


def closed_diagnostics(report: Report) -> list[types.Diagnostic]:
    about = _about(report.mode) if report.mode else None
    return [_diagnostic(each.finding, lsp_range(each.range), each.related, about) for each in report.remarks]


def _about(mode: str) -> types.CodeDescription:
    return types.CodeDescription(_CRITERIA[mode])


def _diagnostic(
    finding: Finding, place: types.Range, related: Sequence[Range | None], about: types.CodeDescription | None
) -> types.Diagnostic:
    surprising = finding.category is Category.SURPRISAL
    return types.Diagnostic(
        place,
        finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=None if surprising else about,
        source="maimod surprisal" if surprising else "maimod",
        tags=[types.DiagnosticTag.Unnecessary] if finding.name in _UNNECESSARY else None,
        related_information=list(_related(finding.related, related)) or None,
        data=_data(finding),
    )


def _data(finding: Finding) -> dict[str, Any]:
    """What a client may want beyond the text: the rule's name and the moment, also as the game's editor takes it."""
    data: dict[str, Any] = {"name": finding.name, "kind": finding.kind, "category": finding.category.value}
    if finding.time_ms is not None:
        data |= {"time_ms": finding.time_ms, "end_ms": finding.end_ms, "stamp": format_stamp(finding.time_ms, finding.selection)}
    if finding.surprisal is not None:
        expected = [{"value": each.value, "probability": each.probability} for each in finding.surprisal.expected]
        data["surprisal"] = {"bits": finding.surprisal.bits, "expected": expected}
    return data


def _related(related: Sequence[Related], ranges: Sequence[Range | None]) -> Iterable[types.DiagnosticRelatedInformation]:
    """Where in other files (or in this one) the finding has its counterparts: the object's line, else the file's first."""
    for number, each in enumerate(related):
        place = ranges[number] if number < len(ranges) else None
        message = each.message if each.time_ms is None else f"{format_stamp(each.time_ms)} {each.message}"
        location = types.Location(uri_of(each.path), lsp_range(place) if place else _NOWHERE)
        yield types.DiagnosticRelatedInformation(location, message)


def lsp_range(place: Range) -> types.Range:
    return types.Range(types.Position(*place.start), types.Position(*place.end))


def span_range(places: Places, span: Span) -> types.Range:
    start, end = places.range(span)
    return types.Range(types.Position(*start), types.Position(*end))
