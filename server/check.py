"""Checks the maps that paths name: one process for few of them, several for many, answers always in the order asked for."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from analyzers.analysis import analyse_chart, analyse_difficulty
from analyzers.finding import Finding, Severity
from analyzers.rule import Level, Standard
from analyzers.surprising.besides import told_once
from formats.chart import Chart
from formats.document import Document
from formats.mapset import Difficulty, Mapset
from formats.song_ini import SongIni
from server import dismissals, reading, settings
from server.convert import Measure
from server.pool import FEW_MAPS, MOST_IN_BATCH, cores, in_processes
from server.reading import Batch, ChartSource, Unreadable
from server.report import MODE_NAMES, FindDifficulty, Remark, Report, remarks_of
from server.scoring import (
    Judged,
    asks_for_it,
    asks_for_nothing_else,
    beside,
    judge_chart,
    judge_difficulty,
    prepare_beside,
    wanted_rules,
)
from server.settings import Settings
from server.songs import Songs


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says; None and empty leave it to `maimod.toml`. `config` names the one file to use.

    Findings milder than `mildest` are left out. `audio` is the song to be heard with every map, "off" for none, None for
    each map's own; `weights` the file of the model that is asked, None for the bundled one.
    """

    standard: Standard | None = None
    level: Level | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = None
    config: str | None = None
    mildest: Severity = Severity.HINT
    surprisal: bool | None = None
    min_surprisal: float | None = None
    audio: str | None = None
    weights: str | None = None

    def over(self, found: Settings) -> Settings:
        """The settings of a folder as changed by what was asked for. A rule that is asked for by name runs."""
        chosen = set(self.select)
        return replace(
            found,
            standard=self.standard or found.standard,
            level=self.level or found.level,
            select=self.select or found.select,
            ignore=(*self.ignore, *(name for name in found.ignore if name not in chosen)),
            fail_on=self.fail_on or found.fail_on,
            surprisal=(found.surprisal or asks_for_it(self.select)) if self.surprisal is None else self.surprisal,
            min_surprisal=found.min_surprisal if self.min_surprisal is None else self.min_surprisal,
            weights=self.weights,
        )


@dataclass(slots=True)
class Answer:
    """What came of a batch; numbers say where it belongs in the order asked for.

    `unjudged` says that only the model was asked, and could not answer.
    """

    reports: list[tuple[int, Report]] = field(default_factory=list[tuple[int, Report]])
    unreadable: list[tuple[int, Unreadable]] = field(default_factory=list[tuple[int, Unreadable]])
    notices: list[str] = field(default_factory=list[str])
    unjudged: bool = False


class Run:
    """A check under way: iterate over it for the reports, then ask what could not be read and what was found.

    `told` hears of each report before it is given out. `unjudged` says that only the model was asked, and could not answer.
    """

    def __init__(
        self, paths: Sequence[str], asked: Asked, *, jobs: int | None = None, stdin: bytes | None = None, stdin_name: str = ""
    ) -> None:
        self._asked = asked
        self._found = reading.find(paths, stdin, stdin_name)
        self._in_archives = {each.number for batch in self._found.batches if batch.archive for each in batch.wanted}
        self._jobs = jobs
        self.unreadable: list[Unreadable] = []
        self.notices: dict[str, None] = {}
        self.counts = dict.fromkeys(Severity, 0)
        self.maps = self.maps_with_findings = self.fixable = 0
        self.fails = self.unjudged = False
        self.told: Callable[[Run], object] = lambda _: None

    @property
    def expected(self) -> int:
        """How many maps and archives there are to check."""
        return self._found.count

    def __iter__(self) -> Iterator[Report]:
        waiting: dict[int, Answer] = {}
        for number, trouble in self._found.unreadable:
            waiting.setdefault(number, Answer()).unreadable.append((number, trouble))
        done: set[int] = set(waiting)
        due = 0
        for batch, answer in self._answers():
            self.notices.update(dict.fromkeys(answer.notices))
            self.unjudged |= answer.unjudged
            for number, report in answer.reports:
                waiting.setdefault(number, Answer()).reports.append((number, report))
            for number, trouble in answer.unreadable:
                waiting.setdefault(number, Answer()).unreadable.append((number, trouble))
            done.update(each.number for each in batch.wanted)
            while due in done:
                done.remove(due)
                yield from self._deliver(waiting.pop(due, Answer()))
                due += 1
        for number in sorted(waiting):
            yield from self._deliver(waiting[number])

    def _deliver(self, answer: Answer) -> Iterator[Report]:
        self.unreadable += [trouble for _, trouble in answer.unreadable]
        for number, report in answer.reports:
            self.maps += 1
            self.maps_with_findings += bool(report.remarks)
            self.fails |= report.fails
            for remark in report.remarks:
                self.counts[remark.finding.severity] += 1
                # `maimod fix` leaves archives alone, so it is not promised for them.
                self.fixable += number not in self._in_archives and any(fix.safety == "safe" for fix in remark.finding.fixes)
            self.told(self)
            yield report

    def _answers(self) -> Iterator[tuple[Batch, Answer]]:
        jobs = self._jobs or (1 if self.expected <= FEW_MAPS else cores())
        if jobs == 1:
            for part in _parts(self._found.batches):
                yield part, check_batch(part, self._asked)
                if self.expected > FEW_MAPS:
                    gc.collect()
        else:
            yield from in_processes(_parts(self._found.batches), partial(check_batch, asked=self._asked), _killed, jobs)


