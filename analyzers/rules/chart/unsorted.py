"""Lines that are not in the order of their ticks.

Clone Hero sorts them, other games skip what comes too late or refuse the chart.

Example: `960 = N 0 0` above `768 = N 0 0`
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Safety, Severity
from analyzers.rule import CLONE_HERO, Change, Issue, Repair, Rule, Template
from formats.chart_lines import Timed, tick_place
from formats.chart_tracks import ChartSection
from formats.document import whole

# More lines than this are not put in order by a fix: the file was not written by an editor.
MOST_MOVED = 10_000

UNSORTED = Template(
    "unsortedTicks",
    Severity.INFORMATION,
    "The tick of this line of [{name}] is smaller than that of the line above it{more}.",
    "A line of a section has a smaller tick than the line before it.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    for section in context.chart.sections:
        records = [record for record in section.records if isinstance(record, Timed)]
        late = [after for before, after in pairwise(records) if after.tick < before.tick]
        if late:
            yield UNSORTED(
                at=tick_place(late[0].line),
                time=context.chart.time_at(late[0].tick),
                name=section.name,
                more=f", as in {len(late) - 1} more of the section" if len(late) > 1 else "",
                repairs=_sort(section, records),
            )


def _sort(section: ChartSection, records: list[Timed]) -> list[Repair]:
    """Each place gets the line that belongs there; equal ticks keep their order."""
    pairs = [(old.line, new.line) for old, new in zip(records, section.timed, strict=True) if old is not new]
    if len(pairs) > MOST_MOVED:
        return []
    changes = tuple(Change(whole(old), new.content) for old, new in pairs if old.content != new.content)
    return [Repair(f"Sort [{section.name}] by tick", Safety.SAFE, changes)]


RULE = Rule("G136", "chart-unsorted", Category.CHART, __doc__, (UNSORTED,), check, standards=CLONE_HERO)
