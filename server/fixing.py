"""Applies the fixes of a map's findings, again and again until none is left that may be applied."""

from __future__ import annotations

import os
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from analyzers.analysis import analyse_chart, analyse_difficulty, analyse_song_ini
from analyzers.finding import Finding, Fix, Safety, Severity
from analyzers.surprising.besides import told_once
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.document import Document
from formats.mapset import Difficulty, Mapset
from formats.song_ini import SongIni
from formats.spans import Edit
from server import dismissals, reading, settings
from server.check import Asked
from server.choosing import all_rules
from server.dismissals import Dismissed
from server.reading import Batch, ChartSource, Unreadable
from server.scoring import Judged, asks_for_it, judge_chart, judge_difficulty
from server.settings import Settings
from server.songs import Songs

# One fix may make room for another, or make it needed; a map that is not settled by then has rules that contradict.
MOST_ROUNDS = 10
# A fix may uncover as many findings as it mends (a line that the deleted one had hidden), but not for ever.
MOST_IN_VAIN = 3

# What appears this near to a fixed place appeared because of the fix.
NEAR_MS = 100.0
# A guess of the model is applied where it holds one value for likelier than all others together.
SURE = 0.5

Analyse = Callable[[Document], list[Finding]]
Chosen = tuple[Finding, Fix]


@dataclass(frozen=True, slots=True)
class Mended:
    """A file before and after its fixes: what was fixed, in the order of application, and what is left to say of it."""

    path: str
    name: str
    before: Document
    after: Document
    fixed: tuple[Chosen, ...]
    left: tuple[Finding, ...]
    fails: bool

    @property
    def changed(self) -> bool:
        return self.after is not self.before


@dataclass(frozen=True, slots=True)
class Subject:
    """A file that fixes can be applied to, and how its text is judged."""

    path: str
    name: str
    document: Document
    analyse: Analyse
    wanted: Settings


def mend_together(subjects: Sequence[Subject], allowed: frozenset[Safety]) -> Iterator[Mended]:
    """Mends the files of one batch: first what each needs for itself, then what the difficulties of a set owe each other.

    The other way round one difficulty would copy from its neighbour what the neighbour is about to be rid of.
    """
    whole_set = {rule.name for rule in all_rules() if rule.whole_set}
    all_of_them = [Mending(each.document, each.analyse, allowed) for each in subjects]
    for each in all_of_them:
        each.settle(without=whole_set)
    for _ in range(MOST_ROUNDS):
        moved = [each.round() for each in all_of_them]
        if not any(moved):
            break
        if len(all_of_them) > 1:
            for each in all_of_them:
                each.look_again()
    for subject, each in zip(subjects, all_of_them, strict=True):
        fails = any(finding.severity.rank <= subject.wanted.fail_on.rank for finding in each.findings)
        yield Mended(subject.path, subject.name, subject.document, each.document, tuple(each.fixed), tuple(each.findings), fails)


