"""The score and combo of a perfect play in osu!stable (ScoreV1) with Hidden, Hard Rock, Double Time and Flashlight.

Source: the legacy score simulators of https://github.com/ppy/osu (osu.Game.Rulesets.*/Difficulty). Drum rolls, swells and
tiny droplets are left out: they add a few thousand where the limit is at two thousand million.
"""

from __future__ import annotations

from math import ceil

from formats.beatmap import Beatmap
from formats.osu import Mode
from formats.timeline import TICK_END_GAP, Note, NoteKind, Timeline

# Hidden × Hard Rock × Double Time × Flashlight.
MOD_MULTIPLIERS = {
    Mode.OSU: 1.06 * 1.06 * 1.12 * 1.12,
    Mode.TAIKO: 1.06 * 1.06 * 1.12 * 1.12,
    Mode.CATCH: 1.06 * 1.12 * 1.06 * 1.12,
}
HIT, SLIDER_EDGE, SLIDER_TICK, DROPLET = 300, 30, 10, 100
SPIN, BONUS_SPIN = 100, 1_100
# Half spins per second: what the game allows at most, and asks for at least.
MOST_HALF_SPINS, LEAST_HALF_SPINS = 477 / 60 * 2, 3
BANANA_INTERVAL = 100.0


def perfect_play(timeline: Timeline) -> tuple[float, int]:
    """(score, combo) of the play; what overflows the game's numbers is told as if they had no limit."""
    mode = timeline.beatmap.mode
    if mode is Mode.TAIKO:
        return _taiko(timeline)
    score, combo = 0.0, 0
    factor = HIT // 25 * difficulty_multiplier(timeline.beatmap, timeline) * MOD_MULTIPLIERS[mode]
    for note in timeline.notes:
        gained, combo = (_catch if mode is Mode.CATCH else _osu)(note, combo, factor)
        score += gained
    return score, combo


def difficulty_multiplier(beatmap: Beatmap, timeline: Timeline) -> int:
    """1 to 5 or so, from the settings and the objects per second; taiko counts as circle size 2."""
    size = 2.0 if beatmap.mode is Mode.TAIKO else beatmap.circle_size
    breaks = sum(round(pause.end) - round(pause.start) for pause in beatmap.breaks)
    drain = int((round(timeline.times[-1]) - round(timeline.times[0]) - breaks) / 1000) if timeline.times else 0
    density = min(max(len(timeline.notes) / drain * 8, 0.0), 16.0) if drain > 0 else 16.0
    return round((beatmap.hp_drain + beatmap.overall_difficulty + size + density) / 38 * 5)


def _osu(note: Note, combo: int, factor: float) -> tuple[float, int]:
    if note.kind is NoteKind.SLIDER:
        ticks = tick_count(note) * note.span_count
        combo += note.span_count + 1 + ticks
        edges = SLIDER_EDGE * (note.span_count + 1) + SLIDER_TICK * ticks
        return HIT + edges + int(max(combo - 1, 0) * factor), combo
    spins = _spins(note.duration / 1000) if note.kind is NoteKind.SPINNER else 0
    return HIT + spins + int(max(combo - 1, 0) * factor), combo + 1


def _spins(seconds: float) -> int:
    """What the spinning itself gives."""
    possible, required = int(seconds * MOST_HALF_SPINS), int(seconds * LEAST_HALF_SPINS) + 3
    bonus = max(possible - required, 0) // 2
    return BONUS_SPIN * bonus + SPIN * max(possible // 2 - bonus, 0)


def _catch(note: Note, combo: int, factor: float) -> tuple[float, int]:
    if note.kind is NoteKind.SPINNER:
        return BONUS_SPIN * (note.duration / BANANA_INTERVAL), combo
    fruits = note.span_count + 1 if note.kind is NoteKind.SLIDER else 1
    droplets = tick_count(note) * note.span_count if note.kind is NoteKind.SLIDER else 0
    # Fruits and droplets alternate; on the average a fruit of the stream has half of it before it.
    middle = combo + (fruits + droplets - 1) / 2
    return fruits * (HIT + int(max(middle - 1, 0) * factor)) + DROPLET * droplets, combo + fruits + droplets


def _taiko(timeline: Timeline) -> tuple[float, int]:
    stars = difficulty_multiplier(timeline.beatmap, timeline)
    score, combo = 0.0, 0
    for note in timeline.notes:
        if note.kind is not NoteKind.CIRCLE:
            continue
        value = HIT + HIT // 35 * 2 * (stars + 1) * (min(combo, 100) // 10)
        value = int(value * 1.2) if timeline.grid.kiai_at(note.time) else value
        score += value * (2 if note.object.sound & 4 else 1) * MOD_MULTIPLIERS[Mode.TAIKO]
        combo += 1
    return score, combo


def tick_count(note: Note) -> int:
    """Ticks in one span of a slider, from its length alone."""
    length = note.velocity * note.span_duration
    step = note.tick_distance
    if step <= 0 or length <= 0:
        return 0
    return max(ceil((length - note.velocity * TICK_END_GAP) / step) - 1, 0)
