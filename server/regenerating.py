"""Writes a section of a map anew: asks for proposals, heard with the map's song, and says what hinders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from formats.chart import Chart
from formats.document import Document
from formats.timestamps import format_time
from generation.request import CannotWrite, Request
from server.interrupting import resting
from server.rewritable import Rewritable, read_rewritable
from server.songs import OFF, Songs
from server.writers import generator

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from generation.proposal import Proposal
    from generation.subjects import Subject

# ms that a section may end after the song: decoders cut off what is silent.
OVERHANG = 500.0


@dataclass(frozen=True, slots=True)
class Regenerated:
    """What may stand in a section instead, the best first; `song` is what was heard, "" for nothing."""

    path: str
    document: Document
    proposals: list[Proposal]
    song: str
    notices: tuple[str, ...] = ()


def regenerate(
    path: str,
    request: Request,
    audio: str | None = None,
    weights: str | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Regenerated:
    """Of the map at `path` as it stands on disk.

    Raises `Unreadable`, `MaimodError` or `CannotWrite`, each with one sentence; writes nothing.
    """
    return regenerated(read_rewritable(path), request, Songs(audio), weights, progress, cancelled)


def regenerated(
    around: Rewritable,
    request: Request,
    songs: Songs,
    weights: str | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Regenerated:
    """Of a map as it stands in memory. Raises as `regenerate` does, and `models.bundled.sampling.Cancelled`."""
    subject, request = _subject(around, request)
    features, name, notices = _heard(around, subject, request, songs, resting(cancelled))
    proposals = generator(weights).proposals(subject, request, features, progress, cancelled)
    return Regenerated(around.path, subject.document, proposals, name, (*around.notices, *notices))


def _subject(around: Rewritable, request: Request) -> tuple[Subject, Request]:
    if around.chart is None:
        if request.track:
            raise CannotWrite("an .osu file holds one difficulty and no tracks", "; --track is for .chart files")
        return around.osu(), request
    from generation.subjects import ChartSubject

    request = request if request.track else replace(request, track=_only_track(around.chart))
    return ChartSubject(around.path, around.chart, request.track, around.ini, around.files, around.choices), request


def _only_track(chart: Chart) -> str:
    from models.bundled.scenes import scored_family

    known = [track.name for track in chart.charted if scored_family(track) is not None]
    if not known:
        raise CannotWrite("the chart has no track that the model knows")
    if len(known) > 1:
        raise CannotWrite(f"say which track of the chart is meant: {', '.join(known)}", " (with --track)")
    return known[0]


def _heard(
    around: Rewritable, subject: Subject, request: Request, songs: Songs, rest: Callable[[], None]
) -> tuple[NDArray[np.uint8] | None, str, tuple[str, ...]]:
    """The features of the song and its name, or why it is not heard."""
    features, name, notices = around.heard(songs, rest)
    if features is not None and request.end > (lasting := 10.0 * len(features) - subject.offset) + OVERHANG:
        raise CannotWrite(
            f"the song {name} ends at {format_time(lasting)}, before the section does: choose an earlier end",
            f", or --audio {OFF} to write without it",
        )
    return features, name, notices