def _parts(batches: Iterable[Batch]) -> Iterator[Batch]:
    return (part for batch in batches for part in reading.split(batch, MOST_IN_BATCH))


def _killed(batch: Batch) -> Answer:
    reason = "could not be checked: the process that did so was killed, perhaps for want of memory"
    return Answer(unreadable=[(each.number, Unreadable(each.path, reason)) for each in batch.wanted])


def check_batch(batch: Batch, asked: Asked) -> Answer:
    """The reports of one batch. Never raises: a map on which a part of maimod fails is answered with a sentence."""
    answer = Answer()
    folder = os.path.dirname(batch.folder) if batch.archive else batch.folder
    loaded = settings.load(asked.config) if asked.config else settings.load_for(folder)
    kept = dismissals.load(folder) if not batch.archive else dismissals.Dismissed()
    wish = Wish(asked.over(loaded.settings), kept, asked.mildest, Songs(asked.audio))
    answer.notices += [*loaded.problems, *kept.problems]
    if wanted_rules(wish.settings):
        prepare_beside(wish.settings.weights)
    found = reading.read_batch(batch)
    answer.unreadable += found.unreadable
    for number, difficulty, mapset in found.difficulties:
        _answer(answer, number, difficulty.path, partial(difficulty_report, difficulty, mapset, wish), wish)
    for number, source in found.charts:
        _answer(answer, number, source.path, partial(chart_report, source, wish), wish)
    answer.reports.sort(key=lambda pair: pair[0])
    return answer


def _answer(answer: Answer, number: int, path: str, report: Callable[[], tuple[Report, Judged]], wish: Wish) -> None:
    try:
        made, judged = report()
    except Exception as trouble:  # noqa: BLE001  one map that maimod fails on must not take the others' answers away
        answer.unreadable.append((number, _failure(path, trouble)))
        return
    answer.reports.append((number, made))
    answer.notices += [*judged.faults, *(f"{path}: {gap}" for gap in judged.gaps)]
    answer.unjudged |= bool(judged.faults) and asks_for_nothing_else(wish.settings)


def _failure(path: str, trouble: Exception) -> Unreadable:
    return Unreadable(path, f"maimod failed on this map ({type(trouble).__name__}: {trouble}); please report it")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of the maps of one folder; columns are counted in units of `measure`."""

    settings: Settings
    dismissed: dismissals.Dismissed
    mildest: Severity
    songs: Songs
    measure: Measure = Measure.UTF16


def begun(notes: object, wish: Wish, judge: Callable[[], Judged]) -> Callable[[], Judged]:  # noqa: ARG001
    """The model at work while the rules are; they share `notes`, which must stand by then."""
    return beside(judge) if wanted_rules(wish.settings) else Judged


def difficulty_report(difficulty: Difficulty, mapset: Mapset, wish: Wish) -> tuple[Report, Judged]:
    """What is to be said about one `.osu`, and what the model said of it."""
    beatmap = difficulty.beatmap
    judging = begun(difficulty.timeline, wish, partial(judge_difficulty, difficulty, mapset, wish.settings, wish.songs))
    findings = analyse_difficulty(difficulty, mapset, wish.settings.choices)
    judged = judging()
    by_path = {each.path: each for each in mapset.difficulties}
    found = told_once([*findings, *judged.findings])
    remarks, fails = _remarks(found, beatmap.document, difficulty.file_name, wish, by_path.get)
    mode, artist, title = MODE_NAMES[beatmap.mode], beatmap.metadata.text("Artist"), beatmap.metadata.text("Title")
    return Report(difficulty.path, "osu", mode, artist, title, difficulty.name, remarks, fails), judged


def chart_report(source: ChartSource, wish: Wish) -> tuple[Report, Judged]:
    """The same of one `.chart`; on its song.ini too, at the chart's [Song]."""
    ini = None if source.ini is None else SongIni.from_bytes(source.ini)
    chart = Chart.from_bytes(source.chart) if ini is None else Chart.from_bytes(source.chart, ini.modifiers)
    notes = [track.notes for track in chart.charted]
    judging = begun(notes, wish, partial(judge_chart, source.path, chart, source.files, wish.settings, wish.songs))
    findings = analyse_chart(source.path, chart, ini, source.files, wish.settings.choices)
    judged = judging()
    remarks, fails = _remarks(told_once([*findings, *judged.findings]), chart.document, os.path.basename(source.path), wish)
    artist, title = (_song_text(chart, ini, *keys) for keys in (("Artist", "artist"), ("Name", "name")))
    return Report(source.path, "chart", None, artist, title, None, remarks, fails), judged


def _song_text(chart: Chart, ini: SongIni | None, key: str, ini_key: str) -> str:
    """What song.ini says, as the game does, else the chart's [Song]."""
    return (ini.text(ini_key) if ini else "") or chart.song.text(key).strip('"')


def _remarks(
    findings: list[Finding], document: Document, name: str, wish: Wish, find: FindDifficulty | None = None
) -> tuple[tuple[Remark, ...], bool]:
    """The remarks that are wanted, in text order, and whether a finding makes the check fail."""
    kept = wish.settings.graded(wish.dismissed.keep(findings, document, name))
    fails = any(finding.severity.rank <= wish.settings.fail_on.rank for finding in kept)
    wanted = [finding for finding in kept if finding.severity.rank <= wish.mildest.rank]
    return remarks_of(sorted(wanted, key=lambda finding: finding.span.start), document, wish.measure, find), fails
