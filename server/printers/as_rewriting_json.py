"""`--format json` of the commands that write notes, as `docs/schemas/{regenerate,hitsounds,guest}-v1.json` describe it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from analyzers.finding import Finding
from formats.document import Document
from formats.spans import Edit, apply_edits
from generation.proposal import Proposal, Score
from server.printable import printable
from server.printers.as_json import number

if TYPE_CHECKING:
    from generation.request import Request
    from server.guesting import Guesting
    from server.hitsounding import Hitsounded
    from server.regenerating import Regenerated

VERSION = 1


def write_regenerated(
    found: Regenerated, request: Request, chosen: Proposal, written: str | None, write: Callable[[str], object]
) -> None:
    """`written` is the path of the file that holds the chosen proposal now."""
    told = {
        **_opening(found.path, found.song, found.notices, written),
        "start_ms": number(request.start),
        "end_ms": number(request.end),
        "before": _score(chosen.before),
        "chosen": chosen.candidate,
        "proposals": [
            {
                "title": printable(each.title),
                "candidate": each.candidate,
                "seed": each.seed,
                "after": _score(each.after),
                "solved": each.solved,
                "left_out": each.left_out,
                **_change(found.document, each.edits, each.causes),
            }
            for each in found.proposals
        ],
    }
    _write(told, write)


def write_hitsounded(found: Hitsounded, written: str | None, write: Callable[[str], object]) -> None:
    told = {
        **_opening(found.path, found.song, found.notices, written),
        "told": printable(found.told),
        **_change(found.document, found.edits, found.causes),
    }
    _write(told, write)


def write_guested(found: Guesting, stars: float, name: str, written: str | None, write: Callable[[str], object]) -> None:
    """`stars` were asked for."""
    told = {
        **_opening(found.path, found.song, found.notices, written),
        "name": printable(name),
        "wanted_stars": number(stars),
        "stars": number(found.guest.stars),
        "notes": found.guest.notes,
        "attempts": found.guest.written,
        "follows_rhythm": found.guest.followed,
        "text": printable(found.guest.document.text),
        "findings": _findings(found.findings),
    }
    _write(told, write)


def _opening(path: str, song: str, notices: Iterable[str], written: str | None) -> dict[str, Any]:
    return {
        "version": VERSION,
        "path": printable(path),
        "song": printable(song) or None,
        "notices": [printable(each) for each in notices],
        "written": None if written is None else printable(written),
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "notes": score.notes,
        "bits": number(score.bits),
        "seam_bits": number(score.seams),
        "moments_per_second": number(score.density),
    }


def _change(document: Document, edits: Sequence[Edit], causes: Iterable[Finding]) -> dict[str, Any]:
    return {
        "edits": [{"start": edit.span.start, "end": edit.span.end, "text": printable(edit.text)} for edit in edits],
        "text": printable(apply_edits(document.text, edits)),
        "findings": _findings(causes),
    }


def _findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "name": each.name,
            "kind": each.kind,
            "category": each.category.value,
            "severity": each.severity.value,
            "message": printable(each.message),
            "time_ms": number(each.time_ms),
            "end_ms": number(each.end_ms),
            "selection": each.selection,
        }
        for each in findings
    ]


def _write(told: dict[str, Any], write: Callable[[str], object]) -> None:
    write(json.dumps(told, indent=1) + "\n")
