"""Guest difficulties: a new difficulty on the timing and kiai of another, steered to a star rating."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analyzers.repairs import format_number, set_entry
from analyzers.rule import Change
from formats.beatmap import Beatmap
from formats.document import Document, LineKind
from formats.opting_out import opts_out
from formats.osu import Mode
from formats.spans import Edit, sort_edits
from formats.timeline import Timeline
from generation.additions import FEW
from generation.difficulties import TOLERANCE, Aim, Errors, Outline, Stars, check_stars, known_habits, steered
from generation.green_lines import State
from generation.hitsounds import SoundPart, SoundRequest, clicks_of, copied_sounds, silent
from generation.levels import Usual, level_for
from generation.line_edits import Replacement, line_edits
from generation.pages import BEFORE_BREAK
from generation.request import CannotWrite
from generation.subjects import tag_edits
from models.bundled.fields import FAMILY_OF
from models.bundled.onsets import Song
from models.bundled.sampling import DELAY_STEP, Listener, Progress, Sampler
from models.bundled.scenes import scene_of_timeline

__all__ = ["TOLERANCE", "Guest", "GuestRequest", "blank_difficulty", "guest_difficulty", "with_sounds"]

# A reference at least this much harder gives its rhythm.
HARDER = 1.1


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
    check_stars(request.stars)
    if not reference.grid.red:
        raise CannotWrite("the reference has no red line, so there is no grid to put notes on: set the timing first")
    if len(reference.notes) < 2:
        count = "only one note" if reference.notes else "no notes"
        raise CannotWrite(f"the reference has {count}, so it does not say where a difficulty begins and ends")
    if request.keys is not None and (reference.beatmap.mode if request.mode is None else request.mode) is not Mode.MANIA:
        raise CannotWrite("only osu!mania has columns to be counted: leave the number of keys out, or ask for that mode")
    rated = stars(reference.beatmap.document)
    follows = rated >= HARDER * request.stars if request.rhythm is None else request.rhythm
    aim = Aim(request.stars, request.seed, request.temperature, loose=request.rhythm is None)
    outline = _outline(reference, request, features, follows=follows)
    made = steered(outline, aim, sampler, stars, findings, progress, cancelled)
    document = with_sounds(made.document, reference, request.seed)
    return Guest(document, stars(document), made.notes, made.written, made.followed)


def _outline(reference: Timeline, request: GuestRequest, features: NDArray[np.uint8] | None, *, follows: bool) -> Outline:
    mode = reference.beatmap.mode if request.mode is None else request.mode
    level = level_for(mode, request.stars, request.name, reference.drain_time)
    if mode is Mode.MANIA:
        same = reference.beatmap.mode is Mode.MANIA
        keys = request.keys or (reference.beatmap.key_count if same else 4)
        level = replace(level, circle_size=float(keys))
    blank = Timeline(Beatmap(blank_difficulty(reference.beatmap, request.name, mode, level)))
    listener: Listener | None = None
    if features is not None:
        song = Song.of(features)
        delay = song.delay(np.array(reference.times, float))
        listener = Listener(song, round(delay / DELAY_STEP) * DELAY_STEP)
    offset, preempt = blank.grid.offset, blank.beatmap.preempt
    pauses = [(pause.start + offset - BEFORE_BREAK, pause.end + offset + preempt) for pause in blank.beatmap.breaks]
    theirs = known_habits(scene_of_timeline(reference))
    alike = FAMILY_OF[mode] is FAMILY_OF[reference.beatmap.mode]
    habits = theirs if alike else known_habits(scene_of_timeline(blank))
    moments = np.unique([time for note in reference.notes for time in note.edge_times]) if follows else None
    return Outline(blank, level, reference.start, reference.end, habits, theirs.divisors, pauses, moments, (), listener)


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
    removed = [
        Replacement(line, None) for line in document.lines if _is_object(line.section, line.kind) and not opts_out(line.text)
    ]
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


def with_sounds(document: Document, reference: Timeline, seed: int = 0) -> Document:
    """Additions and sample sets as the reference has them at the same moments, where it has any."""
    timeline = Timeline(Beatmap(document))
    if Mode.TAIKO in (timeline.beatmap.mode, reference.beatmap.mode) or 1 - silent(clicks_of(reference)) < FEW:
        return document
    wanted = SoundRequest(parts=frozenset((SoundPart.ADDITIONS, SoundPart.SETS)), seed=seed)
    try:
        edits, _, _ = copied_sounds(timeline, reference, wanted)
    except CannotWrite:
        return document
    return document.edit(edits)
