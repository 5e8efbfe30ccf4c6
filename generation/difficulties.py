"""Whole difficulties written at a pace and steered to a star rating: what guests and new maps have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Finding, Severity
from formats.document import Document
from formats.osu import Mode
from formats.timeline import PLAYFIELD_HEIGHT, PLAYFIELD_WIDTH, Timeline
from generation.levels import KIND_SHARES, Usual
from generation.objects import section_edits
from generation.parts import Part
from generation.request import CannotWrite
from models.bundled.echoes import WIDTH
from models.bundled.fields import KINDS, SNAPS, Family
from models.bundled.habits import Habits, habits_of, lasting_until
from models.bundled.pens import Lines, Page
from models.bundled.rows import rows_of
from models.bundled.sampling import Cancelled, Listener, Progress, Sampler, Wishes
from models.bundled.scenes import (
    ADDITION_AT,
    COMBO_AT,
    KIAI_AT,
    KIND_AT,
    LANE_AT,
    NONE,
    NOTE,
    SET_AT,
    SOUND_AT,
    SPINNER,
    VOLUME_AT,
    Floats,
    Scene,
    joined,
    lines_at,
    scene_of_timeline,
)
from models.bundled.ticks import Ticks, described, ticks_between

EVERYTHING = frozenset(Part)
# How near the star rating must come, and when it is near enough to look no further.
TOLERANCE, NEAR_ENOUGH = 0.25, 0.12
FEWEST_STARS, MOST_STARS = 0.5, 9.0
# Whole difficulties that are written at most, and halvings when one of them is eased or spread.
ATTEMPTS, HALVINGS = 5, 7
# A difficulty whose stars are farther off than this share is written anew at another pace rather than adjusted.
ADJUSTED = 0.25
# Fully eased: notes stand this much nearer to the middle, and this share of them is left out; fully spread: this much farther.
EASED, THINNED, SPREAD = 0.55, 0.35, 3.0
# In columns: notes that are added at most, as a share of those that stand, and ms that are left free around them.
THICKENED, LANE_GAP = 0.9, 90.0
# Notes may stand this much farther from each other than they usually do at most.
FARTHER = 1.3
# The families whose notes can be eased and spread by their places, and how much quicker others are written than they are to be.
SPREADABLE = (Family.OSU, Family.CATCH)
LIFT = 1.12
# ms: from one object's end to the next, from one moment with notes to the next and from head to end, at the least.
LEAST_GAP, LEAST_STEP = 30.0, 50.0
# ms: a tick this close to a moment is that moment.
SAME_MOMENT = 3.0
# The share of sounds with additions that is told of the difficulty, where nothing is known of it.
USUAL_SHARE = 0.375
# Where nothing stands around, the likeliest rhythm is the same for ever: it is drawn more freely, and held to its pace.
FREE_RHYTHM, FREE_NUCLEUS, PULL = 1.0, 0.92, 1.0
# What other bars of a map that is just being written have counts for less: it would be what it wrote itself, over and over.
RECALL, HEARING = 0.3, 0.5
# How much slower or quicker than usual at its level a difficulty may be.
PACES = (0.4, 1.5)
# Difficulties of fewer stars are spaced evenly, by so much of a slider's speed. They would not be any more if they were eased or
# spread, so they are written again until they are near enough, and after some times until they are not too far off.
EVEN_BELOW, SPACINGS, EVEN_ATTEMPTS = 2.7, (0.6, 1.6), 9
PATIENT, NEAR_AT_LAST = 4, 0.2
# Notes of two bars that are one combo at most, and of one; ms by which a note may be early for its beat.
MOST_OF_PAIR, MOST_OF_BAR, ON_BEAT = 7, 7, 2.0
# Rounds in which notes that the rules forbid are taken out.
REPAIRS = 5

Stars = Callable[[Document], float]
Errors = Callable[[Document], Sequence[Finding]]
Spans = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a difficulty is written on. `blank` is all of it but the objects, `level` what is usual at its stars.

    Notes begin in [start, end] ms, outside of `pauses`; where there are `moments` (rising) only on these. `habits` are those
    of a map that it is to be like, `divisors` the snaps that the song knows beside the common ones. `busy` ((time, share), …)
    is how dense it is from each time on, 1 as its pace says. In `spins` stands nothing but a spinner.
    """

    blank: Timeline
    level: Usual
    start: float
    end: float
    habits: Habits
    divisors: tuple[int, ...]
    pauses: Spans = ()
    moments: Floats | None = None
    busy: Spans = ()
    listener: Listener | None = None
    spins: Spans = ()


