"""Finds the notes that a user points at, and gathers all that the model says of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from formats.timestamps import format_time
from models.errors import MaimodError
from server.moments import parse_moment, split_place
from server.reading import Unreadable, archive_around, is_archive
from server.scored_maps import Part, ScoredMap
from server.surprisal_run import SurprisalRun


class NoNote(MaimodError):
    """Where the user points there is no note that was scored."""


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """One note of a part by its number, and its `rank`: 1 = the most surprising note of the part."""

    scored: ScoredMap
    part: Part
    note: int
    rank: int

    @property
    def line(self) -> int:
        return self.part.lines[self.note]

    @property
    def time(self) -> float:
        return self.part.surprisal.notes[self.note].time


def explain(place: str, audio: str | None = None, weights: str | None = None) -> tuple[list[Explained], list[str]]:
    """The notes at `FILE:LINE` or `FILE:TIME`, and what else is to be told. Raises `MaimodError`, `Unreadable`."""
    path, line, time = split_place(place)
    if line is None and time is None:
        raise NoNote(f"{place}: say which note, as FILE:LINE or FILE:00:12:345")
    scored, notices = _scored(path, audio, weights)
    if line is not None:
        found = at_line(scored, line)
    else:
        found = list(_where(scored, lambda part, note: format_time(part.surprisal.notes[note].time) == time))
    if not found:
        raise NoNote(_missing(scored, line, time))
    return found, notices


def at_line(scored: ScoredMap, line: int) -> list[Explained]:
    """The notes that stand in a line, counted from 1."""
    return list(_where(scored, lambda part, note: part.lines[note] == line))


def _scored(path: str, audio: str | None, weights: str | None) -> tuple[ScoredMap, list[str]]:
    """The map at `path`, which may lead into an archive."""
    if os.path.isdir(path) or (is_archive(path) and os.path.exists(path)):
        raise NoNote(f"{path}: holds several maps; name one of them")
    archive = archive_around(path)
    run = SurprisalRun([archive or path], _same, audio=audio, weights=weights, jobs=1)
    wanted = path.replace("\\", "/")
    found = [scored for scored in run if archive is None or scored.path.replace("\\", "/") == wanted]
    if not found:
        raise run.unreadable[0] if run.unreadable else Unreadable(path, "does not exist")
    return found[0], list(run.notices)


def _same(scored: ScoredMap) -> ScoredMap:
    return scored


def _where(scored: ScoredMap, fits: Callable[[Part, int], bool]) -> Iterator[Explained]:
    for part in scored.parts:
        notes = [note for note in range(len(part.surprisal)) if fits(part, note)]
        ranks = _ranks(part) if notes else ()
        for note in notes:
            yield Explained(scored, part, note, int(ranks[note]))


def _ranks(part: Part) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    order = np.argsort(-part.surprisal.score.astype(np.float64), kind="stable")
    ranks = np.empty(len(order), np.intp)
    ranks[order] = np.arange(1, len(order) + 1)
    return ranks


def _missing(scored: ScoredMap, line: int | None, time: str | None) -> str:
    """That there is no note, and where the nearest one stands."""
    where = f"line {line} is no note" if line is not None else f"no note begins at {time}"
    notes = [(part, note) for part in scored.parts for note in range(len(part.surprisal))]
    if not notes:
        return f"{scored.path}: {where}; the map has no notes that the model scores"
    if line is not None:
        part, note = min(notes, key=lambda pair: abs(pair[0].lines[pair[1]] - line))
    else:
        sought = parse_moment(time or "")
        part, note = min(notes, key=lambda pair: abs(pair[0].surprisal.notes[pair[1]].time - sought))
    stamp = format_time(part.surprisal.notes[note].time)
    return f"{scored.path}: {where}; the nearest one is in line {part.lines[note]}, at {stamp}"
