"""Code actions that write a part of a map anew. To offer them costs nothing: they are worked out when one is chosen.

They carry a command and no edit to be resolved, for Helix and Emacs stand still while an action is resolved, and no editor shows
how far that has come, or lets its user cancel it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from analyzers.finding import Finding
from formats.osu import Mode
from generation.parts import Part
from server.language import sections
from server.language.sections import Section
from server.language.view import View
from server.lsp.ranges import Json, touched
from server.lsp.rewriting import REWRITE
from server.lsp.server import Server

KIND = f"{types.CodeActionKind.RefactorRewrite.value}.maimod"
# What an editor that chooses among candidates runs in place of ours, with the same arguments.
CHOOSE = "maimod.chooseCandidate"
# What a part of a note is called where it is no place on a playfield.
_PLACES = {Mode.TAIKO: "don and kat", Mode.CATCH: "positions", Mode.MANIA: "columns", Mode.OSU: "positions"}


def rewrite_actions(
    ls: Server, view: View, params: types.CodeActionParams, touched_findings: Sequence[tuple[Finding, types.Diagnostic]]
) -> Iterator[types.CodeAction]:
    """For what is selected, or for the combo and the bar at the cursor."""
    lines = touched(view, _whole_lines(params.range))
    automatic = params.context.trigger_kind is types.CodeActionTriggerKind.Automatic
    if params.range.start == params.range.end:
        # The sign that an editor shows beside a line says that there is something to do, not that anything could be done.
        if (automatic and not touched_findings) or not len(lines):
            return
        found = sections.at_line(view, lines[0])
    else:
        section = sections.selected(view, lines)
        found = [section] if section is not None else []
    for number, section in enumerate(found):
        about = [shown for finding, shown in touched_findings if _is_in(finding, section)]
        what = "" if section.name == "selection" else f"this {section.name} "
        offers = list(_offers(view, f"{what}({section.times})" if what else section.times))
        for kind, title, options in offers if number == 0 else offers[:1]:
            yield _action(ls, view, f"{KIND}.{kind}", title, {**_place(section), **options}, about)
    if found and _has_sounds(view):
        whole = {"what": "hitsounds", "whole": True}
        yield _action(ls, view, f"{KIND}.hitsounds", "Rewrite the hit sounds of the whole map", whole, [])


def command_of(ls: Server, title: str, uri: str, options: Json) -> types.Command:
    """What is run when an action or a lens is chosen."""
    return types.Command(title, CHOOSE if ls.chooses_candidates else REWRITE, arguments=[uri, options])


def lens_options(section: Section) -> Json:
    return {"what": "section", **_place(section)}


def _offers(view: View, where: str) -> Iterator[tuple[str, str, Json]]:
    """The kind, title and options of each way to write a section anew."""
    mode = view.difficulty.beatmap.mode if view.difficulty is not None else None
    places = "lanes" if mode is None else _PLACES[mode]
    yield "regenerate", f"Regenerate {where}", {"what": "section"}
    yield "regenerate.rhythm", f"Regenerate {where}, the rhythm kept", {"what": "section", "keep": [Part.RHYTHM]}
    yield "regenerate.positions", f"Regenerate only the {places} of {where}", {"what": "section", "only": [Part.POSITIONS]}
    if mode in (Mode.OSU, Mode.CATCH):
        yield "regenerate.combos", f"Regenerate only the new combos of {where}", {"what": "section", "only": [Part.COMBOS]}
    yield "add", f"Add notes to {where}", {"what": "section", "add": True}
    if _has_sounds(view):
        yield "hitsounds", f"Rewrite the hit sounds of {where}", {"what": "hitsounds"}


def _has_sounds(view: View) -> bool:
    return view.difficulty is not None and view.difficulty.beatmap.mode is not Mode.TAIKO


def _place(section: Section) -> Json:
    return {"start": section.start, "end": section.end, **({"track": section.track} if section.track else {})}


def _action(ls: Server, view: View, kind: str, title: str, options: Json, about: list[types.Diagnostic]) -> types.CodeAction:
    return types.CodeAction(title, kind, about or None, command=command_of(ls, title, view.snapshot.uri, options))


def _is_in(finding: Finding, section: Section) -> bool:
    return finding.time_ms is not None and section.start - 1 <= finding.time_ms < section.end


def _whole_lines(wanted: types.Range) -> types.Range:
    """A selection of whole lines ends in front of the next one."""
    behind = wanted.end.line > wanted.start.line and wanted.end.character == 0
    return types.Range(wanted.start, types.Position(wanted.end.line - behind, 0)) if behind else wanted