class Mending:
    """A document that is being mended: what was fixed so far, and the findings that are left.

    Fixes that time and again make their findings no fewer are given up, and those beside which a new error or warning appears.
    What the model guesses is applied where it wondered at the text as it was given, and stands only where the model then
    has nothing to wonder at: guesses must not breed guesses.
    """

    def __init__(self, document: Document, analyse: Analyse, allowed: frozenset[Safety]) -> None:
        self.document = document
        self.findings = analyse(document)
        self.fixed: list[Chosen] = []
        self._analyse = analyse
        self._allowed = allowed
        self._vain: Counter[tuple[str, str]] = Counter()
        self._harmful: set[tuple[str, str, str]] = set()
        self._guesses = {self._place(finding) for finding in self.findings if finding.surprisal is not None}
        self._seen = {hash(document.text)}

    def settle(self, without: Collection[str] = ()) -> None:
        """Rounds until nothing changes. `without` names rules whose fixes are left alone."""
        for _ in range(MOST_ROUNDS):
            if not self.round(without):
                return

    def look_again(self) -> None:
        """Something around the document changed."""
        self.findings = self._analyse(self.document)

    def round(self, without: Collection[str] = ()) -> bool:
        """Applies what can be applied at once; False when nothing was."""
        chosen = choose([each for each in self.findings if each.name not in without and self._may_be_fixed(each)], self._allowed)
        while chosen:
            following = self.document.edit({edit for _, fix in chosen for edit in fix.edits})
            if hash(following.text) in self._seen:
                return False
            found = self._analyse(following)
            bad = _to_blame(chosen, self.findings, found)
            if not bad:
                self._accept(chosen, following, found)
                return True
            self._harmful |= {self._place(finding) for finding, _ in bad}
            chosen = [pair for pair in chosen if pair not in bad]
            if not chosen:
                self.look_again()
        return False

    def _accept(self, chosen: list[Chosen], following: Document, found: list[Finding]) -> None:
        before, after = Counter(map(_key, self.findings)), Counter(map(_key, found))
        self._vain.update({_key(finding) for finding, _ in chosen if after[_key(finding)] >= before[_key(finding)]})
        self._seen.add(hash(following.text))
        self.document, self.findings = following, found
        self.fixed += chosen

    def _may_be_fixed(self, finding: Finding) -> bool:
        if finding.surprisal is not None and not (sure(finding) and self._place(finding) in self._guesses):
            return False
        return self._vain[_key(finding)] < MOST_IN_VAIN and self._place(finding) not in self._harmful

    def _place(self, finding: Finding) -> tuple[str, str, str]:
        """What a fix that did harm is known by: it may harm elsewhere or not."""
        line = self.document.lines[self.document.index.line_of(finding.span.start)]
        return (*_key(finding), line.text)


def sure(finding: Finding) -> bool:
    """Whether a finding may be fixed unseen where its rule was asked for: rules know what they say, the model guesses."""
    if finding.surprisal is None:
        return True
    return bool(finding.surprisal.expected) and finding.surprisal.expected[0].probability >= SURE


def _to_blame(chosen: Sequence[Chosen], before: Sequence[Finding], after: Sequence[Finding]) -> list[Chosen]:
    """The fixes beside which errors or warnings of a kind became more, and the guesses beside which the model still wonders."""
    serious = (Severity.ERROR, Severity.WARNING)
    grown = Counter(_key(each) for each in after if each.severity in serious) - Counter(map(_key, before))
    times = sorted(each.time_ms for each in after if _key(each) in grown and each.time_ms is not None)
    wonders = sorted(each.time_ms for each in after if each.surprisal is not None and each.time_ms is not None)
    return [
        pair
        for pair in chosen
        if (time := pair[0].time_ms) is not None
        and (_any_near(times, time) or (pair[0].surprisal is not None and _any_near(wonders, time)))
    ]


def _any_near(times: Sequence[float], time: float) -> bool:
    place = bisect_left(times, time - NEAR_MS)
    return place < len(times) and times[place] <= time + NEAR_MS


def _key(finding: Finding) -> tuple[str, str]:
    return finding.name, finding.kind


def choose(findings: Sequence[Finding], allowed: frozenset[Safety]) -> list[Chosen]:
    """The first allowed fix of each finding, without those that touch the same text as one before them."""
    chosen: list[Chosen] = []
    taken: list[Edit] = []
    for finding in findings:
        fix = next((each for each in finding.fixes if each.safety in allowed and each.edits), None)
        if fix is not None and all(_free(edit, taken) for edit in fix.edits):
            chosen.append((finding, fix))
            for edit in fix.edits:
                insort(taken, edit)
    return chosen


def _free(edit: Edit, taken: Sequence[Edit]) -> bool:
    """Whether an edit leaves those taken alone; the same edit twice is one."""
    place = bisect_left(taken, edit)
    if place < len(taken) and taken[place] == edit:
        return True
    after = taken[place].span.start if place < len(taken) else edit.span.end + 1
    before = taken[place - 1].span if place else None
    if after <= edit.span.start or after < edit.span.end:
        return False
    return before is None or (before.end <= edit.span.start and before.start < edit.span.start)


@dataclass(frozen=True, slots=True)
class Subjects:
    """The files of a batch that can be fixed, and what else is to be told."""

    files: Iterator[Subject]
    unreadable: list[Unreadable]
    notices: list[str]


