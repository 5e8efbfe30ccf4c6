"""The worker's side: it keeps copies of the open files, takes one question after the other, and answers each."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, TYPE_CHECKING

from formats.song_ini import SONG_INI, SongIni
from server.neighbourhood import Neighbourhood
from server.pool import collect_seldom
from server.reading import CHART_SUFFIX, OSU_SUFFIX, ChartSource, Unreadable, read_bytes
from server.report import Report, remarks_of
from server.session import OpenFile, Session, folder_key
from server.songs import Files, Songs
from server.surroundings import Ground, beside, ground_of
from server.worker.mailbox import Mailbox
from server.worker.messages import send
from server.worker.questions import (
    Check,
    Checked,
    CheckTiming,
    Explain,
    Judge,
    Prepare,
    Question,
    Share,
    Text,
    Trouble,
    WriteGuest,
    WriteSection,
    WriteSounds,
    Writing,
)

if TYPE_CHECKING:
    from formats.chart import Chart
    from formats.mapset import Mapset
    from server.expectations import Expectation
    from server.rewritable import Rewritable
    from server.scored_maps import ScoredMap
    from server.scoring import Judged
    from server.settings import Settings

# Niceness of the process: the editor's own work goes first.
LESS_URGENT = 10
NOTES_CHART = "notes.chart"
# Of so many folders without an open file the maps are kept in memory, for the difficulties of a set are asked for in a row.
MOST_KEPT_FOLDERS = 3


def main() -> None:
    """Answers questions from standard input on standard output until it is closed; libraries print to standard error."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(LESS_URGENT)
    collect_seldom()
    desk, mailbox = Desk(), Mailbox(incoming)
    # The mailbox's thread may be reading still: its end is the process's.
    with suppress(BrokenPipeError), outgoing:
        while (asked := mailbox.next()) is not None:
            waited_for = WaitedFor(_Shares(outgoing).tell, partial(mailbox.stopped, asked.number))
            send(outgoing, desk.serve(asked.texts, asked.question, waited_for))


@dataclass(slots=True)
class _Shares:
    """Sends how much of the work is done, each percent once."""

    outgoing: IO[bytes]
    sent: int = -1

    def tell(self, share: float) -> None:
        percent = int(100 * share)
        if percent != self.sent:
            self.sent = percent
            send(self.outgoing, Share(share))


@dataclass(frozen=True, slots=True)
class WaitedFor:
    """Who waits for an answer: `told` is the share of the work that is done, `gone` whether nobody waits any more."""

    told: Callable[[float], None]
    gone: Callable[[], bool]


NOBODY = WaitedFor(lambda share: None, lambda: False)  # noqa: ARG005  it is told to nobody


