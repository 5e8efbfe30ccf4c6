"""Guest difficulties: a new difficulty on the timing and kiai of another, steered to a star rating."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Finding, Severity
from analyzers.repairs import format_number, set_entry
from analyzers.rule import Change
from formats.beatmap import Beatmap
from formats.document import Document, LineKind
from formats.osu import Mode
from formats.spans import Edit, sort_edits
from formats.timeline import PLAYFIELD_HEIGHT, PLAYFIELD_WIDTH, Timeline
from generation.green_lines import State
from generation.hitsounds import FEW, SoundPart, SoundRequest, clicks_of, copied_sounds, silent
from generation.levels import Usual, usual
from generation.line_edits import Replacement, line_edits
from generation.objects import section_edits
from generation.pages import BEFORE_BREAK
from generation.parts import Part
from generation.request import CannotWrite
from generation.subjects import tag_edits
from models.bundled.echoes import WIDTH
from models.bundled.fields import FAMILY_OF, SNAPS, Family
from models.bundled.habits import Habits, habits_of
from models.bundled.onsets import Song
from models.bundled.pens import Lines, Page
from models.bundled.rows import rows_of
from models.bundled.sampling import DELAY_STEP, Listener, Progress, Sampler, Wishes
from models.bundled.scenes import COMBO_AT, KIAI_AT, SET_AT, VOLUME_AT, Floats, Scene, lines_at, scene_of_timeline
from models.bundled.ticks import described, ticks_between

EVERYTHING = frozenset(Part)
# How near the star rating must come, and when it is near enough to look no further.
TOLERANCE, NEAR_ENOUGH = 0.25, 0.12
FEWEST_STARS, MOST_STARS = 0.5, 9.0
# Whole difficulties that are written at most, and halvings when one of them is eased or spread.
ATTEMPTS, HALVINGS = 5, 7
# A difficulty whose stars are farther off than this share is written anew at another pace rather than adjusted.
ADJUSTED = 0.45
# Fully eased: notes stand this much nearer to the middle, and this share of them is left out; fully spread: this much farther.
EASED, THINNED, SPREAD = 0.55, 0.35, 3.0
# Notes may stand this much farther from each other than they usually do at most.
FARTHER = 1.3
# A reference at least this much harder gives its rhythm.
HARDER = 1.1
# ms: from one object's end to the next, from one moment with notes to the next and from head to end, at the least.
LEAST_GAP, LEAST_STEP = 30.0, 50.0
# ms: a tick this close to a moment of the reference is that moment.
SAME_MOMENT = 3.0
# The share of sounds with additions that is told of the difficulty, where the reference has none.
USUAL_SHARE = 0.375
# Where nothing stands around, the likeliest rhythm is the same for ever: it is drawn more freely, and held to its pace.
FREE_RHYTHM, FREE_NUCLEUS, PULL = 0.8, 0.9, 1.0
# How much slower or quicker than usual at its level a difficulty may be.
PACES = (0.4, 1.5)
# Rounds in which notes that the rules forbid are taken out.
REPAIRS = 5


@dataclass(frozen=True, slots=True)
class GuestRequest:
    """`mode` None = the reference's; `keys` of mania. `rhythm`: whether notes stand only where the reference is heard; None =
    where the reference is harder."""

    stars: float
    name: str
    mode: Mode | None = None
    keys: int | None = None
    rhythm: bool | None = None
    seed: int = 0
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class Guest:
    """The new difficulty, the stars that it reached, and how many difficulties were written for it."""

    document: Document
    stars: float
    notes: int
    written: int
    followed: bool


Stars = Callable[[Document], float]
Errors = Callable[[Document], Sequence[Finding]]


def guest_difficulty(
    reference: Timeline,
    request: GuestRequest,
    sampler: Sampler,
    stars: Stars,
    findings: Errors,
    features: NDArray[np.uint8] | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Guest:
    """`stars` rates a difficulty, `findings` are the rules' on it. Raises `CannotWrite` with the reason, and `Cancelled`."""
    if not FEWEST_STARS <= request.stars <= MOST_STARS:
        raise CannotWrite(f"{request.stars:g} stars are out of reach: ask for {FEWEST_STARS:g} to {MOST_STARS:g}")
    if not reference.grid.red:
        raise CannotWrite("the reference has no red line, so there is no grid to put notes on: set the timing first")
    if len(reference.notes) < 2:
        raise CannotWrite("the reference has no notes, so it does not say where a difficulty begins and ends")
    rated = stars(reference.beatmap.document)
    follows = rated >= HARDER * request.stars if request.rhythm is None else request.rhythm
    writer = _Writer(reference, request, sampler, features, follows, progress, cancelled)
    best: _Try | None = None
    written = 0
    pace = writer.usual.pace
    for attempt in range(ATTEMPTS):
        written += 1
        rows = writer.rows(pace, attempt)
        one = _Try(rows, stars(writer.document(rows)))
        reached = one.stars
        if abs(reached - request.stars) <= ADJUSTED * request.stars:
            one = _adjusted(writer, one, request.stars, stars)
        if best is None or abs(one.stars - request.stars) < abs(best.stars - request.stars):
            best = one
        if abs(one.stars - request.stars) <= NEAR_ENOUGH:
            break
        if reached < request.stars and request.rhythm is None and attempt:
            # The reference's moments do not suffice.
            writer.follows = False
        off = min(max(request.stars / max(reached, 0.1), 0.5), 2.0)
        slowest, quickest = (bound * writer.usual.pace for bound in PACES)
        pace = min(max(pace * off, slowest), quickest)
        writer.reach *= off
    if best is None or not len(best.rows):
        raise CannotWrite("no notes came out for this difficulty: try another seed")
    document, count = _legal(writer, best.rows, findings)
    lost = request.stars - stars(document)
    if best.raw is not None and abs(lost) > NEAR_ENOUGH:
        # What the rules forbid was worth some stars.
        again = _adjusted(writer, best.raw, request.stars + lost, stars)
        other, fewer = _legal(writer, again.rows, findings)
        if abs(stars(other) - request.stars) < abs(lost):
            document, count = other, fewer
    document = _with_sounds(document, reference, request)
    if progress is not None:
        progress(1.0)
    return Guest(document, stars(document), count, written, writer.follows)


