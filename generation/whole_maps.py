"""Whole maps: difficulties of a song that nobody has mapped yet, which share its timing, kiai and metadata."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import floor

import numpy as np

from analyzers.analysis import Choices, analyse_difficulty
from analyzers.consensus import WRITTEN_TAG
from analyzers.finding import Finding, Severity
from analyzers.level import level_name, level_of_stars, star_rating
from formats.beatmap import Beatmap
from formats.document import Document
from formats.mapset import Difficulty, Mapset
from formats.osu import Mode
from formats.timeline import Timeline
from generation.blank_maps import COLOURS, About, Colour, Frame, Spans, blank_osu, with_breaks
from generation.difficulties import Aim, Outline, check_stars, known_habits, steered
from generation.guest import with_sounds
from generation.hitsounds import SoundRequest, rewritten_sounds
from generation.levels import level_for
from generation.request import CannotWrite
from generation.song_parts import SHORTEST_SONG, Features, SongParts, parts_of
from generation.song_timing import TempoSection
from models.bundled.fields import SETS
from models.bundled.habits import Habits
from models.bundled.onsets import Song
from models.bundled.sampling import DELAY_STEP, Cancelled, Listener, Progress, Sampler
from models.bundled.scenes import SET_AT, Beats, Floats, Pause, lines_at, scene_of_timeline
from models.bundled.scoring import Scorer

# ms: the game makes a break of a gap that is longer, between this long after a note and the next one's approach.
BREAK_FROM, AFTER_NOTE, SHORTEST_BREAK = 5_000.0, 200.0, 650.0
# ms that are left free on either side of a rest of the song, and before the first bar that may hold a note.
REST_MARGIN, LEAD_IN = 100.0, 500.0
# The share of the work that writing notes is; sounds and rules are the rest.
WRITING = 0.92
# Modes that have spinners; ms that one lasts at least, and that are free behind it.
SPUN = frozenset((Mode.OSU, Mode.CATCH))
SHORTEST_SPINNER, RECOVERY = 1_000.0, 250.0
# Spinners of a map, as people use one or two; all but hard difficulties and nearly all of osu!catch have one.
MOST_SPINS, SPINS_BELOW = 2, 2.7
# Levels at which snaps that are no halves of each other are usual.
TRIPLETS_FROM = 3.0


@dataclass(frozen=True, slots=True)
class MapRequest:
    """`stars` of each difficulty; `names` of them, where they are given, else by their level. `keys` of mania."""

    about: About
    mode: Mode
    stars: tuple[float, ...]
    names: tuple[str, ...] = ()
    keys: int = 4
    seed: int = 0
    temperature: float = 1.0
    colours: Sequence[Colour] = COLOURS


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a song beforehand: its `tempos`; where they are not None, kiai and rests in ms, and the preview.

    `fixed`: the first tempo begins where it is said to, however much of the song stands before it.
    """

    tempos: Sequence[TempoSection]
    kiai: Spans | None = None
    rests: Spans | None = None
    preview: float | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class WholeMap:
    """A difficulty, the stars that were asked for and those that it reached; what the rules say of it within its set."""

    name: str
    document: Document
    asked: float
    stars: float
    notes: int
    written: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """So many at a time of the song; others are about the set, such as that it has no background."""
        return sum(each.severity is Severity.ERROR and each.time_ms is not None for each in self.findings)


