"""What one line of a map says, as a mapper would sum it up: an object, a timing line, a chart's note or tempo."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd, hypot

from analyzers.wording import counted_beats
from formats.chart import Chart
from formats.chart_lines import GlobalEvent, Tempo, TimeSignature, TrackKind, TrackPhrase
from formats.chart_tracks import NoteGroup, Stretch, Track
from formats.document import Line
from formats.mapset import Difficulty
from formats.osu import Break, HitObject, Mode, TimingPoint
from formats.taiko import is_finisher, is_kat
from formats.timeline import Note, NoteKind, Timeline
from formats.timestamps import edit_link, format_stamp, format_time
from formats.timing import TimingGrid
from server.glossary.chart_words import NOTE_NUMBERS, PHRASES
from server.language.view import View, selection_of

MS_PER_MINUTE = 60_000
# Times are whole ms: so much off, in beats, is still the rhythm that is meant.
NEAR_BEATS = 0.02


def about_line(view: View, line: Line) -> str:
    """Some lines of Markdown; empty where the line itself says all there is."""
    chart, difficulty = view.snapshot.chart, view.difficulty
    if difficulty is not None:
        match line.record:
            case HitObject():
                found = view.note_of(line)
                return "  \n".join(_object(view, difficulty, found[1])) if found else ""
            case TimingPoint() as point:
                return "  \n".join(_timing_point(difficulty, point))
            case Break() as pause:
                offset = difficulty.timeline.grid.offset
                start, end = pause.start + offset, pause.end + offset
                return f"**Break** · {_link(start)} to {_link(end)} · {_seconds(end - start)}"
            case _:
                return ""
    return "  \n".join(_of_chart(view, chart, line)) if chart is not None and not chart.refusals else ""


def _link(time: float, selection: str = "") -> str:
    return f"[{format_stamp(time, selection)}]({edit_link(time, selection)})"


def _seconds(ms: float) -> str:
    return f"{ms / 1000:.3g} s"


# Objects of osu! maps


def _object(view: View, difficulty: Difficulty, at: int) -> Iterator[str]:
    timeline = difficulty.timeline
    note, mode, grid = timeline.notes[at], difficulty.beatmap.mode, timeline.grid
    yield " · ".join((f"**{_kind(note, mode)}**", _link(note.time, selection_of(timeline, at)), _where(timeline, at)))
    tempo = MS_PER_MINUTE / grid.beat_length_at(note.time)
    kiai = ("kiai",) if grid.kiai_at(note.time) else ()
    yield " · ".join((snap_words(grid, note.time), f"{tempo:.6g} BPM", *_velocity(difficulty, note), *kiai))
    if note.kind is not NoteKind.CIRCLE:
        yield _end(grid, note)
    if at and (way := _way(difficulty, timeline.notes[at - 1], note)):
        yield way
    # A file's name comes from strangers: it must not end the quotation.
    sounds = ", ".join("`{}`".format(sample.name.replace("`", "'")) for sample in view.samples[at])
    volume = note.object.sample.volume or grid.volume_at(note.time)
    yield f"sounds {sounds} · volume {volume} %"


def _kind(note: Note, mode: Mode) -> str:
    if mode is Mode.TAIKO and note.kind is NoteKind.CIRCLE:
        colour = "kat" if is_kat(note) else "don"
        return f"Big {colour}" if is_finisher(note) else colour.capitalize()
    if mode is Mode.TAIKO:
        return "Drumroll" if note.is_slider else "Denden"
    if mode is Mode.CATCH:
        return {NoteKind.CIRCLE: "Fruit", NoteKind.SLIDER: "Juice stream", NoteKind.SPINNER: "Banana shower"}[note.kind]
    return "Note" if mode is Mode.MANIA and note.kind is NoteKind.CIRCLE else note.noun.capitalize()


def _where(timeline: Timeline, at: int) -> str:
    mode = timeline.beatmap.mode
    if mode is Mode.MANIA:
        return f"column {timeline.notes[at].lane + 1} of {timeline.beatmap.key_count}"
    if mode is Mode.TAIKO:
        return f"note {at + 1:,} of {len(timeline.notes):,}"
    new = ", new combo" if timeline.notes[at].new_combo else ""
    return f"combo {timeline.combo_index[at] + 1}, number {timeline.combo_number[at]}{new}"


def _velocity(difficulty: Difficulty, note: Note) -> Iterator[str]:
    sv = difficulty.timeline.grid.slider_velocity_at(note.time)
    mode = difficulty.beatmap.mode
    if mode in (Mode.TAIKO, Mode.MANIA):
        yield f"scroll speed {sv:.3g}×"
    else:
        pixels = 100 * difficulty.beatmap.slider_multiplier * sv
        yield f"SV {sv:.3g}×" + (f" ({pixels:.4g} px a beat)" if note.is_slider else "")


def _end(grid: TimingGrid, note: Note) -> str:
    beats = note.duration / grid.beat_length_at(note.time)
    reverses = {1: "", 2: " · 1 reverse"}.get(note.span_count, f" · {note.span_count - 1} reverses")
    return f"ends {format_time(note.end)} ({snap_words(grid, note.end)}) · {beats:.4g} beats{reverses}"


def _way(difficulty: Difficulty, before: Note, note: Note) -> str:
    """How long and how far it is from the object before; spacing is told as a multiple of the distance snap."""
    grid, beatmap = difficulty.timeline.grid, difficulty.beatmap
    beats = (note.time - before.end) / grid.beat_length_at(before.time)
    gap = f"{beats_words(beats)} after the object before"
    if beatmap.mode not in (Mode.OSU, Mode.CATCH) or NoteKind.SPINNER in (before.kind, note.kind):
        return gap
    x, y = before.end_position
    distance = abs(note.x - x) if beatmap.mode is Mode.CATCH else hypot(note.x - x, note.y - y)
    snapped = 100 * beatmap.slider_multiplier * grid.slider_velocity_at(before.time) * beats
    spacing = f" (spacing {distance / snapped:.2f}×)" if snapped > 0 else ""
    return f"{distance:.0f} px{spacing} and {gap}"


def snap_words(grid: TimingGrid, time: float) -> str:
    """`1/4`, or `1/4, 3 ms late`."""
    snap = grid.known_snap(time)
    off = f", {abs(snap.error):.3g} ms {'late' if snap.error > 0 else 'early'}" if abs(snap.error) >= 1 else ""
    return f"1/{snap.divisor}{off}"


def _timing_point(difficulty: Difficulty, point: TimingPoint) -> Iterator[str]:
    grid = difficulty.timeline.grid
    time = grid.time_of(point)
    flags = (" · kiai" if point.kiai else "") + (" · no first bar line" if point.omits_barline else "")
    sound = f"volume {point.volume} %{flags}"
    if point.uninherited:
        tempo = MS_PER_MINUTE / point.beat_length if point.beat_length else 0
        yield f"**Red line** · {_link(time)} · {tempo:.6g} BPM · {point.meter}/4 · {sound}"
        number = next(number for number, each in enumerate(grid.red) if each is point)
        until = grid.red_times[number + 1] if number + 1 < len(grid.red) else difficulty.timeline.end
    else:
        yield f"**Green line** · {_link(time)} · SV {point.slider_velocity:.3g}× · {sound} · {snap_words(grid, time)}"
        place = next(number for number, each in enumerate(grid.points) if each is point)
        until = grid.times[place + 1] if place + 1 < len(grid.times) else difficulty.timeline.end
    count = len(difficulty.timeline.between(time, until)) if until > time else 0
    yield f"{count} object{'' if count == 1 else 's'} until {format_time(until)}"


# Lines of charts


def _of_chart(view: View, chart: Chart, line: Line) -> Iterator[str]:
    record = line.record
    if (found := view.group_of(line)) is not None:
        yield from _chord(chart, *found)
    elif isinstance(record, Tempo):
        yield f"**Tempo** · {_at(chart, record.tick)} · {record.bpm:.6g} BPM"
    elif isinstance(record, TimeSignature):
        yield f"**Time signature** · {_at(chart, record.tick)} · {record.numerator}/{record.denominator}"
    elif isinstance(record, TrackPhrase):
        name = dict(PHRASES).get(str(record.number), "Stretch").rstrip(".").partition(",")[0]
        length = chart.time_at(record.tick + record.length) - chart.time_at(record.tick)
        yield f"**{name}** · {_at(chart, record.tick)} · {_long(chart, record.length)} · {_seconds(length)}"
    elif isinstance(record, GlobalEvent):
        yield f"**{record.kind.value.replace('_', ' ').capitalize()}** · {_at(chart, record.tick)}"
    elif (tick := getattr(record, "tick", None)) is not None:
        yield _at(chart, tick)


def _at(chart: Chart, tick: int) -> str:
    return f"{format_time(chart.time_at(tick))} · {tick_words(chart, tick)}"


def beats_words(beats: float) -> str:
    """`1/4`, `2 beats`, `1 1/2 beats`."""
    return counted_beats(beats, NEAR_BEATS)


def tick_words(chart: Chart, tick: int) -> str:
    """`1/4` of a beat, as the tick lies on the grid."""
    return f"1/{chart.resolution // gcd(tick, chart.resolution)}"


def _long(chart: Chart, length: int) -> str:
    return f"{beats_words(length / chart.resolution)} long"


def _chord(chart: Chart, track: Track, group: NoteGroup) -> Iterator[str]:
    names = dict(NOTE_NUMBERS[track.kind])
    said = " + ".join(names.get(str(note.lane), str(note.lane)).rstrip(".").partition(",")[0].lower() for note in group.notes)
    how = () if track.kind is TrackKind.DRUMS else ({"hopo": "HOPO"}.get(group.attack.value, group.attack.value),)
    forced = ("forced",) if group.forced else ()
    yield " · ".join((f"**{said.capitalize()}**", _at(chart, group.tick), *how, *forced))
    start, end = chart.measures.around(group.tick)
    signature = [each for each in chart.time_signatures if each.tick <= group.tick]
    meter = f" of {signature[-1].numerator}/{signature[-1].denominator}" if signature else ""
    beat = (group.tick - start) / chart.resolution + 1
    yield f"{chart.tempo_map.bpm_at(group.tick):.6g} BPM · beat {beat:.4g} of the measure{meter}" if end > start else ""
    longest = max(note.length for note in group.notes)
    if longest:
        yield f"sustained {beats_words(longest / chart.resolution)}, until {format_time(group.end)}"
    inside = [name for name, found in (("star power", track.star_power), ("solo", track.solos)) if _within(found, group.tick)]
    if inside:
        yield f"in {' and '.join(inside)}"


def _within(stretches: list[Stretch], tick: int) -> bool:
    return any(stretch.tick <= tick < stretch.end_tick for stretch in stretches)