@dataclass(frozen=True, slots=True)
class _Try:
    """Notes with their stars; `raw`: the notes before they were adjusted."""

    rows: Scene
    stars: float
    raw: _Try | None = None


def _adjusted(writer: _Writer, raw: _Try, target: float, stars: Stars) -> _Try:
    """The same notes eased or spread until they have the wanted stars, as far as that goes."""
    best = replace(raw, raw=raw)
    sign = 1.0 if raw.stars > target else -1.0
    if abs(raw.stars - target) <= NEAR_ENOUGH / 2 or (sign < 0 and raw.rows.family not in (Family.OSU, Family.CATCH)):
        return best
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        rows = _eased(raw.rows, sign * middle)
        found = stars(writer.document(rows))
        if abs(found - target) < abs(best.stars - target):
            best = _Try(rows, found, raw)
        if abs(best.stars - target) <= NEAR_ENOUGH / 4:
            break
        if (found > target) == (sign > 0):
            low = middle
        else:
            high = middle
    return best


def _eased(rows: Scene, ease: float) -> Scene:
    """The notes made easier (0 to 1) by smaller distances and fewer notes, or harder (0 to −1) by larger distances."""
    scale = 1 + ease * (EASED - 1) if ease >= 0 else 1 - ease * (SPREAD - 1)
    if rows.family in (Family.OSU, Family.CATCH):
        # What would leave the playfield turns back at its edge; sliders move as a whole.
        x = _folded(256 + (rows.x - 256) * scale, PLAYFIELD_WIDTH)
        y = _folded(192 + (rows.y - 192) * scale, PLAYFIELD_HEIGHT) if rows.family is Family.OSU else rows.y
        rows = replace(rows, x=x, y=y, tail_x=rows.tail_x + x - rows.x, tail_y=rows.tail_y + y - rows.y)
    return _thinned(rows, THINNED * ease) if ease > 0 else rows


def _folded(places: Floats, size: float) -> Floats:
    turned = places - 2 * size * np.floor(places / (2 * size))
    folded: Floats = np.where(turned > size, 2 * size - turned, turned).astype(np.float64)
    return folded.round()


def _thinned(rows: Scene, share: float) -> Scene:
    """Without a share of the notes: those on the finest ticks first."""
    there = described(rows.beats, rows.time, rows.time)
    fineness: Floats = np.array([*SNAPS, 99], np.float64)[there.snap]
    chance: Floats = np.random.default_rng(len(rows)).random(len(rows))
    order = np.argsort(fineness + chance)
    kept: list[int] = sorted(order[: len(rows) - round(share * len(rows))].tolist())
    columns = rows.columns.copy()
    starts = np.flatnonzero(columns[:, COMBO_AT] == 1)
    for at in starts[~np.isin(starts, kept)].tolist():
        # The next note that stays begins the combo.
        following = bisect_left(kept, at)
        if following < len(kept):
            columns[kept[following], COMBO_AT] = 1
    return replace(rows, columns=columns).taken(np.array(kept, np.intp))


