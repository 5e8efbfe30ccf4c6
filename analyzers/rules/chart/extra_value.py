"""Rating of an instrument that is not charted.

The song list shows an instrument by its rating, so this one would be shown and cannot be played.

Example: `diff_drums = 4` in a chart without drums
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import IniContext
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.chart_lines import INSTRUMENTS
from formats.document import whole

EXTRA = Template(
    "extraValue",
    Severity.WARNING,
    "The song.ini rates {instrument} ('{key}'), which is not charted.",
    "A rating is set for an instrument without notes.",
)


def check(context: IniContext) -> Iterator[Issue]:
    if context.chart is None or context.chart.refusals:
        return
    charted = {track.instrument.difficulty_key for track in context.chart.charted}
    if context.chart.vocal_phrases:
        charted.add("diff_vocals")
    labels = {instrument.difficulty_key: instrument.label for instrument in INSTRUMENTS} | {"diff_vocals": "Vocals"}
    for key, label in labels.items():
        entry = context.ini.entries.get(key)
        if entry is None or key in charted or context.ini.number(key) is None:
            continue
        repair = Repair(f"Delete {key}", Safety.SAFE, (delete_line(entry.line),))
        yield EXTRA(at=whole(entry.line), key=key, instrument=label, repairs=[repair])


RULE = Rule("G203", "chart-extra-value", Category.METADATA, __doc__, (EXTRA,), check, standards=CLONE_HERO)
