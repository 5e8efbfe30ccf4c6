"""Chart left at 120 BPM and 4/4.

One tempo of 120 BPM and one time signature of 4/4 is what an editor starts with, so the song was most likely never tempo
mapped. Ignore this where the song really is 120 BPM throughout.

Example: `0 = B 120000` as the only tempo
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template
from formats.chart_lines import TimeSignature
from formats.document import whole

DEFAULT_MILLI_BPM = 120_000

DEFAULT_TEMPO = Template(
    "isDefaultBPM",
    Severity.WARNING,
    "The only tempo is 120 BPM and the only time signature 4/4, so the song was probably not tempo mapped.",
    "The chart has no tempo but 120 BPM and no time signature but 4/4.",
)


def check(context: ChartContext) -> Iterator[Issue]:
    tempos, signatures = context.chart.tempos, context.chart.time_signatures
    only_tempo = not tempos or (len(tempos) == 1 and tempos[0].milli_bpm == DEFAULT_MILLI_BPM)
    if only_tempo and (not signatures or (len(signatures) == 1 and _is_common(signatures[0]))):
        at = whole(tempos[0].line) if tempos else context.section_place("SyncTrack", "Song")
        yield DEFAULT_TEMPO(at=at)


def _is_common(signature: TimeSignature) -> bool:
    return signature.numerator == 4 and signature.denominator == 4


RULE = Rule("G105", "chart-default-tempo", Category.CHART, __doc__, (DEFAULT_TEMPO,), check, standards=CLONE_HERO)
