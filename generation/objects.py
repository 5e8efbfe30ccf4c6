"""The text of notes: rows of a scene as lines of an `.osu` file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

from analyzers.repairs import format_number
from formats.curves import SliderPath
from formats.document import Document, Line
from formats.spans import Edit, sort_edits
from formats.timeline import PLAYFIELD_HEIGHT, PLAYFIELD_WIDTH, Note, Timeline
from formats.timing import TimingGrid
from generation.drafts import ADDITIONS, CLAP, COLOURS, FINISH, SPINNER_PLACE, TAIKO_PLACE, Draft, ObjectType
from generation.green_lines import Lines, Want, same_speed, settle_behind
from generation.line_edits import Replacement, line_edits
from generation.parts import Part
from generation.slider_paths import PLAYFIELD, draw_path, fits
from models.bundled.fields import ANCHORS, REPEATS, VOLUMES, Family
from models.bundled.scenes import (
    ADDITION_AT,
    ANCHORS_AT,
    BIG_DON,
    BIG_KAT,
    BIG_ROLL,
    COMBO_AT,
    CURVE_AT,
    DENDEN,
    HOLD,
    KAT,
    KIAI_AT,
    KIND_AT,
    LANE_AT,
    REPEATS_AT,
    ROLL,
    SET_AT,
    SLIDER,
    SOUND_AT,
    SPINNER,
    TAIL_AT,
    VOLUME_AT,
    Scene,
    ordered_notes,
    scene_of_timeline,
)

# ms: an end this close to a tick is meant to be on it, and times this close are equal.
ON_TICK, SAME_TIME = 2.0, 0.5
# osu!pixels: places this close are the same, and the ways from head to tail of two sliders that differ by no more.
SAME_PLACE, SAME_WAY = 0.5, 2.0
# So many notes in a row that want another sample set than the line in force get a line, fewer carry it themselves.
RUN_OF_SETS = 4
# The share of notes with a sample set of their own from which on that is how a map does it.
OWN_SETS = 0.1
_ROLLS = frozenset((ROLL, BIG_ROLL))
_LASTING = frozenset((SPINNER, DENDEN))


def section_edits(
    timeline: Timeline, removed: Sequence[Note], rows: Scene, sources: Sequence[Note | None], anew: frozenset[Part]
) -> tuple[Edit, ...]:
    """The fewest edits after which the notes `rows` stand where `removed` stood.

    `removed`: every old note of the section that does not stay as it is (those that a row is made from among them). `rows` in
    time order; `sources[i]` is the old note that row i is made from, or None for a note made from nothing. Of a note with a
    source only the parts `anew` may change: its line keeps everything else, byte for byte, and is not touched where nothing
    changed. Rows speak of the velocity, volume, sample sets and kiai that they want: green lines are added only where what is
    in force differs from that, and put back behind the section. A slider that the playfield has no room for becomes a circle.
    """
    section = _Section(timeline, removed, rows, sources, anew)
    lines = section.timed()
    return sort_edits((*lines.edits(), *section.edits(lines)))


@dataclass(frozen=True, slots=True)
class _Row:
    """One note as it is wanted: times in ms, `end` of one span; places x + iy; the columns of a `Scene`."""

    time: float
    end: float
    place: complex
    tail: complex
    speed: float
    columns: tuple[int, ...]

    @property
    def kind(self) -> int:
        return self.columns[KIND_AT]

    @property
    def spans(self) -> int:
        return REPEATS[self.columns[REPEATS_AT]] if self.columns[REPEATS_AT] >= 0 else 1

    @property
    def is_slider(self) -> bool:
        return self.kind == SLIDER or self.kind in _ROLLS


def _rows(scene: Scene) -> list[_Row]:
    numbers = (each.tolist() for each in (scene.time, scene.end, scene.speed))
    places = (scene.x + 1j * scene.y).tolist()
    tails = (scene.tail_x + 1j * scene.tail_y).tolist()
    parts = zip(*numbers, places, tails, scene.columns.tolist(), strict=True)
    return [_Row(time, end, place, tail, speed, tuple(columns)) for time, end, speed, place, tail, columns in parts]


class _Section:
    def __init__(
        self, timeline: Timeline, removed: Sequence[Note], rows: Scene, sources: Sequence[Note | None], anew: frozenset[Part]
    ) -> None:
        self.timeline, self.grid, self.beatmap = timeline, timeline.grid, timeline.beatmap
        self.family, self.keys = rows.family, rows.keys
        self.rows, self.sources, self.anew = _rows(rows), list(sources), anew
        self.removed = list(removed)
        gone = {id(note) for note in removed}
        self.kept = [note for note in timeline.notes if id(note) not in gone]
        # Where the map's notes name sets themselves, new ones do so too and the lines are left alone.
        own = sum(note.object.sample.normal_set > 0 for note in timeline.notes)
        self._own_sets = own > OWN_SETS * len(timeline.notes)
        self._old: dict[int, _Row] = {}
        if any(source is not None for source in sources):
            old = _rows(scene_of_timeline(timeline))
            self._old = {id(note): row for note, row in zip(ordered_notes(timeline), old, strict=True)}

    # Timing lines

    def timed(self) -> Lines:
        """The timing lines once every row has what it wants of them."""
        lines = Lines(self.beatmap, self.grid)
        if not self.rows or not self.grid.points:
            return lines
        start, end = self.rows[0].time, max(self._ends(row) for row in self.rows)
        kept = [note.time for note in self.kept]
        inside = kept[bisect_right(kept, start - SAME_TIME) : bisect_right(kept, self.rows[-1].time + SAME_TIME)]
        events: list[tuple[float, int]] = [(time, -1) for time in inside] + [(row.time, at) for at, row in enumerate(self.rows)]
        events.sort()
        held = -inf
        for time, number in events:
            if number < 0:
                held = time
                lines.give(Want(time, exact=True))
            elif abs(time - held) > SAME_TIME:
                lines.give(self._want(number, lines))
        behind = bisect_right(kept, self.rows[-1].time + SAME_TIME)
        settle_behind(lines, (Want(time, exact=True) for time in kept[behind : behind + 1]), end)
        return lines

    def _ends(self, row: _Row) -> float:
        return row.time + (row.end - row.time) * row.spans

    def _want(self, number: int, lines: Lines) -> Want:
        row, source = self.rows[number], self.sources[number]
        rhythm = source is None or Part.RHYTHM in self.anew
        sound = source is None or Part.HITSOUNDS in self.anew
        if not rhythm and not sound:
            return Want(row.time, exact=True)
        old = self._old.get(id(source)) if source is not None else None
        if old is not None and _same_lines(row, old):
            return Want(row.time, exact=True)
        heard = self.family in (Family.TAIKO, Family.MANIA) or row.is_slider
        volume = row.columns[VOLUME_AT]
        kiai = row.columns[KIAI_AT] if old is None else old.columns[KIAI_AT]
        return Want(
            row.time,
            (row.speed if rhythm or old is None else old.speed) if heard else None,
            VOLUMES[volume] if sound and volume >= 0 else None,
            self._common_set(number, lines) if sound else None,
            bool(kiai) if kiai >= 0 else None,
        )

    def _common_set(self, number: int, lines: Lines) -> int | None:
        """The sample set (1–3) that this note and those after it want, where that is worth a line."""
        wanted = self.rows[number].columns[SET_AT]
        if self._own_sets or wanted < 0 or wanted + 1 == lines.set_at(self.rows[number].time):
            return None
        run = self.rows[number : number + RUN_OF_SETS]
        return wanted + 1 if len(run) == RUN_OF_SETS and all(row.columns[SET_AT] == wanted for row in run) else None

    # Objects

    def edits(self, lines: Lines) -> tuple[Edit, ...]:
        document = self.beatmap.document
        changes: list[Replacement] = []
        made: dict[int, str] = {}
        added: list[tuple[float, str]] = []
        for number, (row, source) in enumerate(zip(self.rows, self.sources, strict=True)):
            text = self._line(number, lines)
            if source is not None and row.time == source.time:
                made[id(source)] = text
            else:
                added.append((row.time, text))
        changes += [Replacement(note.line, made.get(id(note))) for note in self.removed]
        changes += _insertions(document, self.timeline, [*self.kept, *(note for note in self.removed if id(note) in made)], added)
        return line_edits(document, changes)

    def _line(self, number: int, lines: Lines) -> str:
        row, source = self.rows[number], self.sources[number]
        came = self._came(number)
        if source is None:
            return self._new(row, lines, came).text
        old = self._old[id(source)]
        return self._changed(source, old, self._merged(row, old), lines, came).text

    def _merged(self, row: _Row, old: _Row) -> _Row:
        """The row with what stays from the old note."""
        anew = self.anew
        columns = list(row.columns)
        time, end, place, tail = row.time, row.end, row.place, row.tail
        if Part.RHYTHM not in anew:
            time, end = old.time, old.end
            columns[REPEATS_AT] = old.columns[REPEATS_AT]
            if self.family is not Family.TAIKO:
                columns[KIND_AT] = old.columns[KIND_AT]
        if Part.POSITIONS not in anew:
            place = old.place
            tail = old.tail if old.kind == SLIDER == columns[KIND_AT] else row.tail - row.place + old.place
            columns[LANE_AT] = old.columns[LANE_AT]
            if old.kind == SLIDER:
                columns[CURVE_AT], columns[ANCHORS_AT] = old.columns[CURVE_AT], old.columns[ANCHORS_AT]
        if Part.COMBOS not in anew:
            columns[COMBO_AT] = old.columns[COMBO_AT]
        if Part.HITSOUNDS not in anew:
            for at in (SOUND_AT, SET_AT, ADDITION_AT, *((TAIL_AT,) if old.kind == SLIDER else ())):
                columns[at] = old.columns[at]
        return _Row(time, end, place, tail, row.speed, tuple(columns))

    def _came(self, number: int) -> complex:
        """The movement to the row from where the player leaves the row before."""
        if not number:
            return 0j
        before = self.rows[number - 1]
        left = before.tail if before.kind == SLIDER and before.spans % 2 else before.place
        return self.rows[number].place - left

    def _new(self, row: _Row, lines: Lines, came: complex) -> Draft:
        kind = _object_type(row)
        place = self._place(row)
        new_combo = row.columns[COMBO_AT] == 1 and self.family in (Family.OSU, Family.CATCH)
        draft = Draft.new(kind, place, round(row.time - self.grid.offset), new_combo=new_combo, version=self.beatmap.version)
        if kind in (ObjectType.SPINNER, ObjectType.HOLD):
            draft.end = str(self._end(row))
        if kind is ObjectType.SLIDER:
            draft.slides = row.spans
            self._draw(draft, row, lines, came)
        self._sound(draft, row, lines)
        return draft

    def _changed(self, source: Note, old: _Row, row: _Row, lines: Lines, came: complex) -> Draft:
        """The source's line with what is to change of it."""
        draft = Draft.of(source)
        if _object_type(row) is not draft.kind:
            draft = self._other_kind(draft, row, lines, came)
        else:
            self._change_in_place(draft, source, old, row, lines, came)
        if row.columns[COMBO_AT] >= 0 and (row.columns[COMBO_AT] == 1) != draft.new_combo:
            draft.set_new_combo(new_combo=row.columns[COMBO_AT] == 1)
        sounding = (SOUND_AT, TAIL_AT, SET_AT, ADDITION_AT) if self.family is not Family.TAIKO else (KIND_AT,)
        if any(row.columns[at] != old.columns[at] for at in sounding):
            self._resound(draft, row, old, lines)
        return draft

    def _other_kind(self, draft: Draft, row: _Row, lines: Lines, came: complex) -> Draft:
        """Another kind of object with the same sounds and sample."""
        other = self._new(row, lines, came)
        if Part.HITSOUNDS not in self.anew:
            other.sound, other.sample = draft.sound, draft.sample
        other.type |= draft.type & COLOURS if other.new_combo else 0
        return other

    def _change_in_place(self, draft: Draft, source: Note, old: _Row, row: _Row, lines: Lines, came: complex) -> None:
        if abs(row.time - old.time) > SAME_TIME:
            draft.time = str(round(row.time - self.grid.offset))
        place = self._place(row)
        moved = abs(row.place - old.place) > SAME_PLACE or row.columns[LANE_AT] != old.columns[LANE_AT]
        if moved and draft.kind is not ObjectType.SPINNER:
            draft.put(place)
        if draft.kind in (ObjectType.SPINNER, ObjectType.HOLD) and abs(row.end - old.end) > SAME_TIME:
            draft.end = str(self._end(row))
        if draft.kind is not ObjectType.SLIDER:
            return
        if row.columns[REPEATS_AT] != old.columns[REPEATS_AT]:
            draft.set_slides(row.spans)
        lasts = abs((row.end - row.time) - (old.end - old.time)) > SAME_TIME
        turned = abs((row.tail - row.place) - (old.tail - old.place)) > SAME_WAY
        shape = any(row.columns[at] != old.columns[at] for at in (CURVE_AT, ANCHORS_AT))
        length = source.path.length
        if lasts or abs(lines.speed_at(row.time) - self.grid.slider_velocity_at(source.time)) > 1e-9:
            length = self._length(row, lines)
            if not _holds(source, length) or turned or shape:
                self._draw(draft, row, lines, came, length)
                return
            draft.set_length(length)
        elif (turned or shape) and self.family is not Family.TAIKO:
            self._draw(draft, row, lines, came, length)
            return
        if moved:
            draft.shift(place - old.place)

    def _place(self, row: _Row) -> complex:
        if self.family is Family.TAIKO:
            return TAIKO_PLACE
        if self.family is Family.MANIA:
            return complex(int((row.columns[LANE_AT] + 0.5) * PLAYFIELD_WIDTH / self.keys), PLAYFIELD_HEIGHT // 2)
        if row.kind == SPINNER:
            return SPINNER_PLACE
        place = PLAYFIELD.nearest(row.place)
        return complex(round(place.real), round(place.imag))

    def _end(self, row: _Row) -> int:
        snap = self.grid.snap(row.end)
        end = snap.time if abs(snap.exact - row.end) <= ON_TICK else round(row.end)
        return round(end - self.grid.offset)

    def _length(self, row: _Row, lines: Lines) -> float:
        """osu!pixels of one span, so that it ends on its tick."""
        beat = self.grid.beat_length_at(row.time)
        velocity = 100 * self.beatmap.slider_multiplier * lines.speed_at(row.time) / beat
        return span_of(self.grid, row.time, row.end) * velocity

    def _draw(self, draft: Draft, row: _Row, lines: Lines, came: complex, length: float | None = None) -> None:
        if length is None:
            length = self._length(row, lines)
        place = self._place(row)
        if self.family is Family.TAIKO:
            draft.curve, draft.length = f"L|{int(place.real + max(length, 1)) + 1}:{int(place.imag)}", format_number(length)
            return
        tail = place + (row.tail - row.place)
        path = draw_path(place, tail, length, max(row.columns[CURVE_AT], 0), _anchors(row), came=came)
        if path is None:
            draft.become_circle()
            return
        draft.curve, draft.length = path.text, format_number(round(length, 9))

    # Sounds

    def _sound(self, draft: Draft, row: _Row, lines: Lines) -> None:
        if self.family is Family.TAIKO:
            draft.sound = _taiko_sound(row.kind)
            return
        normal, addition = self._sets(row, lines)
        draft.sound = max(row.columns[SOUND_AT], 0) << 1
        draft.set_sample(normal, addition)
        if draft.kind is ObjectType.SLIDER:
            tail = max(row.columns[TAIL_AT], 0) << 1
            inner = draft.sound if tail == draft.sound else 0
            draft.set_edges([draft.sound, *[inner] * (row.spans - 1), tail], (normal, addition))

    def _resound(self, draft: Draft, row: _Row, old: _Row, lines: Lines) -> None:
        if self.family is Family.TAIKO:
            kept = 0 if draft.kind is not ObjectType.CIRCLE else draft.sound & ~ADDITIONS
            draft.sound = kept | _taiko_sound(row.kind)
            return
        columns = row.columns
        if columns[SOUND_AT] != old.columns[SOUND_AT]:
            draft.set_head_sound(max(columns[SOUND_AT], 0) << 1)
        if draft.kind is ObjectType.SLIDER and columns[TAIL_AT] != old.columns[TAIL_AT]:
            draft.set_tail_sound(max(columns[TAIL_AT], 0) << 1)
        if any(columns[at] != old.columns[at] for at in (SET_AT, ADDITION_AT)):
            draft.set_sample(*self._sets(row, lines))

    def _sets(self, row: _Row, lines: Lines) -> tuple[int, int]:
        """The sample sets as written: 0 where the line in force, or the normal set, says the same."""
        wanted, addition = row.columns[SET_AT], row.columns[ADDITION_AT]
        normal = 0 if wanted < 0 or wanted + 1 == lines.set_at(row.time) else wanted + 1
        return normal, 0 if addition in (-1, wanted) else addition + 1


def span_of(grid: TimingGrid, start: float, end: float) -> float:
    """ms from `start` to `end` of a slider's span; where both stand on ticks it lasts as long as from tick to tick."""
    first, last = grid.snap(start), grid.snap(end)
    if abs(first.error) <= ON_TICK and abs(last.exact - end) <= ON_TICK and grid.red_index(start) == grid.red_index(end):
        return last.exact - first.exact
    return end - start


def _holds(source: Note, length: float) -> bool:
    """Whether the slider's curve is long enough as it is drawn, and stays inside then."""
    path = SliderPath(source.x, source.y, source.object.curves or (), length, whole_pixels=source.whole_pixels)
    return length <= path.natural_length + 0.5 and fits(path)


def _same_lines(row: _Row, old: _Row) -> bool:
    """Whether a row wants of the timing lines what the old note had."""
    columns = all(row.columns[at] == old.columns[at] for at in (VOLUME_AT, SET_AT, KIAI_AT))
    return columns and row.time == old.time and same_speed(row.speed, old.speed)


def _object_type(row: _Row) -> ObjectType:
    if row.is_slider:
        return ObjectType.SLIDER
    if row.kind in _LASTING:
        return ObjectType.SPINNER
    return ObjectType.HOLD if row.kind == HOLD else ObjectType.CIRCLE


def _anchors(row: _Row) -> int:
    return ANCHORS[row.columns[ANCHORS_AT]] if row.columns[ANCHORS_AT] >= 0 else 1


def _taiko_sound(kind: int) -> int:
    return (CLAP if kind in (KAT, BIG_KAT) else 0) | (FINISH if kind in (BIG_DON, BIG_KAT, BIG_ROLL) else 0)


def _insertions(
    document: Document, timeline: Timeline, standing: Iterable[Note], added: Sequence[tuple[float, str]]
) -> Iterator[Replacement]:
    """Where the added lines go: behind the last object that stands and does not begin later."""
    if not added:
        return
    order = sorted(standing, key=lambda note: (note.time, document.number_of(note.line)))
    times = [note.time for note in order]
    first = _first_place(document, timeline, order)
    for time, text in added:
        at = bisect_right(times, time) - 1
        if at >= 0:
            yield Replacement(order[at].line, text, added=True, behind=True)
        elif first is not None:
            yield Replacement(first[0], text, added=True, behind=first[1])


def _first_place(document: Document, timeline: Timeline, order: Sequence[Note]) -> tuple[Line, bool] | None:
    """(line, whether behind it) for objects ahead of all that stand."""
    if order:
        return order[0].line, False
    if timeline.notes:
        return min((note.line for note in timeline.notes), key=document.number_of), False
    header = timeline.beatmap.headers.get("HitObjects")
    return None if header is None else (header, True)
