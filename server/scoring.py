"""The surprisal model as commands and the language server use it: loaded once a process, its troubles one sentence each.

Nothing here imports numpy or onnxruntime before the model is asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from math import inf
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from analyzers.catalogue import SURPRISAL_RULES
from analyzers.engine import select
from analyzers.finding import Category, Finding, Severity
from formats.chart import Chart
from formats.chart_tracks import Track
from formats.document import Document, Line, whole
from formats.mapset import Difficulty, Mapset
from formats.spans import Span
from formats.timeline import Timeline
from models.errors import MaimodError
from server.songs import UNHEARD_CODE, UNHEARD_NAME, Files, Song, Songs

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np
    from numpy.typing import NDArray

    from models.bundled.drift import Drift
    from models.surprisal import Surprisal
    from server.settings import Settings

BUNDLED = "bundled"
ONLY_RULES = "only the rules have judged"
# So many notes tell the delay of a song.
ENOUGH_NOTES = 30
# Of a map such as people make the model finds one note in sixty odd; of one without sense nearly each.
MOST_FINDINGS = 500


class Scoring(Protocol):
    """What is asked of a model: the surprisal of a difficulty's notes or a track's, None where it does not know the track."""

    @property
    def name(self) -> str: ...

    def timeline(self, timeline: Timeline, song: NDArray[np.uint8] | None = None) -> Surprisal: ...

    def track(self, chart: Chart, track: Track, song: NDArray[np.uint8] | None = None) -> Surprisal | None: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model finds in one file, and a sentence for each thing that it cannot do: own `faults`, `gaps` of the map."""

    findings: Sequence[Finding] = ()
    faults: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


_LOADING = Lock()


def scorer(weights: str | None = None) -> Scoring:
    """The bundled model, or the one whose weights lie at that path. Raises `MaimodError` where there is none to ask.

    It uses all processors for one map; in a pool of processes, which share them, one.
    """
    with _LOADING:
        found = _loaded(_threads(), weights)
    if isinstance(found, Exception):
        # One object for all who ask: it must not collect their frames.
        raise found.with_traceback(None)
    return found


def prepare(weights: str | None = None) -> None:
    """Loads the model for those who will ask soon."""
    with suppress(Exception), _LOADING:
        _loaded(_threads(), weights)


@cache
def _loaded(threads: int, weights: str | None) -> Scoring | MaimodError:
    """The model, or why there is none; both stay true as long as the process lives."""
    try:
        from models.bundled.scoring import Scorer

        return Scorer.load(weights, threads)
    except MaimodError as trouble:
        return trouble
    except Exception as trouble:  # noqa: BLE001  to try again for each map would only cost time
        return MaimodError(f"the surprisal model cannot run here ({trouble or type(trouble).__name__})")


def _threads() -> int:
    from server.pool import cores

    pool = sys.modules.get("multiprocessing.process")
    return 1 if pool is not None and pool.parent_process() is not None else cores()


def prepare_beside(weights: str | None = None) -> None:
    """Begins to load the model, where there is a processor to do so beside what else is to be done."""
    if _threads() > 1:
        _thread().submit(prepare, weights)


def beside(judge: Callable[[], Judged]) -> Callable[[], Judged]:
    """Begins to judge, where there is a processor for it; what is returned waits for the answer."""
    return judge if _threads() == 1 else _thread().submit(judge).result


@cache
def _thread() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, "surprisal")


def asks_for_it(names: Sequence[str]) -> bool:
    """Whether one of these rules is the model's."""
    return any(rule.name in names for rule in SURPRISAL_RULES)


def asks_for_nothing_else(wanted: Settings) -> bool:
    """Whether no rule is chosen but the model's, so that without it nothing is judged."""
    names = {UNHEARD_NAME, *(rule.name for rule in SURPRISAL_RULES)}
    return bool(wanted.select) and names.issuperset(wanted.select)


def wanted_rules(wanted: Settings) -> bool:
    """Whether the model is to be asked at all."""
    return wanted.surprisal and bool(select(SURPRISAL_RULES, wanted.select, wanted.ignore))