def whole_maps(
    request: MapRequest,
    given: Known,
    features: Features,
    sampler: Sampler,
    scorer: Scorer,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[WholeMap]:
    """The difficulties in the order in which they are asked for. Raises `CannotWrite` with the reason, and `Cancelled`."""
    for stars in request.stars:
        check_stars(stars)
    listener, parts = heard(features, given)
    frame = frame_of(parts, given, request.colours)
    names = difficulty_names(request)
    # The hardest comes first: the others take its sounds.
    order = sorted(range(len(request.stars)), key=lambda at: -request.stars[at])
    made: dict[int, WholeMap] = {}
    for turn, at in enumerate(order):
        told = None if progress is None else _part(progress, turn, len(order))
        mapper = _Mapper(request, frame, parts, given, listener, [each.document for each in made.values()])
        hardest = made[order[0]].document if made else None
        made[at] = mapper.mapped(request.stars[at], names[at], sampler, scorer, hardest, told, cancelled)
    if progress is not None:
        progress(1.0)
    found = [made[at] for at in range(len(names))]
    return [replace(each, findings=tuple(findings_in([one.document for one in found], at))) for at, each in enumerate(found)]


def heard(features: Features, given: Known) -> tuple[Listener, SongParts]:
    """The song, listened to at the right moment, and its parts. Raises `CannotWrite` where there is too little of it."""
    song, beats = Song.of(features), beats_of(given.tempos)
    delay = round(song.delay(_grid_times(beats, 10.0 * len(features))) / DELAY_STEP) * DELAY_STEP
    parts = parts_of(features, beats, delay)
    if parts.end <= parts.start:
        raise CannotWrite("the song is silent, so there is nothing to write a map to")
    if parts.end - parts.start < SHORTEST_SONG:
        raise CannotWrite(
            f"the song is heard for {(parts.end - parts.start) / 1000:.1f} s only; a map needs {SHORTEST_SONG / 1000:g} s"
        )
    return Listener(song, delay), parts


def frame_of(parts: SongParts, given: Known, colours: Sequence[Colour] = COLOURS) -> Frame:
    """What all maps of the song share."""
    length = float(parts.bars[-1])
    kiai = [(begin, min(until, length)) for begin, until in (parts.kiai if given.kiai is None else given.kiai)]
    preview = parts.preview if given.preview is None else given.preview
    tempos = given.tempos if given.fixed else (replace(given.tempos[0], start_ms=earliest(given.tempos)), *given.tempos[1:])
    return Frame(tempos, kiai, preview, length, colours, parts.calm)


def beats_of(tempos: Sequence[TempoSection]) -> Beats:
    count = len(tempos)
    return Beats(
        np.array([each.start_ms for each in tempos], float),
        np.array([each.beat_ms for each in tempos], float),
        np.zeros(count),
        np.zeros(count),
        np.array([each.meter for each in tempos], float),
    )


def earliest(tempos: Sequence[TempoSection]) -> float:
    """The first bar line of the song: a bar of the first tempo that begins at 0 or later."""
    bar = tempos[0].meter * tempos[0].beat_ms
    return tempos[0].start_ms - bar * floor((tempos[0].start_ms + 0.5) / bar)


def _grid_times(beats: Beats, end: float) -> Floats:
    """Every half beat, ms."""
    untils = (*beats.starts[1:].tolist(), end)
    found = [
        np.arange(begin, until, length / 2) for begin, until, length in zip(beats.starts, untils, beats.lengths, strict=True)
    ]
    return np.concatenate(found)


def difficulty_names(request: MapRequest) -> list[str]:
    """The given ones, else such as "maimod's Hard"; each once."""
    names: list[str] = []
    for at, stars in enumerate(request.stars):
        usual_name = f"{WRITTEN_TAG}'s {level_name(level_of_stars(stars), request.mode)}"
        name = request.names[at] if at < len(request.names) else usual_name
        again = sum(each == name or each.startswith(f"{name} (") for each in names)
        names.append(f"{name} ({again + 1})" if again else name)
    return names


def _part(progress: Progress, turn: int, count: int) -> Progress:
    return lambda share: progress((turn + share) / count)


class _Mapper:
    """Writes one difficulty beside those that are there already."""

    def __init__(
        self, request: MapRequest, frame: Frame, parts: SongParts, given: Known, listener: Listener, others: Sequence[Document]
    ) -> None:
        self.request, self.frame, self.parts, self.given, self.listener = request, frame, parts, given, listener
        self.others = others

    def mapped(
        self,
        stars: float,
        name: str,
        sampler: Sampler,
        scorer: Scorer,
        hardest: Document | None,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> WholeMap:
        request = self.request
        outline = self._outline(stars, name)
        aim = Aim(stars, request.seed, request.temperature)

        def told(share: float) -> None:
            if progress is not None:
                progress(share)

        def rest() -> None:
            if cancelled is not None and cancelled():
                raise Cancelled

        made = steered(outline, aim, sampler, rated, self._findings, lambda share: told(WRITING * share), cancelled)
        document = self._with_breaks(made.document)
        rest()
        document = self._sounding(document, scorer, hardest, lambda share: told(WRITING + (1 - WRITING) * share), rest)
        found = tuple(self._findings(document))
        return WholeMap(name, document, stars, rated(document), made.notes, made.written, found)

    def _outline(self, stars: float, name: str) -> Outline:
        request, parts = self.request, self.parts
        rests = parts.rests if self.given.rests is None else self.given.rests
        played = parts.end - parts.start - sum(until - begin for begin, until in rests)
        level = level_for(request.mode, stars, name, played)
        if request.mode is Mode.MANIA:
            level = replace(level, circle_size=float(request.keys))
        blank = Timeline(Beatmap.from_text(blank_osu(request.about, self.frame, request.mode, level, name)))
        pauses = [(begin + REST_MARGIN, until - REST_MARGIN) for begin, until in rests]
        start = max(parts.start - blank.grid.beat_length_at(parts.start) / 8, LEAD_IN, blank.grid.red_times[0] - 1)
        divisors = (3, 6) if stars >= TRIPLETS_FROM else ()
        always = request.mode is Mode.CATCH or stars < SPINS_BELOW
        spins = spins_of(parts, blank, start, rests, always=always) if request.mode in SPUN else []
        pauses += [(begin - REST_MARGIN, until + RECOVERY) for begin, until in spins]
        habits = _new_habits(blank)
        return Outline(blank, level, start, parts.end, habits, divisors, pauses, None, parts.busy, self.listener, spins)

    def _findings(self, document: Document) -> Sequence[Finding]:
        return findings_in([*self.others, document], len(self.others))

    def _with_breaks(self, document: Document) -> Document:
        """Breaks where nothing is to be played for long."""
        timeline = Timeline(Beatmap(document))
        ends = np.maximum.accumulate([note.end for note in timeline.notes])
        breaks: list[tuple[float, float]] = []
        for end, following in zip(ends.tolist(), timeline.times[1:], strict=False):
            start, until = np.ceil(end + AFTER_NOTE), np.floor(following - timeline.beatmap.preempt)
            if following - end >= BREAK_FROM and until - start >= SHORTEST_BREAK:
                breaks.append((start, until))
        return with_breaks(document, breaks)

    def _sounding(
        self, document: Document, scorer: Scorer, hardest: Document | None, progress: Progress, rest: Pause
    ) -> Document:
        """Hit sounds as the song has them; where the hardest difficulty has a note, its own."""
        if self.request.mode is Mode.TAIKO:
            return document
        timeline = Timeline(Beatmap(document))
        wanted = SoundRequest(seed=self.request.seed, temperature=self.request.temperature)
        try:
            document = document.edit(rewritten_sounds(timeline, wanted, scorer, self.listener.song.features, progress, rest))
        except CannotWrite:
            return document
        return document if hardest is None else with_sounds(document, Timeline(Beatmap(hardest)), self.request.seed)


def spins_of(parts: SongParts, blank: Timeline, start: float, rests: Spans, *, always: bool) -> list[tuple[float, float]]:
    """Where something is held, as spans (ms) of spinners: to a beat before the next bar, at the end for as long as it sounds.

    None before `start` or in `rests`. `always`: in the last bar, where nothing is held.
    """

    def free(span: tuple[float, float]) -> bool:
        return span[0] >= start - 1 and not any(begin < span[1] and span[0] < until for begin, until in rests)

    held, found = [*filter(free, parts.held)], list[tuple[float, float]]()
    if not held and always:
        last_bar = parts.bars[:-1][parts.bars[:-1] < parts.end - SHORTEST_SPINNER][-1:]
        held = [*filter(free, ((float(begin), parts.end) for begin in last_bar))]
    for begin, until in held:
        beat = blank.grid.beat_length_at(begin)
        last = until >= parts.end - beat
        first, stop = (
            float(blank.grid.snap(time, (1,)).time) for time in (begin, parts.end - beat / 2 if last else until - beat)
        )
        if stop - first >= SHORTEST_SPINNER:
            found.append((first, stop))
    # The last one is the surest.
    longest = sorted(found[:-1], key=lambda span: span[0] - span[1])[: MOST_SPINS - 1]
    return sorted((*longest, *found[-1:]))


def _new_habits(blank: Timeline) -> Habits:
    """All that is usual, with the samples of the timing lines everywhere."""
    habits = known_habits(scene_of_timeline(blank))
    of_lines = lines_at(blank, np.zeros(1))[1][0, SET_AT]
    soft = np.arange(len(SETS)) == max(int(of_lines), 0)
    return replace(habits, used={**habits.used, "sample_set": soft, "addition_set": soft})


def rated(document: Document) -> float:
    """Raises `CannotWrite` where it cannot be rated."""
    found = star_rating(Difficulty("", Beatmap(document)))
    if found is None:
        raise CannotWrite("the star rating cannot be computed here, so no difficulty can be steered to one")
    return found


def findings_in(documents: Sequence[Document], at: int) -> list[Finding]:
    """What the rules say of one difficulty of a new set."""
    difficulties = [Difficulty(f"{number}.osu", Beatmap(document)) for number, document in enumerate(documents)]
    # How files are named is up to whoever saves them.
    return analyse_difficulty(difficulties[at], Mapset(tuple(difficulties)), Choices(ignore=("file-naming",)))


def section_names(parts: SongParts) -> list[tuple[float, str]]:
    """(ms, name) of the song's parts, as practice mode lists them."""
    edges = sorted({parts.bars[0], *(edge for span in parts.kiai for edge in span)})
    kiai = [begin for begin, _ in parts.kiai]
    named: list[tuple[float, str]] = []
    counts = {"Verse": 0, "Chorus": 0}
    for number, edge in enumerate(edges):
        if edge >= parts.end - 1:
            continue
        if number == 0 and edge not in kiai:
            named.append((edge, "Intro"))
            continue
        last = number == len(edges) - 1
        kind = "Chorus" if kiai[bisect_left(kiai, edge - 1) : bisect_left(kiai, edge + 1)] else "Outro" if last else "Verse"
        if kind in counts:
            counts[kind] += 1
            named.append((edge, f"{kind} {counts[kind]}"))
        else:
            named.append((edge, kind))
    return named
