"""What the n-gram reads: for every object of a map, or note group of a chart's track, a few whole numbers, one for each field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, hypot, tau

from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.chart_lines import TrackKind
from formats.chart_tracks import Attack, NoteGroup, Track
from formats.osu import Mode
from formats.taiko import is_finisher, is_kat
from formats.timeline import Note, NoteKind, Timeline

PARTS = 48  # of a beat, in which gaps and lengths are counted
LONGEST = 8 * PARTS
ERRORS = (1.0, 2.0, 4.0, 8.0)  # ms off the nearest tick: the upper ends of the classes
Row = dict[str, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """One map or track, whose `style` has a model of its own: the fields, the time and the 1-based lines of every object."""

    style: str
    rows: list[Row]
    times: list[float]
    lines: list[list[int]]


def passages_of(name: str, data: bytes) -> Iterator[Passage]:
    if not name.endswith(".chart"):
        yield _map(Beatmap.from_bytes(data))
        return
    chart = Chart.from_bytes(data)
    for track in chart.charted:
        if track.kind is not TrackKind.SIX_FRET:
            yield _track(chart, track)


def _map(beatmap: Beatmap) -> Passage:
    timeline = Timeline(beatmap)
    notes = sorted(timeline.notes, key=lambda note: (note.time, note.lane))
    rhythm = _rhythm(timeline, notes)
    looks = {Mode.OSU: _standard, Mode.TAIKO: _taiko, Mode.CATCH: _catch, Mode.MANIA: _mania}[beatmap.mode]
    rows = [own | other for own, other in zip(rhythm, looks(timeline, notes), strict=True)]
    lines = [[beatmap.document.number_of(note.line) + 1] for note in notes]
    return Passage(beatmap.mode.name.lower(), rows, [note.time for note in notes], lines)


def _in_parts(beats: float) -> int:
    """Beats in 48ths, whole beats from 8 on."""
    parts = round(beats * PARTS)
    return parts if parts < LONGEST else min(round(beats), 32) * PARTS


def _class(error: float) -> int:
    return sum(abs(error) > limit for limit in ERRORS)


def _rhythm(timeline: Timeline, notes: list[Note]) -> list[Row]:
    """`gap` since the object before and `place` in the beat in 48ths, `beat` of the measure, how far off the tick."""
    grid = timeline.grid
    rows: list[Row] = []
    before: float | None = None
    for note in notes:
        snap, red = grid.known_snap(note.time), grid.red_at(note.time)
        beats = grid.beat_at(snap.exact)
        parts = round(beats * PARTS)
        gap = 0.0 if before is None else (snap.exact - before) / grid.beat_length_at(note.time)
        rows.append(
            {
                "gap": _in_parts(gap),
                "place": parts % PARTS,
                "beat": parts // PARTS % (red.meter if red is not None else 4),
                "divisor": snap.divisor,
                "error": _class(snap.error),
            }
        )
        before = snap.exact
    return rows


def _duration(note: Note, timeline: Timeline) -> int:
    return _in_parts(note.duration / timeline.grid.beat_length_at(note.time))


_KINDS = {NoteKind.CIRCLE: 0, NoteKind.SLIDER: 1, NoteKind.SPINNER: 2, NoteKind.HOLD: 3}


def _combos(notes: list[Note]) -> Iterator[tuple[int, int]]:
    """Whether a note starts a combo, and how many stand before it in the one that it would go on."""
    since = 0
    for note in notes:
        yield int(note.new_combo), min(since, 16)
        since = 1 if note.new_combo else since + 1


def _standard(timeline: Timeline, notes: list[Note]) -> list[Row]:
    rows: list[Row] = []
    x, y, heading = 256.0, 192.0, 0.0
    for note, (new_combo, since) in zip(notes, _combos(notes), strict=True):
        across, down = note.x - x, note.y - y
        now = atan2(down, across) if across or down else heading
        rows.append(
            {
                "kind": _KINDS[note.kind],
                "new_combo": new_combo,
                "since": since,
                "distance": min(round(hypot(across, down) / 16), 32),
                "angle": round((now - heading) / tau * 16) % 16,
                "length": _duration(note, timeline),
                "slides": min(note.span_count, 9),
                "sound": note.object.sound & 14,
            }
        )
        (x, y), heading = note.end_position, now
    return rows


def _taiko(timeline: Timeline, notes: list[Note]) -> list[Row]:
    return [
        {
            "colour": int(is_kat(note)) if note.kind is NoteKind.CIRCLE else 1 + _KINDS[note.kind],
            "finisher": int(is_finisher(note)),
            "length": _duration(note, timeline),
        }
        for note in notes
    ]


def _catch(timeline: Timeline, notes: list[Note]) -> list[Row]:
    rows: list[Row] = []
    x, side = 256.0, 0
    for note, (new_combo, since) in zip(notes, _combos(notes), strict=True):
        across = note.x - x
        side = (across > 0) - (across < 0)
        rows.append(
            {
                "kind": _KINDS[note.kind],
                "new_combo": new_combo,
                "since": since,
                "distance": round(abs(across) / 16),
                "side": side,
                "length": _duration(note, timeline),
                "sound": note.object.sound & 14,
            }
        )
        x = note.end_position[0]
    return rows


def _mania(timeline: Timeline, notes: list[Note]) -> list[Row]:
    """`left` are the columns of the row that stand left of the note, `row_before` those of the row before, a bit for each."""
    rows: list[Row] = []
    time, left, row_before, chord = -1.0, 0, 0, 0
    for note in notes:
        if note.time != time:
            time, left, row_before, chord = note.time, 0, left, 0
        rows.append(
            {
                "keys": timeline.beatmap.key_count,
                "lane": note.lane,
                "chord": chord,
                "left": left,
                "row_before": row_before,
                "length": _duration(note, timeline),
                "sound": note.object.sound & 14,
            }
        )
        left, chord = left | 1 << note.lane, chord + 1
    return rows


def _track(chart: Chart, track: Track) -> Passage:
    resolution = chart.resolution
    rows: list[Row] = []
    before, mask = track.groups[0].tick, 0
    for group in track.groups:
        parts = round(group.tick * PARTS / resolution)
        off = group.time - track.time_at(round(parts * resolution / PARTS))
        rows.append(
            {
                "gap": _in_parts((group.tick - before) / resolution),
                "place": parts % PARTS,
                "beat": parts // PARTS % 4,
                "error": _class(off),
                "mask": group.mask,
                "shape": int(group.is_chord) << 1 | int(group.mask == mask),
                "length": _in_parts(max(note.length for note in group.notes) / resolution),
                "flags": _flags(group),
                "level": list(type(track.difficulty)).index(track.difficulty),
            }
        )
        before, mask = group.tick, group.mask
    lines = [[chart.document.number_of(note.line) + 1 for note in group.notes] for group in track.groups]
    style = "drums" if track.kind is TrackKind.DRUMS else "frets"
    return Passage(style, rows, track.times, lines)


def _flags(group: NoteGroup) -> int:
    """Forced and tap, and of drums the flags of each lane."""
    flags = int(group.forced) | (group.attack is Attack.TAP) << 1
    for note in group.notes:
        flags = flags * 17 + int(note.flags) if note.flags else flags
    return flags