class Desk:
    """What the worker knows: the open files as last told, and what lies around them."""

    def __init__(self) -> None:
        self.session = Session()
        self._neighbourhood = Neighbourhood(self.session)
        self._songs = Songs()
        # Folders that were last asked about, by their keys.
        self._recent: dict[str, None] = {}
        # The map that was last explained, by the document that was scored.
        self._scored: tuple[object, ScoredMap] | None = None

    def serve(self, texts: tuple[Text, ...], question: Question, waited_for: WaitedFor = NOBODY) -> tuple[object] | Trouble:
        """The answer, alone in a tuple; a question that fails is answered with a `Trouble`, whatever went wrong."""
        from generation.request import CannotWrite
        from models.errors import MaimodError

        try:
            for text in texts:
                self._hear(text)
            return (self._answer(question, waited_for),)
        except (MaimodError, CannotWrite, Unreadable) as trouble:
            return Trouble(str(trouble), "")
        except Exception as trouble:  # noqa: BLE001  the process serves on, and the server says what went wrong
            reason = f"{type(trouble).__name__}: {trouble}".splitlines()[0]
            return Trouble(reason, traceback.format_exc())

    def _hear(self, text: Text) -> None:
        file = self.session.get(text.uri)
        if text.text is not None:
            self.session.open(text.uri, text.path, text.language, 0, text.text)
        elif text.edit is not None and file is not None:
            self.session.change(file, 0, text.edit)
        elif file is not None:
            self.session.close(text.uri)
            if not self.session.in_folder(file.snapshot.path):
                self._songs = Songs()

    def _answer(self, question: Question, waited_for: WaitedFor) -> object:
        match question:
            case Prepare(weights):
                from server.scoring import scorer

                return scorer(weights).name
            case Judge():
                return self._judge(question)
            case Explain():
                return self._explain(question)
            case Check():
                return self._check(question)
            case WriteSection() | WriteSounds() | WriteGuest() | CheckTiming():
                return self._written(question, waited_for)

    def _written(self, question: Writing, waited_for: WaitedFor) -> object:
        from generation.request import CannotWrite
        from server.worker.writing import write

        file = self.session.get(question.uri)
        around = self._rewritable(file, question.settings) if file is not None else None
        if around is None:
            raise CannotWrite("only an open .osu or .chart file is rewritten")
        source = self._source_of_sounds(question) if isinstance(question, WriteSounds) and question.source else None
        songs = self._songs if question.audio is None else Songs(question.audio)
        return write(question, around, songs, waited_for.told, waited_for.gone, source)

    def _rewritable(self, file: OpenFile, settings: Settings) -> Rewritable | None:
        from server.rewritable import Rewritable, choices_of

        snapshot, choices = file.snapshot, choices_of(settings)
        path = snapshot.path or snapshot.uri
        if snapshot.difficulty is not None:
            mapset = self._neighbourhood.mapset(snapshot.difficulty, snapshot.path)
            return Rewritable(path, choices, snapshot.difficulty, mapset, files=_files(file))
        if snapshot.chart is None:
            return None
        around = beside(snapshot.path, SONG_INI) if snapshot.path is not None else None
        ini = self._neighbourhood.ini(file, around)
        return Rewritable(path, choices, chart=self._chart(file, snapshot.chart), ini=ini, files=_files(file))

    def _source_of_sounds(self, question: WriteSounds) -> Rewritable:
        """The difficulty that sounds are copied from, as it stands in the editor where it is open."""
        from server.rewritable import Rewritable, choices_of

        difficulty = self._neighbourhood.read(question.source)
        opened = self.session.at(question.source)
        if opened is not None and opened.snapshot.difficulty is not None:
            difficulty = opened.snapshot.difficulty
        if difficulty is None:
            raise Unreadable(question.source, "cannot be read")
        return Rewritable(question.source, choices_of(question.settings), difficulty)

    def _judge(self, question: Judge) -> Judged:
        from server.scoring import Judged, judge_chart, judge_difficulty

        file = self.session.get(question.uri)
        if file is None:
            return Judged()
        snapshot = file.snapshot
        if snapshot.difficulty is not None:
            mapset = self._neighbourhood.mapset(snapshot.difficulty, snapshot.path)
            return judge_difficulty(snapshot.difficulty, _with_files(mapset, file), question.settings, self._songs)
        if snapshot.chart is None:
            return Judged()
        path = snapshot.path or snapshot.uri
        return judge_chart(path, self._chart(file, snapshot.chart), _files(file), question.settings, self._songs)

    def _chart(self, file: OpenFile, chart: Chart) -> Chart:
        """An open chart under its song.ini."""
        path = file.snapshot.path
        ini = self._neighbourhood.ini(file, beside(path, SONG_INI) if path is not None else None)
        return chart if ini is None else chart.with_modifiers(ini.modifiers)

    def _explain(self, question: Explain) -> Expectation | None:
        from server.expectations import expectation
        from server.explaining import at_line

        file = self.session.get(question.uri)
        scored = self._scored_map(file, question.weights) if file else None
        found = at_line(scored, question.line + 1) if scored else []
        return expectation(found[0]) if found else None

    def _scored_map(self, file: OpenFile, weights: str | None) -> ScoredMap | None:
        from server.scored_maps import scored_chart, scored_difficulty
        from server.scoring import scorer

        snapshot = file.snapshot
        if self._scored is not None and self._scored[0] is snapshot.document:
            return self._scored[1]
        path = snapshot.path or snapshot.uri
        if snapshot.difficulty is not None:
            song = self._songs.of_beatmap(path, snapshot.difficulty.beatmap, _files(file))
            scored = scored_difficulty(snapshot.difficulty, scorer(weights), song.features if song else None)
        elif snapshot.chart is not None:
            chart = self._chart(file, snapshot.chart)
            song = self._songs.of_chart(path, chart, _files(file))
            source = ChartSource(path, b"", None, _files(file))
            scored = scored_chart(source, chart, scorer(weights), song.features if song else None)
        else:
            return None
        self._scored = snapshot.document, scored
        return scored

    def _check(self, question: Check) -> Checked:
        path = question.path
        self._keep_few(path)
        ground = ground_of(os.path.dirname(path), question.options)
        try:
            report, said = self._report(path, ground, question)
        except Unreadable:
            return Checked(None)
        return Checked(report, (*ground.problems, *said))

    def _keep_few(self, path: str) -> None:
        """Forgets the maps of folders that were not asked about for longest and have no file open."""
        key = folder_key(path)
        self._recent.pop(key, None)
        self._recent[key] = None
        opened = {folder_key(file.snapshot.path) for file in self.session if file.snapshot.path is not None}
        for old in [each for each in self._recent if each not in opened][:-MOST_KEPT_FOLDERS]:
            del self._recent[old]
            self._neighbourhood.forget(old)

    def _report(self, path: str, ground: Ground, question: Check) -> tuple[Report, tuple[str, ...]]:
        from analyzers.finding import Severity
        from server.check import Wish, chart_report, difficulty_report

        wish = Wish(ground.settings, ground.dismissed, Severity.HINT, self._songs, question.measure)
        lower = path.lower()
        if lower.endswith(OSU_SUFFIX):
            difficulty = self._neighbourhood.read(path)
            if difficulty is None:
                raise Unreadable(path, "cannot be read")
            report, judged = difficulty_report(difficulty, self._neighbourhood.mapset(difficulty, path), wish)
        elif lower.endswith(CHART_SUFFIX):
            report, judged = chart_report(self._source(path), wish)
        else:
            return self._ini_report(path, ground, question), ()
        return report, tuple(f"maimod: {sentence}." for sentence in judged.faults)

    def _source(self, path: str) -> ChartSource:
        around = beside(path, SONG_INI)
        opened = next((each.snapshot for each in self.session.in_folder(path) if each.snapshot.ini is not None), None)
        ini = opened.document.to_bytes() if opened is not None else around.other
        return ChartSource(path, read_bytes(path), ini, around.files)

    def _ini_report(self, path: str, ground: Ground, question: Check) -> Report:
        from analyzers.analysis import analyse_song_ini
        from formats.chart import Chart

        ini, around = SongIni.from_bytes(read_bytes(path)), beside(path, NOTES_CHART)
        opened = next((each.snapshot.chart for each in self.session.in_folder(path) if each.snapshot.chart is not None), None)
        chart = opened if opened is not None or around.other is None else Chart.from_bytes(around.other)
        found = analyse_song_ini(path, ini, chart, around.files, ground.settings.choices)
        kept = ground.settings.graded(ground.dismissed.keep(found, ini.document, os.path.basename(path)))
        remarks = remarks_of(sorted(kept, key=lambda each: each.span.start), ini.document, question.measure)
        return Report(path, "song.ini", None, ini.text("artist"), ini.text("name"), None, remarks, fails=False)


def _with_files(mapset: Mapset, file: OpenFile) -> Mapset:
    return replace(mapset, files=_files(file))


def _files(file: OpenFile) -> Files:
    """What lies beside an open file: to be looked up where it was saved (None), else nothing."""
    return None if file.snapshot.path is not None else {}
