"""The worker's answers to whoever wants a map rewritten."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from server.worker.questions import (
    CheckTiming,
    GuestWritten,
    Sections,
    Sounds,
    TimingChecked,
    WriteGuest,
    WriteSection,
    WriteSounds,
    Writing,
)

if TYPE_CHECKING:
    from server.rewritable import Rewritable
    from server.songs import Songs

Told = Callable[[float], None]
Gone = Callable[[], bool]


def write(
    question: Writing, around: Rewritable, songs: Songs, told: Told, gone: Gone, source: Rewritable | None = None
) -> Sections | Sounds | GuestWritten | TimingChecked:
    """`told` is the share of the work that is done; it ends early where nobody waits (`gone`).

    Raises `CannotWrite`, `MaimodError`, `Unreadable` and `models.bundled.sampling.Cancelled`.
    """
    match question:
        case WriteSection():
            return _sections(question, around, songs, told, gone)
        case WriteSounds():
            return _sounds(question, around, songs, told, gone, source)
        case WriteGuest():
            return _guest(question, around, songs, told, gone)
        case CheckTiming():
            return _timing(question, around, songs, told, gone)


def _sections(question: WriteSection, around: Rewritable, songs: Songs, told: Told, gone: Gone) -> Sections:
    from server.regenerating import regenerated

    found = regenerated(around, question.request, songs, question.settings.weights, told, gone)
    return Sections(tuple(found.proposals), found.song, found.notices)


def _sounds(question: WriteSounds, around: Rewritable, songs: Songs, told: Told, gone: Gone, source: Rewritable | None) -> Sounds:
    from generation.hitsounds import SoundPart, SoundRequest
    from server.hitsounding import hitsounded

    start = -math.inf if question.start is None else question.start
    end = math.inf if question.end is None else question.end
    parts = frozenset(SoundPart(part) for part in question.parts)
    request = SoundRequest(start, end, parts, question.add, question.share, question.seed, question.temperature)
    found = hitsounded(around, request, songs, source, question.settings.weights, told, gone)
    return Sounds(found.edits, found.causes, found.told, found.notices)


def _guest(question: WriteGuest, around: Rewritable, songs: Songs, told: Told, gone: Gone) -> GuestWritten:
    from generation.guest import GuestRequest
    from server.guesting import guested

    request = GuestRequest(
        question.stars, question.name, question.mode, question.keys, question.rhythm, question.seed, question.temperature
    )
    found = guested(around, request, songs, question.settings.weights, told, gone)
    made = found.guest
    return GuestWritten(
        found.path, made.document.text, made.stars, made.notes, made.followed, found.findings, found.song, found.notices
    )


def _timing(question: CheckTiming, around: Rewritable, songs: Songs, told: Told, gone: Gone) -> TimingChecked:
    from server.timing import Wanted, timed

    found = timed(around, Wanted(question.bpm, anew=question.anew, along=question.along), songs, told, gone)
    return TimingChecked(found.title, found.rows, found.findings, found.edits, found.song, found.notices)
