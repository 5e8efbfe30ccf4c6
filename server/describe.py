"""What one line of a map means, in a few words: an object's time and snap, a timing line's tempo, a setting's sense."""

from __future__ import annotations

from formats.document import Line
from formats.mapset import Difficulty
from formats.osu import Entry, HitObject, Mode, TimingPoint
from formats.timeline import Note, NoteKind
from formats.timestamps import edit_link, format_stamp, format_time
from server.glossary import CHART, OSU, SONG_INI
from server.session import Kind, Snapshot

MS_PER_MINUTE = 60_000


def describe_line(snapshot: Snapshot, line: Line) -> str:
    """A sentence or two in Markdown, empty where the line says all itself."""
    record = line.record
    if snapshot.difficulty is not None:
        if isinstance(record, HitObject):
            return _object(snapshot.difficulty, record)
        if isinstance(record, TimingPoint):
            return _timing_point(snapshot.difficulty, record)
    if isinstance(record, Entry):
        return _setting(snapshot.kind, line.section, record)
    return ""


def _setting(kind: Kind, section: str, entry: Entry) -> str:
    keys = {Kind.CHART: CHART, Kind.SONG_INI: SONG_INI}.get(kind) or OSU.get(section, {})
    text = keys.get(entry.key) or keys.get(entry.key.lower())
    return f"**{entry.key}** · {text}" if text else ""


def _object(difficulty: Difficulty, source: HitObject) -> str:
    timeline = difficulty.timeline
    at = next((number for number, note in enumerate(timeline.notes) if note.object is source), None)
    if at is None:
        return ""
    note = timeline.notes[at]
    mania = difficulty.beatmap.mode is Mode.MANIA
    selection = f"{int(note.time)}|{note.lane}" if mania else str(timeline.combo_number[at])
    place = f"column {note.lane + 1}" if mania else f"combo {timeline.combo_index[at] + 1}, number {timeline.combo_number[at]}"
    stamp = format_stamp(note.time, selection)
    first = f"**{note.kind.capitalize()}** · [{stamp}]({edit_link(note.time, selection)}) · {place}"
    return "  \n".join([first, _rhythm(difficulty, note), *_ends(difficulty, note)])


def _rhythm(difficulty: Difficulty, note: Note) -> str:
    grid = difficulty.timeline.grid
    tempo, sv = MS_PER_MINUTE / grid.beat_length_at(note.time), grid.slider_velocity_at(note.time)
    return f"{tempo:.6g} BPM · {_snap(difficulty, note.time)} · SV {sv:.3g}× · volume {grid.volume_at(note.time)} %"


def _ends(difficulty: Difficulty, note: Note) -> list[str]:
    if note.kind is NoteKind.CIRCLE:
        return []
    beats = note.duration / difficulty.timeline.grid.beat_length_at(note.time)
    reverses = f" · {note.span_count - 1} reverses" if note.span_count > 2 else " · 1 reverse" if note.span_count == 2 else ""
    return [f"ends {format_time(note.end)} ({_snap(difficulty, note.end)}) · {beats:.4g} beats{reverses}"]


def _snap(difficulty: Difficulty, time: float) -> str:
    snap = difficulty.timeline.grid.snap(time)
    off = f", {abs(snap.error):.3g} ms {'late' if snap.error > 0 else 'early'}" if abs(snap.error) >= 1 else ""
    return f"1/{snap.divisor}{off}"


def _timing_point(difficulty: Difficulty, point: TimingPoint) -> str:
    time = format_time(difficulty.timeline.grid.time_of(point))
    sound = f"volume {point.volume} %" + (" · kiai" if point.kiai else "")
    if point.uninherited:
        tempo = MS_PER_MINUTE / point.beat_length if point.beat_length else 0
        return f"**Red line** · {time} · {tempo:.6g} BPM · {point.meter}/4 · {sound}"
    return f"**Green line** · {time} · SV {point.slider_velocity:.3g}× · {sound}"
