"""What a surprising-… rule may see: a difficulty or track, what the model said of its notes, which of them are suspected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, cast

from analyzers.context import Context
from analyzers.finding import Expected, Safety, Severity, Unexpectedness
from analyzers.rule import CLONE_HERO, OSU_STANDARDS, Change, Issue, Repair, Template
from analyzers.wording import counted_beats, with_article, words
from formats.chart import Chart
from formats.chart_tracks import ChartNote, DrumType, NoteGroup, Played, Track
from formats.document import Document, Place
from formats.timeline import Note, Timeline
from formats.timing import TimingGrid
from models.bundled.fields import COLUMN, FAMILY_OF, FIELDS, Family, Value

if TYPE_CHECKING:
    from models.bundled.drift import Drift
    from models.surprisal import Alternative, Surprisal

EVERY_STANDARD = OSU_STANDARDS | CLONE_HERO
# A remark offers this many fixes at most, and names this many expected values.
MOST_FIXES, MOST_EXPECTED = 3, 3
# Fields in steps so fine that neighbouring values are one suggestion.
FINE = ("distance", "angle", "shift", "slider_angle")
# Numbers that mappers choose freely: the values on both sides of an expected one are as good.
FREE = ("volume", "slider_velocity")
# An alternative less likely than this is no suggestion.
LEAST_CHANCE = 0.1
# What is less likely than this is told as what may be.
LIKELY = 0.5
# Times are whole ms: what is this near to a rhythm is that rhythm.
NEAR_MS = 2.0
# The gap between notes that are struck together.
TOGETHER, CERTAIN = "0", 1e-3


@dataclass(frozen=True, slots=True)
class Suspect:
    """A note (`row` of the surprisal) at which `measure` (one of MISTAKES, or a field) is out of the ordinary.

    `rarity` in bits: one note in 2^rarity of published maps looks at least as wrong. `suspicion` is the probability of a
    mistake, None where only a field's surprisal speaks. `first` to `last` are the rows that the remark is about, of which `row`
    is the one that speaks loudest.
    """

    row: int
    measure: str
    rarity: float
    suspicion: float | None
    first: int
    last: int
    severity: Severity = Severity.HINT


class Scored:
    """What both formats share: the surprisal's answers in words."""

    def __init__(self, surprisal: Surprisal, family: Family, suspects: Mapping[str, Sequence[Suspect]]) -> None:
        self.surprisal = surprisal
        self.family = family
        self.suspects = suspects

    def suspected(self, *measures: str) -> list[Suspect]:
        """The suspects of these measures in the order of their notes."""
        return sorted((one for name in measures for one in self.suspects.get(name, ())), key=lambda one: one.row)

    def applies(self, row: int, field: str) -> bool:
        return self.surprisal.applies(row, field)

    def actual(self, row: int, field: str) -> Value | None:
        return self.surprisal.actual(row, field)

    def chance(self, row: int, field: str) -> float:
        """How probable the model held what stands there."""
        return float(self.surprisal.probabilities(row, field)[self.surprisal.values[row, COLUMN[field]]])

    def chance_of(self, row: int, field: str, value: Value) -> float:
        return float(self.surprisal.probabilities(row, field)[FIELDS[COLUMN[field]].values.index(value)])

    def others(self, row: int, field: str, most: int = MOST_EXPECTED) -> list[Alternative]:
        """What could stand there instead, the likeliest first, without what hardly could."""
        if not self.applies(row, field):
            return []
        if field in FINE:
            from analyzers.surprising.pooling import pooled

            found = pooled(self.surprisal, row, field, most)
        else:
            alike = self._alike(row, field)
            found = [each for each in self.surprisal.alternatives(row, field, most + 4) if each.value not in alike]
        if field == "gap":
            found = self._apart(row, found)
        return [each for each in found[:most] if each.probability >= LEAST_CHANCE]

    def _alike(self, row: int, field: str) -> Sequence[Value]:
        """What stands there; of what is as good as free (a volume, a speed) the values beside it too."""
        at, reach = int(self.surprisal.values[row, COLUMN[field]]), int(field in FREE)
        return FIELDS[COLUMN[field]].values[max(at - reach, 0) : at + reach + 1]

    def _apart(self, row: int, found: Iterable[Alternative]) -> list[Alternative]:
        """What a note or chord that comes by itself could come after: not at the same time; the other chances in its stead."""
        if str(self.actual(row, "gap")) == TOGETHER:
            return list(found)
        left = max(1 - self.chance_of(row, "gap", TOGETHER), CERTAIN)
        return [replace(each, probability=min(each.probability / left, 1.0)) for each in found if each.value != TOGETHER]

    def likelier(self, row: int, field: str, most: int = MOST_EXPECTED) -> list[Alternative]:
        """Those of `others` that the model held for likelier than what stands there."""
        found = self.others(row, field, most)
        chance = self.chance(row, field)
        if field == "gap" and str(self.actual(row, field)) != TOGETHER:
            chance /= max(1 - self.chance_of(row, field, TOGETHER), CERTAIN)
        return [each for each in found if each.probability > chance]

    def words(self, field: str, value: Value) -> str:
        return words(field, value, self.family)

    def with_article(self, field: str, value: Value, actual: Value | None = None) -> str:
        return with_article(field, value, self.family, actual)

    def stands(self, row: int, field: str) -> str:
        """What stands there, in words."""
        actual = self.actual(row, field)
        return "nothing" if actual is None else self.words(field, actual)

    def expected(self, row: int, field: str) -> tuple[Expected, ...]:
        """The likeliest other values in words, for the finding."""
        return tuple(Expected(self.words(field, each.value), round(each.probability, 4)) for each in self.others(row, field))

    def instead(self, suspect: Suspect, field: str) -> str:
        """`1/2 was expected (71 %), or 1/4 (20 %)`; where no value stands out, that the notes around do not lead to this one."""
        row, chance = suspect.row, suspect.suspicion
        if self.applies(row, field) and self.likelier(row, field, 1):
            actual = self.actual(row, field)
            named = [(self.with_article(field, each.value, actual), each.probability) for each in self.others(row, field)]
            return listed(named, " sure" if field == "volume" else "")
        if chance is not None and chance < LIKELY:
            return f"what stands around it says that it may be a slip ({percent(chance)})"
        sure = "" if chance is None else f" ({percent(chance)})"
        return f"what stands around it makes that look like a slip{sure}"

    def sure(self, suspect: Suspect, field: str) -> float:
        """How surely the other of a field's two values was expected."""
        return max(1 - self.chance(suspect.row, field), suspect.suspicion or 0.0)