class _Writer:
    """Writes whole difficulties on the blank one."""

    def __init__(
        self,
        reference: Timeline,
        request: GuestRequest,
        sampler: Sampler,
        features: NDArray[np.uint8] | None,
        follows: bool,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.reference, self.request, self.sampler, self.follows = reference, request, sampler, follows
        self.progress, self.cancelled = progress, cancelled
        mode = reference.beatmap.mode if request.mode is None else request.mode
        self.usual = usual(mode, request.stars)
        if mode is Mode.MANIA:
            same = reference.beatmap.mode is Mode.MANIA
            keys = request.keys or (reference.beatmap.key_count if same else 4)
            self.usual = replace(self.usual, circle_size=float(keys))
        self.blank = Timeline(Beatmap(blank_difficulty(reference.beatmap, request.name, mode, self.usual)))
        self.scene = scene_of_timeline(self.blank)
        self.listener: Listener | None = None
        if features is not None:
            song = Song.of(features)
            delay = song.delay(np.array(reference.times, float))
            self.listener = Listener(song, round(delay / DELAY_STEP) * DELAY_STEP)
        self.moments = np.unique([time for note in reference.notes for time in note.edge_times])
        self.alike = FAMILY_OF[mode] is FAMILY_OF[reference.beatmap.mode]
        # How much farther than usual notes may stand from each other.
        self.reach = FARTHER

    def rows(self, pace: float, attempt: int) -> Scene:
        """All notes of a difficulty at so many moments a second."""
        page = self._page(pace)
        temperature = Wishes().temperature * self.request.temperature
        seed = self.request.seed * 31 + attempt
        wishes = Wishes(1, seed, temperature, rhythm=FREE_RHYTHM, steady=FREE_NUCLEUS, pull=PULL)
        (written,) = self.sampler.written(page, wishes, self.listener, self._told(attempt), self.cancelled, self._condition(pace))
        return written.notes

    def _told(self, attempt: int) -> Progress | None:
        progress = self.progress
        if progress is None:
            return None
        return lambda share: progress(1 - 0.5**attempt + 0.5 ** (attempt + 1) * share)

    def document(self, rows: Scene) -> Document:
        return self.blank.beatmap.document.edit(section_edits(self.blank, [], rows, [None] * len(rows), EVERYTHING))

    def _page(self, pace: float) -> Page:
        start, end = self.reference.start, self.reference.end
        habits = self._habits()
        divisors = tuple(divisor for divisor in SNAPS if divisor in habits.divisors)
        ticks = ticks_between(self.scene.beats, start - 1e-6, end + 1e-6, divisors)
        free = np.ones(len(ticks), bool)
        offset, preempt = self.blank.grid.offset, self.blank.beatmap.preempt
        for pause in self.blank.beatmap.breaks:
            begin, until = pause.start + offset - BEFORE_BREAK, pause.end + offset + min(preempt, 1200.0)
            free &= (ticks.time < begin) | (ticks.time > until)
        if self.follows:
            near = np.searchsorted(self.moments, ticks.time)
            before = np.abs(ticks.time - self.moments[(near - 1).clip(0)])
            behind = np.abs(self.moments[near.clip(max=len(self.moments) - 1)] - ticks.time)
            free &= np.minimum(before, behind) <= SAME_MOMENT
        if not free.any():
            raise CannotWrite("the reference leaves no ticks that notes could stand on")
        speed, columns = lines_at(self.blank, ticks.time)
        lines = Lines(speed, *(columns[:, at].astype(np.int64).clip(0) for at in (VOLUME_AT, KIAI_AT, SET_AT)))
        nothing = np.zeros(0, bool)
        return Page(self.scene, 0, 0, start, end + 1.0, nothing, ticks, free, lines, habits, pace=pace)

    def _habits(self) -> Habits:
        """Those of the reference as far as it is of the same mode, within what is usual at the level."""
        level = self.usual
        known = scene_of_timeline(self.reference) if self.alike else self.scene
        habits = habits_of(known, rows_of(known, np.zeros((len(known), WIDTH), np.float32)))
        theirs = habits_of(
            scene := scene_of_timeline(self.reference), rows_of(scene, np.zeros((len(scene), WIDTH), np.float32))
        ).divisors
        divisors = {divisor for divisor in (*theirs, 1, 2, 4) if divisor <= level.divisor}
        if level.divisor == 2 and 3 in theirs:
            divisors.add(3)
        beat = float(np.median(self.scene.beats.lengths))
        return replace(
            habits,
            divisors=tuple(sorted(divisors)),
            fastest=level.fastest * self.reach,
            most_together=level.together,
            gap=max(LEAST_GAP, 0.9 * beat / level.divisor),
            step=max(LEAST_STEP, 0.9 * beat / level.divisor),
            shortest=max(LEAST_STEP, 0.9 * beat / level.divisor),
        )

    def _condition(self, pace: float) -> NDArray[np.float32]:
        level, condition = self.usual, self.scene.condition.copy()
        condition[0] = round(float(np.log2(max(pace, 0.1))) / 0.5) * 0.5 / 4
        condition[1:4] = level.circle_size / 10, level.approach_rate / 10, level.overall_difficulty / 10
        condition[5], condition[7] = level.slider_multiplier / 2, USUAL_SHARE
        return condition


def blank_difficulty(reference: Beatmap, name: str, mode: Mode, level: Usual) -> Document:
    """The reference without objects, under another name and with other settings.

    Its green lines keep volume, samples and kiai; those that set nothing but a slider velocity go.
    """
    document = reference.document
    settings = {
        "HPDrainRate": level.hp_drain, "CircleSize": level.circle_size, "OverallDifficulty": level.overall_difficulty,
        "ApproachRate": level.approach_rate, "SliderMultiplier": level.slider_multiplier,
    }  # fmt: skip
    changes: list[Change] = []
    for key, value in settings.items():
        changes += set_entry(document, reference.difficulty, key, format_number(value))
        document, reference = _changed(document, changes)
        changes = []
    for section, key, text in (
        ("general", "Mode", str(int(mode))),
        ("metadata", "Version", name),
        ("metadata", "BeatmapID", "0"),
    ):
        changes += set_entry(document, getattr(reference, section), key, text)
        document, reference = _changed(document, changes)
        changes = []
    removed = [Replacement(line, None) for line in document.lines if _is_object(line.section, line.kind)]
    document = document.edit(line_edits(document, removed))
    document = document.edit(tag_edits(Beatmap(document)))
    return document.edit(_plain_lines(Beatmap(document)))


def _changed(document: Document, changes: Sequence[Change]) -> tuple[Document, Beatmap]:
    edits = [Edit(document.span(change.place), change.text) for change in changes]
    after = document.edit(sort_edits(edits))
    return after, Beatmap(after)


def _is_object(section: str, kind: LineKind) -> bool:
    return section == "HitObjects" and kind in (LineKind.RECORD, LineKind.UNKNOWN)


def _plain_lines(beatmap: Beatmap) -> tuple[Edit, ...]:
    """The edits after which green lines set no velocity; those that then set nothing go."""
    timeline = Timeline(beatmap)
    changes: list[Replacement] = []
    now: State | None = None
    for point in timeline.grid.points:
        state = replace(State.of(point), speed=1.0, ticks=True)
        if point.uninherited:
            now = state
            continue
        heard = None if now is None else replace(now, meter=state.meter)
        if heard == state:
            changes.append(Replacement(point.line, None))
        elif State.of(point) != state:
            changes.append(Replacement(point.line, state.line(point.time)))
        now = state
    return line_edits(beatmap.document, changes)


def _legal(writer: _Writer, rows: Scene, findings: Errors) -> tuple[Document, int]:
    """The difficulty without notes that the rules forbid."""
    document = writer.document(rows)
    for _ in range(REPAIRS):
        errors = [each for each in findings(document) if each.severity is Severity.ERROR and each.time_ms is not None]
        faulty = np.zeros(len(rows), bool)
        for each in errors:
            for moment in (each.time_ms, each.end_ms):
                faulty |= np.abs(rows.time - (moment or 0.0)) <= SAME_MOMENT / 2
        if not faulty.any() or faulty.all():
            break
        rows = rows.taken(np.flatnonzero(~faulty))
        document = writer.document(rows)
    return document, len(rows)


def _with_sounds(document: Document, reference: Timeline, request: GuestRequest) -> Document:
    """Additions and sample sets as the reference has them at the same moments, where it has any."""
    timeline = Timeline(Beatmap(document))
    if Mode.TAIKO in (timeline.beatmap.mode, reference.beatmap.mode) or 1 - silent(clicks_of(reference)) < FEW:
        return document
    wanted = SoundRequest(parts=frozenset((SoundPart.ADDITIONS, SoundPart.SETS)), seed=request.seed)
    try:
        edits, _, _ = copied_sounds(timeline, reference, wanted)
    except CannotWrite:
        return document
    return document.edit(edits)
