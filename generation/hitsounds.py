"""Hit sounds of a map written anew by the model, or copied from another difficulty: rhythm and places are never touched.

A click is a moment at which a note is heard: a circle, the head of a hold, each edge of a slider. Sliders are laid out as clicks
because their heads and reverses sound like circles do, and the network was told of a slider's body and tail only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from formats.osu import Mode
from formats.spans import Edit, sort_edits
from formats.timeline import Note, Timeline
from formats.timestamps import format_time
from generation.additions import ENOUGH, FEW, RARE, TICKS_PER_BEAT, Places, Sought, chosen_additions
from generation.drafts import ADDITIONS, Draft
from generation.green_lines import Lines, Want
from generation.line_edits import Replacement, line_edits
from generation.request import CannotWrite
from models.bundled.fields import COLUMN, SIZES, VOLUMES, Family
from models.bundled.onsets import Heard, Song
from models.bundled.rows import Rows, rows_of
from models.bundled.scenes import (
    ADDITION_AT,
    CIRCLE,
    COMBO_AT,
    KIND_AT,
    NONE,
    RAW,
    SET_AT,
    SOUND_AT,
    SPINNER,
    VOLUME_AT,
    Pause,
    Scene,
    lines_at,
    ordered_notes,
    scene_of_timeline,
)
from models.bundled.scoring import Scorer
from models.bundled.windows import stretches

# ms between two clicks that are the same moment of two difficulties.
SAME_MOMENT = 5.0
# Where `Scene.condition` has the share of notes with an addition, and what it is in most maps.
SHARE_AT = 7
USUAL_SHARE = 0.375
# How much of it is chance, in nats.
NOISE = 0.25
# Clicks that share their sample sets.
STRETCH = 64
# Volumes change by at least so much, at most once a bar.
LEAST_CHANGE = 10
# A song's delay is told in steps of so many ms.
DELAY_STEP = 2.0


class SoundPart(StrEnum):
    """additions: whistles, finishes and claps. sets: normal, soft or drum. volumes: those of the timing lines."""

    ADDITIONS = "additions"
    SETS = "sets"
    VOLUMES = "volumes"


# How often the model is asked for each.
_QUESTIONS = {SoundPart.ADDITIONS: 1, SoundPart.SETS: 2, SoundPart.VOLUMES: 1}


@dataclass(frozen=True, slots=True)
class SoundRequest:
    """[start, end) in ms as played. `add`: only clicks without an addition get one. `share`: of clicks that get an addition.
    With more `temperature` more of it is chance."""

    start: float = -np.inf
    end: float = np.inf
    parts: frozenset[SoundPart] = frozenset((SoundPart.ADDITIONS,))
    add: bool = False
    share: float | None = None
    seed: int = 0
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class Click:
    """A moment of a note: `edge` of a slider from 0, the head; −1 for other notes. `normal`, `addition` as heard, 1–3."""

    note: Note
    edge: int
    time: float
    x: float
    y: float
    sound: int
    normal: int
    addition: int
    volume: int


@dataclass(frozen=True, slots=True)
class Sounding:
    """What a click is to sound like; None where it stays as it is. `sound` the bits of additions, sets 1–3."""

    sound: int | None = None
    normal: int | None = None
    addition: int | None = None
    volume: int | None = None


def clicks_of(timeline: Timeline) -> list[Click]:
    """All clicks in time order; a spinner is heard at its end."""
    lines = Lines(timeline.beatmap, timeline.grid)
    found: list[Click] = []
    for note in ordered_notes(timeline):
        edges = note.edges if note.is_slider else note.edges[-1:] if note.is_spinner else note.edges[:1]
        for number, edge in enumerate(edges):
            state = lines.sound_at(edge.time)
            normal = edge.normal_set if 1 <= edge.normal_set <= 3 else lines.set_at(edge.time)
            addition = edge.addition_set if 1 <= edge.addition_set <= 3 else normal
            volume = state.volume if state is not None else 100
            at = number if note.is_slider else -1
            found.append(Click(note, at, edge.time, edge.x, edge.y, int(edge.sound) & ADDITIONS, normal, addition, volume))
    found.sort(key=lambda click: click.time)
    return found


def scene_of_clicks(timeline: Timeline, clicks: Sequence[Click]) -> Scene:
    """The map as if every click were a note of its own."""
    like = scene_of_timeline(timeline)
    numbers = {id(note): at for at, note in enumerate(ordered_notes(timeline))}
    heads = np.array([numbers[id(click.note)] for click in clicks], np.intp)
    time = np.array([click.time for click in clicks], float)
    speed, of_lines = lines_at(timeline, time)
    columns = np.full((len(clicks), len(RAW)), NONE, np.int16)
    if like.family is Family.MANIA:
        columns[:] = like.columns[heads]
    else:
        spinner = like.columns[heads, KIND_AT] == SPINNER
        columns[:, KIND_AT] = np.where(spinner, SPINNER, CIRCLE)
        first = np.array([click.edge <= 0 for click in clicks], bool)
        columns[:, COMBO_AT] = np.where(first, like.columns[heads, COMBO_AT], 0)
    columns[:, VOLUME_AT:] = of_lines[:, VOLUME_AT:]
    columns[:, SOUND_AT] = [click.sound >> 1 for click in clicks]
    columns[:, SET_AT] = [click.normal - 1 for click in clicks]
    columns[:, ADDITION_AT] = [click.addition - 1 if click.sound else NONE for click in clicks]
    x, y = np.array([click.x for click in clicks], float), np.array([click.y for click in clicks], float)
    end = like.end[heads] if like.family is Family.MANIA else time.copy()
    condition = like.condition.copy()
    condition[SHARE_AT] = round(float((columns[:, SOUND_AT] > 0).mean()) * 8) / 8 if len(clicks) else 0.0
    return replace(
        like, time=time, end=np.maximum(end, time), x=x, y=y, tail_x=x.copy(), tail_y=y.copy(), speed=speed, columns=columns,
        condition=condition,
    )  # fmt: skip


def check_hit_sounds(timeline: Timeline) -> None:
    """Raises `CannotWrite` where a map has no hit sounds that could be written."""
    if timeline.beatmap.mode is Mode.TAIKO:
        raise CannotWrite(
            "the hit sounds of osu!taiko are its don and kat: rewrite a section and let nothing but these change",
            " (maimod regenerate --only positions)",
        )
    if not timeline.notes:
        raise CannotWrite("the map has no objects to put hit sounds on")


def rewritten_sounds(
    timeline: Timeline,
    request: SoundRequest,
    scorer: Scorer,
    features: NDArray[np.uint8] | None = None,
    progress: Callable[[float], None] | None = None,
    pause: Pause | None = None,
) -> tuple[Edit, ...]:
    """The edits after which the clicks of the section sound as the model expects, given rhythm, places and the song.

    As many clicks get each addition as around (or as in most maps, where there is none): those where the model holds it for
    likeliest and other bars have it, so that a pattern comes back. `pause` is called now and then; what it raises ends the
    writing. Raises `CannotWrite`.
    """
    rest = pause or (lambda: None)
    check_hit_sounds(timeline)
    clicks = clicks_of(timeline)
    rest()
    scene = scene_of_clicks(timeline, clicks)
    rest()
    asked = np.array([request.start <= click.time < request.end and _may_change(click) for click in clicks], bool)
    if request.add:
        asked &= scene.columns[:, SOUND_AT] == 0
    if not asked.any():
        raise CannotWrite(_nothing_there(request))
    sounds = (scene.columns[:, SOUND_AT] << 1).astype(np.int64)
    known = ~asked
    if request.add:
        # Silent clicks elsewhere say where none belong; where all of the map is asked they have to say it themselves.
        known &= np.array([not request.start <= click.time < request.end for click in clicks], bool)
        known |= known.sum() < ENOUGH
    sought = Sought(asked, known, request.share, NOISE * request.temperature)
    rows = replace(rows_of(scene), condition=_condition(scene, request.share))
    rest()
    heard = None
    if features is not None:
        song = Song.of(features)
        heard = song.heard(scene.time, scene.beat_lengths, round(song.delay(scene.time) / DELAY_STEP) * DELAY_STEP)
    asking = _Asking(scorer, rows, heard, asked, _Course(sum(_QUESTIONS[part] for part in request.parts), progress, rest))
    if SoundPart.ADDITIONS in request.parts:
        chances = asking.chances(sounds, ("hitsound", "addition_set"), "hitsound")
        sounds = chosen_additions(chances, sounds, _places(timeline, clicks, scene), sought, np.random.default_rng(request.seed))
        if scene.family is Family.MANIA:
            sounds = _once_a_chord(scene.time, sounds, asked)
    sets: dict[int, tuple[int, int]] = {}
    if SoundPart.SETS in request.parts:
        sets = asking.sets(sounds, scene)
    usual = _usual_sets(scene)
    volumes: dict[int, int] = {}
    if SoundPart.VOLUMES in request.parts:
        # A timing line is for all that sounds under it.
        within = [at for at, click in enumerate(clicks) if request.start <= click.time < request.end]
        volumes = asking.volumes(sounds, timeline, scene, within)
    asking.course.tell()
    wanted = {at: Sounding(volume=volume) for at, volume in volumes.items()}
    for at in np.flatnonzero(asked).tolist():
        normal, addition = sets.get(at, (None, None if sounds[at] == clicks[at].sound else usual.get(int(sounds[at]))))
        sound = int(sounds[at]) if SoundPart.ADDITIONS in request.parts else None
        wanted[at] = Sounding(sound, normal, addition if sounds[at] else None, volumes.get(at))
    return sound_edits(timeline, clicks, wanted)


def _once_a_chord(times: NDArray[np.float64], sounds: NDArray[np.int64], asked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Each addition by one note of a chord: two of the same are only louder. The notes that are not asked go first."""
    found = sounds.copy()
    for chord in np.split(np.arange(len(times)), np.flatnonzero(np.diff(times)) + 1):
        heard = 0
        for at in sorted(chord.tolist(), key=lambda at: bool(asked[at])):
            if asked[at]:
                found[at] &= ~heard
            heard |= int(found[at])
    return found