class ScoredDifficulty(Scored):
    """One `.osu` difficulty. `drifts` are stretches in which its notes do not keep time with the music."""

    def __init__(
        self,
        context: Context,
        surprisal: Surprisal,
        suspects: Mapping[str, Sequence[Suspect]],
        drifts: Sequence[Drift] = (),
    ) -> None:
        super().__init__(surprisal, FAMILY_OF[context.mode], suspects)
        self.context = context
        self.drifts = drifts

    @property
    def document(self) -> Document:
        return self.context.document

    @property
    def timeline(self) -> Timeline:
        return self.context.timeline

    @property
    def grid(self) -> TimingGrid:
        return self.context.timeline.grid

    @property
    def notes(self) -> Sequence[Note]:
        """The notes in the order of the surprisal's rows."""
        return cast("Sequence[Note]", self.surprisal.notes)

    @cached_property
    def times(self) -> list[float]:
        """ms of the notes, in the order of the surprisal's rows."""
        return [note.time for note in self.notes]

    def beat(self, row: int) -> float:
        """ms."""
        return self.grid.beat_length_at(self.notes[row].time)

    def after(self, row: int, other: int) -> str:
        """How long after the other object the row's object comes, in words."""
        return self.lasting(row, self.times[row] - self.times[other])

    def lasting(self, row: int, ms: float) -> str:
        """How long so many ms are in the row's beats, in words."""
        return counted_beats(ms / self.beat(row), NEAR_MS / self.beat(row))

    def selection(self, *rows: int) -> str:
        return self.context.selection(*(self.notes[row] for row in rows))

    def what(self, row: int) -> str:
        """What a mapper calls the object: circle, slider, spinner, note, long note, don."""
        kind = self.actual(row, "kind")
        return self.notes[row].noun if kind is None else self.words("kind", kind)


