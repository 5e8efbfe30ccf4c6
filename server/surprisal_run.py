"""Scores the maps that paths name: one process for few of them, several for many, answers always in the order asked for."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from formats.mapset import Difficulty
from server import reading
from server.pool import FEW_MAPS, MOST_IN_BATCH, cores, in_processes
from server.reading import Batch, ChartSource, Found, Unreadable
from server.scored_maps import ScoredMap, chart_of, scored_chart, scored_difficulty
from server.songs import Files, Song, Songs

if TYPE_CHECKING:
    from server.scoring import Scoring

Made = TypeVar("Made")
Make = Callable[[ScoredMap], Made]


@dataclass(slots=True)
class Answer(Generic[Made]):
    """What came of a batch, in its order."""

    made: list[Made] = field(default_factory=list[Made])
    unreadable: list[Unreadable] = field(default_factory=list[Unreadable])
    notices: list[str] = field(default_factory=list[str])


Score = Callable[[Batch], Answer[Made]]


class SurprisalRun(Generic[Made]):
    """A scoring under way: iterate over it for what `make` makes of each map, then ask what could not be read.

    `make` runs where the map was scored, maybe in another process, so that a map's large arrays stay there. `audio` is
    a file to hear with every map, "off" for silence, `weights` the file of another model. Iterating raises `MaimodError`
    where there is no model.
    """

    def __init__(
        self,
        paths: Sequence[str],
        make: Make[Made],
        *,
        audio: str | None = None,
        weights: str | None = None,
        jobs: int | None = None,
        stdin: bytes | None = None,
        stdin_name: str = "",
    ) -> None:
        self._found = reading.find(paths, stdin, stdin_name)
        self._score, self._jobs = partial(score_batch, make=make, audio=audio, weights=weights), jobs
        self.unreadable: list[Unreadable] = [trouble for _, trouble in self._found.unreadable]
        self.notices: dict[str, None] = {}

    @property
    def expected(self) -> int:
        """How many maps and archives there are to score."""
        return self._found.count

    def __iter__(self) -> Iterator[Made]:
        for answer in self._answers():
            self.unreadable += answer.unreadable
            self.notices.update(dict.fromkeys(answer.notices))
            yield from answer.made

    def _answers(self) -> Iterator[Answer[Made]]:
        jobs = self._jobs or (1 if self.expected <= FEW_MAPS else cores())
        if jobs > 1 and self.expected > 1:
            batches = list(parts(self._found))
            for _, answer in in_processes(batches, self._score, _killed, min(jobs, len(batches))):
                yield answer
            return
        for part in parts(self._found):
            yield self._score(part)
            if self.expected > FEW_MAPS:
                gc.collect()


def parts(found: Found) -> Iterator[Batch]:
    """The maps in the order asked for, a few of one folder together: they share a song, and need no siblings."""
    loose = [(each, batch) for batch in found.batches for each in batch.wanted]
    loose.sort(key=lambda pair: pair[0].number)
    for _, run in groupby(loose, key=lambda pair: id(pair[1])):
        pairs = list(run)
        wanted, batch = [each for each, _ in pairs], pairs[0][1]
        for start in range(0, len(wanted), MOST_IN_BATCH):
            few = tuple(wanted[start : start + MOST_IN_BATCH])
            yield batch if batch.archive else replace(batch, wanted=few, siblings=())


def _killed(batch: Batch) -> Answer[Any]:
    reason = "could not be scored: the process that did so was killed, perhaps for want of memory"
    return Answer(unreadable=[Unreadable(each.path, reason) for each in batch.wanted])


def score_batch(batch: Batch, make: Make[Made], audio: str | None = None, weights: str | None = None) -> Answer[Made]:
    """What `make` makes of the maps of one batch. Raises `MaimodError` alone: without a model nothing can be scored."""
    from server.scoring import scorer

    answer: Answer[Made] = Answer()
    scores, songs = scorer(weights), Songs(audio)
    found = reading.read_batch(batch)
    answer.unreadable += [trouble for _, trouble in found.unreadable]
    jobs = [
        (number, one.path, partial(_difficulty, one, mapset.files, scores, songs)) for number, one, mapset in found.difficulties
    ]
    jobs += [(number, source.path, partial(_chart, source, scores, songs)) for number, source in found.charts]
    for _, path, job in sorted(jobs, key=lambda job: job[0]):
        try:
            scored, song = job()
            answer.made.append(make(scored))
        except Exception as trouble:  # noqa: BLE001  one map that maimod fails on must not take the others' answers away
            reason = f"maimod failed on this map ({type(trouble).__name__}: {trouble}); please report it"
            answer.unreadable.append(Unreadable(path, reason))
            continue
        answer.notices += [notice for notice in (scored.notice, _unheard(path, song)) if notice]
    return answer


def _difficulty(difficulty: Difficulty, files: Files, scores: Scoring, songs: Songs) -> tuple[ScoredMap, Song | None]:
    song = songs.of_beatmap(difficulty.path, difficulty.beatmap, files)
    return scored_difficulty(difficulty, scores, song.features if song else None), song


def _chart(source: ChartSource, scores: Scoring, songs: Songs) -> tuple[ScoredMap, Song | None]:
    chart = chart_of(source)
    song = songs.of_chart(source.path, chart, source.files)
    return scored_chart(source, chart, scores, song.features if song else None), song


def _unheard(path: str, song: Song | None) -> str | None:
    """What is to be told of a song that was there and could not be heard."""
    if song is None or song.features is not None:
        return None
    return f"{path}: scored without its song {song.name}: {song.trouble}"
