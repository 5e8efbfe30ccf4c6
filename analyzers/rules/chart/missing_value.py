"""song.ini without a value that players look for.

Name, artist, album, genre, year and charter are what the song list shows and sorts by; `diff_…` is the rating that each charted
instrument needs.

Example: a song.ini without `album`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import IniContext
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import insert_after, replace_value
from analyzers.rule import CLONE_HERO, Change, Issue, Repair, Rule, Template
from formats.chart_lines import INSTRUMENTS
from formats.document import Line, Place

MISSING = Template(
    "missingValue",
    Severity.WARNING,
    "The song.ini has no '{key}'{for_what}.",
    "A name, artist, album, genre, year, charter, or the rating of a charted instrument is missing.",
)
NO_VALUE = Template(
    "missingValue",
    Severity.WARNING,
    "The song.ini has '{value}' as its '{key}', which is as good as none{for_what}.",
    "In place of such a value stands what players see where there is none, such as 'Unknown Artist', or what is no rating.",
)

# The key of [Song] in the chart that says the same.
REQUIRED = {"name": "Name", "artist": "Artist", "album": "Album", "genre": "Genre", "year": "Year", "charter": "Charter"}


def check(context: IniContext) -> Iterator[Issue]:
    if context.ini.header is None:
        return
    for key, chart_key in REQUIRED.items():
        if context.ini.text(key) in ("", f"Unknown {chart_key}"):
            yield _issue(context, key, "", _known(context, chart_key))
    if context.chart is None or context.chart.refusals:
        return
    charted = {track.instrument for track in context.chart.charted}
    for instrument in INSTRUMENTS:
        key = instrument.difficulty_key
        if instrument in charted and context.ini.number(key) is None:
            rating = _known(context, "Difficulty") if key == "diff_guitar" else ""
            yield _issue(context, key, f", though {instrument.label} is charted", rating if rating != "0" else "")


def _known(context: IniContext, key: str) -> str:
    """What the chart's [Song] says; its year is often written as `, 2004`."""
    value = context.chart.song.text(key) if context.chart is not None else ""
    return value.lstrip(", ") if key == "Year" else value.strip()


def _issue(context: IniContext, key: str, for_what: str, value: str) -> Issue:
    repairs = [Repair(f"Set {key} to '{value}'", Safety.UNSAFE, _set(context, key, value))] if value else []
    entry = context.ini.entries.get(key)
    if entry is not None and entry.value:
        return NO_VALUE(at=context.place(key), value=entry.value, key=key, for_what=for_what, repairs=repairs)
    return MISSING(at=context.place(key), key=key, for_what=for_what, repairs=repairs)


def _set(context: IniContext, key: str, value: str) -> tuple[Change, ...]:
    ini = context.ini
    entry = ini.entries.get(key)
    if entry is not None:
        return (replace_value(entry.line, value, "=") if entry.value else Change(_end(entry.line), f" {value}"),)
    lines = [each.line for each in ini.entries.values()] or [ini.header or ini.document.lines[0]]
    return (insert_after(ini.document, max(lines, key=ini.document.number_of), f"{key} = {value}"),)


def _end(line: Line) -> Place:
    return Place(line, len(line.content), len(line.content))


RULE = Rule("G201", "chart-missing-value", Category.METADATA, __doc__, (MISSING, NO_VALUE), check, standards=CLONE_HERO)