class ScoredTrack(Scored):
    """One track of a chart."""

    def __init__(self, chart: Chart, track: Track, surprisal: Surprisal, suspects: Mapping[str, Sequence[Suspect]]) -> None:
        super().__init__(surprisal, Family.DRUMS if track.kind.value == "drums" else Family.FRETS, suspects)
        self.chart = chart
        self.track = track

    @property
    def document(self) -> Document:
        return self.chart.document

    @property
    def notes(self) -> Sequence[ChartNote]:
        """The notes in the order of the surprisal's rows."""
        return cast("Sequence[ChartNote]", self.surprisal.notes)

    @cached_property
    def _groups(self) -> dict[int, NoteGroup]:
        return {group.tick: group for group in self.track.groups}

    def group(self, row: int) -> NoteGroup:
        """The note or chord to which the row belongs."""
        return self._groups[self.notes[row].tick]

    def first_row(self, row: int) -> int:
        """The row of the first note of the row's chord."""
        tick = self.notes[row].tick
        return next(at + 1 for at in range(row - 1, -2, -1) if at < 0 or self.notes[at].tick != tick)

    def words(self, field: str, value: Value) -> str:
        return words(field, value, self.family, five_lane=self.track.drum_type is DrumType.FIVE_LANE)

    def with_article(self, field: str, value: Value, actual: Value | None = None) -> str:
        return with_article(field, value, self.family, actual, five_lane=self.track.drum_type is DrumType.FIVE_LANE)

    def after(self, row: int, other: int) -> str:
        """How long after the other note the row's note comes, in words."""
        ticks = self.notes[row].tick - self.notes[other].tick
        return self.lasting(ticks)

    def lasting(self, ticks: int) -> str:
        """How many beats so many ticks are, in words."""
        return counted_beats(ticks / self.chart.resolution, 0.5 / self.chart.resolution)

    def single(self, row: int) -> str:
        """One note of a chord, with its track: "green fret on Expert Guitar"."""
        return f"{self.stands(row, 'lane')} on {self.track.label}"

    def what(self, row: int) -> str:
        """What a charter calls it, with its track: "note on Expert Guitar"."""
        return f"{'chord' if self.group(row).is_chord else 'note'} on {self.track.label}"


def listed(expected: Sequence[tuple[str, float]], sure: str = "") -> str:
    """`1/2 was expected (71 %), or 1/4 (20 %)`; `sure` tells the percents from those of volumes: `(71 % sure)`."""
    (first, chance), *others = expected
    more = "".join(f", or {value} ({percent(other)}{sure})" for value, other in others)
    return f"{first} was expected ({percent(chance)}{sure}){more}"


def seems(chance: float) -> str:
    """How a mistake of that probability is told."""
    return "seems to be" if chance >= LIKELY else "may be"


def percent(probability: float) -> str:
    """`93 %`; never 0 or 100 of what is not certain."""
    return "< 1 %" if probability < 0.005 else "> 99 %" if probability >= 0.995 else f"{probability * 100:.0f} %"


def remark(
    scored: ScoredDifficulty | ScoredTrack,
    suspect: Suspect,
    template: Template,
    at: Place,
    *,
    expected: tuple[Expected, ...] = (),
    repairs: Iterable[Repair] = (),
    rows: Sequence[int] = (),
    end: float | None = None,
    **values: str | float,
) -> Issue:
    """The issue about a suspect, told at its note; `rows` are the notes that the time stamp selects (default: that one)."""
    told = rows or (suspect.row,)
    note: Played = scored.notes[told[0]]
    return replace(
        template(at, note.time, end, repairs=list(repairs)[:MOST_FIXES]),
        values=values,
        selection=scored.selection(*told) if isinstance(scored, ScoredDifficulty) else "",
        severity=suspect.severity,
        surprisal=Unexpectedness(round(suspect.rarity, 2), expected),
    )


def unsafe(title: str, *changes: Change) -> Repair:
    """A fix that a mapper has to look at, as all of a model's are."""
    return Repair(title, Safety.UNSAFE, changes)