def judge_difficulty(difficulty: Difficulty, mapset: Mapset, wanted: Settings, songs: Songs) -> Judged:
    """What the model says of one `.osu` of `mapset`. Never raises."""
    beatmap = difficulty.beatmap

    def judge(model: Scoring) -> Judged:
        from analyzers.surprising.findings import surprising_findings

        song = songs.of_beatmap(difficulty.path, beatmap, mapset.files)
        surprisal = model.timeline(difficulty.timeline, song.features if song else None)
        others = of_same_song(difficulty, mapset)
        found = surprising_findings(difficulty, surprisal, wanted.choices, drifts_of(difficulty, others, song), others)
        line = beatmap.general.line("AudioFilename")
        return Judged([*_worth_telling(found), *_unheard(song, beatmap.document, line, wanted)])

    return _judged(judge, wanted)


def of_same_song(difficulty: Difficulty, mapset: Mapset) -> list[Difficulty]:
    name = difficulty.beatmap.general.text("AudioFilename")
    others = [each for each in mapset.difficulties if each is not difficulty]
    return [each for each in others if each.beatmap.general.text("AudioFilename") == name]


def drifts_of(difficulty: Difficulty, others: Sequence[Difficulty], song: Song | None) -> list[Drift]:
    """Where the notes do not keep time with the song, whose delay the other difficulties tell."""
    if song is None or song.onsets is None:
        return []
    from statistics import median

    from models.bundled.drift import drifts
    from models.bundled.onsets import song_delay

    onsets, alike = song.onsets, [each.timeline.times for each in others]
    delays = [song_delay(onsets, times) for times in alike if len(times) >= ENOUGH_NOTES]
    grid = difficulty.timeline.grid
    red_lines = [(time, grid.beat_length_at(time)) for time in grid.red_times]
    return drifts(onsets, difficulty.timeline.times, red_lines, delay=median(delays) if delays else None)


def judge_chart(path: str, chart: Chart, files: Files, wanted: Settings, songs: Songs) -> Judged:
    """The same of one `.chart`."""

    def judge(model: Scoring) -> Judged:
        from analyzers.surprising.findings import surprising_chart_findings

        song = songs.of_chart(path, chart, files)
        scored = [(track, model.track(chart, track, song.features if song else None)) for track in chart.charted]
        known = [(track, surprisal) for track, surprisal in scored if surprisal is not None]
        unknown = dict.fromkeys(track.instrument.label for track, surprisal in scored if surprisal is None)
        found = surprising_chart_findings(chart, known, wanted.choices)
        line = chart.song.line("MusicStream")
        gaps = (
            (f"the surprisal model knows five-fret and drum tracks; it has not judged {', '.join(unknown)}",) if unknown else ()
        )
        return Judged([*_worth_telling(found), *_unheard(song, chart.document, line, wanted)], gaps=gaps)

    return Judged() if chart.refusals else _judged(judge, wanted)


def _judged(judge: Callable[[Scoring], Judged], wanted: Settings) -> Judged:
    if not wanted_rules(wanted):
        return Judged()
    try:
        return judge(scorer(wanted.weights))
    except MaimodError as trouble:
        return Judged(faults=(f"{str(trouble).rstrip('.')}; {ONLY_RULES}",))
    except Exception as trouble:  # noqa: BLE001  a model that fails on one map must not take the rules' answers away
        reason = f"{type(trouble).__name__}: {trouble}".splitlines()[0]
        return Judged(gaps=(f"the surprisal model failed on this map ({reason}); {ONLY_RULES}",))


def _worth_telling(found: list[Finding]) -> list[Finding]:
    """The most surprising findings: a map of which the model understands nothing is not to drown all else."""
    rarest = sorted(found, key=lambda finding: -finding.surprisal.bits if finding.surprisal else -inf)
    kept = {id(finding) for finding in rarest[:MOST_FINDINGS]}
    return [finding for finding in found if id(finding) in kept]


def _unheard(song: Song | None, document: Document, line: Line | None, wanted: Settings) -> list[Finding]:
    """The remark that a song cannot be heard, at the line that names it."""
    if song is None or song.features is not None or UNHEARD_NAME in wanted.ignore:
        return []
    message = f"The surprisal model has judged the notes without the song {os.path.basename(song.name)}: {song.trouble}."
    span = document.span(whole(line)) if line is not None else Span(0, 0)
    return [Finding(UNHEARD_CODE, UNHEARD_NAME, "unheard", Category.SURPRISAL, Severity.INFORMATION, span, message)]
