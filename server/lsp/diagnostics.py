"""textDocument/publishDiagnostics and textDocument/diagnostic: findings as an editor shows them, pushed or pulled."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from lsprotocol import types
from pygls.uris import from_fs_path

from analyzers.finding import Category, Finding, Related, Severity
from formats.osu import Mode
from formats.spans import Span
from formats.timestamps import format_stamp
from server.convert import Places
from server.lsp.server import Server
from server.session import OpenFile, Stage

OPTIONS = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier="maimod")

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}
# What the rules go by is written down there.
_CRITERIA = {
    Mode.OSU: "https://osu.ppy.sh/wiki/en/Ranking_criteria/osu%21",
    Mode.TAIKO: "https://osu.ppy.sh/wiki/en/Ranking_criteria/osu%21taiko",
    Mode.CATCH: "https://osu.ppy.sh/wiki/en/Ranking_criteria/osu%21catch",
    Mode.MANIA: "https://osu.ppy.sh/wiki/en/Ranking_criteria/osu%21mania",
}


def publish(ls: Server, file: OpenFile) -> None:
    """Pushes what is known of the newest version."""
    found = diagnostics(ls, file)
    ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(file.snapshot.uri, found, file.snapshot.version))


def clear(ls: Server, uri: str) -> None:
    """A closed file has no diagnostics."""
    if not ls.takes_pulls:
        ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


async def pull(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    # An editor that can be told to ask again gets the quick rules' answer at once.
    stage = Stage.QUICK if ls.takes_pulls else Stage.WHOLE
    file = await ls.review.known(params.text_document.uri, stage)
    if file is None:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    number = f"{file.number}.{file.snapshot.version}.{file.shelves.revision}"
    if params.previous_result_id == number:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=number)
    return types.RelatedFullDocumentDiagnosticReport(items=diagnostics(ls, file), result_id=number)


def diagnostics(ls: Server, file: OpenFile) -> list[types.Diagnostic]:
    places = file.snapshot.places(ls.session.measure)
    difficulty = file.snapshot.difficulty
    about = types.CodeDescription(_CRITERIA[difficulty.beatmap.mode]) if difficulty else None
    return [_diagnostic(ls, finding, places, about) for finding in file.findings()]


def _diagnostic(ls: Server, finding: Finding, places: Places, about: types.CodeDescription | None) -> types.Diagnostic:
    return types.Diagnostic(
        span_range(places, finding.span),
        finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=about if finding.category is not Category.SURPRISAL else None,
        source="maimod" if finding.category is not Category.SURPRISAL else "maimod surprisal",
        related_information=[_related(ls, each) for each in finding.related] or None,
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


def _related(ls: Server, related: Related) -> types.DiagnosticRelatedInformation:
    uri = from_fs_path(related.path) or related.path
    nowhere = types.Range(types.Position(0, 0), types.Position(0, 0))
    message = related.message if related.time_ms is None else f"{format_stamp(related.time_ms)} {related.message}"
    return types.DiagnosticRelatedInformation(types.Location(uri, _range_at(ls, related) or nowhere), message)


def _range_at(ls: Server, related: Related) -> types.Range | None:
    """The line of the object at the related time, where the other file is open."""
    file = next((each for each in ls.session if each.snapshot.path == related.path), None)
    if file is None or file.snapshot.difficulty is None or related.time_ms is None:
        return None
    timeline, document = file.snapshot.difficulty.timeline, file.snapshot.document
    at = bisect_left(timeline.times, related.time_ms - 1)
    if at == len(timeline.notes):
        return None
    return span_range(file.snapshot.places(ls.session.measure), document.line_span(timeline.notes[at].line))


def span_range(places: Places, span: Span) -> types.Range:
    start, end = places.range(span)
    return types.Range(types.Position(*start), types.Position(*end))
