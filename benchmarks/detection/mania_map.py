"""Mistakes in mania maps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from random import Random

from benchmarks.detection.mistake import Mistake, changed
from benchmarks.detection.osu_map import CLEAR, MISSING_WITHIN, OsuMap
from formats.beatmap import Beatmap
from formats.timeline import PLAYFIELD_WIDTH, Note, NoteKind

LENGTHS = (0.25, 0.5, 1.0)  # beats by which a hold is too long or too short, or that a note is held
SHORTEST_HOLD = 30.0  # ms
USED = 0.02  # share of the notes that must be holds, or have additions, for mistakes with them
HELD, PLAIN = 128, 1


class ManiaMap(OsuMap):
    def __init__(self, beatmap: Beatmap) -> None:
        super().__init__(beatmap)
        self.keys = beatmap.key_count
        self.times = [note.time for note in self.notes]
        self.columns = [[note for note in self.notes if note.lane == lane] for lane in range(self.keys)]
        kinds = ["column", "unsnap", "snap", "missing", "extra"]
        if self._share(sum(note.kind is NoteKind.HOLD for note in self.notes)) >= USED:
            kinds += ["hold-length", "hold-kind"]
        if self._share(sum(bool(note.object.sound & 14) for note in self.notes)) >= USED:
            kinds.append("hitsound")
        self.kinds = tuple(kinds)

    def _share(self, count: int) -> float:
        return count / max(len(self.notes), 1)

    def is_free(self, lane: int, start: float, end: float, but: Note | None = None) -> bool:
        """Whether nothing but `but` is in that column from 40 ms before `start` to 40 ms behind `end`."""
        notes = self.columns[lane]
        until = bisect_left(notes, end + CLEAR, key=_time)
        since = max(bisect_left(notes, start - CLEAR, hi=until, key=_time) - 1, 0)
        return not any(note.end > start - CLEAR for note in notes[since:until] if note is not but)

    def row(self, at: int) -> range:
        """The numbers of the notes that start with note `at`."""
        return range(bisect_left(self.times, self.times[at]), bisect_right(self.times, self.times[at]))

    def x_of(self, lane: int) -> int:
        """The x that editors write for a column: its middle."""
        return int((lane + 0.5) * PLAYFIELD_WIDTH / self.keys)

    def placed(self, kind: str, text: str, time: float, leaving: int | None = None) -> Mistake:
        """The note's line where it belongs in time order; `leaving` is the note that it stands for."""
        old = {} if leaving is None else {self.numbers[leaving]: ()}
        behind = bisect_right(self.times, time)
        if leaving is not None and behind in (leaving, leaving + 1):
            return Mistake(kind, {self.numbers[leaving]: (text,)}, ((self.numbers[leaving], 0),))
        number = self.numbers[behind]
        return Mistake(kind, {**old, number: (text, self.notes[behind].line.text)}, ((number, 0),))

    def column(self, at: int, chance: Random) -> Mistake | None:
        note, lane = self.notes[at], chance.randrange(self.keys)
        if lane == note.lane or not self.is_free(lane, note.time, note.end):
            return None
        return self.replaced("column", at, {0: self.x_of(lane)})

    def moved_in_time(self, kind: str, at: int, shift: float) -> Mistake | None:
        """A plain note at another time, where its column is free; it may leave a chord or join one."""
        note = self.notes[at]
        time = note.time + shift
        if not self.is_circle(at) or time >= self.times[-1] or not self.is_free(note.lane, time, time, note):
            return None
        text = changed(note.line, {2: round(note.object.time + shift)})
        return self.placed(kind, text, time, at)

    def missing(self, at: int, chance: Random) -> Mistake | None:  # noqa: ARG002
        """A plain note left out: it shows at the rest of its chord, else at the chords before and behind."""
        row = self.row(at)
        before, after = row.start - 1, row.stop
        if not self.is_circle(at) or before < 0 or after >= self.count:
            return None
        if self.times[after] - self.times[before] > MISSING_WITHIN * self.beat_at(at):
            return None
        near = [each for each in row if each != at] or [*self.row(before), *self.row(after)]
        return Mistake("missing", {self.numbers[at]: ()}, tuple((self.numbers[each], 0) for each in near))

    def extra(self, at: int, chance: Random) -> Mistake | None:
        """A plain note too many: half of the tries in the chord of note `at`, the others half-way to the next chord."""
        note, behind = self.notes[at], self.row(at).stop
        if behind >= self.count:
            return None
        half = (self.times[behind] - note.time) / 2
        if chance.random() < 0.5:
            half = 0.0
        elif half < CLEAR or 2 * half < self.extra_from_beats * self.beat_at(at):
            return None
        lane, time = chance.randrange(self.keys), note.time + half
        if not self.is_free(lane, time, time):
            return None
        return self.placed("extra", self._plain(note, lane, round(note.object.time + half)), time)

    def _plain(self, note: Note, lane: int, time: int) -> str:
        ending = note.line.text[len(note.line.content) :]
        return f"{self.x_of(lane)},192,{time},{PLAIN},0,0:0:0:0:{ending}"

    def hold_length(self, at: int, chance: Random) -> Mistake | None:
        note = self.notes[at]
        end = note.end + chance.choice((-1, 1)) * chance.choice(LENGTHS) * self.beat_at(at)
        shortest = max(self.beat_at(at) / 8, SHORTEST_HOLD)
        if note.kind is not NoteKind.HOLD or end - note.time < shortest or not self.is_free(note.lane, note.time, end, note):
            return None
        return self.replaced("hold-length", at, {5: self._tail(note, end)})

    def _tail(self, note: Note, end: float) -> str:
        """The last field of a hold's line: its end, then its sample."""
        _, _, sample = note.line.content.split(",")[5].partition(":")
        return f"{round(end - self.timeline.grid.offset)}:{sample}"

    def hold_kind(self, at: int, chance: Random) -> Mistake | None:
        """A hold as a plain note, or a plain note held."""
        note = self.notes[at]
        parts = note.line.content.split(",")
        kind = note.object.type & ~(HELD | PLAIN)
        if note.kind is NoteKind.HOLD:
            return self.replaced("hold-kind", at, {3: kind | PLAIN, 5: parts[5].partition(":")[2] or "0:0:0:0:"})
        end = note.time + chance.choice(LENGTHS) * self.beat_at(at)
        if not self.is_circle(at) or len(parts) != 6 or not self.is_free(note.lane, note.time, end, note):
            return None
        return self.replaced("hold-kind", at, {3: kind | HELD, 5: f"{round(end - self.timeline.grid.offset)}:{parts[5]}"})


def _time(note: Note) -> float:
    return note.time
