"""The command `maimod.editLink`: the time stamp of what is selected, as a modder pastes it, and the link that opens it."""

from __future__ import annotations

from typing import Any, cast

from lsprotocol import types

from formats.osu import Break, Mode, TimingPoint
from formats.timestamps import edit_link, format_stamp
from server.language.view import View, selection_of
from server.lsp.ranges import Json, touched
from server.lsp.server import Server

COMMAND = "maimod.editLink"


def edit_link_of(ls: Server, uri: str, place: Any) -> Json | None:  # noqa: ANN401  the library converts by this annotation
    """`{"timestamp", "link"}` of a position, or of all objects that a range touches; None where there is nothing with a time.

    Charts have no links: of them `link` is null.
    """
    view, wanted = ls.view(uri), range_of(place)
    if view is None or wanted is None:
        return None
    lines = [view.document.lines[number] for number in touched(view, wanted)]
    if view.difficulty is not None:
        notes = sorted(found[1] for line in lines if (found := view.note_of(line)) is not None)
        if notes:
            timeline = view.difficulty.timeline
            mania = view.difficulty.beatmap.mode is Mode.MANIA
            selection = ",".join(selection_of(timeline, note) for note in notes) if mania or _has_combos(view) else ""
            return _answer(timeline.times[notes[0]], selection)
        offset = view.difficulty.timeline.grid.offset
        times = [record.time for line in lines if isinstance(record := line.record, TimingPoint)]
        times += [record.start for line in lines if isinstance(record := line.record, Break)]
        return _answer(min(times) + offset) if times else None
    chart = view.snapshot.chart
    ticks = [tick for line in lines if (tick := getattr(line.record, "tick", None)) is not None]
    if chart is None or chart.refusals or not ticks:
        return None
    return {"timestamp": format_stamp(chart.time_at(min(ticks))), "link": None}


def _has_combos(view: View) -> bool:
    return view.difficulty is not None and view.difficulty.beatmap.mode is not Mode.TAIKO


def _answer(time: float, selection: str = "") -> Json:
    return {"timestamp": format_stamp(time, selection), "link": edit_link(time, selection)}


def range_of(place: object) -> types.Range | None:
    """A position or a range, however the library hands it over."""
    start, end = _member(place, "start"), _member(place, "end")
    first, last = (start, end) if start is not None and end is not None else (place, place)
    lines = _member(first, "line"), _member(last, "line")
    if not isinstance(lines[0], int) or not isinstance(lines[1], int):
        return None
    # A selection of whole lines ends in front of the next one.
    behind = lines[1] > lines[0] and _member(last, "character") == 0
    return types.Range(types.Position(max(lines[0], 0), 0), types.Position(max(lines[1] - behind, 0), 0))


def _member(thing: object, name: str) -> object:
    return cast("dict[str, object]", thing).get(name) if isinstance(thing, dict) else getattr(thing, name, None)