def _condition(scene: Scene, share: float | None) -> NDArray[np.float32]:
    """What is said of the whole map, where so many sounds are to have an addition."""
    condition = scene.condition.copy()
    if share is None:
        known = float((scene.columns[:, SOUND_AT] > 0).mean())
        share = known if known >= FEW else USUAL_SHARE
    condition[SHARE_AT] = round(min(share, 1.0) * 8) / 8
    return condition


def _usual_sets(scene: Scene) -> dict[int, int]:
    """The sample set (1–3) with which the map plays each combination of additions most often."""
    usual: dict[int, int] = {}
    for sound in np.unique(scene.columns[:, SOUND_AT]).tolist():
        sets = scene.columns[scene.columns[:, SOUND_AT] == sound, ADDITION_AT]
        if sound > 0:
            usual[sound << 1] = int(np.bincount(sets.clip(0), minlength=3).argmax()) + 1
    return usual


def _places(timeline: Timeline, clicks: Sequence[Click], scene: Scene) -> Places:
    grid = timeline.grid
    lasting = [max(red.meter, 1) * grid.beat_length_at(time) for red, time in zip(grid.red, grid.red_times, strict=True)]
    # Bars before each red line; one that is cut short counts as one.
    before = [
        0,
        *accumulate(
            ceil((end - start) / bar - 1e-3) for (start, end), bar in zip(pairwise(grid.red_times), lasting[:-1], strict=True)
        ),
    ]
    inside, ticks, bars = list[int](), list[int](), list[int]()
    for click in clicks:
        at = max(grid.red_index(click.time), 0)
        bar = (max(grid.red[at].meter, 1) if grid.red else 4) * TICKS_PER_BEAT
        tick = round(grid.beat_at(click.time) * TICKS_PER_BEAT)
        inside.append(tick % bar)
        ticks.append(bar)
        bars.append(before[at] + tick // bar)
    combo = scene.columns[:, COMBO_AT] > 0
    tail = np.array([click.edge > 0 for click in clicks], bool)
    return Places(np.array(inside, np.int64), np.array(ticks, np.int64), np.array(bars, np.int64), combo, tail)


@dataclass(slots=True)
class _Course:
    """How many questions the model has answered, and how much of the next one."""

    questions: int
    progress: Callable[[float], None] | None
    rest: Pause
    answered: int = 0

    def tell(self, share: float = 0.0) -> None:
        """So much of the question; whoever hears it may stop the work."""
        self.rest()
        if self.progress is not None:
            self.progress((self.answered + share) / max(self.questions, 1))

    def windows(self, count: int) -> Pause:
        """What is to be called ahead of each window of a question that has so many."""
        begun = iter(range(count))
        return lambda: self.tell(next(begun) / count)


@dataclass(slots=True)
class _Asking:
    """What the model says of clicks (N,) of which those `asked` are to be written."""

    scorer: Scorer
    rows: Rows
    heard: Heard | None
    asked: NDArray[np.bool_]
    course: _Course

    def chances(self, sounds: NDArray[np.int64], hidden: Iterable[str], name: str) -> NDArray[np.float64]:
        """(N, size of the field) of the field; `hidden` are the fields that nobody knows of the asked clicks."""
        values = self.rows.values.copy()
        values[:, COLUMN["hitsound"]] = (sounds >> 1) + 1
        for each in hidden:
            values[self.asked, COLUMN[each]] = 0
        rows = replace(self.rows, values=values)
        chances, _, _ = self.scorer.answers(rows, self.heard, self.course.windows(len(stretches(rows))))
        self.course.answered += 1
        first = sum(SIZES[: COLUMN[name]])
        found: NDArray[np.float64] = chances[:, first : first + SIZES[COLUMN[name]]].astype(np.float64).clip(1e-4, 1)
        return found

    def sets(self, sounds: NDArray[np.int64], scene: Scene) -> dict[int, tuple[int, int]]:
        """(normal, addition) sets 1–3 of the asked clicks: one for a stretch of clicks, of those that the map uses."""
        normal_used = np.bincount(scene.columns[:, SET_AT].clip(0), minlength=3) > RARE * len(scene)
        sounding = scene.columns[:, SOUND_AT] > 0
        addition_used = np.bincount(scene.columns[sounding, ADDITION_AT].clip(0), minlength=3) > RARE * max(sounding.sum(), 1)
        if not addition_used.any():
            addition_used = normal_used
        of_normal = np.log(self.chances(sounds, ("sample_set", "addition_set"), "sample_set"))
        of_addition = np.log(self.chances(sounds, ("addition_set",), "addition_set"))
        found: dict[int, tuple[int, int]] = {}
        numbers = np.flatnonzero(self.asked)
        for stretch in np.array_split(numbers, max(len(numbers) // STRETCH, 1)):
            normal = int(np.where(normal_used, of_normal[stretch].mean(axis=0), -np.inf).argmax()) + 1
            for sound in np.unique(sounds[stretch]).tolist():
                alike = stretch[sounds[stretch] == sound]
                addition = int(np.where(addition_used, of_addition[alike].mean(axis=0), -np.inf).argmax()) + 1
                found.update(dict.fromkeys(alike.tolist(), (normal, addition)))
        return found

    def volumes(self, sounds: NDArray[np.int64], timeline: Timeline, scene: Scene, within: Iterable[int]) -> dict[int, int]:
        """The volume of the clicks `within` a stretch: that of their bar, which changes only where it is another by far."""
        expected = self.chances(sounds, ("volume",), "volume") @ np.array(VOLUMES, float)
        bars: dict[int, list[int]] = {}
        for at in within:
            bars.setdefault(_bar(timeline, float(scene.time[at])), []).append(at)
        found: dict[int, int] = {}
        now: int | None = None
        for _, here in sorted(bars.items()):
            wanted = 5 * round(float(expected[here].mean()) / 5)
            if now is None or abs(wanted - now) >= LEAST_CHANGE:
                now = max(wanted, 5)
            found.update(dict.fromkeys(here, now))
        return found


def _may_change(click: Click) -> bool:
    """Notes that play a file of their own are part of the song."""
    return not click.note.object.sample.filename and not (click.note.is_slider and click.note.object.length is None)


def _nothing_there(request: SoundRequest) -> str:
    if request.end <= request.start:
        return f"the section ends at {format_time(request.end)}, which is not after its start at {format_time(request.start)}"
    what = "no objects without an addition" if request.add else "no objects whose hit sounds could be rewritten"
    if np.isinf(request.start) and np.isinf(request.end):
        return f"the map has {what}"
    start = "the start" if np.isinf(request.start) else format_time(request.start)
    return f"there are {what} from {start} to {'the end' if np.isinf(request.end) else format_time(request.end)}"


def _bar(timeline: Timeline, time: float) -> int:
    grid = timeline.grid
    red = grid.red_at(time)
    meter = red.meter if red is not None else 4
    return grid.red_index(time) << 20 | max(int(grid.beat_at(time + 1) // max(meter, 1)), 0)


def copied_sounds(timeline: Timeline, other: Timeline, request: SoundRequest) -> tuple[tuple[Edit, ...], int, int]:
    """The edits after which clicks sound like those of another difficulty within `SAME_MOMENT`; (edits, found, clicks).

    What has no such click stays as it is. Of notes that are struck together in a column map the first takes the additions.
    Raises `CannotWrite`.
    """
    check_hit_sounds(timeline)
    if other.beatmap.mode is Mode.TAIKO:
        raise CannotWrite("hit sounds cannot be copied from osu!taiko: don and kat mean something else there")
    theirs = clicks_of(other)
    times = [click.time for click in theirs]
    wanted: dict[int, Sounding] = {}
    clicks = clicks_of(timeline)
    asked, taken = 0, -np.inf
    for number, click in enumerate(clicks):
        if not request.start <= click.time < request.end or not _may_change(click):
            continue
        asked += 1
        there = _nearest(theirs, times, click.time)
        if not there:
            continue
        sound = 0
        for each in there:
            sound |= each.sound
        again = timeline.beatmap.mode is Mode.MANIA and click.time == taken
        taken = click.time
        heard = next((each for each in there if each.sound), there[0])
        if request.add and click.sound:
            continue
        sets = SoundPart.SETS in request.parts
        wanted[number] = Sounding(
            (0 if again else sound) if SoundPart.ADDITIONS in request.parts else None,
            there[0].normal if sets else None,
            heard.addition if sets and heard.sound and not again else None,
            there[0].volume if SoundPart.VOLUMES in request.parts else None,
        )
    if not asked:
        raise CannotWrite(_nothing_there(request))
    if not wanted and not request.add:
        raise CannotWrite("no object of the other difficulty is heard within 5 ms of one of this map: are they of the same song?")
    return sound_edits(timeline, clicks, wanted), len(wanted), asked


def _nearest(clicks: Sequence[Click], times: Sequence[float], time: float) -> list[Click]:
    """The clicks of the moment nearest to the time."""
    first = bisect_left(times, time - SAME_MOMENT)
    stop = bisect_left(times, time + SAME_MOMENT + 1e-9)
    if first == stop:
        return []
    nearest = min(clicks[first:stop], key=lambda click: abs(click.time - time)).time
    return [click for click in clicks[first:stop] if abs(click.time - nearest) < 0.5]


def sound_edits(timeline: Timeline, clicks: Sequence[Click], wanted: dict[int, Sounding]) -> tuple[Edit, ...]:
    """The edits after which the clicks sound as wanted: of an object's line only what is heard of it changes."""
    lines = Lines(timeline.beatmap, timeline.grid)
    if any(each.volume is not None for each in wanted.values()):
        _give_volumes(lines, clicks, wanted)
    drafts: dict[int, tuple[Note, Draft]] = {}
    for number, click in enumerate(clicks):
        sounding = wanted.get(number)
        if sounding is not None and _differs(click, sounding):
            _, draft = drafts.setdefault(id(click.note), (click.note, Draft.of(click.note)))
            _apply(draft, click, sounding, lines)
    for note, draft in drafts.values():
        if note.is_slider:
            _quieten_body(draft, Draft.of(note))
    changes = [Replacement(note.line, draft.text) for note, draft in drafts.values()]
    return sort_edits((*lines.edits(), *line_edits(timeline.beatmap.document, changes)))


def _quieten_body(draft: Draft, before: Draft) -> None:
    """A slider's body plays no addition that an edge had and none has now."""
    had, has = 0, 0
    for old in before.sounds_of_edges():
        had |= old
    for new in draft.sounds_of_edges():
        has |= new
    draft.sound &= ~(had & ~has & ADDITIONS)


def _give_volumes(lines: Lines, clicks: Sequence[Click], wanted: dict[int, Sounding]) -> None:
    """Volumes are those of timing lines; clicks of which nothing is wanted keep theirs."""
    changed = False
    held = -np.inf
    for number, click in enumerate(clicks):
        sounding = wanted.get(number)
        if click.time == held:
            continue
        held = click.time
        if sounding is not None and sounding.volume is not None:
            lines.give(Want(click.time, volume=sounding.volume))
            changed = True
        elif changed:
            lines.give(Want(click.time, exact=True))


def _differs(click: Click, sounding: Sounding) -> bool:
    sound = click.sound if sounding.sound is None else sounding.sound
    normal = click.normal if sounding.normal is None else sounding.normal
    addition = click.addition if sounding.addition is None else sounding.addition
    return sound != click.sound or normal != click.normal or (bool(sound) and addition != click.addition)


def _apply(draft: Draft, click: Click, sounding: Sounding, lines: Lines) -> None:
    sound = click.sound if sounding.sound is None else sounding.sound
    normal = click.normal if sounding.normal is None else sounding.normal
    addition = sounding.addition or (normal if not click.sound or sounding.normal is not None else click.addition)
    written_normal = 0 if normal == lines.set_at(click.time) else normal
    written_addition = 0 if addition == normal or not sound else addition
    same_sets = normal == click.normal and (not sound or addition == click.addition)
    if click.edge < 0:
        draft.sound = draft.sound & ~ADDITIONS | sound
        if not same_sets:
            draft.set_sample(written_normal, written_addition)
        return
    draft.set_edge_sound(click.edge, sound)
    if not same_sets:
        draft.set_edge_sets(click.edge, written_normal, written_addition)


def silent(clicks: Iterable[Click]) -> float:
    """The share of clicks without an addition."""
    known = [not click.sound for click in clicks]
    return sum(known) / len(known) if known else 1.0
