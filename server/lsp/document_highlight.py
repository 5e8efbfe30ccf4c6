"""textDocument/documentHighlight: the combo of an object, the notes of a chord, the objects of a timing line, equal keys."""

from __future__ import annotations

from lsprotocol import types

from formats.document import Line
from formats.osu import HitObject, Mode
from server.language.parts import part_at
from server.language.ties import SOUND_PARTS, headers, same_chord, same_combo, same_key, same_sound, under
from server.language.view import View
from server.lsp.ranges import aside, lines_json, place_of
from server.lsp.server import Encoded, Server


async def document_highlight(ls: Server, params: types.DocumentHighlightParams) -> Encoded | None:
    view = ls.view(params.text_document.uri)
    if view is None:
        return None
    number, column = place_of(view, params.position, ls.session.measure)
    document, measure = view.document, ls.session.measure

    def answer() -> Encoded:
        numbers = sorted(document.number_of(line) for line in _alike(view, document.lines[number], column))
        kind = types.DocumentHighlightKind.Text.value
        return Encoded.of([{"range": lines_json(document, each, each, measure), "kind": kind} for each in numbers])

    return await aside(answer)


def _alike(view: View, line: Line, column: int) -> list[Line]:
    part = part_at(line, column, view.kind)
    if part is not None and part.name == "section":
        return headers(view)
    if isinstance(line.record, HitObject) and view.difficulty is not None:
        if part is not None and part.name in SOUND_PARTS:
            return same_sound(view, line)
        combos = view.difficulty.beatmap.mode not in (Mode.TAIKO, Mode.MANIA)
        return same_combo(view, line) if combos else _at_once(view, line)
    found = under(view, line)
    return [line, *found] if found else same_chord(view, line) or same_key(view, line)


def _at_once(view: View, line: Line) -> list[Line]:
    """The objects at the time of this one."""
    found = view.note_of(line)
    if found is None:
        return []
    timeline, at = found
    time = timeline.times[at]
    return [note.line for note in timeline.between(time, time + 1)]
