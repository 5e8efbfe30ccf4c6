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
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from analyzers import catalogue
from analyzers.engine import select
from analyzers.finding import Category, Finding, Severity
from analyzers.rule import Rule
from formats.chart import Chart
from formats.chart_tracks import Track
from formats.document import Document, Line, whole
from formats.mapset import Difficulty
from formats.spans import Span
from formats.timeline import Timeline
from server.songs import Files, Song, Songs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.errors import MaimodError
    from models.surprisal import Surprisal
    from server.settings import Settings

MODELS = ("bundled",)
ONLY_RULES = "only the rules have judged"
UNHEARD_CODE, UNHEARD_NAME = "U001", "song-unheard"


class Scoring(Protocol):
    """What is asked of a model: the surprisal of a difficulty's notes or a track's, None where it does not know the track."""

    def timeline(self, timeline: Timeline, song: NDArray[np.uint8] | None = None) -> Surprisal: ...

    def track(self, chart: Chart, track: Track, song: NDArray[np.uint8] | None = None) -> Surprisal | None: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model finds in one file, and a sentence for each thing that it cannot do: own `faults`, `gaps` of the map."""

    findings: Sequence[Finding] = ()
    faults: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


_LOADING = Lock()


def scorer() -> Scoring:
    """The bundled model. Raises `MaimodError` with a sentence where there is none to ask."""
    with _LOADING:
        found = _loaded()
    if isinstance(found, Exception):
        raise found
    return found


def prepare() -> None:
    """Loads the model for those who will ask soon."""
    with suppress(Exception), _LOADING:
        _loaded()


@cache
def _loaded() -> Scoring | MaimodError:
    """The model, or why there is none; both stay true as long as the process lives."""
    from models.errors import MaimodError

    try:
        from models.bundled.scoring import Scorer

        return Scorer.load(threads=_threads())
    except ImportError as trouble:
        return MaimodError(f"the surprisal model cannot run here ({trouble})")
    except MaimodError as trouble:
        return trouble


def _threads() -> int:
    """All processors for one map; in a pool of processes, which share them, one."""
    from server.check import cores

    pool = sys.modules.get("multiprocessing.process")
    return 1 if pool is not None and pool.parent_process() is not None else cores()


def surprisal_rules() -> Sequence[Rule[Any]]:
    return getattr(catalogue, "SURPRISAL_RULES", ())  # TODO the catalogue will have them


def asks_for_it(names: Sequence[str]) -> bool:
    """Whether one of these rules is the model's."""
    return any(rule.name in names for rule in surprisal_rules())


def wanted_rules(wanted: Settings) -> bool:
    """Whether the model is to be asked at all."""
    return wanted.surprisal and bool(select(surprisal_rules(), wanted.select, wanted.ignore))


def judge_difficulty(difficulty: Difficulty, files: Files, wanted: Settings, songs: Songs) -> Judged:
    """What the model says of one `.osu`; `files` are those of its folder. Never raises."""
    beatmap = difficulty.beatmap

    def judge(model: Scoring) -> Judged:
        from analyzers.surprising.findings import surprising_findings

        song = songs.of_beatmap(difficulty.path, beatmap, files)
        surprisal = model.timeline(difficulty.timeline, song.features if song else None)
        found = surprising_findings(difficulty, surprisal, wanted.choices)
        return Judged([*found, *_unheard(song, beatmap.document, beatmap.general.line("AudioFilename"), wanted)])

    return _judged(judge, wanted)


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
        return Judged([*found, *_unheard(song, chart.document, line, wanted)], gaps=gaps)

    return Judged() if chart.refusals else _judged(judge, wanted)


def _judged(judge: Callable[[Scoring], Judged], wanted: Settings) -> Judged:
    if not wanted_rules(wanted):
        return Judged()
    from models.errors import MaimodError

    try:
        return judge(scorer())
    except MaimodError as trouble:
        return Judged(faults=(f"{str(trouble).rstrip('.')}; {ONLY_RULES}",))
    except Exception as trouble:  # noqa: BLE001  a model that fails on one map must not take the rules' answers away
        reason = f"{type(trouble).__name__}: {trouble}".splitlines()[0]
        return Judged(gaps=(f"the surprisal model failed on this map ({reason}); {ONLY_RULES}",))


def _unheard(song: Song | None, document: Document, line: Line | None, wanted: Settings) -> list[Finding]:
    """The remark that a song cannot be heard, at the line that names it."""
    if song is None or song.features is not None or UNHEARD_NAME in wanted.ignore:
        return []
    message = f"The surprisal model has judged the notes without the song {os.path.basename(song.name)}: {song.trouble}."
    span = document.span(whole(line)) if line is not None else Span(0, 0)
    return [Finding(UNHEARD_CODE, UNHEARD_NAME, "unheard", Category.SURPRISAL, Severity.INFORMATION, span, message)]
