"""Keeps what is known of the open files up to date: after a change the quick rules, after more quiet all rules and the model."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from time import thread_time
from typing import TYPE_CHECKING, cast

from analyzers.engine import SYNTAX_CODE
from analyzers.finding import Finding
from formats.mapset import Difficulty, Mapset
from formats.song_ini import SONG_INI
from server.neighbourhood import Neighbourhood
from server.schedule import Breath, Schedule
from server.session import OUTDATED, Kind, OpenFile, Session, Snapshot, Stage, folder_key
from server.surroundings import Beside, Ground, beside, ground_of
from server.worker.copies import Copies
from server.worker.process import WAITED_FOR, Worker, WorkerFailed, WorkerGone
from server.worker.questions import Explain, Judge, Prepare

if TYPE_CHECKING:
    from analyzers.analysis import Choices
    from analyzers.context import Context
    from analyzers.excerpt import Excerpt
    from analyzers.rule import Level, Rule
    from server.expectations import Expectation
    from server.scoring import Judged

# How long nobody may type before the quick rules run, and how much longer before all do and the set is looked at.
QUIET_SECONDS = 0.01
SETTLE_SECONDS = 0.25
# How long the quick rules may take: rules that took longer in this map (only enormous maps have such) wait for quiet.
QUICK_SECONDS = 0.02
# The same when the timing changed, so that what is known of the notes no longer holds.
COLD_SECONDS = 0.04

NOTES_CHART = "notes.chart"
# All rules on charts share a shelf: they run in one go.
CHART_SOURCE = "chart"
# The shelf of the surprisal model.
MODEL_SOURCE = "surprisal"


class Review:
    """The findings of all open files. `told` hears of each file whose findings changed, `failed` of what went wrong, `noticed`
    of what the model could not judge; `telling` shows the user work under a title while it lasts.

    The rules run on the event loop's thread in short slices, so a change cancels what runs for the version before it; the
    disk is read beside it, and the model has a process of its own, whose answer counts only for the newest version.
    """

    def __init__(
        self,
        session: Session,
        told: Callable[[OpenFile], None],
        failed: Callable[[Exception], None],
        noticed: Callable[[Judged], None],
        telling: Callable[[str], AbstractAsyncContextManager[object]],
    ) -> None:
        self.session = session
        self._told = told
        self._failed = failed
        self._noticed = noticed
        self._telling = telling
        self.worker = Worker(Copies(session), self._died)
        self.neighbourhood = Neighbourhood(session)
        self._schedule = Schedule(failed)
        self._grounds: dict[str, Ground] = {}

    async def prepare(self) -> None:
        """Loads the model, beside whatever else there is to do."""
        async with self._telling("Loading the surprisal model"):
            await self._asked(Prepare())

    def stop(self) -> None:
        self.worker.stop()

    def restart_model(self) -> None:
        """Starts the worker anew and asks it about every open file."""
        self.worker.restart()
        for file in self.session:
            self._schedule.start(_surprising(file), self._judge_surprisal(file))

    @property
    def busy(self) -> bool:
        """Whether anything is being judged."""
        return self._schedule.any

    def touch(self, file: OpenFile) -> None:
        """The file changed: judge it when it is quiet."""
        self._schedule.cancel(_surprising(file))
        self._schedule.start(file.snapshot.uri, self._judge(file))

    def touch_set(self, file: OpenFile) -> None:
        """Something beside the file changed: judge again what depends on it."""
        if not file.knows(Stage.QUICK):
            # The rules have yet to run, and after them the set is looked at anyway.
            return
        file.reach(Stage.WHOLE, OUTDATED)
        self._schedule.start(file.snapshot.uri, self._settle(file))

    def touch_neighbours(self, path: str | None, uri: str) -> None:
        """A file of that path changed, so the others of its folder have something else beside them."""
        for file in self.session.in_folder(path):
            if file.snapshot.uri == uri or file.snapshot.kind in (Kind.STORYBOARD, Kind.SETTINGS):
                continue
            if file.snapshot.kind is Kind.OSU:
                self.touch_set(file)
            else:
                file.beside = None
                file.reach(Stage.QUICK, OUTDATED)
                self.touch(file)

    def touch_all(self) -> None:
        """The settings or files of folders changed."""
        self._grounds.clear()
        for file in self.session:
            file.start_over()
            self.touch(file)

    def close(self, file: OpenFile) -> None:
        self._schedule.cancel(file.snapshot.uri)
        self._schedule.cancel(_surprising(file))
        _wake(file)
        if not self.session.in_folder(file.snapshot.path):
            folder = _folder(file)
            self._grounds.pop(folder, None)
            self.neighbourhood.forget(folder)

    def forget_ground(self, path: str) -> None:
        """Reads the settings and dismissals of a folder again the next time."""
        self._grounds.pop(folder_key(path), None)

    def ground(self, file: OpenFile) -> Ground:
        folder = _folder(file)
        if folder not in self._grounds:
            path = file.snapshot.path
            self._grounds[folder] = ground_of(os.path.dirname(path) if path else None, self.session.options_for(path))
        return self._grounds[folder]

    async def known(self, uri: str, stage: Stage) -> OpenFile | None:
        """The file once the review of its newest version has come this far; None where it is not open."""
        while (file := self.session.get(uri)) is not None:
            if file.knows(stage):
                return file
            if not self._schedule.busy(uri):
                self.touch(file)
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            file.waiting.append(waiting)
            file.asked.set()
            await waiting
        return None

    async def _judge(self, file: OpenFile) -> None:
        await _quiet(file, QUIET_SECONDS)
        try:
            await self._judge_quick(file)
        except Exception as trouble:  # noqa: BLE001  the file gets no findings, the server lives on
            self._give_up(file, trouble)
        self._schedule.start(_surprising(file), self._judge_surprisal(file))
        await self._settle(file)

    async def _settle(self, file: OpenFile) -> None:
        await _quiet(file, SETTLE_SECONDS)
        try:
            await self._judge_whole(file)
        except Exception as trouble:  # noqa: BLE001  as above
            self._give_up(file, trouble)

    async def expectation(self, uri: str, line: int) -> Expectation | None:
        """What the model expected of the note in a line (0-based) of an open file; None where there is none or no model."""
        from server.scoring import wanted_rules

        file = self.session.get(uri)
        if file is None or not wanted_rules(settings := self.ground(file).settings):
            return None
        with suppress(WorkerFailed, WorkerGone):
            answer = await self.worker.ask(lambda: Explain(uri, line, settings.weights), WAITED_FOR)
            return cast("Expectation | None", answer)
        return None

    async def _judge_surprisal(self, file: OpenFile) -> None:
        """Asks the model when it is quiet. A change cancels the question; the answer to one that was under way goes unheard."""
        from server.scoring import Judged, wanted_rules

        await asyncio.sleep(SETTLE_SECONDS if file.settled else 0)
        settings = self.ground(file).settings
        if file.snapshot.difficulty is None and file.snapshot.chart is None:
            return
        judged = Judged()
        if wanted_rules(settings):
            async with self._telling("Asking the surprisal model"):
                judged = await self._asked(Judge(file.snapshot.uri, settings))
        self._put(file, MODEL_SOURCE, judged.findings)
        self._noticed(judged)
        self._told(file)

    async def _asked(self, question: Judge | Prepare) -> Judged:
        """The worker's answer; where it has none, why."""
        from server.scoring import ONLY_RULES, Judged

        try:
            answer = await self.worker.ask(lambda: question)
        except WorkerFailed as trouble:
            if trouble.story:
                self._failed(trouble)
            return Judged(faults=(f"{str(trouble).rstrip('.')}; {ONLY_RULES}",))
        except WorkerGone as trouble:
            return Judged(faults=(f"{trouble}; {ONLY_RULES}",))
        return answer if isinstance(answer, Judged) else Judged()

    def _died(self, sentence: str) -> None:
        from server.scoring import Judged

        self._noticed(Judged(faults=(sentence,)))

    async def _judge_quick(self, file: OpenFile) -> None:
        from analyzers.analysis import reader_findings

        snapshot, choices = file.snapshot, self.ground(file).settings.choices
        self._put(file, SYNTAX_CODE, reader_findings(snapshot.document, choices))
        if snapshot.difficulty is not None:
            await self._run_quick(file, snapshot.difficulty, replace(choices, level=choices.level or self._level(file)))
            file.judged = snapshot
        elif snapshot.chart is not None or snapshot.ini is not None:
            if file.beside is None:
                file.beside = await asyncio.to_thread(_beside, snapshot)
            self._put(file, CHART_SOURCE, self._chart_findings(file, file.beside, choices))
        file.reach(Stage.QUICK, snapshot.moment)
        self._tell(file)

    async def _run_quick(self, file: OpenFile, difficulty: Difficulty, choices: Choices) -> None:
        """The rules that an answer while typing has time for; the others' last word is moved along until nobody types."""
        from analyzers.analysis import context_for, rules_for
        from analyzers.excerpt import excerpt

        rules = rules_for(difficulty, choices)
        file.shelves.keep_only([SYNTAX_CODE, MODEL_SOURCE, *(rule.code for rule in rules)])
        alone = [rule for rule in rules if not rule.whole_set]
        context = context_for(difficulty, Mapset((difficulty,)), choices, alone)
        judged = file.judged
        part = excerpt(context, judged.difficulty) if judged and judged.difficulty else None
        cold = judged is None or judged.difficulty is None or not judged.difficulty.timeline.same_basis(difficulty.timeline)
        breath, left = Breath(), COLD_SECONDS if cold else QUICK_SECONDS
        for rule in sorted(alone, key=lambda rule: file.costs.get((rule.code, cold), 0.0)):
            if part and judged and rule.local and file.shelves.since(rule.code, judged.moment):
                self._run_part(file, rule, part)
            elif judged is None or (left := left - file.costs.get((rule.code, cold), 0.0)) >= 0:
                self._run(file, rule, context, cold=cold)
            await breath.take()

    def _run_part(self, file: OpenFile, rule: Rule[Context], part: Excerpt) -> None:
        from analyzers.engine import run_rule

        findings = [each for each in file.shelves.moved(rule.code) if not part.holds(each.span)]
        for context in part.contexts:
            findings += [each for each in run_rule(rule, context, part.document) if part.holds(each.span)]
        self._put(file, rule.code, findings, whole=False)

    def _run(self, file: OpenFile, rule: Rule[Context], context: Context, *, cold: bool = False) -> None:
        from analyzers.engine import run_rule

        started = thread_time()
        found = run_rule(rule, context, file.snapshot.document)
        file.costs[rule.code, cold] = thread_time() - started
        self._put(file, rule.code, found)

    async def _judge_whole(self, file: OpenFile) -> None:
        snapshot, before = file.snapshot, file.findings()
        if snapshot.difficulty is not None:
            if await asyncio.to_thread(self._judge_level, file):
                file.judged = None
                await self._judge_quick(file)
            mapset = await asyncio.to_thread(self.mapset, file)
            await self._run_whole(file, snapshot.difficulty, mapset)
        elif file.beside is not None and (beside := await asyncio.to_thread(_beside, snapshot)) != file.beside:
            file.beside = beside
            await self._judge_quick(file)
        file.reach(Stage.WHOLE, snapshot.moment)
        if file.findings() == before:
            _wake(file)
        else:
            self._tell(file)

    async def _run_whole(self, file: OpenFile, difficulty: Difficulty, mapset: Mapset) -> None:
        """All rules that read the set, and those that have not looked at the whole of this version yet."""
        from analyzers.analysis import context_for, rules_for

        choices, moment = self.ground(file).settings.choices, file.snapshot.moment
        rules = rules_for(difficulty, choices)
        context = await asyncio.to_thread(context_for, difficulty, mapset, choices, rules)
        breath = Breath()
        for rule in rules:
            if rule.whole_set or not file.shelves.whole(rule.code, moment):
                self._run(file, rule, context)
                await breath.take()

    def _put(self, file: OpenFile, source: str, findings: Sequence[Finding], *, whole: bool = True) -> None:
        """Keeps the findings that the mapper did not dismiss, as severe as the mapper wants them."""
        path = file.snapshot.path
        if path is not None and findings:
            findings = self.ground(file).dismissed.keep(findings, file.snapshot.document, os.path.basename(path))
        if findings:
            findings = self.ground(file).settings.graded(findings)
        file.shelves.put(source, file.snapshot.moment, findings, whole=whole)

    def _chart_findings(self, file: OpenFile, beside: Beside, choices: Choices) -> list[Finding]:
        """What is wrong in a chart or a song.ini, the other of which counts as it stands in the editor where it is open."""
        from analyzers.analysis import analyse_chart, analyse_song_ini
        from formats.chart import Chart

        snapshot = file.snapshot
        path = snapshot.path or snapshot.uri
        others = [each.snapshot for each in self.session.in_folder(snapshot.path) if each is not file]
        if snapshot.ini is not None:
            chart = next((other.chart for other in others if other.chart is not None), None)
            if chart is None and beside.other is not None:
                chart = Chart.from_bytes(beside.other)
            found = analyse_song_ini(path, snapshot.ini, chart, beside.files, choices)
        elif snapshot.chart is not None:
            found = analyse_chart(path, snapshot.chart, self.neighbourhood.ini(file, beside), beside.files, choices)
        else:
            found = []
        return [finding for finding in found if finding.code != SYNTAX_CODE]

    def _level(self, file: OpenFile) -> Level | None:
        """The level by name; by stars as last rated, since rating takes longer than most rules do."""
        from analyzers.level import interpret_level, level_named

        difficulty = file.snapshot.difficulty
        if difficulty is None:
            return None
        named = level_named(difficulty.name, difficulty.beatmap.mode)
        if named is not None:
            file.level = named
        elif not file.rated:
            file.rated, file.level = True, interpret_level(difficulty)
        return file.level

    def _judge_level(self, file: OpenFile) -> bool:
        """Rates the difficulty anew; whether that changed its level."""
        from analyzers.level import interpret_level

        if file.snapshot.difficulty is None or self.ground(file).settings.level is not None:
            return False
        before, file.level = file.level, interpret_level(file.snapshot.difficulty)
        return file.level is not before

    def mapset(self, file: OpenFile) -> Mapset:
        """The set of an open difficulty, those open as the editor has them. Reads the disk: not for the event loop."""
        difficulty = file.snapshot.difficulty
        return Mapset() if difficulty is None else self.neighbourhood.mapset(difficulty, file.snapshot.path)

    def _tell(self, file: OpenFile) -> None:
        _wake(file)
        self._told(file)

    def _give_up(self, file: OpenFile, trouble: Exception) -> None:
        for stage in Stage:
            file.reach(stage, file.snapshot.moment)
        self._failed(trouble)
        self._tell(file)


def _surprising(file: OpenFile) -> tuple[str, str]:
    """The key of the question to the model about a file."""
    return MODEL_SOURCE, file.snapshot.uri


def _beside(snapshot: Snapshot) -> Beside:
    if snapshot.path is None:
        return Beside(None, None)
    return beside(snapshot.path, NOTES_CHART if snapshot.kind is Kind.SONG_INI else SONG_INI)


async def _quiet(file: OpenFile, seconds: float) -> None:
    """Waits for quiet, but not where somebody waits for the answer, nor for the first one."""
    if not file.settled or file.asked.is_set():
        await asyncio.sleep(0)
        return
    with suppress(TimeoutError):
        await asyncio.wait_for(file.asked.wait(), seconds)


def _wake(file: OpenFile) -> None:
    """Lets those go on that wait for findings of the file."""
    file.asked.clear()
    waiting, file.waiting = file.waiting, []
    for each in waiting:
        if not each.done():
            each.set_result(None)


def _folder(file: OpenFile) -> str:
    path = file.snapshot.path
    return folder_key(path) if path else ""
