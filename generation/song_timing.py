"""A song's timing as a mapper writes it: tempo, first downbeat and meter of each stretch of steady tempo, and how sure they are.

    timing_of(song_features).sections[0]  →  TempoSection(start_ms=1234.0, beat_ms=333.333, meter=4, …)

Times are ms as osu! maps have them (`HEARD_LATE` taken off what is heard), or as charts do, so that they can be written as they
stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import TYPE_CHECKING

from models.errors import MaimodError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.bundled.beats import Sound

    Features = NDArray[np.uint8]

# ms by which what is heard in the decoded audio comes behind what human maps have there: the medians of songs. osu! maps stand
# early, as the game's clock wants it; charts stand where the sound is.
HEARD_LATE, HEARD_LATE_IN_CHARTS = 19.5, 0.0


class NoBeat(MaimodError):
    """No tempo can be found, in one sentence."""


@dataclass(frozen=True, slots=True)
class TempoSection:
    """A stretch of steady tempo from `start_ms`, a downbeat, to the next section; `beat_ms` a beat, `meter` beats a bar.

    Confidences 0 to 1: that the tempo is right as human maps count it, that beats begin where they are said to, that bars do.
    1 for what was given.
    """

    start_ms: float
    beat_ms: float
    meter: int = 4
    confidence: float = 1.0
    beat_confidence: float = 1.0
    bar_confidence: float = 1.0

    @property
    def bpm(self) -> float:
        return 60_000 / self.beat_ms


@dataclass(frozen=True, slots=True)
class SongTiming:
    """The sections in time order, at least one, of a song that lasts `length_ms`; `others` are BPMs that it may be counted in
    instead, with their chances, the likeliest first."""

    sections: tuple[TempoSection, ...]
    length_ms: float
    others: tuple[tuple[float, float], ...] = ()

    @property
    def confidence(self) -> float:
        return min(section.confidence for section in self.sections)

    def at(self, time_ms: float) -> TempoSection:
        """The section in force."""
        return next((section for section in reversed(self.sections) if section.start_ms <= time_ms), self.sections[0])


@dataclass(frozen=True, slots=True)
class Given:
    """What the user knows of a section; the rest (None) is found. All but the first need a start."""

    start_ms: float | None = None
    beat_ms: float | None = None
    meter: int | None = None

    @property
    def complete(self) -> bool:
        return self.start_ms is not None and self.beat_ms is not None and self.meter is not None


Told = Callable[[float], object]

# How much is done when the tempo is found, and not whether it changes.
ONE_TEMPO = 0.3
# Shorter songs (ms) have too few beats to tell a tempo.
SHORTEST = 4_000.0
# Bands that are this far (of 255) above the quietest sound are music, and the share of frames that must hold some.
AUDIBLE, LEAST_AUDIBLE = 24, 0.02
# A downbeat so much (in beats) before the first sound is the song's first.
AHEAD = 0.25
# `clarity` beneath which what is heard may as well be noise.
CLEAREST_NOISE = 3.0
# How far (ms) beats lie from a start that is given, and how likely they are to lie anywhere.
GIVEN_WITHIN, OFF_ANYWAY = 15.0, 0.02
# A change of tempo less sure than this is none.
LEAST_SURE = 0.2
# Tempos that differ by less (share) are one.
SAME_TEMPO = 5e-3


def timing_of(
    features: Features, given: Sequence[Given] = (), heard_late: float = HEARD_LATE, told: Told = lambda _: None
) -> SongTiming:
    """The timing of a song, of which what is given is kept; for a chart `heard_late` is `HEARD_LATE_IN_CHARTS`.

    `features` as `models.bundled.audio.mel_features` makes them. `told` hears again and again what share of the work is done,
    0 to 1; what it raises ends it. Raises `NoBeat` where the song is silent, too short or has no beat that can be told.
    """
    from models.bundled.beats import Sound

    length = 10.0 * len(features)
    if length < SHORTEST:
        raise NoBeat(f"the song lasts {length / 1000:.1f} s, too short to tell a tempo; {SHORTEST / 1000:.0f} s are needed")
    first = first_sound(features)
    if first is None:
        raise NoBeat("the song is silent, so it has no timing")
    told(0.0)
    sound = Sound(features)
    if len(given) > 1:
        sections: list[TempoSection] = []
        for each in _each_given(sound, given, first, heard_late):
            sections.append(each)
            told(len(sections) / len(given))
        return SongTiming(tuple(sections), length)
    told(ONE_TEMPO / 2)
    known = given[0] if given else Given()
    section, others = _heard(sound, known, first, heard_late)
    found: tuple[TempoSection, ...] = (section,)
    if not given:
        found = _with_changes(sound, section, first, heard_late, lambda share: told(ONE_TEMPO + (1 - ONE_TEMPO) * share))
    told(1.0)
    return SongTiming(found, length, others if len(found) == 1 else ())


def _each_given(sound: Sound, given: Sequence[Given], first: float, late: float) -> Iterator[TempoSection]:
    """Each with what is not given found between its start and the next one's."""
    for known, after in zip(given, [*given[1:], None], strict=True):
        if known.start_ms is not None and known.beat_ms is not None and known.meter is not None:
            yield TempoSection(known.start_ms, known.beat_ms, known.meter)
            continue
        start = max(known.start_ms or 0.0, 0.0)
        end = sound.length_ms if after is None or after.start_ms is None else after.start_ms
        if end - start < SHORTEST:
            raise NoBeat(f"from {start:.0f} to {end:.0f} ms there is too little to hear to find what is left open there")
        cut = int(start // 10) * 10.0
        shifted = replace(known, start_ms=None if known.start_ms is None else known.start_ms - cut)
        found, _ = _heard(sound.part(int(cut // 10), int(end // 10)), shifted, max(first - cut, 0.0), late)
        yield replace(found, start_ms=found.start_ms + cut if known.start_ms is None else known.start_ms)


def _with_changes(sound: Sound, section: TempoSection, first: float, late: float, told: Told) -> tuple[TempoSection, ...]:
    """The section, and others where the tempo changes or the beat starts anew."""
    from models.bundled.tempo_changes import steady_stretches

    stretches = steady_stretches(sound, section.beat_ms, (section.start_ms + late) % section.beat_ms, told)
    if len(stretches) == 1:
        return (section,)
    found: list[TempoSection] = []
    for each in stretches:
        cut = int(each.start_ms // 10)
        part = sound.part(cut, int(each.end_ms // 10))
        start, meter, bar_sure = each.start_ms, each.meter, each.sure
        if not found:
            bar, bar_sure, meter = _bar(part, each.beat_ms, each.phase_ms, None)
            start = each.phase_ms + bar * each.beat_ms
            start += ceil((first - AHEAD * each.beat_ms - start) / (each.beat_ms * meter)) * each.beat_ms * meter
        sure = _tempo_chance(part, each.beat_ms)
        found.append(TempoSection(start - late, each.beat_ms, meter, sure, section.beat_confidence, bar_sure))
    kept = _believable(found, first - late)
    # Where no change is to be believed the song is read as a whole.
    return tuple(kept) if len(kept) > 1 else (section,)


def _believable(found: list[TempoSection], first: float) -> list[TempoSection]:
    """Without sections whose tempo is hardly a guess: the one before goes on there, the one behind where none is before."""
    kept = list(found)
    while len(kept) > 1:
        worst = min(range(len(kept)), key=lambda at: kept[at].confidence)
        if kept[worst].confidence >= LEAST_SURE:
            break
        del kept[worst]
        if worst == 0:
            bar = kept[0].meter * kept[0].beat_ms
            ahead = max(floor((kept[0].start_ms - first) / bar + AHEAD), 0)
            kept[0] = replace(kept[0], start_ms=kept[0].start_ms - ahead * bar)
    return kept


def _tempo_chance(sound: Sound, beat: float) -> float:
    """How probable it is that a stretch is counted in beats of that length."""
    from models.bundled.beats import pulses, readers

    found = pulses(sound)
    if not found:
        return 0.0
    chances: list[float] = readers()["pulse"].chances([pulse.seen for pulse in found]).tolist()
    return sum(chance for pulse, chance in zip(found, chances, strict=True) if abs(pulse.beat_ms / beat - 1) < SAME_TEMPO)


def _bar(sound: Sound, beat: float, phase: float, known: int | None) -> tuple[int, float, int]:
    """Which beat is the first of a bar, how surely, and how many a bar has."""
    from models.bundled.beats import bars

    chances, meter = bars(sound, beat, phase, known)
    return int(chances.argmax()), float(chances.max()), meter


def first_sound(features: Features) -> float | None:
    """ms at which the music begins; None for silence."""
    levels = features.max(axis=1)
    audible = levels.astype(int) > int(levels.min()) + AUDIBLE if levels.min() < AUDIBLE else levels > AUDIBLE
    if audible.mean() < LEAST_AUDIBLE:
        return None
    return 10.0 * int(audible.argmax())


def _heard(sound: Sound, known: Given, first: float, late: float) -> tuple[TempoSection, tuple[tuple[float, float], ...]]:
    """The timing of a stretch of steady tempo, and other ways to count it."""
    import numpy as np

    from models.bundled.beats import clearest_part, metronome, pulses, readers

    cut, clear = clearest_part(sound)
    found = pulses(sound, [60_000 / known.beat_ms]) if known.beat_ms else pulses(sound.part(*cut))
    if not known.beat_ms:
        found = [pulse._replace(phase_ms=(pulse.phase_ms + 10.0 * cut[0]) % pulse.beat_ms) for pulse in found]
    if not found or (known.beat_ms is None and clear < CLEAREST_NOISE):
        raise NoBeat("no steady beat can be heard in the song; say its BPM")
    chances = readers()["pulse"].chances([pulse.seen for pulse in found])
    if known.start_ms is not None:
        # The beats must meet the start that is given.
        off = np.array(
            [(known.start_ms + late - each.phase_ms + each.beat_ms / 2) % each.beat_ms - each.beat_ms / 2 for each in found]
        )
        chances = chances * (np.exp(-0.5 * (off / GIVEN_WITHIN) ** 2) + OFF_ANYWAY)
        chances /= chances.sum()
    tempos: dict[float, float] = {}
    for pulse, chance in zip(found, chances.tolist(), strict=True):
        tempos[pulse.beat_ms] = tempos.get(pulse.beat_ms, 0.0) + chance
    best = found[int(chances.argmax())]
    beat, phase = best.beat_ms, best.phase_ms
    tempo = 1.0 if known.beat_ms else tempos[beat]
    sure = 1.0 if known.start_ms is not None else float(chances.max()) / tempos[beat]
    clicks = metronome(sound, beat, phase, *(((1,),) if known.beat_ms else ())) if known.start_ms is None else None
    if clicks is not None:
        # Each click is a beat.
        beat, phase, sure, bar, bar_sure = clicks.beat_ms, clicks.start_ms, 1.0, 0, clicks.sure
        meter = known.meter or clicks.meter
    else:
        bar, bar_sure, meter = _bar(sound, beat, phase, known.meter)
    if known.start_ms is None:
        start = phase + bar * beat
        start += beat * meter * ceil((first - AHEAD * beat - start) / (beat * meter))
        start -= late
        start += beat * meter if start < 0 else 0.0
    else:
        start, bar_sure = known.start_ms, 1.0
    others = sorted(
        ((60_000 / each, chance) for each, chance in tempos.items() if each != beat and chance > 0.02), key=lambda one: -one[1]
    )
    return TempoSection(start, beat, meter, tempo, sure, bar_sure), tuple(others)
