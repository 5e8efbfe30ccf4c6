"""A model known to the last bit: it wonders at what stands at x = 13, the more the higher up, and would have it in the middle."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence, Sized
from pathlib import Path

from analyzers.analysis import Choices
from analyzers.finding import Category, Expected, Finding, Fix, Safety, Severity, Unexpectedness
from analyzers.surprising import findings
from formats.chart import Chart
from formats.chart_lines import TrackKind
from formats.chart_tracks import Track
from formats.document import whole
from formats.mapset import Difficulty
from formats.spans import Edit
from formats.timeline import Note, Timeline
from server import scoring
from tests.builder import osu_text

CODE, NAME = "U101", "surprising-timing"
ODD = "13,{y},{time},1,0"
# What the model puts up with instead: an object here is never wondered at.
MIDDLE = "256"


class Wondering:
    """Gives timelines and tracks back as their own surprisal; `heard` is how long each song was, in frames."""

    name = "wondering"

    def __init__(self) -> None:
        self.heard: list[int | None] = []

    def timeline(self, timeline: Timeline, song: Sized | None = None) -> Timeline:
        self.heard.append(None if song is None else len(song))
        _wait_at_gate(timeline.beatmap.metadata.text("Tags"))
        return timeline

    def track(self, chart: Chart, track: Track, song: Sized | None = None) -> Track | None:  # noqa: ARG002  a scorer's signature
        self.heard.append(None if song is None else len(song))
        return None if track.kind is TrackKind.SIX_FRET else track


def _wait_at_gate(tags: str) -> None:
    """A map whose tags are `gate:PATH` keeps the model busy until that file is there."""
    gate = tags.removeprefix("gate:")
    while gate != tags and not Path(gate).exists():
        time.sleep(0.005)


def wonders(
    difficulty: Difficulty,
    surprisal: Timeline,
    choices: Choices,
    drifts: Sequence[object] = (),
    others: Sequence[Difficulty] = (),  # noqa: ARG001  the analyzer's signature
) -> list[Finding]:
    least = float("inf") if NAME in choices.ignore else choices.min_surprisal or 0.0
    found = [note for note in surprisal.notes if odd(note, surprisal) and _bits(note) >= least]
    return [_finding(difficulty, note, len(drifts)) for note in found]


def odd(note: Note, timeline: Timeline) -> bool:  # noqa: ARG001  tests wonder at what stands around the note
    return note.x == 13


def _bits(note: Note) -> float:
    return 20 - note.y / 20


def _finding(difficulty: Difficulty, note: Note, drifts: int) -> Finding:
    span = difficulty.beatmap.document.span(whole(note.line))
    fix = Fix("Move to the middle", Safety.UNSAFE, (Edit(type(span)(span.start, span.start + 2), MIDDLE),))
    chance = 0.9 if note.y < 300 else 0.4
    return Finding(
        CODE, NAME, "off", Category.SURPRISAL, Severity.HINT, span, f"Why here? {drifts} drifts", note.time, None, "1", (fix,),
        (),
        Unexpectedness(_bits(note), (Expected("the middle", chance),)),
    )  # fmt: skip


def nothing(chart: Chart, scored: object, choices: Choices) -> list[Finding]:  # noqa: ARG001  the analyzer's signature
    return []


def loading(found: object) -> Callable[[int, str | None], object]:
    """What loads a model, or finds out why there is none."""

    def loaded(threads: int, weights: str | None) -> object:  # noqa: ARG001  the loader's signature
        return found

    return loaded


def install(put: Callable[[object, str, object], object] = setattr) -> Wondering:
    """Puts the model in the place of the bundled one."""
    model = Wondering()
    put(scoring, "_loaded", loading(model))
    put(findings, "surprising_findings", wonders)
    put(findings, "surprising_chart_findings", nothing)
    return model


def odd_text(*heights: int) -> str:
    """A map with an object at x = 13 at each of these heights, a second apart."""
    return osu_text([ODD.format(y=y, time=1000 * number) for number, y in enumerate(heights, 1)])
