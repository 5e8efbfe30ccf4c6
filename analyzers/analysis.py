"""One difficulty's findings from its set and the user's choices: the single door that the server and the API go through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analyzers.catalogue import CHART_RULES, INI_RULES, OSU_RULES
from analyzers.chart_context import ChartContext, IniContext, ini_related
from analyzers.context import Context
from analyzers.engine import SYNTAX_CODE, SYNTAX_NAME, Pause, run, select, syntax_findings
from analyzers.finding import Category, Finding
from analyzers.level import interpret_level
from analyzers.rule import Level, Rule, Standard
from analyzers.rules.chart import bad_chart
from formats.chart import Chart
from formats.document import Document
from formats.mapset import Difficulty, FileFact, Mapset
from formats.song_ini import SongIni
from formats.spans import Span


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user asked for. `level` None = from the difficulty's name or stars; `select` empty = every rule.

    `min_surprisal` is how rare (in bits, see `analyzers.surprising.rarity`) a surprise must be to be told; None = as calibrated.
    """

    standard: Standard | None = None
    level: Level | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_surprisal: float | None = None


def analyse_difficulty(difficulty: Difficulty, mapset: Mapset, choices: Choices, pause: Pause | None = None) -> list[Finding]:
    """What the reader and the rules say about one difficulty of `mapset`, in text order. `pause` is called between two rules."""
    rules = rules_for(difficulty, choices)
    context = context_for(difficulty, mapset, choices, rules)
    findings = run(rules, context, difficulty.beatmap.document, pause)
    return sorted([*reader_findings(difficulty.beatmap.document, choices), *findings], key=lambda finding: finding.span.start)


def reader_findings(document: Document, choices: Choices) -> list[Finding]:
    """What the reader could not read, where the user wants to hear of it."""
    names = {SYNTAX_CODE, SYNTAX_NAME}
    wanted = (not choices.select or names & {*choices.select}) and not names & {*choices.ignore}
    return syntax_findings(document) if wanted else []


def rules_for(difficulty: Difficulty, choices: Choices) -> list[Rule[Context]]:
    """The chosen rules that apply to a difficulty of this mode; of a file without any section only those on files."""
    mode, standard = difficulty.beatmap.mode, _standard(choices)
    rules = [
        rule for rule in select(OSU_RULES, choices.select, choices.ignore) if mode in rule.modes and standard in rule.standards
    ]
    return rules if difficulty.beatmap.headers else [rule for rule in rules if rule.category is Category.FILES]


def context_for(difficulty: Difficulty, mapset: Mapset, choices: Choices, rules: Sequence[Rule[Context]]) -> Context:
    """What these rules get to see of one difficulty of `mapset`; levels only where one of them asks for them."""
    levels: list[Level | None] | None = None
    if any(rule.by_level for rule in rules):
        levels = [choices.level or interpret_level(other) for other in mapset.difficulties]
    level = levels[list(mapset.difficulties).index(difficulty)] if levels else None
    return Context(difficulty, mapset, standard=_standard(choices), level=level, levels=levels)


def _standard(choices: Choices) -> Standard:
    return Standard.LAZER if choices.standard is Standard.LAZER else Standard.RANKING


def analyse_chart(
    path: str,
    chart: Chart,
    ini: SongIni | None,
    files: Mapping[str, FileFact] | None,
    choices: Choices,
    pause: Pause | None = None,
) -> list[Finding]:
    """What the reader and the rules say about one `.chart`, in text order.

    `ini` is the song.ini beside it, `files` the chart's folder by path relative to it (None = not known). Remarks on
    song.ini stand at the chart's [Song] and name the line of song.ini; `analyse_song_ini` gives them at their own place.
    """
    context = ChartContext(path, chart, ini, files)
    document = chart.document
    rules = select(CHART_RULES, choices.select, choices.ignore)
    of_chart = [rule for rule in rules if rule not in INI_RULES]
    if chart.refusals:
        # Notes that the game does not read have no times to judge: only that it refuses the chart, and the folder.
        of_chart = [rule for rule in of_chart if rule.category is not Category.CHART or rule is bad_chart.RULE]
    findings = [*reader_findings(document, choices), *run(of_chart, context, document, pause)]
    if ini is not None:
        about_ini = run([rule for rule in rules if rule in INI_RULES], IniContext(path, ini, context.chart, files), ini.document)
        at = document.span(context.section_place("Song"))
        findings += [_told_beside(finding, path, ini, at) for finding in about_ini]
    return sorted(findings, key=lambda finding: finding.span.start)


def analyse_song_ini(
    path: str, ini: SongIni, chart: Chart | None, files: Mapping[str, FileFact] | None, choices: Choices
) -> list[Finding]:
    """What is to be said about a song.ini at its own lines, with fixes; `chart` is the notes.chart beside it."""
    rules = [rule for rule in select(CHART_RULES, choices.select, choices.ignore) if rule in INI_RULES]
    findings = [*reader_findings(ini.document, choices), *run(rules, IniContext(path, ini, chart, files), ini.document)]
    return sorted(findings, key=lambda finding: finding.span.start)


def analyse_chart_bytes(
    path: str, chart_bytes: bytes, ini_bytes: bytes | None, files: Mapping[str, FileFact] | None, choices: Choices
) -> list[Finding]:
    """`analyse_chart` on the bytes of a `.chart` and of the song.ini beside it."""
    ini = None if ini_bytes is None else SongIni.from_bytes(ini_bytes)
    chart = Chart.from_bytes(chart_bytes) if ini is None else Chart.from_bytes(chart_bytes, ini.modifiers)
    return analyse_chart(path, chart, ini, files, choices)


def _told_beside(finding: Finding, path: str, ini: SongIni, at: Span) -> Finding:
    """A finding on song.ini as the chart beside it tells it: no fix, since its edits belong to the other file."""
    line = ini.document.lines[ini.document.index.line_of(finding.span.start)]
    related = (ini_related(path, ini, line), *finding.related)
    return replace(finding, span=at, fixes=(), related=related)