def subjects(batch: Batch, asked: Asked) -> Subjects:
    """The maps of a batch, each judged as its siblings stand by then: fixes of one may settle those of the next.

    The model is asked only where the command line names its rules: its guesses are for those who look at each of them.
    """
    if batch.archive:
        return Subjects(iter(()), [Unreadable(batch.folder, "is an archive, which fix does not rewrite; unpack it first")], [])
    loaded = settings.load(asked.config) if asked.config else settings.load_for(batch.folder)
    kept = dismissals.load(batch.folder)
    found = reading.read_batch(batch)
    wanted = asked.over(loaded.settings)
    if not asks_for_it(asked.select):
        wanted = replace(wanted, surprisal=False)
    notices = [*loaded.problems, *kept.problems]
    files = _files(found, Wanted(wanted, kept, Songs(asked.audio), notices))
    return Subjects(files, [trouble for _, trouble in found.unreadable], notices)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What holds for the maps of one folder; `notices` gathers what is to be told."""

    settings: Settings
    dismissed: Dismissed
    songs: Songs
    notices: list[str]

    def kept(self, found: list[Finding], judged: Judged, document: Document, name: str) -> list[Finding]:
        """What the rules and the model found that is to be heard, in text order."""
        said = (*judged.faults, *(f"{name}: {gap}" for gap in judged.gaps))
        self.notices.extend(each for each in said if each not in self.notices)
        findings = self.settings.graded(self.dismissed.keep(told_once([*found, *judged.findings]), document, name))
        return sorted(findings, key=lambda finding: finding.span.start)


def _files(found: reading.Reading, wanted: Wanted) -> Iterator[Subject]:
    sets: dict[int, list[Difficulty]] = {}
    for _, difficulty, mapset in found.difficulties:
        yield _difficulty(difficulty, mapset, sets.setdefault(id(mapset), list(mapset.difficulties)), wanted)
    for _, source in found.charts:
        yield from _chart(source, wanted)


def _difficulty(difficulty: Difficulty, mapset: Mapset, members: list[Difficulty], wanted: Wanted) -> Subject:
    place = members.index(difficulty)

    def analyse(document: Document) -> list[Finding]:
        now = members[place] = Difficulty(difficulty.path, Beatmap(document), difficulty.timeline)
        found = analyse_difficulty(now, Mapset(tuple(members), mapset.files), wanted.settings.choices)
        judged = judge_difficulty(now, Mapset(tuple(members), mapset.files), wanted.settings, wanted.songs)
        return wanted.kept(found, judged, document, difficulty.file_name)

    song = " - ".join(
        part for part in (difficulty.beatmap.metadata.text("Artist"), difficulty.beatmap.metadata.text("Title")) if part
    )
    return Subject(difficulty.path, f"{song} [{difficulty.name}]", difficulty.beatmap.document, analyse, wanted.settings)


def _chart(source: ChartSource, wanted: Wanted) -> Iterator[Subject]:
    """The chart, and song.ini with it."""
    ini = None if source.ini is None else SongIni.from_bytes(source.ini)
    chart = Chart.from_bytes(source.chart) if ini is None else Chart.from_bytes(source.chart, ini.modifiers)
    name = os.path.basename(source.path)

    def of_chart(document: Document) -> list[Finding]:
        now = Chart(document, chart.modifiers)
        found = analyse_chart(source.path, now, ini, source.files, wanted.settings.choices)
        judged = judge_chart(source.path, now, source.files, wanted.settings, wanted.songs)
        return wanted.kept(found, judged, document, name)

    yield Subject(source.path, "", chart.document, of_chart, wanted.settings)
    if ini is not None and source.ini_path is not None:
        ini_path = source.ini_path

        def of_ini(document: Document) -> list[Finding]:
            found = analyse_song_ini(ini_path, SongIni(document), chart, source.files, wanted.settings.choices)
            return wanted.kept(found, Judged(), document, os.path.basename(ini_path))

        yield Subject(ini_path, "", ini.document, of_ini, wanted.settings)