@dataclass(frozen=True, slots=True)
class Aim:
    """`stars` to be reached. `loose`: the outline's moments may be left where they do not suffice."""

    stars: float
    seed: int = 0
    temperature: float = 1.0
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Steered:
    """A difficulty, its notes, the stars that they reached, how many were written for it, and whether it kept to the moments."""

    document: Document
    notes: int
    stars: float
    written: int
    followed: bool


def known_habits(scene: Scene) -> Habits:
    return habits_of(scene, rows_of(scene, np.zeros((len(scene), WIDTH), np.float32)))


def check_stars(stars: float) -> None:
    """Raises `CannotWrite` where no difficulty is steered to so many."""
    if not FEWEST_STARS <= stars <= MOST_STARS:
        raise CannotWrite(f"{stars:g} stars are out of reach: ask for {FEWEST_STARS:g} to {MOST_STARS:g}")


def steered(
    outline: Outline,
    aim: Aim,
    sampler: Sampler,
    stars: Stars,
    findings: Errors,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Steered:
    """`stars` rates a difficulty, `findings` are the rules' on it. Raises `CannotWrite` with the reason, and `Cancelled`."""
    check_stars(aim.stars)
    target, writer = aim.stars, _Writer(outline, aim, sampler, progress, cancelled)
    best: _Try | None = None
    written = 0
    # Where notes cannot be moved apart they can only be thinned out, so more are written than it takes.
    lift = 1.0 if writer.scene.family in SPREADABLE else LIFT
    pace = outline.level.pace * lift
    for attempt in range(EVEN_ATTEMPTS if writer.even else ATTEMPTS):
        written += 1
        rows = writer.rows(pace, attempt)
        one = _Try(rows, stars(writer.document(rows)))
        reached = one.stars
        if not writer.even and abs(reached - target) <= ADJUSTED * target:
            one = _adjusted(writer, one, target, stars)
        if best is None or abs(one.stars - target) < abs(best.stars - target):
            best = one
        if abs(best.stars - target) <= (NEAR_ENOUGH if attempt < PATIENT else NEAR_AT_LAST):
            break
        if reached < target and aim.loose and attempt:
            writer.moments = None
        off = min(max(lift * target / max(reached, 0.1), 0.5), 2.0)
        slowest, quickest = (bound * outline.level.pace for bound in PACES)
        pace = min(max(pace * (off**0.5 if writer.even else off), slowest), quickest)
        writer.reach *= off
    if best is not None and best.raw is None and abs(best.stars - target) > NEAR_AT_LAST:
        best = _adjusted(writer, best, target, stars)
    if best is None or not len(best.rows):
        raise CannotWrite("no notes came out for this difficulty: try another seed")
    document, count = _legal(writer, best.rows, findings)
    lost = target - stars(document)
    if best.raw is not None and abs(lost) > NEAR_ENOUGH:
        # What the rules forbid was worth some stars.
        again = _adjusted(writer, best.raw, target + lost, stars)
        other, fewer = _legal(writer, again.rows, findings)
        if abs(stars(other) - target) < abs(lost):
            document, count = other, fewer
    if progress is not None:
        progress(1.0)
    return Steered(document, count, stars(document), written, writer.moments is not None)


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
    if abs(raw.stars - target) <= NEAR_ENOUGH / 2 or (sign < 0 and raw.rows.family is Family.TAIKO):
        return best
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        rows = _eased(raw.rows, sign * middle, writer.outline.level.together)
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


def _eased(rows: Scene, ease: float, together: int) -> Scene:
    """The notes made easier (0 to 1) by smaller distances and fewer notes, or harder (0 to −1) by larger distances; in columns by
    chords of one note more than `together`."""
    if rows.family is Family.MANIA and ease < 0:
        return thickened(rows, -THICKENED * ease, together + 1)
    scale = 1 + ease * (EASED - 1) if ease >= 0 else 1 - ease * (SPREAD - 1)
    if rows.family in SPREADABLE:
        # What would leave the playfield turns back at its edge; sliders move as a whole.
        x = _folded(256 + (rows.x - 256) * scale, PLAYFIELD_WIDTH)
        y = _folded(192 + (rows.y - 192) * scale, PLAYFIELD_HEIGHT) if rows.family is Family.OSU else rows.y
        rows = replace(rows, x=x, y=y, tail_x=rows.tail_x + x - rows.x, tail_y=rows.tail_y + y - rows.y)
    return with_combos(_thinned(rows, THINNED * ease)) if ease > 0 else rows


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
    return rows.taken(np.array(kept, np.intp))


def thickened(rows: Scene, share: float, together: int) -> Scene:
    """So many notes more, as a share of those that stand, in free columns beside others: on the coarsest ticks first."""
    there = described(rows.beats, rows.time, rows.time)
    dice = np.random.default_rng(len(rows))
    fineness: Floats = np.array([*SNAPS, 99], np.float64)[there.snap] + dice.random(len(rows))
    lanes, ends = rows.columns[:, LANE_AT], lasting_until(rows)
    busy = [list(zip(rows.time[lanes == lane].tolist(), ends[lanes == lane].tolist(), strict=True)) for lane in range(rows.keys)]
    chords = {time: int(count) for time, count in zip(*np.unique(rows.time, return_counts=True), strict=True)}
    added: list[tuple[int, int]] = []
    for at in np.argsort(fineness).tolist():
        time = float(rows.time[at])
        if len(added) >= round(share * len(rows)):
            break
        free = [
            lane for lane in range(rows.keys) if not any(begin - LANE_GAP < time < end + LANE_GAP for begin, end in busy[lane])
        ]
        if not free or chords[time] >= min(together, rows.keys - 1):
            continue
        lane = int(dice.choice(free))
        busy[lane].append((time, time))
        chords[time] += 1
        added.append((at, lane))
    more = rows.taken(np.array([at for at, _ in added], np.intp))
    columns = more.columns.copy()
    columns[:, KIND_AT], columns[:, LANE_AT], columns[:, SOUND_AT] = NOTE, [lane for _, lane in added], 0
    both = joined((rows, replace(more, end=more.time, columns=columns)))
    return both.taken(np.lexsort((both.columns[:, LANE_AT], both.time)))


def with_combos(rows: Scene) -> Scene:
    """New combos where mappers put them: at bars, at each second one where notes are few, at half ones where they are many."""
    if rows.family not in SPREADABLE or not len(rows):
        return rows
    beats, stretch = rows.beats.at(rows.time + ON_BEAT)
    halves = np.floor(2 * (beats - rows.beats.origins[stretch]) / rows.beats.meters[stretch]).astype(np.int64)
    halves += stretch * (1 << 32)
    pair, pairs = np.unique(halves >> 2, return_inverse=True)
    in_pair = np.bincount(pairs, minlength=len(pair))[pairs]
    bar, bars = np.unique(halves >> 1, return_inverse=True)
    in_bar = np.bincount(bars, minlength=len(bar))[bars]
    group = np.where(in_bar > MOST_OF_BAR, halves, np.where(in_pair > MOST_OF_PAIR, halves >> 1 << 1, halves >> 2 << 2))
    starts = np.append(True, np.diff(group) != 0)
    spinners = rows.columns[:, KIND_AT] == SPINNER
    starts |= spinners | np.append(False, spinners[:-1])
    columns = rows.columns.copy()
    columns[:, COMBO_AT] = starts
    return replace(rows, columns=columns)


def with_spinners(rows: Scene, spins: Spans) -> Scene:
    """With a spinner in each of these spans (ms), without what lasts into them."""
    for begin, until in spins if len(rows) else ():
        rows = rows.taken(np.flatnonzero((lasting_until(rows) < begin - LEAST_GAP) | (rows.time > until)))
        if not len(rows):
            return rows
        one = rows.taken(slice(0, 1))
        columns = np.full_like(one.columns, NONE)
        columns[:, KIND_AT], columns[:, SOUND_AT] = SPINNER, 0
        for at in (VOLUME_AT, KIAI_AT, SET_AT, ADDITION_AT):
            columns[:, at] = one.columns[:, at]
        middle = np.array([PLAYFIELD_WIDTH / 2]), np.array([PLAYFIELD_HEIGHT / 2])
        spinner = replace(
            one, time=np.array([begin]), end=np.array([until]), columns=columns,
            x=middle[0], y=middle[1], tail_x=middle[0], tail_y=middle[1],
        )  # fmt: skip
        rows = joined((rows, spinner))
        rows = rows.taken(np.argsort(rows.time, kind="stable"))
    return rows


class _Writer:
    """Writes whole difficulties on the blank one."""

    def __init__(
        self,
        outline: Outline,
        aim: Aim,
        sampler: Sampler,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.outline, self.aim, self.sampler = outline, aim, sampler
        self.progress, self.cancelled = progress, cancelled
        self.blank = outline.blank
        self.scene = scene_of_timeline(outline.blank)
        self.moments = outline.moments
        self.even = self.scene.family is Family.OSU and aim.stars < EVEN_BELOW
        # How much farther than usual notes may stand from each other.
        self.reach = FARTHER

    def rows(self, pace: float, attempt: int) -> Scene:
        """All notes of a difficulty at so many moments a second."""
        page = self._page(pace)
        wishes = free_wishes(self.aim.seed * 31 + attempt, self.aim.temperature)
        listener, condition = self.outline.listener, self._condition(pace)
        (written,) = self.sampler.written(page, wishes, listener, self._told(attempt), self.cancelled, condition)
        return with_combos(with_spinners(written.notes, self.outline.spins))

    def _told(self, attempt: int) -> Progress | None:
        progress = self.progress
        if progress is None:
            return None
        return lambda share: progress(1 - 0.5**attempt + 0.5 ** (attempt + 1) * share)

    def document(self, rows: Scene) -> Document:
        # Each is rated next, which takes as long as may be waited for.
        if self.cancelled is not None and self.cancelled():
            raise Cancelled
        return self.blank.beatmap.document.edit(section_edits(self.blank, [], rows, [None] * len(rows), EVERYTHING))

    def _page(self, pace: float) -> Page:
        start, end = self.outline.start, self.outline.end
        habits = self._habits()
        divisors = tuple(divisor for divisor in SNAPS if divisor in habits.divisors)
        ticks = ticks_between(self.scene.beats, start - 1e-6, end + 1e-6, divisors)
        free = free_ticks(ticks, self.outline.pauses, self.moments)
        if not free.any():
            raise CannotWrite("there is no tick that a note could stand on")
        speed, columns = lines_at(self.blank, ticks.time)
        lines = Lines(speed, *(columns[:, at].astype(np.int64).clip(0) for at in (VOLUME_AT, KIAI_AT, SET_AT)))
        nothing = np.zeros(0, bool)
        course = course_of(ticks, pace, self.outline.pauses, self.outline.busy)
        return Page(
            self.scene, 0, 0, start, end + 1.0, nothing, ticks, free, lines, habits, pace=pace, course=course, tidy=True,
            spacing=self._slid() * float(np.clip(self.reach / FARTHER, *SPACINGS)) if self.even else None,
            shares=shares_of(self.blank.beatmap.mode, self.scene.keys),
        )  # fmt: skip

    def _slid(self) -> float:
        """osu!pixels per ms of a slider, as distances are measured in the editor."""
        beat = float(np.median(self.scene.beats.lengths))
        return 100 * self.outline.level.slider_multiplier / beat

    def _habits(self) -> Habits:
        """Those of the outline within what is usual at the level."""
        level = self.outline.level
        divisors = {divisor for divisor in (*self.outline.divisors, 1, 2, 4) if divisor <= level.divisor}
        if level.divisor == 2 and 3 in self.outline.divisors:
            divisors.add(3)
        beat = float(np.median(self.scene.beats.lengths))
        return replace(
            self.outline.habits,
            divisors=tuple(sorted(divisors)),
            fastest=level.fastest * self.reach,
            most_together=level.together,
            gap=max(LEAST_GAP, 0.9 * beat / level.divisor),
            step=max(LEAST_STEP, 0.9 * beat / level.divisor),
            shortest=max(LEAST_STEP, 0.9 * beat / level.divisor),
        )

    def _condition(self, pace: float) -> NDArray[np.float32]:
        level, condition = self.outline.level, self.scene.condition.copy()
        condition[0] = density_told(pace)
        condition[1:4] = level.circle_size / 10, level.approach_rate / 10, level.overall_difficulty / 10
        condition[5], condition[7] = level.slider_multiplier / 2, USUAL_SHARE
        return condition


def shares_of(mode: Mode, keys: int) -> dict[str, Floats]:
    """As in `Page.shares`: kinds of notes, and in mania every column alike."""
    found: dict[str, Floats] = {}
    if usual_kinds := KIND_SHARES.get(mode):
        found["kind"] = np.array([usual_kinds.get(kind, 0.0) for kind in KINDS])
    if keys:
        found["lane"] = np.full(keys, 1 / keys)
    return found


def free_wishes(seed: int, temperature: float) -> Wishes:
    """How notes are drawn where none stand around."""
    drawn = Wishes().temperature * temperature
    return Wishes(1, seed, drawn, FREE_RHYTHM, steady=FREE_NUCLEUS, pull=PULL, recall=RECALL, hearing=HEARING)


def density_told(pace: float) -> float:
    """What the network is told of so many moments a second."""
    return round(float(np.log2(max(pace, 0.1))) / 0.5) * 0.5 / 4


def free_ticks(ticks: Ticks, pauses: Spans, moments: Floats | None) -> NDArray[np.bool_]:
    """(T,) those outside of `pauses` and, where there are any, on `moments`."""
    free = np.ones(len(ticks), bool)
    for begin, until in pauses:
        free &= (ticks.time < begin) | (ticks.time > until)
    if moments is not None and len(moments):
        near = np.searchsorted(moments, ticks.time)
        before = np.abs(ticks.time - moments[(near - 1).clip(0)])
        behind = np.abs(moments[near.clip(max=len(moments) - 1)] - ticks.time)
        free &= np.minimum(before, behind) <= SAME_MOMENT
    return free


def course_of(ticks: Ticks, pace: float, pauses: Spans, busy: Spans = ()) -> Floats:
    """(T,) moments with notes that are wanted until each tick, at `pace` a second, none of them in `pauses`."""
    steps = np.diff(ticks.time, prepend=ticks.time[:1]) / 1000
    for begin, until in pauses:
        steps[(ticks.time > begin) & (ticks.time <= until)] = 0
    if busy:
        times, shares = (np.array(each, float) for each in zip(*busy, strict=True))
        share = shares[(np.searchsorted(times, ticks.time + 1e-6, side="right") - 1).clip(0)]
        steps = steps * share * steps.sum() / max(float((steps * share).sum()), 1e-9)
    course: Floats = pace * np.cumsum(steps)
    return course


def _legal(writer: _Writer, rows: Scene, findings: Errors) -> tuple[Document, int]:
    """The difficulty without notes that the rules forbid."""
    document = writer.document(rows)
    for _ in range(REPAIRS):
        faulty = forbidden(rows, findings(document))
        if not faulty.any() or faulty.all():
            break
        rows = with_combos(rows.taken(np.flatnonzero(~faulty)))
        document = writer.document(rows)
    return document, len(rows)


def forbidden(rows: Scene, findings: Sequence[Finding]) -> NDArray[np.bool_]:
    """(N,) the notes of which a finding of severity error is told: that begin where it is, else that last until or beyond it."""
    faulty = np.zeros(len(rows), bool)
    ends = lasting_until(rows)
    for each in findings:
        if each.severity is not Severity.ERROR or each.time_ms is None:
            continue
        found = np.zeros(len(rows), bool)
        for moment in (each.time_ms, each.end_ms):
            if moment is not None:
                found |= np.abs(rows.time - moment) <= SAME_MOMENT / 2
        if not found.any():
            found = (rows.time < each.time_ms) & (ends >= each.time_ms - SAME_MOMENT)
        faulty |= found
    return faulty
