"""Applies the fixes of a map's findings, again and again until none is left that may be applied."""

from __future__ import annotations

import os
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analyzers.analysis import analyse_chart, analyse_difficulty, analyse_song_ini
from analyzers.finding import Finding, Fix, Safety, Severity
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.document import Document
from formats.mapset import Difficulty, Mapset
from formats.song_ini import SongIni
from formats.spans import Edit
from server import dismissals, reading, settings
from server.check import Asked
from server.dismissals import Dismissed
from server.reading import Batch, ChartSource, Unreadable
from server.settings import Settings

# One fix may make room for another, or make it needed; a map that is not settled by then has rules that contradict.
MOST_ROUNDS = 10

# What appears this near to a fixed place appeared because of the fix.
NEAR_MS = 100.0

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

    def mend(self, allowed: frozenset[Safety]) -> Mended:
        after, fixed, left = mend(self.document, self.analyse, allowed)
        fails = any(finding.severity.rank <= self.wanted.fail_on.rank for finding in left)
        return Mended(self.path, self.name, self.document, after, tuple(fixed), tuple(left), fails)


def mend(document: Document, analyse: Analyse, allowed: frozenset[Safety]) -> tuple[Document, list[Chosen], list[Finding]]:
    """The document after all fixes as safe as `allowed`, what was fixed, and the findings that are left.

    A fix that does not make its findings fewer is applied once; one beside which a new error or warning appears, not at all.
    """
    fixed: list[Chosen] = []
    barred: set[tuple[str, str]] = set()
    harmful: set[tuple[str, str, str]] = set()
    seen = {hash(document.text)}
    findings = analyse(document)
    for _ in range(MOST_ROUNDS):
        left = [each for each in findings if _key(each) not in barred and (*_key(each), _line(document, each)) not in harmful]
        chosen = choose(left, allowed)
        following = document.edit({edit for _, fix in chosen for edit in fix.edits})
        if not chosen or hash(following.text) in seen:
            break
        found = analyse(following)
        bad = _to_blame(chosen, findings, found)
        if bad:
            harmful |= {(*_key(finding), _line(document, finding)) for finding, _ in bad}
            continue
        before, after = Counter(map(_key, findings)), Counter(map(_key, found))
        barred |= {_key(finding) for finding, _ in chosen if after[_key(finding)] >= before[_key(finding)]}
        document, findings = following, found
        seen.add(hash(document.text))
        fixed += chosen
    return document, fixed, findings


def _to_blame(chosen: Sequence[Chosen], before: Sequence[Finding], after: Sequence[Finding]) -> list[Chosen]:
    """The fixes beside which there are more errors or warnings of a kind than there were."""
    serious = (Severity.ERROR, Severity.WARNING)
    grown = Counter(_key(each) for each in after if each.severity in serious) - Counter(map(_key, before))
    times = sorted(each.time_ms for each in after if _key(each) in grown and each.time_ms is not None)
    return [pair for pair in chosen if pair[0].time_ms is not None and _any_near(times, pair[0].time_ms)]


def _any_near(times: Sequence[float], time: float) -> bool:
    place = bisect_left(times, time - NEAR_MS)
    return place < len(times) and times[place] <= time + NEAR_MS


def _line(document: Document, finding: Finding) -> str:
    return document.lines[document.index.line_of(finding.span.start)].text


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
    """The maps of a batch, each judged as its siblings stand by then: fixes of one may settle those of the next."""
    if batch.archive:
        return Subjects(iter(()), [Unreadable(batch.folder, "is an archive, which fix does not rewrite; unpack it first")], [])
    loaded = settings.load(asked.config) if asked.config else settings.load_for(batch.folder)
    kept = dismissals.load(batch.folder)
    found = reading.read_batch(batch)
    files = _files(found, asked.over(loaded.settings), kept)
    return Subjects(files, [trouble for _, trouble in found.unreadable], [*loaded.problems, *kept.problems])


def _files(found: reading.Reading, wanted: Settings, kept: Dismissed) -> Iterator[Subject]:
    sets: dict[int, list[Difficulty]] = {}
    for _, difficulty, mapset in found.difficulties:
        yield _difficulty(difficulty, mapset, sets.setdefault(id(mapset), list(mapset.difficulties)), wanted, kept)
    for _, source in found.charts:
        yield from _chart(source, wanted, kept)


def _difficulty(difficulty: Difficulty, mapset: Mapset, members: list[Difficulty], wanted: Settings, kept: Dismissed) -> Subject:
    place = members.index(difficulty)

    def analyse(document: Document) -> list[Finding]:
        now = members[place] = Difficulty(difficulty.path, Beatmap(document), difficulty.timeline)
        found = analyse_difficulty(now, Mapset(tuple(members), mapset.files), wanted.choices)
        return kept.keep(found, document, difficulty.file_name)

    song = " - ".join(
        part for part in (difficulty.beatmap.metadata.text("Artist"), difficulty.beatmap.metadata.text("Title")) if part
    )
    return Subject(difficulty.path, f"{song} [{difficulty.name}]", difficulty.beatmap.document, analyse, wanted)


def _chart(source: ChartSource, wanted: Settings, kept: Dismissed) -> Iterator[Subject]:
    """The chart, and song.ini with it."""
    ini = None if source.ini is None else SongIni.from_bytes(source.ini)
    chart = Chart.from_bytes(source.chart) if ini is None else Chart.from_bytes(source.chart, ini.modifiers)
    name = os.path.basename(source.path)

    def of_chart(document: Document) -> list[Finding]:
        found = analyse_chart(source.path, Chart(document, chart.modifiers), ini, source.files, wanted.choices)
        return kept.keep(found, document, name)

    yield Subject(source.path, "", chart.document, of_chart, wanted)
    if ini is not None and source.ini_path is not None:
        ini_path = source.ini_path

        def of_ini(document: Document) -> list[Finding]:
            found = analyse_song_ini(ini_path, SongIni(document), chart, source.files, wanted.choices)
            return kept.keep(found, document, os.path.basename(ini_path))

        yield Subject(ini_path, "", ini.document, of_ini, wanted)
